"""Tables without the columns of which the data of a centre can give no figure: below stands which, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dash.development.base_component import Component

from dashboards import tables
from dashboards.needed import absent_words
from dashboards.tables import Cell, Row
from metrics import Figure


def table(
    caption: str,
    heading: str,
    columns: Sequence[str],
    rows: Sequence[Row],
    *,
    total: Row | None = None,
    note: str = "",
    of_people: bool = False,
) -> Component:
    """A table of figures as `tables.table` makes it, of the columns that can hold anything; all where none can."""
    lines = [*rows, *([total] if total else [])]
    figures = [_figures(lines, place) for place in range(len(columns))]
    empty = [place for place, found in enumerate(figures) if found and all(one.reason for one in found)]
    if empty and len(empty) < sum(bool(found) for found in figures):
        kept = [place for place in range(len(columns)) if place not in empty]
        note = " ".join(filter(None, [note, *absent_words(figures[place][0] for place in empty)]))
        columns, rows = [columns[place] for place in kept], [_cut(row, kept) for row in rows]
        total = _cut(total, kept) if total else None
    return tables.table(caption, heading, columns, rows, total=total, note=note, of_people=of_people)


def _figures(lines: Sequence[Row], place: int) -> list[Figure]:
    cells = (line.cells[place] for line in lines)
    return [cell.figure for cell in cells if isinstance(cell, Cell)]


def _cut(row: Row, kept: Sequence[int]) -> Row:
    return replace(row, cells=tuple(row.cells[place] for place in kept))
