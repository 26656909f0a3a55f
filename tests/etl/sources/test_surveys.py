"""Surveys: header lines, invitations, answers, and which question is the main one."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from etl.survey_header import other_columns
from tests.etl.sources.conftest import TWINS
from tests.etl.sources.twin_city import at, load_twins, rows

SURVEYS = [
    # source, then: key, status, sent, answered, agent
    ("qualtrics_responses", [
        ("R_1", "finished", "2026-11-05 17:00", "2026-11-05 17:01:01", None),
        ("R_3", "started", "2026-11-05 19:00", None, None),
    ]),
    ("surveymonkey_responses", [
        ("118000000001", "finished", "2026-11-05 17:00", "2026-11-05 17:02", None),
        ("118000000002", "started", "2026-11-05 18:00", None, None),
        ("118000000003", "finished", "2026-11-05 19:00", "2026-11-05 19:02", None),
    ]),
    ("zendesk", [
        ("9001", "finished", "2026-11-07 16:00", "2026-11-07 18:00", "71"),
        ("9002", "finished", "2026-11-05 16:00", "2026-11-05 17:00", "71"),
        ("9003", "offered", "2026-11-07 16:00", None, "71"),  # an invitation: it belongs into the response rate
    ]),
    ("plain_surveys", [
        ("S-1", "finished", "2026-11-02 16:10", "2026-11-02 16:20", "A9"),
        ("S-2", "offered", "2026-11-02 16:20", None, "A1"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), SURVEYS, ids=[source for source, _ in SURVEYS])
def test_invitations_and_responses(twin_city: Path, source: str, expected: list[tuple[object, ...]]) -> None:
    found = rows(twin_city, "survey", "source_key", "status", "sent_at", "answered_at", "agent_id", source_id=source)
    told = [
        (key, status, at(str(sent)), answered and at(str(answered)), agent)
        for key, status, sent, answered, agent in expected
    ]
    assert found == told


ANSWERS = [
    ("qualtrics_responses", [
        ("Q1", "Overall, how satisfied are you with your call?", "2", 2.0, 5.0, "csat"),
        ("Q1", "Overall, how satisfied are you with your call?", "4", 4.0, 5.0, "csat"),
        ("Q2", "Was your issue resolved?", "Yes", None, None, "solved"),
        ("Q3", "How likely are you to recommend us?", "9", 9.0, 10.0, "nps"),
    ]),
    ("surveymonkey_responses", [
        ("Any comments?", "Any comments?", "Call me at [phone]", None, None, "none"),
        ("How satisfied were you with 311?", "How satisfied were you with 311?", "Dissatisfied", 2.0, 5.0, "csat"),
        ("How satisfied were you with 311?", "How satisfied were you with 311?", "Very satisfied", 5.0, 5.0, "csat"),
        ("Which of these did you use?: App", "Which of these did you use?", "App", None, None, "none"),
        ("Which of these did you use?: Phone", "Which of these did you use?", "Phone", None, None, "none"),
    ]),
    ("zendesk", [
        ("score", "How would you rate the support you received?", "Thanks", 5.0, 5.0, "csat"),
        ("score", "How would you rate the support you received?", "bad", 1.0, 5.0, "csat"),
    ]),
    ("plain_surveys", [
        ("Q1", "Q1", None, 5.0, 5.0, "csat"),
        ("Q2", "Q2", "yes", 1.0, 1.0, "solved"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), ANSWERS, ids=[source for source, _ in ANSWERS])
def test_answers(twin_city: Path, source: str, expected: list[tuple[object, ...]]) -> None:
    columns = "question_key question_text value_text value_num scale_max is_main".split()
    assert rows(twin_city, "survey_answer", *columns, source_id=source) == expected


def test_a_survey_finds_the_contact_that_it_names_and_the_case(twin_city: Path) -> None:
    calls = dict(rows(twin_city, "contact", "contact_id", "source_key", source_id="plain_calls"))
    found = rows(twin_city, "survey", "source_key", "contact_id")
    named = {key: calls[contact] for key, contact in found if contact is not None}
    assert named == {
        "R_1": "C-1",
        "R_3": "C-3",
        "118000000001": "C-1",
        "118000000002": "C-2",
        "118000000003": "C-3",
        "S-1": "C-1",
        "S-2": "C-2",
    }
    ((ticket,),) = rows(twin_city, "service_case", "case_id", source_id="zendesk", number="501")
    assert {case for (case,) in rows(twin_city, "survey", "case_id", source_key="9001")} == {ticket}


def test_who_answered_is_not_kept(twin_city: Path) -> None:
    texts = " ".join(str(row) for row in rows(twin_city, "survey_answer", "question_key", "value_text"))
    assert "192.0.2" not in texts
    assert "example.org" not in texts


OWN = """\
extends = "qualtrics_responses"
name = "our_survey"
[derived]
call_id = "coalesce(call_id, reference)"
status = "case when finished then 'finished' else 'started' end"
csat_key = "'Q3'"
scale_max = "10.0"
"""


def test_a_site_names_its_main_question(tmp_path: Path) -> None:
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / "our_survey.toml").write_text(OWN, encoding="utf-8")
    file = (TWINS / "qualtrics_main_question.csv").read_bytes()
    result = load_twins(tmp_path, {"answers.csv": file})["answers.csv"]
    assert result.layout == "our_survey"
    found = rows(tmp_path, "survey_answer", "question_key", "is_main", "scale_max", is_main="csat")
    assert found == [("Q3", "csat", 10.0)]


Labels = Literal["names", "ids_and_texts", "questions_and_choices"]
HEADERS: list[tuple[Labels, list[list[str]], set[int], list[tuple[str, str, int]]]] = [
    ("names", [["Id", "Greeting", "Tone"]], {0}, [("Greeting", "Greeting", 1), ("Tone", "Tone", 2)]),
    ("ids_and_texts", [["Id", "Q1"], ["Response ID", "How\nwas it?"], ["{}", "{}"]], {0}, [("Q1", "How was it?", 1)]),
    ("ids_and_texts", [["V1", "Q1", ""], ["ResponseID", "How was it?", ""]], {0}, [("Q1", "How was it?", 1)]),
    ("questions_and_choices", [["Id", "Why?", "", "More"], ["", "A", "B", "Open-Ended Response"]], {0},
     [("Why?: A", "Why?", 1), ("Why?: B", "Why?", 2), ("More", "More", 3)]),
]  # fmt: skip


@pytest.mark.parametrize(("labels", "lines", "taken", "expected"), HEADERS)
def test_header_lines_name_the_other_columns(
    labels: Labels, lines: list[list[str]], taken: set[int], expected: list[tuple[str, str, int]]
) -> None:
    assert list(other_columns(lines, labels, taken=taken)) == expected
