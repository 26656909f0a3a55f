"""The documentation says what is: its commands run, its links lead somewhere, its lists and drawings are those of the code."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import metrics as m
from etl.layout import shipped_layouts
from fairline import app
from metrics.compare.decision import Outcome
from metrics.compare.words import OF_WORDS
from tests.documentation.listings import layouts
from tests.documentation.made import DOCS, block
from tests.documentation.pictures import architecture
from tests.documentation.screenshots import MONTH, SHOTS
from tests.documentation.starts import commands
from tests.test_house import ARROWS, home, imports, python_files

ROOT = DOCS.parent
PAGES = sorted(DOCS.glob("*.md"))
LINK = re.compile(r"(?<!`)!?\[[^\]]*\]\(([^)\s]+)\)")
# they serve for ever, or their work is done by other tests and takes long: that they are typed rightly is enough
ONLY_PARSED = ("serve", "demo", "watch", "report", "erase")
# so do those that ask another machine
ELSEWHERE = {"--spark"}
NOT_SYSTEMS = ("Fairline", "in-house", "Technion Service Engineering")
ONCE = ("check", "doctor")
NOT_OURS = ("--install-completion",)


def console(page: Path) -> list[str]:
    """The commands of Fairline that a page shows to be typed, without their remarks."""
    blocks = re.findall(r"```console\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    lines = chain.from_iterable(one.splitlines() for one in blocks)
    return [line.partition("  #")[0].removeprefix("$ fairline ") for line in lines if line.startswith("$ fairline ")]


TYPED = {page.name: console(page) for page in PAGES if page.name != "deploy.md" and console(page)}


def fenced(page: str, language: str) -> str:
    """The one block of a language on a page."""
    (content,) = re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)
    return str(content)


@pytest.fixture(scope="module")
def own_places(loaded_city: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What stands for the pages' names of folders and files: a centre of one's own, to which things may happen."""
    folder = tmp_path_factory.mktemp("typed")
    riverbend = Path(shutil.copytree(loaded_city, folder / "riverbend", ignore=shutil.ignore_patterns("landed")))
    (riverbend / "metrics").mkdir(exist_ok=True)
    (riverbend / "metrics" / "own.toml").write_text(fenced("analyst.md", "toml"), encoding="utf-8")
    return {
        "riverbend": str(riverbend),
        "my-centre": str(folder / "my-centre"),
        "centre": str(folder / "my-centre"),
        "EXPORT": str(min((loaded_city / "inbox").glob("phone_*.csv"))),
    }


def parsed(words: list[str]) -> None:
    """Take a command as the command line does, and do not run it; raises what a wrong use of it raises."""
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands"):
        name, *words = words
        command = command.commands[name]
    command.make_context(name, words)


def test_a_command_that_is_typed_wrongly_would_be_seen() -> None:
    with pytest.raises(typer.TyperException, match="--mnth"):
        parsed(["report", "packet", "A1001", "--mnth", "2026-10"])


@pytest.mark.slow
def test_every_command_of_the_pages_runs(
    own_places: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    seen: set[str] = set()
    # how one starts comes first: it makes the centre that the others speak of
    for page in sorted(TYPED, key=lambda name: name != "start.md"):
        for command in TYPED[page]:
            words = [own_places.get(word, word) for word in shlex.split(command)]
            # the slow ones need no second centre to show that they can be typed
            once = words[0] if words[0] in ONCE else command
            if words[0] in NOT_OURS or once in seen:
                continue
            seen.add(once)
            if words[0] in ONLY_PARSED or ELSEWHERE & {*words}:
                parsed(words)
                continue
            done = CliRunner().invoke(app, words, env={"FAIRLINE_PASSWORD": "a long way from any dictionary"})
            assert done.exit_code == 0, f"{page}: fairline {command}: {done.output}"
    assert len(seen) > 20


def test_every_link_leads_somewhere() -> None:
    wrong = [
        f"{page.name}: {target}"
        for page in PAGES
        for target in LINK.findall(page.read_text("utf-8"))
        if ":" not in target and not (DOCS / target.partition("#")[0]).exists()
    ]
    assert wrong == []


def test_every_page_has_its_place_in_the_site_and_every_picture_its_page() -> None:
    told = (ROOT / "mkdocs.yml").read_text("utf-8")
    listed, pages = set(re.findall(r": (\S+\.md)$", told, re.MULTILINE)), {page.name for page in PAGES}
    assert listed <= pages
    lost = [
        one for one in pages - listed if not any(one in page.read_text("utf-8") for page in PAGES if page.name != one)
    ]
    assert lost == [], "name it in mkdocs.yml, or on a page that leads there"
    shown = {target for page in PAGES for target in LINK.findall(page.read_text("utf-8"))}
    pictures = {str(path.relative_to(DOCS)) for path in DOCS.rglob("*") if path.suffix in (".png", ".svg")}
    assert pictures <= shown
    assert {*SHOTS, MONTH} <= pictures
    large = [path.name for path in DOCS.rglob("*.png") if path.stat().st_size > 200_000]
    assert large == [], "scripts/screenshots makes them small"


@pytest.mark.slow
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    if find_spec("mkdocs") is None:
        pytest.skip("mkdocs is not installed: the files are read as they are, and their links are checked above")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "site" / "start.html").is_file()


def test_the_list_of_layouts_is_that_of_the_code() -> None:
    assert block("exports.md", "layouts") == layouts(), "python -m tests.documentation.listings makes it anew"


def test_every_system_that_has_a_layout_is_told_how_to_be_exported() -> None:
    told, _, _ = (DOCS / "exports.md").read_text("utf-8").partition("## All layouts")
    known = [one for one in shipped_layouts().values() if one.kind != "public" and one.vendor not in NOT_SYSTEMS]
    unsaid = {
        one.product
        for one in known
        # by one of the names by which people know it
        if not any(word in told for word in re.findall(r"[A-Z][A-Za-z0-9]{3,}", f"{one.product} {one.title}"))
    }
    assert unsaid == set()


def test_the_drawing_shows_the_arrows_and_the_arrows_are_the_imports() -> None:
    drawn = (DOCS / "pictures" / "architecture.svg").read_text("utf-8")
    assert drawn == architecture(), "python -m tests.documentation.pictures architecture makes it anew"
    lines = re.findall(r'data-from="(\w+)" data-to="(\w+)"', drawn)
    found = {(home(path), name) for path in python_files(*ARROWS) for _, name in imports(path) if name in ARROWS}
    # a folder imports from itself; whoever only may, and does not, has no arrow either
    assert set(lines) == {(one, other) for one, other in found if one != other}


def test_the_starts_are_those_of_all_commands() -> None:
    told = set(re.findall(r"`fairline ?(.*?)`", block("commands.md", "starts")))
    assert told == {" ".join(command) for command in commands()}, "python -m tests.documentation.starts measures anew"


def test_verdicts_are_told_in_the_words_of_the_pages() -> None:
    told = (DOCS / "supervisor.md").read_text("utf-8")
    assert [OF_WORDS[one] for one in Outcome if OF_WORDS[one] not in told] == []


def test_the_own_metric_of_the_analysts_page_works(own_places: dict[str, str]) -> None:
    with m.open_centre(Path(own_places["riverbend"])) as centre:
        during = m.data_span(centre, "contact")
        assert during is not None
        row = m.measure(centre, ["long_talk_share"], during=during, scope=m.Scope.whole_centre()).row(0, named=True)
        talks = m.rows(centre, "long_talk_share", during=during, scope=m.Scope.whole_centre())
    assert 0 < row["numerator"] < row["denominator"]
    assert talks["counted"].sum() == row["numerator"]


def test_the_lake_reads_as_the_analysts_page_says(own_places: dict[str, str]) -> None:
    """In a program of its own that knows nothing of Fairline, with its extensions loaded as the page says."""
    asked = [one.strip() for one in fenced("analyst.md", "sql").split(";")]
    asked = [one for one in asked if one and not one.startswith(("install", "load"))]
    program = "\n".join(
        [fenced("analyst.md", "python"), f"for one in {asked!r}:", "    print(len(lake.execute(one).fetchall()))"]
    )
    folder = Path(own_places["riverbend"]).parent
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(asked) == 4
    assert [int(rows) > 0 for rows in done.stdout.split()[1:]] == [True] * 3


def test_r_reads_what_the_analysts_page_says(own_places: dict[str, str], tmp_path: Path) -> None:
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed; sudo apt-get install r-base-core")
    lines = fenced("analyst.md", "r")
    (tmp_path / "page.R").write_text(lines, encoding="utf-8")
    done = CliRunner().invoke(
        app, ["export", "calls", "--out", str(tmp_path / "calls.csv"), "--centre", own_places["riverbend"]]
    )
    assert done.exit_code == 0, done.output
    # the package arrow is seldom there: that the page is R is seen for all of it, that it runs for the rest
    program = "parsed <- parse('page.R'); for (one in parsed[1:2]) print(eval(one, globalenv())); cat(length(parsed))"
    ran = subprocess.run(["Rscript", "-e", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "water" in ran.stdout
    assert ran.stdout.endswith("3")
