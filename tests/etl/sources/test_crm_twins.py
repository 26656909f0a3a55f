"""What the twins of each case system become: cases in their newest state, and events with their times."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

import metrics as m
from tests.etl.sources.twin_city import at, rows
from tests.in_memory import open_identities

STATES = "number status kind channel department created_at closed_at due_at".split()
# source, then its cases: number, status, kind, channel, department, created, closed, due (all UTC)
CASES: list[tuple[str, list[tuple[object, ...]]]] = [
    ("chicago_311", [
        ("SR26-00000001", "closed", "request", "voice", "CDOT - Department of Transportation", "2026-11-02 14:15", "2026-11-04 19:00", None),
        ("SR26-00000002", "duplicate", "request", "app", "CDOT - Department of Transportation", "2026-11-02 15:15", "2026-11-04 19:00", None),
        ("SR26-00000003", "closed", "information", "voice", "311 City Services", "2026-11-02 16:00", "2026-11-02 16:00", None),
        ("SR26-00000004", "cancelled", "request", "web", "Streets and Sanitation", "2026-11-03 13:00", "2026-11-03 14:00", None),
        ("SR26-00000005", "open", "request", "app", "Streets and Sanitation", "2026-11-03 13:30", None, None),
    ]),
    ("san_francisco_311", [
        ("90000001", "closed", "request", "app", "DPW Ops Queue", "2026-11-02 16:15", "2026-11-03 01:00", None),
        ("90000002", "open", "request", "voice", "311 Service Request Queue", "2026-11-02 17:15", None, None),
        ("90000003", "closed", "request", "web", "DPW Ops Queue", "2026-11-02 19:52", "2026-11-03 19:52", None),
    ]),
    ("philadelphia_311", [
        ("17000001", "closed", "request", None, "Streets Department", "2026-11-02 13:00", "2026-11-03 15:00", "2026-11-05 13:00"),
        ("17000002", "open", "request", None, "311", "2026-11-02 13:05", None, None),
    ]),
    ("austin_311", [
        ("26-00000001", "closed", "request", "voice", "Animal Services Office", "2026-11-02 16:00", "2026-11-03 16:00", None),
        ("26-00000002", "duplicate", "request", "app", "Animal Services Office", "2026-11-02 17:00", "2026-11-02 18:00", None),
        ("26-00000003", "open", "request", "web", "Transportation", "2026-11-02 18:00", None, None),
    ]),
    ("boston_311_since_2025", [
        ("BCS-00000001", "closed", "request", "voice", "Public Works", "2026-11-02 13:00", "2026-11-03 13:00", "2026-11-04 13:00"),
        ("BCS-00000002", "open", "request", "app", "Parks", "2026-11-02 14:00", None, "2026-11-09 14:00"),
    ]),
    ("motorola_csr", [
        ("26-10000001", "closed", "request", "voice", "Code", "2026-11-02 16:00", "2026-11-04 16:00", "2026-11-05 16:00"),
        ("26-10000002", "open", "request", "walk_in", "Code", "2026-11-02 17:00", None, "2026-11-05 17:00"),
    ]),
    ("lagan_cases", [
        ("101004000001", "closed", "request", "voice", "PWD", "2026-11-02 16:00", "2026-11-04 19:00", "2026-11-06 00:00"),
        ("101004000002", "open", "request", "web", "PWD", "2026-11-02 16:30", None, "2026-11-13 00:00"),
    ]),
    ("open311_requests", [
        ("638344", "closed", "request", None, None, "2026-11-02 14:37:38", "2026-11-03 14:37:38", None),
    ]),
    ("peoplesoft", [
        ("1", "closed", "request", "voice", "PWSTREETS", "2026-11-02 16:00", "2026-11-04 19:00", "2026-11-05 16:00"),
        ("1", "open", "request", "radio", "PWLIGHTS", "2026-11-02 17:00", None, None),
        ("2", "open", "request", "fax", "PARKS", "2026-11-02 18:00", None, None),
    ]),
    ("dynamics", [
        ("CAS-01001-A1", "closed", "request", "voice", None, "2026-11-02 16:00", "2026-11-04 16:00", "2026-11-05 16:00"),
        ("CAS-01002-A2", "open", "information", "email", None, "2026-11-02 17:00", None, None),
        ("CAS-01003-A3", "merged", "request", "web", None, "2026-11-02 18:00", "2026-11-03 16:00", None),
    ]),
    ("zendesk", [
        ("501", "closed", "request", "web", "9", "2026-11-02 16:00", "2026-11-06 16:00", None),
        ("502", "open", "information", "voice", "9", "2026-11-02 17:00", None, None),
    ]),
    ("servicenow", [
        ("CS0000003", "closed", "request", "email", "Finance", "2026-11-02 18:00", "2026-11-05 16:00", None),
        # the due date is that of the agreement on service
        ("INC0010001", "closed", "request", "voice", "Streets", "2026-11-02 16:00", "2026-11-04 16:00", "2026-11-05 16:00"),
        ("INC0010002", "waiting", "request", "walk_in", "Parks", "2026-11-02 17:00", None, "2026-11-03 17:00"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), CASES, ids=[source for source, _ in CASES])
def test_cases_in_their_newest_state(twin_city: Path, source: str, expected: list[tuple[object, ...]]) -> None:
    found = rows(twin_city, "service_case", *STATES, source_id=source)
    assert found == [(*row[:5], *map(instant, row[5:])) for row in expected]


def instant(text: object) -> datetime | None:
    """A moment of the table above."""
    return at(text) if isinstance(text, str) else None


EVENTS = "happened_at event from_value to_value done_by time_q".split()
HISTORIES: list[tuple[str, str, list[tuple[object, ...]]]] = [
    ("zendesk", "501", [
        ("2026-11-02 16:00", "created", None, None, "71", "exact"),
        ("2026-11-02 16:00", "noted", None, None, "5001", "exact"),
        ("2026-11-02 16:00", "status", None, "new", "5001", "exact"),
        ("2026-11-04 16:00", "closed", "new", "closed", "71", "exact"),
        ("2026-11-05 16:00", "noted", None, None, "5001", "exact"),
        ("2026-11-05 16:00", "reopened", "closed", "open", "5001", "exact"),
        ("2026-11-05 17:00", "noted", None, None, "5001", "exact"),
        ("2026-11-06 16:00", "assigned", "70", "71", "71", "exact"),
        ("2026-11-06 16:00", "closed", "open", "closed", "71", "exact"),
    ]),
    ("servicenow", "INC0010001", [
        ("2026-11-02 16:00", "created", None, None, "A7", "exact"),
        ("2026-11-02 16:00", "sla_started", None, "2026-11-05 16:00:00", None, "zone_set"),
        ("2026-11-02 16:30", "assigned", None, "bob", "bob", "zone_set"),
        ("2026-11-02 16:30", "status", "new", "open", "bob", "zone_set"),
        ("2026-11-04 16:00", "closed", "open", "closed", "bob", "zone_set"),
        ("2026-11-04 16:00", "sla_met", None, None, None, "zone_set"),
    ]),
    ("servicenow", "INC0010002", [
        ("2026-11-02 17:00", "created", None, None, "A8", "exact"),
        ("2026-11-02 17:00", "sla_started", None, "2026-11-03 17:00:00", None, "zone_set"),
        ("2026-11-03 17:00", "sla_breached", None, None, None, "zone_set"),
    ]),
    ("dynamics", "CAS-01001-A1", [
        ("2026-11-02 16:00", "created", None, None, "A7", "exact"),
        ("2026-11-02 16:10", "assigned", "u9", "u1", "u9", "exact"),
        # the audit knows when it was resolved; the case itself only when it last changed
        ("2026-11-04 16:00", "closed", "open", "closed", "u1", "exact"),
        # the resolution tells of the same closure, and makes no second one of it
        ("2026-11-04 16:00", "status", "closed", "closed", "u1", "exact"),
    ]),
    ("plain_crm", "P-1", [
        ("2026-11-02 16:03", "created", None, None, "A1", "exact"),
        ("2026-11-04 16:00", "closed", "open", "closed", "CREW", "exact"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "number", "expected"), HISTORIES, ids=[f"{row[0]} {row[1]}" for row in HISTORIES])
def test_history_gives_the_events(
    twin_city: Path, source: str, number: str, expected: list[tuple[object, ...]]
) -> None:
    ((case_id,),) = rows(twin_city, "service_case", "case_id", source_id=source, number=number)
    found = rows(twin_city, "case_event", *EVENTS, case_id=case_id)
    assert found == [(instant(row[0]), *row[1:]) for row in expected]


def test_two_units_may_use_one_case_number(twin_city: Path) -> None:
    keys = [key for (key,) in rows(twin_city, "service_case", "source_key", source_id="peoplesoft")]
    assert keys == ["CRM01\x1f1", "CRM01\x1f2", "CRM02\x1f1"]
    ((case_id,),) = rows(twin_city, "service_case", "case_id", source_id="peoplesoft", source_key="CRM01\x1f1")
    found = rows(twin_city, "case_event", "event", "to_value", case_id=case_id)
    assert found == [("assigned", "PWSTREETS"), ("closed", "closed"), ("created", None)]


def test_lengths_that_are_written_as_moments_since_1970(twin_city: Path) -> None:
    ((extra,),) = rows(twin_city, "service_case", "extra", number="INC0010001")
    assert extra == '{"calendar_duration_ms":172800000,"business_duration_ms":null}'


def test_a_duplicate_names_the_request_that_it_repeats(twin_city: Path) -> None:
    ((original,),) = rows(twin_city, "service_case", "case_id", number="SR26-00000001")
    assert rows(twin_city, "service_case", "parent_case_id", number="SR26-00000002") == [(original,)]


def test_denver_has_no_numbers_and_tells_information_from_requests(twin_city: Path) -> None:
    found = rows(
        twin_city, "service_case", "title", "status", "kind", "first_contact_resolution_vendor", source_id="denver_311"
    )
    assert found == [
        ("Café waste", "closed", "information", True),
        ("Graffiti", "closed", "complaint", False),
        ("Pothole at corner", "open", "request", False),
    ]


def test_what_residents_wrote_is_redacted_in_the_history_too(twin_city: Path) -> None:
    texts = [text for (text,) in rows(twin_city, "case_event", "text") if text]
    assert texts == ["Filled", "Filled; call [phone] if not", "It is back", "My number is [phone]", "Still there"]


def test_every_identity_closes(twin_city: Path) -> None:
    with m.open_centre(twin_city) as centre:
        assert open_identities(centre) == []
