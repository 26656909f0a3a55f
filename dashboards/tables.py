"""Tables of figures: plain, in the order of names, every number a link to its figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.aria import aria
from metrics import Figure


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
) -> Component:
    """A table whose rows keep their order; where it is wider than the page it scrolls within itself."""
    of_words = [isinstance(cell, str) for cell in rows[0].cells] if rows else [False] * len(columns)
    heads = [
        html.Th(name, scope="col", className="words" if words else "")
        for name, words in zip(columns, of_words, strict=True)
    ]
    head = html.Thead(html.Tr([html.Th(heading, scope="col"), *heads]))
    foot = html.Tfoot(_line(total)) if total else None
    return html.Div(
        [
            html.Div(
                html.Table([html.Caption(caption), head, html.Tbody([_line(row) for row in rows]), foot]),
                className="scrolled",
                role="region",
                tabIndex="0",
                **aria(label=caption),
            ),
            html.P(note, className="muted note") if note else None,
        ]
    )


def _line(row: Row) -> Component:
    name = dcc.Link(row.name, href=row.href) if row.href else row.name
    aside = html.Small(row.aside) if row.aside else None
    first = next((cell.figure.n for cell in row.cells if isinstance(cell, Cell) and cell.figure.is_counted), None)
    return html.Tr([html.Th([name, aside], scope="row"), *(_cell(cell, first) for cell in row.cells)])


def _cell(cell: Cell | str, first_count: int | None) -> Component:
    """A figure with its n, where that is not the row's first count; words stand at the left."""
    if isinstance(cell, str):
        return html.Td(cell, className="words")
    figure = cell.figure
    words = dcc.Link(figure.words, href=cell.href) if figure.value is not None else figure.words
    says_n = figure.value is not None and not figure.is_counted and figure.n != first_count
    n = html.Small(f"n {figure.n:,}") if says_n else None
    return html.Td([words, n, cell.aside or None], className="number")
