"""Wrong numbers that histories of cases invite: a clean-up taken for a second closure, a guess that beats a record."""

from __future__ import annotations

import json
from pathlib import Path

import metrics as m
from tests.etl.sources.twin_city import at, load_twins, rows
from tests.in_memory import open_identities


def ticket(status: str, updated_at: str) -> str:
    """One ticket as the API shows it; it knows no closing time of its own."""
    return json.dumps({"tickets": [{
        "id": 1, "status": status, "via": {"channel": "web"}, "created_at": "2026-11-02T16:00:00Z",
        "updated_at": updated_at, "requester_id": 5, "submitter_id": 5,
    }]})  # fmt: skip


def test_archiving_a_solved_ticket_is_no_second_closure(tmp_path: Path) -> None:
    load_twins(tmp_path, {"t.json": ticket("solved", "2026-11-03T16:00:00Z")}, as_of="2026-11-04T00:00:00+00:00")
    load_twins(tmp_path, {"t.json": ticket("closed", "2026-11-08T16:00:00Z")}, as_of="2026-11-09T00:00:00+00:00")
    assert rows(tmp_path, "case_event", "happened_at", "event") == [
        (at("2026-11-02 16:00"), "created"),
        (at("2026-11-03 16:00"), "closed"),
    ]
    assert rows(tmp_path, "service_case", "closed_at", "status_code") == [(at("2026-11-03 16:00"), "closed")]
    audit = {"audits": [{"id": 1, "ticket_id": 1, "created_at": "2026-11-03T15:30:00Z", "author_id": 7, "events": [
        {"id": 11, "type": "Change", "field_name": "status", "previous_value": "open", "value": "solved"}]}]}  # fmt: skip
    load_twins(tmp_path, {"a.json": json.dumps(audit)}, as_of="2026-11-09T01:00:00+00:00")
    # the time of the last change was a guess; the recorded one replaces it
    assert rows(tmp_path, "service_case", "closed_at", "first_closed_at") == [(at("2026-11-03 15:30"),) * 2]
    with m.open_centre(tmp_path) as centre:
        assert open_identities(centre) == []
