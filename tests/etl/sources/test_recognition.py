"""Each system's export is known from the file alone, and every row of it is accounted for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from etl.inspection import inspect
from etl.layout import shipped_layouts
from etl.ledger import FileResult
from etl.template import template
from sql import WrongUse
from tests.etl.sources.conftest import TWINS
from tests.etl.sources.twin_city import load_twins, rows

# file: layout, rows read, good, and why rows were put aside
EXPECTED: dict[str, tuple[str, int, int, dict[str, int]]] = {
    "MOTOROLA_CSR.CSV": ("motorola_csr", 2, 2, {}),
    "agentScheduleDetail_112126_0500.txt": ("iex_schedule", 2, 2, {}),
    "agentScheduleDetail_headless.txt": ("iex_schedule_headless", 2, 2, {}),
    "austin_311.csv": ("austin_311", 3, 3, {}),
    "boston_311_since_2025.csv": ("boston_311_since_2025", 2, 2, {}),
    "chicago_311.csv": ("chicago_311", 5, 5, {}),
    "connect_evaluation.json": ("amazon_connect_evaluation", 3, 3, {}),
    "cxone_schedule.csv": ("cxone_schedule", 3, 3, {}),
    "denver_311.csv": ("denver_311", 3, 3, {}),
    "dynamics_audit.csv": ("dynamics_audit", 2, 2, {}),
    "dynamics_incidents.json": ("dynamics_incident", 3, 3, {}),
    "dynamics_resolutions.csv": ("dynamics_case_resolution", 1, 1, {}),
    "evaluation_sheet.csv": ("evaluation_sheet", 2, 2, {}),
    "genesys_evaluations.json": ("genesys_evaluations", 4, 4, {}),
    "genesys_schedules.json": ("genesys_schedules", 3, 3, {}),
    "lagan_cases.csv": ("lagan_cases", 2, 2, {}),
    "open311_closed.xml": ("open311_requests", 1, 1, {}),
    "peoplesoft_audit.csv": ("peoplesoft_case_audit", 2, 2, {}),
    "peoplesoft_cases.csv": ("peoplesoft_rc_case", 3, 3, {}),
    "philadelphia_311.csv": ("philadelphia_311", 2, 2, {}),
    "plain_calls.csv": ("plain_calls", 5, 5, {}),
    "plain_case_events.csv": ("plain_case_events", 2, 2, {}),
    "plain_cases.csv": ("plain_cases", 8, 8, {}),
    "plain_disputes.csv": ("plain_disputes", 1, 1, {}),
    "plain_targets.csv": ("plain_targets", 4, 2, {"meant_for_nobody": 1, "says_nothing": 1}),
    "plain_surveys.csv": ("plain_surveys", 4, 3, {"outside_its_scale": 1}),
    "qualtrics_main_question.csv": ("qualtrics_responses", 3, 2, {"a_preview_and_no_response": 1}),
    "queuemetrics_qa.csv": ("queuemetrics_qa", 2, 2, {}),
    "san_francisco_311_api.json": ("san_francisco_311", 1, 1, {}),
    "san_francisco_311_portal.csv": ("san_francisco_311", 2, 2, {}),
    "servicenow_audit.csv": ("servicenow_audit", 3, 3, {}),
    "servicenow_incidents.csv": ("servicenow_tasks", 3, 3, {}),
    "servicenow_sla.csv": ("servicenow_task_sla", 2, 2, {}),
    "surveymonkey.csv": ("surveymonkey_responses", 3, 3, {}),
    "zendesk_audits.json": ("zendesk_ticket_audits", 8, 8, {}),
    "zendesk_qa.json": ("zendesk_qa_reviews", 2, 2, {}),
    "zendesk_satisfaction.json": ("zendesk_satisfaction_ratings", 4, 4, {}),
    "zendesk_tickets.json": ("zendesk_tickets", 2, 2, {}),
}


@pytest.mark.parametrize("name", sorted(path.name for path in TWINS.iterdir()))
def test_a_file_is_known_and_its_rows_are_accounted_for(twins: tuple[Path, dict[str, FileResult]], name: str) -> None:
    result = twins[1][name]
    assert result.verdict == "accepted", result.message
    assert (result.layout, result.rows_read, result.good, result.reasons) == EXPECTED[name]


def test_sources_say_what_a_test_rests_on() -> None:
    told = {name: layout.evidence for name, layout in shipped_layouts().items()}
    assert [name for name, evidence in told.items() if not ("real" in evidence or "twin" in evidence)] == []


PLAIN = sorted(name for name in shipped_layouts() if name.startswith("plain_"))


@pytest.mark.parametrize("name", PLAIN)
def test_a_template_is_known_as_what_it_is_and_its_example_is_good(name: str, tmp_path: Path) -> None:
    file = tmp_path / f"{name}.csv"
    file.write_text(template(name, tmp_path), encoding="utf-8")
    found = inspect(file, tmp_path)
    assert (found.layout, found.good, found.quarantined) == (name, 1, 0), found.first_faults


OWN = """\
extends = "peoplesoft_rc_case"
name = "denver_peoplesoft"
title = "Denver's own case query"
[columns.number]
source = "Case Nbr"
[columns.status]
source = "Stat"
codes = { "OPN" = "open", "CLS" = "closed" }
type = "code"
[columns.created_at]
source = "Added"
[columns.closed_at]
source = "Done"
"""


def test_a_site_names_its_own_columns_in_a_layout_that_extends_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / "denver.toml").write_text(OWN, encoding="utf-8")
    query = "BUSINESS_UNIT,Case Nbr,Stat,Added,Done\nCRM01,7,CLS,2026-11-02 09:00:00,2026-11-03 09:00:00\n"
    result = load_twins(tmp_path, {"query.csv": query})["query.csv"]
    assert (result.layout, result.source, result.good) == ("denver_peoplesoft", "peoplesoft", 1), result.message
    assert rows(tmp_path, "service_case", "number", "status") == [("7", "closed")]


BROKEN = [
    ("no such statements", 'name = "own"\nextends = "plain_cases"\nstaging = "nothing"\n', "no statements turn rows"),
    ("no such layout to extend", 'name = "own"\nextends = "peoplesoft_rc_cases"\n', "Did you mean peoplesoft_rc_case"),
    ("a derived column of a column that is not there", 'name = "own"\nextends = "plain_cases"\n[derived]\nnumber = "case_no"\n', "derived columns cannot be understood"),
    ("a rule on a column that is not there", 'name = "own"\nextends = "plain_cases"\n[rules]\nodd = "case_no > 1"\n', "rules cannot be understood"),
]  # fmt: skip


@pytest.mark.parametrize(("layout", "message"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_layout_that_cannot_be_used_says_why(layout: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / "own.toml").write_text(layout, encoding="utf-8")
    with pytest.raises(WrongUse, match=message):
        load_twins(tmp_path, {"cases.csv": (TWINS / "plain_cases.csv").read_bytes()})


REFUSED = [
    ("a bomb of definitions", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb">]><a><r>&b;</r></a>', "xml_definitions"),
    ("cut off", b'<?xml version="1.0"?><service_requests><request><service_request_id>1', "damaged_xml"),
    ("a list of services", b"<services><service><service_code>1</service_code></service></services>", "unknown_layout"),
    ("a number with leading zeros", b'[{"service_request_id": 006, "status": "open"}]', "damaged_json"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "reason"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_xml_and_json_that_are_no_export_are_refused_whole(content: bytes, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "requests.xml"
    file.write_bytes(content)
    found = inspect(file, tmp_path)
    assert found.layout is None
    assert load_reason(found.message) == reason


def load_reason(message: str) -> str:
    """The reason code that a message stands for."""
    words = {
        "document type of its own": "xml_definitions",
        "not whole XML": "damaged_xml",
        "no known layout": "unknown_layout",
        "not whole JSON": "damaged_json",
    }
    return next((code for text, code in words.items() if text in message), message)


def test_a_response_in_two_shapes_is_one_request(tmp_path: Path) -> None:
    fields = {
        "service_request_id": "1",
        "status": "open",
        "service_name": "Lamp",
        "requested_datetime": "2026-11-02T09:00:00-07:00",
    }
    element = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    files = {
        "a.json": json.dumps([fields]),
        "b.xml": f"<service_requests><request>{element}</request></service_requests>",
        "c.json": json.dumps({"service_requests": [fields]}),
    }
    results = load_twins(tmp_path, files)
    assert [result.good for result in results.values()] == [1, 1, 1]
    assert rows(tmp_path, "service_case", "number", "request_type", "status") == [("1", "Lamp", "open")]
