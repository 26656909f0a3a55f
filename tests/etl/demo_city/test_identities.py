"""What must hold of every city: each case is a sentence and what breaks it; nothing may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest

from tests.etl.demo_city.exported import (
    Exports,
    answered_at,
    conversation,
    handling,
    instant,
    overlapping,
)

RING = 10  # it may ring at the last second of a shift
OVERRUN = 3600
BOSTON = "%Y-%m-%d %H:%M:%S"


def call_id_twice(town: Exports) -> Iterator[object]:
    ids = [row["call_id"] for row in town.contacts]
    yield from {one for one in ids if ids.count(one) > 1} if len(set(ids)) < len(ids) else ()


def unknown_outcome(town: Exports) -> Iterator[object]:
    return (row for row in town.contacts if row["outcome"] not in ("answered", "abandoned", "transferred"))


def abandoned_with_agent_or_talk(town: Exports) -> Iterator[object]:
    lost = (row for row in town.contacts if row["outcome"] == "abandoned")
    return (row for row in lost if row["agent_id"] or handling(row))


def answered_by_nobody(town: Exports) -> Iterator[object]:
    return (row for row in town.handled if not row["agent_id"])


def transferred_without_target(town: Exports) -> Iterator[object]:
    return (row for row in town.contacts if (row["outcome"] == "transferred") != bool(row["transferred_to"]))


def wait_outside_a_day(town: Exports) -> Iterator[object]:
    return (row for row in town.contacts if not 0 <= int(row["wait_seconds"]) <= 86_400)


def two_contacts_at_once(town: Exports) -> Iterator[object]:
    yield from overlapping(
        (row["agent_id"], answered_at(row), answered_at(row) + handling(row)) for row in town.handled
    )


def two_states_at_once(town: Exports) -> Iterator[object]:
    spells = ((row["agent_id"], instant(row["start_time"]), instant(row["end_time"])) for row in town.states)
    yield from overlapping(spells)


def state_without_length(town: Exports) -> Iterator[object]:
    return (row for row in town.states if instant(row["end_time"]) <= instant(row["start_time"]))


def holes_between_states(town: Exports) -> Iterator[object]:
    """From one state the next follows at once, within a shift."""
    ends = {(row["agent_id"], instant(row["end_time"])) for row in town.states}
    starts_of_shifts = {agent: sorted(s for (a, _), (s, _) in town.shifts.items() if a == agent) for agent, _ in ends}
    for row in town.states:
        start = instant(row["start_time"])
        is_login = any(0 <= start - shift < OVERRUN for shift in starts_of_shifts[row["agent_id"]])
        if (row["agent_id"], start) not in ends and not is_login:
            yield row


def contact_without_its_states(town: Exports) -> Iterator[object]:
    states = {
        (row["agent_id"], row["state"], instant(row["start_time"])): instant(row["end_time"]) for row in town.states
    }
    last = max(instant(row["end_time"]) for row in town.states)
    for row in town.handled:
        agent, start, wrap = row["agent_id"], answered_at(row), int(row["wrap_seconds"])
        spoken = start + conversation(row)
        if states.get((agent, "handling", start)) != spoken:
            yield row
        # after-call work that goes on past the last export is in none
        if wrap and spoken + wrap <= last and states.get((agent, "acw", spoken), spoken + wrap) != spoken + wrap:
            yield row


def handling_without_its_contact(town: Exports) -> Iterator[object]:
    known = {(row["agent_id"], answered_at(row)) for row in town.handled}
    spells = (row for row in town.states if row["state"] == "handling")
    return (row for row in spells if (row["agent_id"], instant(row["start_time"])) not in known)


def answered_off_shift(town: Exports) -> Iterator[object]:
    for row in town.handled:
        day = datetime.fromisoformat(row["start_time"]).date()
        # a letter may have waited for a day, a night shift began on the day before
        days = (str(day + timedelta(days=by)) for by in (-1, 0, 1))
        shifts = (town.shifts.get((row["agent_id"], one)) for one in days)
        if not any(shift and shift[0] <= answered_at(row) <= shift[1] + RING for shift in shifts):
            yield row


def planned_twice_at_once(town: Exports) -> Iterator[object]:
    spells = ((row["agent_id"], instant(row["start_time"]), instant(row["end_time"])) for row in town.schedule)
    yield from overlapping(spells)


def contact_outside_membership(town: Exports) -> Iterator[object]:
    return (
        row for row in town.handled if len(town.team_members(row["agent_id"], row["start_time"][:10])) != 1
    )  # fmt: skip


def case_that_no_export_has(town: Exports) -> Iterator[object]:
    return (row for row in town.contacts if row["case_number"] and row["case_number"] not in town.cases)


def case_told_late(town: Exports) -> Iterator[object]:
    """A case of the simulated days is in the export of the day on which it was opened."""
    first = town.calls[0]["file"].removeprefix("phone_")[:10]
    rows = ((row[0]["open_dt"][:10], row[0]["file"][4:14]) for row in town.cases.values())
    return ((opened, told) for opened, told in rows if opened >= first and opened != told)


def case_closed_before_opened(town: Exports) -> Iterator[object]:
    rows = (row for all_of in town.cases.values() for row in all_of)
    return (row for row in rows if row["closed_dt"] and row["closed_dt"] < row["open_dt"])


def case_closed_without_time(town: Exports) -> Iterator[object]:
    rows = (row for all_of in town.cases.values() for row in all_of)
    return (row for row in rows if (row["case_status"] == "Closed") != bool(row["closed_dt"] and row["closure_reason"]))


def on_time_flag_against_dates(town: Exports) -> Iterator[object]:
    for all_of in town.cases.values():
        for row in all_of:
            exported = datetime.strptime(row["file"][4:14], "%Y-%m-%d") + timedelta(days=1)  # noqa: DTZ007
            until = row["closed_dt"] or exported.strftime(BOSTON)
            if row["ontime"] != ("OVERDUE" if row["target_dt"] and until > row["target_dt"] else "ONTIME"):
                yield row


def duplicate_of_nothing(town: Exports) -> Iterator[object]:
    for all_of in town.cases.values():
        reason = all_of[-1]["closure_reason"]
        if "uplicate" in reason and not any(word.strip(".") in town.cases for word in reason.split()):
            yield all_of[-1]


def evaluation_of_no_contact(town: Exports) -> Iterator[object]:
    contacts = {row["call_id"]: row for row in town.handled}
    for row in town.evaluations:
        contact = contacts.get(row["call_id"])
        if contact is None or (contact["agent_id"], contact["start_time"]) != (
            row["agent_id"],
            row["contact_at"],
        ):
            yield row


def evaluation_before_its_contact(town: Exports) -> Iterator[object]:
    return (row for row in town.evaluations if instant(row["submitted_at"]) <= instant(row["contact_at"]))


def score_against_answers(town: Exports) -> Iterator[object]:
    weights = {row["item_id"]: float(row["weight"]) for row in town.rows("quality_form.csv")}
    for row in town.evaluations:
        applicable = [one for one in town.answers[row["evaluation_id"]] if one["is_na"] == "0"]
        got = sum(weights[one["item_id"]] * float(one["points"]) / float(one["max_points"]) for one in applicable)
        if abs(float(row["score"]) - 100 * got / sum(weights[one["item_id"]] for one in applicable)) > 0.01:
            yield row


def unanswered_item(town: Exports) -> Iterator[object]:
    items = {row["item_id"] for row in town.rows("quality_form.csv")}
    return (row for row in town.evaluations if {one["item_id"] for one in town.answers[row["evaluation_id"]]} != items)


def failed_without_critical_item(town: Exports) -> Iterator[object]:
    critical = {row["item_id"] for row in town.rows("quality_form.csv") if row["critical_class"] != "none"}
    answers = (one for all_of in town.answers.values() for one in all_of)
    return (one for one in answers if one["failed"] == "1" and one["item_id"] not in critical)


def later_than_its_export(town: Exports) -> Iterator[object]:
    """Nothing is told before it happened."""
    times = {
        "phone_*.csv": "start_time",
        "counter_and_mail_*.csv": "start_time",
        "agent_states_*.csv": "end_time",
        "evaluations_*.csv": "submitted_at",
    }
    for pattern, column in times.items():
        for path in (town.folder / "inbox").glob(pattern):
            exported_at = path.stat().st_mtime
            yield from (row for row in town.rows(path.name) if instant(row[column]) > exported_at)


BROKEN_BY: tuple[Callable[[Exports], Iterator[object]], ...] = (
    call_id_twice,
    unknown_outcome,
    abandoned_with_agent_or_talk,
    answered_by_nobody,
    transferred_without_target,
    wait_outside_a_day,
    two_contacts_at_once,
    two_states_at_once,
    state_without_length,
    holes_between_states,
    contact_without_its_states,
    handling_without_its_contact,
    answered_off_shift,
    planned_twice_at_once,
    contact_outside_membership,
    case_that_no_export_has,
    case_told_late,
    case_closed_before_opened,
    case_closed_without_time,
    on_time_flag_against_dates,
    duplicate_of_nothing,
    evaluation_of_no_contact,
    evaluation_before_its_contact,
    score_against_answers,
    unanswered_item,
    failed_without_critical_item,
    later_than_its_export,
)


@pytest.mark.parametrize("offenders", BROKEN_BY, ids=lambda one: one.__name__)
def test_nothing_breaks_it(town: Exports, offenders: Callable[[Exports], Iterator[object]]) -> None:
    assert list(offenders(town))[:3] == []


def test_offered_are_answered_abandoned_and_transferred(town: Exports) -> None:
    outcomes = [row["outcome"] for row in town.contacts]
    assert len(outcomes) == sum(outcomes.count(one) for one in ("answered", "abandoned", "transferred"))
    assert min(outcomes.count(one) for one in ("answered", "abandoned", "transferred")) > 0


def test_every_day_has_its_files(town: Exports) -> None:
    names = {path.name for path in (town.folder / "inbox").iterdir()}
    days = [date(2026, 10, 19) + timedelta(days=number) for number in range(21)]
    for kind in ("phone", "counter_and_mail", "crm", "agent_states"):
        assert {f"{kind}_{day}.csv" for day in days} == {name for name in names if name.startswith(f"{kind}_2")}
