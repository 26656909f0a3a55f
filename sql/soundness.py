"""Whether the warehouse's files are still what was written: a flipped bit in them may read as another number."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from duckdb import DuckDBPyConnection

from sql.disk import settle
from sql.place import OBJECTS, Place
from sql.statements import statement

# in the form that sha256sum writes and checks
LIST = "files.sha256"


def settle_files(place: Place) -> None:
    """Bring every file that was written since the last time to the disk, before the catalogue names it.

    The engine writes them without waiting for the disk, and the catalogue waits: after a power cut it would name files
    that are empty.
    """
    if not place.data.startswith(OBJECTS):
        data = Path(place.data)
        settle(data / name for name in sorted(_there(data) - _noted(place).keys()))


def note_files(place: Place) -> None:
    """Note the hash of every file that was written since the last time; object storage checks its files itself."""
    if place.data.startswith(OBJECTS):
        return
    data = Path(place.data)
    noted = _noted(place)
    there = _there(data)
    if there == noted.keys():
        return
    hashes = {name: noted.get(name) or _hash(data / name) for name in sorted(there)}
    part = _list(place).with_suffix(f".{os.getpid()}.part")
    part.write_text("".join(f"{digest}  {name}\n" for name, digest in hashes.items()), encoding="utf-8")
    settle([part])
    part.replace(_list(place))


def faults(place: Place, connection: DuckDBPyConnection) -> list[str]:
    """What is wrong with the catalogue and the files of the newest snapshot, a sentence each; none where it is well."""
    return [*_faults_of_catalogue(place), *_faults_of_files(place, connection)]


def _faults_of_catalogue(place: Place) -> Iterator[str]:
    if not place.is_shared:
        with closing(sqlite3.connect(f"file:{place.catalogue}?mode=ro", uri=True)) as catalogue:
            found = catalogue.execute("pragma integrity_check(1)").fetchone()[0]
        if found != "ok":
            yield f"{place.catalogue.name} is damaged ({found.splitlines()[-1]})"


def _faults_of_files(place: Place, connection: DuckDBPyConnection) -> Iterator[str]:
    live = connection.execute(statement("lake/files")).fetchall()
    if place.data.startswith(OBJECTS):
        there = {row[0] for row in connection.execute(f"from glob('{place.data.rstrip('/')}/**')").fetchall()}
        yield from (f"{name} is gone" for name, _ in live if f"{place.data.rstrip('/')}/{name}" not in there)
        return
    data, noted = Path(place.data), _noted(place)
    for name, size in live:
        path = data / name
        if not path.is_file():
            yield f"{name} is gone"
        elif path.stat().st_size != size:
            yield f"{name} has {path.stat().st_size:,} bytes, {size:,} were written"
        elif name in noted and _hash(path) != noted[name]:
            yield f"{name} was changed since it was written"


def _there(data: Path) -> set[str]:
    return {path.relative_to(data).as_posix() for path in data.rglob("*.parquet")}


def _list(place: Place) -> Path:
    # beside the data where machines share them, since each of them may be the one that loads
    return (Path(place.data) if place.is_shared else place.folder) / LIST


def _noted(place: Place) -> dict[str, str]:
    path = _list(place)
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
