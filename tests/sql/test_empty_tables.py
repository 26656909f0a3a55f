"""What the catalogue is told of a table without rows is what it would have found out by itself once rows came."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from sql import Warehouse, engine, statement
from sql.empty_tables import note_empty_tables

ROWS = """
    insert into lake.evaluation (evaluation_id, score_pct, agent_id, source_id, source_key, load_id, line_no, exported_at, time_q, row_hash)
    select i, i / 7.0, if(i % 3 = 0, null, 'a' || i), 's', 'k' || i, 1, i, timestamp '2026-01-01', 'exact', i
    from range($from, $until) as numbers(i)
"""
BATCHES = [(0, 100), (5_000, 5_020)]
KEPT = {
    "ducklake_table_stats": "table_id, record_count, next_row_id",
    "ducklake_table_column_stats": "*",
}


def statistics(folder: Path, prepare: Callable[[DuckDBPyConnection], None]) -> dict[str, list[tuple[object, ...]]]:
    """What a lake keeps of a table that is made, prepared and then filled in two goes."""
    catalogue = folder / "lake.sqlite"
    connection = engine.start()
    connection.execute(f"attach 'ducklake:sqlite:{catalogue}' as lake (data_path '{folder / 'data'}')")
    connection.execute(statement("tables/evaluation"))
    prepare(connection)
    for first, until in BATCHES:
        connection.execute(ROWS, {"from": first, "until": until})
    connection.close()
    with sqlite3.connect(catalogue) as read:
        return {name: sorted(read.execute(f"select {columns} from {name}"), key=str) for name, columns in KEPT.items()}


def test_statistics_are_those_of_a_table_that_nobody_prepared(tmp_path: Path) -> None:
    plain, noted = tmp_path / "plain", tmp_path / "noted"
    plain.mkdir()
    noted.mkdir()
    assert statistics(noted, note_empty_tables) == statistics(plain, lambda connection: None)


def test_a_new_warehouse_has_no_table_that_its_catalogue_knows_nothing_of(tmp_path: Path) -> None:
    with Warehouse.open(tmp_path / "warehouse", read_only=False) as warehouse:
        assert warehouse.fetch("lake/table_without_statistics") == []
        snapshot = warehouse.snapshot()
    # to look again is no change
    with Warehouse.open(tmp_path / "warehouse", read_only=False) as warehouse:
        assert warehouse.snapshot() == snapshot


def test_an_extension_that_was_exchanged_is_refused_though_one_was_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.start().close()
    original = engine.extension_file("sqlite_scanner")
    content = bytearray(original.read_bytes())
    content[len(content) // 2] ^= 1
    exchanged = tmp_path / original.name
    exchanged.write_bytes(content)
    monkeypatch.setattr(engine, "extension_file", lambda name: exchanged)
    with pytest.raises(Exception, match="signature"):
        engine.start(extensions=("sqlite_scanner",))
