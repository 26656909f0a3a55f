"""What of a day stands on its two pages, and where the rest is: a longer day loses lines, never its totals.

Lengths are reckoned in points from the style sheet and not by laying out, so that the same day gives the same sheet
with whatever letters. The first page has what needs attention, cards and the chart; the second the tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import ceil

from metrics import text
from metrics.language import _, n_
from metrics.parts import Row, Table

# a letter page between its margins, less what is lost where a line is longer than reckoned
PAGE = 690.0
# a heading with its space, a head of two lines, lines of text and of remarks, and how many letters such lines hold
HEADING, HEAD, LINE, REMARK = 31.0, 27.0, 12.5, 10.5
LETTERS, LETTERS_OF_REMARK = 112, 125
# a line of a table, the n below it, and a line of people in two columns
ROW, N_BELOW, NARROW_ROW = 15.7, 10.2, 11.9
# the title, a row of cards, the chart, and where the data come from
TITLE, CARDS, CHART, IMPRINT = 52.0, 79.0, 165.0, 105.0
CARDS_ACROSS = 3
# more people than these stand in two columns
IN_TWO_COLUMNS = 10
# what is left of a list or a table however long the day was
LEAST_LINES, LEAST_ROWS = 3, 2


def first_page(findings: Sequence[str], *, most: int, besides: Sequence[str], cards: int) -> tuple[str, ...]:
    """As many sentences as fit, at most so many; the last says how many more there are, and where.

    `besides` are the sentences above them.
    """
    room = PAGE - TITLE - HEADING - CARDS * ceil(cards / CARDS_ACROSS) - CHART
    room -= sum(1.4 * LINE * _lines(one, LETTERS) for one in besides)
    shown = list(findings[:most])
    while len(shown) > LEAST_LINES and sum(LINE * _lines(one, LETTERS) for one in shown) + LINE > room:
        shown.pop()
    left = len(findings) - len(shown)
    if left:
        more = n_("… and {n} more: see the page Day.", "… and {n} more: see the page Day.", left)
        shown.append(more.format(n=text.count(left)))
    return tuple(shown)


def second_page(
    queues: Table | None, departments: Table | None, people: Sequence[Callable[[], Table]]
) -> tuple[Table | None, Table | None, Table]:
    """The tables cut to a page, departments before queues, the largest staying; `people` from the longest table on."""
    found = [_beside(make(), queues, departments) for make in people[:1]]
    for make in people[1:]:
        if _fits(*found[-1]):
            break
        found.append(_beside(make(), queues, departments))
    return found[-1]


def _beside(people: Table, queues: Table | None, departments: Table | None) -> tuple[Table | None, Table | None, Table]:
    fewer = _cut(departments, lambda one: _fits(queues, one, people), _departments_left)
    return _cut(queues, lambda one: _fits(one, fewer, people), _queues_left), fewer, people


def _fits(queues: Table | None, departments: Table | None, people: Table) -> bool:
    used = IMPRINT
    used += _height(queues, ROW + N_BELOW) if queues else 0.0
    used += _height(departments, ROW) if departments else 0.0
    count = len(people.rows)
    is_narrow = count > IN_TWO_COLUMNS
    return used + _height(people, NARROW_ROW / 2 if is_narrow else ROW) + (NARROW_ROW if is_narrow else 0.0) <= PAGE


def _height(table: Table, row: float) -> float:
    lines = len(table.rows) + (table.total is not None)
    return HEADING + HEAD + row * lines + REMARK * _lines(table.note, LETTERS_OF_REMARK)


def _lines(words: str, letters: int) -> int:
    return ceil(len(words) / letters)


def _cut(table: Table | None, fits: Callable[[Table], bool], told: Callable[[int, int], str]) -> Table | None:
    """The rows with the largest counts that fit, in the order that they had."""
    if table is None:
        return None
    made = table
    for most in range(len(table.rows), min(LEAST_ROWS, len(table.rows)) - 1, -1):
        made = _largest(table, most, told)
        if fits(made):
            break
    return made


def _largest(table: Table, most: int, told: Callable[[int, int], str]) -> Table:
    if most >= len(table.rows):
        return table
    in_order = sorted(range(len(table.rows)), key=lambda place: -(table.rows[place].first_count or 0))
    kept: tuple[Row, ...] = tuple(table.rows[place] for place in sorted(in_order[:most]))
    return replace(table, rows=kept, note=f"{told(most, len(table.rows))} {table.note}".strip())


def _departments_left(most: int, number: int) -> str:
    return _(
        "The {most} of {n} departments with the most new requests; the others are in the total and on the page "
        "Requests."
    ).format(most=text.count(most), n=text.count(number))


def _queues_left(most: int, number: int) -> str:
    return _(
        "The {most} of {n} queues with the most contacts; the others are in the total and on the page Queues."
    ).format(most=text.count(most), n=text.count(number))
