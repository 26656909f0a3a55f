"""Days of 23 and 25 hours, and time zones that somebody took for an offset. Never weaken one to let a change pass."""

from __future__ import annotations

from datetime import timedelta

import pytest

from metrics import Scope, measure
from tests.metrics.town import at, call, calls, days, town, value

AUTUMN, SPRING = days("2026-11-01"), days("2026-03-08")


def test_both_passings_of_the_repeated_hour_stay_apart() -> None:
    moments = (
        "2026-11-01T01:10:00-06:00",
        "2026-11-01T01:40:00-06:00",
        "2026-11-01T01:10:00-07:00",
        "2026-11-01T01:10:00-07:00",
    )
    centre = town(**calls(*(call(n, at(moment)) for n, moment in enumerate(moments))))
    frame = measure(centre, ["contacts_offered"], by=["interval"], during=AUTUMN, scope=Scope.whole_centre())
    found = [
        (f"{start:%H:%M}", start.utcoffset(), count) for start, count in frame.select("interval", "value").iter_rows()
    ]
    summer, winter = timedelta(hours=-6), timedelta(hours=-7)
    assert found == [("01:00", summer, 1), ("01:30", summer, 1), ("01:00", winter, 2)]


@pytest.mark.parametrize(
    ("during", "hours"), [(AUTUMN, 25), (SPRING, 23), (days("2026-03-07", 2), 47), (days("2026-10-31", 3), 73)]
)
def test_a_period_has_the_hours_that_its_clocks_had(during: object, hours: int) -> None:
    """VICIdial steps back by 86,400 seconds a day; Chatwoot takes an offset for a zone."""
    start, end = at(f"{during.first}T00:00"), at(f"{during.until}T00:00")  # type: ignore[attr-defined]
    state = {"state_id": 1, "agent_id": "A1", "track": "routing", "state": "available", "start_at": start - timedelta(hours=5),
             "end_at": end + timedelta(hours=5), "end_by": "event"}  # fmt: skip
    assert value(town(agent_state=[state]), "staffed_time", during) == hours  # type: ignore[arg-type]


def test_a_call_in_each_hour_is_counted_once_on_each_side_of_a_change() -> None:
    first = at("2026-10-31T00:00")
    centre = town(**calls(*(call(n, first + timedelta(hours=n)) for n in range(73))))
    frame = measure(centre, ["contacts_offered"], by=["day"], during=days("2026-10-31", 3), scope=Scope.whole_centre())
    assert frame["value"].to_list() == [24, 25, 24]


def test_the_operating_day_begins_when_the_centre_says() -> None:
    settings = {"centre": {"name": "Town", "timezone": "America/Denver", "operating_day_starts": "04:00"}}
    centre = town(settings, **calls(call(1, at("2026-11-04T03:59")), call(2, at("2026-11-04T04:00"))))
    assert [value(centre, "contacts_offered", days(day)) for day in ("2026-11-03", "2026-11-04")] == [1, 1]


def test_fiscal_periods_are_named_after_the_year_in_which_they_end() -> None:
    centre = town(
        {"rules": {"fiscal_month": 10}},
        **calls(*(call(n, at(f"2026-{month}-15T12:00")) for n, month in enumerate(("09", "10", "12")))),
    )
    for dimension, expected in {
        "fiscal_year": ["FY2026", "FY2027"],
        "fiscal_quarter": ["FY2026 Q4", "FY2027 Q1"],
        "fiscal_period": ["FY2026 P12", "FY2027 P01", "FY2027 P03"],
    }.items():
        frame = measure(
            centre, ["contacts_offered"], by=[dimension], during=days("2026-01-01", 365), scope=Scope.whole_centre()
        )
        assert frame[dimension].to_list() == expected
