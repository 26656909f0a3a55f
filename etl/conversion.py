"""From a recognised file to typed rows: every row is good, quarantined, a duplicate or blank, and the counts close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from duckdb import DuckDBPyConnection

from etl.landing import lines_of
from etl.layout import Layout
from etl.recognise import Recognised, open_rows
from etl.text_rows import TextRows
from sql import FileRejected
from sql.checked_rows import (
    Check,
    CheckedColumn,
    Tally,
    check_rows,
    drop_text,
    fresh_text,
    quarantined_lines,
    settle,
    take_text,
    tallies,
)

MOST_QUARANTINED = 100_000
# nothing that has happened lies after its export; a day is allowed for clocks and zones that disagree
LATEST = "exported_at + interval 1 day"


@dataclass(frozen=True)
class SourceFile:
    """A file to convert: the load that it becomes, its content, and when it was exported (UTC, without zone)."""

    load_id: int
    content: Path
    exported_at: datetime


@dataclass(frozen=True)
class Converted:
    """What became of a file's rows; the good ones stand in `settled_row`."""

    tally: Tally
    quarantined: list[tuple[int, str, str, str]]
    encoding: str | None
    delimiter: str | None


def convert(
    connection: DuckDBPyConnection, files: Sequence[SourceFile], recognised: Recognised, *, zone: str
) -> dict[int, Converted | FileRejected]:
    """Read, type and check files that share a layout and a header; the answer is by load.

    A file whose rows cannot be told apart, or whose row budget would stay open, is rejected and leaves nothing behind.
    """
    fresh_text(connection)
    read = {file.load_id: _read(connection, file, recognised) for file in files}
    check = row_check(recognised, zone=zone)
    check_rows(connection, check)
    settle(connection, check)
    counts, faults = tallies(connection), quarantined_lines(connection, MOST_QUARANTINED)
    found: dict[int, Converted | FileRejected] = {}
    for file in files:
        outcome = read[file.load_id]
        if isinstance(outcome, FileRejected):
            found[file.load_id] = outcome
            continue
        rows, number = outcome
        tally = counts.get(file.load_id, Tally(0, 0, 0, 0, 0, {}))
        if tally.rows_read != number:
            message = f"{tally.rows_read} of {number} rows came through; none may be lost, so nothing was loaded."
            raise FileRejected("budget_open", message)
        found[file.load_id] = _converted(file, rows, tally, faults.get(file.load_id, []))
    return found


def _read(
    connection: DuckDBPyConnection, file: SourceFile, recognised: Recognised
) -> tuple[TextRows, int] | FileRejected:
    """Take a file's rows as text; says how many, or why it is refused."""
    number = 0
    try:
        rows = open_rows(file.content, recognised)
        for batch in rows.batches:
            take_text(connection, batch, rows.delimiter, file.load_id, file.exported_at)
            number += batch.num_rows
    except FileRejected as rejection:
        drop_text(connection, file.load_id)
        return rejection
    return rows, number


def _converted(file: SourceFile, rows: TextRows, tally: Tally, faults: list[tuple[int, str, str]]) -> Converted:
    undecodable = [(line, "", "not_in_the_declared_encoding") for line in sorted(rows.undecodable)]
    return Converted(
        _with_undecodable(tally, len(undecodable)),
        _with_raw(file.content, rows, faults + undecodable),
        rows.encoding,
        rows.delimiter,
    )


def row_check(recognised: Recognised, *, zone: str) -> Check:
    """What the layout demands of this file's rows."""
    layout = recognised.layout
    columns = [_checked(layout, name, recognised.positions.get(name), zone) for name in layout.columns]
    return Check(
        columns=columns,
        width=len(recognised.header),
        key=layout.key,
        rules=layout.rules,
        moment=layout.moment,
        precision=layout.precision,
        others=layout.others.column if layout.others else None,
        other_columns=recognised.others,
    )


def _checked(layout: Layout, name: str, position: int | None, zone: str) -> CheckedColumn:
    column = layout.columns[name]
    return CheckedColumn(
        name=name,
        position=position,
        nulls=column.nulls,
        nullable=column.nullable,
        leading=column.leading,
        conversion=lambda text: column.conversion(text, zone=zone, latest=LATEST),
    )


def _with_undecodable(counts: Tally, undecodable: int) -> Tally:
    if not undecodable:
        return counts
    return Tally(
        rows_read=counts.rows_read + undecodable,
        good=counts.good,
        quarantined=counts.quarantined + undecodable,
        duplicate=counts.duplicate,
        blank=counts.blank,
        reasons={**counts.reasons, "not_in_the_declared_encoding": undecodable},
    )


def _with_raw(path: Path, rows: TextRows, faults: list[tuple[int, str, str]]) -> list[tuple[int, str, str, str]]:
    """Each fault with its raw line, read again from the file (text files only)."""
    if not faults or rows.delimiter is None or rows.encoding is None:
        return [(line, column, reason, "") for line, column, reason in sorted(faults)]
    faults = sorted(faults)
    wanted = {line for line, _, _ in faults}
    raw = {
        number: line
        for number, line in enumerate(islice(lines_of(path, rows.encoding), faults[-1][0]), start=1)
        if number in wanted
    }
    return [(line, column, reason, raw.get(line, "")) for line, column, reason in faults]
