"""What a bad input is: the files offered, what must become of each, and the calls that must then be served.

The calls are compared value by value with what Python's own csv and datetime make of the lines that were meant.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Content = str | bytes | Callable[[Path], None]

HEADER = (
    "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,"
    "outcome,caller"
)
NAMES = HEADER.split(",")
A = "C1,general,A1,voice,inbound,2026-11-13T08:30:00-07:00,12,200,10,30,answered,+13035550101"
B = "C2,general,,voice,inbound,2026-11-13T08:31:00-07:00,40,,,,abandoned,+13035550102"
C = "C3,parking,A2,voice,inbound,2026-11-13T09:00:05-07:00,3,65,0,12,transferred,+13035550103"
DENVER = ZoneInfo("America/Denver")

Call = tuple[object, ...]


@dataclass(frozen=True)
class Bad:
    """One line of the catalogue.

    `served` are the calls that must stand in the warehouse; an accepted file closes as
    good + quarantined (the sum of `reasons`) + duplicate + blank = rows read.
    """

    line: int
    title: str
    content: Content
    served: Sequence[str] = ()
    verdict: str = "accepted"
    reasons: Mapping[str, int] = field(default_factory=dict)
    duplicate: int = 0
    blank: int = 0
    name: str = "calls.csv"
    says: str = ""
    before: Sequence[tuple[str, str, str]] = ()
    as_of: str = "2026-11-20T00:00:00+00:00"
    good: int | None = None
    layout: str = "plain_calls"

    def __str__(self) -> str:
        return f"{self.line} {self.title}"


def calls(*rows: str, end: str = "\n") -> str:
    """A plain calls file of these lines."""
    return end.join([HEADER, *rows]) + end


def but(row: str = A, **changes: str) -> str:
    """A line with some of its fields written differently."""
    fields = dict(zip(NAMES, next(csv.reader([row])), strict=True)) | changes
    line = io.StringIO()
    csv.writer(line).writerow(fields.values())
    return line.getvalue().removesuffix("\r\n")


def meant(row: str) -> Call:
    """What a line says, read by Python alone: times as UTC, durations in milliseconds."""
    one = dict(zip(NAMES, next(csv.reader([row])), strict=True))
    start = datetime.fromisoformat(one["start_time"])
    start = start if start.tzinfo else start.replace(tzinfo=DENVER, fold=1)
    spent = {name: None if one[name] == "" else int(one[name]) * 1000 for name in NAMES[6:10]}
    is_answered = one["outcome"] != "abandoned"
    return (
        one["call_id"],
        one["queue"],
        one["agent_id"] or None if is_answered else None,
        one["channel"],
        one["direction"],
        start.astimezone(UTC).replace(tzinfo=None),
        spent["wait_seconds"] or 0,
        spent["talk_seconds"] if is_answered else None,
        (spent["hold_seconds"] or 0) if is_answered else None,
        spent["wrap_seconds"] if is_answered else None,
        one["outcome"],
    )


def zipped(members: Mapping[str, bytes | str], **attributes: int) -> bytes:
    """A zip archive; `attributes` are set on every member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for attribute, value in attributes.items():
                setattr(info, attribute, value)
            archive.writestr(info, content)
    return buffer.getvalue()


def twice_in_zip(first: str, second: str) -> bytes:
    """A zip archive that names two members alike, as Python's own writer warns of."""
    halves = zipped({first: calls(A), "z" * len(second): calls(B)})
    return halves.replace(b"z" * len(second), second.encode())


def encrypted_zip() -> bytes:
    """A zip archive whose member carries the flag of encryption."""
    content = bytearray(zipped({"calls.csv": calls(A)}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def packed(text: str | bytes) -> bytes:
    """A gzip member with a fixed time stamp."""
    return gzip.compress(text if isinstance(text, bytes) else text.encode(), mtime=0)


Cell = object


def workbook(
    rows: Sequence[Sequence[Cell]],
    *,
    header: Sequence[str] = NAMES,
    hidden_rows: Sequence[int] = (),
    merged: str | None = None,
    sheets: Sequence[str] = ("Calls",),
    hidden_sheets: Sequence[str] = (),
    date_1904: bool = False,
) -> bytes:
    """A workbook; a cell that is a text starting with = is a formula, whose cached value is what follows `~`."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "date_1904": date_1904})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for name in sheets:
        sheet = book.add_worksheet(name)
        for number, row in enumerate([header, *rows]):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell, moment)
        for number in hidden_rows:
            sheet.set_row(number, None, None, {"hidden": True})
        if merged:
            sheet.merge_range(merged, "general")
        if name in hidden_sheets:
            sheet.hide()
        else:
            sheet.activate()
            sheet.set_first_sheet()
    book.close()
    return buffer.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Cell, moment: Any) -> None:
    if isinstance(cell, datetime):
        sheet.write_datetime(row, column, cell, moment)
    elif isinstance(cell, str) and cell.startswith("="):
        formula, _, cached = cell.partition("~")
        sheet.write_formula(row, column, formula, None, cached)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif cell is not None:
        sheet.write(row, column, cell)


def without_cached_values(content: bytes) -> bytes:
    """The workbook as a program writes it that does not compute: formulas without their values."""
    source, buffer = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/"):
                part = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", part)
            archive.writestr(name, part)
    return buffer.getvalue()
