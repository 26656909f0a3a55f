"""Write an empty plain file: its header, what each column means, and one example row."""

from __future__ import annotations

from pathlib import Path

from etl.layout import Column, layouts
from sql import WrongUse, nearest

EXAMPLES = {
    "id": "A-1001",
    "text": "General",
    "free_text": "a sentence",
    "phone": "+13035550123",
    "whole": "1",
    "decimal": "1.5",
    "duration": "60",
    "timestamp": "2026-11-13T08:30:00-07:00",
    "epoch": "1763044200",
    "date": "2026-11-13",
    "clock": "8:30:00",
    "flag": "1",
}


def template(name: str, centre_folder: Path) -> str:
    """The header and an example row of a plain layout; raises WrongUse for any other name."""
    known = layouts(centre_folder)
    if name not in known:
        raise WrongUse(f"There is no layout {name!r}.{nearest(name, known)} fairline sources lists them.")
    layout = known[name]
    columns = layout.columns.items()
    header = ",".join(layout.spelled(column) for column, _ in columns)
    return f"{header}\n{','.join(example(column) for _, column in columns)}\n"


def example(column: Column) -> str:
    """A value that the column accepts."""
    if column.type == "code":
        return next(iter(column.codes))
    if column.type == "timestamp" and column.offset == "none":
        return "2026-11-13 08:30:00" if "%Y-%m-%d %H:%M:%S" in column.formats else "2026-11-13"
    return EXAMPLES[column.type]
