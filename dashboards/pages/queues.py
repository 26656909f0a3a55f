"""Queues and channels: how many came, how long they waited, when; in the centre's languages, at its busy hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.aria import aria
from dashboards.bar import TITLES, said, shown_period
from dashboards.columns_there import table
from dashboards.pages.day import queues
from dashboards.tables import Cell, Row
from dashboards.view import View
from metrics import Figure, Grid, text, tokens
from metrics.language import N_, _

ACCESS = {
    "contacts_offered": N_("Offered"),
    "contacts_answered": N_("Answered"),
    "abandon_rate": N_("Abandon rate"),
    "service_level": N_("Service level"),
    "average_speed_of_answer": N_("Speed of answer"),
}
CHANNELS = {
    "contacts_received": N_("Received"),
    "contacts_answered": N_("Answered live"),
    "average_handle_time": N_("Handle time"),
}
HOURS = range(24)
# a language has no rule for the plural of its weekdays
BUSIEST = (
    N_("Most contacts came on Mondays from {time} ({n} over the whole span)"),
    N_("Most contacts came on Tuesdays from {time} ({n} over the whole span)"),
    N_("Most contacts came on Wednesdays from {time} ({n} over the whole span)"),
    N_("Most contacts came on Thursdays from {time} ({n} over the whole span)"),
    N_("Most contacts came on Fridays from {time} ({n} over the whole span)"),
    N_("Most contacts came on Saturdays from {time} ({n} over the whole span)"),
    N_("Most contacts came on Sundays from {time} ({n} over the whole span)"),
)
SHADES = len(tokens.SHADES)


def page(answers: Answers, view: View) -> list[Component]:
    """The queues in the order of reading."""
    return [part(answers, view) for part in PARTS]


def heading(answers: Answers, view: View) -> Component:
    """Which days, narrowed to what."""
    return html.Header(
        [
            html.H1(_("Queues and channels")),
            html.P(f"{shown_period(answers, view)}. {said(answers, view)}.", className="lead"),
        ]
    )


def by(dimension: str, names: Mapping[str, str], caption: str) -> Callable[[Answers, View], Component]:
    """A table of metrics by one dimension."""

    def part(answers: Answers, view: View) -> Component:
        grid = answers.by(tuple(names), [dimension], view.period, view.where(answers, next(iter(names))))
        keys = sorted(grid.keys, key=lambda key: answers.called(dimension, key[0]).casefold())
        rows = [_row(answers, view, grid, names, dimension, key[0]) for key in keys]
        return table(_(caption), _(TITLES[dimension]), tuple(_(title) for title in names.values()), rows)

    return part


def _row(answers: Answers, view: View, grid: Grid, names: Mapping[str, str], dimension: str, value: object) -> Row:
    own = view.narrowed(**{dimension: str(value)}) if value is not None else view
    cells = tuple(Cell(grid.figure(name, value), own.link("/figure", metric=name)) for name in names)
    return Row(answers.called(dimension, value), cells)


def peak(answers: Answers, view: View) -> Component:
    """Working days and weekends apart."""
    words = {"weekday": _("Monday to Friday"), "weekend": _("Saturday and Sunday")}
    grid = answers.by(tuple(ACCESS), ["day_type"], view.period, view.where(answers, "service_level"))
    rows = [
        Row(told, tuple(Cell(grid.figure(name, kind), view.link("/figure", metric=name)) for name in ACCESS))
        for kind, told in words.items()
    ]
    return table(_("Weekdays and weekends"), _("Days"), tuple(_(title) for title in ACCESS.values()), rows)


def heat(answers: Answers, view: View) -> Component:
    """Contacts offered by weekday and hour; the darker, the more, and every cell says its number."""
    name = "contacts_offered"
    grid = answers.by([name], ["weekday", "hour"], view.period, view.where(answers, name))
    figures = {(day, hour): grid.figure(name, day, hour) for day in range(1, 8) for hour in HOURS}
    most = max((figure.value or 0.0 for figure in figures.values()), default=0.0)
    heads = [html.Th(_("Weekday"), scope="col"), *(html.Th(f"{hour:02}", scope="col") for hour in HOURS)]
    rows = [
        html.Tr([html.Th(day_name, scope="row"), *(_shaded(figures[day, hour], most) for hour in HOURS)])
        for day, day_name in enumerate(text.WEEKDAYS, start=1)
    ]
    busiest = max(figures, key=lambda key: figures[key].value or 0.0)
    sentence = (
        _(BUSIEST[busiest[0] - 1]).format(time=f"{busiest[1]:02}:00", n=figures[busiest].words)
        if most
        else _("No live contacts are on record")
    )
    return html.Figure(
        [
            html.Figcaption(html.H2(sentence)),
            html.Div(
                html.Table([html.Thead(html.Tr(heads)), html.Tbody(rows)], className="heat"),
                className="scrolled",
                role="region",
                tabIndex="0",
                **aria(label=_("Contacts offered by weekday and hour")),
            ),
        ]
    )


def _shaded(figure: Figure, most: float) -> Component:
    value = figure.value or 0.0
    shade = round(SHADES * value / most) if most else 0
    return html.Td(text.count(value) if value else "", className=f"number shade-{shade}")


def more(answers: Answers, view: View) -> Component:  # noqa: ARG001
    """Where to go on."""
    return html.P(
        dcc.Link(_("All contacts offered, row by row"), href=view.link("/contacts", metric="contacts_offered"))
    )


PARTS: tuple[Callable[[Answers, View], Component], ...] = (
    heading,
    queues,
    heat,
    peak,
    by("language", ACCESS, N_("By language")),
    by("channel", CHANNELS, N_("By channel")),
    more,
)
