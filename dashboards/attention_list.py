"""What needs attention: each line leads to its rows and says what would make it go away; the worst come first."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.view import View
from metrics import text
from metrics.attention import MOST, Finding, findings
from metrics.doubts import Doubt, doubts
from metrics.gaps import COUNTED, is_on_record
from metrics.language import _, n_


def attention(answers: Answers, view: View) -> Component:
    """What makes the figures doubtful and what needs attention, most severe first: ten, and the others folded away."""
    # none are known to be open while they are being checked
    open_ones = answers.open_identities() or 0
    ask = lambda: doubts(answers, view.period, open_identities=open_ones, sources=answers.freshness())  # noqa: E731
    doubted = answers.kept(("doubts", view.period, open_ones), ask)
    found = answers.kept(("attention", view.period), lambda: findings(answers, view.period, most=None))
    entries: list[Doubt | Finding] = sorted([*doubted, *found], key=lambda one: -one.rule.severity)
    if not entries:
        is_known = any(is_on_record(answers.centre, subject, view.day) for subject in COUNTED)
        kept = _("Nothing: every rule is kept.")
        told = kept if is_known else _("No rule can be checked: this day is not on record.")
        return html.Section([html.H2(_("Needs attention")), html.P(told)])
    lines = [_line(view, one) for one in entries]
    more = lines[MOST:]
    folded = [
        html.Summary(
            n_("{n} more line of less weight", "{n} more lines of less weight", len(more)).format(
                n=text.count(len(more))
            )
        ),
        html.Ul(more, className="attention-list"),
    ]
    return html.Section(
        [
            html.H2(_("Needs attention ({n})").format(n=len(lines))),
            html.Ul(lines[:MOST], className="attention-list"),
            html.Details(folded) if more else None,
        ]
    )


def _line(view: View, one: Doubt | Finding) -> Component:
    until = html.Small(_("until {what}").format(what=_(one.rule.until)))
    if isinstance(one, Doubt):
        return html.Li([dcc.Link(one.sentence, href=view.link("/data")), until])
    if not one.named:
        return html.Li([dcc.Link(one.sentence, href=_rows_of(view, one)), until])
    names = [
        dcc.Link(name, href=view.only(()).narrowed(**{one.rule.by: value}).link(one.rule.page, span="13weeks"))
        for value, name in one.named
    ]
    parted = [part for name in names for part in (", ", name)][1:]
    return html.Li([html.Span([f"{one.lead}: ", *parted]), until])


def _rows_of(view: View, one: Finding) -> str:
    """The rows that a sentence counts: of the whole centre, whatever else the page is narrowed to."""
    own = view.only(())
    if one.rule.by and one.value:
        own = own.narrowed(**{one.rule.by: one.value})
    return own.link("/contacts", metric=one.rule.metric, show=one.rule.show)
