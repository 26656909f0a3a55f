"""Evaluations of every tool: the score as it was given, answers that do not apply, failures, calibrations, forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.etl.sources.twin_city import at, rows

EVALUATIONS = [
    # source, then: key, form, version, agent, evaluator, type, status, score, submitted
    ("amazon_connect", [("e-1", "f-1", "2", "agent-1", "q-1", "standard", "released", 0.0, "2026-11-05 10:12")]),  # nothing is a score
    ("genesys_cloud", [
        ("g-1", "form", "form-v3", "agent-1", "q-1", "standard", "released", 75.0, "2026-11-05 10:00"),
        ("g-2", "form", "form-v3", "agent-1", "q-2", "calibration", "draft", None, "2026-11-05 10:00"),
    ]),
    ("zendesk", [("7700000000000000001", "44", "1", "agent7@example.org", "q@example.org", "standard", "released", 50.0, "2026-11-09 16:00")]),
    ("asterisk", [
        ("311\x1flead1\x1f1762000000.17", "311", "1", "Agent/7", "lead1", "standard", "released", 66.67, "2026-11-05 17:00"),
        ("311\x1flead1\x1f1762000300.18", "311", "1", "Agent/8", "lead1", "standard", "released", 100.0, "2026-11-05 17:10"),
    ]),
    ("evaluation_sheet", [
        ("\x1fA7\x1fLead 1\x1fC-1\x1f11/05/2026", "sheet", "1", "A7", "Lead 1", "standard", "released", 66.7, "2026-11-05 07:00"),
        ("\x1fA8\x1fLead 1\x1fC-2\x1f11/05/2026", "sheet", "1", "A8", "Lead 1", "standard", "released", 100.0, "2026-11-05 07:00"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), EVALUATIONS, ids=[source for source, _ in EVALUATIONS])
def test_evaluations(twin_city: Path, source: str, expected: list[tuple[object, ...]]) -> None:
    columns = "source_key form_id form_version agent_id evaluator_id type status score_pct submitted_at".split()
    found = rows(twin_city, "evaluation", *columns, source_id=source)
    assert found == [(*row[:-1], at(str(row[-1]))) for row in expected]


ANSWERS = [
    # source, then: item, points, most, does not apply, counts, failed all
    ("amazon_connect", [
        ("q1", 0.0, 100.0, False, True, False),
        ("q2", 100.0, 100.0, False, True, False),
        ("q3", None, None, True, False, False),
    ]),
    ("genesys_cloud", [
        ("k1", 10.0, None, False, True, False),
        ("k2", None, None, True, False, False),
        ("k3", 5.0, None, False, True, False),
    ]),
    ("zendesk", [("1", 100.0, 100.0, False, True, False), ("2", 0.0, 100.0, False, True, True)]),
    ("asterisk", [
        ("GREET", 100.0, 100.0, False, True, False),
        ("GREET", 100.0, 100.0, False, True, False),
        ("SOLVE", 0.0, 100.0, False, True, False),
        ("SOLVE", 100.0, 100.0, False, True, False),
        ("TONE", 100.0, 100.0, False, True, False),  # the other grading left this optional item empty: no answer
    ]),
    ("evaluation_sheet", [
        ("Correct answer", 1.0, 1.0, False, True, False),
        ("Correct answer", 1.0, 1.0, False, True, False),
        ("Greeting", 1.0, 1.0, False, True, False),
        ("Greeting", 1.0, 1.0, False, True, False),
        ("Verified address", 0.0, 1.0, False, True, False),
        ("Verified address", None, None, True, False, False),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), ANSWERS, ids=[source for source, _ in ANSWERS])
def test_answers(twin_city: Path, source: str, expected: list[tuple[object, ...]]) -> None:
    columns = "item_id points max_points is_na is_scored failed_autofail".split()
    assert rows(twin_city, "answer", *columns, source_id=source) == expected


@pytest.mark.parametrize(
    ("source", "items"),
    [
        ("amazon_connect", {"q1": "Greeting", "q2": "Verified", "q3": "Transfer"}),
        ("genesys_cloud", {"k1": "k1", "k2": "k2", "k3": "k3"}),
        ("zendesk", {"1": "Tone", "2": "Solution"}),
        ("asterisk", {"GREET": "GREET", "TONE": "TONE", "SOLVE": "SOLVE"}),
        ("evaluation_sheet", {name: name for name in ("Greeting", "Verified address", "Correct answer")}),
    ],
)
def test_forms_are_known_from_their_use(twin_city: Path, source: str, items: dict[str, str]) -> None:
    assert dict(rows(twin_city, "form_item", "item_id", "text", source_id=source)) == items


def test_an_evaluation_finds_the_contact_or_the_case_that_it_is_about(twin_city: Path) -> None:
    calls = dict(rows(twin_city, "contact", "source_key", "contact_id", source_id="plain_calls"))
    about = dict(rows(twin_city, "evaluation", "contact_key", "contact_id"))
    assert about["C-1"] == calls["C-1"]
    assert about["C-2"] == calls["C-2"]
    ((ticket,),) = rows(twin_city, "service_case", "case_id", source_id="zendesk", number="501")
    assert rows(twin_city, "evaluation", "case_id", source_key="7700000000000000001") == [(ticket,)]


def test_what_evaluators_wrote_is_redacted(twin_city: Path) -> None:
    assert ("Asked for [ssn]",) in rows(twin_city, "evaluation", "comment", source_id="evaluation_sheet")


def test_a_dispute_names_its_evaluation_and_both_scores(twin_city: Path) -> None:
    columns = "status decision score_before score_after opened_at decided_at".split()
    expected = ("decided", "changed", 70.0, 80.0, at("2026-11-06 16:00"), at("2026-11-07 16:00"))
    assert rows(twin_city, "dispute", *columns) == [expected]
