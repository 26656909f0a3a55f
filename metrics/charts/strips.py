"""Strips of time: what was and what was to be, one under the other over the same hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from metrics import text
from metrics.charts import palette
from metrics.charts.drawing import drawn
from metrics.charts.scale import Scale, text_width
from metrics.charts.scene import Box, Tick

TOP, BAND, GAP, BELOW, KEY = 20.0, 26.0, 10.0, 6.0, 18.0
AN_HOUR = 3600.0
MOST_HOURS = 12


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
    hours = _hours(stretches)
    # by the clock of the world: the hour that comes twice takes two hours
    begins, ends = (hours[0].timestamp(), hours[-1].timestamp()) if hours else (0.0, AN_HOUR)
    along = Scale(begins, ends, box.left, box.right)
    used = [kind for kind in looks if any(one.kind == kind for one in stretches)]
    scene: dict[str, Any] = {
        "description": strips_text(title, rows, looks),
        "is_empty": not stretches,
        "width": width,
        "height": bottom + BELOW + KEY * len(_key(used, looks, box)),
        "box": box,
        "ticks": [Tick(along(at.timestamp()), text.clock(at)) for at in _every(hours)],
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


def _hours(stretches: Sequence[Stretch]) -> list[datetime]:
    """The whole hours from before the first to after the last stretch; real hours, on days with 23 or 25 as well."""
    if not stretches:
        return []
    first = min(one.first for one in stretches).replace(minute=0, second=0, microsecond=0)
    last = max(one.until for one in stretches)
    hours = [first]
    while hours[-1].timestamp() < last.timestamp():
        hours.append(datetime.fromtimestamp(hours[-1].timestamp() + AN_HOUR, tz=first.tzinfo))
    return hours


def _every(hours: Sequence[datetime]) -> Sequence[datetime]:
    return hours[:: 1 + len(hours) // MOST_HOURS]


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
            told.append(f"{name}: {text.NO_DATA}")
            continue
        lasted: dict[str, float] = {}
        for one in row:
            lasted[one.kind] = lasted.get(one.kind, 0.0) + (one.until.timestamp() - one.first.timestamp())
        kinds = [f"{looks[kind].words} {text.duration(lasted[kind])}" for kind in looks if kind in lasted]
        told.append(f"{name} from {text.clock(row[0].first)} to {text.clock(row[-1].until)}: {text.listed(kinds)}")
    return f"{title.rstrip('.')}. {'. '.join(told)}."
