"""Tables: plain, in the order given; each sorts, filters and can be taken away as a file, and every figure opens.

A browser sorts and filters by what stands in the cells (`assets/tables.js`); a table that names people sorts by words
alone, since an order by a figure would be a ranking.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.aria import aria
from metrics import Figure, text
from metrics.language import N_, _

# a table with fewer rows is taken in at a glance
FEWEST_TO_FILTER = 12
# a date with its time, a period, a share: as long as what must not be broken over lines
LONGEST_ON_ONE_LINE = 22
FILES = ("csv", "xlsx")
# in place of a table without rows; what to do about it is said where the page says how far the data reach
EMPTY = N_("Nothing is on record here.")


@dataclass(frozen=True)
class Cell:
    """A figure in a table and where it opens."""

    figure: Figure
    href: str
    aside: Component | str = ""


@dataclass(frozen=True)
class Row:
    """One line of a table: its name, where the name leads, and its cells."""

    name: str
    cells: tuple[Cell | str, ...]
    href: str = ""
    aside: str = ""


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
    """A table of figures; where it is wider than the page it scrolls within itself."""
    of_words = [isinstance(cell, str) for cell in rows[0].cells] if rows else [False] * len(columns)
    heads = [
        html.Th(name if of_people and not words else sorter(name), scope="col", className="words" if words else "")
        for name, words in zip(columns, of_words, strict=True)
    ]
    head = html.Tr([html.Th(sorter(heading), scope="col"), *heads])
    foot = _line(total) if total else None
    return framed(caption, head, [_line(row) for row in rows], foot=foot, note=note)


def listing(
    caption: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    numbers: int = 0,
    note: str = "",
    of_people: bool = False,
) -> Component:
    """A table of words, the last `numbers` columns of which are numbers; moments are written as people read them."""
    kinds = ["words"] * (len(heads) - numbers) + ["number"] * numbers
    head = [
        html.Th(name if of_people and place else sorter(name), scope="col", className=kind)
        for place, (name, kind) in enumerate(zip(heads, kinds, strict=True))
    ]
    body = [
        html.Tr(
            [
                html.Th(_written(row[0]), scope="row", className=_width(row[0]).strip(), **_sorted_by(row[0])),
                *(
                    html.Td(_written(cell), className=f"{kind}{_width(cell)}", **_sorted_by(cell))
                    for cell, kind in zip(row[1:], kinds[1:], strict=True)
                ),
            ]
        )
        for row in rows
    ]
    return framed(caption, html.Tr(head), body, note=note)


def framed(
    caption: str,
    head: Component,
    body: Sequence[Component],
    *,
    foot: Component | None = None,
    note: str = "",
    className: str = "",  # noqa: N803  (Dash's own word)
    shows_caption: bool = True,
    files: bool = True,
) -> Component:
    """A table in its frame: scrolled by keyboard too, with what narrows its rows, and the way to take it away."""
    if not body:
        return html.Div(
            [html.H2(caption, className="caption"), html.P(_(EMPTY), className="muted")], className="framed"
        )
    parts = [
        html.Caption(caption, className="" if shows_caption else "unseen"),
        html.Thead(head),
        html.Tbody(list(body)),
        html.Tfoot(foot) if foot else None,
    ]
    shown = html.Table([part for part in parts if part is not None], className=className)
    scrolled = html.Div(shown, className="scrolled", role="region", tabIndex="0", **aria(label=caption))
    return html.Div(
        [
            _filter(caption) if len(body) >= FEWEST_TO_FILTER else None,
            scrolled,
            html.P(note, className="muted note") if note else None,
            _files(caption) if files else None,
        ],
        className="framed",
    )


def slug(caption: str) -> str:
    """How an address names a table.

    >>> slug("The last 40 files")
    'the-last-40-files'
    """
    plain = unicodedata.normalize("NFKD", caption.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80] or "table"


def sorter(name: str) -> Component:
    """The head of a column by which rows can be sorted."""
    return html.Button(name, type="button", className="sorts")


def _filter(caption: str) -> Component:
    """Which rows to show; a browser's script reads it, so it says nothing to the server."""
    kind: Any = "search"
    field = dcc.Input(type=kind, className="filters-rows", autoComplete="off")
    return html.Div(
        [
            html.Label([_("Rows with"), field]),
            html.Span(
                role="status", className="muted", **aria(label=_("Rows shown of {caption}").format(caption=caption))
            ),
        ],
        className="narrows",
    )


def _files(caption: str) -> Component:
    """The table as files; whose address it is, is known once the page is (`dashboards.taken`)."""
    links: list[Any] = [
        html.A(
            form,
            href=f"#{slug(caption)}",
            className="takes",
            **aria(label=_("{caption} as {form}").format(caption=caption, form=form)),
        )
        for form in FILES
    ]
    return html.P([links[0], " · ", links[1]], className="files")


def _line(row: Row) -> Component:
    name = dcc.Link(row.name, href=row.href) if row.href else row.name
    aside = html.Small(row.aside) if row.aside else None
    first = next((cell.figure.n for cell in row.cells if isinstance(cell, Cell) and cell.figure.is_counted), None)
    return html.Tr([html.Th([name, aside], scope="row"), *(_cell(cell, first) for cell in row.cells)])


def _cell(cell: Cell | str, first_count: int | None) -> Component:
    """A figure with its n, where that is not the row's first count; words stand at the left."""
    if isinstance(cell, str):
        return html.Td(cell, className=f"words{_width(cell)}")
    figure = cell.figure
    words = dcc.Link(figure.words, href=cell.href) if figure.value is not None and cell.href else figure.words
    says_n = figure.value is not None and not figure.is_counted and figure.n != first_count
    n = html.Small(f"n {figure.n:,}") if says_n else None
    few = html.Small(_("too few to tell")) if figure.is_few else None
    kept: dict[str, Any] = {"data-n": figure.n} if figure.value is not None and not figure.is_counted else {}
    # nothing is judged by so few
    under = few or cell.aside or None
    kind = "number too-few" if few else "number"
    return html.Td([words, n, under], className=kind, **_sorted_by(figure.value), **kept)


def _width(cell: Any) -> str:
    """Whether a cell is short enough to stand on one line whatever else stands in its row."""
    words = _written(cell)
    return " short" if isinstance(words, str) and len(words) <= LONGEST_ON_ONE_LINE else ""


def _written(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return text.short_moment(cell)
    if isinstance(cell, date):
        return text.short_day(cell)
    return text.count(cell) if isinstance(cell, int | float) else cell


def _sorted_by(cell: Any) -> dict[str, Any]:
    """What a column sorts by and a file holds, where that is not what people read."""
    if isinstance(cell, date):
        return {"data-value": cell.isoformat()}
    return {"data-value": cell} if isinstance(cell, int | float) else {}
