"""Tell the catalogue that a table without rows has none: it would look for them in every statement that names it."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from sql.statements import statement

TABLE = """
    insert into __ducklake_metadata_lake.ducklake_table_stats (table_id, record_count, next_row_id, file_size_bytes)
    select unnest($tables), 0, 0, 0
"""
# what the catalogue writes itself before it merges the first rows: without them it would never keep a column's bounds
COLUMNS = """
    insert into __ducklake_metadata_lake.ducklake_table_column_stats (table_id, column_id, contains_null, contains_nan)
    select table_id, column_id, false, if(column_type in ('float32', 'float64'), false, null)
    from __ducklake_metadata_lake.ducklake_column
    where table_id in (select unnest($tables)) and end_snapshot is null
"""


def note_empty_tables(connection: DuckDBPyConnection) -> None:
    """Write the statistics of tables that were made and never filled; call outside a transaction.

    Planning a statement takes a tenth of a second for each such table that it names, and a thousandth afterwards
    (DuckLake 1.0: `ducklake_table_stats`, `ducklake_table_column_stats`).
    """
    tables = [table for (table,) in connection.execute(statement("lake/table_without_statistics")).fetchall()]
    if tables:
        connection.execute("begin")
        connection.execute(TABLE, {"tables": tables})
        connection.execute(COLUMNS, {"tables": tables})
        connection.execute("commit")
