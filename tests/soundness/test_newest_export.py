"""A row that went from one state to another and back was left in the middle state when the middle export came last."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from etl.load import load
from sql import Warehouse
from tests.conftest import NOW
from tests.etl.bad_inputs import A, but, calls


def test_an_export_between_two_equal_ones_changes_nothing_when_it_comes_last(empty_centre: Path) -> None:
    exports = {1: "30", 3: "30", 2: "45"}
    for day, wrap in exports.items():
        path = empty_centre / f"{day}.csv"
        # blank lines tell the files apart, not their rows
        path.write_text(calls(but(A, wrap_seconds=wrap)) + "\n" * day, encoding="utf-8")
        as_of = datetime.fromisoformat(f"2026-11-{15 + day}T00:00:00+00:00")
        (result,) = load(empty_centre, [path], now=NOW, as_of=as_of)
        assert result.verdict == "accepted"
    with Warehouse.open(empty_centre / "warehouse") as warehouse:
        assert warehouse.first("select acw_ms from lake.leg") == 30_000
