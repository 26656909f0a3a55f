"""Verdicts of the fair comparison as pages show them: a word with its mark, a sentence, and never a rank."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.aria import aria
from dashboards.view import View
from metrics import Period, text
from metrics.compare import Comparison, Outcome, Rule, Verdict, adjusted_for, compare_all, verdict_word, words
from metrics.language import _

MARKS = {Outcome.better: ("✓", "good"), Outcome.worse: ("▲", "attention")}


def all_compared(answers: Answers, during: Period, *, with_placebo: bool = False) -> dict[str, Comparison]:
    """Every metric that people are compared by, over a period, once per snapshot."""
    return answers.kept(
        ("compare", during, with_placebo),
        lambda: compare_all(answers.centre, during=during, scope=answers.scope, with_placebo=with_placebo),
    )


def cell(verdict: Verdict | None, rule: Rule) -> Component:
    """A verdict in a table: the word, and the difference with its interval; who does not stand out is said quietly."""
    if verdict is None:
        return html.Td(html.Small(_("no contacts")), className="words")
    difference = words.difference(rule, verdict) if verdict.difference is not None else ""
    if verdict.verdict in MARKS:
        return html.Td([word(verdict), html.Small(difference)], className="words")
    return html.Td([html.Small(verdict_word(verdict)), html.Small(difference)], className="words")


def word(verdict: Verdict) -> Component:
    """The verdict in two or three words, marked for the eye where somebody stands out."""
    mark, kind = MARKS.get(verdict.verdict, ("", ""))
    told = verdict_word(verdict)
    return html.Span([html.Span(f"{mark} ", **aria(hidden="true")), told], className=kind) if mark else html.Span(told)


def how(comparison: Comparison) -> str:
    """What a comparison adjusts for and rests on, in a sentence."""
    counted = text.number_of(comparison.contacts, comparison.rule.counted)
    left_out = sum(comparison.excluded.values())
    return _("{title}: adjusted for {traits}; {counted}, {left_out} left out.").format(
        title=comparison.rule.title,
        traits=adjusted_for(comparison.rule),
        counted=counted,
        left_out=text.count(left_out),
    )


def placebo_words(comparison: Comparison) -> str:
    """What remains of the flags when names are shuffled, where no flag can be true."""
    found = comparison.placebo
    if found is None:
        return ""
    return _(
        "With names shuffled within {groups}, {flags} of {judged} judged agents were flagged in {shuffles} comparisons."
    ).format(
        groups=text.listed([text.plain_words(name) for name in found.within]),
        flags=text.count(found.flags),
        judged=text.count(found.judged),
        shuffles=text.count(found.shuffles),
    )


def agent_link(view: View, agent: str) -> str:
    """The address of an agent's page."""
    return view.narrowed(agent=agent).link("/agent", metric="", show="")
