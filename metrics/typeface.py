"""The letters that pages and papers are set in: Public Sans, where `scripts/fonts` has put it into `metrics/fonts`."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from metrics.tokens import FAMILIES

FOLDER = Path(__file__).parent / "fonts"
# the first letters of the list of families, and for other Latin letters the second
LATIN, OTHER_LATIN = FAMILIES[:2]

RARE = re.compile("[\u0100-\u024f\u1e00-\u1eff]")


@dataclass(frozen=True)
class Face:
    """One file of letters: which family and weight it gives."""

    family: str
    weight: int
    file: str

    @property
    def path(self) -> Path:
        """Where it lies."""
        return FOLDER / self.file


FACES = tuple(
    Face(family, weight, f"public-sans-{subset}-{weight}-normal.woff2")
    for family, subset in ((LATIN, "latin"), (OTHER_LATIN, "latin-ext"))
    for weight in (400, 600)
)


def faces() -> tuple[Face, ...]:
    """The files that are here; none on a machine that could not fetch them, which takes the next family of the list."""
    return tuple(face for face in FACES if face.path.is_file())


def declared(address: Callable[[Face], str], chosen: Iterable[Face] | None = None) -> str:
    """The rules of a style sheet that name the letters, each with the address that it is given."""
    return "".join(
        f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};font-display:swap;'
        f'src:url("{address(face)}") format("woff2");}}'
        for face in (faces() if chosen is None else chosen)
    )


def in_itself(face: Face) -> str:
    """An address that holds the letters themselves."""
    return f"data:font/woff2;base64,{base64.b64encode(face.path.read_bytes()).decode()}"


def needed(words: str) -> tuple[Face, ...]:
    """The files that a text needs: those of other Latin letters only where it has any."""
    return tuple(face for face in faces() if face.family == LATIN or RARE.search(words))
