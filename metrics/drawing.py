"""The charts of reports, drawn: each part by its function of `metrics.charts`."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from metrics import charts
from metrics.charts.heat import heat
from metrics.parts import Chart, Heat, Picture, Ranges

CHARTS = {
    "line": charts.line,
    "bars": charts.bars,
    "bars_across": charts.bars_across,
}


def draw(chart: Chart | Ranges | Heat | Picture, width: float = 700, height: float = 200) -> Markup:
    """A chart as SVG."""
    if isinstance(chart, Picture):
        return chart.drawn
    if isinstance(chart, Heat):
        return heat(
            chart.sentence, chart.rows, chart.columns, chart.values, chart.like, x_title=chart.x_title, width=width
        )
    if isinstance(chart, Ranges):
        return charts.dots_with_intervals(
            chart.sentence, chart.rows, chart.like, axis_title=chart.axis_title, width=width
        )
    if chart.kind == "sparkline":
        return _sparkline(chart, width, height)
    if chart.kind == "bars_and_line":
        return charts.bars_and_line(
            chart.sentence,
            chart.labels,
            chart.series[0],
            chart.series[1],
            x_title=chart.x_title,
            target=chart.target,
            width=width,
            height=height,
        )
    options: dict[str, Any] = {"axis_title": chart.axis_title, "width": width}
    if chart.kind != "bars_across":
        options |= {"x_title": chart.x_title, "target": chart.target, "height": height}
    return CHARTS[chart.kind](chart.sentence, chart.labels, chart.series, **options)


def _sparkline(chart: Chart, width: float, height: float) -> Markup:
    only = chart.series[0]
    return charts.sparkline(
        chart.sentence, chart.labels, only.values, only.metric, target=chart.target, width=width, height=height
    )
