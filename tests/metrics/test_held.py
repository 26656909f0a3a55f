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
        assert held.at_hand


def _way(city: m.Centre, metric: m.Metric) -> Way:
    return tuple(fact.name for fact in city.catalogue.facts_of(metric)), metric.key, metric.is_distribution


def test_other_days_are_asked_of_the_lake(city: m.Centre) -> None:
    with m.holding(city, SEVEN_DAYS, measures=SEVEN_DAYS) as held:
        m.measure(held, ["wait_p50", "legs_handled"], during=BEFORE, scope=EVERYONE)
        assert not held.at_hand


@pytest.mark.parametrize(("by", "is_held"), [("queue", True), ("request_type", False)])
def test_rows_are_held_with_the_dimensions_that_were_named(city: m.Centre, by: str, is_held: bool) -> None:
    def ask(centre: m.Centre) -> pl.DataFrame:
        return m.measure(centre, ["wait_p50"], by=[by], during=TWO_DAYS, scope=EVERYONE)

    with m.holding(city, SEVEN_DAYS, measures=SEVEN_DAYS, by=("queue",)) as held:
        assert ask(held).equals(ask(city))
        assert bool(held.at_hand) is is_held


def test_rows_that_are_read_ahead_are_read_once(city: m.Centre) -> None:
    names = ("adherence", "shrinkage", "occupancy", "wait_p50", "wait_p90")
    with m.holding(city, SEVEN_DAYS, measures=SEVEN_DAYS) as held:
        m.read_ahead(held, (names, ("hour",), SEVEN_DAYS), (names, (), TWO_DAYS), scope=EVERYONE)
        there = dict(held.at_hand)
        m.measure(held, names, during=SEVEN_DAYS, scope=EVERYONE)
        measures = set(held.at_hand) - set(there)
        assert set(there) == {("agent_time", ""), ("planned_time", ""), ("visit", "arrival")}
        assert all(isinstance(one, str) for one in measures)
        assert all(len(places) == 1 for places in held.at_hand.values())


def test_what_is_held_is_let_go_of(city: m.Centre) -> None:
    with m.holding(city, SEVEN_DAYS, measures=SEVEN_DAYS) as held:
        m.measure(held, ["wait_p50", "legs_handled"], during=TWO_DAYS, scope=EVERYONE)
        tables = {table for places in held.at_hand.values() for _, table in places}
    there = city.warehouse.frame("select table_name from duckdb_tables()")["table_name"].to_list()
    assert tables
    assert not tables & set(there)
    assert not city.held


def test_what_is_larger_than_most_is_asked_whole(city: m.Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sql.warehouse.REPORT_MEMORY", "2MB")
    from_lake = m.measure(city, ["adherence"], during=TWO_DAYS, scope=EVERYONE)
    with m.holding(city, TWO_DAYS, measures=TWO_DAYS) as held:
        assert m.measure(held, ["adherence"], during=TWO_DAYS, scope=EVERYONE).equals(from_lake)
        assert not city.warehouse.is_sparing
