"""The engine of a process that answers the web: it reads the warehouse, and nothing it is told can change that."""

from __future__ import annotations

from duckdb import DuckDBPyConnection

from sql.place import Place

# the order matters: nothing can be set once the configuration is locked
SETTINGS = (
    # one question has one processor, so that twenty users share two
    "threads = 1",
    # with what Python holds besides, a worker stays below 1 GB; what is more goes to the scratch folder
    "memory_limit = '600MB'",
    "enable_external_access = false",
    "allow_community_extensions = false",
    "autoinstall_known_extensions = false",
    "autoload_known_extensions = false",
    "lock_configuration = true",
)


def lock_down(connection: DuckDBPyConnection, place: Place) -> None:
    """Forbid every file but the warehouse's own, every further extension and every change of settings, for good."""
    own = ", ".join("'" + name.replace("'", "''") + "'" for name in place.readable)
    connection.execute(f"set allowed_directories = [{own}]")
    for setting in SETTINGS:
        connection.execute(f"set {setting}")
