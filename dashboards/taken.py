"""A table of a page as a file: the same page is asked for the same view, so that the file says what the screen says."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import polars as pl
from dash.development.base_component import Component

from dashboards.tables import slug
from metrics import WrongUse
from metrics.export import frame_text, write_workbook
from metrics.language import _, tag

ADDRESS = "/table.{form}"


@dataclass(frozen=True)
class TakenTable:
    """A table as a file: its name, its bytes and how many rows."""

    name: str
    content: bytes
    rows: int


def parts_of(part: Any) -> Iterator[Component]:
    """A component and all that stands in it."""
    if isinstance(part, list | tuple):
        for one in part:
            yield from parts_of(one)
    elif isinstance(part, Component):
        yield part
        yield from parts_of(getattr(part, "children", None))


def addressed(parts: Iterable[Component | None], path: str, search: str | None, *, may_take: bool) -> list[Any]:
    """The parts of a page whose tables lead to their files, or to none where the viewer takes none away."""
    found = list(parts)
    asked = [pair for pair in parse_qsl((search or "").removeprefix("?")) if pair[0] not in ("page", "table", "lang")]
    # a table is named by its caption: its file is asked for in the language in which that was read
    said = [("lang", tag())] if tag() != "en" else []
    for one in parts_of(found):
        name = getattr(one, "className", None)
        if name == "files" and not may_take:
            one.children = None
        elif name == "takes":
            query = urlencode([("page", path), ("table", one.href.removeprefix("#")), *asked, *said])  # type: ignore[attr-defined]
            one.href = f"{ADDRESS.format(form=one.children)}?{query}"  # type: ignore[attr-defined]
    return found


def table_file(parts: Sequence[Any], name: str, form: str) -> TakenTable:
    """The table of a page by the name in its address; raises WrongUse where the page has none of that name."""
    known: dict[str, Component] = {}
    for one in parts_of(list(parts)):
        if type(one).__name__ == "Table":
            known.setdefault(slug(_caption(one)), one)
    if name not in known:
        tables = ", ".join(sorted(known)) or _("none")
        raise WrongUse(_("This page has no table {name!r}. It has: {tables}.").format(name=name, tables=tables))
    frame = frame_of(known[name])
    content = frame_text(frame, "csv").encode("utf-8-sig") if form == "csv" else _workbook(frame)
    return TakenTable(f"{name}.{form}", content, frame.height)


def frame_of(shown: Component) -> pl.DataFrame:
    """A table as a frame: numbers as they are and not as written, with the n of each in a column of its own."""
    lines = [one for one in parts_of(shown) if type(one).__name__ == "Tr"]
    cells = [[cell for cell in parts_of(line.children) if type(cell).__name__ in ("Th", "Td")] for line in lines]
    heads = [words_of(cell) for cell in cells[0]] if cells else []
    columns: dict[str, list[Any]] = {}
    for place, head in enumerate(heads):
        column = [row[place] if place < len(row) else None for row in cells[1:]]
        own = _free(head or _("column {number}").format(number=place + 1), columns)
        columns[own] = _values(column)
        counts = [getattr(cell, "data-n", None) for cell in column]
        if any(count is not None for count in counts):
            columns[_free(f"{own}, n", columns)] = counts
    return pl.DataFrame(columns, strict=False)


def _values(column: Sequence[Component | None]) -> list[Any]:
    """The values of a column: numbers where all that it holds are numbers, else what is read."""
    values = [getattr(cell, "data-value", None) for cell in column]
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, int | float) for value in known):
        return [None if value is None else float(value) for value in values]
    return [words_of(cell) if value is None else str(value) for cell, value in zip(column, values, strict=True)]


def _free(name: str, taken: Iterable[str]) -> str:
    """A name that no other column has."""
    found, number = name, 2
    while found in taken:
        found, number = f"{name} ({number})", number + 1
    return found


def words_of(part: Any) -> str:
    """What a reader reads of a component, parts of a cell apart."""
    if isinstance(part, list | tuple):
        return "; ".join(filter(None, map(words_of, part)))
    if isinstance(part, Component):
        return words_of(getattr(part, "children", None))
    return "" if part is None else str(part).strip()


def _caption(shown: Component) -> str:
    found = next((one for one in parts_of(shown.children) if type(one).__name__ == "Caption"), None)
    return words_of(found)


def _workbook(frame: pl.DataFrame) -> bytes:
    with tempfile.TemporaryDirectory(prefix="fairline-") as folder:
        path = Path(folder) / "table.xlsx"
        write_workbook(frame, path)
        return path.read_bytes()
