"""How wide each column of a table is to be, by its words: a renderer that is told lays out every cell once.

One that is not told lays out every cell three times, to find out.
"""

from __future__ import annotations

from metrics import Figure, text
from metrics.charts.scale import text_width
from metrics.parts import Cell, Number, Row, Table

# half per cents
WHOLE = 200
# points: the type of cells, that of heads and remarks, and the space at the left of a column
SIZE, SMALL, GAP, WORDS_GAP = 8.5, 8.0, 9.0, 14.0
# a letter page between its margins
PAGE = 527.0
# a cell of words breaks between words, but has at least so much, and more up to so much
LEAST_WORDS, MOST_WORDS, LEAST_LABEL = 64.0, 190.0, 150.0
# the part of a head's width that it needs to stand in two lines
HALF = 0.6


def shares(table: Table, room: float = 1.0) -> list[int] | None:
    """Half per cents of a table's width for its label and each column; null where they have no room.

    `room` is the part of the page's width that the table has.
    """
    width = PAGE * room
    wide, *wishes = _needs(table)
    over = sum(wide) - width
    if over > 0:
        # a label breaks into more lines before a column runs off the paper
        wide[0] = max(wide[0] - over, _longest_of_label(table))
    if sum(wide) > width + 1e-6:
        return None
    for wished in wishes:
        more = [max(wish - have, 0.0) for have, wish in zip(wide, wished, strict=True)]
        given = min(1.0, (width - sum(wide)) / sum(more)) if sum(more) else 0.0
        wide = [have + given * extra for have, extra in zip(wide, more, strict=True)]
    # what is left goes to all, as much as each has
    return _whole([WHOLE * one / sum(wide) for one in wide])


def _whole(parts: list[float]) -> list[int]:
    """Parts of a whole as whole numbers that make it."""
    found = [int(part) for part in parts]
    order = sorted(range(len(parts)), key=lambda number: found[number] - parts[number])
    for number in order[: WHOLE - sum(found)]:
        found[number] += 1
    return found


def _longest_of_label(table: Table) -> float:
    """The width of the longest word of all labels and of their head."""
    rows = [*table.rows, *([table.total] if table.total else [])]
    return max([_longest(table.heading, SMALL), *(_longest(row.label, SIZE) for row in rows)])


def _needs(table: Table) -> tuple[list[float], list[float], list[float]]:
    """The width that the label and each column need at least, with heads of two lines, and to break no line."""
    rows = [*table.rows, *([table.total] if table.total else [])]
    # a label has no space beside it that could make up for what is rounded away
    label = max((_label(row, table) for row in rows), default=0.0) + PAGE / WHOLE
    _word, half, whole = _head(table.heading)
    least, halved, liked = (
        [max(_longest_of_label(table), min(label, LEAST_LABEL))],
        [max(label, half)],
        [max(label, whole)],
    )
    for place, column in enumerate(table.columns):
        cells = [_cell(row.cells[place], row, table) for row in rows]
        gap = WORDS_GAP if rows and _is_words(rows[0].cells[place]) else GAP
        low, high = max((one for one, _ in cells), default=0.0), max((one for _, one in cells), default=0.0)
        word, half, whole = _head(column)
        least.append(max(word, low) + gap)
        halved.append(max(half, high) + gap)
        liked.append(max(whole, high) + gap)
    return least, halved, liked


def _is_words(cell: Cell) -> bool:
    return isinstance(cell, str) and not isinstance(cell, Number)


def _longest(words: str, size: float) -> float:
    """The width of the longest word of what may break between words."""
    return max((text_width(word, size) for word in words.split()), default=0.0)


def _head(words: str) -> tuple[float, float, float]:
    """The width of a head's longest word, of about half of it, and of all of it."""
    word, whole = _longest(words, SMALL), text_width(words, SMALL)
    return word, max(word, HALF * whole), whole


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
    if not _is_words(cell):
        return width, width
    return max(_longest(cell, SIZE), min(width, LEAST_WORDS)), min(width, MOST_WORDS)


def shows_n(figure: Figure, row: Row, table: Table) -> bool:
    """Whether a figure's n stands with it: not where a column or the row's first count tells it already."""
    is_told = figure.is_counted or figure.value is None or table.n == "apart"
    return not (is_told or (table.n == "first count" and figure.n == row.first_count))
