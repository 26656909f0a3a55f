"""Business time: one intersection of intervals with opening windows laid out per calendar, against a count by minutes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from etl.centre import Settings
from etl.opening_hours import CalendarSetting
from metrics import Centre, Scope, rows
from metrics.stored import wanted_tables
from tests.metrics.town import at, call, calls, days, town, value

DENVER = ZoneInfo("America/Denver")
OFFICE: dict[str, Any] = {
    "id": "office",
    "open": {"mon-fri": "08:00-12:00, 13:00-17:00"},
    "holidays": "US",
    "closed": [date(2026, 11, 27)],
    "open_on": {date(2026, 12, 24): "08:00-10:00"},
    "departments": ["*"],
    "queues": ["*"],
}
NIGHT: dict[str, Any] = {
    "id": "night",
    "open": {"mon-sun": "22:00-06:00"},
    "departments": ["Streets"],
    "queues": ["mail"],
}
ALWAYS: dict[str, Any] = {
    "id": "always",
    "open": {"mon-sun": "00:00-24:00"},
    "departments": ["Streets"],
    "queues": ["mail"],
}


def with_calendar(calendar: dict[str, Any], **tables: Any) -> Centre:
    target = {"metric": "service_level", "queue": "mail", "within_seconds": 4 * 3600}
    return town({"calendar": [calendar], "target": [target]}, **tables)


def open_hours(calendar: dict[str, Any], start: datetime, end: datetime) -> float | None:
    """Hours of opening between two instants, by the product: a request's time to close."""
    case = {"case_id": 1, "number": "n1", "kind": "request", "status": "closed", "department": "Streets", "created_at": start,
            "first_closed_at": end, "closed_at": end}  # fmt: skip
    local = start.replace(tzinfo=UTC).astimezone(DENVER).date()
    return value(with_calendar(calendar, service_case=[case]), "time_to_close_business_p50", days(str(local)))


CASES = [
    ("within a morning", OFFICE, "2026-11-03T09:00", "2026-11-03T11:30", 2.5),
    ("over the lunch hour", OFFICE, "2026-11-03T11:00", "2026-11-03T14:00", 2),
    ("over a night", OFFICE, "2026-11-03T16:00", "2026-11-04T09:00", 2),
    ("over a weekend", OFFICE, "2026-11-06T16:00", "2026-11-09T09:00", 2),
    ("from a closed time", OFFICE, "2026-11-07T10:00", "2026-11-09T09:00", 1),
    ("to a closed time", OFFICE, "2026-11-06T16:00", "2026-11-07T10:00", 1),
    ("within a closed time", OFFICE, "2026-11-07T10:00", "2026-11-08T10:00", 0),
    (
        "Veterans Day, and Thanksgiving with the centre's own day after it",
        OFFICE,
        "2026-11-10T16:00",
        "2026-11-12T09:00",
        2,
    ),
    ("Thanksgiving and the day after it", OFFICE, "2026-11-25T16:00", "2026-11-30T09:00", 2),
    ("a day with hours of its own", OFFICE, "2026-12-24T09:00", "2026-12-28T09:00", 2),
    ("over midnight", NIGHT, "2026-11-03T23:00", "2026-11-04T05:00", 6),
    ("the night of 25 hours", NIGHT, "2026-10-31T22:00", "2026-11-01T06:00", 9),
    ("the night of 23 hours", NIGHT, "2026-03-07T22:00", "2026-03-08T06:00", 7),
    ("a day of 25 hours that is open all day", ALWAYS, "2026-11-01T00:00", "2026-11-02T00:00", 25),
    ("a day of 23 hours that is open all day", ALWAYS, "2026-03-08T00:00", "2026-03-09T00:00", 23),
]


@pytest.mark.parametrize(
    ("calendar", "start", "end", "hours"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_open_hours_between_two_instants(calendar: dict[str, Any], start: str, end: str, hours: float) -> None:
    assert open_hours(calendar, at(start), at(end)) == hours


def minutes_open(calendar: CalendarSetting, start: datetime, end: datetime) -> int:
    """Minute by minute: is it open? Written from the calendar's words, without windows."""
    import holidays

    public = holidays.country_holidays("US", years=[2026])
    count = 0
    while start < end:
        local = start.replace(tzinfo=UTC).astimezone(DENVER)
        is_open = local.weekday() < 5 and (8 <= local.hour < 12 or 13 <= local.hour < 17)
        is_open = is_open and local.date() not in public and local.date() not in calendar.closed
        if local.date() in calendar.open_on:
            is_open = 8 <= local.hour < 10
        count += is_open
        start += timedelta(minutes=1)
    return count


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(start=st.integers(0, 60 * 24 * 60), length=st.integers(0, 8 * 24 * 60))
def test_open_hours_are_a_count_by_minutes(start: int, length: int) -> None:
    first = datetime.fromisoformat("2026-10-20") + timedelta(minutes=start)
    last = first + timedelta(minutes=length)
    expected = minutes_open(CalendarSetting.model_validate(OFFICE), first, last)
    assert open_hours(OFFICE, first, last) == pytest.approx(expected / 60)


DEADLINES = [
    ("the same day", "2026-11-03T08:30", "2026-11-03T13:30"),
    ("the very instant of closing", "2026-11-03T13:00", "2026-11-03T17:00"),
    ("the very instant of the lunch hour", "2026-11-03T08:00", "2026-11-03T12:00"),
    ("a second after closing is the next day's first", "2026-11-03T13:00:01", "2026-11-04T08:00:01"),
    ("over a weekend", "2026-11-06T16:00", "2026-11-09T11:00"),
    ("from a closed time", "2026-11-07T10:00", "2026-11-09T12:00"),
    ("over the change of clocks", "2026-10-30T16:00", "2026-11-02T11:00"),
]


@pytest.mark.parametrize(("arrived", "due"), [case[1:] for case in DEADLINES], ids=[case[0] for case in DEADLINES])
def test_a_deadline_of_four_open_hours(arrived: str, due: str) -> None:
    made = call(1, at(arrived), queue_id="mail", channel="email", wait=(at(due) - at(arrived)).total_seconds())
    centre = with_calendar(OFFICE, **calls(made))
    behind = rows(centre, "response_level", during=days("2026-10-25", 40), scope=Scope.whole_centre())
    assert behind["due_at"][0].replace(tzinfo=None) == datetime.fromisoformat(due)
    # answered at the very deadline is in time
    assert value(centre, "response_level", days("2026-10-25", 40)) == 1
    assert value(centre, "first_response_business_p50", days("2026-10-25", 40)) == 4 * 3600


def test_a_message_that_nobody_answered_in_time_is_missed() -> None:
    made = call(1, at("2026-11-03T08:00"), queue_id="mail", channel="email", wait=0, answered=False, end_reason=None)
    centre = with_calendar(OFFICE, **calls((made[0], {**made[1], "released_at": None})))
    assert value(centre, "response_level", days("2026-11-03")) == 0
    assert value(centre, "response_overdue", days("2026-11-03")) == 1


ONE, THREE = {"business_days": 1}, {"business_days": 3}
DUE = [
    ("three open days: the third one's closing time", [THREE], "2026-11-03T10:00", "2026-11-06T17:00"),
    ("the very instant of closing is that day still", [ONE], "2026-11-03T17:00", "2026-11-04T17:00"),
    ("over a weekend", [THREE], "2026-11-05T16:59", "2026-11-10T17:00"),
    ("made on a closed day", [ONE], "2026-11-07T10:00", "2026-11-09T17:00"),
    ("Thanksgiving and the centre's own day after it do not count", [ONE], "2026-11-25T09:00", "2026-11-30T17:00"),
    ("a day with hours of its own ends when it closes", [ONE], "2026-12-23T09:00", "2026-12-24T10:00"),
    ("over the change of clocks", [{"business_days": 2}], "2026-10-30T09:00", "2026-11-03T17:00"),
    ("any days: the same time by the clock on the wall", [{"days": 2}], "2026-10-31T09:00", "2026-11-02T09:00"),
    ("its own type before its department's", [THREE, {**ONE, "department": "Streets"}, {"days": 1, "request_type": "Pothole"}],
     "2026-11-03T10:00", "2026-11-04T10:00"),
    ("its department's before the one for all", [THREE, {**ONE, "department": "Streets"}], "2026-11-03T10:00", "2026-11-04T17:00"),
    ("the target of the day of creation", [{**THREE, "to": date(2026, 11, 3)}, {**ONE, "from": date(2026, 11, 3)}],
     "2026-11-03T10:00", "2026-11-04T17:00"),
    ("another type's target is not its own", [{**ONE, "request_type": "Graffiti"}], "2026-11-03T10:00", None),
]  # fmt: skip


def request(created: str, **more: Any) -> dict[str, Any]:
    return {"case_id": 1, "number": "n1", "kind": "request", "status": "open", "department": "Streets", "request_type": "Pothole",
            "created_at": at(created), **more}  # fmt: skip


def due_of(targets: list[dict[str, Any]], case: dict[str, Any]) -> tuple[datetime | None, Centre]:
    centre = town({"calendar": [OFFICE], "request_due": targets}, service_case=[case])
    return centre.warehouse.frame("select local_time(due_at) as due_on from request")["due_on"][0], centre


@pytest.mark.parametrize(("targets", "created", "due"), [case[1:] for case in DUE], ids=[case[0] for case in DUE])
def test_a_request_without_a_date_is_due_by_the_centres_target(
    targets: list[dict[str, Any]], created: str, due: str | None
) -> None:
    assert due_of(targets, request(created))[0] == (None if due is None else datetime.fromisoformat(due))


def test_the_date_of_the_source_comes_first_and_closing_at_the_deadline_is_in_time() -> None:
    own = request("2026-11-03T10:00", due_at=at("2026-11-20T12:00"))
    assert due_of([THREE], own)[0] == datetime.fromisoformat("2026-11-20T12:00")
    for closed, share in (("2026-11-06T17:00:00", 1), ("2026-11-06T17:00:01", 0)):
        done = request("2026-11-03T10:00", status="closed", closed_at=at(closed), first_closed_at=at(closed))
        _, centre = due_of([THREE], done)
        assert value(centre, "on_time_closure_rate", days("2026-11-06")) == share
        assert "measures_request_due" not in {table.name for table in wanted_tables(centre)}


def test_a_time_that_is_no_time_is_refused() -> None:
    with pytest.raises(ValidationError, match="business_days or in days"):
        Settings.model_validate({"centre": {"name": "Town", "timezone": "America/Denver"}, "request_due": [{}]})


FAULTS = [
    ({"open": {"mon-fry": "08:00-17:00"}}, "not a day of the week"),
    ({"open": {"mon": "8-17"}}, "not a span of hours"),
    ({"open": {"mon": "08:00-12:00, 11:00-17:00"}}, "overlap"),
    ({"open": {"mon": "08:00-25:00"}}, "not a span of hours"),
    ({"holidays": "XX"}, "no public holidays are known for 'XX'"),
    ({"holidays": "US", "subdivision": "Nowhere"}, "no public holidays are known for 'US, Nowhere'"),
]


@pytest.mark.parametrize(("change", "answer"), FAULTS)
def test_hours_that_cannot_be_read_are_refused(change: dict[str, Any], answer: str) -> None:
    centre = {"name": "Town", "timezone": "America/Denver"}
    with pytest.raises(ValidationError, match=answer):
        Settings.model_validate({"centre": centre, "calendar": [{**OFFICE, **change}]})
