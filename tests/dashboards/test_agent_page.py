"""The agent's page: every number on it is the figure's, the strips are the states and the plan, nobody else is named."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

import metrics as m
from dashboards.agent_quality import reviews, sections
from dashboards.day_strip import day_strip
from dashboards.families import FAMILIES, families
from dashboards.live import LiveCentre
from dashboards.verdicts import all_compared
from dashboards.view import View
from metrics import Asker, Period, quality, text
from metrics.agent_day import agent_day, described
from metrics.compare import words
from metrics.quality.record import critical_errors, sections_among
from tests.dashboards.shown_text import links_of, text_of
from tests.dashboards.test_pages import DAY, EVERYONE

AGENT = "A1005"
VIEW = View(DAY, (("agent", AGENT),), span="13weeks")
HOUR = 3600.0


def lasted(stretches: object) -> float:
    return sum(one.until.timestamp() - one.first.timestamp() for one in stretches)  # type: ignore[attr-defined]


def test_the_strips_add_up_to_the_figures_of_the_day(city: m.Centre) -> None:
    day = agent_day(Asker(city, EVERYONE), AGENT, DAY)
    asked = {"during": Period.day(DAY), "where": {"agent": [AGENT]}, "scope": EVERYONE}
    staffed = m.measure(city, ["staffed_time"], **asked)["value"][0]  # type: ignore[arg-type]
    plan = m.measure(city, ["adherence"], key="split", **asked).row(0, named=True)  # type: ignore[arg-type]
    assert lasted(day.states) / HOUR == pytest.approx(staffed)
    assert lasted(day.plan) / HOUR == pytest.approx(plan["denominator"])
    apart = sum(one.seconds for one in day.departures) / HOUR
    assert 0 < apart <= plan["denominator"] - plan["numerator"] + 1e-9
    assert all(one.first.tzinfo is not None and one.seconds >= 120 for one in day.departures)


def test_a_day_is_told_in_words_and_leads_to_the_days_beside_it(live: LiveCentre) -> None:
    answers = live.answers(EVERYONE)
    shown = day_strip(answers, VIEW, AGENT)
    told = text_of(shown)
    day = agent_day(answers, AGENT, DAY)
    assert f"there from {text.clock(day.states[0].first)} to {text.clock(day.states[-1].until)}" in told
    assert all(text.duration(one.seconds) in told for one in day.departures)
    steps = [href for words_, href in links_of(shown) if words_.startswith("‹")]
    assert "show=2026-11-0" in steps[0]
    assert described(day).startswith("Tuesday 10 November 2026: states and plan. Was from ")
    other = text_of(day_strip(answers, View(DAY, VIEW.chosen, span="13weeks", show="2026-11-09"), AGENT))
    assert "Monday 9 November 2026" in other


def test_four_rows_say_value_expected_and_verdict(live: LiveCentre) -> None:
    answers = live.answers(EVERYONE)
    told = text_of(families(answers, VIEW, AGENT))
    found = all_compared(answers, VIEW.period)
    assert all(family.title in told for family in FAMILIES)
    for one in found.values():
        verdict = one.verdict(AGENT)
        assert one.rule.title in told
        if verdict is not None:
            assert one.sentence(AGENT) in told
            assert words.value(one.rule, verdict.value) in told
            assert verdict.expected is None or words.likely(one.rule, verdict) in told
    # two weeks are no course, and that is said
    assert "weeks with enough contacts; ten show what is usual." in told
    assert "rank" not in told


@pytest.fixture
def said(city: m.Centre) -> pl.DataFrame:
    return quality.answers(city, during=VIEW.period, scope=EVERYONE)


def test_sections_are_counted_from_the_answers(city: m.Centre, said: pl.DataFrame) -> None:
    drawn = said.filter("is_in_sample", "is_applicable")
    agent = drawn["agent"].mode().sort()[0]
    frame = sections_among(drawn, agent, scope=EVERYONE)
    assert frame.height
    for row in frame.iter_rows(named=True):
        mine = [
            one
            for one in drawn.iter_rows(named=True)
            if (one["agent"], one["form"], one["section"]) == (agent, row["form"], row["section"])
        ]
        assert (row["n"], row["passed"]) == (len(mine), len([one for one in mine if not one["failed"]]))
        assert row["low"] - 1e-9 <= row["rate"] <= row["high"] + 1e-9
    rate = m.measure(city, ["item_pass_rate"], during=VIEW.period, where={"agent": [agent]}, scope=EVERYONE)
    assert frame["n"].sum() == rate["denominator"][0]
    assert frame["passed"].sum() == rate["numerator"][0]


def test_reviews_list_critical_errors_and_name_no_evaluator_to_the_agent(
    live: LiveCentre, city: m.Centre, said: pl.DataFrame
) -> None:
    failed = said.filter(
        pl.col("is_counted") & pl.col("failed") & pl.col("is_applicable") & (pl.col("critical_class") != "none")
    )
    agent = str(failed["agent"].mode().sort()[0])
    view = View(DAY, (("agent", agent),), span="13weeks")
    mine = critical_errors(said, agent)
    assert mine.height == failed.filter(agent=agent).height > 0
    boss = text_of(reviews(live.answers(EVERYONE), view, agent))
    own = text_of(reviews(live.answers(m.Scope.of_agent(agent)), view, agent))
    for told in (boss, own):
        assert all(str(row["text"]) in told for row in mine.iter_rows(named=True))
    made = quality.evaluations(city, during=view.period, scope=EVERYONE).filter("is_released", agent=agent)
    evaluator = str(made["evaluator"][0])
    assert evaluator in boss
    assert evaluator not in own
    assert "others" in text_of(sections(live.answers(m.Scope.of_agent(agent)), view, agent))


def test_nobody_is_shown_whom_the_asker_may_not_see(live: LiveCentre) -> None:
    from dashboards.pages import agent as page

    answers = live.answers(m.Scope.of_agent("A1001"))
    assert page.comparisons(answers, VIEW) == []
    assert page.day_and_work(answers, VIEW) == []


def test_a_day_without_work_says_so(live: LiveCentre) -> None:
    nothing = View(date(2025, 1, 5), VIEW.chosen, span="week")
    assert "No day of this period was worked." in text_of(day_strip(live.answers(EVERYONE), nothing, AGENT))
