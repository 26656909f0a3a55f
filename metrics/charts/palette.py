"""The colours of charts and papers, each with what it is for; a test holds their contrast on white."""

from __future__ import annotations

from dataclasses import dataclass

# text: at least 4.5 to 1 on white
INK = "#1b2733"
MUTED = "#4d5b69"
ACCENT = "#1a5a8a"
ATTENTION = "#9c3d10"
GOOD = "#23663f"
# shapes: at least 3 to 1 on white
BAR = "#6c94b5"
SECOND_BAR = "#5a6672"
# what only guides the eye
RULE = "#d5dbe1"
FONT = "Inter, 'Noto Sans', 'DejaVu Sans', sans-serif"
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
