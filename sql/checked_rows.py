"""From text rows to typed rows, in the database: one statement converts, checks and names the fault of every row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import duckdb
import pyarrow as pa
from duckdb import DuckDBPyConnection

from sql.conversion import Conversion, meaning, quoted
from sql.errors import WrongUse


@dataclass(frozen=True)
class CheckedColumn:
    """One column to convert: where it stands in the file (null: absent), what means nothing, and how it converts.

    Of a text only the `leading` characters count, where they are given.
    """

    name: str
    position: int | None
    nulls: tuple[str, ...]
    nullable: bool
    conversion: Callable[[str], Conversion]
    leading: int | None = None


@dataclass(frozen=True)
class Check:
    """All that is checked of a file's rows; `rules` are expressions over columns that every row must satisfy.

    `other_columns` (key, text, position) are kept together, redacted, in the column `others`.
    """

    columns: Sequence[CheckedColumn]
    width: int
    key: Sequence[str]
    rules: Mapping[str, str]
    moment: str | None
    precision: str
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


@contextmanager
def _a_layouts_expressions(of: str) -> Iterator[None]:
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
    # a layout that knows only the day says so for all its rows, whatever its instants look like
    quality = columns[check.moment].quality if check.moment and check.precision == "exact" else None
    texts = ", ".join(f"{_text(column)} as text_{column.name}" for column in check.columns)
    values = ", ".join(f'{columns[name].value} as "{name}"' for name in names)
    faults = " ".join(_faults(column, columns[column.name]) for column in check.columns)
    key = " || chr(31) || ".join(f"coalesce(text_{name}, '')" for name in check.key) or "printf('%016x', row_hash)"
    content = ", ".join(f"coalesce(text_{name}, chr(30))" for name in names)
    if check.others:
        texts += f", {_other_texts(check)} as text_{check.others}"
        values += f', {_others(check)} as "{check.others}"'
        content += f", array_to_string(text_{check.others}, chr(30))"
    rules = " ".join(f"when not coalesce({rule}, true) then {quoted(name)}" for name, rule in check.rules.items())
    statement = f"""
        create or replace temp table checked_row as
        with texts as (
            select load_id, exported_at, line_no, len(fields) as width, {texts} from text_row
        ),
        hashed as (
            select
                *,
                md5_number_lower(concat_ws(chr(31), {content})) as row_hash,
                coalesce({", ".join(f"text_{name}" for name in names)}) is null as is_blank
            from texts
        ),
        typed as (
            select
                load_id, exported_at, line_no, row_hash, is_blank, {key} as row_key,
                {quality or quoted(check.precision)} as time_q,
                case
                    when width < {check.width} then ':too_few_fields'
                    when width > {check.width} then ':too_many_fields'
                    {faults}
                end as column_fault,
                {values}
            from hashed
        )
        select
            * exclude (column_fault),
            coalesce(column_fault, case {rules or "when false then ''"} end) as fault
        from typed
    """
    with _a_layouts_expressions("rules"):
        connection.execute(statement)


def _text(column: CheckedColumn) -> str:
    if column.position is None:
        return "null::varchar"
    text = meaning(f"fields[{column.position + 1}]", column.nulls)
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
    return f"{missing}when {text} is not null and not coalesce({conversion.is_valid}, false) then {fault}"


def settle(connection: DuckDBPyConnection, check: Check) -> None:
    """Give every checked row its fate: good, quarantined, duplicate or blank, and its final key.

    A key may stand once per file. The same row again is a duplicate; another row under the same key puts both aside.
    Without a key, equal rows are told apart by their count, since they are different contacts.
    """
    keyed = "true" if check.key else "false"
    key = "row_key" if check.key else "row_key || '#' || occurrence"
    connection.execute(f"""
        create or replace temp table settled_row as
        with counted as (
            select
                *,
                row_number() over (partition by load_id, row_key, row_hash, fault is null order by line_no)
                    as occurrence,
                {keyed} and fault is null and min(row_hash) over same_key <> max(row_hash) over same_key as conflicts
            from checked_row
            window same_key as (partition by load_id, row_key, fault is null)
        )
        select
            * exclude (fault, row_key, occurrence, conflicts, is_blank),
            {key} as source_key,
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
    return {load_id: _tally(counts, reasons.get(load_id, {})) for load_id, counts in fates.items()}


def _tally(fates: dict[str, int], reasons: dict[str, int]) -> Tally:
    return Tally(
        rows_read=sum(fates.values()),
        good=fates.get("good", 0),
        quarantined=fates.get("quarantined", 0),
        duplicate=fates.get("duplicate", 0),
        blank=fates.get("blank", 0),
        reasons=reasons,
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


def keep_good(connection: DuckDBPyConnection, table: str, derived: Mapping[str, str]) -> None:
    """Append the good rows to the batch's typed rows, with the columns that the layout derives from the others."""
    present = {name for name, *_ in connection.execute("describe settled_row").fetchall()}
    replaced = ", ".join(f'{expression} as "{name}"' for name, expression in derived.items() if name in present)
    added = "".join(f', {expression} as "{name}"' for name, expression in derived.items() if name not in present)
    columns = "* exclude (fate, fault)" + (f" replace ({replaced})" if replaced else "") + added
    select = f"select {columns} from settled_row where fate = 'good'"
    with _a_layouts_expressions("derived columns"):
        connection.execute(f"create temp table if not exists {table} as {select} limit 0")
    connection.execute(f"insert into {table} by name {select}")
