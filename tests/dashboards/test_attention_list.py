"""What needs attention on the day's page: each line leads to its rows, names to people, doubts to the data."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest

from dashboards.attention_list import attention
from dashboards.live import LiveCentre
from dashboards.pages import contacts
from dashboards.view import View
from metrics import text
from metrics.attention import MOST, Finding, findings, rules
from tests.dashboards.shown_text import links_of, text_of
from tests.dashboards.test_pages import DAY, DURING, EVERYONE

VIEW = View(DAY, (("queue", "water"),))


def test_each_line_opens_the_rows_that_it_counts_whatever_the_page_is_narrowed_to(live: LiveCentre) -> None:
    answers = live.answers(EVERYONE)
    led = {words: href for words, href in links_of(attention(answers, VIEW)) if href.startswith("/contacts")}
    found = [one for one in findings(answers, DURING, most=None) if one.sentence in led]
    assert found
    for one in found[:4]:
        view = View.from_search(led[one.sentence].partition("?")[2], otherwise=DAY)
        told = text_of(contacts.page(answers, view))
        if one.figure.metric.unit == "share":
            number = (one.figure.denominator or 0) - (one.figure.numerator or 0)
            number = one.figure.numerator or 0 if one.rule.show == "counted" else number
        else:
            number = one.figure.value or 0
        assert f": {text.number_of(round(number), 'row')}" in told, one.sentence


def test_names_lead_to_people_and_what_does_not_fit_is_folded_away(
    live: LiveCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = live.answers(EVERYONE)
    rule = rules()["adherence_of_agent"]
    figure = answers.total(["adherence"], DURING)["adherence"]
    many = [
        Finding(rule, f"Outside the plan: Ana ({number})", figure, None, 1, "Outside the plan", (("A1001", "Ana"),))
        for number in range(MOST + 2)
    ]
    monkeypatch.setattr("dashboards.attention_list.findings", lambda *_, **__: many)
    monkeypatch.setattr(answers, "kept", lambda _, ask, **__: ask())
    shown = attention(answers, VIEW)
    names = [href for words, href in links_of(shown) if words == "Ana"]
    assert len(names) == MOST + 2
    assert parse_qs(names[0].partition("?")[2])["agent"] == ["A1001"]
    assert "2 more lines of less weight" in text_of(shown)
