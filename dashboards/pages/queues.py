"""Queues and channels: how many came, how long they waited, when; in the centre's languages, at its busy hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.aria import aria
from dashboards.bar import said, shown_period
from dashboards.pages.day import queues
from dashboards.tables import Cell, Row, table
from dashboards.view import View
from metrics import Figure, Grid, text, tokens

ACCESS = {
    "contacts_offered": "Offered",
    "contacts_answered": "Answered",
    "abandon_rate": "Abandon rate",
    "service_level": "Service level",
    "average_speed_of_answer": "Speed of answer",
}
WAITS = {
    "contacts_offered": "Offered",
    "wait_p50": "Half waited at most",
    "wait_p80": "Four in five at most",
    "wait_p90": "Nine in ten at most",
    "longest_wait": "Longest",
}
CHANNELS = {"contacts_received": "Received", "contacts_answered": "Answered live", "average_handle_time": "Handle time"}
HOURS = range(24)
SHADES = len(tokens.SHADES)


def page(answers: Answers, view: View) -> list[Component]:
    """The queues in the order of reading."""
    return [part(answers, view) for part in PARTS]


def heading(answers: Answers, view: View) -> Component:
    """Which days, narrowed to what."""
    return html.Header(
        [
            html.H1("Queues and channels"),
            html.P(f"{shown_period(answers, view)}. {said(answers, view)}.", className="lead"),
        ]
    )


def by(dimension: str, names: Mapping[str, str], caption: str) -> Callable[[Answers, View], Component]:
    """A table of metrics by one dimension."""

    def part(answers: Answers, view: View) -> Component:
        grid = answers.by(tuple(names), [dimension], view.period, view.where(answers, next(iter(names))))
        keys = sorted(grid.keys, key=lambda key: answers.called(dimension, key[0]).casefold())
        rows = [_row(answers, view, grid, names, dimension, key[0]) for key in keys]
        return table(caption, text.plain_words(dimension).capitalize(), tuple(names.values()), rows)

    return part


def _row(answers: Answers, view: View, grid: Grid, names: Mapping[str, str], dimension: str, value: object) -> Row:
    own = view.narrowed(**{dimension: str(value)}) if value is not None else view
    cells = tuple(Cell(grid.figure(name, value), own.link("/figure", metric=name)) for name in names)
    return Row(answers.called(dimension, value), cells)


def peak(answers: Answers, view: View) -> Component:
    """Working days and weekends apart."""
    words = {"weekday": "Monday to Friday", "weekend": "Saturday and Sunday"}
    grid = answers.by(tuple(ACCESS), ["day_type"], view.period, view.where(answers, "service_level"))
    rows = [
        Row(told, tuple(Cell(grid.figure(name, kind), view.link("/figure", metric=name)) for name in ACCESS))
        for kind, told in words.items()
    ]
    return table("Weekdays and weekends", "Days", tuple(ACCESS.values()), rows)


def heat(answers: Answers, view: View) -> Component:
    """Contacts offered by weekday and hour; the darker, the more, and every cell says its number."""
    name = "contacts_offered"
    grid = answers.by([name], ["weekday", "hour"], view.period, view.where(answers, name))
    figures = {(day, hour): grid.figure(name, day, hour) for day in range(1, 8) for hour in HOURS}
    most = max((figure.value or 0.0 for figure in figures.values()), default=0.0)
    heads = [html.Th("Weekday", scope="col"), *(html.Th(f"{hour:02}", scope="col") for hour in HOURS)]
    rows = [
        html.Tr([html.Th(day_name, scope="row"), *(_shaded(figures[day, hour], most) for hour in HOURS)])
        for day, day_name in enumerate(text.WEEKDAYS, start=1)
    ]
    busiest = max(figures, key=lambda key: figures[key].value or 0.0)
    sentence = (
        f"Most contacts came on {text.WEEKDAYS[busiest[0] - 1]}s from {busiest[1]:02}:00 "
        f"({figures[busiest].words} over the whole span)"
        if most
        else "No live contacts are on record"
    )
    return html.Figure(
        [
            html.Figcaption(html.H2(sentence)),
            html.Div(
                html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="heat"),
                className="scrolled",
                role="region",
                tabIndex="0",
                **aria(label="Contacts offered by weekday and hour"),
            ),
        ]
    )


def _shaded(figure: Figure, most: float) -> Component:
    value = figure.value or 0.0
    shade = round(SHADES * value / most) if most else 0
    return html.Td(text.count(value) if value else "", className=f"number shade-{shade}")


def more(answers: Answers, view: View) -> Component:  # noqa: ARG001
    """Where to go on."""
    return html.P(dcc.Link("All contacts offered, row by row", href=view.link("/contacts", metric="contacts_offered")))


PARTS: tuple[Callable[[Answers, View], Component], ...] = (
    heading,
    queues,
    by("queue", WAITS, "How long callers waited"),
    heat,
    peak,
    by("language", ACCESS, "By language"),
    by("channel", CHANNELS, "By channel"),
    more,
)
