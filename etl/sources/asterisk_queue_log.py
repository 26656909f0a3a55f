"""Asterisk's queue_log file: one event a line, `epoch|callid|queue|agent|verb|parameters`, as many as the verb has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from etl.landing import lines_of
from etl.readers import Reader, text_of_head
from etl.text_rows import TextRows, encoding_of, tables_of

HEADER = ["time", "callid", "queuename", "agent", "event", "data"]
EVENT_LINE = re.compile(r"[0-9]{9,11}\|[^|]*\|[^|]*\|[^|]*\|[A-Z][A-Z0-9_ ]*(\|.*)?")
PARTED = len(HEADER) - 1


def knows(head: bytes) -> bool:
    """Whether the first lines are events."""
    lines = [line for line in islice(text_of_head(head).splitlines(), 20) if line.strip()]
    events = sum(EVENT_LINE.fullmatch(line.lstrip("\ufeff")) is not None for line in lines)
    # rotation may cut the first line, and the end of the head the last one
    return events > 0 and events >= len(lines) - 2


def rows(path: Path) -> TextRows:
    """Every line as six fields, the last one all its parameters; a line that is no event keeps its number of fields."""
    encoding = encoding_of(path)
    return TextRows(HEADER, encoding, "|", tables_of(_events(path, encoding)))


def _events(path: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(lines_of(path, encoding), start=1):
        fields = line.split("|", PARTED) if line.strip() else [""] * len(HEADER)
        if len(fields) == PARTED:
            fields.append("")
        yield number, fields


READER = Reader(knows, rows, width=len(HEADER))
