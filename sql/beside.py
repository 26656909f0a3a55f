"""Tables in files beside the warehouse: made once of a snapshot, by whichever process comes first, and read by all.

A load that changes anything takes them away, so nothing that was erased lives on in them.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from sql.faults import fault_point
from sql.scratch import BESIDE
from sql.statements import names, statement
from sql.stored_measures import keep_rows
from sql.waits import turn
from sql.warehouse import Warehouse

# what a fact's rows follow from besides its own statement
LAWS = ("views", "spans", "stocks", "macros")


def keep_beside(
    warehouse: Warehouse, name: str, select: str, values: Mapping[str, object] | None = None, *, stamp: str
) -> str:
    """The rows of a statement as a table that processes share; says its name. `stamp` tells the snapshot from others.

    Another process that makes it is waited for, though not for ever. Where no file can be made, the rows are kept in
    this one's memory.
    """
    folder = warehouse.place.scratch / BESIDE
    path = folder / f"{stamp}-{name}-{_digest(warehouse, select, values)}.duckdb"
    # once more where a load that ended meanwhile took it away
    for _ in range(2):
        try:
            with _turn(folder, name) as is_ours:
                if not is_ours:
                    break
                if not path.exists():
                    _make(warehouse, path, name, select, values)
                    _clear(folder, name, path)
                warehouse.frame(f"attach if not exists '{_quoted(path)}' as {name} (read_only)")
            warehouse.frame(f"select 1 from {name}.kept limit 1")
        except (OSError, duckdb.IOException, duckdb.SerializationException):
            with suppress(OSError):
                path.unlink(missing_ok=True)
        else:
            return f"{name}.kept"
    return keep_rows(warehouse, f"own_{name}", select, values)


def _make(warehouse: Warehouse, path: Path, name: str, select: str, values: Mapping[str, object] | None) -> None:
    """The file under its own name only once it is whole: who is killed leaves none that others would read."""
    part = path.with_suffix(f".{os.getpid()}.part")
    making = f"making_{name}"
    try:
        warehouse.frame(f"attach '{_quoted(part)}' as {making}")
        try:
            warehouse.frame(f"create table {making}.kept as {select}", values)
            warehouse.frame(f"checkpoint {making}")
        finally:
            warehouse.frame(f"detach {making}")
        fault_point("copied")
        part.replace(path)
    finally:
        for left in (part, part.with_name(f"{part.name}.wal")):
            left.unlink(missing_ok=True)


def _clear(folder: Path, name: str, made: Path) -> None:
    """Take away what stands for earlier snapshots; who still reads one holds it open."""
    for one in folder.glob(f"*-{name}-*"):
        if one != made:
            one.unlink(missing_ok=True)


@contextmanager
def _turn(folder: Path, name: str) -> Iterator[bool]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with turn(folder / f"{name}.lock") as is_ours:
        yield is_ours


def _digest(warehouse: Warehouse, select: str, values: Mapping[str, object] | None) -> str:
    laws = [statement(f"{part}/{one}") for part in LAWS for one in names(part)]
    told = json.dumps(
        [duckdb.__version__, warehouse.place.shown, warehouse.place.data, select, values or {}, laws], default=str
    )
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
