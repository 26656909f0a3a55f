"""What a terminal shows keeps to its width, and says as much as what another program gets."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.export import frame_text
from metrics.terminal import aligned, folded

FRAME = pl.DataFrame(
    {
        "name": ["service_level", "abandon_rate"],
        "title": ["Answered within the target of the queue", "Abandoned"],
        "n": [1_204, 7],
    }
)
WIDE = """\
name           title                                       n
-------------  ---------------------------------------  ----
service_level  Answered within the target of the queue  1204
abandon_rate   Abandoned                                   7
"""
FITTED = """\
name           title                   n
-------------  -------------------  ----
service_level  Answered within the  1204
               target of the queue
abandon_rate   Abandoned               7
"""
AS_RECORDS = """\
name   service_level
title  Answered within the
       target of the queue
n      1204

name   abandon_rate
title  Abandoned
n      7
"""
SHOWN = [
    # how wide the terminal is, what it shows
    (None, WIDE),
    (200, WIDE),
    (40, FITTED),
    (26, AS_RECORDS),
]


@pytest.mark.parametrize(("width", "shown"), SHOWN, ids=lambda one: str(one) if not isinstance(one, str) else "")
def test_a_table_keeps_to_its_terminal(width: int | None, shown: str) -> None:
    assert frame_text(FRAME, "table", width) == shown


WORDS = st.lists(
    st.text("abcdef ", min_size=1, max_size=40).filter(lambda text: bool(text.split())), min_size=3, max_size=3
)


@given(st.lists(WORDS, min_size=1, max_size=5), st.integers(min_value=50, max_value=120))
def test_nothing_is_lost_and_no_line_is_too_long(rows: list[list[str]], width: int) -> None:
    written = aligned(["one", "two", "three"], rows, [False, True, False], width)
    letters = sorted("".join("".join(row) for row in rows).replace(" ", ""))
    table = written.replace("one", "", 1).replace("two", "", 1).replace("three", "", 1)
    if "---" in written:
        assert max(map(len, written.splitlines())) <= width
        assert sorted(letter for letter in table if letter in "abcdef") == letters


FOLDED = [
    # a line, its terminal, what is shown
    ("short enough", 40, "short enough"),
    ("as long as another program likes", None, "as long as another program likes"),
    ("ok       disk  there is room for it", 31, "ok       disk  there is room\n               for it"),
    ("  closes  i01: offered are answered", 24, "  closes  i01: offered\n          are answered"),
    ("plain words that go on and on", 20, "plain words that go\non and on"),
]


@pytest.mark.parametrize(("line", "width", "shown"), FOLDED, ids=[row[0] for row in FOLDED])
def test_a_long_line_goes_on_under_its_words(line: str, width: int | None, shown: str) -> None:
    assert folded(line, width) == shown
