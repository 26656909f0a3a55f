"""Read a statement by the name of its file: `statement("views/visit")`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def statement(name: str) -> str:
    """The text of one `.sql` file of this folder, without its closing semicolon."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8").strip().removesuffix(";")


@cache
def names(folder: str) -> tuple[str, ...]:
    """The names of all statements in a sub-folder, in alphabetical order."""
    return tuple(sorted(path.stem for path in (FOLDER / folder).glob("*.sql")))


def grain(name: str) -> str:
    """What one row of a statement is, as its first line says."""
    return statement(name).splitlines()[0].removeprefix("-- ").strip()
