"""How wide each column of a table is to be, by its words: a renderer that is told lays out every cell once.

One that is not told lays out every cell three times, to find out.
"""

from __future__ import annotations

from metrics import Figure, text
from metrics.charts.scale import text_width
from metrics.parts import Cell, Number, Row, Table

# points: the type of cells, that of heads and remarks, and the space at the left of a column
SIZE, SMALL, GAP, WORDS_GAP = 8.5, 8.0, 7.0, 14.0
# a letter page between its margins
PAGE = 527.0
# a cell of words and a head break between words, but are not squeezed where there is room for so much
MOST_WORDS, MOST_HEAD = 190.0, 110.0


def shares(table: Table, room: float = 1.0) -> list[int] | None:
    """Per cent of a table's width for its label and each column, 100 together; null where they have no room.

    `room` is the part of the page's width that the table has.
    """
    width = PAGE * room
    least, liked = _needs(table)
    spare = width - sum(least)
    if spare < 0:
        return None
    more = [wish - need for need, wish in zip(least, liked, strict=True)]
    given = min(1.0, spare / sum(more)) if sum(more) else 0.0
    wide = [need + given * extra for need, extra in zip(least, more, strict=True)]
    # what is left goes to all, as much as each has
    return _whole([100 * one / sum(wide) for one in wide])


def _whole(parts: list[float]) -> list[int]:
    """Parts of a hundred as whole numbers, 100 together."""
    found = [int(part) for part in parts]
    order = sorted(range(len(parts)), key=lambda number: found[number] - parts[number])
    for number in order[: 100 - sum(found)]:
        found[number] += 1
    return found


def _needs(table: Table) -> tuple[list[float], list[float]]:
    """The width that the label and each column need at least, and what they need to break no line, in points."""
    rows = [*table.rows, *([table.total] if table.total else [])]
    labels = max((_label(row, table) for row in rows), default=0.0)
    least, liked = [max(labels, _longest(table.heading, SMALL))], [max(labels, text_width(table.heading, SMALL))]
    for place, column in enumerate(table.columns):
        cells = [_cell(row.cells[place], row, table) for row in rows]
        gap = WORDS_GAP if rows and _is_words(rows[0].cells[place]) else GAP
        least.append(max([_longest(column, SMALL), *(low for low, _ in cells)]) + gap)
        head = min(text_width(column, SMALL), MOST_HEAD)
        liked.append(max([least[-1] - gap, head, *(high for _, high in cells)]) + gap)
    return least, liked


def _is_words(cell: Cell) -> bool:
    return isinstance(cell, str) and not isinstance(cell, Number)


def _longest(words: str, size: float) -> float:
    """The width of the longest word of what may break between words."""
    return max((text_width(word, size) for word in words.split()), default=0.0)


def _label(row: Row, table: Table) -> float:
    label, aside = text_width(row.label, SIZE), text_width(row.aside, SMALL)
    return label + SMALL + aside if table.n == "apart" and row.aside else max(label, aside)


def _cell(cell: Cell, row: Row, table: Table) -> tuple[float, float]:
    """The width that a cell needs at least, and to break no line."""
    if isinstance(cell, Figure):
        n = text_width(f" n {text.count(cell.n)}", SMALL) if shows_n(cell, row, table) else 0.0
        value = text_width(cell.words, SIZE)
        wide = max(value, n) if table.n == "below" else value + n
        return wide, wide
    width = text_width(cell, SIZE)
    return (_longest(cell, SIZE), min(width, MOST_WORDS)) if _is_words(cell) else (width, width)


def shows_n(figure: Figure, row: Row, table: Table) -> bool:
    """Whether a figure's n stands with it: not where a column or the row's first count tells it already."""
    is_told = figure.is_counted or figure.value is None or table.n == "apart"
    return not (is_told or (table.n == "first count" and figure.n == row.first_count))
