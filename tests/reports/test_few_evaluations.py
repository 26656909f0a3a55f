"""A packet of somebody with one evaluation says what it can of one, and no more."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from metrics.parts import Table
from reports.packet_quality import Reviewed, evidence, only_month, tables

EVALUATION = {
    "agent": "A1", "contact_key": "phone:C1", "held_on": date(2026, 10, 5), "held_at": datetime(2026, 10, 5, 9, 30, tzinfo=UTC),
    "evaluator": "E-1", "form": "RB-QA", "form_version": "1", "final_score": 0.9, "is_in_sample": True,
    "is_counted": True, "is_autofailed": False, "customer_failed": False, "business_failed": False,
    "compliance_failed": False, "selection": "random", "standing": "released", "fault": None,
}  # fmt: skip
ANSWERS = [
    {"agent": "A1", "evaluator": "E-1", "section": "Accuracy", "is_in_sample": True, "is_scored": True,
     "is_applicable": True, "failed": False, "is_na": False},
    {"agent": "A1", "evaluator": "E-1", "section": "Accuracy", "is_in_sample": True, "is_scored": True,
     "is_applicable": False, "failed": False, "is_na": True},
]  # fmt: skip


def reviewed(*changes: dict[str, object]) -> Reviewed:
    """The evaluations of one agent, each the plain one with its changes."""
    made = pl.DataFrame([{**EVALUATION, **one} for one in changes], infer_schema_length=None)
    return Reviewed(made, pl.DataFrame(ANSWERS), pl.DataFrame(), ())


def words(table: Table | None) -> list[list[str]]:
    assert table is not None
    return [[row.label, *map(str, row.cells)] for row in table.rows]


def test_one_evaluation_has_no_range_and_no_table_of_months() -> None:
    found = reviewed({})
    sections, evaluators = tables(found)
    assert words(sections) == [["Accuracy", "100.0 %", "1 of 1", "1 of 2"]]
    assert words(evaluators) == [["E-1", "1", "90", "1 of 2"]]
    assert only_month(found) == ("Mean score of the contacts drawn at random in October 2026: 90 (n 1).",)
    assert words(evidence(found)) == [["C1", "5 Oct 2026, 09:30", "E-1", "RB-QA 1", "drawn at random", "90"]]


def test_two_evaluations_of_two_months_have_a_range_and_a_table() -> None:
    found = reviewed({}, {"held_on": date(2026, 11, 2), "final_score": 0.7, "customer_failed": True})
    months, _, evaluators = tables(found)
    assert words(months) == [["October 2026", "1", "90", "0", "0", "0"], ["November 2026", "1", "70", "1", "0", "0"]]
    assert words(evaluators) == [["E-1", "2", "80 (70 to 90)", "1 of 2"]]
    assert only_month(found) == ()


@pytest.mark.parametrize(
    ("change", "remark"),
    [({}, None), ({"is_counted": False, "standing": "calibration"}, "not counted: calibration")],
)
def test_remarks_have_a_column_only_where_there_are_any(change: dict[str, object], remark: str | None) -> None:
    table = evidence(reviewed(change))
    assert table is not None
    assert [table.columns[-1], str(table.rows[0].cells[-1])] == (["Remark", remark] if remark else ["Score", "90"])


def test_only_chosen_contacts_make_no_score() -> None:
    found = reviewed({"is_in_sample": False, "selection": "targeted"})
    assert (tables(found), only_month(found)) == ((), ())
    assert words(evidence(found))[0][4] == "chosen"
