"""Charts about people: a funnel of all agents, and one agent over time; each says in its text what it shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from markupsafe import Markup

from metrics import text
from metrics.charts import palette
from metrics.charts.drawing import drawn
from metrics.charts.scale import Scale, text_width, ticks_between
from metrics.charts.scene import Axis, Box, Series, Tick, drawn_line, label_ticks, px, tick_words
from metrics.language import _
from metrics.text import HasUnit

TOP, BELOW, RIGHT = 24.0, 35.0, 16.0
STEPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)


@dataclass(frozen=True)
class Dot:
    """One agent of a funnel: how many contacts the difference rests on; named only where it is a flag."""

    name: str
    n: float
    difference: float
    is_flag: bool


@dataclass(frozen=True)
class Limits:
    """A pair of limits: the difference, below and above, at numbers of contacts."""

    name: str
    low: Sequence[float]
    high: Sequence[float]


def funnel(
    title: str,
    dots: Sequence[Dot],
    at: Sequence[float],
    limits: Sequence[Limits],
    *,
    y_title: str,
    x_title: str,
    words: Callable[[float], str],
    width: float = 700,
    height: float = 320,
) -> Markup:
    """A funnel of differences from what was expected; `at` are the numbers of contacts of the limits' points."""
    edge = max([abs(dot.difference) for dot in dots] + [abs(one.high[-1]) for one in limits] + [1e-9]) * 1.25
    most = max([dot.n for dot in dots], default=1.0)
    ticks = _around_zero(edge)
    room = max(text_width(words(tick), palette.TYPE_SIZE) for tick in ticks) + 8
    box = Box(room, width - RIGHT, TOP, height - BELOW)
    up, along = Scale(ticks[0], ticks[-1], box.bottom, box.top), Scale(0, most * 1.05, box.left, box.right)
    axis = Axis(y_title, [Tick(up(tick), words(tick)) for tick in ticks], up)
    scene = {
        "description": funnel_text(title, dots, limits),
        "is_empty": not dots,
        "width": width,
        "height": height,
        "box": box,
        "axis": axis,
        "x_title": x_title,
        "labels": [Tick(along(n), text.count(n)) for n in _counts(most)],
        "zero": up(0.0),
        "limits": [
            line
            for number, one in enumerate(limits)
            for line in _lines(one, at, along, up, box, "" if number == len(limits) - 1 else "4 3")
        ],
        "dots": [_mark(dot, along, up, box) for dot in sorted(dots, key=lambda one: (one.is_flag, one.name))],
    }
    return drawn("funnel", scene)


def funnel_text(title: str, dots: Sequence[Dot], limits: Sequence[Limits]) -> str:
    """The alternative text of a funnel: how many lie inside, and who does not."""
    if not dots:
        return f"{title}: {_(text.NO_DATA)}."
    flagged = [dot.name for dot in sorted(dots, key=lambda one: one.name) if dot.is_flag]
    names = text.listed([one.name for one in limits])
    inside = _("{agents} of {n} within what chance and ordinary spread do").format(
        agents=text.number_of(len(dots) - len(flagged), "agent"), n=len(dots)
    )
    who = _("; standing out: {names}").format(names=text.listed(flagged)) if flagged else _("; nobody stands out")
    return _("{title}: {inside}{who}. Lines: {names}.").format(title=title, inside=inside, who=who, names=names)


def control(
    title: str,
    labels: Sequence[str],
    values: Sequence[float],
    *,
    centre: float,
    low: Sequence[float],
    high: Sequence[float],
    outside: Sequence[int] | None,
    metric: HasUnit,
    axis_title: str,
    x_title: str,
    width: float = 700,
    height: float = 220,
) -> Markup:
    """One agent's values over time with the centre and the range that is usual for that agent.

    The points `outside` it are marked and named; null marks none, whether or not there are any.
    """
    lowest, highest = min([*values, *low]), max([*values, *high])
    ticks = ticks_between(lowest, highest, metric.unit)
    room = max(text_width(tick_words(metric, tick), palette.TYPE_SIZE) for tick in ticks) + 8
    box = Box(room, width - RIGHT, TOP, height - BELOW)
    up = Scale(ticks[0], ticks[-1], box.bottom, box.top)
    gap = (box.right - box.left - 12) / max(len(values) - 1, 1)
    places = [box.left + 6 + gap * number for number in range(len(values))]
    scene: dict[str, Any] = {
        "description": control_text(title, labels, values, low=low, high=high, outside=outside, metric=metric),
        "is_empty": not values,
        "width": width,
        "height": height,
        "box": box,
        "axis": Axis(axis_title, [Tick(up(tick), tick_words(metric, tick)) for tick in ticks], up),
        "x_title": x_title,
        "labels": label_ticks(labels, places, gap),
        "centre": up(centre),
        "ranges": [_path(places, [up(number) for number in side]) for side in (low, high)],
        "line": drawn_line(Series(title, values, metric), places, up, palette.STROKES[0]),
        "outside": [(places[number], up(values[number])) for number in outside or ()],
    }
    return drawn("control", scene)


def control_text(
    title: str,
    labels: Sequence[str],
    values: Sequence[float],
    *,
    low: Sequence[float],
    high: Sequence[float],
    outside: Sequence[int] | None,
    metric: HasUnit,
) -> str:
    """The alternative text of a control chart, and the sentence beside it."""
    if outside is None:
        ends = _("{first} at first, {last} at last").format(
            first=text.value(metric, values[0]), last=text.value(metric, values[-1])
        )
        between = _("between {low} and {high}").format(
            low=text.value(metric, min(values)), high=text.value(metric, max(values))
        )
        usual = _("usual range {low} to {high}").format(
            low=text.value(metric, low[-1]), high=text.value(metric, high[-1])
        )
        return _("{title}: {n} weeks, {ends}, {between}; {usual}.").format(
            title=title, n=len(values), ends=ends, between=between, usual=usual
        )
    said = [f"{labels[number]} ({text.value(metric, values[number])})" for number in outside]
    within = _("usual range {low} to {high}").format(low=text.value(metric, low[-1]), high=text.value(metric, high[-1]))
    if not said:
        return _("{title}: {n} weeks, all inside the {within}.").format(title=title, n=len(values), within=within)
    return _("{title}: {n} weeks, {within}; outside it: {names}.").format(
        title=title, n=len(values), within=within, names=text.listed(said)
    )


def usual_sentence(value: float, low: float, high: float, metric: HasUnit) -> str:
    """What an agent reads of the last week.

    >>> usual_sentence(330, 310, 400, type("Seconds", (), {"unit": "seconds"}))
    'This week is inside your usual range (5:10 to 6:40).'
    """
    inside, outside = (
        _("This week is inside your usual range ({low} to {high})."),
        _("This week is outside your usual range ({low} to {high})."),
    )
    where = inside if low <= value <= high else outside
    return where.format(low=text.value(metric, low), high=text.value(metric, high))


def _around_zero(edge: float) -> list[float]:
    """Ticks on both sides of zero."""
    step = next((step for step in STEPS if edge <= 4 * step), edge / 4)
    each_side = ceil(edge / step)
    return [step * number for number in range(-each_side, each_side + 1)]


def _counts(most: float) -> list[float]:
    """Numbers of contacts to print along the axis."""
    power = 10.0 ** (len(str(max(int(most), 1))) - 1)
    step = max(next(part * power for part in (0.2, 0.5, 1, 2) if most / (part * power) <= 6), 1.0)
    return [step * number for number in range(1, int(most / step) + 1)]


def _lines(limits: Limits, at: Sequence[float], along: Scale, up: Scale, box: Box, dash: str) -> list[dict[str, Any]]:
    places = [along(n) for n in at]
    lines = []
    for side, is_named in ((limits.high, True), (limits.low, False)):
        heights = [min(max(up(number), box.top), box.bottom) for number in side]
        width = text_width(limits.name, palette.TYPE_SIZE)
        lines.append(
            {
                "path": _path(places, heights),
                "dash": dash,
                "words": limits.name if is_named else "",
                "x": box.right - width - 4,
                "y": heights[-1] - 3 if dash == "" else heights[-1] + palette.TYPE_SIZE + 3,
            }
        )
    return lines


def _mark(dot: Dot, along: Scale, up: Scale, box: Box) -> dict[str, Any]:
    x = along(dot.n)
    width = text_width(dot.name, palette.TYPE_SIZE)
    beside = x + 7 if x + 7 + width < box.right else x - 7 - width
    return {"x": x, "y": up(dot.difference), "words": dot.name if dot.is_flag else "", "label_x": beside}


def _path(places: Sequence[float], heights: Sequence[float]) -> str:
    points = [f"{px(x)} {px(y)}" for x, y in zip(places, heights, strict=True)]
    return f"M{' L'.join(points)}" if points else ""
