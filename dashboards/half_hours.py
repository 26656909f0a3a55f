"""Volume and service level by interval: a Plotly chart as plain data, its sentence, its words and its table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.aria import aria
from dashboards.look import PLOT_FONT
from dashboards.tables import Cell, Row, table
from metrics import Figure, Target, text
from metrics.charts import palette
from metrics.language import _, n_

CHART = "by-interval"
# intervals with fewer contacts than this say too little to be named in a sentence
FEWEST = 10
LABEL_EVERY = timedelta(hours=3)
GRAPH: Any = {"displayModeBar": False, "responsive": True, "showTips": False}


@dataclass(frozen=True)
class Interval:
    """What happened in one interval; `at` is local, `href` leads to its contacts."""

    at: datetime
    offered: Figure
    level: Figure
    href: str


def by_interval(intervals: Sequence[Interval], *, minutes: int, target: Target | None) -> Component:
    """The chart with the sentence above it and its table below."""
    sentence = lowest(intervals, minutes)
    names = labels([one.at for one in intervals])
    if not intervals:
        return html.P(f"{sentence}.")
    figure = chart(intervals, names, target)
    return html.Figure(
        [
            html.Figcaption(html.H2(sentence, id="by-interval-title")),
            html.Div(
                dcc.Graph(id=CHART, figure=figure, config=GRAPH, className="plot"),
                role="img",
                className="holds-plot",
                **aria(label=described(intervals, names)),
            ),
            html.Details(
                [
                    html.Summary(_("Show as a table")),
                    _table(intervals, names, minutes),
                ]
            ),
        ]
    )


def labels(moments: Sequence[datetime]) -> list[str]:
    """The local time at which each interval starts; times that come twice carry their zone.

    >>> from zoneinfo import ZoneInfo
    >>> labels([datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/Denver"), fold=fold) for fold in (0, 1)])
    ['01:30 MDT', '01:30 MST']
    """
    times = [text.clock(at) for at in moments]
    often = Counter(times)
    return [f"{time} {at:%Z}" if often[time] > 1 else time for time, at in zip(times, moments, strict=True)]


def lowest(intervals: Sequence[Interval], minutes: int) -> str:
    """The sentence above the chart: when callers waited most, where enough of them came to say so."""
    judged = [one for one in intervals if one.level.value is not None and one.level.n >= FEWEST]
    if not judged:
        return _("No interval had {n} contacts or more").format(n=FEWEST)
    worst = min(judged, key=lambda one: (one.level.value or 0.0, -one.level.n))
    return n_(
        "Service level was lowest from {interval}: {share} of {n} contact",
        "Service level was lowest from {interval}: {share} of {n} contacts",
        worst.level.n,
    ).format(interval=text.half_open(worst.at, minutes), share=worst.level.words, n=text.count(worst.level.n))


def described(intervals: Sequence[Interval], names: Sequence[str]) -> str:
    """The chart in words."""
    offered, level = intervals[0].offered.metric, intervals[0].level.metric
    return " ".join(
        [
            text.describe_series(offered.title, names, [one.offered.value for one in intervals], offered),
            text.describe_series(level.title, names, [one.level.value for one in intervals], level),
        ]
    )


def chart(intervals: Sequence[Interval], names: Sequence[str], target: Target | None) -> dict[str, Any]:
    """The line above, the bars below: one scale each, one axis of time for both."""
    places = list(range(len(intervals)))
    told = [_told(one, name) for one, name in zip(intervals, names, strict=True)]
    shared: dict[str, Any] = {"x": places, "hovertext": told, "hoverinfo": "text"}
    offered, level = intervals[0].offered.metric, intervals[0].level.metric
    return {
        "data": [
            {
                **shared,
                "type": "bar",
                "y": [one.offered.value for one in intervals],
                "customdata": [one.href for one in intervals],
                "marker": {"color": palette.BAR},
            },
            {
                **shared,
                "type": "scatter",
                "mode": "lines+markers",
                "yaxis": "y2",
                "y": [one.level.value for one in intervals],
                "customdata": [one.href for one in intervals],
                "line": {"color": palette.ACCENT, "width": 2},
                "marker": {"size": 7, "color": [_dot(one) for one in intervals], "line": _ring()},
            },
        ],
        "layout": {
            **_frame(),
            "xaxis": _time_axis([one.at for one in intervals], names),
            "yaxis": {**_values(text.axis_title(offered)), "domain": [0, 0.4], "rangemode": "tozero"},
            "yaxis2": {
                **_values(text.axis_title(level)),
                "domain": [0.52, 1],
                "range": [-0.02, 1.06],
                "tickvals": [0, 0.25, 0.5, 0.75, 1],
                "ticktext": ["0", "25", "50", "75", "100"],
            },
            **_target_line(level, target),
        },
    }


def _told(one: Interval, name: str) -> str:
    offered = n_("{n} contact offered", "{n} contacts offered", one.offered.n)
    level = _("service level {share}").format(share=one.level.words)
    return f"<b>{name}</b><br>{offered.format(n=text.count(one.offered.n))}<br>{level}"


def _dot(one: Interval) -> str:
    """Hollow where too few came to say much."""
    return palette.ACCENT if one.level.n >= FEWEST else "#ffffff"


def _ring() -> dict[str, Any]:
    return {"color": palette.ACCENT, "width": 1.5}


def _frame() -> dict[str, Any]:
    return {
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "height": 420,
        "margin": {"l": 56, "r": 12, "t": 8, "b": 48},
        "font": PLOT_FONT,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "bargap": 0.28,
        "hoverlabel": {"bgcolor": "#ffffff", "bordercolor": palette.RULE, "font": {**PLOT_FONT, "color": palette.INK}},
    }


def _time_axis(moments: Sequence[datetime], names: Sequence[str]) -> dict[str, Any]:
    every = [
        place for place, at in enumerate(moments) if at.minute == 0 and at.hour % (LABEL_EVERY.seconds // 3600) == 0
    ]
    return {
        "title": {"text": _("time of arrival"), "standoff": 12},
        # where labels stand upright for lack of room, the title makes way
        "automargin": True,
        "anchor": "y",
        "tickvals": every,
        "ticktext": [names[place] for place in every],
        "autotickangles": [0, 90],
        "range": [-0.7, len(moments) - 0.3],
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "linecolor": palette.MUTED,
        "ticks": "outside",
        "tickcolor": palette.RULE,
    }


def _values(title: str) -> dict[str, Any]:
    return {
        "title": {"text": title, "standoff": 8},
        "gridcolor": palette.RULE,
        "zeroline": False,
        "fixedrange": True,
        "nticks": 5,
    }


def _target_line(level: Any, target: Target | None) -> dict[str, Any]:
    if target is None or target.goal is None:
        return {}
    line = {"color": palette.INK, "width": 1, "dash": "dot"}
    place = {"xref": "paper", "yref": "y2"}
    return {
        "shapes": [{"type": "line", **place, "x0": 0, "x1": 1, "y0": target.goal, "y1": target.goal, "line": line}],
        "annotations": [
            {
                **place,
                "x": 0,
                "y": target.goal,
                "xanchor": "left",
                "yanchor": "bottom",
                "showarrow": False,
                "text": text.goal(level, target),
                "font": {**PLOT_FONT, "color": palette.INK},
                "bgcolor": "rgba(255,255,255,0.9)",
            }
        ],
    }


def _table(intervals: Sequence[Interval], names: Sequence[str], minutes: int) -> Component:
    rows = [
        Row(name, (Cell(one.offered, one.href), Cell(one.level, one.href)), href=one.href)
        for one, name in zip(intervals, names, strict=True)
    ]
    heads = [intervals[0].offered.metric.title, intervals[0].level.metric.title]
    caption = _("Contacts offered and service level by {minutes} minutes").format(minutes=minutes)
    return table(caption, _("From"), heads, rows)
