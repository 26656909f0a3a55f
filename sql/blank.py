"""A warehouse in memory with every table and fact and no row: for checking expressions, and for tests of figures."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import duckdb

from sql.fact_views import define_facts, fact_source
from sql.macros import define, define_reckoning, reckoning_values
from sql.place import Place
from sql.statements import names, statement
from sql.warehouse import LAKE, Warehouse


def blank_warehouse(folder: Path) -> Warehouse:
    """All tables, empty, in memory; the snapshot is always 1."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute(f"attach ':memory:' as {LAKE}")
    for name in names("tables"):
        connection.execute(statement(f"tables/{name}"))
    define(connection, ("key_id",), {})
    return Warehouse(Place(folder, ":memory:", ":memory:"), connection, pinned=1)


@cache
def fact_columns(fact: str) -> dict[str, str]:
    """The columns of a fact with their types."""
    with blank_warehouse(Path()) as warehouse:
        values = reckoning_values(timezone="UTC", day_starts_ms=0, rules={"fiscal_month": 1}, peak_hours=[])
        define_reckoning(warehouse.connection, values)
        define_facts(warehouse)
        source = fact_source(fact, first_day="current_date", until_day="current_date", ends="[current_date]")
        described = warehouse.connection.execute(f"describe from {source}").fetchall()
    return {str(row[0]): str(row[1]) for row in described}
