"""Wrong numbers that others have shipped about requests: each test pins one. Never weaken one to let a change pass."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from metrics import Centre, Scope, measure
from tests.metrics.town import at, call, calls, days, town, value

NOVEMBER = days("2026-11-01", 30)
EVERYONE = Scope.whole_centre()


def request(
    number: int, created: datetime, *events: tuple[str, datetime], **more: Any
) -> dict[str, list[dict[str, Any]]]:
    """A request and what happened to it; its state is what the events leave."""
    closings = [moment for name, moment in events if name == "closed"]
    turns = [name for name, _ in events if name in ("closed", "reopened")]
    is_closed = bool(turns) and turns[-1] == "closed"
    case = {
        "case_id": number, "number": f"n{number}", "kind": "request", "status": "closed" if is_closed else "open", "department": "Streets",
        "request_type": "Pothole", "channel": "voice", "created_at": created, "first_closed_at": min(closings, default=None),
        "closed_at": max(closings) if is_closed else None, **more,
    }  # fmt: skip
    told = [("created", created), *events]
    return {
        "service_case": [case],
        "case_event": [
            {
                "case_event_id": number * 100 + place,
                "case_id": number,
                "seq": place,
                "event": name,
                "happened_at": moment,
            }
            for place, (name, moment) in enumerate(told)
        ],
    }


def requests(*given: dict[str, list[dict[str, Any]]], **options: Any) -> Centre:
    tables: dict[str, Any] = {
        name: [row for one in given for row in one[name]] for name in ("service_case", "case_event")
    }
    return town(**tables, **options)


def test_a_reopened_request_is_closed_twice_and_stands_once() -> None:
    """Zammad lists re-opened as closed; Chatwoot counts from creation after a re-open."""
    centre = requests(request(1, at("2026-11-02T09:00"), ("closed", at("2026-11-04T09:00")), ("reopened", at("2026-11-06T09:00")),
                              ("closed", at("2026-11-09T09:00"))))  # fmt: skip
    expected = {
        "requests_created": 1, "requests_closed": 2, "requests_net_closed": 1, "requests_reopened": 1, "time_to_close_p50": 2, "time_to_last_close_p50": 7,
        "reopen_rate": 0.5,
    }  # fmt: skip
    assert {name: value(centre, name, NOVEMBER) for name in expected} == expected


def test_open_requests_past_their_date_are_late() -> None:
    """Of the closed ones all were on time; that is the figure that hides what is late and open."""
    due = {"due_at": at("2026-11-10T09:00")}
    centre = requests(
        request(1, at("2026-11-02T09:00"), ("closed", at("2026-11-03T09:00")), **due),
        *(request(number, at("2026-11-02T09:00"), **due) for number in (2, 3, 4)),
    )
    assert value(centre, "on_time_closure_rate", NOVEMBER) == 0.25
    assert value(centre, "on_time_of_closed", NOVEMBER) == 1


def test_what_is_not_due_yet_is_neither_late_nor_on_time() -> None:
    centre = requests(request(1, at("2026-11-02T09:00"), due_at=at("2026-11-20T09:00")), cutoff=at("2026-11-10T12:00"))
    assert value(centre, "on_time_closure_rate", NOVEMBER) is None


def test_what_was_closed_before_a_date_that_has_not_come_does_not_lift_the_rate() -> None:
    """Of those due next week only the closed ones were counted, so that every coming week read 100 %."""
    early = request(1, at("2026-11-02T09:00"), ("closed", at("2026-11-03T09:00")), due_at=at("2026-11-20T09:00"))
    late = request(2, at("2026-11-02T09:00"), due_at=at("2026-11-09T09:00"))
    centre = requests(early, late, cutoff=at("2026-11-10T12:00"))
    assert value(centre, "on_time_closure_rate", NOVEMBER) == 0


def test_the_median_counts_those_that_are_still_open() -> None:
    created = at("2026-11-02T09:00")
    centre = requests(
        request(1, created, ("closed", created + timedelta(days=1))),
        request(2, created, ("closed", created + timedelta(days=2))),
        *(request(number, created) for number in (3, 4, 5)),
    )
    assert value(centre, "time_to_close_closed_p50", NOVEMBER) == 1.5
    assert value(centre, "time_to_close_p50", NOVEMBER) is None


def test_a_request_closed_before_it_was_created_is_in_no_mean() -> None:
    """Open data has negative durations and the year 3020."""
    centre = requests(
        request(1, at("2026-11-02T09:00"), ("closed", at("2026-11-01T09:00"))),
        request(2, at("2026-11-02T09:00"), ("closed", at("2026-11-04T09:00"))),
    )
    assert value(centre, "average_time_to_close", NOVEMBER) == 2


def test_the_backlog_of_a_past_instant_is_rebuilt_from_the_events() -> None:
    centre = requests(
        request(1, at("2026-11-02T09:00"), ("closed", at("2026-11-04T09:00")), ("reopened", at("2026-11-06T09:00"))),
        request(2, at("2026-11-03T09:00"), ("closed", at("2026-11-06T12:00"))),
    )
    frame = measure(centre, ["open_backlog"], by=["day"], during=days("2026-11-02", 6), scope=EVERYONE)
    standing = dict(frame.select("day", "value").iter_rows())
    assert [standing.get(days(f"2026-11-0{day}").first, 0) for day in range(2, 8)] == [1, 2, 1, 1, 1, 1]
    # the end of the period, and never the sum of its days
    assert value(centre, "open_backlog", days("2026-11-02", 6)) == 1
    week = measure(centre, ["open_backlog"], by=["week"], during=days("2026-11-02", 6), scope=EVERYONE)
    assert week["value"].to_list() == [1]


def test_a_stock_has_no_hours_of_the_day() -> None:
    from metrics import WrongUse

    with pytest.raises(WrongUse, match="has no hour"):
        measure(
            requests(request(1, at("2026-11-02T09:00"))), ["open_backlog"], by=["hour"], during=NOVEMBER, scope=EVERYONE
        )


def test_a_window_that_is_still_open_is_set_apart() -> None:
    closed = at("2026-11-05T09:00")
    centre = requests(
        request(1, at("2026-11-01T09:00"), ("closed", closed)),
        request(2, at("2026-11-01T09:00"), ("closed", closed + timedelta(days=10))),
        cutoff=closed + timedelta(days=14),
    )
    assert value(centre, "reopen_rate", NOVEMBER) == 0
    assert measure(centre, ["reopen_rate"], during=NOVEMBER, scope=EVERYONE)["n"].to_list() == [1]
    assert value(centre, "closures_window_open", NOVEMBER) == 1


@pytest.mark.parametrize(("minutes", "share"), [(15, 0.0), (30, 1.0)])
def test_how_early_is_early_is_data_and_not_code(minutes: int, share: float) -> None:
    """Zammad's first solution is 15 minutes, whatever the centre says."""
    created = at("2026-11-02T09:00")
    centre = requests(
        request(1, created, ("closed", created + timedelta(minutes=20))),
        settings={"rules": {"early_closure_minutes": minutes}},
    )
    assert value(centre, "early_closure_share_minutes", NOVEMBER) == share


def test_a_closure_belongs_to_the_department_that_closed() -> None:
    """Chatwoot mixes two rules of ownership in one row."""
    given = request(
        1,
        at("2026-11-02T09:00"),
        ("assigned", at("2026-11-03T09:00")),
        ("closed", at("2026-11-04T09:00")),
        department="Streets",
    )
    given["case_event"][-1]["department"] = "Water"
    frame = measure(requests(given), ["early_closure_share"], by=["department"], during=NOVEMBER, scope=EVERYONE)
    assert frame["department"].to_list() == ["Water"]


def test_a_duplicate_is_judged_through_its_parent() -> None:
    created, due = at("2026-11-02T09:00"), at("2026-11-03T09:00")
    centre = requests(
        request(1, created, ("closed", at("2026-11-02T12:00")), due_at=due),
        request(2, created, due_at=due, parent_case_id=1),
    )
    assert value(centre, "on_time_closure_rate", NOVEMBER) == 1
    assert value(centre, "requests_created", NOVEMBER) == 2
    assert value(centre, "duplicate_rate", NOVEMBER) == 0.5


def test_a_resident_who_calls_again_on_the_same_topic_was_not_helped_at_once() -> None:
    first = at("2026-11-02T09:00")
    again: dict[str, Any] = {"caller_key": "k1", "request_type": "Pothole"}
    made = [
        call(1, first, **again),
        call(2, first + timedelta(days=7), **again),  # at the very end of the window
        call(3, first + timedelta(days=8), caller_key="k1", request_type="Taxes"),
        call(4, first, request_type="Pothole"),
    ]
    centre = town(**calls(*made))
    assert measure(centre, ["first_contact_resolution"], during=NOVEMBER, scope=EVERYONE).select("value", "n").row(
        0
    ) == (2 / 3, 3)
    assert value(centre, "contacts_without_caller", NOVEMBER) == 1


def test_a_status_call_is_told_from_the_call_that_opened_the_case() -> None:
    given = request(1, at("2026-11-02T09:05"))
    links = [{"contact_id": number, "case_number": "n1", "method": "attribute"} for number in (1, 2)]
    made = [call(1, at("2026-11-02T09:00")), call(2, at("2026-11-04T09:00"))]
    centre = requests(given, contact_case=links, **calls(*made))
    assert value(centre, "status_inquiry_rate", NOVEMBER) == 0.5
    assert value(centre, "contacts_per_case", NOVEMBER) == 2
    assert value(centre, "chased_requests", NOVEMBER) == 1


def test_nothing_is_said_of_a_backlog_that_nobody_has_told_yet() -> None:
    """On the 13th the month's report called every request overdue whose date lay before the 30th."""
    centre = requests(request(1, at("2026-11-02T09:00"), due_at=at("2026-11-20T12:00")), cutoff=at("2026-11-13T18:00"))
    assert value(centre, "open_backlog", NOVEMBER) == 1
    assert value(centre, "overdue_backlog", NOVEMBER) == 0
    weeks = measure(centre, ["open_backlog"], by=["week"], during=NOVEMBER, scope=EVERYONE)
    assert [str(week) for week in weeks["week"]] == ["2026-11-02", "2026-11-09"]
    assert value(centre, "open_backlog", days("2026-11-20", 10)) == 0


def test_a_source_that_ends_with_a_day_is_told_once_of_its_last_instant() -> None:
    centre = requests(request(1, at("2026-11-02T09:00")), cutoff=at("2026-11-14T00:00"))
    standing = measure(centre, ["open_backlog"], by=["day"], during=days("2026-11-12", 5), scope=EVERYONE)
    assert list(standing.select("day", "value").iter_rows()) == [
        (days("2026-11-12").first, 1),
        (days("2026-11-13").first, 1),
    ]
