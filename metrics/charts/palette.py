"""The colours of charts and papers by what they are for, from the tokens; a test holds their contrast on white."""

from __future__ import annotations

from dataclasses import dataclass

from metrics import tokens

_DAY = tokens.colours(tokens.BY_DAY)
# text: at least 4.5 to 1 on white
INK = _DAY["ink"]
MUTED = _DAY["muted"]
ACCENT = _DAY["accent"]
ATTENTION = _DAY["attention"]
GOOD = _DAY["good"]
# shapes: at least 3 to 1 on white
BAR = _DAY["bar"]
SECOND_BAR = _DAY["second-bar"]
# what only guides the eye
RULE = _DAY["rule"]
PAPER = _DAY["paper"]
FONT = tokens.FONT
TYPE_SIZE = 10.5


@dataclass(frozen=True)
class Stroke:
    """How a line is told from the others without its colour: dash and mark."""

    colour: str
    dash: str
    mark: str


STROKES = (
    Stroke(ACCENT, "", "circle"),
    Stroke(ATTENTION, "6 3", "square"),
    Stroke(GOOD, "2 3", "triangle"),
    Stroke(INK, "9 3 2 3", "diamond"),
)
# a line over bars is told from them by its shape
OVER_BARS = Stroke(INK, "", "circle")
