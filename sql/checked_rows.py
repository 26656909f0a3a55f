"""From text rows to typed rows, in the database: one statement converts, checks and names the fault of every row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
from duckdb import DuckDBPyConnection

from sql.conversion import Conversion, meaning, quoted
from sql.errors import WrongUse


@dataclass(frozen=True)
class CheckedColumn:
    """One column to convert: where it stands in the file (null: absent), what means nothing, and how it converts.

    Of a text only the `leading` characters count, where they are given. `clock` is the position (and the null tokens)
    of the time of day that belongs behind it.
    """

    name: str
    position: int | None
    nulls: tuple[str, ...]
    nullable: bool
    is_secret: bool
    constant: str | None
    conversion: Callable[[str], Conversion]
    leading: int | None = None
    clock: tuple[int | None, Sequence[str]] | None = None


@dataclass(frozen=True)
class Check:
    """All that is checked of a file's rows; `rules` are expressions over columns that every row must satisfy.

    `other_columns` (key, text, position) are kept together, redacted, in the column `others`.
    """

    columns: Sequence[CheckedColumn]
    header: Sequence[str]
    key: Sequence[str]
    rules: Mapping[str, str]
    moment: str | None
    precision: str
    source_id: str
    others: str | None = None
    other_columns: Sequence[tuple[str, str, int]] = ()


@dataclass(frozen=True)
class Tally:
    """Counts of a file's rows by fate, and of faults by reason."""

    rows_read: int
    good: int
    quarantined: int
    duplicate: int
    blank: int
    reasons: dict[str, int]
    remarks: dict[str, int]


@contextmanager
def layouts_expressions(of: str) -> Iterator[None]:
    """Say whose fault it is when an expression that a layout brings cannot be understood."""
    try:
        yield
    except (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException) as error:
        first_line = str(error).splitlines()[0]
        message = f"A layout's {of} cannot be understood ({first_line}). Correct the expression in the layout file."
        raise WrongUse(message) from None


def fresh_text(connection: DuckDBPyConnection) -> None:
    """An empty `text_row`: one row per row of the files being read."""
    connection.execute(
        "create or replace temp table text_row "
        "(load_id integer, exported_at timestamp, line_no bigint, fields varchar[])"
    )


def take_text(
    connection: DuckDBPyConnection,
    batch: pa.Table,
    delimiter: str | None,
    load_id: int,
    exported_at: datetime,
) -> None:
    """Append a batch of a file's rows to `text_row`, parting raw lines at the delimiter."""
    connection.register("batch", batch)
    is_raw = "raw" in batch.column_names
    fields = f"string_split(rtrim(raw, chr(10)), {quoted(delimiter or ',')})" if is_raw else "fields"
    connection.execute(
        f"insert into text_row select $load_id, $exported_at, line_no, {fields} from batch",
        {"load_id": load_id, "exported_at": exported_at},
    )
    connection.unregister("batch")


def drop_text(connection: DuckDBPyConnection, load_id: int) -> None:
    """Forget the rows of a file that turned out to be unreadable."""
    connection.execute("delete from text_row where load_id = $load_id", {"load_id": load_id})


def check_rows(connection: DuckDBPyConnection, check: Check) -> None:
    """Fill `checked_row` from `text_row`: typed values, the row's key and hash, and the first fault, if any."""
    names = [column.name for column in check.columns]
    columns = {column.name: column.conversion(f"text_{column.name}") for column in check.columns}
    texts = ", ".join(f"{_text(column)} as text_{column.name}" for column in check.columns)
    values = ", ".join(f'{columns[name].value} as "{name}"' for name in names)
    faults = " ".join(_faults(column, columns[column.name]) for column in check.columns)
    remarks = " ".join(
        f"when {condition} then {quoted(f'{column.name}:{code}')}"
        for column in check.columns
        if column.position is not None
        for condition, code in columns[column.name].remarks
    )
    key = " || chr(31) || ".join(f"coalesce(text_{name}, '')" for name in check.key) or "printf('%016x', row_hash)"
    if check.others:
        texts += f", {_other_texts(check)} as text_{check.others}"
        values += f', {_others(check)} as "{check.others}"'
    read = ", ".join(f"text_{column.name}" for column in check.columns if column.position is not None)
    header = "[" + ", ".join(map(quoted, check.header)) + "]"
    statement = f"""
        create or replace temp table checked_row as
        with texts as (
            select
                load_id, exported_at, line_no, len(fields) as width, fields = {header} as is_header, {texts}
            from text_row
        ),
        typed as (
            select
                *,
                coalesce({read}) is null as is_blank,
                {time_quality(check, columns)} as time_q,
                case
                    when is_header then ':header_again'
                    when width < {len(check.header)} then ':too_few_fields'
                    when width > {len(check.header)} then ':too_many_fields'
                    {faults}
                end as column_fault,
                case {remarks or "when false then ''"} end as remark,
                {values}
            from texts
        ),
        hashed as (
            select *, {row_hash(check)} as row_hash
            from typed
        )
        select
            * exclude (column_fault, width, is_header, {", ".join(map(_text_name, _named(check)))}),
            {key} as row_key,
            coalesce(column_fault, case {rule_faults(check)} end) as fault
        from hashed
    """
    with layouts_expressions("rules"):
        connection.execute(statement)


def row_hash(check: Check) -> str:
    """What tells one content of a row from another, over the typed values.

    Rows without a key are known by it for ever, so theirs is a digest of the texts; the engine's own hash, which is
    several times faster, serves where it only says whether a row has changed.
    """
    names = _named(check)
    if check.key:
        return f"hash({', '.join(quoted_name(name) for name in names)})"
    content = [f"coalesce(text_{column.name}, chr(30))" for column in check.columns]
    content += [f"array_to_string(text_{check.others}, chr(30))"] if check.others else []
    return f"md5_number_lower(concat_ws(chr(31), {', '.join(content)}))"


def _named(check: Check) -> list[str]:
    return [column.name for column in check.columns] + ([check.others] if check.others else [])


def _text_name(name: str) -> str:
    return f"text_{name}"


def time_quality(check: Check, columns: Mapping[str, Conversion]) -> str:
    """How a row's moment was won; a layout that knows only the day says so for all its rows."""
    quality = columns[check.moment].quality if check.moment and check.precision == "exact" else None
    return quality or quoted(check.precision)


def row_id(check: Check, key: str) -> str:
    """The number by which the entity of a row is known."""
    return f"key_id({quoted(check.source_id)}, {key})"


def rule_faults(check: Check) -> str:
    """The branches of a case that names the first rule which a row breaks."""
    rules = (f"when not coalesce({rule}, true) then {quoted(name)}" for name, rule in check.rules.items())
    return " ".join(rules) or "when false then ''"


def quoted_name(name: str) -> str:
    """A column's name in SQL."""
    return '"' + name + '"'


def _text(column: CheckedColumn) -> str:
    if column.position is None:
        return "null::varchar" if column.constant is None else quoted(column.constant)
    text = meaning(f"fields[{column.position + 1}]", column.nulls)
    if column.clock and column.clock[0] is not None:
        return f"{text} || ' ' || {meaning(f'fields[{column.clock[0] + 1}]', column.clock[1])}"
    return f"left({text}, {column.leading})" if column.leading else text


def _other_texts(check: Check) -> str:
    return f"[{', '.join(f'fields[{position + 1}]' for _, _, position in check.other_columns)}]::varchar[]"


def _others(check: Check) -> str:
    """The other columns that hold something, as a list of key, text and value."""
    parts = ", ".join(
        f"{{'key': {quoted(key)}, 'text': {quoted(text)}, "
        f"'value': redacted(nullif(trim(text_{check.others}[{number}]), ''))}}"
        for number, (key, text, _) in enumerate(check.other_columns, start=1)
    )
    return (
        f"list_filter([{parts}]::struct(key varchar, text varchar, value varchar)[], lambda one: one.value is not null)"
    )


def _faults(column: CheckedColumn, conversion: Conversion) -> str:
    if column.position is None:
        return ""
    text = f"text_{column.name}"
    missing = "" if column.nullable else f"when {text} is null then {quoted(column.name + ':missing')} "
    fault = quoted(f"{column.name}:{conversion.reason}")
    further = "".join(
        f" when {condition} then {quoted(f'{column.name}:{reason}')}" for condition, reason in conversion.further
    )
    return f"{missing}when {text} is not null and not coalesce({conversion.is_valid}, false) then {fault}{further}"


def settle(connection: DuckDBPyConnection, check: Check) -> None:
    """Give every checked row its fate: good, quarantined, duplicate or blank, and its final key.

    A key may stand once per file. The same row again is a duplicate; another row under the same key puts both aside.
    Without a key, equal rows are told apart by their count, since they are different contacts.
    """
    keyed = "true" if check.key else "false"
    key = "row_key" if check.key else "row_key || '#' || occurrence"
    connection.execute(f"""
        create or replace temp table settled_row as
        with repeated as (
            select load_id, row_key
            from checked_row
            group by load_id, row_key
            having count(*) > 1
        ),
        -- most keys stand once, and windows over millions of rows are dear
        counted as (
            select *, 1 as occurrence, false as conflicts
            from checked_row
            anti join repeated using (load_id, row_key)
            union all
            select
                *,
                row_number() over (partition by load_id, row_key, row_hash, fault is null order by line_no),
                {keyed} and fault is null and min(row_hash) over same_key <> max(row_hash) over same_key
            from checked_row
            semi join repeated using (load_id, row_key)
            window same_key as (partition by load_id, row_key, fault is null)
        )
        select
            * exclude (fault, row_key, occurrence, conflicts, is_blank),
            {key} as source_key,
            {row_id(check, key)} as row_id,
            case when conflicts then ':conflicting_rows' else fault end as fault,
            case
                when is_blank then 'blank'
                when fault is not null or conflicts then 'quarantined'
                when {keyed} and occurrence > 1 then 'duplicate'
                else 'good'
            end as fate
        from counted
    """)


def tallies(connection: DuckDBPyConnection) -> dict[int, Tally]:
    """Count the fates of `settled_row`, file by file."""
    fates: dict[int, dict[str, int]] = {}
    for load_id, fate, count in connection.execute(
        "select load_id, fate, count(*) from settled_row group by load_id, fate"
    ).fetchall():
        fates.setdefault(load_id, {})[fate] = int(count)
    reasons: dict[int, dict[str, int]] = {}
    for load_id, fault, count in connection.execute(
        "select load_id, fault, count(*) from settled_row where fate = 'quarantined' group by all order by all"
    ).fetchall():
        reasons.setdefault(load_id, {})[str(fault).removeprefix(":")] = int(count)
    remarks: dict[int, dict[str, int]] = {}
    for load_id, remark, count in connection.execute(
        "select load_id, remark, count(*) from settled_row where fate = 'good' and remark is not null "
        "group by all order by all"
    ).fetchall():
        remarks.setdefault(load_id, {})[str(remark)] = int(count)
    return {
        load_id: _tally(counts, reasons.get(load_id, {}), remarks.get(load_id, {})) for load_id, counts in fates.items()
    }


def _tally(fates: dict[str, int], reasons: dict[str, int], remarks: dict[str, int]) -> Tally:
    return Tally(
        rows_read=sum(fates.values()),
        good=fates.get("good", 0),
        quarantined=fates.get("quarantined", 0),
        duplicate=fates.get("duplicate", 0),
        blank=fates.get("blank", 0),
        reasons=reasons,
        remarks=remarks,
    )


def quarantined_lines(connection: DuckDBPyConnection, most: int) -> dict[int, list[tuple[int, str, str]]]:
    """By file: line, column ('' where it is the whole row) and reason of the rows put aside, at most `most` a file."""
    found: dict[int, list[tuple[int, str, str]]] = {}
    for load_id, line, fault in connection.execute(
        "select load_id, line_no, fault from settled_row where fate = 'quarantined' "
        "qualify row_number() over (partition by load_id order by line_no) <= $most order by load_id, line_no",
        {"most": most},
    ).fetchall():
        found.setdefault(load_id, []).append((int(line), *_parted(str(fault))))
    return found


def _parted(fault: str) -> tuple[str, str]:
    column, _, reason = fault.partition(":") if ":" in fault else ("", "", fault)
    return column, reason


def settled_days(
    connection: DuckDBPyConnection, load_id: int, moment: str, parts: Sequence[Path]
) -> tuple[date, date] | None:
    """The first and the last day (UTC) of a file's good rows: those of its Parquet files, else of `settled_row`."""
    scan = f"read_parquet([{', '.join(quoted(str(part)) for part in parts)}])"
    rows = f"{scan} where true" if parts else "settled_row where fate = 'good'"
    found = connection.execute(
        f"select min({quoted_name(moment)})::date, max({quoted_name(moment)})::date from {rows} and load_id = $load_id",
        {"load_id": load_id},
    ).fetchone()
    return (found[0], found[1]) if found and found[0] is not None else None


def overlapping_spells(
    connection: DuckDBPyConnection, load_id: int, of: Sequence[str], start: str, end: str
) -> int | None:
    """The line of the first good row whose spell begins before an earlier one of the same thing has ended."""
    found = connection.execute(
        f"""
        with spells as (
            select
                line_no,
                {quoted_name(start)} as start_on,
                max(coalesce({quoted_name(end)}, date '9999-12-31')) over (
                    partition by {", ".join(map(quoted_name, of))} order by {quoted_name(start)}, line_no
                    rows between unbounded preceding and 1 preceding
                ) as earlier_end
            from settled_row
            where load_id = $load_id and fate = 'good'
        )
        select min(line_no) from spells where start_on < earlier_end
        """,
        {"load_id": load_id},
    ).fetchone()
    return None if found is None or found[0] is None else int(found[0])


def write_good(connection: DuckDBPyConnection, target: Path, *, without: Sequence[int] = ()) -> None:
    """Write the good rows of `settled_row` as a Parquet file, but for those of some files."""
    refused = f"and load_id not in ({', '.join(map(str, without))})" if without else ""
    connection.execute(
        f"copy (select * exclude (fate, fault, remark) from settled_row where fate = 'good' {refused}) "
        f"to {quoted(str(target))} (format parquet, compression uncompressed)"
    )


def redacted_lines(connection: DuckDBPyConnection, lines: Sequence[str]) -> list[str]:
    """Lines of a file as they may be kept: without numbers and addresses of persons."""
    numbered = pa.table({"place": range(len(lines)), "line": pa.array(lines, pa.large_string())})
    connection.register("raw_line", numbered)
    found = connection.execute("select redacted(line) from raw_line order by place").fetchall()
    connection.unregister("raw_line")
    return [str(row[0]) for row in found]
