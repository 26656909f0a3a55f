"""Rows that memory keeps answer as the lake does: every figure, over days within them, at their edge and beyond."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import metrics as m
from etl.load import load
from metrics.catalogue import Catalogue
from metrics.held import RECENT
from tests.etl.bad_inputs import A, calls

EVERYONE = m.Scope.whole_centre()
WEEK = m.Period(date(2026, 11, 1), date(2026, 11, 8))


@pytest.fixture(scope="module")
def both(loaded_city: Path) -> Iterator[tuple[m.Centre, m.Centre]]:
    """The small city twice: as it is asked by a command, and with its last days in memory, as pages ask it."""
    with m.open_centre(loaded_city) as plain, m.open_centre(loaded_city) as quick:
        m.keep_shared(quick)
        m.keep_recent(quick)
        yield plain, quick


@pytest.fixture
def copied_city(loaded_city: Path, tmp_path: Path) -> Path:
    """The small city with its warehouse, for a test that changes it."""
    return shutil.copytree(loaded_city, tmp_path / "city", ignore=shutil.ignore_patterns("landed", "inbox", "scratch"))


def counted_from(catalogue: Catalogue, fact: str) -> list[str]:
    """The metrics that look at a fact."""
    return [
        name
        for name, metric in catalogue.metrics.items()
        if fact == metric.fact
        or any(part.fact == fact for formula in (metric.numerator, metric.denominator) for _, part in catalogue.parts(metric, formula))
    ]  # fmt: skip


def tables_of(centre: m.Centre) -> list[str]:
    """The tables in which a centre's rows stand in memory."""
    return [table for places in centre.at_hand.values() for _, table in places]


def ordered(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort(pl.exclude("value", "numerator", "denominator", "n", "reason"))


@pytest.mark.parametrize(("fact", "key"), RECENT)
def test_every_figure_is_the_same_from_memory(both: tuple[m.Centre, m.Centre], fact: str, key: str) -> None:
    plain, quick = both
    assert (fact, key) in quick.at_hand
    names = counted_from(plain.catalogue, fact)
    by = ["day", "interval"] if fact != "request" else ["day"]
    if fact == "planned_time":
        by = ["day"]
    for dimensions in ([], by):
        found = [m.measure(one, names, by=dimensions, during=WEEK, scope=EVERYONE) for one in both]
        assert found[0].height > 0
        assert_frame_equal(*map(ordered, found), abs_tol=1e-9)


def test_memory_is_really_asked_and_only_within_its_days(
    both: tuple[m.Centre, m.Centre], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = both[1]
    asked: list[str] = []
    real = quick.warehouse.frame

    def noted(text: str, values: Mapping[str, Any] | None = None) -> pl.DataFrame:
        asked.append(text)
        return real(text, values)

    monkeypatch.setattr(quick.warehouse, "frame", noted)
    [(kept, table)] = quick.at_hand["visit", "arrival"]
    early = m.Period(kept.first - timedelta(days=1), date(2026, 11, 8))
    for during in (WEEK, early):
        m.measure(quick, ["wait_p50"], during=during, scope=EVERYONE)
    assert [table in text for text in asked] == [True, False]


def test_a_centre_that_moves_on_keeps_nothing(city: m.Centre) -> None:
    assert m.keep_recent(city) == 0
    assert not city.at_hand


def statements_of(centre: m.Centre, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that a centre runs from now on."""
    asked: list[str] = []
    real = centre.warehouse.frame

    def noted(text: str, *values: Any, **how: Any) -> pl.DataFrame:
        asked.append(text)
        return real(text, *values, **how)

    monkeypatch.setattr(centre.warehouse, "frame", noted)
    return asked


def test_what_one_process_made_the_next_reads(
    loaded_city: Path, both: tuple[m.Centre, m.Centre], monkeypatch: pytest.MonkeyPatch
) -> None:
    with m.open_centre(loaded_city) as later:
        asked = statements_of(later, monkeypatch)
        m.keep_shared(later)
        m.keep_recent(later)
        assert later.at_hand == both[1].at_hand
    assert not any(text.startswith("create") for text in asked)


def test_a_damaged_copy_is_made_again(copied_city: Path) -> None:
    with m.open_centre(copied_city) as first:
        m.keep_shared(first)
        whole = m.measure(first, ["contacts_received"], during=WEEK, scope=EVERYONE)
    copies = copied_city / "warehouse" / "scratch" / "beside"
    damaged = next(copies.glob("*measures_contact_*.duckdb"))
    damaged.write_bytes(b"not a database")
    with m.open_centre(copied_city) as centre:
        m.keep_shared(centre)
        assert_frame_equal(m.measure(centre, ["contacts_received"], during=WEEK, scope=EVERYONE), whole)
        assert all(table.startswith("measures_") for table in tables_of(centre))
    assert damaged.stat().st_size > 1_000


def test_where_no_file_can_be_made_the_copies_are_in_memory(copied_city: Path) -> None:
    copies = copied_city / "warehouse" / "scratch" / "beside"
    copies.parent.mkdir(exist_ok=True)
    copies.write_text("a file stands where the folder would")
    with m.open_centre(copied_city) as centre:
        m.keep_shared(centre)
        assert all(table.startswith("own_measures_") for table in tables_of(centre))
        assert m.measure(centre, ["contacts_received"], during=WEEK, scope=EVERYONE)["value"][0] > 0


def test_copies_go_with_the_snapshot_that_they_were_made_of(copied_city: Path, tmp_path: Path) -> None:
    copies = copied_city / "warehouse" / "scratch" / "beside"
    with m.open_centre(copied_city) as first:
        m.keep_shared(first)
        made = sorted(copies.glob(f"{first.stamp}-*.duckdb"))
    assert made
    (copies / "1-of-an-earlier.duckdb").touch()
    load(copied_city, [], now=datetime(2026, 11, 27, tzinfo=UTC))
    assert sorted(copies.glob("*.duckdb")) == made
    export = tmp_path / "calls.csv"
    export.write_text(calls(A))
    load(copied_city, [export], now=datetime(2026, 11, 27, tzinfo=UTC))
    assert not list(copies.glob("*.duckdb"))
