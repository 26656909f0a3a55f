"""The warehouse of one centre: a DuckLake (Parquet files and a catalogue), its tables, snapshots and lock."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import polars

from sql import engine, schema
from sql.empty_tables import note_empty_tables
from sql.errors import LoadRunning, WarehouseDamaged, WarehouseLocked, WrongUse
from sql.statements import statement

LAKE = "lake"
# what the engine may take; a load as a whole shall need less than 2 GB, and its buffers for files are not counted here
WRITER_MEMORY, READER_MEMORY = "1200MB", "2GB"
# up to so many rows are bound as values; more go as one table
FEW = 100


class Warehouse:
    """One open warehouse; readers open it read-only, at the newest snapshot or at a named one."""

    def __init__(self, folder: Path, connection: duckdb.DuckDBPyConnection, pinned: int | None = None) -> None:
        self.folder = folder
        self.connection = connection
        self.pinned = pinned

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = True, snapshot: int | None = None) -> Warehouse:
        """Open the warehouse under a centre's folder.

        Raises WrongUse where there is none (or no such snapshot), WarehouseLocked, WarehouseDamaged.
        """
        folder = folder.resolve()
        catalogue = folder / "catalogue.sqlite"
        if read_only and not catalogue.exists():
            message = f"There is no warehouse in {folder.parent.name or folder.parent}: nothing was loaded there yet."
            raise WrongUse(f"{message} Load exports first: fairline load FILE --centre {folder.parent}")
        folder.mkdir(parents=True, exist_ok=True)
        scratch = folder / "scratch"
        connection = engine.start(scratch, memory_limit=READER_MEMORY if read_only else WRITER_MEMORY)
        # a centre folder may be moved: the catalogue's own idea of where it stood does not matter
        options = [f"data_path '{_quoted(folder / 'data')}'", "override_data_path true"]
        if read_only:
            options.append("read_only")
        if snapshot is not None:
            options.append(f"snapshot_version {int(snapshot)}")
        try:
            connection.execute(f"attach 'ducklake:sqlite:{_quoted(catalogue)}' as {LAKE} ({', '.join(options)})")
        except duckdb.Error as error:
            connection.close()
            raise _explained(error, catalogue, snapshot) from None
        warehouse = cls(folder, connection, snapshot)
        if not read_only:
            warehouse._create_tables()
        return warehouse

    def close(self) -> None:
        """Let go of the catalogue."""
        self.connection.close()

    def __enter__(self) -> Warehouse:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _create_tables(self) -> None:
        """Create what is missing, and widen what an earlier Fairline made, before any load begins."""
        changes = schema.changes(schema.columns_there(self.connection))
        if changes:
            with self.transaction():
                for change in changes:
                    self.connection.execute(change)
        note_empty_tables(self.connection)

    def is_current(self) -> bool:
        """Whether it has every table and column that this Fairline reads."""
        return not schema.changes(schema.columns_there(self.connection))

    def execute(self, text: str, parameters: Mapping[str, Any] | None = None) -> None:
        """Run a statement for its effect."""
        self.connection.execute(text, parameters or {})

    def fetch(self, name: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a named statement of this folder."""
        return self.connection.execute(statement(name), parameters or {}).fetchall()

    def has_rows(self, table: str, condition: str = "true") -> bool:
        """Whether a table has a row that satisfies a condition."""
        return self.connection.execute(f"select 1 from {table} where {condition} limit 1").fetchone() is not None

    def first(self, text: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """The first value of a query's first row; null where there is none."""
        row = self.connection.execute(text, parameters or {}).fetchone()
        return row[0] if row else None

    def frame(self, text: str, parameters: Mapping[str, Any] | None = None) -> polars.DataFrame:
        """The result of a query as a polars frame; safe to call from several threads."""
        cursor = self.connection.cursor()
        try:
            return cursor.execute(text, parameters or {}).pl()
        finally:
            cursor.close()

    def forget(self, name: str) -> None:
        """Drop a temporary table or view, whichever it is."""
        try:
            self.connection.execute(f"drop view if exists temp.{name}")
        except duckdb.CatalogException:
            self.connection.execute(f"drop table temp.{name}")

    def take_place(self, made: str, name: str) -> None:
        """Let a temporary table that was made just now stand in the place of another, or of a view."""
        self.forget(name)
        self.connection.execute(f"alter table {made} rename to {name}")

    def replace_rows(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Replace all rows of a small table; call inside a transaction."""
        self.connection.execute(f"delete from {LAKE}.{table}")
        self.append_rows(table, rows)

    def append_rows(self, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Append rows, in the order of the columns in `sql/tables` (a widened table may hold them in another)."""
        if not rows:
            return
        columns = list(schema.wanted()[table])
        into = f"insert into {LAKE}.{table} ({', '.join(columns)})"
        if len(rows) <= FEW:
            row = "(" + ", ".join("?" * len(columns)) + ")"
            values = [value for values in rows for value in values]
            self.connection.execute(f"{into} values {', '.join([row] * len(rows))}", values)
            return
        frame = polars.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)
        self.connection.register("appended_rows", frame.to_arrow())
        self.connection.execute(f"{into} select * from appended_rows")
        self.connection.unregister("appended_rows")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: whatever ends the block early leaves the last snapshot."""
        self.connection.execute("begin")
        try:
            yield
        except BaseException:
            self.connection.execute("rollback")
            raise
        self.connection.execute("commit")

    def snapshot(self) -> int:
        """The number of the snapshot that this connection reads."""
        return self.pinned or int(self.fetch("lake/snapshot")[0][0])


@contextmanager
def loading(folder: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the right to write; while another load has it, wait for its end or raise LoadRunning (exit 75)."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "loading.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            message = (
                f"Another load is running on this warehouse (process {holder}). "
                "Run this again when it has ended, or with --wait."
            )
            raise LoadRunning(message) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield
        lock.truncate(0)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _explained(error: duckdb.Error, catalogue: Path, snapshot: int | None) -> Exception:
    text = str(error)
    if "locked" in text.lower():
        return WarehouseLocked(
            f"The warehouse catalogue {catalogue.name} is held by another program. Close it, or wait, and try again."
        )
    if snapshot is not None and "snapshot" in text.lower():
        return WrongUse(f"The warehouse has no snapshot {snapshot}. fairline check prints the newest one.")
    if not _is_sqlite(catalogue):
        return WarehouseDamaged(
            f"{catalogue} is not a warehouse catalogue (or is damaged). Restore it from a backup, or move the folder "
            "away and load the landed files again."
        )
    return WarehouseDamaged(f"The warehouse cannot be opened: {text.splitlines()[0]}")


def _is_sqlite(path: Path) -> bool:
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as probe:
            probe.execute("select count(*) from sqlite_master")
    except sqlite3.Error:
        return False
    return True
