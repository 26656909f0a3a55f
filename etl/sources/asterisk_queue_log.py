"""Asterisk's queue_log file: one event a line, `epoch|callid|queue|agent|verb|parameters`, as many as the verb has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from etl.landing import lines_of
from etl.readers import Reader, text_of_head
from etl.text_rows import TextRows, encoding_of, tables_of

HEADER = ["time", "callid", "queuename", "agent", "event", *(f"data{number}" for number in range(1, 11))]
EVENT_LINE = re.compile(r"[0-9]{9,11}\|[^|]*\|[^|]*\|[^|]*\|[A-Z][A-Z0-9_ ]*(\|.*)?")
FEWEST_FIELDS = 5


def knows(head: bytes) -> bool:
    """Whether the first lines are events."""
    lines = [line for line in islice(text_of_head(head).splitlines(), 20) if line.strip()]
    # the last line of the head may break off
    whole = lines[:-1] or lines
    return bool(whole) and all(EVENT_LINE.fullmatch(line.lstrip("\ufeff")) for line in whole)


def rows(path: Path) -> TextRows:
    """Every line as fifteen fields; a line that is no event keeps its number of fields, to be put aside for it."""
    encoding = encoding_of(path)
    return TextRows(HEADER, encoding, "|", tables_of(_events(path, encoding)))


def _events(path: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(lines_of(path, encoding), start=1):
        fields = line.split("|")
        if not line.strip():
            fields = [""] * len(HEADER)
        elif len(fields) >= FEWEST_FIELDS:
            fields += [""] * (len(HEADER) - len(fields))
        yield number, fields


READER = Reader(knows, rows)
