"""The wheel holds what the folders hold, and runs where nothing is installed but the locked runtime."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.documentation.manual import MANUAL, manual

ROOT = Path(__file__).parents[1]
FOLDERS = ("etl", "sql", "metrics", "dashboards", "reports")
PINNED = re.compile(r"^([a-z0-9-]+)==([^ ;]+)", re.MULTILINE)
LOCKED = dict(PINNED.findall((ROOT / "requirements/runtime.txt").read_text("utf-8")))

# Importing any of these takes a noticeable part of the half second that --help may take.
HEAVY = {"dash", "duckdb", "flask", "numpy", "plotly", "polars", "pyarrow", "pydantic", "scipy", "weasyprint"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout without asking the network."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", f"--wheel-dir={folder}", str(ROOT))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def empty_environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and the locked runtime, and neither this checkout nor any test tool.

    The locked packages are linked in from the environment that runs the tests: fetching and unpacking them
    again would take a minute and prove nothing more.
    """
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (site,) = folder.glob("lib/python*/site-packages")
    for name in LOCKED:
        link_package(name, site)
    pip("--python", str(folder / "bin/python"), "install", "--no-deps", "--no-index", str(wheel))
    return folder


def pip(*arguments: str) -> None:
    """Run pip quietly; a failure shows what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def link_package(name: str, site: Path) -> None:
    """Link what a package installed into another environment."""
    try:
        package = distribution(name)
    except PackageNotFoundError:
        return  # another system's
    tops = {file.parts[0] for file in package.files or [] if file.parts[0] not in ("..", "__pycache__")}
    for top in tops:
        if not (site / top).exists():
            (site / top).symlink_to(Path(str(package.locate_file(top))).resolve())


def test_wheel_holds_every_file_of_the_folders(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    packed = {name for name in names if ".dist-info/" not in name and ".data/" not in name}
    expected = {
        str(path.relative_to(ROOT))
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert packed == expected | {"fairline.py"}
    (manual_page,) = (name for name in names if ".data/" in name)
    assert manual_page.endswith(".data/data/share/man/man1/fairline.1")


def test_lock_satisfies_every_dependency() -> None:
    wanted = [Requirement(text) for text in requires("fairline") or []]
    ours = [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    wrong = [str(one) for one in ours if not one.specifier.contains(LOCKED.get(one.name, "0"))]
    assert ours
    assert not wrong, f"The lock does not hold what pyproject.toml asks for; run `make lock`: {wrong}"


def test_help_runs_from_the_wheel_in_another_folder(empty_environment: Path, tmp_path: Path) -> None:
    done = run_outside(empty_environment, tmp_path, "fairline", "--help")
    assert done.returncode == 0, done.stderr
    assert "311" in done.stdout
    assert str(ROOT) not in done.stdout


def test_the_wheel_brings_the_manual_page_and_completion(empty_environment: Path, tmp_path: Path) -> None:
    assert (empty_environment / "share/man/man1/fairline.1").read_text("utf-8") == manual()
    asked = {"_FAIRLINE_COMPLETE": "complete_bash", "COMP_WORDS": "fairline que", "COMP_CWORD": "1"}
    done = run_outside(empty_environment, tmp_path, "fairline", **asked)
    assert done.stdout.split() == ["query"]
    asked |= {"COMP_WORDS": "fairline query --aga", "COMP_CWORD": "2"}
    assert run_outside(empty_environment, tmp_path, "fairline", **asked).stdout.split() == ["--against"]


def test_the_manual_page_is_that_of_the_commands() -> None:
    assert MANUAL.read_text("utf-8") == manual(), "python -m tests.documentation.manual makes it anew"


def test_the_manual_page_reads_without_a_warning() -> None:
    if shutil.which("man") is None:
        pytest.skip("man is not installed; sudo apt-get install man-db")
    command = ["man", "--warnings", "--encoding=UTF-8", "--troff-device=utf8", "--ditroff", "--local-file", str(MANUAL)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
@pytest.mark.parametrize("module", ["fairline", *FOLDERS])
def test_modules_come_from_the_wheel(empty_environment: Path, tmp_path: Path, module: str) -> None:
    done = run_outside(empty_environment, tmp_path, "python", "-c", f"import {module}; print({module}.__file__)")
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()).is_relative_to(empty_environment)


@pytest.mark.slow
def test_demo_runs_from_the_wheel(empty_environment: Path, tmp_path: Path) -> None:
    done = run_outside(
        empty_environment, tmp_path, "fairline", "demo", "city", "--days", "35", "--agents", "8", "--no-serve"
    )
    assert done.returncode == 0, done.stderr
    assert list((tmp_path / "city" / "reports").rglob("*.pdf"))


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys, fairline\n"
        "sys.argv = ['fairline', '--help']\n"
        "try:\n"
        "    fairline.main()\n"
        "except SystemExit:\n"
        "    print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "Usage" in done.stdout
    loaded = HEAVY & set(done.stderr.split())
    assert not loaded, f"Import these inside the command that needs them, not at the top of a module: {loaded}"


def run_outside(
    environment: Path, folder: Path, program: str, *options: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a program of an environment in a folder that knows nothing of this checkout."""
    settings = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "FAIRLINE"))}
    command = [str(environment / "bin" / program), *options]
    return subprocess.run(command, cwd=folder, env=settings | variables, capture_output=True, text=True, check=False)
