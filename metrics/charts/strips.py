"""Strips of time: what was and what was to be, one under the other over the same hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from markupsafe import Markup

from metrics import text
from metrics.charts import palette
from metrics.charts.drawing import drawn
from metrics.charts.scale import Scale, text_width
from metrics.charts.scene import Box, Tick
from metrics.language import _

TOP, BAND, GAP, BELOW, KEY = 20.0, 26.0, 10.0, 6.0, 18.0
A_MINUTE, A_DAY = 60.0, 86400.0
# the round lengths of time that people count in
STEPS = tuple(
    A_MINUTE * minutes for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2 * 1440, 7 * 1440, 28 * 1440)
)
MOST_MARKS = 12


@dataclass(frozen=True)
class Look:
    """How a kind of time looks: its words, its colour, and what part of the strip's height it fills.

    By the height it is told from the others without its colour.
    """

    words: str
    colour: str
    height: float = 1.0


@dataclass(frozen=True)
class Stretch:
    """A stretch of a strip."""

    first: datetime
    until: datetime
    kind: str


def strips(
    title: str, rows: Mapping[str, Sequence[Stretch]], looks: Mapping[str, Look], *, width: float = 700
) -> Markup:
    """Strips one under the other, by name, over the hours that any of them has; the key below names what occurs."""
    stretches = [one for row in rows.values() for one in row]
    # the words above the first hour stand half to its left
    room = max((text_width(name, palette.TYPE_SIZE) for name in rows), default=0) + 16
    bottom = TOP + (BAND + GAP) * len(rows)
    box = Box(room, width - 18, TOP, bottom)
    marks = _marks(stretches)
    # by the clock of the world: the hour that comes twice takes two hours
    begins, ends = (marks[0].timestamp(), marks[-1].timestamp()) if marks else (0.0, A_DAY)
    along = Scale(begins, ends, box.left, box.right)
    used = [kind for kind in looks if any(one.kind == kind for one in stretches)]
    scene: dict[str, Any] = {
        "description": strips_text(title, rows, looks),
        "is_empty": not stretches,
        "width": width,
        "height": bottom + BELOW + KEY * len(_key(used, looks, box)),
        "box": box,
        "ticks": [Tick(along(at.timestamp()), _told(at, marks)) for at in marks],
        "rows": [
            {
                "name": name,
                "y": TOP + (BAND + GAP) * number,
                "bars": [_bar(one, looks[one.kind], TOP + (BAND + GAP) * number, along) for one in row],
            }
            for number, (name, row) in enumerate(rows.items())
        ],
        "band": BAND,
        "key": [
            {"x": x, "y": bottom + BELOW + KEY * line + KEY - 5, "words": look.words, "colour": look.colour}
            for line, entries in enumerate(_key(used, looks, box))
            for x, look in entries
        ],
    }
    return drawn("strips", scene)


def _bar(one: Stretch, look: Look, top: float, along: Scale) -> dict[str, Any]:
    height = BAND * look.height
    left, right = along(one.first.timestamp()), along(one.until.timestamp())
    return {
        "x": left,
        "y": top + BAND - height,
        "width": max(right - left, 0.4),
        "height": height,
        "colour": look.colour,
    }


def _marks(stretches: Sequence[Stretch]) -> list[datetime]:
    """Round moments from before the first to after the last stretch, a dozen at most.

    They are real hours, on days with 23 or 25 of them as well.
    """
    if not stretches:
        return []
    zone = stretches[0].first.tzinfo
    begins = min(one.first.timestamp() for one in stretches)
    ends = max(max(one.until.timestamp() for one in stretches), begins + 1)
    step = next((one for one in STEPS if (ends - begins) / one <= MOST_MARKS), STEPS[-1])
    step *= max(1, ceil((ends - begins) / step / MOST_MARKS))
    midnight = datetime.fromtimestamp(begins, tz=zone).replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    marks = [midnight + (begins - midnight) // step * step]
    while marks[-1] < ends:
        marks.append(marks[-1] + step)
    return [datetime.fromtimestamp(one, tz=zone) for one in marks]


def _told(at: datetime, marks: Sequence[datetime]) -> str:
    """A mark's words: the time of day, or the day where marks are days apart."""
    apart = marks[1].timestamp() - marks[0].timestamp() if len(marks) > 1 else 0.0
    return text.narrow_day(at.date()) if apart >= A_DAY else text.clock(at)


def _key(used: Sequence[str], looks: Mapping[str, Look], box: Box) -> list[list[tuple[float, Look]]]:
    """The key's entries with their places, in as many lines as they take."""
    lines: list[list[tuple[float, Look]]] = [[]]
    x = box.left
    for kind in used:
        room = text_width(looks[kind].words, palette.TYPE_SIZE) + 34
        if lines[-1] and x + room > box.right:
            lines.append([])
            x = box.left
        lines[-1].append((x, looks[kind]))
        x += room
    return lines if lines[0] else []


def strips_text(title: str, rows: Mapping[str, Sequence[Stretch]], looks: Mapping[str, Look]) -> str:
    """The alternative text: for each strip from when to when, and how long each kind lasted."""
    told = []
    for name, row in rows.items():
        if not row:
            told.append(f"{name}: {_(text.NO_DATA)}")
            continue
        lasted: dict[str, float] = {}
        for one in row:
            lasted[one.kind] = lasted.get(one.kind, 0.0) + (one.until.timestamp() - one.first.timestamp())
        kinds = [f"{looks[kind].words} {text.duration(lasted[kind])}" for kind in looks if kind in lasted]
        ends = [text.clock(at) for at in (row[0].first, row[-1].until)]
        if row[0].first.date() != row[-1].until.date():
            ends = [text.short_day(at.date()) for at in (row[0].first, row[-1].until)]
            kinds = [looks[kind].words for kind in looks if kind in lasted]
        told.append(
            _("{name} from {first} to {last}: {kinds}").format(
                name=name, first=ends[0], last=ends[1], kinds=text.listed(kinds)
            )
        )
    return f"{title.rstrip('.')}. {'. '.join(told)}."
