"""DuckDB with the extensions that the warehouse needs, taken from their wheels and never from the network."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import duckdb

from sql.errors import WarehouseDamaged

EXTENSIONS = ("ducklake", "sqlite_scanner")
VERSION = duckdb.__version__
FileState = tuple[Path, int, int, int]
# the extension files whose signatures this process has checked
_checked: set[FileState] = set()


def extension_file(name: str) -> Path:
    """The extension's binary as its wheel ships it for this DuckDB."""
    package = find_spec(f"duckdb_extension_{name}")
    if package is None or package.origin is None:
        message = (
            f"The DuckDB extension {name} is not installed. Expected the package duckdb-extension-{name} of the "
            "version that the lock file names. Install the locked requirements again."
        )
        raise WarehouseDamaged(message)
    return Path(package.origin).parent / "extensions" / f"v{VERSION}" / f"{name}.duckdb_extension"


def start(
    scratch: Path | None = None, *, memory_limit: str = "2GB", extensions: tuple[str, ...] = EXTENSIONS
) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB in UTC that fetches nothing; `scratch` is where it may spill."""
    files = [extension_file(name) for name in extensions]
    is_checked = all(_state(file) in _checked for file in files)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "memory_limit": memory_limit,
        # the signature of 70 MB takes a quarter of a second: a process checks it once, not for every connection
        "allow_unsigned_extensions": str(is_checked).lower(),
    }
    if scratch is not None:
        settings["temp_directory"] = str(scratch)
    connection = duckdb.connect(config=settings)
    connection.execute("set TimeZone = 'UTC'")
    for file in files:
        connection.execute(f"load '{file}'")
        _checked.add(_state(file))
    connection.execute("set allow_unsigned_extensions = false")
    return connection


def _state(file: Path) -> FileState:
    """What tells a file from another one in its place."""
    status = file.stat()
    return file, status.st_size, status.st_mtime_ns, status.st_ino
