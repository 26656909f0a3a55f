"""Percentiles past a size: from counts per bucket that are kept by day, merged by adding up, to within 1 %."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

import metrics as m
from etl.ledger import FileResult
from metrics import stored
from metrics.build import bring_up_to_date
from metrics.stored import sketch_tables
from tests.metrics.made_town import made_town

EVERYONE = m.Scope.whole_centre()
WEEK = m.Period(date(2026, 3, 6), date(2026, 3, 13))
YEARS = m.Period(date(2025, 1, 1), date(2027, 1, 1))
PERCENTILES = ["wait_p50", "wait_p80", "wait_p90", "handle_time_p50", "handle_time_p90", "first_response_p50"]
CALLS = (
    "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,"
    "caller\n"
)


def sketched(seed: int) -> m.Centre:
    """A town made by chance whose sketches are stored."""
    centre = made_town(seed)
    for table in sketch_tables(centre.catalogue).values():
        centre.warehouse.execute(f"create table lake.{table.name} as {table.statement()}")
        centre.warehouse.append_rows("stored_measure", [(table.name, table.definition)])
    return centre


def asked(centre: m.Centre, by: list[str]) -> dict[tuple[object, ...], tuple[float | None, int, str | None]]:
    frame = m.measure(centre, PERCENTILES, by=by, during=WEEK, scope=EVERYONE)
    return {tuple(row[:-3]): row[-3:] for row in frame.select("metric", *by, "value", "n", "reason").iter_rows()}


@pytest.mark.parametrize("by", [[], ["queue"], ["day"], ["week", "channel"]])
def test_a_sketch_is_within_one_per_cent_of_the_rows(by: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in (3, 11):
        with sketched(seed) as centre:
            exact = asked(centre, by)
            monkeypatch.setattr(stored, "EXACT_UP_TO", 0)
            about = asked(centre, by)
            monkeypatch.undo()
        assert {key: found[1] for key, found in exact.items()} == {key: found[1] for key, found in about.items()}
        assert {found[2] for found in about.values() if found[0] is not None} == {"to within 1 %"}
        assert {found[2] for found in exact.values() if found[0] is not None} == {None}
        # between two observations the exact percentile goes half way, unless some are censored
        for name in [key for key in about if str(key[0]).startswith(("wait", "first"))]:
            value = exact[name][0]
            assert about[name][0] == (value if value is None else pytest.approx(value, rel=0.0101)), name


@pytest.mark.parametrize(("name", "part"), [("handle_time_p50", 0.5), ("handle_time_p90", 0.9)])
def test_a_sketch_without_censoring_is_the_observation_at_its_place(
    name: str, part: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    with sketched(3) as centre:
        seen = m.rows(centre, name, during=WEEK, scope=EVERYONE)["counted"].sort().to_list()
        monkeypatch.setattr(stored, "EXACT_UP_TO", 0)
        value = m.measure(centre, [name], during=WEEK, scope=EVERYONE)["value"][0]
    assert value == pytest.approx(seen[math.ceil(part * len(seen)) - 1] / 1000, rel=0.0101)


def test_another_dimension_goes_to_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    with sketched(3) as centre:
        monkeypatch.setattr(stored, "EXACT_UP_TO", 0)
        frame = m.measure(centre, ["wait_p90"], by=["request_type"], during=WEEK, scope=EVERYONE)
        assert "to within 1 %" not in frame["reason"].to_list()


def test_sketches_are_kept_where_a_fact_is_large_and_only_there(
    offer: Callable[..., FileResult], empty_centre: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def p90() -> tuple[object, ...]:
        with m.open_centre(empty_centre) as centre:
            during = m.Period(date(2026, 11, 12), date(2026, 11, 15))
            return (
                m.measure(centre, ["handle_time_p90"], during=during, scope=EVERYONE)
                .select("value", "n", "reason")
                .row(0)
            )

    def line(number: int, day: int, talk: int, year: int = 2026) -> str:
        return f"C{number},general,A1,voice,inbound,{year}-11-{day}T10:00:00-07:00,5,{talk},0,0,answered,+13035550101\n"

    monkeypatch.setattr(stored, "EXACT_UP_TO", 1)
    monkeypatch.setattr(stored, "MOST_AT_ONCE", 1)
    assert offer("a.csv", CALLS + line(1, 12, 100) + line(2, 12, 200) + line(9, 12, 900, 2025)).verdict == "accepted"
    assert bring_up_to_date(empty_centre) == 2, "a large fact is measured some days after others, and none is left out"
    assert p90() == (pytest.approx(200, rel=0.01), 2, "to within 1 %")
    with m.open_centre(empty_centre) as centre:
        both = m.measure(centre, ["contacts_offered"], by=["year"], during=YEARS, scope=EVERYONE)
        assert both["value"].to_list() == [1, 2]
    offer("b.csv", CALLS + line(3, 13, 300), as_of="2026-11-21T00:00:00+00:00")
    assert p90()[2] is None, "what a load has touched is out of date until it is measured again"
    bring_up_to_date(empty_centre)
    assert p90() == (pytest.approx(300, rel=0.01), 3, "to within 1 %")
    monkeypatch.setattr(stored, "EXACT_UP_TO", 100)
    offer("c.csv", CALLS + line(4, 14, 400), as_of="2026-11-22T00:00:00+00:00")
    bring_up_to_date(empty_centre)
    monkeypatch.setattr(stored, "EXACT_UP_TO", 1)
    assert p90() == (370, 4, None), "a table that is not kept up to date any more is not asked"
