"""The bar on top of every page: which day, narrowed to what, how fresh, and whether the books balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.view import AGAINST, BAR, SPANS, View
from metrics import text
from metrics.language import N_, _, n_, p_

TITLES = {
    "queue": N_("Queue"),
    "team": N_("Team"),
    "channel": N_("Channel"),
    "language": N_("Language"),
    "agent": N_("Agent"),
    "department": N_("Department"),
    "request_type": N_("Request type"),
    "interval": N_("From"),
}
# a date field of the browser's own: it speaks the reader's language and needs no script
DATE: Any = "date"
# pages that show one span, whatever was looked at before
FIXED = {"/": "day", "/contact": "day", "/staffing": "day", "/month": "month"}
# by what a page can be narrowed, where that is not all of the bar; a choice that it does not know is kept for others
NARROWED = {
    "/team": ("team",),
    "/month": (),
    "/requests": ("department", "channel"),
    "/quality": (),
    "/staffing": ("queue", "team", "language"),
}
# pages on which figures stand beside those of another time
COMPARED = ("/", "/figure")
# by which moment a figure can be counted
KEYS = {
    "arrival": N_("Arrival"),
    "answer": N_("Answer"),
    "event": N_("Event"),
    "completion": N_("Completion"),
    "split": N_("Each interval it touches"),
    "shift": N_("Shift"),
    "cohort": N_("Creation"),
    "due": N_("Due date"),
    "promised": N_("Promised date"),
    "as_of": N_("State on the day"),
}
# what goes along from page to page
KEPT = ("day", "span", "since", "against", *BAR)
# pages that show no day
WITHOUT_DAY = ("/data", "/definitions", "/my-record", "/audit", "/records")


def bar(answers: Answers, view: View, path: str) -> list[Component]:
    """Day and filters as one form whose address is the view, and beneath it how far the data reach."""
    if path in WITHOUT_DAY:
        return [as_of(answers)]
    return [
        html.Form(
            action=_kept(path),
            method="get",
            id="filters",
            className="filters",
            children=[
                *_hidden(view, path),
                _step(p_("day", "Before"), "‹", view, path, -1),
                html.Label(
                    [_("Day"), dcc.Input(type=DATE, name="day", value=view.day.isoformat(), id="day")], className="day"
                ),
                _step(p_("day", "After"), "›", view, path, +1),
                *(_span(view) if path not in FIXED else []),
                _choice(
                    _("Compared with"), "against", {name: _(words) for name, words in AGAINST.items()}, view.against
                )
                if path in COMPARED
                else None,
                _counted_by(answers, view) if path in ("/figure", "/contacts") else None,
                *(_select(answers, view, dimension) for dimension in NARROWED.get(path, BAR)),
                html.Button(_("Show"), type="submit"),
                dcc.Link(_("Clear"), href=view.only(()).link(_kept(path)), className="clear") if view.chosen else None,
            ],
        ),
        as_of(answers),
    ]


def _hidden(view: View, path: str) -> list[Component]:
    """What the form keeps though it does not ask for it."""
    asked = NARROWED.get(path, BAR)
    kept = [("metric", view.metric)]
    kept += [(name, value) for name, value in view.chosen if name not in asked]
    kept += [("against", view.against)] if path not in COMPARED else []
    kept += [("show", view.show)] if path == "/month" else []
    return [dcc.Input(type="hidden", name=name, value=value) for name, value in kept if value]


def _step(title: str, sign: str, view: View, path: str, direction: int) -> Component:
    href = view.link(_kept(path), day=view.stepped(direction), show="", contact="")
    return dcc.Link(sign, href=href, className="step", title=title)


def _kept(path: str) -> str:
    """The page that another day or choice is shown on; one contact has no other day."""
    return "/" if path == "/contact" else path


def _span(view: View) -> list[Component]:
    """The span of time around the day, and its first day where that is chosen."""
    words = {name: _(words) for name, (words, _period) in SPANS.items()}
    since = (view.since or view.period.first).isoformat()
    first = html.Label([_("First day"), dcc.Input(type=DATE, name="since", value=since, id="since")], className="day")
    return [_choice(_("Span"), "span", words, view.span), *([first] if view.span == "dates" else [])]


def _choice(title: str, name: str, options: Mapping[str, str], chosen: str) -> Component:
    listed = [html.Option(words, value=value, selected=value == chosen) for value, words in options.items()]
    return html.Label([title, html.Select(listed, name=name, key=f"{name}={chosen}")])


def _counted_by(answers: Answers, view: View) -> Component | None:
    """By which moment a figure is counted, where its definition offers more than one."""
    if not view.metric or view.metric not in answers.centre.catalogue.metrics:
        return None
    metric = answers.metric(view.metric)
    if not metric.keys:
        return None
    keys = dict.fromkeys([metric.key, *metric.keys])
    options = {"" if key == metric.key else key: _(KEYS.get(key, key)) for key in keys}
    return _choice(_("Counted by"), "key", options, view.key)


def _select(answers: Answers, view: View, dimension: str) -> Component:
    values = answers.values(dimension)
    chosen = view.value(dimension) or ""
    if chosen and chosen not in values:
        values = [*values, chosen]
    named = sorted(((answers.called(dimension, value), value) for value in values), key=lambda one: one[0].casefold())
    options: list[Sequence[str]] = [(p_("a choice that narrows nothing", "All"), ""), *named]
    return html.Label(
        [
            _(TITLES[dimension]),
            html.Select(
                [html.Option(words, value=value, selected=value == chosen) for words, value in options],
                name=dimension,
                key=f"{dimension}={chosen}",
            ),
        ]
    )


def said(answers: Answers, view: View) -> str:
    """To what a view is narrowed, in words."""
    parts = [f"{_(TITLES[name]).lower()} {answers.called(name, value)}" for name, value in view.chosen if name in BAR]
    parts += [answers.called(name, value) for name, value in view.chosen if name in ("agent", "request_type")]
    return _("Only {parts}").format(parts=text.listed(parts)) if parts else _("Whole centre")


def shown_period(answers: Answers, view: View) -> str:
    """The days that a page shows, and how far the data reach where that is less; it begins a sentence."""
    during, span = view.period, answers.span()
    told = text.heading(text.period(during))
    if span is None or (span.first <= during.first and span.until >= during.until):
        return told
    first, last = max(span.first, during.first), min(span.last, during.last)
    return _("{period} (data from {first} to {last})").format(
        period=told, first=text.plain_day(first), last=text.plain_day(last)
    )


def as_of(answers: Answers) -> Component:
    """How far each source reaches, in which zone, and whether the books balance."""
    number = answers.open_identities()
    books = _("books being checked")
    if number is not None:
        books = n_("{n} open identity", "{n} open identities", number).format(n=text.count(number))
    sources = answers.freshness()
    loaded_at = max((one.loaded_at for one in sources), default=None)
    reached = text.reach(((one.about, one.data_to) for one in sources), loaded_at=loaded_at)
    pieces = [html.Span(words) for words in (*reached, str(answers.centre.timezone))]
    doubt = html.Span(f"▲ {books}", className="attention") if number else html.Span(books)
    return html.P([*pieces, doubt], className="as-of")
