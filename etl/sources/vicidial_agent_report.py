"""VICIdial's agent time report: days in blocks, a header each, and rows of fixed width or parted by bars.

The header stands a character to the right of the data, and a name of twenty characters runs straight into the log-in,
so a row is read from its right end. Lines that are no rows count as blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from etl.landing import lines_of
from etl.readers import Reader, text_of_head
from etl.text_rows import TextRows, encoding_of, tables_of

COLUMNS = ["date", "agent", "user", "calls", "talk", "pause", "wait", "dispo", "active", "logtime", "first", "last"]
WORDS = ["AGENT", "USER", "CALLS", "TALK", "PAUSE", "WAIT", "DISPO", "ACTIVE", "LOGTIME", "FIRST", "LAST"]
NAME_WIDTH = 20
DAY = re.compile(r"(?:TODAY:\s+)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\s+(\d{4}-\d{2}-\d{2})\s*")
MOMENT = r"(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})"
ROW = re.compile(r"(\S+)\s+(\d+)\s+" + r"\s+".join([r"(\d+:\d{2}:\d{2})"] * 6) + rf"\s+{MOMENT}\s+{MOMENT}\s*")


def knows(head: bytes) -> bool:
    """Whether the report's header stands below the name of a day."""
    lines = text_of_head(head).splitlines()[:10]
    return any(map(DAY.fullmatch, lines)) and any(_is_header(line) for line in lines)


def rows(path: Path) -> TextRows:
    """One row per line."""
    encoding = encoding_of(path)
    return TextRows(COLUMNS, encoding, "|", tables_of(_rows(path, encoding)))


def _is_header(line: str) -> bool:
    return [word for word in re.split(r"[|\s]+", line.strip()) if word and word != "DATE"] == WORDS


def _rows(path: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    day = ""
    for number, line in enumerate(lines_of(path, encoding), start=1):
        if named := DAY.fullmatch(line):
            day = named[1]
        if named or not line.strip() or _is_header(line):
            yield number, [""] * len(COLUMNS)
        elif "|" in line:
            yield number, [field.strip() for field in line.split("|")]
        elif row := ROW.fullmatch(line[NAME_WIDTH:]):
            yield number, [day, line[:NAME_WIDTH].strip(), *row.groups()]
        else:
            yield number, [line]


READER = Reader(knows, rows)
