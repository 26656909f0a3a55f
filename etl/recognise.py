"""Find the layout of a file by the names in its header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from etl.landing import signature
from etl.layout import Layout, folded
from etl.text_rows import TextRows, delimited, delimited_header, json_rows, workbook_rows
from sql import FileRejected, nearest

FORMATS = {"text": "delimited", "json": "json", "workbook": "workbook"}


@dataclass(frozen=True)
class Recognised:
    """A layout and where each of its columns stands in this file's header (from 0)."""

    layout: Layout
    positions: dict[str, int]
    unused: tuple[str, ...]
    header: tuple[str, ...]
    delimiter: str | None


def recognise(path: Path, known: Mapping[str, Layout], *, name: str, wanted: str | None = None) -> Recognised:
    """The layout whose required columns are all in the header; of several, the one that uses most columns.

    Raises FileRejected naming what is missing from the nearest layout.
    """
    form = file_format(path, name)
    header, delimiter = header_of(path, form)
    candidates = [known[wanted]] if wanted else [layout for layout in known.values() if form in layout.formats]
    matches = [match for layout in candidates if (match := _match(layout, header, delimiter))]
    if not matches:
        raise _unknown(header, candidates, name, wanted)
    return max(matches, key=lambda match: (len(match.positions), len(match.layout.required)))


def file_format(path: Path, name: str) -> str:
    """delimited, json or workbook; raises FileRejected for anything else, saying what it is."""
    kind = signature(path)
    if kind not in FORMATS:
        message = f"{name} is {kind}, not an export. Expected CSV, JSON or xlsx. Export it again; nothing was loaded."
        raise FileRejected("another_kind", message)
    return FORMATS[kind]


def header_of(path: Path, form: str) -> tuple[list[str], str | None]:
    """The header names and, for delimited text, the delimiter."""
    if form == "delimited":
        return delimited_header(path)
    return (json_rows(path) if form == "json" else workbook_rows(path)).header, None


def _match(layout: Layout, header: list[str], delimiter: str | None) -> Recognised | None:
    if delimiter is not None and len(header) > 1 and delimiter not in layout.delimiters:
        return None
    places: dict[str, int] = {}
    for position, spelling in enumerate(header):
        name = folded(spelling.removeprefix("\ufeff"))
        if name in places and name in layout.header:
            message = f"The header names {spelling!r} twice, so it cannot be told which column is meant. Rename one."
            raise FileRejected("header_twice", message)
        places[name] = position
    positions = {
        column: next(places[name] for name in names if name in places)
        for column, names in layout.known_names.items()
        if any(name in places for name in names)
    }
    if not set(layout.required) <= set(positions):
        return None
    unused = tuple(name for position, name in enumerate(header) if position not in positions.values())
    return Recognised(layout, positions, unused, tuple(header), delimiter)


def _unknown(header: list[str], candidates: list[Layout], name: str, wanted: str | None) -> FileRejected:
    names = {folded(spelling.removeprefix("\ufeff")) for spelling in header}
    shared = {layout.name: len(names & layout.header) for layout in candidates}
    best = max(candidates, key=lambda layout: shared[layout.name], default=None)
    if best is None or shared[best.name] < max(2, len(best.required) // 2):
        message = f"{name}: no known layout has this header ({len(header)} columns). "
        next_step = "fairline inspect prints its columns and a draft layout; fairline sources lists what is known."
        return FileRejected("unknown_layout", message + next_step)
    missing = [best.spelled(column) for column in best.required if not _present(best, column, names)]
    hints = "".join(nearest(column, header) for column in missing[:1])
    asked = "the layout that you named" if wanted else "the nearest layout"
    message = (
        f"{name}: {', '.join(missing)} missing; {asked} is {best.name}.{hints} Rename the column, or write a layout."
    )
    return FileRejected("missing_column", message)


def _present(layout: Layout, column: str, names: set[str]) -> bool:
    spellings = (layout.spelled(column), *layout.columns[column].aliases)
    return any(folded(spelling) in names for spelling in spellings)


def open_rows(path: Path, recognised: Recognised) -> TextRows:
    """The rows of a recognised file."""
    form = FORMATS[signature(path)]
    if form == "json":
        return json_rows(path)
    if form == "workbook":
        return workbook_rows(path)
    layout = recognised.layout
    delimiter = recognised.delimiter or layout.delimiters[0]
    return delimited(path, delimiter=delimiter, encodings=layout.encodings, quotes=layout.quotes)
