"""Stored measures stand for the facts after every load: a change on one day may move figures of another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import metrics as m
from etl.ledger import FileResult
from metrics import stored
from metrics.build import bring_up_to_date, rebuild
from sql.touched_days import begin_touching, touch
from tests.metrics.town import town

EVERYONE = m.Scope.whole_centre()
NOVEMBER = m.Period.month(2026, 11)
HEADER = "case_number,opened_at,status,channel,request_type,department,due_at,closed_at,kind\n"
NAMES = ["requests_closed", "on_time_of_closed", "on_time_closure_rate", "requests_late_open"]


def case(number: str, *, opened: int = 2, due: int = 10, closed: int | None = None) -> str:
    """A line of an export: a request by the days of November on which it was opened, is due and was closed."""
    end = "" if closed is None else f"2026-11-{closed:02d}T09:00:00"
    status = "open" if closed is None else "closed"
    return f"{number},2026-11-{opened:02d}T09:00:00,{status},voice,Pothole,Streets,2026-11-{due:02d}T17:00:00,{end},request\n"


def figures(folder: Path) -> list[tuple[object, ...]]:
    """The figures by day from the stored measures, once the facts are found to say the same."""
    with m.open_centre(folder) as centre:
        stored = m.measure(centre, NAMES, by=["day"], during=NOVEMBER, scope=EVERYONE)
        centre.known = (centre.snapshot, {"stored": ({}, {})})
        from_facts = m.measure(centre, NAMES, by=["day"], during=NOVEMBER, scope=EVERYONE)
    assert stored.equals(from_facts)
    return stored.filter(stored["value"] != 0).select("metric", "day", "value", "n").rows()


def test_what_is_stored_is_what_the_facts_say(offer: Callable[..., FileResult], empty_centre: Path) -> None:
    """Closed on a day that no export had touched; fell due between two exports without a change; closed, and fell due."""

    def exported(day: int, *cases: str) -> list[tuple[object, ...]]:
        found = offer(f"{day}.csv", HEADER + "".join(cases), as_of=f"2026-11-{day:02d}T00:00:00+00:00")
        assert found.verdict == "accepted"
        bring_up_to_date(empty_centre)
        return figures(empty_centre)

    assert exported(5, case("C1"), case("C2"), case("C3")) == []
    closed = exported(7, case("C1", closed=6), case("C2"), case("C3"), case("C4", opened=3, due=20))
    assert {(metric, str(day)) for metric, day, *_ in closed} == {
        ("requests_closed", "2026-11-06"),
        ("on_time_of_closed", "2026-11-06"),
    }
    due = exported(12, case("C1", closed=6), case("C2"), case("C3", closed=9), case("C4", opened=3, due=20))
    assert {(metric, str(day), n) for metric, day, _, n in due if "due" in str(metric) or "late" in str(metric)} == {
        ("requests_late_open", "2026-11-10", 1)
    }
    assert ("on_time_closure_rate", 3) in {(metric, n) for metric, _, _, n in due}
    rebuild(empty_centre)
    assert figures(empty_centre) == due


SPELLS = """agent_id,state,reason,start_time,end_time
A1,available,,2026-11-03T20:00:00,2026-11-04T09:00:00
A2,handling,,2026-11-04T21:00:00,2026-11-05T05:30:00
A1,acw,,2026-11-05T09:00:00,2026-11-05T09:10:00
A2,not_ready,break,2026-11-07T22:00:00,2026-11-08T01:00:00
"""


def test_some_days_after_others_are_measured_as_all_at_once(
    offer: Callable[..., FileResult], empty_centre: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where two parts of a large centre meet, time that goes on past midnight is neither lost nor counted twice."""
    assert offer("states.csv", SPELLS).verdict == "accepted"

    def hours() -> list[tuple[object, ...]]:
        with m.open_centre(empty_centre) as centre:
            asked = m.measure(centre, ["staffed_time"], by=["day", "agent"], during=NOVEMBER, scope=EVERYONE)
        return asked.select(pl.col("day").cast(str), "agent", pl.col("value").round(6)).sort("day", "agent").rows()

    expected = [
        ("2026-11-03", "A1", 4.0),
        ("2026-11-04", "A1", 9.0),
        ("2026-11-04", "A2", 3.0),
        ("2026-11-05", "A1", 0.166667),
        ("2026-11-05", "A2", 5.5),
        ("2026-11-07", "A2", 2.0),
        ("2026-11-08", "A2", 1.0),
    ]
    bring_up_to_date(empty_centre)
    assert hours() == expected
    monkeypatch.setattr(stored, "MOST_AT_ONCE", 1)
    rebuild(empty_centre)
    assert hours() == expected


def test_a_plan_that_comes_after_the_states_puts_their_days_out_of_date() -> None:
    """Where nobody logged out, a spell ends by the planned end of the shift."""
    plan = "(select timestamp '2026-11-03 15:00' as start_at, timestamp '2026-11-03 23:00' as end_at) as plan"
    with town() as centre:
        begin_touching(centre.warehouse)
        touch(centre.warehouse, "schedule", plan)
        touched = centre.warehouse.connection.execute("from outdated_day order by day").fetchall()
    assert touched == [("agent_time", date(2026, 11, 3)), ("agent_time", date(2026, 11, 4))]
