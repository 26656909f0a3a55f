"""What people enter counts in the order in which they entered it, though the clock was set back in between."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from dashboards.desk.handover import put_into
from dashboards.desk.names import SettledName, settle, settled
from dashboards.desk.store import Store, open_store
from dashboards.desk.targets import DatedAim, set_target, targets_set
from metrics.target_trial import Aim
from tests.conftest import NOW

# the last is said when the clock had been ahead, and was set right
MOMENTS = [NOW, NOW + timedelta(days=365), NOW + timedelta(minutes=1)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = open_store(tmp_path)
    yield found
    found.close()


def test_the_last_target_that_was_set_counts(store: Store, tmp_path: Path) -> None:
    for goal, at in zip((0.7, 0.8, 0.9), MOMENTS, strict=True):
        set_target(store, tmp_path, DatedAim(Aim("service_level", goal), date(2026, 12, 1)), by="ann", at=at)
    set_target(store, tmp_path, DatedAim(Aim("service_level", 0.6), date(2027, 1, 1)), by="ann", at=NOW)
    assert [row["goal"] for row in targets_set(store)] == [0.6, 0.9]


def test_the_last_word_on_a_name_counts(store: Store, tmp_path: Path) -> None:
    for person, at in zip(("ana", "ben", "cid"), MOMENTS, strict=True):
        settle(store, tmp_path, [SettledName("agent", "4711", person)], by="ann", at=at)
    settle(store, tmp_path, [SettledName("agent", "4712", "dan")], by="ann", at=NOW)
    assert [row["stands_for"] for row in settled(store)] == ["dan", "cid"]


AN_HOUR, A_YEAR = 3_600, 365 * 86_400
DATES = [
    # by how many seconds the file whose place is taken is dated ahead, and whether the new one is dated after it
    (-AN_HOUR, True),
    (AN_HOUR, True),
    # intake lets what was written while a clock was ahead yield
    (A_YEAR, False),
]


@pytest.mark.parametrize(("ahead", "is_newer"), DATES)
def test_what_is_handed_over_later_is_newer(tmp_path: Path, ahead: int, is_newer: bool) -> None:
    path = put_into(tmp_path, "desk.csv", ["goal"], [{"goal": 1}])
    moment = path.stat().st_mtime + ahead
    os.utime(path, (moment, moment))
    dated = path.stat().st_mtime_ns
    assert put_into(tmp_path, "desk.csv", ["goal"], [{"goal": 2}]) == path
    assert (path.read_text().split(), path.stat().st_mtime_ns > dated) == (["goal", "2"], is_newer)
