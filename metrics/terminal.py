"""Text as a terminal shows it: columns that fit its width, and lines broken at words instead of at its edge."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import wrap

import polars as pl

GAP = "  "
# a column of words may be broken into so few letters and no fewer, and a name is never broken
NARROWEST = 12
# where the words of a line begin, after what stands before them in columns
HEAD = re.compile(r"^(\s*(?:\S+(?: \S+)*\s{2,})*)\S")


def screen_width(out: Path | None = None) -> int | None:
    """How many letters a line of the terminal has; none where text goes into a file, a pipe or another program."""
    return shutil.get_terminal_size().columns if out is None and sys.stdout.isatty() else None


def plain_table(frame: pl.DataFrame, width: int | None = None) -> str:
    """A frame as aligned text: numbers to the right, words to the left."""
    cells = [[_cell(value) for value in row] for row in frame.iter_rows()]
    numeric = [kind.is_numeric() for kind in frame.dtypes]
    return aligned(frame.columns, cells, numeric, width)


def aligned(
    header: Sequence[str], cells: Sequence[Sequence[str]], to_the_right: Sequence[bool], width: int | None = None
) -> str:
    """Rows of text in columns.

    Where a `width` is given and they are wider, columns of words are broken, and where that is not enough each row is
    written as a list of its columns.
    """
    columns = list(zip(header, *cells, strict=True))
    widths = [max(map(len, column)) for column in columns]
    fitting = widths if width is None else _fitting(widths, [_narrowest(one) for one in columns], to_the_right, width)
    if fitting is None:
        return _as_records(header, cells, width or 0)
    lines = [*_lines(header, fitting, to_the_right), *_lines(["-" * one for one in fitting], fitting, to_the_right)]
    for row in cells:
        lines += _lines(row, fitting, to_the_right)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def folded(text: str, width: int | None) -> str:
    """Text whose long lines go on in the next, under where their words began.

    >>> print(folded("ok  disk  there is room enough", 20))
    ok  disk  there is
              room
              enough
    """
    if width is None:
        return text
    return "\n".join("\n".join(_broken(line, width)) if len(line) > width else line for line in text.split("\n"))


def _broken(line: str, width: int) -> list[str]:
    head = HEAD.match(line)
    indent = len(head[1]) if head else 0
    if indent > width // 2:
        indent = len(line) - len(line.lstrip()) + len(GAP)
    return wrap(line, width, subsequent_indent=" " * indent, break_on_hyphens=False, drop_whitespace=True) or [line]


def _narrowest(column: Sequence[str]) -> int:
    """How narrow a column of words can be without a word being broken."""
    return max(NARROWEST, *(len(word) for text in column for word in text.split()), 0)


def _fitting(
    natural: Sequence[int], narrowest: Sequence[int], to_the_right: Sequence[bool], width: int
) -> list[int] | None:
    """Widths that fit, taken from the widest columns of words; none where they would be too narrow to read."""
    widths, room = list(natural), width - len(GAP) * (len(natural) - 1)
    while sum(widths) > room:
        spare = [one for one, right in enumerate(to_the_right) if not right and widths[one] > narrowest[one]]
        if not spare:
            return None
        widths[max(spare, key=widths.__getitem__)] -= 1
    return widths


def _lines(row: Sequence[str], widths: Sequence[int], to_the_right: Sequence[bool]) -> list[str]:
    """One row, on as many lines as its longest cell needs."""
    parts = [
        wrap(text, width, break_on_hyphens=False) if len(text) > width else [text]
        for text, width in zip(row, widths, strict=True)
    ]
    return [
        GAP.join(
            (part[number] if number < len(part) else "").rjust(width)
            if right
            else (part[number] if number < len(part) else "").ljust(width)
            for part, width, right in zip(parts, widths, to_the_right, strict=True)
        )
        for number in range(max(map(len, parts), default=0))
    ]


def _as_records(header: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> str:
    """Each row as a list of its columns."""
    longest = max(map(len, header))
    rows = ["\n".join(f"{name:<{longest}}{GAP}{text}" for name, text in zip(header, row, strict=True)) for row in cells]
    return folded("\n\n".join(rows), width) + "\n"


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
