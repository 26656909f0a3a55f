"""What a chart's macro draws, worked out beforehand: every place in pixels, every word ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from metrics import text
from metrics.charts.palette import STROKES, TYPE_SIZE, Stroke
from metrics.charts.scale import Scale, kept_labels, known, nice_ticks, spread, text_width
from metrics.language import _
from metrics.text import HasUnit

LINE_HEIGHT = TYPE_SIZE * 1.35
MARKED_POINTS = 32
# a low axis has room for few ticks
TALL, MOST_TICKS, FEW_TICKS = 112, 5, 3
# an axis for values that are all missing
NO_VALUES = {"share": 1.0, "seconds": 300.0}


@dataclass(frozen=True)
class Series:
    """A named row of values of one metric; null is a gap."""

    name: str
    values: Sequence[float | None]
    metric: HasUnit

    @property
    def axis_title(self) -> str:
        """Its name and unit."""
        return f"{self.name} ({_(text.AXIS_UNITS[self.metric.unit])})"


@dataclass(frozen=True)
class Box:
    """The field in which values are drawn."""

    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Tick:
    """One mark on an axis."""

    at: float
    words: str


@dataclass(frozen=True)
class Target:
    """A target's line, and where its words hide nothing."""

    at: float
    words: str
    x: float
    y: float


@dataclass(frozen=True)
class Axis:
    """An axis of values: its title, its ticks, and where a value lies."""

    title: str
    ticks: Sequence[Tick]
    scale: Scale

    @property
    def room(self) -> float:
        """How much width its tick labels need."""
        return max(text_width(tick.words, TYPE_SIZE) for tick in self.ticks) + 8


@dataclass(frozen=True)
class Drawn:
    """A line ready to draw: path, marks, and the words at its end."""

    path: str
    points: Sequence[tuple[float, float]]
    marks: Sequence[tuple[float, float]]
    label: str
    label_at: tuple[float, float] | None
    stroke: Stroke


@dataclass(frozen=True)
class Bar:
    """A bar ready to draw, with its value where there is room to print it."""

    x: float
    y: float
    width: float
    height: float
    words: str


def value_axis(title: str, series: Sequence[Series], *, target: float | None, start: float, end: float) -> Axis:
    """An axis from 0 that holds every value and the target."""
    metric = series[0].metric
    highest = max([*known(value for one in series for value in one.values), target or 0.0, 0.0])
    most = MOST_TICKS if abs(end - start) >= TALL else FEW_TICKS
    ticks = nice_ticks(highest or NO_VALUES.get(metric.unit, 10.0), metric.unit, most=most)
    scale = Scale(ticks[0], ticks[-1], start, end)
    return Axis(title, [Tick(scale(tick), tick_words(metric, tick)) for tick in ticks], scale)


def tick_words(metric: HasUnit, tick: float) -> str:
    """A tick's value, without decimals that say nothing and without the unit that the title gives."""
    if metric.unit == "share":
        return f"{tick * 100:.1f}".removesuffix(".0")
    return text.value(metric, tick) if metric.unit in ("count", "seconds") else f"{tick:g}"


def label_ticks(labels: Sequence[str], places: Sequence[float], room: float) -> list[Tick]:
    """The labels along an axis that have room, at their places."""
    return [Tick(places[number], labels[number]) for number in kept_labels(labels, room, TYPE_SIZE)]


def drawn_line(series: Series, places: Sequence[float], scale: Scale, stroke: Stroke) -> Drawn:
    """A line broken where values are missing; a value between two gaps stands as a mark."""
    points = [(x, scale(value)) if value is not None else None for x, value in zip(places, series.values, strict=True)]
    found = [point for point in points if point]
    lone = [
        point
        for number, point in enumerate(points)
        if point and not any(points[max(0, number - 1) : number] + points[number + 1 : number + 2])
    ]
    marks = found if len(found) <= MARKED_POINTS else sorted({*lone, found[-1]})
    return Drawn(_path(points), found, marks, series.name, found[-1] if found else None, stroke)


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    words, pen_down = [], False
    for point in points:
        if point:
            words.append(f"{'L' if pen_down else 'M'}{px(point[0])} {px(point[1])}")
        pen_down = point is not None
    return " ".join(words)


def drawn_lines(series: Sequence[Series], places: Sequence[float], scale: Scale, box: Box) -> list[Drawn]:
    """Several lines, told apart by dash and mark, their names at their ends moved apart."""
    lines = [drawn_line(one, places, scale, stroke) for one, stroke in zip(series, STROKES, strict=False)]
    ends = [line for line in lines if line.label_at]
    heights = spread([line.label_at[1] for line in ends if line.label_at], LINE_HEIGHT, box.top, box.bottom)
    moved = {id(line): height for line, height in zip(ends, heights, strict=True)}
    return [replace(line, label_at=(box.right, moved[id(line)]) if line.label_at else None) for line in lines]


def bar_places(count: int, start: float, end: float) -> tuple[list[float], float]:
    """The middle of each of `count` slots between two edges, and a slot's size."""
    slot = (end - start) / max(count, 1)
    return [start + slot * (number + 0.5) for number in range(count)], slot


def drawn_bars(series: Sequence[Series], places: Sequence[float], slot: float, scale: Scale) -> list[list[Bar]]:
    """Upright bars, the series side by side within each slot; values are printed where all of them fit."""
    width = slot * (0.72 if slot < 30 else 0.62) / len(series)
    words = [[text.value(one.metric, value) for value in one.values] for one in series]
    fits = all(text_width(word, TYPE_SIZE) <= width + 6 for row in words for word in row)
    drawn = []
    for number, one in enumerate(series):
        shift = (number - len(series) / 2) * width
        drawn.append(
            [
                Bar(
                    x + shift,
                    scale(value),
                    width,
                    scale.start - scale(value),
                    words[number][place] if fits else "",
                )
                for place, (x, value) in enumerate(zip(places, one.values, strict=True))
                if value is not None
            ]
        )
    return drawn


def target_line(at: float, words: str, box: Box, taken: Sequence[tuple[float, float]]) -> Target:
    """A target's line with its words above or below it, at the first place that covers no point of a line."""
    width = text_width(words, TYPE_SIZE)
    taken = [*taken, *_between(taken)]
    step = (box.right - box.left - width - 8) / 8
    for place in range(9):
        x = box.left + 4 + step * place
        for y in (at - 3, at + LINE_HEIGHT - 2):
            covered = (
                left <= x + width + 4 and left >= x - 4 and y - LINE_HEIGHT <= top <= y + 4 for left, top in taken
            )
            if box.top - 4 <= y - TYPE_SIZE and y <= box.bottom and not any(covered):
                return Target(at, words, x, y)
    return Target(at, words, box.left + 4, at - 3)


def _between(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Places along the way from each point to the next."""
    parts = (0.2, 0.4, 0.6, 0.8)
    pairs = pairwise(points)
    return [(x + (u - x) * part, y + (v - y) * part) for (x, y), (u, v) in pairs for part in parts]


def px(place: float) -> str:
    """A place on paper to a tenth of a pixel, written the same way everywhere."""
    return f"{round(place, 1) + 0.0:.1f}".removesuffix(".0")
