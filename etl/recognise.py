"""Find the layout of a file from the file alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from etl.landing import signature
from etl.layout import Layout, folded
from etl.nested_json import nested_header, nested_rows
from etl.readers import head_of, reader
from etl.survey_header import other_columns
from etl.text_rows import TextRows, delimited, delimited_header, first_lines, json_rows, workbook_rows
from etl.xml_rows import xml_rows
from sql import FileRejected, nearest

MOSTLY = 0.75
FORMATS = {"text": "delimited", "json": "json", "workbook": "workbook", "xml": "xml"}
ROWS = {"json": json_rows, "workbook": workbook_rows, "xml": xml_rows}


@dataclass(frozen=True)
class Recognised:
    """A layout and where each of its columns stands in this file's header (from 0)."""

    layout: Layout
    positions: dict[str, int]
    unused: tuple[str, ...]
    header: tuple[str, ...]
    delimiter: str | None
    header_lines: int = 1
    others: tuple[tuple[str, str, int], ...] = ()


def recognise(path: Path, known: Mapping[str, Layout], *, name: str, wanted: str | None = None) -> Recognised:
    """The layout that a file is of, told from its content: its first bytes, its header, or what stands in its lines.

    Of several layouts whose required columns are all there, the one that uses most columns. Raises FileRejected naming
    what is missing from the nearest layout.
    """
    layouts = [known[wanted]] if wanted else list(known.values())
    if found := _by_reader(path, layouts):
        return found
    form = file_format(path, name)
    candidates = [layout for layout in layouts if not layout.reader and (wanted or form in layout.formats)]
    if form == "json" and (nested := _nested(path, [layout for layout in candidates if layout.nesting])):
        return max(reversed(nested), key=lambda match: len(match.layout.required))
    header, delimiter = header_of(path, form)
    named = [layout for layout in candidates if not layout.signature and (form != "json" or not layout.nesting)]
    matches = [match for layout in named if (match := _match(layout, header, delimiter))]
    if form == "delimited":
        matches += _beneath_a_title(path, named)
    if form == "delimited" and not matches:
        matches = _by_signature(path, [layout for layout in candidates if layout.signature])
    if not matches:
        raise _unknown(header, candidates, name, wanted)
    # of equals the last one: a centre's own layouts come after the shipped ones
    best = max(reversed(matches), key=lambda match: (len(match.positions), len(match.layout.required)))
    return _with_others(path, best) if best.layout.others else best


def _beneath_a_title(path: Path, layouts: Sequence[Layout]) -> list[Recognised]:
    """The layouts whose names stand in a later line than the first."""
    matches = []
    for layout in layouts:
        for line in layout.names_in:
            for delimiter in layout.delimiters if line > 1 else ():
                lines = first_lines(path, delimiter, layout.encodings, most=line)
                if len(lines) == line and (match := _match(layout, lines[-1], delimiter)):
                    matches.append(replace(match, header_lines=max(line, layout.header_lines)))
    return matches


def _with_others(path: Path, match: Recognised) -> Recognised:
    """The same with key, text and position of the columns that the layout keeps without naming them."""
    layout, delimiter = match.layout, match.delimiter
    lines = first_lines(path, delimiter, layout.encodings, most=match.header_lines) if delimiter else []
    labels = layout.others.labels if layout.others else "names"
    others = other_columns(lines or [list(match.header)], labels, taken=set(match.positions.values()))
    kept = {position for _, _, position in others}
    places = {*match.positions.values(), *kept}
    unused = tuple(name for position, name in enumerate(match.header) if name and position not in places)
    return replace(match, others=others, unused=unused)


def _by_reader(path: Path, layouts: Sequence[Layout]) -> Recognised | None:
    head = head_of(path)
    for layout in layouts:
        if layout.reader and (found := reader(layout.reader)).knows(head):
            return _in_order(layout, None, found.width)
    return None


def _in_order(layout: Layout, delimiter: str | None, width: int | None = None) -> Recognised:
    """A file whose rows come in the order of the layout's columns, or of the first `width` of them."""
    columns = list(layout.columns)[:width]
    positions = {column: position for position, column in enumerate(columns)}
    return Recognised(layout, positions, (), layout.spellings[:width], delimiter)


def _nested(path: Path, layouts: Sequence[Layout]) -> list[Recognised]:
    """The nested layouts all of whose required paths are in the file's first objects."""
    matches = []
    paths = {lists: set(nested_header(path, lists)) for lists in {_lists(layout) for layout in layouts}}
    for layout in layouts:
        present = paths[_lists(layout)]
        spelled = {name: {layout.spelled(name), *column.aliases} for name, column in layout.columns.items()}
        if all(spelled[name] & present for name in layout.required):
            in_order = _in_order(layout, None)
            used = {path for paths in spelled.values() for path in paths}
            unused = tuple(sorted(path for path in present if not _is_used(path, used)))
            matches.append(replace(in_order, unused=unused))
    return matches


def _lists(layout: Layout) -> tuple[str, ...]:
    return layout.nesting.lists if layout.nesting else ()


def _is_used(path: str, used: set[str]) -> bool:
    """Whether a path is a column, lies within one, or only leads to one."""
    return any(path == one or path.startswith((f"{one}.", f"{one}[")) or one.startswith(path) for one in used)


def _by_signature(path: Path, layouts: Sequence[Layout]) -> list[Recognised]:
    matches = []
    for layout in layouts:
        for delimiter in layout.delimiters:
            lines = first_lines(path, delimiter, layout.encodings)
            signed = [fields for fields in lines if _is_signed(layout, fields)]
            # a bad row among the first is a row to put aside, and no reason to know the file less
            if signed and len(signed) >= MOSTLY * len(lines):
                matches.append(_in_order(layout, delimiter, len(signed[0])))
    return matches


def _is_signed(layout: Layout, fields: Sequence[str]) -> bool:
    signature = layout.signature
    if signature is None or len(fields) not in signature.fields:
        return False
    texts = dict(zip(layout.columns, fields, strict=False))
    return all(re.fullmatch(pattern, texts.get(name, "").strip()) for name, pattern in signature.patterns.items())


def file_format(path: Path, name: str) -> str:
    """delimited, json, workbook or xml; raises FileRejected for anything else, saying what it is."""
    kind = signature(path)
    if kind not in FORMATS:
        message = (
            f"{name} is {kind}, not an export. Expected CSV, JSON, XML or xlsx. Export it again; nothing was loaded."
        )
        raise FileRejected("another_kind", message)
    return FORMATS[kind]


def header_of(path: Path, form: str) -> tuple[list[str], str | None]:
    """The header names and, for delimited text, the delimiter."""
    if form == "delimited":
        return delimited_header(path)
    return ROWS[form](path).header, None


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
    return Recognised(layout, positions, unused, tuple(header), delimiter, layout.header_lines)


def _unknown(header: list[str], candidates: list[Layout], name: str, wanted: str | None) -> FileRejected:
    names = {folded(spelling.removeprefix("\ufeff")) for spelling in header}
    near = candidates if wanted else [layout for layout in candidates if _is_near(layout, names)]
    best = max(near, key=lambda layout: len(names & layout.header), default=None)
    if best is None:
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


def _is_near(layout: Layout, names: set[str]) -> bool:
    """Whether more than half of what a layout needs is there: an "id" that they share is no hint to anybody."""
    there = sum(_present(layout, column, names) for column in layout.required)
    return there >= 2 and 2 * there > len(layout.required)


def _present(layout: Layout, column: str, names: set[str]) -> bool:
    spellings = (layout.spelled(column), *layout.columns[column].aliases)
    return any(folded(spelling) in names for spelling in spellings)


def open_rows(path: Path, recognised: Recognised) -> TextRows:
    """The rows of a recognised file."""
    layout = recognised.layout
    if layout.reader:
        return reader(layout.reader).rows(path)
    form = FORMATS[signature(path)]
    if form == "json" and layout.nesting:
        return nested_rows(path, layout)
    if form in ROWS:
        return ROWS[form](path)
    return delimited(
        path,
        delimiter=recognised.delimiter or layout.delimiters[0],
        encodings=layout.encodings,
        quotes=layout.quotes,
        header=list(recognised.header),
        header_lines=lines_above(recognised),
    )


def lines_above(recognised: Recognised) -> int:
    """How many lines of a delimited file stand above its rows."""
    return 0 if recognised.layout.signature else recognised.header_lines
