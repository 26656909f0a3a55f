"""A commit and questions go by turns: neither breaks off for the other, and none is kept out for ever."""

from __future__ import annotations

import fcntl
import shutil
import threading
from pathlib import Path

import pytest

from sql import Warehouse, catalogue_turns
from sql.catalogue_turns import GATE, IN_HAND, committing, reading
from sql.place import place_of

DAY = "insert into lake.touched_day values ('visit', date '2026-01-01')"


@pytest.fixture
def folder(blank_centre: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(blank_centre / "warehouse", tmp_path / "warehouse"))


def test_a_commit_waits_for_questions_under_way_and_later_ones_wait_for_it(tmp_path: Path) -> None:
    place, done, asks, commits = place_of(tmp_path), [], threading.Event(), threading.Event()

    def commit() -> None:
        commits.set()
        with committing(place):
            done.append("committed")

    def ask() -> None:
        asks.set()
        with reading(place):
            done.append("asked")

    with reading(place), reading(place):
        first = threading.Thread(target=commit)
        first.start()
        assert commits.wait(60)
        # the gate is closed as soon as the commit waits
        while True:
            with (tmp_path / GATE).open("a") as gate:
                try:
                    fcntl.flock(gate, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    break
        second = threading.Thread(target=ask)
        second.start()
        assert asks.wait(60)
        done.append("asked first")
    first.join(60)
    second.join(60)
    assert done == ["asked first", "committed", "asked"]


def test_who_waits_in_vain_goes_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_turns, "QUESTION_SECONDS", 0)
    monkeypatch.setattr(catalogue_turns, "COMMIT_SECONDS", 0)
    with (folder / IN_HAND).open("a") as lock, Warehouse.open(folder) as reader:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert reader.frame("select count(*) as n from lake.centre")["n"].to_list() == [1]
        with Warehouse.open(folder, read_only=False) as writer, writer.transaction():
            writer.execute(DAY)
        assert reader.frame("select count(*) as n from lake.touched_day where fact = 'visit'")["n"].to_list() == [1]
