"""Avaya CMS Supervisor reports as text: lines about the report, a header, one row per interval or split, totals.

Every line keeps its number. What the lines above the header say (date, split, agent) is repeated on every row; the
totals row, whose averages are not sums, and the lines above count as blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from etl.landing import lines_of
from etl.readers import Reader, text_of_head
from etl.text_rows import TextRows, encoding_of, tables_of

ABOUT = {"date": "date", "split/skill": "split", "split": "split", "skill": "split", "agent": "agent", "vdn": "split"}
COLUMNS = {
    "date": ("date", "row date"),
    "split": ("split/skill", "split", "skill", "vdn"),
    "agent": ("agent name", "agent", "login id"),
    "interval": ("time", "interval", "starttime", "start time"),
    "acd_calls": ("acd calls",),
    "aban_calls": ("aban calls", "abandoned calls"),
    "avg_speed_ans": ("avg speed ans", "average speed of answer"),
    "avg_aban_time": ("avg aban time",),
    "avg_acd_time": ("avg acd time",),
    "avg_acw_time": ("avg acw time",),
    "acd_time": ("acd time",),
    "acw_time": ("acw time",),
    "hold_time": ("hold time",),
    "staffed_time": ("staffed time", "staff time"),
    "aux_time": ("aux time",),
    "avail_time": ("avail time",),
    "max_delay": ("max delay",),
    "within_service_level": ("% within service level", "% within svc lvl", "% serv level"),
}
MOST_LINES_ABOVE = 30
TOTALS = ("total", "totals", "summary")


def knows(head: bytes) -> bool:
    """Whether a header with the product's own words stands below lines about the report."""
    return any(_header(line) for line in text_of_head(head).splitlines()[:MOST_LINES_ABOVE])


def rows(path: Path) -> TextRows:
    """One row per line, in the order of the layout's columns."""
    encoding = encoding_of(path, declared=("cp1252",))
    return TextRows(list(COLUMNS), encoding, "\t", tables_of(_rows(path, encoding)))


def _parted(line: str) -> list[str]:
    delimiter = "\t" if "\t" in line else ","
    return [field.strip().strip('"').strip() for field in line.split(delimiter)]


def _header(line: str) -> dict[int, str] | None:
    """Position to column, where a line is the header of a report."""
    names = [re.sub(r"\s+", " ", field.lower()) for field in _parted(line)]
    known = {spelling: column for column, spellings in COLUMNS.items() for spelling in spellings}
    found = {position: known[name] for position, name in enumerate(names) if name in known}
    return found if {"acd_calls", "aban_calls"} <= set(found.values()) and len(found) >= 4 else None


def _about(line: str) -> tuple[str, str] | None:
    match = re.match(r'\s*"?([A-Za-z/ ]+?)"?\s*:\s*"?[\t,]?\s*"?([^"\t]+?)"?\s*$', line)
    column = ABOUT.get(match[1].strip().lower()) if match else None
    return (column, match[2].strip().strip(",")) if match and column else None


def _rows(path: Path, encoding: str) -> Iterator[tuple[int, list[str]]]:
    about: dict[str, str] = {}
    header: dict[int, str] | None = None
    for number, line in enumerate(lines_of(path, encoding), start=1):
        if found := _header(line):
            header = found
        elif header is None:
            about.update([told] if (told := _about(line)) else [])
        fields = _parted(line)
        if found or header is None or not any(fields) or fields[0].lower().rstrip(":") in TOTALS:
            yield number, [""] * len(COLUMNS)
        elif len(fields) <= max(header):
            yield number, fields[:1]
        else:
            row = {**about, **{column: fields[position] for position, column in header.items()}}
            yield number, [row.get(column, "") for column in COLUMNS]


READER = Reader(knows, rows)
