"""What an old snapshot lacks of today's tables: it stands in empty, so that the snapshot can still be asked."""

from __future__ import annotations

import re
from collections.abc import Collection

from duckdb import DuckDBPyConnection

from sql import schema
from sql.statements import statement

# in the memory of the connection, where its cursors see it too
SCHEMA = "lacking"


def stand_in(connection: DuckDBPyConnection, snapshot: int) -> frozenset[str]:
    """Make a table in memory for each that a snapshot lacks, a view with nulls for lacking columns; says of which."""
    there: dict[str, set[str]] = {}
    for table, column in connection.execute(statement("lake/columns_at"), {"snapshot": snapshot}).fetchall():
        there.setdefault(table, set()).add(column)
    found = set()
    connection.execute(f"create schema {SCHEMA}")
    for table, columns in schema.wanted().items():
        lacking = [name for name in columns if name not in there.get(table, ())]
        if not lacking:
            continue
        found.add(table)
        if table in there:
            nulls = ", ".join(f"null::{columns[name]} as {name}" for name in lacking)
            connection.execute(f"create view {SCHEMA}.{table} as select *, {nulls} from lake.{table}")
        else:
            typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
            connection.execute(f"create table {SCHEMA}.{table} ({typed})")
    return frozenset(found)


def as_it_was(text: str, stands_in: Collection[str]) -> str:
    """A statement that takes what stands in instead of what is not there.

    >>> as_it_was("from lake.leg join lake.survey using (contact_id)", {"survey"})
    'from lake.leg join lacking.survey using (contact_id)'
    """
    if not stands_in:
        return text
    return re.sub(rf"\blake\.({'|'.join(sorted(stands_in))})\b", rf"{SCHEMA}.\1", text)
