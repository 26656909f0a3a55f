"""Nobody waits for ever: whoever waited for another in vain does the work itself, and nothing is held by accident."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import metrics as m
from dashboards import answers as dashboards_answers
from dashboards.answers import Answers
from dashboards.kept import KeptPages
from sql import Warehouse, engine, warehouse
from sql.beside import keep_beside
from sql.scratch import clear, own_scratch
from sql.waits import turn

EVERYONE = m.Scope.whole_centre()


@contextmanager
def held(path: Path) -> Iterator[None]:
    """A lock that another process or thread holds and does not let go."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def test_a_turn_comes_or_is_waited_for_in_vain(tmp_path: Path) -> None:
    path = tmp_path / "one.lock"
    with held(path), turn(path, seconds=0) as is_ours:
        assert not is_ours
    with turn(path) as is_ours:
        assert is_ours
    with ThreadPoolExecutor(1) as other:
        with turn(path):
            waiting = other.submit(lambda: turn(path).__enter__())
        assert waiting.result(timeout=60)


def test_a_copy_that_another_never_finishes_is_made_in_memory(
    blank_centre: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sql.beside.turn", partial(turn, seconds=0))
    with Warehouse.open(blank_centre / "warehouse") as one, held(one.place.scratch / "beside" / "some.lock"):
        assert keep_beside(one, "some", "select 311 as n", stamp="1-x") == "own_some"
        assert one.frame("from own_some")["n"].to_list() == [311]


def test_a_page_that_another_never_finishes_is_made_anyway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboards.kept.turn", partial(turn, seconds=0))
    pages = KeptPages(tmp_path)
    asked: Any = SimpleNamespace(scope=EVERYONE, is_checked=True, centre=SimpleNamespace(stamp="7-x"))
    lock = pages.folder / "7-x" / f"{pages._digest(asked, 'day')}.lock"
    with held(lock):
        assert pages.page(asked, "day", lambda: "page") == "page"


def test_an_answer_that_another_never_gets_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboards_answers, "PATIENCE_SECONDS", 0)
    answers, asking, may_answer = Answers(SimpleNamespace(), EVERYONE), threading.Event(), threading.Event()  # type: ignore[arg-type]

    def never() -> str:
        asking.set()
        assert may_answer.wait(60)
        return "at last"

    with ThreadPoolExecutor(1) as other:
        first = other.submit(answers.kept, "question", never)
        assert asking.wait(60)
        assert answers.kept("question", lambda: "at once") == "at once"
        may_answer.set()
        assert first.result(timeout=60) in ("at last", "at once")


def test_what_a_reader_looked_at_keeps_no_load_waiting(
    blank_centre: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result that was not read to its end held the catalogue: a commit waited two minutes for it, and failed."""
    folder = tmp_path / "warehouse"
    subprocess.run(["cp", "-a", blank_centre / "warehouse", folder], check=True)
    monkeypatch.setattr(warehouse, "BUSY_MS", 1)
    with Warehouse.open(folder) as reader:
        assert reader.first("select count(*) from lake.centre") == 1
        assert reader.has_rows("lake.centre")
        with Warehouse.open(folder, read_only=False) as writer, writer.transaction():
            writer.execute("insert into lake.touched_day values ('visit', date '2026-01-01')")


# ---- what engines spill ----------------------------------------------------------------------------------------------


def test_a_load_leaves_alone_what_a_living_process_spilled(tmp_path: Path) -> None:
    """It took the folders of all engines away when it began and when it ended: reports under way broke off."""
    folder = own_scratch(tmp_path)
    connection = engine.start(folder, memory_limit="40MB", extensions=())
    connection.execute("set threads = 1")
    connection.execute("create table spilled as select range as a, hash(range) as b from range(2_000_000)")
    assert list(folder.iterdir())
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    name = folder.name.partition("-")[2]
    left = [tmp_path / f"{int(gone.stdout)}-{name}", tmp_path / "rows-of-a-load"]
    for one in left:
        one.mkdir()
    clear(tmp_path, None)
    assert [one.exists() for one in left] == [False, False]
    ordered = "select count(*) from (select a, b, row_number() over (order by b) from spilled)"
    assert connection.execute(ordered).fetchall() == [(2_000_000,)]
    connection.close()


def test_what_another_machine_spilled_is_let_go_of_after_a_day(tmp_path: Path) -> None:
    used, left = tmp_path / "1-0123abcd@elsewhere", tmp_path / "1-4567abcd@elsewhere"
    for one in (used, left):
        one.mkdir()
    subprocess.run(["touch", "--date", "2 days ago", left], check=True)
    own_scratch(tmp_path)
    assert (used.exists(), left.exists()) == (True, False)
