"""The rules of the house that a tool can hold: which folder imports which, where SQL lives, names, sizes."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("etl", "sql", "metrics", "dashboards", "reports")

# Who may import whom; fairline.py, which only calls, may import all, and nothing imports it.
ARROWS = {
    "etl": {"sql"},
    "sql": set[str](),
    "metrics": {"sql"},
    "dashboards": {"metrics"},
    "reports": {"metrics"},
    "fairline": set(FOLDERS),
}
KNOW_NO_ENGINE = ("dashboards", "reports")

SQL_HOMES = ("sql/", "metrics/query.py")
# SQL is written all small or all large; a capital alone begins a sentence that people read.
STATEMENT = re.compile(
    r"\s*(?:--.*\n\s*)*"
    r"(?:select\s|insert\s+into\s|merge\s+into\s|delete\s+from\s|update\s+\S+\s+set\s|describe\s+\S+\s*$|with\s+\w+\s+as\s*\(|"
    r"create\s+(?:or\s+replace\s+)?(?:temp\s+|temporary\s+)?(?:table|view|macro|schema)\s)"
)

EMPTY_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "base", "process"}
LONGEST_FILE = 450
# a list of commands with their help is one thing, however long
LONGEST = {"fairline.py": 1000}
LONGEST_FUNCTION = 60

# Joined here, so that this file does not hold what it forbids.
HALVES = (
    "py pi.org",
    "python hosted",
    "npm js.",
    "debian .org",
    "ubuntu .com",
    "un pkg.com",
    "jsde livr.net",
)
HOSTS = [half.replace(" ", "") for half in HALVES]
PLACES = re.compile(r"(?<![\w.:/>])/(?:work|root|home|tmp|Users|opt)/\w")


@cache
def project_files() -> list[Path]:
    """Every file that is in the repository, or would be with the next commit."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("the files of the project are known from git, which is not here")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [path for name in sorted(set(listed.splitlines())) if (path := ROOT / name).is_file()]


def python_files(*folders: str) -> list[Path]:
    """The Python files of some folders, or of the whole project."""
    modules = [path for path in project_files() if path.suffix == ".py"]
    return [path for path in modules if home(path) in folders] if folders else modules


def home(path: Path) -> str:
    """The folder of the house in which a file lives; a module at the top is its own."""
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def place(path: Path, line: int = 0) -> str:
    """A file as a reader finds it."""
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))


def text_of(path: Path) -> str | None:
    """A file's text; None for fonts, pictures and the like."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


@cache
def tree(path: Path) -> ast.Module:
    """A file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every top-level name that a file imports, with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module.partition(".")[0]


def statements(path: Path) -> Iterator[int]:
    """The lines on which a string begins like an SQL statement."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and is_statement(node.value):
            yield node.lineno


def is_statement(text: str) -> bool:
    """Whether a string begins as an SQL statement does."""
    first_word = text.lstrip()[:6]
    return (first_word.islower() or first_word.isupper()) and STATEMENT.match(text.lower()) is not None


@pytest.mark.parametrize(("folder", "allowed"), ARROWS.items())
def test_imports_follow_the_arrows(folder: str, allowed: set[str]) -> None:
    ours = {*ARROWS, "tests"}
    wrong = [
        f"{place(path, line)} imports {name}"
        for path in python_files(folder)
        for line, name in imports(path)
        if name in ours and name not in allowed | {folder}
    ]
    may = " and ".join(sorted(allowed)) or "nothing of ours"
    assert not wrong, (
        f"{folder} may import {may} (the arrows of the house). Move what it needs to a folder that it may "
        f"import, or hand it over as an argument from fairline.py: {wrong}"
    )


@pytest.mark.parametrize("folder", KNOW_NO_ENGINE)
def test_pages_and_papers_know_no_engine(folder: str) -> None:
    found = [(place(path, line), name) for path in python_files(folder) for line, name in imports(path)]
    wrong = [where for where, name in found if name == "duckdb"]
    assert not wrong, f"{folder} asks metrics for figures and rows, never DuckDB: {wrong}"


def test_sql_lives_in_its_own_folder() -> None:
    wrong = [
        place(path, line)
        for path in python_files("fairline", *FOLDERS)
        if not place(path).startswith(SQL_HOMES)
        for line in statements(path)
    ]
    files = [path for path in project_files() if path.suffix == ".sql"]
    wrong += [place(path) for path in files if home(path) not in ("sql", "tests")]
    assert not wrong, f"Put the statement into a file in sql/ and call it from there by its name: {wrong}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select count(*) from contact", True),
        ("  \nSELECT 1", True),
        ("insert into leg values (1)", True),
        ("with open_case as (select 1) select * from open_case", True),
        ("-- one row per leg\ncreate or replace table leg as", True),
        ("Select a queue from the list", False),
        ("selected", False),
        ("with the help of others", False),
        ("update", False),
    ],
)
def test_a_statement_is_told_from_a_sentence(text: str, expected: bool) -> None:
    assert is_statement(text) is expected


def test_names_say_what_is_inside() -> None:
    wrong = [
        place(path)
        for path in project_files()
        if home(path) in (*FOLDERS, "tests", "scripts")
        for part in path.relative_to(ROOT).parts
        if EMPTY_NAMES & set(re.split(r"[._-]", part.lower()))
    ]
    assert not wrong, f"Name the file after its subject; {sorted(EMPTY_NAMES)} say nothing: {wrong}"


def test_files_are_short() -> None:
    lengths = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    wrong = {name: lines for name, lines in lengths.items() if lines > LONGEST.get(name, LONGEST_FILE)}
    assert not wrong, f"Over {LONGEST_FILE} lines; ask which two things the file is, and part them: {wrong}"


def test_functions_are_short() -> None:
    wrong = {
        f"{place(path, node.lineno)} {node.name}": length
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert not wrong, f"Over {LONGEST_FUNCTION} lines; give its steps names of their own: {wrong}"


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    wrong = [
        f"{place(path, number)} {found}"
        for path in project_files()
        if (text := text_of(path)) is not None
        for number, line in enumerate(text.splitlines(), 1)
        for found in [*(host for host in HOSTS if host in line.lower()), *PLACES.findall(line)]
    ]
    assert not wrong, f"Take the path as an argument, and leave the registry to whoever installs: {wrong}"


def test_shell_scripts_are_sound() -> None:
    shellcheck = shutil.which("shellcheck")
    if shellcheck is None:
        pytest.skip("shellcheck is not installed; sudo apt-get install shellcheck")
    scripts = [path for path in project_files() if home(path) in ("scripts", ".ci")]
    found = subprocess.run([shellcheck, *scripts], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout
