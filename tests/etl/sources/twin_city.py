"""Synthetic twins: small exports with invented data in the documented shape of a system, and a centre that loads them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from etl.ledger import FileResult
from etl.load import load
from sql import Warehouse
from tests.conftest import NOW
from tests.etl.sources.blank import new_centre

EXPORTED = "2026-11-20T00:00:00+00:00"


def load_twins(
    folder: Path, files: Mapping[str, str | bytes], *, as_of: str = EXPORTED, zone: str = "America/Denver"
) -> dict[str, FileResult]:
    """Write the files and load them into the centre, which is made where there is none; the results by file name."""
    if not (folder / "centre.toml").exists():
        new_centre(folder, name="Twin City 311", zone=zone, key="11")
    exports = folder / "exports" / as_of.replace(":", "")
    exports.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (exports / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    results = load(folder, [exports / name for name in files], now=NOW, as_of=datetime.fromisoformat(as_of))
    return {result.file: result for result in results}


def rows(folder: Path, table: str, *columns: str, **where: Any) -> list[tuple[Any, ...]]:
    """Some columns of a fact's rows that match, in order."""
    with Warehouse.open(folder / "warehouse") as warehouse:
        frame = warehouse.frame(f"from lake.{table}")
    for name, value in where.items():
        frame = frame.filter(pl.col(name) == value)
    return sorted(frame.select(columns).rows(), key=lambda row: tuple((value is None, str(value)) for value in row))


def at(text: str) -> datetime:
    """A moment in UTC as the warehouse keeps it."""
    return datetime.fromisoformat(text)
