"""The warehouse of one centre: a DuckLake (Parquet files and a catalogue), its tables and its snapshots."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from datetime import date
from pathlib import Path
from threading import local
from typing import Any

import duckdb
import polars

from sql import engine, schema, soundness
from sql.catalogue_turns import committing, reading
from sql.empty_tables import note_empty_tables
from sql.errors import (
    LoadRunning,
    TooLarge,
    WarehouseDamaged,
    WarehouseLocked,
    WarehouseUnreachable,
    WrongUse,
)
from sql.limits import within
from sql.place import Place, know_storage, place_of
from sql.scratch import own_scratch
from sql.stand_ins import as_it_was, stand_in
from sql.statements import statement
from sql.turns import check_turn, unreachable

LAKE = "lake"
# what the engine may take; a load as a whole shall need less than 2 GB, and its buffers for files are not counted here
WRITER_MEMORY, READER_MEMORY, REPORT_MEMORY = "1200MB", "1500MB", "500MB"
# how long a commit waits for the questions that have begun, where the catalogue is SQLite: a page's ends after 20 s,
# and what no reader waits for may take longer. Readers keep to the engine's own 5 s: one that reads may ask for more
# while the commit waits for it, and somebody must give way
BUSY_MS = 120_000
# how many statements of a report run side by side: each takes memory of its own
MOST_AT_ONCE = 4
# up to so many rows are bound as values; more go as one table
FEW = 100


class Warehouse:
    """One open warehouse; readers open it read-only, at the newest snapshot or at a named one."""

    def __init__(self, place: Place, connection: duckdb.DuckDBPyConnection, pinned: int | None = None) -> None:
        self.place = place
        self.connection = connection
        self.pinned = pinned
        self.is_writer = False
        self.is_sparing = False
        # how long a question may take; a process that answers the web sets it
        self.limit_seconds = 0.0
        # tables of today that the snapshot lacks, or whose columns it lacks
        self.stands_in: frozenset[str] = frozenset()
        self._patient = local()

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = True, snapshot: int | None = None) -> Warehouse:
        """Open the warehouse of a centre, whose own folder for it is given; where it stands `sql.place` says.

        Raises WrongUse where there is none (or no such snapshot), WarehouseLocked, WarehouseUnreachable,
        WarehouseDamaged.
        """
        place = place_of(folder)
        if read_only and not place.is_shared and not place.catalogue.exists():
            raise _nothing_there(place)
        place.folder.mkdir(parents=True, exist_ok=True)
        connection = engine.start(
            own_scratch(place.scratch),
            memory_limit=READER_MEMORY if read_only else WRITER_MEMORY,
            extensions=place.extensions,
        )
        # a centre folder may be moved: the catalogue's own idea of where it stood does not matter
        options = [f"data_path '{_quoted(place.data)}'", "override_data_path true"]
        if not read_only and not place.is_shared:
            options.append(f"meta_busy_timeout {BUSY_MS}")
        if read_only:
            options.append("read_only")
        if snapshot is not None:
            options.append(f"snapshot_version {int(snapshot)}")
        try:
            know_storage(connection, place)
            with reading(place):
                connection.execute(f"attach '{_quoted(place.attached)}' as {LAKE} ({', '.join(options)})")
        except duckdb.Error as error:
            connection.close()
            raise _explained(error, place, snapshot) from None
        warehouse = cls(place, connection, snapshot)
        try:
            if snapshot is not None:
                with reading(place):
                    warehouse.stands_in = stand_in(connection, snapshot)
            if not read_only:
                warehouse.is_writer = True
                warehouse._create_tables()
        except BaseException:
            # or it would hold the catalogue for as long as the error is looked at
            connection.close()
            raise
        return warehouse

    @property
    def folder(self) -> Path:
        """What this machine keeps for the warehouse."""
        return self.place.folder

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
        self.connection.execute(as_it_was(text, self.stands_in), parameters or {})

    def fetch(self, name: str, parameters: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of a named statement of this folder."""
        with reading(self.place):
            return self.connection.execute(as_it_was(statement(name), self.stands_in), parameters or {}).fetchall()

    def has_rows(self, table: str, condition: str = "true") -> bool:
        """Whether a table has a row that satisfies a condition."""
        return self.first(f"select 1 from {table} where {condition} limit 1") is not None

    def first(self, text: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """The first value of a query's first row; null where there is none."""
        # all rows are fetched: a result that is not read to its end holds the catalogue, and a commit waits for it
        rows = self.connection.execute(text, parameters or {}).fetchall()
        return rows[0][0] if rows else None

    @contextmanager
    def patiently(self) -> Iterator[None]:
        """Within, the questions of this thread may take as long as they do: nobody waits for them."""
        self._patient.here = True
        try:
            yield
        finally:
            self._patient.here = False

    def frame(self, text: str, parameters: Mapping[str, Any] | None = None) -> polars.DataFrame:
        """The result of a query as a polars frame; safe to call from several threads.

        Raises TooSlow where it takes longer than this warehouse's limit (but see `patiently`), and
        then takes no more of the machine; TooLarge where the memory does not suffice, WarehouseDamaged where a file
        cannot be read.
        """
        was_sparing = self.is_sparing
        try:
            return self._frame(text, parameters)
        except TooLarge:
            if not was_sparing:
                raise
            # what a report asks for may be larger than most: slowly and whole rather than not at all
            self._take(READER_MEMORY)
            return self._frame(text, parameters)

    def _frame(self, text: str, parameters: Mapping[str, Any] | None) -> polars.DataFrame:
        cursor = self.connection.cursor()
        seconds = 0.0 if getattr(self._patient, "here", False) else self.limit_seconds
        try:
            with reading(self.place), within(cursor, seconds):
                return cursor.execute(as_it_was(text, self.stands_in), parameters or {}).pl()
        finally:
            cursor.close()

    def _take(self, memory: str) -> None:
        """How much memory the engine may take from now on."""
        self.is_sparing = memory != READER_MEMORY
        self.connection.execute(f"set memory_limit = '{memory}'")

    @contextmanager
    def side_by_side(self) -> Iterator[Executor]:
        """Within, each statement has one core to itself, and the pool runs as many of them as there are cores.

        Most statements are small: shared out among cores they take twice the work of one core. What is kept in memory
        meanwhile goes to the disk where it is more than a report should take.
        """
        cores = int(self.first("select current_setting('threads')"))
        self.connection.execute("set threads = 1")
        self._take(REPORT_MEMORY)
        try:
            with ThreadPoolExecutor(min(cores, MOST_AT_ONCE)) as pool:
                yield pool
        finally:
            self._take(READER_MEMORY)
            self.connection.execute(f"set threads = {cores}")

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
        with nullcontext() if self.is_writer else reading(self.place):
            yield from self._transaction()

    def _transaction(self) -> Iterator[None]:
        self.connection.execute("begin")
        try:
            yield
            check_turn(self.place)
            if self.is_writer:
                soundness.settle_files(self.place)
        except BaseException:
            self.connection.execute("rollback")
            raise
        try:
            with committing(self.place) if self.is_writer else nullcontext():
                self.connection.execute("commit")
        except duckdb.TransactionException as error:
            if "is locked" in str(error).lower():
                raise WarehouseLocked(
                    f"The catalogue was held by another program for more than {BUSY_MS // 1000} seconds, so nothing of "
                    "this was kept since the last finished file. Stop what reads the warehouse for so long, then run "
                    "this again."
                ) from None
            if "conflict" not in str(error).lower():
                raise
            raise LoadRunning(
                "Another load changed the same rows of the warehouse at the same time, and was first. Nothing of this "
                "one was kept since its last finished file. Run it again."
            ) from None
        if self.is_writer:
            # what is committed is committed; where there is no room for the note, the next writer makes it
            with suppress(OSError):
                soundness.note_files(self.place)

    def instants_of(self, table: str) -> list[str]:
        """The columns of a table that hold an instant, in their order."""
        columns = self.frame(f"describe {LAKE}.{table}")
        return columns.filter(polars.col("column_type") == "TIMESTAMP")["column_name"].to_list()

    def of_days(self, table: str, instant: str, first: date, until: date) -> polars.DataFrame:
        """The rows of a table whose instant lies on operating days from `first` up to, and without, `until`."""
        text = f"""
            from lake.{table}
            where {instant} >= $first::date - interval 2 day and {instant} < $until::date + interval 2 day
                and operating_day({instant}) >= $first::date and operating_day({instant}) < $until::date"""
        return self.frame(text, {"first": first, "until": until})

    def check_files(self) -> None:
        """Raise WarehouseDamaged with every file that is not what was written."""
        if found := soundness.faults(self.place, self.connection):
            listed = "\n".join(f"  {fault}" for fault in found)
            raise WarehouseDamaged(
                f"The warehouse is damaged:\n{listed}\nPut these files back from the backup, then check again. What "
                "does not read them is as it was."
            )

    def snapshot(self) -> int:
        """The number of the snapshot that this connection reads."""
        return self.pinned or int(self.fetch("lake/snapshot")[0][0])


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def _nothing_there(place: Place) -> WrongUse:
    centre = place.folder.parent
    if not place.is_shared and not (centre / "centre.toml").is_file():
        return WrongUse(
            f"{centre} is not a centre folder: it has no centre.toml. Name the centre with --centre DIR, or make one: "
            f"fairline init {centre}"
        )
    where = place.shown if place.is_shared else centre.name or centre
    return WrongUse(
        f"There is no warehouse in {where}: nothing was loaded there yet. "
        f"Load exports first: fairline load FILE --centre {centre}"
    )


def _explained(error: duckdb.Error, place: Place, snapshot: int | None) -> Exception:
    text = place.without_password(str(error))
    if place.is_shared and "does not exist - and creating" in text:
        return _nothing_there(place)
    if place.is_shared and "unable to connect" in text.lower():
        return unreachable(place)
    if "locked" in text.lower():
        return WarehouseLocked(
            f"The warehouse catalogue {place.catalogue.name} is held by another program. Close it, or wait, and try "
            "again."
        )
    if snapshot is not None and "snapshot" in text.lower():
        return WrongUse(
            f"The warehouse has no snapshot {snapshot}. fairline export snapshots lists those that there are."
        )
    if not place.is_shared and not os.access(place.catalogue, os.R_OK):
        return WarehouseUnreachable(
            f"{place.catalogue} may not be read by this account. Ask whoever loads to let it read warehouse/, or run "
            "this as the account that loads."
        )
    if not place.is_shared and not _is_sqlite(place.catalogue):
        return WarehouseDamaged(
            f"{place.catalogue} is not a warehouse catalogue (or is damaged). Restore it from a backup, or move the "
            "folder away and load the landed files again."
        )
    return WarehouseDamaged(f"The warehouse cannot be opened: {text.splitlines()[0]}")


def _is_sqlite(path: Path) -> bool:
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as probe:
            probe.execute("select count(*) from sqlite_master")
    except sqlite3.Error:
        return False
    return True
