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
    "flag": "0",
}
# what says more than its type does
NAMED = {
    "call_id": "C-1001",
    "queue": "general",
    "transferred_to": "water",
    "case_number": "26-0001234",
    "name": "Maria Lopez",
    "team": "Day A",
    "supervisor": "S-02",
    "site": "City Hall",
    "shift": "early",
    "language": "en",
    "languages": "en es",
    "service_type": "Pothole",
    "request_type": "Pothole",
    "department": "Streets",
    "valid_to": "",
}
MEANT = {
    "valid_from": "the first day",
    "valid_to": "the day from which on it no longer holds; empty while it holds",
}
LATER = ("end", "closed", "decided", "answered", "due", "valid_to", "submitted")


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
    return f"{header}\n{','.join(example(column, name) for name, column in columns)}\n"


def documentation(name: str, centre_folder: Path) -> str:
    """What each column of a layout takes, a line a column, or what to do with a form; raises WrongUse for others."""
    template(name, centre_folder)
    if name in ready_forms():
        return f"The form {name}. Keep it in the centre's forms/ folder under an id of your own, then change it.\n"
    layout = layouts(centre_folder)[name]
    width = max(len(layout.spelled(column)) for column in layout.columns)
    lines = [f"{layout.spelled(known):<{width}}  {meaning(column, known)}" for known, column in layout.columns.items()]
    key = f"One row per {' and '.join(map(layout.spelled, layout.key))}." if layout.key else "Every row counts."
    return "\n".join([f"{layout.title}: {layout.product}. {key}", *lines]) + "\n"


def meaning(column: Column, name: str = "") -> str:
    """What a column takes, in a few words."""
    words = {
        "code": f"one of {', '.join(column.codes)}",
        "flag": "1 or 0",
        "duration": f"a whole number of {column.unit}",
        "phone": "a telephone number; only its keyed hash is kept",
        "free_text": "what people wrote; kept without numbers and addresses of persons",
        "id": "an id, kept as text",
        "timestamp": "ISO 8601, local unless it carries an offset",
        "date": "YYYY-MM-DD",
        "decimal": f"a number from {column.least:g} to {column.most:g}",
    }
    need = "" if column.nullable else ", in every row"
    said = f": {MEANT[name]}" if name in MEANT else ""
    return (
        words.get(column.type, column.type) + said + need + ("" if column.required else " (the column may be left out)")
    )


def example(column: Column, name: str = "") -> str:
    """A value that the column accepts; what ends comes after what begins, and nothing is its own parent."""
    if name in NAMED and (column.type in ("text", "id") or (not NAMED[name] and column.nullable)):
        return NAMED[name]
    if column.type in ("timestamp", "date") and name.startswith(LATER):
        return "2026-11-14" if column.type == "date" else "2026-11-13T09:45:00-07:00"
    if name.startswith("parent"):
        return ""
    if name == "metric":
        return "service_level"
    if column.type == "decimal" and column.most <= 1:
        return "0.5"
    if column.type == "code":
        return next(iter(column.codes))
    if column.type == "timestamp" and column.offset == "none":
        return "2026-11-13 08:30:00" if "%Y-%m-%d %H:%M:%S" in column.formats else "2026-11-13"
    if column.type == "decimal" and column.most < float(EXAMPLES["decimal"]):
        return f"{column.most / 2:g}"
    return EXAMPLES[column.type]
