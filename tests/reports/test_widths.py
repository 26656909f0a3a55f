"""A table that is told how wide its columns are: no words run over, and none that have no room are told so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.charts.scale import text_width
from metrics.parts import Number, Row, Table, columns
from reports.widths import PAGE, SIZE, WHOLE, shares

LONG = "words that may break where they need to, over as many lines as they like to take in their cell"


def table(*cells: str, heads: tuple[str, ...] | None = None, label: str = "Label") -> Table:
    titles = heads or tuple(f"H{number}" for number in range(len(cells)))
    return Table("A table", "Kind", columns(*titles), (Row(label, cells),))


CASES = [
    # what the table holds, and whether its widths are set
    ("one number", table(Number("1,087")), True),
    ("no column", table(), True),
    ("no row", Table("A table", "Kind", columns("A", "B"), ()), True),
    ("long words break", table(Number("1"), LONG), True),
    ("a word too long to break", table("W" * 90), False),
    ("a number too long to break", table(Number("9" * 120)), False),
    ("a label too long", table(Number("1"), label="L" * 200), False),
    ("a label of many words", table(*[Number("1,000,000")] * 5, label=LONG), True),
    ("a label that gives way", table(*[Number("99.4 % to over 99.9 %")] * 4, label=LONG), True),
    ("a head of many words", table(Number("1"), Number("2"), heads=(LONG, LONG)), True),
]


@pytest.mark.parametrize(("made", "is_set"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
def test_a_table_with_room_has_widths_that_make_the_whole(made: Table, is_set: bool) -> None:
    found = shares(made)
    assert (found is not None) == is_set
    if found is not None:
        assert sum(found) == WHOLE
        assert len(found) == len(made.columns) + 1
        assert min(found) > 0


@given(
    st.lists(st.text("0123456789:%, ", min_size=1, max_size=24), min_size=1, max_size=8), st.sampled_from([1.0, 0.48])
)
def test_no_number_is_wider_than_its_column(numbers: list[str], room: float) -> None:
    found = shares(table(*map(Number, numbers)), room)
    if found is None:
        return
    # half per cents may take a point or two of the space between columns, never of the words
    for part, number in zip(found[1:], numbers, strict=True):
        assert text_width(number, SIZE) <= PAGE * room * part / WHOLE
