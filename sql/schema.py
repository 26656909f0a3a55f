"""The lake's tables as this Fairline wants them: made where missing, widened where an earlier one made them."""

from __future__ import annotations

import re
from functools import cache

from duckdb import DuckDBPyConnection

from sql.statements import names, statement

PARTITIONS = {"contact": "entered_at", "leg": "queue_enter_at", "case_event": "happened_at"}
COLUMN = re.compile(r"^    (\w+) (\w+)", re.MULTILINE)


@cache
def wanted() -> dict[str, dict[str, str]]:
    """The type of every column by table, as `sql/tables` says."""
    return {name: dict(COLUMN.findall(statement(f"tables/{name}"))) for name in names("tables")}


def changes(there: dict[str, set[str]]) -> list[str]:
    """The statements that bring tables with these columns up to date; none where nothing is missing."""
    found: list[str] = []
    for table, columns in wanted().items():
        if table not in there:
            found.append(statement(f"tables/{table}"))
            if table in PARTITIONS:
                key = PARTITIONS[table]
                found.append(f"alter table lake.{table} set partitioned by (year({key}), month({key}))")
        else:
            missing = [name for name in columns if name not in there[table]]
            found += [f"alter table lake.{table} add column {name} {columns[name]}" for name in missing]
            if missing and table == "centre":
                # the settings have nothing for the new columns: the next load reads centre.toml again
                found.append("update lake.centre set settings_hash = ''")
    return found


def columns_there(connection: DuckDBPyConnection) -> dict[str, set[str]]:
    """The columns that the lake's tables have now."""
    there: dict[str, set[str]] = {}
    for table, column in connection.execute(statement("lake/columns")).fetchall():
        there.setdefault(table, set()).add(column)
    return there
