"""Rows held in memory answer as the lake does: every figure, by every way of asking."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

import metrics as m

Way = tuple[tuple[str, ...], str, bool]
EVERYONE = m.Scope.whole_centre()
SEVEN_DAYS = m.Period(date(2026, 11, 6), date(2026, 11, 13))
TWO_DAYS = m.Period(date(2026, 11, 9), date(2026, 11, 11))
BEFORE = m.Period(date(2026, 11, 1), date(2026, 11, 4))


@pytest.mark.parametrize(("by", "during", "where"), [([], SEVEN_DAYS, {}), (["day"], TWO_DAYS, {"weekday": ["1"]})])
def test_figures_of_every_fact_are_the_same_from_memory(
    city: m.Centre, by: list[str], during: m.Period, where: dict[str, list[str]]
) -> None:
    chosen = list(city.catalogue.metrics.values())
    if by or where:
        chosen = [one for one in chosen if all(fact.shape != "stock" for fact in city.catalogue.facts_of(one))]
    # one metric of each fact, interval key and kind stands for those that are counted in the same way
    names = list({_way(city, metric): metric.name for metric in chosen}.values())

    def ask(centre: m.Centre) -> pl.DataFrame:
        return m.measure(centre, names, by=by, during=during, where=where, scope=EVERYONE)

    from_lake = ask(city)
    with m.holding(city, SEVEN_DAYS, measures=SEVEN_DAYS) as held:
        assert ask(held).equals(from_lake)
        assert ask(held).equals(from_lake)
        assert held.tables


def _way(city: m.Centre, metric: m.Metric) -> Way:
    return tuple(fact.name for fact in city.catalogue.facts_of(metric)), metric.key, metric.is_distribution


def test_other_days_are_asked_of_the_lake(city: m.Centre) -> None:
    with m.holding(city, SEVEN_DAYS, measures=SEVEN_DAYS) as held:
        m.measure(held, ["wait_p50", "legs_handled"], during=BEFORE, scope=EVERYONE)
        assert not held.tables


def test_what_is_held_is_let_go_of(city: m.Centre) -> None:
    with m.holding(city, SEVEN_DAYS, measures=SEVEN_DAYS) as held:
        m.measure(held, ["wait_p50", "legs_handled"], during=TWO_DAYS, scope=EVERYONE)
        tables = list(held.tables)
    there = city.warehouse.frame("select table_name from duckdb_tables()")["table_name"].to_list()
    assert tables
    assert not set(tables) & set(there)
    assert not city.held
