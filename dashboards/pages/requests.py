"""Service requests: did the departments do what residents were told, what is open, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.bar import TITLES, said, shown_period
from dashboards.cards import Course, trend
from dashboards.columns_there import table
from dashboards.tables import Cell, Row
from dashboards.view import View
from metrics import Grid, text
from metrics.language import N_, _

FLOW = {
    "requests_created": N_("Created"),
    "requests_closed": N_("Closed"),
    "requests_net_closed": N_("Closed and still closed"),
    "requests_reopened": N_("Re-opened"),
    "on_time_closure_rate": N_("On time, of those due"),
    "requests_late_open": N_("Due, late and open"),
    "time_to_close_p50": N_("Half closed within"),
    "time_to_close_p90": N_("Nine in ten within"),
}
MOST_TYPES = 25


def page(answers: Answers, view: View) -> list[Component]:
    """The requests in the order of reading."""
    return [part(answers, view) for part in PARTS]


def heading(answers: Answers, view: View) -> Component:
    """Which days, and the answer to the question in one sentence."""
    return html.Header(
        [
            html.H1(_("Service requests")),
            html.P(
                f"{shown_period(answers, view)}. {said(answers, view)}. {in_short(answers, view)}", className="lead"
            ),
        ]
    )


def in_short(answers: Answers, view: View) -> str:
    """How many came and went, and how many of those due were closed in time."""
    names = ("requests_created", "requests_closed", "on_time_closure_rate")
    found = answers.total(names, view.period, view.where(answers, names[0]))
    created, closed, on_time = (found[name] for name in names)
    if created.value is None:
        return _("No service requests are on record.")
    if on_time.value is None:
        return _("{created} were created and {closed} closed; none fell due.").format(
            created=created.words, closed=closed.words
        )
    return _(
        "{created} were created and {closed} closed; {share} of the {n} that fell due were closed "
        "on time, and those still open past their date count as late."
    ).format(created=created.words, closed=closed.words, share=on_time.words, n=text.count(on_time.n))


def departments(answers: Answers, view: View) -> Component:
    """A row per department."""
    return _by(answers, view, "department", _("By department"), most=None)


def types(answers: Answers, view: View) -> Component:
    """A row per type of request, the most frequent first."""
    return _by(answers, view, "request_type", _("By type"), most=MOST_TYPES)


def _by(answers: Answers, view: View, dimension: str, caption: str, *, most: int | None) -> Component:
    where = view.where(answers, "requests_created")
    grid = answers.by(tuple(FLOW), [dimension], view.period, where)
    keys = sorted(grid.keys, key=lambda key: -grid.figure("requests_created", *key).n if most else 0)
    rows = [_row(answers, view, grid, dimension, key[0]) for key in keys[:most]]
    total = answers.total(tuple(FLOW), view.period, where)
    everything = Row(_("All"), tuple(Cell(total[name], view.link("/figure", metric=name)) for name in FLOW))
    note = _(
        "A request is late from the moment its date passes, whether it is closed or not. Time to "
        "close counts requests that are still open as having taken at least until now."
    )
    if most and len(keys) > most:
        note = _("The {shown} most frequent of {all}. {note}").format(shown=most, all=len(keys), note=note)
    return table(
        caption, _(TITLES[dimension]), tuple(_(title) for title in FLOW.values()), rows, total=everything, note=note
    )


def _row(answers: Answers, view: View, grid: Grid, dimension: str, value: object) -> Row:
    own = view.narrowed(**{dimension: str(value)}) if value is not None and dimension == "department" else view
    cells = tuple(Cell(grid.figure(name, value), own.link("/figure", metric=name)) for name in FLOW)
    return Row(answers.called(dimension, value), cells)


def course(answers: Answers, view: View) -> Component:
    """Created, and closed on time, day by day."""
    names = [name for name in ("requests_created", "on_time_closure_rate") if not answers.cannot_give(name)]
    grid = answers.by(names, ["day"], view.period, view.where(answers, names[0]))
    days = [key[0] for key in grid.keys if isinstance(key[0], date)]
    drawn = [
        html.Div(
            [
                html.H3(answers.metric(name).title),
                trend(
                    answers.metric(name),
                    Course(days, grid.values(name, [(day,) for day in days])),
                    answers.target(name, view.day),
                    width=560,
                    height=180,
                ),
            ]
        )
        for name in names
    ]
    return html.Section([html.H2(_("Day by day")), html.Div(drawn, className="side-by-side wide")])


def overdue(answers: Answers, view: View) -> Component:  # noqa: ARG001
    """The way to what is overdue, and to what was closed late."""
    links = {
        "requests_late_open": _("Requests that fell due in this span and are still open"),
        "on_time_closure_rate": _("Requests that fell due in this span, on time or not"),
    }
    return html.Ul(
        [html.Li(dcc.Link(words, href=view.link("/contacts", metric=name))) for name, words in links.items()]
    )


PARTS: tuple[Callable[[Answers, View], Component], ...] = (heading, departments, overdue, course, types)
