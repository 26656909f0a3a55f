"""The tables that keep measures by operating day: made for a statement, filled for the days that are wanted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sql.warehouse import LAKE, Warehouse


def choose_days(warehouse: Warehouse, days: Iterable[date]) -> None:
    """Fill `rebuilt_day`, which the statements of stored measures read: the days to compute."""
    warehouse.execute("create or replace temp table rebuilt_day (day date)")
    warehouse.execute("insert into rebuilt_day select unnest($days::date[])", {"days": sorted(days)})


def make_table(warehouse: Warehouse, table: str, select: str) -> None:
    """An empty table for a statement's rows, in place of one for other definitions.

    Each statement commits by itself: a table made from a query and its rows must not come in one transaction.
    """
    choose_days(warehouse, [])
    warehouse.execute(f"drop table if exists {LAKE}.{table}")
    warehouse.execute(f"create table {LAKE}.{table} as {select} limit 0")
    warehouse.execute(f"delete from {LAKE}.stored_measure where table_name = $table", {"table": table})


def replace_days(warehouse: Warehouse, table: str, select: str, days: Iterable[date]) -> None:
    """Compute the rows of some days again; call inside a transaction."""
    choose_days(warehouse, days)
    warehouse.execute(f"delete from {LAKE}.{table} where day in (select day from rebuilt_day)")
    warehouse.execute(f"insert into {LAKE}.{table} {select}")


def complete(warehouse: Warehouse, table: str, definition: str) -> None:
    """Note that a table holds every day, by the definitions of this hash; call inside a transaction."""
    warehouse.append_rows("stored_measure", [(table, definition)])


def forget_touched(warehouse: Warehouse) -> None:
    """Note that nothing is out of date any more; call inside a transaction."""
    warehouse.execute(f"delete from {LAKE}.touched_day")
