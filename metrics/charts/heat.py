"""A heat chart: a value for every pair of labels, by shade and in words; no reader depends on the shade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from metrics import text
from metrics.charts import palette
from metrics.charts.drawing import drawn
from metrics.charts.scale import known, text_width
from metrics.charts.scene import Box, Tick, label_ticks
from metrics.language import _
from metrics.text import HasUnit

ROW, TOP, BELOW, WORDS_SIZE = 20.0, 4.0, 35.0, 8.5
# between these shades neither ink nor white stands out enough from the cell: ink up to the first, white from the second
INK_UP_TO, WHITE_FROM = 0.40, 0.85
STEPS, TURN = 20, 0.7


def heat(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    metric: HasUnit,
    *,
    x_title: str,
    width: float = 700,
) -> Markup:
    """Values by row and column; the darkest cell is the highest, an empty one has no data."""
    numbers = known(value for row in values for value in row)
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    room = max((text_width(name, palette.TYPE_SIZE) for name in rows), default=0) + 14
    box = Box(room, width, TOP, TOP + ROW * len(rows))
    step = (box.right - box.left) / max(len(columns), 1)
    written = [[text.value(metric, value).removesuffix(" %") for value in row] for row in values]
    fits = max((text_width(words, WORDS_SIZE) for row in written for words in row), default=0) <= step - 2
    places = [box.left + step * (number + 0.5) for number in range(len(columns))]
    scene: dict[str, Any] = {
        "description": heat_text(title, rows, columns, values, metric),
        "is_empty": not numbers,
        "width": width,
        "height": box.bottom + BELOW,
        "box": box,
        "rows": [
            {
                "name": name,
                "y": box.top + ROW * (number + 0.5),
                "cells": [
                    {
                        "x": box.left + step * place + 0.5,
                        "y": box.top + ROW * number + 0.5,
                        "width": step - 1,
                        "height": ROW - 1,
                        "shade": shade(value, low, high),
                        "words": words if fits else "",
                    }
                    for place, (value, words) in enumerate(zip(values[number], written[number], strict=True))
                    if value is not None
                ],
            }
            for number, name in enumerate(rows)
        ],
        "labels": [Tick(tick.at, tick.words) for tick in label_ticks(columns, places, step)],
        "x_title": x_title,
    }
    return drawn("heat", scene)


def shade(value: float, low: float, high: float) -> float:
    """How dark a value's cell is, in steps; no cell has a shade on which neither ink nor white can be read.

    >>> shade(0, 0, 10), shade(4, 0, 10), shade(10, 0, 10)
    (0.02, 0.23, 1.0)
    """
    part = round((value - low) / (high - low) * STEPS) / STEPS if high > low else 0.5
    if part <= TURN:
        return round(0.02 + part / TURN * (INK_UP_TO - 0.02), 2)
    return round(WHITE_FROM + (part - TURN) / (1 - TURN) * (1 - WHITE_FROM), 2)


def heat_text(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    metric: HasUnit,
) -> str:
    """The alternative text: the highest and the lowest cell, and how many there are."""
    cells = [
        (value, f"{name}, {column}")
        for name, row in zip(rows, values, strict=True)
        for column, value in zip(columns, row, strict=True)
        if value is not None
    ]
    if not cells:
        return f"{title.rstrip('.')}: {_(text.NO_DATA)}."
    (most, where), (least, there) = max(cells), min(cells)
    span = _("highest {most} ({where}), lowest {least} ({there})").format(
        most=text.value(metric, most), where=where, least=text.value(metric, least), there=there
    )
    return f"{title.rstrip('.')}: {text.number_of(len(cells), 'cell')}; {span}."
