"""The bar on top of every page: which day, narrowed to what, how fresh, and whether the books balance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.view import BAR, SPANS, View
from metrics import text

TITLES = {
    "queue": "Queue",
    "team": "Team",
    "channel": "Channel",
    "language": "Language",
    "agent": "Agent",
    "department": "Department",
    "interval": "From",
}
# a date field of the browser's own: it speaks the reader's language and needs no script
DATE: Any = "date"
# pages that show one day, whatever span was looked at before
ONE_DAY = ("/", "/contact", "/staffing")
# pages that show no day
WITHOUT_DAY = ("/data", "/definitions", "/my-record", "/audit", "/records")


def bar(answers: Answers, view: View, path: str) -> list[Component]:
    """Day and filters as one form whose address is the view, and beneath it how far the data reach."""
    if path in WITHOUT_DAY:
        return [html.P(as_of(answers), className="as-of")]
    return [
        html.Form(
            action=_kept(path),
            method="get",
            id="filters",
            className="filters",
            children=[
                *_hidden(view),
                _step("Before", "‹", view, path, -1),
                html.Label(
                    ["Day", dcc.Input(type=DATE, name="day", value=view.day.isoformat(), id="day")], className="day"
                ),
                _step("After", "›", view, path, +1),
                _span(view) if path not in ONE_DAY else None,
                *(_select(answers, view, dimension) for dimension in BAR),
                html.Button("Show", type="submit"),
                dcc.Link("Clear", href=view.only(()).link(_kept(path)), className="clear") if view.chosen else None,
            ],
        ),
        html.P(as_of(answers), className="as-of"),
    ]


def _hidden(view: View) -> list[Component]:
    """What the form keeps though it does not ask for it."""
    kept = [("metric", view.metric)]
    kept += [(name, value) for name, value in view.chosen if name not in BAR]
    return [dcc.Input(type="hidden", name=name, value=value) for name, value in kept if value]


def _step(title: str, sign: str, view: View, path: str, direction: int) -> Component:
    href = view.link(_kept(path), day=view.stepped(direction), show="", contact="")
    return dcc.Link(sign, href=href, className="step", title=title)


def _kept(path: str) -> str:
    """The page that another day or choice is shown on; one contact has no other day."""
    return "/" if path == "/contact" else path


def _span(view: View) -> Component:
    """The span of time around the day."""
    options = [html.Option(words, value=name, selected=name == view.span) for name, (words, _) in SPANS.items()]
    return html.Label(["Span", html.Select(options, name="span", key=f"span={view.span}")])


def _select(answers: Answers, view: View, dimension: str) -> Component:
    values = answers.values(dimension)
    chosen = view.value(dimension) or ""
    if chosen and chosen not in values:
        values = [*values, chosen]
    named = sorted(((answers.called(dimension, value), value) for value in values), key=lambda one: one[0].casefold())
    options: list[Sequence[str]] = [("All", ""), *named]
    return html.Label(
        [
            TITLES[dimension],
            html.Select(
                [html.Option(words, value=value, selected=value == chosen) for words, value in options],
                name=dimension,
                key=f"{dimension}={chosen}",
            ),
        ]
    )


def said(answers: Answers, view: View) -> str:
    """To what a view is narrowed, in words."""
    parts = [f"{TITLES[name].lower()} {answers.called(name, value)}" for name, value in view.chosen if name in BAR]
    parts += [answers.called(name, value) for name, value in view.chosen if name in ("agent", "department")]
    return f"Only {text.listed(parts)}" if parts else "Whole centre"


def shown_period(answers: Answers, view: View) -> str:
    """The days that a page shows, and how far the data reach where that is less."""
    during, span = view.period, answers.span()
    told = text.period(during)
    if span is None or (span.first <= during.first and span.until >= during.until):
        return told
    first, last = max(span.first, during.first), min(span.last, during.last)
    return f"{told} (data from {text.plain_day(first)} to {text.plain_day(last)})"


def as_of(answers: Answers) -> str:
    """How far each source reaches, in which zone, and whether the books balance."""
    reach = text.reach((one.about, one.data_to) for one in answers.freshness())
    number = answers.open_identities()
    books = text.number_of(number, "open identity", "open identities")
    return " · ".join([reach, str(answers.centre.timezone), books])
