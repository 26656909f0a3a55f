"""The quick way from a delimited file to typed rows: the engine reads it, and every row proves that it is plainly good.

Nothing here finds a fault. A row whose proof fails goes the careful way of `checked_rows`, and so does the whole file
where the engine does not see as many rows as the file has lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection

from sql.checked_rows import Check, CheckedColumn, quoted_name, row_hash, row_id, rule_faults
from sql.conversion import Conversion, Plain, quoted

NEVER = "\x01"


@dataclass(frozen=True)
class PlainFile:
    """A delimited UTF-8 file whose lines were counted; `rows` is how many it must have below its header."""

    path: Path
    delimiter: str
    line_end: str
    is_quoted: bool
    rows: int
    load_id: int
    exported_at: datetime


def read_plainly(connection: DuckDBPyConnection, file: PlainFile, check: Check) -> bool:
    """Fill `plain_row`, one row per line in the file's order; says whether every line of the file became a row."""
    columns = [(column, column.conversion(_raw(column))) for column in check.columns]
    values = ", ".join(f"{_value(column, one)} as {quoted_name(column.name)}" for column, one in columns)
    names = ", ".join(quoted_name(column.name) for column in check.columns)
    proofs = " and ".join(_proof(column, one) for column, one in columns)
    key = " || chr(31) || ".join(_raw(column) for name in check.key for column, _ in columns if column.name == name)
    try:
        connection.execute(f"""
            create or replace temp table plain_row as
            with texts as (
                select *, timestamp '{file.exported_at.isoformat()}' as exported_at
                from {_scan(file, len(check.header))}
            ),
            typed as (
                select *, {values}
                from texts
            )
            select
                {key} as row_key, {_time_quality(check, columns)} as time_q,
                coalesce({proofs}, false) as is_plain, {names}
            from typed
        """)
    except duckdb.InvalidInputException:
        # a row too short or too long, bytes that are not UTF-8, quotes out of place: the careful way says which
        return False
    found = connection.execute("select count(*) from plain_row").fetchone()
    return found is not None and int(found[0]) == file.rows


def _scan(file: PlainFile, width: int) -> str:
    columns = ", ".join(f"'c{position}': 'varchar'" for position in range(width))
    quote = '"' if file.is_quoted else ""
    return (
        f"read_csv({quoted(str(file.path))}, auto_detect = false, header = false, skip = 1, "
        f"delim = {quoted(file.delimiter)}, quote = {quoted(quote)}, escape = {quoted(quote)}, "
        f"new_line = {quoted(file.line_end)}, nullstr = {quoted(NEVER)}, strict_mode = true, null_padding = false, "
        f"hive_partitioning = false, columns = {{{columns}}})"
    )


def _raw(column: CheckedColumn) -> str:
    if column.position is not None:
        return f"c{column.position}"
    return "null::varchar" if column.constant is None else quoted(column.constant)


def _plain(column: CheckedColumn, conversion: Conversion) -> Plain:
    text = _raw(column)
    unpadded = f"{text} >= '!' and not suffix({text}, ' ') and strlen({text}) = length({text})"
    if column.is_secret:
        # the text stands in for its hash until `write_plain` reckons the hash of every different number
        return Plain(text, f"{unpadded} and {conversion.is_valid}")
    if conversion.plain is not None:
        return conversion.plain
    odd = " or ".join(condition for condition, _ in (*conversion.further, *conversion.remarks)) or "false"
    return Plain(conversion.value, f"{unpadded} and {conversion.is_valid} and not ({odd})", conversion.quality)


def _value(column: CheckedColumn, conversion: Conversion) -> str:
    if column.position is None:
        return conversion.value
    return f"case when not {_means_nothing(column)} then {_plain(column, conversion).value} end"


def _means_nothing(column: CheckedColumn) -> str:
    return f"({_raw(column)} in ({', '.join(quoted(null) for null in column.nulls)}))"


def _proof(column: CheckedColumn, conversion: Conversion) -> str:
    if column.position is None:
        return "true"
    proof = _plain(column, conversion).is_proven.replace("$value", quoted_name(column.name))
    return f"(({_means_nothing(column)}{'' if column.nullable else ' and false'}) or coalesce({proof}, false))"


def _time_quality(check: Check, columns: Sequence[tuple[CheckedColumn, Conversion]]) -> str:
    for column, conversion in columns:
        if column.name == check.moment and check.precision == "exact":
            return _plain(column, conversion).quality or quoted(check.precision)
    return quoted(check.precision)


def write_plain(connection: DuckDBPyConnection, file: PlainFile, check: Check, target: Path) -> int:
    """Write the rows that are proven good as a Parquet file; says how many. A key that stands twice proves nothing.

    Keyed hashes take the place of callers' numbers here, each different number reckoned once.
    """
    connection.execute("""
        create or replace temp table repeated_key as
        select row_key from plain_row group by row_key having count(*) > 1
    """)
    connection.execute(f"create or replace temp view judged_row as {_judged(check)}")
    written = connection.execute(
        f"""
        copy (
            select
                * exclude (is_plain, is_kept, row_key), row_key as source_key,
                {row_id(check, "row_key")} as row_id,
                {int(file.load_id)}::integer as load_id,
                timestamp '{file.exported_at.isoformat()}' as exported_at
            from judged_row
            where is_kept
        ) to {quoted(str(target))} (format parquet, compression uncompressed)
        """
    ).fetchone()
    return int(written[0]) if written else 0


def _judged(check: Check) -> str:
    secrets = [column for column in check.columns if column.is_secret]
    joins = " ".join(
        f"left join (select number, caller_key(number) as hash from (select distinct {quoted_name(one.name)} as number "
        f"from plain_row)) as hashed_{place} on hashed_{place}.number = plain_row.{quoted_name(one.name)}"
        for place, one in enumerate(secrets)
    )
    replaced = ", ".join(f"hashed_{place}.hash as {quoted_name(one.name)}" for place, one in enumerate(secrets))
    replace = f"replace ({replaced})" if secrets else ""
    says_something = " or ".join(
        f"{quoted_name(column.name)} is not null" for column in check.columns if column.position is not None
    )
    return f"""
        with numbered as (
            select plain_row.rowid + 2 as line_no, plain_row.* {replace}
            from plain_row {joins}
        )
        select
            *,
            {row_hash(check)} as row_hash,
            is_plain and ({says_something}) and case {rule_faults(check)} end is null
                and row_key not in (select row_key from repeated_key) as is_kept
        from numbered
    """


def take_what_is_left(connection: DuckDBPyConnection, file: PlainFile, check: Check) -> None:
    """Append the rows that `write_plain` did not write to `text_row`, for the careful way."""
    width = len(check.header)
    fields = ", ".join(f"c{position}" for position in range(width))
    connection.execute(
        f"""
        insert into text_row
        with lines as (
            select row_number() over () + 1 as line_no, *
            from {_scan(file, width)}
        )
        select $load_id, $exported_at, line_no, [{fields}]
        from lines
        where line_no in (select line_no from judged_row where not is_kept)
        """,
        {"load_id": file.load_id, "exported_at": file.exported_at},
    )


def keys_meet(connection: DuckDBPyConnection) -> bool:
    """Whether a row that went the careful way turned out to have the key of one that was written."""
    found = connection.execute("""
        select count(*)
        from settled_row
        where (fault is null or fault = ':conflicting_rows') and fate <> 'blank'
            and source_key in (select row_key from judged_row where is_kept)
    """).fetchone()
    return found is not None and int(found[0]) > 0
