"""From a recognised file to typed rows: every row is good, quarantined, a duplicate or blank, and the counts close."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
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
    fresh_text,
    quarantined_lines,
    settle,
    take_text,
    tally,
)
from sql.conversion import quoted

MOST_QUARANTINED = 100_000
CLOCK_SLACK = timedelta(days=1)


@dataclass(frozen=True)
class Converted:
    """What became of a file's rows; the good ones stand in `settled_row`."""

    tally: Tally
    quarantined: list[tuple[int, str, str, str]]
    encoding: str | None
    delimiter: str | None


def convert(
    connection: DuckDBPyConnection, path: Path, recognised: Recognised, *, zone: str, exported_at: datetime
) -> Converted:
    """Read, type and check a file. Raises FileRejected where its rows cannot be told apart or the budget stays open."""
    rows = open_rows(path, recognised)
    fresh_text(connection)
    read = 0
    for batch in rows.batches:
        take_text(connection, batch, rows.delimiter)
        read += batch.num_rows
    check = row_check(recognised, zone=zone, latest=exported_at + CLOCK_SLACK)
    check_rows(connection, check)
    settle(connection, check)
    counts = tally(connection)
    if counts.rows_read != read:
        message = f"{counts.rows_read} of {read} rows came through; none may be lost, so nothing was loaded."
        raise FileRejected("budget_open", message)
    undecodable = sorted(rows.undecodable)
    faults = quarantined_lines(connection, MOST_QUARANTINED)
    faults += [(line, "", "not_in_the_declared_encoding") for line in undecodable]
    return Converted(_with_undecodable(counts, len(undecodable)), _with_raw(path, rows, faults), rows.encoding, rows.delimiter)


def row_check(recognised: Recognised, *, zone: str, latest: datetime) -> Check:
    """What the layout demands of this file's rows."""
    layout = recognised.layout
    bound = f"timestamp {quoted(latest.replace(tzinfo=None).isoformat(sep=' ', timespec='seconds'))}"
    columns = [_checked(layout, name, recognised.positions.get(name), zone, bound) for name in layout.columns]
    return Check(
        columns=columns,
        width=len(recognised.header),
        key=layout.key,
        rules=layout.rules,
        moment=layout.moment,
        precision=layout.precision,
    )


def _checked(layout: Layout, name: str, position: int | None, zone: str, latest: str) -> CheckedColumn:
    column = layout.columns[name]
    return CheckedColumn(
        name=name,
        position=position,
        nulls=column.nulls,
        nullable=column.nullable,
        conversion=lambda text: column.conversion(text, zone=zone, latest=latest),
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
