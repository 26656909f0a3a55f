"""The sampling plan as it is worked off: whom an evaluator may score, what is done, and what a number of reviews buys."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from metrics.quality.form import Form, Item, forms_for
from metrics.quality.plan import own_teams, quota, refuses_own_team, team_of
from metrics.sampling import reach, reviews_for

ON = date(2026, 11, 9)
FORM = Form("phone", "9", "Phone", (Item("greeting", "Greets"),), channels=("voice",))


@pytest.mark.parametrize(("points", "reviews"), [(5, 26), (3, 73), (2, 163)])
def test_what_a_precision_costs_is_what_it_buys(points: float, reviews: int) -> None:
    # the numbers of qa-methods §2, from a standard deviation of 13
    assert reviews_for(points) == reviews
    assert reach(reviews) <= points < reach(reviews - 1)


@pytest.mark.parametrize(
    ("known", "channel", "expected"),
    [
        ([replace(FORM, version="9"), replace(FORM, version="10")], "voice", ["phone 10"]),
        ([FORM, replace(FORM, version="10", valid_from=date(2026, 12, 1))], "voice", ["phone 9"]),
        ([FORM], "email", []),
        ([replace(FORM, id="any", channels=()), FORM], "voice", ["phone 9", "any 9"]),
        ([replace(FORM, id="any", channels=()), FORM], "email", ["any 9"]),
    ],
)
def test_a_contact_is_scored_with_the_newest_form_of_its_channel(
    known: list[Form], channel: str, expected: list[str]
) -> None:
    assert [f"{one.id} {one.version}" for one in forms_for(known, channel, on=ON)] == expected


SPELLS: list[dict[str, Any]] = [
    {"agent_id": "A1", "team": "Red", "supervisor": "S1", "valid_from": date(2026, 1, 1), "valid_to": ON},
    {"agent_id": "A1", "team": "Blue", "supervisor": "S2", "valid_from": ON, "valid_to": None},
]


@pytest.mark.parametrize(
    ("on", "team", "leads"),
    [(date(2026, 11, 8), "Red", ["Red"]), (ON, "Blue", []), (date(2025, 1, 1), None, [])],
)
def test_a_team_is_somebodys_own_on_the_day_of_the_contact(on: date, team: str | None, leads: list[str]) -> None:
    assert team_of(SPELLS, "A1", on) == team
    assert sorted(own_teams(SPELLS, "S1", on)) == leads


def test_the_own_team_is_left_out_only_where_no_form_allows_it() -> None:
    strict = replace(FORM, may_score_own_team=False)
    assert refuses_own_team([strict], "voice", ON)
    assert not refuses_own_team([strict, replace(FORM, id="other")], "voice", ON)
    assert not refuses_own_team([strict], "email", ON)


def test_a_quota_says_needed_done_and_remaining() -> None:
    contacts = pl.DataFrame({"contact_id": [1, 2, 3, 4], "agent_id": ["A", "A", "B", "A"], "completed_local": [ON] * 4})
    found = quota(contacts, {(1, "A"), (3, "A")}).select("agent_id", "needed", "done", "remaining")
    assert list(found.iter_rows()) == [("A", 3, 1, 2), ("B", 1, 0, 1)]
