"""Write an empty plain file, its header and one example row, or a ready evaluation form to start from."""

from __future__ import annotations

from pathlib import Path

from etl.forms import ready_forms
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
    """The header and an example row of a layout, or the file of a ready form; raises WrongUse for any other name."""
    known, ready = layouts(centre_folder), ready_forms()
    if name in ready:
        return ready[name].read_text(encoding="utf-8")
    if name not in known:
        hint = nearest(name, [*known, *ready])
        message = f"There is no layout and no form {name!r}.{hint} fairline sources lists the layouts;"
        raise WrongUse(f"{message} the ready forms are {', '.join(ready)}.")
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
