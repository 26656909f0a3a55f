"""How long callers waited, queue by queue, as ranges: a mean hides the one in ten who waited longest."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.cards import picture
from dashboards.tables import Cell, Row, table
from dashboards.view import View
from metrics import charts, text
from metrics.language import N_, _

POINTS = {
    "wait_p50": N_("Half waited at most"),
    "wait_p80": N_("Four in five at most"),
    "wait_p90": N_("Nine in ten at most"),
    "longest_wait": N_("Longest"),
}
ACCESS = {
    "contacts_offered": N_("Offered"),
    "service_level": N_("Service level"),
    "abandon_rate": N_("Abandon rate"),
    "average_speed_of_answer": N_("Speed of answer"),
    "wait_p90": N_("Nine in ten waited at most"),
}
PEAK = {"peak": N_("Peak hours"), "off-peak": N_("Other hours")}


class Seconds:
    """What the ranges are of."""

    unit = "seconds"


def waits(answers: Answers, view: View) -> Component:
    """Each queue's median wait with how far nine in ten reach, drawn, and as a table whose figures open."""
    names = tuple(POINTS)
    grid = answers.by(("contacts_offered", *names), ["queue"], view.period, view.where(answers, names[0]))
    keys = sorted(
        (key for key in grid.keys if key[0] is not None), key=lambda key: answers.called("queue", key[0]).casefold()
    )
    known = [key for key in keys if grid.figure("wait_p50", *key).value is not None]
    rows = [
        Row(
            answers.called("queue", key[0]),
            tuple(
                Cell(grid.figure(name, *key), view.narrowed(queue=str(key[0])).link("/figure", metric=name))
                for name in ("contacts_offered", *names)
            ),
        )
        for key in keys
    ]
    heads = (_("Offered"), *(_(words) for words in POINTS.values()))
    shown = table(_("How long callers waited"), _("Queue"), heads, rows)
    if not known:
        return shown
    dots = []
    for key in known:
        half, most, longest = (grid.figure(name, *key) for name in ("wait_p50", "wait_p90", "longest_wait"))
        told = _("nine in ten {most}, longest {longest}").format(most=most.words, longest=longest.words)
        dots.append(charts.Interval(answers.called("queue", key[0]), half.value, half.value, most.value, told))
    sentence = _longest(answers, grid_of={key: grid.figure("wait_p90", *key).value for key in known})
    svg = charts.dots_with_intervals(sentence, dots, Seconds(), axis_title=_("wait (min:s)"), width=900)
    said = _("{name}: half {time}, {others}")
    alternative = "; ".join(said.format(name=one.name, time=text.duration(one.value), others=one.words) for one in dots)
    return html.Figure(
        [
            html.Figcaption(html.H2(sentence)),
            picture(str(svg), f"{sentence}. {alternative}.", className="small-chart"),
            html.P(
                _("The dot is the wait of half the callers; the bar reaches to that of nine in ten."),
                className="muted note",
            ),
            shown,
        ]
    )


def _longest(answers: Answers, *, grid_of: dict[tuple[object, ...], float | None]) -> str:
    """The sentence above the ranges: where one caller in ten waited longest."""
    known = {key: value for key, value in grid_of.items() if value is not None}
    if not known:
        return _("How long callers waited")
    worst = max(known, key=lambda key: known[key])
    return _("One caller in ten waited longest for {queue}: over {time}").format(
        queue=answers.called("queue", worst[0]), time=text.duration(known[worst])
    )


def peak_hours(answers: Answers, view: View) -> Component:
    """Peak hours and the others apart, as one average of both tells of neither; or how a centre says which they are."""
    names = tuple(ACCESS)
    grid = answers.by(names, ["peak"], view.period, view.where(answers, "service_level"))
    if not any(key[0] in PEAK for key in grid.keys):
        told = _("Peak hours are not set. [[peak]] in centre.toml says which they are: days, from and to.")
        return html.Section([html.H2(_("Peak hours and the others")), html.P(told, className="muted")])
    rows = [
        Row(
            _(words),
            tuple(Cell(grid.figure(name, kind), view.link("/figure", metric=name)) for name in names),
        )
        for kind, words in PEAK.items()
    ]
    return table(_("Peak hours and the others"), _("Hours"), tuple(_(words) for words in ACCESS.values()), rows)


def later(answers: Answers, view: View) -> list[Component]:
    """What is asked for once the rest of the page stands."""
    more = dcc.Link(_("Every wait, row by row"), href=view.link("/contacts", metric="wait_p50"))
    return [waits(answers, view), peak_hours(answers, view), html.P(more)]
