"""The stored measures of a centre, to be held against each other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sql import Warehouse


def stored(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every table of stored measures."""
    with Warehouse.open(folder / "warehouse") as warehouse:
        tables = warehouse.connection.execute("select table_name from lake.stored_measure order by all").fetchall()
        return {name: warehouse.connection.execute(f"from lake.{name} order by all").fetchall() for (name,) in tables}
