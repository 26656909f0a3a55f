"""An agent's work in four rows, each a family of measures: what was, what anyone would have had, what may be said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from dash import html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.cards import picture
from dashboards.tables import listing
from dashboards.verdicts import MARKS, all_compared, how, word
from dashboards.view import View
from metrics import Period, data_span, text
from metrics.answers import not_in_the_data
from metrics.charts.people import control_text
from metrics.compare import Comparison, Weeks, all_adjusted_weeks, words
from metrics.language import N_, _

WEEKS = 13


@dataclass(frozen=True)
class Family:
    """Measures that are read together: by the first that can be told, and by `course` from week to week."""

    title: str
    measures: tuple[str, ...]
    course: str = ""


FAMILIES = (
    Family(N_("How long contacts take"), ("average_handle_time", "average_talk_time"), "average_handle_time"),
    Family(N_("How contacts are handled"), ("hold_rate", "transfer_rate"), "hold_rate"),
    Family(
        N_("What became of it for residents"),
        ("first_contact_resolution", "resolved_at_311", "satisfaction"),
        "first_contact_resolution",
    ),
    Family(
        N_("Quality of what was heard"),
        ("quality_score", "customer_critical_accuracy", "business_critical_accuracy", "compliance_critical_accuracy"),
    ),
)


def families(answers: Answers, view: View, agent: str, *, last: Sequence[Component] = ()) -> list[Component]:
    """The four rows; `last` stands in the last one in place of a course, which reviews are too few for."""
    found = all_compared(answers, view.period)
    courses = courses_of(answers, view)
    known = {name for family in FAMILIES for name in family.measures}
    absent = [name for name, one in found.items() if one.refusal and answers.cannot_give(name)]
    # what a centre compares by beyond these
    own = Family(N_("What this centre compares besides"), tuple(name for name in found if name not in known))
    rows = []
    for family in (*FAMILIES, *([own] if own.measures else [])):
        told = [found[name] for name in family.measures if name in found and name not in absent]
        beside = _course(courses.get(family.course, {}).get(agent)) if family.course else list(last)
        if family is own or family.course in absent:
            beside = []
        if told:
            rows.append(_row(family, told, agent, beside))
    if absent:
        lacking = not_in_the_data({found[name].rule.title: answers.cannot_give(name) for name in absent})
        rows.append(html.P(" ".join(lacking), className="muted note"))
    if answers.scope.agents is not None:
        rows.append(html.P(_("Every figure below opens; there you see its rows, and can say that it is not right.")))
    adjusted = html.Ul([html.Li(how(one)) for name, one in found.items() if name not in absent])
    return [*rows, html.Details([html.Summary(_("What was adjusted for")), adjusted])]


def courses_of(answers: Answers, view: View) -> dict[str, dict[str, Weeks]]:
    """Everybody's weeks by the measures that have a course, adjusted for the work."""
    names = [family.course for family in FAMILIES if family.course]
    return all_adjusted_weeks(answers.centre, names, during=_weeks(answers, view), scope=answers.scope)


def _weeks(answers: Answers, view: View) -> Period:
    """Thirteen whole weeks up to the last one, or the view's own where these are more; none outside the data."""
    until = Period.week(view.period.last).until
    first = min(until - timedelta(weeks=WEEKS), Period.week(view.period.first).first)
    span = data_span(answers.centre, "contact")
    if span is not None and span.first < until:
        first = max(first, Period.week(span.first).first)
        until = max(min(until, span.until), first + timedelta(days=1))
    return Period(first, until)


def _row(family: Family, told: Sequence[Comparison], agent: str, beside: Sequence[Component]) -> Component:
    """A family: its first measure large, the others in a table under it, and its course beside them."""
    with_value = [one for one in told if one.verdict(agent) is not None and not one.refusal]
    first = with_value[0] if with_value else told[0]
    others = [one for one in told if one is not first]
    read_beside = html.Ul([_line(one, agent) for one in others], className="sentences") if others else None
    parts = [html.Div([*_large(first, agent), read_beside], className="family-told")]
    if beside:
        parts.append(html.Div(list(beside), className="family-course"))
    return html.Section([html.H2(_(family.title)), html.Div(parts, className="family")])


def _large(one: Comparison, agent: str) -> list[Component]:
    """The measure that is read first: value, expected of the same contacts, and the verdict with its sentence."""
    verdict = one.verdict(agent)
    title = html.H3(one.rule.title)
    if verdict is None:
        return [title, html.P(text.NO_DATA, className="value"), html.P(one.sentence(agent), className="sentence")]
    likely = words.likely(one.rule, verdict)
    expected = words.value(one.rule, verdict.expected)
    counted = text.number_of(verdict.n, one.rule.counted)
    numbers = (
        _("{counted}; nothing can be expected yet").format(counted=counted)
        if verdict.expected is None
        else _("likely {likely}; expected {expected} of the same contacts; {counted}").format(
            likely=likely, expected=expected, counted=counted
        )
    )
    return [
        title,
        html.P(words.value(one.rule, verdict.value), className="value"),
        html.P(numbers, className="muted"),
        html.P(list(_said(one, agent)), className="sentence"),
    ]


def _said(one: Comparison, agent: str) -> list[Component | str]:
    """The sentence of a verdict, after its mark and word where somebody stands out: others' sentences begin with it."""
    verdict = one.verdict(agent)
    if verdict is None or verdict.verdict not in MARKS:
        return [one.sentence(agent)]
    return [word(verdict), ". ", one.sentence(agent)]


def _line(one: Comparison, agent: str) -> Component:
    """A measure that is read beside the first: its numbers in a line, and what may be said."""
    verdict = one.verdict(agent)
    if verdict is None or verdict.value is None:
        return html.Li([html.Strong(one.rule.title), html.Small(one.sentence(agent))])
    value = words.value(one.rule, verdict.value)
    numbers = (
        value
        if verdict.expected is None
        else _("{value} (likely {likely}; expected {expected})").format(
            value=value, likely=words.likely(one.rule, verdict), expected=words.value(one.rule, verdict.expected)
        )
    )
    beneath: Component = html.Small(_said(one, agent))
    return html.Li([html.Strong(one.rule.title), f": {numbers}", beneath])


def _course(weeks: Weeks | None) -> list[Component]:
    """The weeks within the person's own limits, for the person's own conversation: no signal of it is a verdict."""
    if weeks is None:
        return [html.P(_("No week has enough contacts for a course."), className="muted")]
    drawn = weeks.picture(height=200)
    if drawn is None or weeks.usual is None:
        return [html.P(weeks.sentence, className="muted")]
    usual, labels = weeks.usual, [text.narrow_day(week) for week in weeks.weeks]
    told = control_text(
        weeks.title, labels, weeks.values, low=usual.low, high=usual.high, outside=usual.outside, metric=weeks
    )
    rows = [
        [
            label,
            text.count(n),
            text.value(weeks, value),
            _("{low} to {high}").format(low=text.value(weeks, low), high=text.value(weeks, high)),
        ]
        for label, n, value, low, high in zip(labels, weeks.n, weeks.values, usual.low, usual.high, strict=True)
    ]
    heads = [_("Week of"), _("n"), _("Adjusted"), _("Usual range")]
    return [
        html.Figure(
            [
                html.Figcaption(html.H3(_last_week(weeks))),
                picture(str(drawn), told, className="small-chart"),
                html.Details([html.Summary(_("Show as a table")), listing(weeks.title, heads, rows, numbers=3)]),
            ]
        ),
        html.P(
            _(
                "Each week as if its work had been the centre's average work. Dashes are the person's own limits. One "
                "week outside is a reason to ask, never a verdict."
            ),
            className="muted note",
        ),
    ]


def _last_week(weeks: Weeks) -> str:
    assert weeks.usual is not None
    value, low, high = weeks.values[-1], weeks.usual.low[-1], weeks.usual.high[-1]
    inside = _("The last week ({value}) is inside the person's own usual range, {low} to {high}")
    outside = _("The last week ({value}) is outside the person's own usual range, {low} to {high}")
    return (inside if low <= value <= high else outside).format(
        value=text.value(weeks, value), low=text.value(weeks, low), high=text.value(weeks, high)
    )
