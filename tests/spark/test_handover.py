"""Another engine gets exactly the rows of the snapshot: from the lake's own files where it can, else from one of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sql import Warehouse
from sql.spark import HandedOver, hand_over
from sql.spark.handover import read_tables


@pytest.fixture
def own_warehouse(loaded_city: Path, tmp_path: Path) -> Path:
    """A copy of the small city's warehouse, to be changed."""
    return Path(shutil.copytree(loaded_city / "warehouse", tmp_path / "centre" / "warehouse"))


def differing(warehouse: Warehouse, tables: list[HandedOver]) -> list[str]:
    """The tables whose files do not hold what the lake says, row for row."""
    found = []
    for table in tables:
        columns = ", ".join(f'"{column}"' for column in table.columns if column not in table.times)
        theirs = f"select {columns} from read_parquet($files, union_by_name = true, hive_partitioning = false)"
        ours = f"select {columns} from lake.{table.name}"
        both = f"select ((from ({ours} except all {theirs}) select count(*)) + (from ({theirs} except all {ours}) select count(*)))"
        if warehouse.first(both, {"files": list(table.files)}):
            found.append(table.name)
    return found


def of_lake(table: HandedOver) -> list[str]:
    return [file for file in table.files if "ducklake-" in file]


def test_every_table_is_whole(loaded_city: Path, tmp_path: Path) -> None:
    with Warehouse.open(loaded_city / "warehouse") as warehouse:
        tables = hand_over(warehouse, tmp_path / "given")
        assert [table.name for table in tables] == read_tables()
        assert differing(warehouse, tables) == []
    by_name = {table.name: table for table in tables}
    # what nothing was deleted from is read where it stands
    assert {name for name in ("contact", "leg", "agent_state", "service_case") if of_lake(by_name[name])} != set()
    assert by_name["leg"].files == tuple(of_lake(by_name["leg"]))


def test_everything_is_copied_where_the_files_are_not_seen(loaded_city: Path, tmp_path: Path) -> None:
    with Warehouse.open(loaded_city / "warehouse") as warehouse:
        tables = hand_over(warehouse, tmp_path / "given", in_place=False)
        assert {Path(file).parent for table in tables for file in table.files} == {tmp_path / "given"}
        assert differing(warehouse, tables) == []


CHANGES = {
    "rows that were deleted": "delete from lake.leg where visit_no = 1 and hash(leg_id) % 7 = 0",
    "a row in the catalogue": "insert into lake.leg select * from lake.leg limit 1",
    "a row that was changed": "update lake.leg set wait_ms = wait_ms + 1 where leg_id = (select min(leg_id) from lake.leg)",
    "a column of the name that another had": "alter table lake.leg rename column hold_count to held; alter table lake.leg add column hold_count integer",
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_table_is_whole_after(change: str, own_warehouse: Path, tmp_path: Path) -> None:
    with Warehouse.open(own_warehouse, read_only=False) as warehouse:
        warehouse.execute(change)
        (legs,) = (one for one in hand_over(warehouse, tmp_path / "given") if one.name == "leg")
        assert differing(warehouse, [legs]) == []
    assert len(of_lake(legs)) < len(legs.files)


def test_times_of_day_go_as_microseconds(own_warehouse: Path, tmp_path: Path) -> None:
    with Warehouse.open(own_warehouse, read_only=False) as warehouse:
        warehouse.execute(
            "insert into lake.calendar (calendar_id, on_day, span_no, timezone, open_from, open_to) "
            "values ('all', date '2026-03-08', 1, 'America/Denver', time '08:30', time '17:00:00.5')"
        )
        (calendar,) = (one for one in hand_over(warehouse, tmp_path / "given") if one.name == "calendar")
        told = warehouse.connection.execute(
            "select open_from, open_to from read_parquet($files)", {"files": list(calendar.files)}
        )
        assert told.fetchall() == [(30_600_000_000, 61_200_500_000)]
    assert calendar.times == ("open_from", "open_to")
