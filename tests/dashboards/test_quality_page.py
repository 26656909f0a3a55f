"""Evaluators on the quality page: what `metrics.quality` finds, in words, and only for those who lead all of them."""

from __future__ import annotations

import pytest

import metrics as m
from dashboards.live import LiveCentre
from dashboards.pages import quality as page
from dashboards.view import View
from metrics import quality, text
from metrics.quality.evaluators import Evaluators, drift_words, item_words, na_words
from tests.dashboards.shown_text import text_of
from tests.dashboards.test_pages import DAY, EVERYONE

VIEW = View(DAY, span="13weeks")


@pytest.fixture(scope="module")
def found(loaded_city: object) -> Evaluators:
    with m.open_centre(loaded_city) as centre:  # type: ignore[arg-type]
        return quality.evaluators(centre, during=VIEW.period, scope=EVERYONE)


def test_every_evaluator_stands_there_with_interval_and_reading(live: LiveCentre, found: Evaluators) -> None:
    told = text_of(page.evaluators(live.answers(EVERYONE), VIEW))
    assert found.leniency.height > 1
    assert found.drift["evaluator"].to_list() == found.leniency["evaluator"].to_list()
    for row in found.leniency.iter_rows(named=True):
        assert row["evaluator"] in told
        assert f"{quality.severity_words(row)} {text.count(row['n'])} {quality.signed_points(row['effect'])}" in told
    for row in found.na.iter_rows(named=True):
        assert f"{na_words(row)} {text.count(row['n'])} {text.share(row['rate'])}" in told


def test_who_leads_some_teams_reads_of_items_and_of_no_evaluator(live: LiveCentre) -> None:
    told = text_of(page.evaluators(live.answers(m.Scope.of_teams("Day A")), VIEW))
    assert "How often an item does not apply" in told
    assert "Strictness" not in told
    assert "E-" not in told


READINGS = [
    # what is known, and how it is read
    (drift_words, {"q": None, "effect": None}, "too few to tell"),
    (drift_words, {"q": 0.2, "effect": 0.05}, "no change that could be told from chance"),
    (drift_words, {"q": 0.01, "effect": 0.05}, "grew more lenient"),
    (drift_words, {"q": 0.01, "effect": -0.05}, "grew stricter"),
    (na_words, {"q": 0.2, "rate": 0.5, "expected": 0.1}, "as the others, as far as can be told"),
    (na_words, {"q": 0.01, "rate": 0.5, "expected": 0.1}, "more often than the others"),
    (na_words, {"q": 0.01, "rate": 0.1, "expected": 0.5}, "less often than the others"),
    (item_words, {"q": None}, "too few to tell"),
    (item_words, {"q": 0.2}, "evaluators say it alike, as far as can be told"),
    (item_words, {"q": 0.01}, "evaluators say it at different rates: agree when it applies"),
]


@pytest.mark.parametrize(("reading", "row", "told"), READINGS)
def test_a_word_stands_only_where_chance_was_allowed_for(reading: object, row: dict[str, float], told: str) -> None:
    assert reading(row) == told  # type: ignore[operator]
