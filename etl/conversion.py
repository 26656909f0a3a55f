"""From a recognised file to typed rows: every row is good, quarantined, a duplicate or blank, and the counts close."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from duckdb import DuckDBPyConnection

from etl.days_in_names import days_in, of_another_day
from etl.landing import lines_of
from etl.layout import Layout, folded
from etl.line_proof import lines_of_file
from etl.recognise import Recognised, file_format, lines_above, open_rows
from etl.text_rows import TextRows, encoding_of
from sql import FileRejected
from sql.checked_rows import (
    Check,
    CheckedColumn,
    Tally,
    check_rows,
    drop_text,
    fresh_text,
    overlapping_spells,
    quarantined_lines,
    redacted_lines,
    settle,
    settled_days,
    take_text,
    tallies,
    write_good,
)
from sql.plain_rows import PlainFile, keys_meet, read_plainly, take_what_is_left, write_plain

MOST_QUARANTINED = 100_000
# below this the careful way is as quick, and many small files are converted in one go
LEAST_PLAIN_BYTES = 1 << 20
FEW = 100
LONGEST_RAW = 10_000
# nothing that has happened lies after its export; a day is allowed for clocks and zones that disagree
LATEST = "exported_at + interval 1 day"
WIDTH_FAULTS = ("too_few_fields", "too_many_fields")
REMARKS = {
    "backslash_quote": "rows whose quotes are escaped by a backslash",
    "clock_duration": "durations written h:mm:ss",
    "decoded_wrongly": "texts that were decoded wrongly before they came here",
    "end_of_day": "times of 24:00:00, taken as the next midnight",
}


@dataclass(frozen=True)
class SourceFile:
    """A file to convert: the load that it becomes, its content, and when it was exported (UTC, without zone)."""

    load_id: int
    name: str
    content: Path
    exported_at: datetime


@dataclass(frozen=True)
class Converted:
    """What became of a file's rows; the good ones stand in Parquet files."""

    tally: Tally
    quarantined: list[tuple[int, str, str, str]]
    encoding: str | None
    delimiter: str | None
    notes: list[str] = field(default_factory=list)


def convert(
    connection: DuckDBPyConnection,
    files: Sequence[SourceFile],
    recognised: Recognised,
    *,
    source_id: str,
    zone: str,
    target: Path,
    least_plain_bytes: int = LEAST_PLAIN_BYTES,
) -> dict[int, Converted | FileRejected]:
    """Read, type and check files that share a layout and a header, and write their good rows into `target`.

    The answer is by load. A file whose rows cannot be told apart, or whose row budget would stay open, is rejected and
    leaves nothing behind.
    """
    check = row_check(recognised, zone=zone, source_id=source_id)
    found: dict[int, Converted | FileRejected] = {}
    small: list[SourceFile] = []
    for file in files:
        outcome = None
        if check.key and recognised.layout.spells is None and file.content.stat().st_size >= least_plain_bytes:
            outcome = _convert_plainly(connection, file, recognised, check, target)
        if outcome is None:
            small.append(file)
        else:
            found[file.load_id] = outcome
    if small:
        found |= _convert_carefully(connection, small, recognised, check, target)
    return found


def _convert_plainly(
    connection: DuckDBPyConnection, file: SourceFile, recognised: Recognised, check: Check, target: Path
) -> Converted | FileRejected | None:
    """The quick way; null where its row count cannot be proven, so that the careful way takes the file over."""
    plain = _plain_file(file, recognised)
    if plain is None or not read_plainly(connection, plain, check):
        return None
    part = target / f"{file.load_id}.plain.parquet"
    written = write_plain(connection, plain, check, part)
    counts, faults = Tally(0, 0, 0, 0, 0, {}, {}), list[tuple[int, str, str]]()
    encoding = encoding_of(file.content, declared=recognised.layout.encodings)
    rows = TextRows(list(recognised.header), encoding, plain.delimiter, iter(()))
    if written < plain.rows:
        fresh_text(connection)
        take_what_is_left(connection, plain, check)
        _settle(connection, check)
        if keys_meet(connection):
            part.unlink()
            return None
        counts = tallies(connection).get(file.load_id, counts)
        faults = quarantined_lines(connection, MOST_QUARANTINED).get(file.load_id, faults)
        write_good(connection, target / f"{file.load_id}.left.parquet")
    counts = replace(counts, rows_read=counts.rows_read + written, good=counts.good + written)
    outcome = _judged(connection, file, recognised, rows, counts, plain.rows, faults, [part])
    if isinstance(outcome, FileRejected):
        for leftover in target.glob(f"{file.load_id}.*.parquet"):
            leftover.unlink()
    return outcome


def _plain_file(file: SourceFile, recognised: Recognised) -> PlainFile | None:
    layout = recognised.layout
    if not _is_ordinary(recognised) or file_format(file.content, file.content.name) != "delimited":
        return None
    encoding = encoding_of(file.content, declared=layout.encodings)
    lines = lines_of_file(file.content)
    if encoding not in ("utf-8", "utf-8-sig") or not lines.is_simple:
        return None
    if lines.has_tabs and recognised.delimiter != "\t":
        return None
    assert recognised.delimiter is not None
    return PlainFile(
        path=file.content,
        delimiter=recognised.delimiter,
        line_end=lines.line_end,
        is_quoted=layout.quotes and lines.has_quotes,
        rows=lines.count - 1,
        load_id=file.load_id,
        exported_at=file.exported_at,
    )


def _is_ordinary(recognised: Recognised) -> bool:
    """Whether the file is one header line and then its rows, all of whose columns are named."""
    layout = recognised.layout
    is_table = recognised.delimiter is not None and recognised.header_lines == 1
    is_cut = any(column.leading or column.clock for column in layout.columns.values())
    return is_table and not (layout.reader or layout.signature or layout.nesting or layout.others or is_cut)


def _convert_carefully(
    connection: DuckDBPyConnection,
    files: Sequence[SourceFile],
    recognised: Recognised,
    check: Check,
    target: Path,
) -> dict[int, Converted | FileRejected]:
    fresh_text(connection)
    read = {file.load_id: _read(connection, file, recognised) for file in files}
    _settle(connection, check)
    counts, faults = tallies(connection), quarantined_lines(connection, MOST_QUARANTINED)
    found: dict[int, Converted | FileRejected] = {}
    for file in files:
        taken = read[file.load_id]
        if isinstance(taken, FileRejected):
            found[file.load_id] = taken
            continue
        rows, number = taken
        tally = counts.get(file.load_id, Tally(0, 0, 0, 0, 0, {}, {}))
        found[file.load_id] = _judged(
            connection, file, recognised, rows, tally, number, faults.get(file.load_id, []), []
        )
    refused = [load_id for load_id, outcome in found.items() if isinstance(outcome, FileRejected)]
    write_good(connection, target / f"{files[0].load_id}.careful.parquet", without=refused)
    return found


def _settle(connection: DuckDBPyConnection, check: Check) -> None:
    check_rows(connection, check)
    settle(connection, check)


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


def _judged(
    connection: DuckDBPyConnection,
    file: SourceFile,
    recognised: Recognised,
    rows: TextRows,
    tally: Tally,
    number: int,
    faults: list[tuple[int, str, str]],
    parts: list[Path],
) -> Converted | FileRejected:
    """Whether the budget closes and the rows fit together as a whole; if so, what became of them."""
    if tally.rows_read != number:
        message = f"{tally.rows_read:,} of {number:,} rows came through; none may be lost, so nothing was loaded."
        return FileRejected("budget_open", message)
    tally = _with_unreadable(tally, rows.unreadable)
    layout = recognised.layout
    rejection = _refused_as_a_whole(connection, file, layout, tally)
    if rejection is not None:
        return rejection
    if layout.moment is not None and days_in(file.name):
        rejection = of_another_day(file.name, settled_days(connection, file.load_id, layout.moment, parts))
        if rejection is not None:
            return rejection
    unreadable = [(line, *_parted(reason)) for line, reason in rows.unreadable.items()]
    return Converted(
        tally,
        _with_raw(connection, file.content, rows, faults + unreadable),
        rows.encoding,
        rows.delimiter,
        _notes(file, recognised, rows, tally, faults),
    )


def _parted(reason: str) -> tuple[str, str]:
    column, _, code = reason.rpartition(":")
    return column, code


def _refused_as_a_whole(
    connection: DuckDBPyConnection, file: SourceFile, layout: Layout, tally: Tally
) -> FileRejected | None:
    unfit = sum(tally.reasons.get(reason, 0) for reason in WIDTH_FAULTS)
    if unfit > FEW and unfit * 2 > tally.rows_read:
        message = (
            f"{unfit:,} of {tally.rows_read:,} rows have another number of fields than the header, so this is not the "
            "file that its header says. Nothing was loaded: export it again."
        )
        return FileRejected("few_rows_fit", message)
    if layout.spells is None:
        return None
    line = overlapping_spells(connection, file.load_id, layout.spells.of, layout.spells.start, layout.spells.end)
    if line is None:
        return None
    message = (
        f"The spell in line {line} overlaps another of the same {', '.join(layout.spells.of)}: it would not be certain "
        "who or where that was. Nothing was loaded: end one of the two spells before the other begins."
    )
    return FileRejected("overlapping_spells", message)


def _notes(
    file: SourceFile,
    recognised: Recognised,
    rows: TextRows,
    tally: Tally,
    faults: list[tuple[int, str, str]],
) -> list[str]:
    """What a person should know of a file that was taken."""
    layout = recognised.layout
    notes = [f"{count:,} {REMARKS[code]}" for code, count in rows.repaired.items()]
    for remark, count in tally.remarks.items():
        column, _, code = remark.partition(":")
        notes.append(f"{count:,} {REMARKS[code]} in {layout.spelled(column)}")
    if recognised.delimiter is not None and rows.delimiter != layout.delimiters[0]:
        notes.append(f"fields parted by {'a tab' if rows.delimiter == chr(9) else rows.delimiter}")
    ids = [name for name in rows.numeric_columns if _type_of(layout, name) == "id"]
    notes += [f"{name} holds numbers, so leading zeros may be lost; format it as text" for name in sorted(ids)]
    if tally.rows_read == 0:
        notes.append("the file has a header and no rows")
    if recognised.delimiter is not None and faults and _breaks_off(file.content, max(faults), tally, recognised):
        notes.append("the file breaks off within its last row, so it may be incomplete")
    return notes + rows.notes


def _breaks_off(content: Path, last: tuple[int, str, str], tally: Tally, recognised: Recognised) -> bool:
    """Whether the last line has no end and too few fields; a lone line may be short for another reason."""
    with content.open("rb") as handle:
        handle.seek(-1, 2)
        has_no_end = handle.read() not in (b"\n", b"\r")
    return has_no_end and last[0] == tally.rows_read + lines_above(recognised) and last[2] == "too_few_fields"


def _type_of(layout: Layout, spelling: str) -> str | None:
    return next(
        (layout.columns[column].type for column, names in layout.known_names.items() if folded(spelling) in names), None
    )


def row_check(recognised: Recognised, *, zone: str, source_id: str) -> Check:
    """What the layout demands of this file's rows."""
    layout = recognised.layout
    columns = [_checked(layout, name, recognised.positions, zone) for name in layout.columns]
    return Check(
        columns=columns,
        header=recognised.header,
        key=layout.key,
        rules=layout.rules,
        moment=layout.moment,
        precision=layout.precision,
        source_id=source_id,
        others=layout.others.column if layout.others else None,
        other_columns=recognised.others,
    )


def _checked(layout: Layout, name: str, positions: Mapping[str, int], zone: str) -> CheckedColumn:
    column = layout.columns[name]
    clock = (positions.get(column.clock), layout.columns[column.clock].nulls) if column.clock else None
    return CheckedColumn(
        name=name,
        position=positions.get(name),
        clock=clock,
        nulls=column.nulls,
        nullable=column.nullable,
        is_secret=column.type == "phone",
        constant=column.constant,
        leading=column.leading,
        conversion=lambda text: column.conversion(text, zone=zone, latest=LATEST),
    )


def _with_unreadable(counts: Tally, unreadable: dict[int, str]) -> Tally:
    reasons = dict(counts.reasons)
    for reason in unreadable.values():
        reasons[reason] = reasons.get(reason, 0) + 1
    return replace(
        counts,
        rows_read=counts.rows_read + len(unreadable),
        quarantined=counts.quarantined + len(unreadable),
        reasons=reasons,
    )


def _with_raw(
    connection: DuckDBPyConnection, path: Path, rows: TextRows, faults: list[tuple[int, str, str]]
) -> list[tuple[int, str, str, str]]:
    """Each fault with its raw line, read again from the file (text files only) and redacted.

    The line as it was stands in the landed copy, which only its owner can read.
    """
    if not faults or rows.delimiter is None or rows.encoding is None:
        return [(line, column, reason, "") for line, column, reason in sorted(faults)]
    faults = sorted(faults)
    wanted = {line for line, _, _ in faults}
    raw = {
        number: line[:LONGEST_RAW]
        for number, line in enumerate(islice(lines_of(path, rows.encoding), faults[-1][0]), start=1)
        if number in wanted
    }
    kept = dict(zip(raw, redacted_lines(connection, list(raw.values())), strict=True))
    return [(line, column, reason, kept.get(line, "")) for line, column, reason in faults]
