"""Parts of the documentation that are made: put between `<!-- name -->` and the next `<!-- end -->`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def block(page: str, name: str) -> str:
    """What stands in a made part of a page."""
    found = _pattern(name).search((DOCS / page).read_text(encoding="utf-8"))
    if found is None:
        raise LookupError(f"{page} has no part <!-- {name} --> ... <!-- end -->")
    return found[2].strip("\n")


def put(page: str, name: str, content: str) -> None:
    """Put a made part in place of what stands there."""
    path = DOCS / page
    text = path.read_text(encoding="utf-8")
    path.write_text(_pattern(name).sub(lambda found: f"{found[1]}\n{content}\n{found[3]}", text), encoding="utf-8")


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- {name} -->)\n(.*?)(<!-- end -->)", re.DOTALL)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
