"""A clock that was set back or ran ahead: nothing is dated, passed over or destroyed by it in silence, or for ever."""

from __future__ import annotations

import os
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import metrics as m
import metrics.checkup
from etl.erasure import erase
from etl.ledger import FileResult
from etl.load import load
from etl.retention import retain
from metrics.build import bring_up_to_date
from metrics.centre import prepare
from metrics.versions import keep_definitions
from sql import Warehouse, WrongUse
from sql.findings import Finding
from tests.conftest import NOW
from tests.etl.bad_inputs import A, B, but, calls

A_YEAR = timedelta(days=365)
Centre = Path


def offered(centre: Centre, name: str, *rows: str, at: datetime, now: datetime | None = None) -> FileResult:
    """What becomes of a file that was written at one moment and is loaded at the same or another."""
    path = centre / "inbox" / name
    path.write_text(calls(*rows))
    os.utime(path, (at.timestamp(), at.timestamp()))
    return load(centre, [path], now=now or at, checks_clock=True)[0]


def wrap_times(centre: Centre) -> list[int]:
    with m.open_centre(centre) as one:
        return [wrap // 1000 for wrap in one.table("leg").sort("source_key")["acw_ms"].to_list()]


def clock_line(centre: Centre, now: datetime) -> Finding:
    with m.open_centre(centre) as one:
        return next(look() for subject, look in metrics.checkup._of_centre(one, now) if subject == "clock")


# ---- how exports are dated -------------------------------------------------------------------------------------------


def test_a_file_that_says_it_was_written_ahead_of_the_clock_waits_until_one_of_them_is_right(
    empty_centre: Centre,
) -> None:
    ahead = NOW + timedelta(days=2)
    refused = offered(empty_centre, "calls.csv", A, at=ahead, now=NOW)
    assert (refused.verdict, refused.reasons) == ("rejected", {"dated_ahead": 1})
    assert "2026-11-26 12:00 UTC, and this machine's clock says 2026-11-24 12:00" in refused.message
    assert offered(empty_centre, "calls.csv", A, at=ahead, now=ahead).verdict == "accepted"


def test_a_declared_moment_that_has_not_come_is_refused(empty_centre: Centre) -> None:
    with pytest.raises(WrongUse, match=r"--as-of 2062-11-24 .* lies after 2026-11-24"):
        load(empty_centre, [], now=NOW, as_of=datetime(2062, 11, 24, tzinfo=UTC))
    assert load(empty_centre, [], now=NOW, as_of=NOW + timedelta(hours=20)) == []


def test_while_the_clock_is_set_back_files_wait_and_are_taken_when_it_is_right(empty_centre: Centre) -> None:
    """Dated by it, all that they tell would lie after their export, be put aside, and never be taken again."""
    assert offered(empty_centre, "first.csv", A, at=NOW).verdict == "accepted"
    refused = offered(empty_centre, "second.csv", B, at=NOW - A_YEAR)
    assert (refused.verdict, refused.reasons) == ("rejected", {"clock_set_back": 1})
    assert "the last load was made on 2026-11-24" in refused.message
    assert offered(empty_centre, "second.csv", B, at=NOW).good == 1


def test_after_a_clock_that_was_ahead_one_declared_load_heals_all(empty_centre: Centre) -> None:
    """What was loaded meanwhile would win over every later export for a year; and doctor would be alarmed for a year."""
    assert offered(empty_centre, "ahead.csv", A, at=NOW + A_YEAR).verdict == "accepted"
    assert clock_line(empty_centre, NOW).verdict == "wrong"
    newer = but(A, wrap_seconds="45")
    assert offered(empty_centre, "newer.csv", newer, at=NOW).reasons == {"clock_set_back": 1}
    path = empty_centre / "inbox" / "newer.csv"
    assert load(empty_centre, [path], now=NOW, as_of=NOW, checks_clock=True)[0].good == 1
    assert wrap_times(empty_centre) == [45]
    assert clock_line(empty_centre, NOW).verdict == "ok"
    # and from then on as ever: the newest export wins, an older one does not
    assert offered(empty_centre, "late.csv", but(A, wrap_seconds="10"), at=NOW - timedelta(days=9), now=NOW).good == 1
    assert wrap_times(empty_centre) == [45]


def test_what_the_ledger_says_follows_the_order_of_loads(empty_centre: Centre) -> None:
    """Of a source the last load counts, not the latest hour; a file that tells a day again restates it all the same."""
    load(empty_centre, [write(empty_centre, "one.csv", A, B)], now=NOW + A_YEAR)
    load(empty_centre, [write(empty_centre, "two.csv", B, A)], now=NOW)
    with m.open_centre(empty_centre) as centre:
        (source,) = m.freshness(centre)
        assert source.loaded_at == NOW
        assert centre.named("facts/last_loaded").item() == NOW.replace(tzinfo=None)
        rhythm = centre.named("facts/loading_rhythm")
        assert rhythm.select("last_day", "loading_days").row(0) == (NOW.date(), 2)
        assert m.restated_loads(centre)["file"].to_list() == ["two.csv"]
        assert m.recent_loads(centre, most=9)["file"].to_list() == ["two.csv", "one.csv"]


def write(centre: Centre, name: str, *rows: str) -> Path:
    path = centre / "inbox" / name
    path.write_text(calls(*rows))
    return path


# ---- what is destroyed -----------------------------------------------------------------------------------------------


def test_a_clock_that_is_ahead_destroys_nothing(empty_centre: Centre) -> None:
    load(empty_centre, [write(empty_centre, "calls.csv", A, B)], now=NOW)
    (empty_centre / "retention.toml").write_text("[keep]\ncallers = 200\nexports = 200\nsnapshots = 200\n")
    with m.open_centre(empty_centre) as centre:
        before = centre.snapshot, centre.table("contact")["caller_key"].to_list()
    with pytest.raises(
        WrongUse, match=r"clock says 2027-11-24, and the newest data are of 2026-11-13.*--clock-is-right"
    ):
        retain(empty_centre, now=NOW + A_YEAR)
    with m.open_centre(empty_centre, before[0]) as centre:
        assert (centre.snapshot, centre.table("contact")["caller_key"].to_list()) == before
    assert list((empty_centre / "landed").iterdir())
    done = retain(empty_centre, now=NOW + A_YEAR, clock_is_right=True)
    assert (done.rows["callers"] > 0, done.exports > 0) == (True, True)


def test_a_load_made_with_the_clock_ahead_vouches_for_nothing(empty_centre: Centre) -> None:
    """Nor does a plan of days to come: what counts is up to when the data reach."""
    load(empty_centre, [write(empty_centre, "calls.csv", A)], now=NOW + A_YEAR)
    (empty_centre / "retention.toml").write_text("[keep]\ncallers = 200\n")
    with pytest.raises(WrongUse, match="clock"):
        retain(empty_centre, now=NOW + A_YEAR)


def test_who_is_erased_is_in_no_snapshot_though_the_clock_was_set_back(empty_centre: Centre) -> None:
    """Snapshots that were made while the clock was ahead did not end, and still named the caller."""
    load(empty_centre, [write(empty_centre, "calls.csv", A, B)], now=NOW)
    with m.open_centre(empty_centre) as centre:
        known = centre.snapshot
        key = centre.table("contact").sort("source_key")["caller_key"][0]
    catalogue = sqlite3.connect(empty_centre / "warehouse" / "catalogue.sqlite")
    with catalogue:
        catalogue.execute("update ducklake_snapshot set snapshot_time = '21' || substr(snapshot_time, 3)")
    catalogue.close()
    assert erase(empty_centre, "+13035550101", now=NOW).rows["contact"] == 1
    with pytest.raises(WrongUse, match="no snapshot"):
        m.open_centre(empty_centre, known)
    files = (empty_centre / "warehouse" / "data").rglob("*.parquet")
    assert [path for path in files if key.encode() in path.read_bytes()] == []


# ---- definitions -----------------------------------------------------------------------------------------------------


def test_a_definition_follows_the_one_whose_place_it_takes(empty_centre: Centre) -> None:
    """By the hour alone the older would stand for the newer, and be noted again with every build."""
    load(empty_centre, [write(empty_centre, "one.csv", A)], now=NOW + A_YEAR)
    bring_up_to_date(empty_centre)
    with Warehouse.open(empty_centre / "warehouse", read_only=False) as warehouse, warehouse.transaction():
        warehouse.execute(
            "update lake.definition set fingerprint = 'of old', formula = 'of old' where metric_id = 'M20'"
        )
    load(empty_centre, [write(empty_centre, "two.csv", B)], now=NOW)
    with Warehouse.open(empty_centre / "warehouse", read_only=False) as warehouse:
        again = prepare(empty_centre, warehouse)
        for noted in (1, 0):
            with warehouse.transaction():
                assert keep_definitions(again) == noted
    with m.open_centre(empty_centre) as centre:
        formulas = centre.named("facts/definition").filter(metric="service_level")["formula"].to_list()
    assert (formulas[0], len(formulas), formulas[1] != "of old") == ("of old", 2, True)


def test_copies_may_move_to_a_machine_with_another_clock(empty_centre: Centre, tmp_path: Path) -> None:
    """A restored archive's files are dated by the day of their making; they are known by their content."""
    path = write(empty_centre, "calls.csv", A)
    load(empty_centre, [path], now=NOW)
    moved = Path(shutil.copytree(empty_centre, tmp_path / "moved"))
    os.utime(moved / "inbox" / "calls.csv", (0, 0))
    assert [one.verdict for one in load(moved, [], now=NOW - A_YEAR, checks_clock=True)] == ["unchanged"]
