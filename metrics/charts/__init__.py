"""Charts as SVG, drawn by Jinja2 macros: the same marks in a PDF, in its HTML twin and on a KPI card.

Every chart is plain text with a `<title>` written from its data (its alternative text); the same data gives the same
bytes. Values of null are gaps. Titles of axes carry units, series are named where they end, and no series is told from
another by its colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from metrics import text
from metrics.charts import palette
from metrics.charts.drawing import drawn
from metrics.charts.scale import Scale, known, text_width
from metrics.charts.scene import (
    Axis,
    Bar,
    Box,
    Series,
    Target,
    Tick,
    bar_places,
    drawn_bars,
    drawn_line,
    drawn_lines,
    label_ticks,
    target_line,
    value_axis,
)
from metrics.language import _
from metrics.text import HasUnit

__all__ = [
    "Interval",
    "Series",
    "bars",
    "bars_across",
    "bars_and_line",
    "dots_with_intervals",
    "line",
    "sparkline",
]

TOP = 24.0
BELOW_LABELS = 20.0
BELOW_TITLE = 35.0
ROW = 22.0


@dataclass(frozen=True)
class Interval:
    """One row of dots with intervals: a value, the ends of what it may be, and how many it rests on."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    words: str


def line(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    axis_title: str | None = None,
    x_title: str = "",
    target: float | None = None,
    width: float = 700,
    height: float = 200,
) -> Markup:
    """Up to four lines over the same labels, all of one unit."""
    box = _box(height, x_title)
    axis = value_axis(axis_title or series[0].axis_title, series, target=target, start=box.bottom, end=box.top)
    names = max(text_width(one.name, palette.TYPE_SIZE) for one in series) + 12 if len(series) > 1 else 16
    box = _wide(box, axis.room, width - names)
    places = _points(len(labels), box)
    lines = drawn_lines(series, places, axis.scale, box)
    return _drawn(
        "line",
        title,
        labels,
        series,
        width=width,
        height=height,
        box=box,
        axis=axis,
        labels_below=label_ticks(labels, places, _spacing(places, box)),
        x_title=x_title,
        target=_target(series[0].metric, target, axis.scale, box, [point for one in lines for point in one.points]),
        lines=lines,
    )


def bars(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    axis_title: str | None = None,
    x_title: str = "",
    target: float | None = None,
    width: float = 700,
    height: float = 200,
) -> Markup:
    """Upright bars over labels, for days, weeks and intervals; two series stand side by side."""
    box = _box(height, x_title)
    axis = value_axis(axis_title or series[0].axis_title, series, target=target, start=box.bottom, end=box.top)
    box = _wide(box, axis.room, width - 4)
    places, slot = bar_places(len(labels), box.left, box.right)
    return _drawn(
        "bars",
        title,
        labels,
        series,
        width=width,
        height=height,
        box=box,
        axis=axis,
        labels_below=label_ticks(labels, places, slot),
        x_title=x_title,
        target=_target(series[0].metric, target, axis.scale, box),
        bars=drawn_bars(series, places, slot, axis.scale),
        legend=_legend(series, text_width(axis.title, palette.TYPE_SIZE) + 18),
    )


def bars_across(
    title: str,
    labels: Sequence[str],
    series: Sequence[Series],
    *,
    axis_title: str | None = None,
    width: float = 700,
) -> Markup:
    """Bars lying down, one row per name with its value in words; two series lie one above the other."""
    height = TOP + ROW * len(labels) * (1 + 0.6 * (len(series) - 1)) + 6
    values = [text.value(one.metric, value) for one in series for value in one.values]
    room = max((text_width(words, palette.TYPE_SIZE) for words in values), default=0) + 10
    box = Box(_names_room(labels), width - room, TOP, height - 4)
    axis = value_axis(axis_title or series[0].axis_title, series, target=None, start=box.left, end=box.right)
    full = Scale(0, max([*known(value for one in series for value in one.values), 0]) or 1, box.left, box.right)
    places, slot = bar_places(len(labels), box.top, box.bottom)
    return _drawn(
        "bars_across",
        title,
        labels,
        series,
        width=width,
        height=height,
        box=box,
        axis=axis,
        labels_below=[Tick(y, label) for y, label in zip(places, labels, strict=True)],
        bars=[_lying(one, number, len(series), places, slot, full) for number, one in enumerate(series)],
        legend=_legend(series, box.left + text_width(axis.title, palette.TYPE_SIZE) + 18),
    )


def bars_and_line(
    title: str,
    labels: Sequence[str],
    bars: Series,
    line: Series,
    *,
    x_title: str = "",
    target: float | None = None,
    width: float = 700,
    height: float = 220,
) -> Markup:
    """Bars on the left scale and a line on its own scale on the right; the target is the line's."""
    box = _box(height, x_title)
    axis = value_axis(bars.axis_title, [bars], target=None, start=box.bottom, end=box.top)
    right = value_axis(line.axis_title, [line], target=target, start=box.bottom, end=box.top)
    box = _wide(box, axis.room, width - right.room)
    places, slot = bar_places(len(labels), box.left, box.right)
    over = drawn_line(line, places, right.scale, palette.OVER_BARS)
    return _drawn(
        "bars_and_line",
        title,
        labels,
        [bars, line],
        width=width,
        height=height,
        box=box,
        axis=axis,
        bare_axis=Axis("", axis.ticks, axis.scale),
        right_axis=right,
        key_at=width - text_width(right.title, palette.TYPE_SIZE) - 26,
        labels_below=label_ticks(labels, places, slot),
        x_title=x_title,
        target=_target(line.metric, target, right.scale, box, over.points),
        bars=drawn_bars([bars], places, slot, axis.scale)[0],
        line=over,
    )


def sparkline(
    title: str,
    labels: Sequence[str],
    values: Sequence[float | None],
    metric: HasUnit,
    *,
    target: float | None = None,
    width: float = 120,
    height: float = 26,
) -> Markup:
    """The course of a figure beside its value: no axis, its own lowest and highest at the edges."""
    numbers = known(values) + ([target] if target is not None else [])
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    box = Box(3, width - 3, 4, height - 4)
    scale = Scale(low, high if high > low else low + 1, box.bottom, box.top)
    drawn = drawn_line(Series(title, values, metric), _points(len(values), box), scale, palette.STROKES[0])
    return _drawn(
        "sparkline",
        title,
        labels,
        [Series(title, values, metric)],
        width=width,
        height=height,
        box=box,
        target=_target(metric, target, scale, box),
        line=replace(drawn, marks=drawn.points[-1:]),
    )


def dots_with_intervals(
    title: str,
    rows: Sequence[Interval],
    metric: HasUnit,
    *,
    axis_title: str,
    target: float | None = None,
    width: float = 700,
) -> Markup:
    """A dot and its interval per name, in the order given, each with its own words at the right."""
    height = TOP + ROW * len(rows) + BELOW_LABELS
    words_room = max((text_width(row.words, palette.TYPE_SIZE) for row in rows), default=0) + 14
    box = Box(_names_room([row.name for row in rows]), width - words_room, TOP, height - BELOW_LABELS)
    values = [number for row in rows for number in (row.value, row.low, row.high)]
    axis = value_axis(axis_title, [Series("", values, metric)], target=target, start=box.left, end=box.right)
    places, _ = bar_places(len(rows), box.top, box.bottom)
    return _drawn(
        "dots_with_intervals",
        title,
        [row.name for row in rows],
        [Series(title, [row.value for row in rows], metric)],
        width=width,
        height=height,
        box=box,
        axis=axis,
        target=_beside(metric, target, axis.scale, box),
        rows=[_dot(row, y, axis.scale) for row, y in zip(rows, places, strict=True)],
    )


def _drawn(
    template: str, title: str, labels: Sequence[str], series: Sequence[Series], *, box: Box, **parts: Any
) -> Markup:
    scene: Mapping[str, Any] = {
        "description": _description(title, labels, series),
        "is_empty": not known(value for one in series for value in one.values),
        "box": box,
        "target": None,
        "legend": (),
        **parts,
    }
    scene = {**scene, "labels": scene.get("labels_below", ())}
    return drawn(template, scene)


def _description(title: str, labels: Sequence[str], series: Sequence[Series]) -> str:
    """The sentence above the chart, then each series in words."""
    told = [text.describe_series(one.name, labels, one.values, one.metric) for one in series if one.name != title]
    own = [text.describe_series(title, labels, series[0].values, series[0].metric)] if not told else []
    return " ".join([*([title.rstrip(".") + "."] if told else []), *told, *own])


def _box(height: float, x_title: str) -> Box:
    return Box(0, 0, TOP, height - (BELOW_TITLE if x_title else BELOW_LABELS))


def _wide(box: Box, left: float, right: float) -> Box:
    return Box(left, right, box.top, box.bottom)


def _points(count: int, box: Box) -> list[float]:
    """Places of `count` points from edge to edge."""
    step = (box.right - box.left - 12) / max(count - 1, 1)
    return [box.left + 6 + step * number for number in range(count)]


def _spacing(places: Sequence[float], box: Box) -> float:
    return places[1] - places[0] if len(places) > 1 else box.right - box.left


def _target(
    metric: HasUnit, target: float | None, scale: Scale, box: Box, taken: Sequence[tuple[float, float]] = ()
) -> Target | None:
    """The target's line; its words keep clear of the points in `taken`."""
    if target is None:
        return None
    return target_line(
        scale(target), _("target {aim}").format(aim=text.without_nought(text.value(metric, target))), box, taken
    )


def _beside(metric: HasUnit, target: float | None, scale: Scale, box: Box) -> Target | None:
    """The target's upright line, its words beside its upper end."""
    found = _target(metric, target, scale, box)
    return found and replace(found, x=found.at + 5, y=box.top + 4)


def _names_room(names: Sequence[str]) -> float:
    return max((text_width(name, palette.TYPE_SIZE) for name in names), default=0) + 10


def _legend(series: Sequence[Series], start: float) -> list[Tick]:
    """The names of several series with the place of each; a single one is named by its axis."""
    if len(series) < 2:
        return []
    places = [start]
    for one in series[:-1]:
        places.append(places[-1] + text_width(one.name, palette.TYPE_SIZE) + 34)
    return [Tick(place, one.name) for place, one in zip(places, series, strict=True)]


def _lying(series: Series, number: int, of: int, places: Sequence[float], slot: float, scale: Scale) -> list[Bar]:
    height = slot * 0.62 / of
    return [
        Bar(
            scale.start,
            y + (number - of / 2) * height,
            max(scale(value) - scale.start, 0) if value is not None else 0,
            height,
            text.value(series.metric, value),
        )
        for y, value in zip(places, series.values, strict=True)
    ]


def _dot(row: Interval, y: float, scale: Scale) -> dict[str, Any]:
    ends = (scale(row.low), scale(row.high)) if row.low is not None and row.high is not None else None
    dot = None if row.value is None else scale(row.value)
    return {"name": row.name, "y": y, "ends": ends, "dot": dot, "words": row.words}
