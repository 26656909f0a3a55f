"""A warehouse made by an earlier Fairline is told apart, brought up to date by a load, and gives the same figures."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import metrics as m
from etl.load import load
from sql import Warehouse, WrongUse, names, schema
from tests.conftest import NOW

EVERYONE = m.Scope.whole_centre()


@pytest.fixture
def older(loaded_city: Path, tmp_path: Path) -> Path:
    """The small city as an earlier Fairline would have left it: some columns and a table are not there."""
    folder = tmp_path / "older"
    shutil.copytree(loaded_city, folder)
    with Warehouse.open(folder / "warehouse", read_only=False) as warehouse:
        warehouse.execute("alter table lake.centre drop column short_abandon_ms")
        warehouse.execute("alter table lake.evaluation drop column contact_key")
        warehouse.execute("drop table lake.calendar")
    return folder


def test_every_table_is_read_with_all_its_columns(tmp_path: Path) -> None:
    with Warehouse.open(tmp_path / "warehouse", read_only=False) as warehouse:
        made = schema.columns_there(warehouse.connection)
    assert {table: set(columns) for table, columns in schema.wanted().items()} == made
    assert set(made) == set(names("tables"))


def test_an_older_warehouse_says_what_to_do(older: Path) -> None:
    with pytest.raises(WrongUse, match=r"made by an earlier Fairline.*fairline load"):
        m.open_centre(older)


def test_a_load_brings_it_up_to_date_and_changes_no_figure(older: Path, city: m.Centre) -> None:
    during = m.data_span(city)
    assert during is not None
    figures = ["contacts_offered", "service_level", "average_handle_time", "requests_closed"]
    before = m.measure(city, figures, during=during, scope=EVERYONE)
    load(older, [], now=NOW)
    with m.open_centre(older) as centre:
        assert m.measure(centre, figures, during=during, scope=EVERYONE).equals(before)
