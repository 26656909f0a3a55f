"""Stored measures stand for the facts after every load: a change on one day may move figures of another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import metrics as m
from etl.ledger import FileResult
from metrics.build import bring_up_to_date, rebuild

EVERYONE = m.Scope.whole_centre()
NOVEMBER = m.Period.month(2026, 11)
HEADER = "case_number,opened_at,status,channel,request_type,department,due_at,closed_at,kind\n"
OPEN = "C1,2026-11-02T09:00:00,open,voice,Pothole,Streets,2026-11-10T17:00:00,,request\n"
CLOSED = "C1,2026-11-02T09:00:00,closed,voice,Pothole,Streets,2026-11-10T17:00:00,2026-11-06T09:00:00,request\n"
NAMES = ["requests_closed", "on_time_of_closed", "on_time_closure_rate", "requests_late_open"]


def figures(folder: Path) -> list[tuple[object, ...]]:
    """The figures by day, from whatever the centre answers from."""
    with m.open_centre(folder) as centre:
        frame = m.measure(centre, NAMES, by=["day"], during=NOVEMBER, scope=EVERYONE)
        return frame.select("metric", "day", "value", "n").sort("metric", "day").rows()


@pytest.mark.parametrize(
    ("later", "exported"),
    [
        pytest.param(CLOSED, "2026-11-07T00:00:00+00:00", id="closed on a day that no export had touched"),
        pytest.param(OPEN, "2026-11-12T00:00:00+00:00", id="fell due between two exports without a change"),
        pytest.param(CLOSED, "2026-11-12T00:00:00+00:00", id="closed, and fell due since"),
    ],
)
def test_what_is_stored_is_what_a_rebuild_gives(
    offer: Callable[..., FileResult], empty_centre: Path, later: str, exported: str
) -> None:
    other = "C2,2026-11-03T09:00:00,open,voice,Pothole,Streets,2026-11-20T17:00:00,,request\n"
    assert offer("first.csv", HEADER + OPEN, as_of="2026-11-05T00:00:00+00:00").verdict == "accepted"
    bring_up_to_date(empty_centre)
    assert offer("later.csv", HEADER + later + other, as_of=exported).verdict == "accepted"
    bring_up_to_date(empty_centre)
    stored = figures(empty_centre)
    rebuild(empty_centre)
    assert stored == figures(empty_centre)
    assert stored
