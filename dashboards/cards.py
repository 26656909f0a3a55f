"""The card of a figure: what is read first of a day, each opening its figure."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.aria import aria
from metrics import Figure, Metric, Target, Usual, charts, text
from metrics.language import _

COURSE_DAYS = 28
MARKS = {True: "✓", False: "▲"}


@dataclass(frozen=True)
class Course:
    """A figure day by day."""

    days: Sequence[date]
    values: Sequence[float | None]


@dataclass(frozen=True)
class Card:
    """A figure with all that it takes to judge it."""

    figure: Figure
    usual: Usual
    target: Target | None
    course: Course
    note: str
    href: str
    unheeded: str = ""
    states: tuple[str, ...] = ()


def course_days(last: date) -> list[date]:
    """The four weeks that end with a day."""
    return [last - timedelta(days=number) for number in range(COURSE_DAYS - 1, -1, -1)]


def card(one: Card) -> Component:
    """The card, all of it a link to the figure."""
    metric = one.figure.metric
    return html.Li(
        className="card",
        children=[
            html.H2(dcc.Link(metric.title, href=one.href), className="card-title"),
            html.P(one.figure.words, className="value too-few" if one.figure.is_few else "value"),
            html.P(judged(one.figure, one.target)),
            html.P(one.note) if one.note else None,
            html.P([one.figure.basis, " · " if one.figure.basis else "", _change(one)], className="muted"),
            html.P(one.unheeded, className="muted") if one.unheeded else None,
            html.P(" · ".join(one.states), className="muted") if one.states else None,
            # a course of nothing says no more than the value
            sparkline(metric, one.course, one.target)
            if any(value is not None for value in one.course.values)
            else None,
        ],
    )


def judged(figure: Figure, target: Target | None) -> Component:
    """The target and whether it is met, or that too few came to tell."""
    if figure.is_few:
        few = _("too few to tell: {n} of the {needed} that it takes").format(n=figure.n, needed=figure.metric.floor)
        return html.Span([html.Span("○ ", **aria(hidden="true")), few], className="muted")
    return target_words(figure.metric, figure.value, target)


def _change(one: Card) -> str:
    change = _(text.NO_COMPARISON) if one.figure.is_few else one.figure.change_from(one.usual.figure)
    if change == _(text.NO_COMPARISON):
        return _("{change} with {name}").format(change=change, name=one.usual.name)
    return _("{change} against {words}, {name}").format(
        change=change, words=one.usual.figure.words, name=one.usual.name
    )


def target_words(metric: Metric, value: float | None, target: Target | None) -> Component:
    """The target and whether it is met: in words, with a mark, and in a colour besides."""
    met = text.is_met(value, target)
    words = text.against_target(metric, value, target)
    if met is None:
        return html.Span(words, className="muted")
    mark = html.Span(f"{MARKS[met]} ", **aria(hidden="true"))
    return html.Span([mark, words], className="good" if met else "attention")


def sparkline(
    metric: Metric, course: Course, target: Target | None, *, width: float = 220, height: float = 32
) -> Component:
    """A figure's four weeks, by default at the size of a word."""
    title = _("{title}, day by day over four weeks").format(title=metric.title)
    labels = [text.short_day(day) for day in course.days]
    goal = target.goal if target else None
    drawn = charts.sparkline(title, labels, course.values, metric, target=goal, width=width, height=height)
    return picture(drawn, text.describe_series(title, labels, course.values, metric), className="sparkline")


def trend(
    metric: Metric, course: Course, target: Target | None, *, width: float = 720, height: float = 200
) -> Component:
    """A figure's course with its axes, from the first day that has a value."""
    first = next((place for place, value in enumerate(course.values) if value is not None), 0)
    labels, values = [text.short_day(day) for day in course.days[first:]], list(course.values[first:])
    series = [charts.Series(metric.title, values, metric)]
    goal = target.goal if target else None
    drawn = charts.line(metric.title, labels, series, target=goal, width=width, height=height)
    image = picture(drawn, text.describe_series(metric.title, labels, values, metric), className="wide-chart")
    return html.Div(image, className="scrolled", role="region", tabIndex="0", **aria(label=metric.title))


def picture(drawn: str, alternative: str, *, className: str) -> Component:  # noqa: N803  (Dash's own word)
    """A chart's SVG as an image with its alternative text."""
    code = base64.b64encode(str(drawn).encode()).decode()
    return html.Img(src=f"data:image/svg+xml;base64,{code}", alt=alternative, className=className)
