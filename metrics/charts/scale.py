"""From values to places on paper: nice ticks, linear scales, and labels that do not run into each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

MINUTE, HOUR, DAY = 60, 3_600, 86_400
DURATION_STEPS = (
    1, 2, 5, 10, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE,
    HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 5 * DAY, 10 * DAY,
)  # fmt: skip
SHARE_STEPS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
# between two labels, as a part of the type size
SPACING = 2.0
THINNING = (1, 2, 3, 4, 6, 8, 12, 16, 24, 48, 96)
# how wide a character is, as a part of the type size; wide enough for any of the fonts in the list of fallbacks
DIGIT, NARROW, CAPITAL, WIDE, OTHER = 0.64, 0.35, 0.72, 0.93, 0.58


@dataclass(frozen=True)
class Scale:
    """A straight line from values to places: `low` lies at `start`, `high` at `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where a value lies."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def nice_ticks(highest: float, unit: str, *, most: int = 5) -> list[float]:
    """Ticks from 0 to at least the highest value, at most `most` steps, in numbers that people count in.

    >>> nice_ticks(134, "count")
    [0, 50, 100, 150]
    >>> nice_ticks(200, "seconds")
    [0, 60, 120, 180, 240]
    """
    step = _step(highest, unit, most)
    ticks = [number * step for number in range(ceil(highest / step - 1e-9) + 1)]
    return [round(tick, 10) for tick in ticks] if len(ticks) > 1 else [0, step]


def ticks_between(lowest: float, highest: float, unit: str, *, most: int = 4) -> list[float]:
    """Ticks that hold two values between them, with no need of a 0, in numbers that people count in.

    >>> ticks_between(276, 366, "seconds")
    [270, 300, 330, 360, 390]
    """
    step = _step(highest - lowest or abs(highest) or 1.0, unit, most)
    first, last = floor(lowest / step + 1e-9), ceil(highest / step - 1e-9)
    return [round(number * step, 10) for number in range(first, max(last, first + 1) + 1)]


def _step(highest: float, unit: str, most: int) -> float:
    fixed: Sequence[float] = {"seconds": DURATION_STEPS, "share": SHARE_STEPS}.get(unit, ())
    for step in fixed:
        if highest <= step * most:
            return step
    least = 1.0 if unit in ("count", "seconds") else 0.1
    wanted = max(highest / most, least)
    power = 10.0 ** floor(log10(wanted))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= wanted * (1 - 1e-9))
    return int(step) if step >= 1 else step


def text_width(words: str, size: float) -> float:
    """About how wide words are, on the wide side."""
    return size * sum(_character(character) for character in words)


def _character(character: str) -> float:
    if character.isdigit():
        return DIGIT
    if character in " .,:;'!()-ijltf":
        return NARROW
    if character in "mwMW%":
        return WIDE
    return CAPITAL if character.isupper() else OTHER


def kept_labels(labels: Sequence[str], room: float, size: float) -> list[int]:
    """Which labels to print along an axis so that none touches the next; full hours are preferred."""
    if not labels:
        return []
    # a label for every place crowds a chart, and costs a paper more time than all the rest of it
    widest = max(text_width(label, size) for label in labels) + SPACING * size
    step = next((step for step in THINNING if widest <= step * room), len(labels))
    first = next((number for number in range(min(step, len(labels))) if labels[number].endswith(":00")), 0)
    return list(range(first, len(labels), step))


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places moved apart by at least `gap`, in their order, and kept between `low` and `high` where they fit.

    >>> spread([10, 12, 40], 8, 0, 50)
    [7.0, 15.0, 40.0]
    """
    order = sorted(range(len(places)), key=lambda number: places[number])
    groups: list[list[float]] = []  # each: its middle, how many it holds
    for number in order:
        groups.append([places[number], 1])
        while len(groups) > 1 and _overlap(groups[-2], groups[-1], gap):
            (one, many), (other, more) = groups[-2:]
            groups[-2:] = [[(one * many + other * more) / (many + more), many + more]]
    apart = [middle + (place - (size - 1) / 2) * gap for middle, size in groups for place in range(int(size))]
    if apart and apart[-1] > high:
        apart = [place - (apart[-1] - high) for place in apart]
    if apart and apart[0] < low:
        apart = [place + (low - apart[0]) for place in apart]
    moved = dict(zip(order, apart, strict=True))
    return [float(moved[number]) for number in range(len(places))]


def _overlap(above: Sequence[float], below: Sequence[float], gap: float) -> bool:
    return below[0] - above[0] < gap * (above[1] + below[1]) / 2


def known(values: Iterable[float | None]) -> list[float]:
    """The values that there are."""
    return [value for value in values if value is not None]
