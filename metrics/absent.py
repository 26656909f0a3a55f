"""Tables without what the data of a centre can give no figure of: a sentence says once what that is, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from metrics.answers import not_in_the_data
from metrics.grid import Figure
from metrics.parts import Row, Table


def without_absent(table: Table) -> Table:
    """A table without the columns and rows in which no figure can be had; whole where that would leave nothing."""
    lines = [*table.rows, *([table.total] if table.total else [])]
    columns = [_figures(row.cells[place] for row in lines) for place in range(len(table.columns))]
    kept = [place for place, found in enumerate(columns) if not _are_absent(found)]
    if not any(columns[place] for place in kept):
        return table
    lacking = [found[0] for found in columns if _are_absent(found)]
    rows = [_cut(row, kept) for row in table.rows]
    lacking += [_figures(row.cells)[0] for row in rows if _are_absent(_figures(row.cells))]
    told = not_in_the_data({figure.metric.title: figure.reason for figure in lacking})
    return replace(
        table,
        columns=tuple(table.columns[place] for place in kept),
        rows=tuple(row for row in rows if not _are_absent(_figures(row.cells))),
        total=_cut(table.total, kept) if table.total else None,
        note=" ".join(filter(None, [table.note, *told])),
    )


def _figures(cells: Iterable[object]) -> list[Figure]:
    return [cell for cell in cells if isinstance(cell, Figure)]


def _are_absent(figures: Sequence[Figure]) -> bool:
    return bool(figures) and all(figure.reason for figure in figures)


def _cut(row: Row, kept: Sequence[int]) -> Row:
    return replace(row, cells=tuple(row.cells[place] for place in kept))
