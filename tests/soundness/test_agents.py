"""Wrong numbers that others have shipped about agents' time. Never weaken one to let a change pass."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from metrics import Centre, Scope, measure
from tests.metrics.town import at, call, calls, days, town, value

DAY = days("2026-11-03")


def spells(*given: tuple[str, str, str], **more: Any) -> list[dict[str, Any]]:
    """States of one agent on one day: state, from, to."""
    return [
        {"state_id": n, "agent_id": "A1", "track": "routing", "state": state, "start_at": at(f"2026-11-03T{start}"),
         "end_at": at(f"2026-11-03T{end}"), "end_by": "event", **more}
        for n, (state, start, end) in enumerate(given)
    ]  # fmt: skip


def shift(*given: tuple[str, str, str]) -> list[dict[str, Any]]:
    """A planned shift of one agent on one day: activity, from, to."""
    return [
        {"schedule_id": n, "agent_id": "A1", "shift_key": "A1 1", "shift_date": date(2026, 11, 3), "activity": activity,
         "start_at": at(f"2026-11-03T{start}"), "end_at": at(f"2026-11-03T{end}"), "is_paid": activity != "meal", "counts_for_adherence": True}
        for n, (activity, start, end) in enumerate(given)
    ]  # fmt: skip


def figures(centre: Centre, *names: str) -> list[float | None]:
    return [value(centre, name, DAY) for name in names]


def test_two_chats_at_once_are_one_hour_of_work() -> None:
    centre = town(
        agent_state=spells(
            ("handling", "09:00", "10:00"), ("handling", "09:30", "10:00"), ("available", "10:00", "11:00")
        )
    )
    assert figures(centre, "staffed_time", "occupancy") == [2, 0.5]


def test_a_call_taken_while_not_ready_is_handling() -> None:
    centre = town(agent_state=spells(("not_ready", "09:00", "10:00"), ("handling", "09:15", "09:30")))
    assert figures(centre, "handling_share", "not_ready_share", "handling_in_not_ready_share") == [0.25, 0.75, 0.25]


def test_an_agent_who_forgot_to_log_out_was_not_there_all_night() -> None:
    """VICIdial drops rows of 65,000 seconds; the time before the forgotten log-out was real."""
    open_end = spells(("available", "08:00", "08:30"), ("available", "08:30", "09:00"))
    open_end[-1] |= {"end_at": at("2026-11-04T08:00"), "end_by": "next_row"}
    centre = town(agent_state=open_end, schedule=shift(("queue", "08:00", "16:00")))
    assert figures(centre, "staffed_time") == [8]
    assert value(centre, "staffed_time", days("2026-11-04")) == 0


def test_a_spell_without_an_end_ends_with_the_next_one() -> None:
    first, second = spells(("available", "08:00", "12:00"), ("available", "12:00", "13:00"))
    assert figures(town(agent_state=[{**first, "end_at": None, "end_by": None}, second]), "staffed_time") == [5]


def test_ten_minutes_late_and_ten_made_up_of_an_hour() -> None:
    """Genesys' own example: 1 - 20/70 where work outside the plan is in both parts."""
    centre = town(agent_state=spells(("available", "09:10", "10:10")), schedule=shift(("queue", "09:00", "10:00")))
    assert figures(centre, "adherence", "adherence_with_outside", "conformance") == [
        pytest.approx(50 / 60),
        pytest.approx(1 - 20 / 70),
        1,
    ]


def test_conformance_can_be_full_and_adherence_nought() -> None:
    centre = town(agent_state=spells(("available", "12:00", "16:00")), schedule=shift(("queue", "08:00", "12:00")))
    assert figures(centre, "adherence", "conformance") == [0, 1]


def test_a_contact_that_runs_into_a_break_is_an_exception_with_its_reason() -> None:
    centre = town(
        agent_state=spells(("handling", "09:00", "10:10"), ("not_ready", "10:10", "10:15")),
        schedule=shift(("queue", "09:00", "10:00"), ("break", "10:00", "10:15")),
    )
    frame = measure(centre, ["utilisation"], by=["exception"], during=DAY, scope=Scope.whole_centre())
    assert dict(frame.select("exception", "denominator").iter_rows()) == {
        None: pytest.approx(65 / 60),
        "contact ran into it": pytest.approx(1 / 6),
    }


def test_a_night_shift_stays_whole_on_the_day_on_which_it_starts() -> None:
    state = {**spells(("available", "22:00", "23:00"))[0], "end_at": at("2026-11-04T06:00")}
    plan = {**shift(("queue", "22:00", "23:00"))[0], "end_at": at("2026-11-04T06:00")}
    centre = town(agent_state=[state], schedule=[plan])
    frame = measure(centre, ["adherence"], by=["day"], during=days("2026-11-03", 2), scope=Scope.whole_centre())
    assert frame.select("day", "denominator").rows() == [(date(2026, 11, 3), 8)]
    assert value(centre, "staffed_time", DAY) == 2


def test_time_is_cut_at_the_edges_of_intervals() -> None:
    centre = town(agent_state=spells(("available", "09:10", "10:40")))
    frame = measure(centre, ["staffed_time"], by=["interval"], during=DAY, scope=Scope.whole_centre())
    assert [round(60 * hours) for hours in frame["value"]] == [20, 30, 30, 10]


def test_nobody_is_absent_from_what_was_not_loaded_yet() -> None:
    """The last shift of the data had read as half missed, because the states of its second half were still to come."""
    centre = town(agent_state=spells(("available", "09:00", "12:00")), schedule=shift(("queue", "09:00", "17:00")))
    assert figures(centre, "adherence", "conformance", "shrinkage") == [1, 1, 0]
    seen_later = {**spells(("available", "16:00", "17:00"))[0], "state_id": 9, "agent_id": "A2"}
    known = town(
        agent_state=[*spells(("available", "09:00", "12:00")), seen_later], schedule=shift(("queue", "09:00", "17:00"))
    )
    assert figures(known, "adherence", "shrinkage") == [pytest.approx(3 / 8), pytest.approx(5 / 8)]


def test_a_forecast_for_a_day_to_come_is_no_error_yet() -> None:
    forecast = {"queue_id": "general", "scope": "queue", "interval_ms": 3_600_000, "is_complete": True}
    stats = [
        {
            **forecast,
            "stat_id": 2 * day + number,
            "item": item,
            "value": number,
            "interval_start_at": at(f"2026-11-{day:02d}T09:00"),
        }
        for day in (3, 4)
        for item, number in (("offered_f", 2), ("required_f", 1))
    ]
    came = calls(call(1, at("2026-11-03T09:10")), call(2, at("2026-11-03T09:20")))
    centre = town(interval_stat=stats, agent_state=spells(("available", "09:00", "10:00")), **came)
    both = days("2026-11-03", 2)
    names = ("forecast_wape", "forecast_bias", "understaffing")
    assert [value(centre, name, both) for name in names] == [0, 0, 0]
