"""The bar on top of every page: which day, narrowed to what, how fresh, and whether the books balance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.view import BAR, View
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


def bar(answers: Answers, view: View, path: str) -> list[Component]:
    """Day and filters as one form whose address is the view, and beneath it how far the data reach."""
    return [
        html.Form(
            action=path if path in ("/", "/figure", "/contacts") else "/",
            method="get",
            id="filters",
            className="filters",
            children=[
                *_hidden(view),
                _step("Day before", "‹", view, -1),
                html.Label(
                    ["Day", dcc.Input(type=DATE, name="day", value=view.day.isoformat(), id="day")], className="day"
                ),
                _step("Day after", "›", view, +1),
                *(_select(answers, view, dimension) for dimension in BAR),
                html.Button("Show", type="submit"),
                dcc.Link("Clear", href=view.only(()).link("/"), className="clear") if view.chosen else None,
            ],
        ),
        html.P(as_of(answers), className="as-of"),
    ]


def _hidden(view: View) -> list[Component]:
    """What the form keeps though it does not ask for it."""
    kept = [("metric", view.metric), ("show", view.show)]
    kept += [(name, value) for name, value in view.chosen if name not in BAR]
    return [dcc.Input(type="hidden", name=name, value=value) for name, value in kept if value]


def _step(title: str, sign: str, view: View, days: int) -> Component:
    href = view.link("/", day=view.day + timedelta(days=days), metric="", show="", contact="")
    return dcc.Link(sign, href=href, className="step", title=title)


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


def as_of(answers: Answers) -> str:
    """How far each source reaches, in which zone, and whether the books balance."""
    reach = [f"{one.source} to {text.short_moment(one.data_to)}" for one in answers.freshness() if one.data_to]
    number = answers.open_identities()
    books = text.number_of(number, "open identity", "open identities")
    return " · ".join(["; ".join(reach) or text.NO_DATA, str(answers.centre.timezone), books])
