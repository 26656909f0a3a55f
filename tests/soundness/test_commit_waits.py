"""A load whose commit met a question of more than five seconds broke off: the catalogue was locked."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from sql import Warehouse, WarehouseLocked, warehouse

# the engine's own patience with a catalogue that is held is 5 seconds
LONGER = 7
DAY = "insert into lake.touched_day values ('visit', date '2026-01-01')"


@pytest.fixture
def folder(blank_centre: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(blank_centre, tmp_path / "centre")) / "warehouse"


def write(folder: Path) -> None:
    with Warehouse.open(folder, read_only=False) as one, one.transaction():
        one.execute(DAY)


@pytest.mark.slow
def test_a_commit_waits_for_a_question_that_takes_long(folder: Path) -> None:
    with Warehouse.open(folder) as reader:
        reader.execute("begin")
        reader.connection.execute("from lake.touched_day").fetchall()
        writer = threading.Thread(target=write, args=(folder,))
        writer.start()
        writer.join(LONGER)
        assert writer.is_alive()
        reader.execute("rollback")
        writer.join(60)
        assert not writer.is_alive()
    with Warehouse.open(folder) as later:
        assert later.first("select count(*) from lake.touched_day where fact = 'visit'") == 1


def test_one_that_waits_in_vain_says_so(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Warehouse.open(folder) as reader:
        monkeypatch.setattr(warehouse, "BUSY_MS", 1)
        reader.execute("begin")
        reader.connection.execute("from lake.touched_day").fetchall()
        with pytest.raises(WarehouseLocked, match=r"held by another program.*run this again"):
            write(folder)
        reader.execute("rollback")
