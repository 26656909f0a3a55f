"""Identities: each closes on towns made by chance, and each that can be broken opens, with what makes the difference."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from metrics import Centre, identities
from sql import names
from tests.metrics.made_town import made_town
from tests.metrics.town import at, call, calls, town

CALL = call(1, at("2026-11-03T09:00"), wait=10)
CASE = {"case_id": 1, "number": "n1", "kind": "request", "department": "Streets", "created_at": at("2026-11-02T09:00"),
        "status": "closed", "first_closed_at": at("2026-11-04T09:00"), "closed_at": at("2026-11-04T09:00"), "due_at": at("2026-11-05T09:00")}  # fmt: skip
OPENED = {
    "case_event_id": 1,
    "case_id": 1,
    "seq": 1,
    "event": "created",
    "happened_at": at("2026-11-02T09:00"),
    "department": "Streets",
}
CLOSED = {**OPENED, "case_event_id": 2, "seq": 2, "event": "closed", "happened_at": at("2026-11-04T09:00")}


def the_open(centre: Centre) -> dict[str, list[dict[str, Any]]]:
    return {one.name: one.open_places.to_dicts() for one in identities(centre) if not one.closes}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_identities_close_on_towns_made_by_chance(seed: int) -> None:
    with made_town(seed) as centre:
        assert the_open(centre) == {}
        on_one_day = identities(centre, days=[date(2026, 3, 9)])
    assert [one.name for one in on_one_day if not one.closes] == []


def test_there_is_one_for_every_law_of_the_catalogue() -> None:
    centre = town(**calls(CALL))
    numbers = {one.name.split("_")[0] for one in identities(centre)}
    assert {f"i{number:02d}" for number in range(1, 17)} <= numbers
    assert len(identities(centre)) == len(names("identities")) + 2


BROKEN = [
    ("a contact without a first visit", calls((CALL[0], {**CALL[1], "visit_no": 2})), "i02_contacts_and_reentries", ["c1"]),
    ("a leg of nobody's contact", {"contact": [CALL[0]], "leg": [CALL[1], {**CALL[1], "leg_id": 2, "contact_id": 99}]}, "legs_have_contacts", ["2"]),
    ("a closure that nothing undid and a request that is open", {"service_case": [{**CASE, "status": "open", "closed_at": None}],
     "case_event": [OPENED, CLOSED]}, "i09_closures", ["n1"]),
    ("a request that was closed twice", {"service_case": [CASE], "case_event": [OPENED, CLOSED, {**CLOSED, "case_event_id": 3, "seq": 3,
     "happened_at": at("2026-11-03T09:00")}]}, "i08_backlog", ["n1"]),
    ("an answer to an item that the form does not have", {
        "evaluation": [{"evaluation_id": 1, "form_id": "F", "form_version": "1", "submitted_at": at("2026-11-03T09:00")}],
        "form_item": [{"form_id": "F", "form_version": "1", "item_id": "greeting"}],
        "answer": [{"evaluation_id": 1, "item_id": "greeting"}, {"evaluation_id": 1, "item_id": "farewell"}], **calls(CALL)}, "i11_answers", ["1"]),
    ("an agent who is in two teams from the same day", {"team_member": [{"agent_id": "A1", "team_id": team, "valid_from": date(2026, 1, 1)}
     for team in ("Day", "Late")], **calls(CALL)}, "i13_team_is_its_members", ["Day", "Late"]),
    ("a source that calls late what was on time", {"service_case": [{**CASE, "on_time_vendor": False}], "case_event": [OPENED, CLOSED]},
     "i16_on_time_of_the_source", ["n1"]),
    ("a system whose total is not that of its calls", {"interval_stat": [{"stat_id": 1, "scope": "centre", "item": "offered", "value": 5.0,
     "interval_start_at": at("2026-11-03T00:00"), "is_complete": True}], **calls(CALL)}, "i16_totals_of_the_source", None),
]  # fmt: skip


@pytest.mark.parametrize(("tables", "name", "behind"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_what_does_not_close_is_named(tables: dict[str, Any], name: str, behind: list[str] | None) -> None:
    found = the_open(town(**tables))
    assert [place["behind"] for place in found[name]] == [behind]
