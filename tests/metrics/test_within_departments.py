"""Requests by department and type: what is told of the types adds up to the department, and the departments to all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import metrics as m
from metrics.month import within_departments as within
from metrics.month.figures import MonthFigures
from metrics.month.within_departments import STATUS, within_departments
from metrics.parts import Row, Table
from tests.dashboards.test_pages import EVERYONE

NOVEMBER = m.Period.month(2026, 11)
COUNTS = [name for name in STATUS if name not in ("on_time_closure_rate", "average_time_to_close")]


@pytest.fixture(scope="module")
def tables(loaded_city: Path) -> Iterator[list[Table]]:
    with m.open_centre(loaded_city) as centre:
        yield within_departments(MonthFigures.of(centre, NOVEMBER.first, scope=EVERYONE))


def added(rows: list[Row], name: str) -> tuple[float, float]:
    """The sum of a column's numerators and denominators; of a count those are its value."""
    figures = [row.cells[list(STATUS).index(name)] for row in rows]
    assert all(isinstance(figure, m.Figure) for figure in figures)
    return (
        sum(figure.numerator or 0 for figure in figures if isinstance(figure, m.Figure)),
        sum(figure.denominator or 0 for figure in figures if isinstance(figure, m.Figure)),
    )


@pytest.mark.parametrize("name", STATUS)
def test_types_add_up_to_their_department_and_departments_to_all(
    city: m.Centre, tables: list[Table], name: str
) -> None:
    assert len(tables) > 2
    totals = [table.total for table in tables if table.total is not None]
    assert [added(list(table.rows), name) for table in tables] == [pytest.approx(added([one], name)) for one in totals]
    whole = m.measure(city, [name], during=NOVEMBER, scope=EVERYONE).row(0, named=True)
    nobodys = m.measure(city, [name], by=["department"], during=NOVEMBER, scope=EVERYONE)
    left = nobodys.filter(nobodys["department"].is_null())
    above, below = added(totals, name)
    assert above + sum(left["numerator"]) == pytest.approx(whole["numerator"])
    assert below + sum(value or 0 for value in left["denominator"]) == pytest.approx(whole["denominator"] or 0)


def test_what_is_past_its_date_is_part_of_what_is_open(tables: list[Table]) -> None:
    for table in tables:
        for row in table.rows:
            still, late = (row.cells[list(STATUS).index(name)] for name in ("open_backlog", "overdue_backlog"))
            assert isinstance(still, m.Figure)
            assert isinstance(late, m.Figure)
            assert (late.value or 0) <= (still.value or 0)


def test_a_department_of_many_types_names_the_most_frequent_and_keeps_its_total(
    loaded_city: Path, tables: list[Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(within, "MOST_TYPES", 1)
    with m.open_centre(loaded_city) as centre:
        cut = within_departments(MonthFigures.of(centre, NOVEMBER.first, scope=EVERYONE))
    several = [place for place, table in enumerate(tables) if len(table.rows) > 1]
    assert several
    for place in several:
        assert len(cut[place].rows) == 1
        assert "1 most frequent of" in cut[place].caption
        assert cut[place].total == tables[place].total
