"""The tables of a snapshot as files for another engine: those of the lake as they stand, and one of all other rows.

A data file is handed over as it stands where every row in it is a row of the snapshot. Rows that stand elsewhere (in
the catalogue, in files from which some were deleted or which have another column of a name) are written into one file
for each table. A file that is older than a column has nulls in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from duckdb import DuckDBPyConnection

from sql import schema
from sql.fact_views import fact_folders
from sql.statements import names, statement
from sql.warehouse import LAKE, Warehouse

# of these types no fact reads a column, and Spark has none of them
UNREAD = ("ubigint",)


@dataclass(frozen=True)
class HandedOver:
    """One table for another engine: its files, and its columns with their types here; times of day are microseconds.

    A file may lack a column, which is null in it.
    """

    name: str
    files: tuple[str, ...]
    columns: dict[str, str]

    @property
    def times(self) -> tuple[str, ...]:
        """The columns that are times of day."""
        return _times(self.columns)


def _times(columns: dict[str, str]) -> tuple[str, ...]:
    return tuple(name for name, kind in columns.items() if kind == "time")


def read_tables() -> list[str]:
    """The stored tables that facts read."""
    facts = "\n".join(statement(f"{folder}/{name}") for name, folder in fact_folders().items())
    return sorted({*re.findall(rf"\b{LAKE}\.(\w+)", facts)} & {*names("tables")})


def hand_over(warehouse: Warehouse, folder: Path, *, in_place: bool = True) -> list[HandedOver]:
    """Every table that facts read; what is not in files of the lake as it stands is written into `folder`.

    Everything is where it is not to be read `in_place`, since the other engine does not see the lake's files. The
    caller sees to it that nobody changes the warehouse meanwhile.
    """
    folder.mkdir(parents=True, exist_ok=True)
    connection = warehouse.connection
    kinds = schema.wanted()
    tables = [
        _Table(name, {column: kind for column, kind in kinds[name].items() if kind not in UNREAD})
        for name in read_tables()
    ]
    live = {table.name: _live_rows(connection, table) if in_place and not table.times else {} for table in tables}
    in_file = _rows(connection, [file for files in live.values() for file in files])
    whole = {name: [file for file, rows in files.items() if rows == in_file[file]] for name, files in live.items()}
    written = {table.name: folder / f"{table.name}.parquet" for table in tables}
    others = {table.name: _write(connection, table, written[table.name], whole[table.name]) for table in tables}
    if any(whole.values()):
        for table, like_ours in _of_same_columns(connection, tables, whole, written).items():
            whole[table.name] = like_ours
            others[table.name] = _write(connection, table, written[table.name], like_ours)
    return [
        HandedOver(
            table.name,
            (*whole[table.name], *([str(written[table.name])] if others[table.name] or not whole[table.name] else [])),
            table.kinds,
        )
        for table in tables
    ]


@dataclass(frozen=True, eq=False)
class _Table:
    """A stored table with the columns that are handed over."""

    name: str
    kinds: dict[str, str]

    @property
    def times(self) -> tuple[str, ...]:
        return _times(self.kinds)

    @property
    def rows(self) -> str:
        """What selects its rows."""
        columns = (
            f"datediff('microsecond', time '00:00', {column}) as {column}" if column in self.times else f'"{column}"'
            for column in self.kinds
        )
        return f"select {', '.join(columns)} from {LAKE}.{self.name}"


def _live_rows(connection: DuckDBPyConnection, table: _Table) -> dict[str, int]:
    """How many rows of the snapshot stand in each data file."""
    counted = f"select filename, count(*) from {LAKE}.{table.name} where filename is not null group by filename"
    # rows that the catalogue holds have a name too, of no file
    return {file: rows for file, rows in connection.execute(counted).fetchall() if file.endswith(".parquet")}


def _write(connection: DuckDBPyConnection, table: _Table, path: Path, whole: Sequence[str]) -> int:
    """Write the rows of a table that are not in these files into one of their own; says how many."""
    others = " where filename is null or filename not in (select unnest($whole))" if whole else ""
    quoted = str(path).replace("'", "''")
    values = {"whole": list(whole)} if whole else {}
    done = connection.execute(f"copy ({table.rows}{others}) to '{quoted}' (format parquet)", values).fetchone()
    return int(done[0]) if done else 0


def _rows(connection: DuckDBPyConnection, files: Sequence[str]) -> dict[str, int]:
    """How many rows each of some Parquet files holds."""
    if not files:
        return {}
    found = connection.execute("select file_name, num_rows from parquet_file_metadata($files)", {"files": list(files)})
    return dict(found.fetchall())


def _of_same_columns(
    connection: DuckDBPyConnection,
    tables: Sequence[_Table],
    whole: dict[str, list[str]],
    written: dict[str, Path],
) -> dict[_Table, list[str]]:
    """The tables some of whose files know a column as another one, or of another type; each with the other files."""
    numbers = {
        (table, column): number
        for table, column, number in connection.execute(statement("lake/column_numbers")).fetchall()
    }
    columns = _columns(connection, [*(file for files in whole.values() for file in files), *map(str, written.values())])
    found = {}
    for table in tables:
        ours = {
            name: (kind, numbers.get((table.name, name)))
            for name, (kind, _) in columns[str(written[table.name])].items()
        }
        like_ours = [
            file
            for file in whole[table.name]
            if all(ours.get(name, column) == column for name, column in columns[file].items())
        ]
        if len(like_ours) < len(whole[table.name]):
            found[table] = like_ours
    return found


def _columns(connection: DuckDBPyConnection, files: Sequence[str]) -> dict[str, dict[str, tuple[str, int | None]]]:
    """The columns of some Parquet files, each with its type and its number in the lake."""
    rows = connection.execute(
        "select file_name, name, concat_ws(' ', type, converted_type, logical_type), field_id "
        "from parquet_schema($files) where num_children is null",
        {"files": list(files)},
    )
    found: dict[str, dict[str, tuple[str, int | None]]] = {file: {} for file in files}
    for file, name, kind, number in rows.fetchall():
        found[file][name] = (kind, number)
    return found
