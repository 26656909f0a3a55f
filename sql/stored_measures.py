"""The tables that keep measures by operating day: made for a statement, filled for the days that are wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from sql import schema
from sql.empty_tables import note_empty_tables
from sql.warehouse import LAKE, Warehouse


def make_tables(warehouse: Warehouse, selects: Mapping[str, str], *, unwanted: Collection[str] = ()) -> None:
    """An empty table for each statement's rows, in place of one for other definitions.

    Not in the transaction that fills them: a table made from a query and its rows must not come in one.
    """
    there = schema.columns_there(warehouse.connection).keys()
    with warehouse.transaction():
        forget(warehouse, {*(selects.keys() & there), *unwanted})
        for table, select in selects.items():
            if table in there:
                warehouse.execute(f"drop table {LAKE}.{table}")
            warehouse.execute(f"create table {LAKE}.{table} as {select} limit 0")
    note_empty_tables(warehouse.connection)


def forget(warehouse: Warehouse, tables: Collection[str]) -> None:
    """Note that some tables do not hold every day any more."""
    if tables:
        warehouse.execute(
            f"delete from {LAKE}.stored_measure where table_name in (select unnest($tables))",
            {"tables": sorted(tables)},
        )


def forget_rows(warehouse: Warehouse, table: str) -> None:
    """Empty a table; call inside a transaction."""
    warehouse.execute(f"delete from {LAKE}.{table}")


def replace_rows(
    warehouse: Warehouse, table: str, select: str, *, is_empty: bool, parts: Sequence[Sequence[date]] = ()
) -> set[date]:
    """Compute all rows again; says the days that they cover. Call inside a transaction.

    Some days after others where `parts` are given, which the statement then knows as $days: that takes less memory.
    """
    if not is_empty:
        forget_rows(warehouse, table)
    for values in [{"days": list(days)} for days in parts] or [{}]:
        warehouse.execute(f"insert into {LAKE}.{table} {select}", values)
    return {row[0] for row in warehouse.connection.execute(f"select distinct day from {LAKE}.{table}").fetchall()}


def replace_days(warehouse: Warehouse, table: str, select: str, days: Iterable[date]) -> None:
    """Compute the rows of some days again, which the statement knows as $days; call inside a transaction."""
    values = {"days": sorted(days)}
    warehouse.execute(f"delete from {LAKE}.{table} where day in (select unnest($days::date[]))", values)
    warehouse.execute(f"insert into {LAKE}.{table} {select}", values)


def written_rows(folder: Path, *, some_days: bool) -> str:
    """What selects the rows that another engine computed and wrote as Parquet files, of all days or of those in $days.

    Raises FileNotFoundError where it did not finish.
    """
    if not (folder / "_SUCCESS").is_file():
        raise FileNotFoundError(folder)
    quoted = str(folder / "*.parquet").replace("'", "''")
    of_days = " where day in (select unnest($days::date[]))" if some_days else ""
    return f"select * from read_parquet('{quoted}'){of_days}"


def complete(warehouse: Warehouse, definitions: Mapping[str, str]) -> None:
    """Note that tables hold every day, each by the definitions of this hash; call inside a transaction."""
    warehouse.append_rows("stored_measure", list(definitions.items()))


def forget_touched(warehouse: Warehouse) -> None:
    """Note that nothing is out of date any more; call inside a transaction."""
    warehouse.execute(f"delete from {LAKE}.touched_day")


def keep_rows(warehouse: Warehouse, name: str, select: str, values: Mapping[str, object] | None = None) -> str:
    """The rows of a statement as a table in the memory of this connection; says its name."""
    warehouse.frame(f"create or replace table {name} as {select}", values)
    return name


def drop_rows(warehouse: Warehouse, names: Iterable[str]) -> None:
    """Let go of such tables."""
    for name in names:
        warehouse.frame(f"drop table if exists {name}")
