"""The parts make the whole: days, intervals and dimensions add up, ratios are formed after summing, every figure opens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metrics import Centre, Metric, Period, Scope, catalogue_of, measure, open_centre, rows, unavailable
from metrics.query import OF_THE_DAY
from tests.in_memory import in_memory
from tests.metrics.made_town import made_town

EVERYONE = Scope.whole_centre()
WEEK = Period(date(2026, 3, 6), date(2026, 3, 13))
CITY_DAY = Period.day(date(2026, 11, 2))
CATALOGUE = catalogue_of(Path("nowhere"))
ADDITIVE = [
    one
    for one in CATALOGUE.metrics.values()
    if one.kind in ("sum", "ratio") and not any(measure.distinct for _, measure in CATALOGUE.parts(one, one.numerator))
]
# a shift and an open request's day are whole days
WITH_INTERVALS = [one for one in ADDITIVE if all(one.key not in fact.whole_days for fact in CATALOGUE.facts_of(one))]


@cache
def a_town(seed: int = 7) -> Centre:
    return made_town(seed)


def parts_and_whole(centre: Centre, metrics: list[Metric], by: str) -> dict[str, tuple[float, float, float, float]]:
    """Numerator and denominator of the whole, and summed over the parts."""
    names = [one.name for one in metrics]
    whole = measure(centre, names, during=WEEK, scope=EVERYONE).fill_null(0.0)
    parts = measure(centre, names, by=[by], during=WEEK, scope=EVERYONE)
    summed = parts.group_by("metric").agg(pl.col("numerator").sum(), pl.col("denominator").sum())
    by_name = {row[0]: row[1:] for row in summed.iter_rows()}
    return {
        row["metric"]: (row["numerator"], row["denominator"], *by_name.get(row["metric"], (0.0, 0.0)))
        for row in whole.iter_rows(named=True)
    }


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(seed=st.integers(0, 10**6), by=st.sampled_from(["day", "interval", "weekday", "hour", "peak"]))
def test_a_period_is_the_sum_of_its_parts(seed: int, by: str) -> None:
    metrics = WITH_INTERVALS if by in OF_THE_DAY else ADDITIVE
    with made_town(seed) as centre:
        found = parts_and_whole(centre, metrics, by)
    wrong = {name: four for name, four in found.items() if pytest.approx(four[:2]) != four[2:]}
    assert wrong == {}


def test_a_ratio_is_that_of_the_sums_and_not_the_mean_of_its_days() -> None:
    by_day = measure(a_town(), ["answer_rate"], by=["day"], during=WEEK, scope=EVERYONE)
    whole = measure(a_town(), ["answer_rate"], during=WEEK, scope=EVERYONE)["value"][0]
    assert whole == float(by_day["numerator"].sum()) / float(by_day["denominator"].sum())
    assert whole != pytest.approx(by_day["value"].mean())


@pytest.fixture(scope="module")
def city_copy(loaded_city: Path) -> Iterator[Centre]:
    """The demo city in memory, where a question takes a tenth of what it takes on the lake."""
    with open_centre(loaded_city) as city, in_memory(city) as copy:
        yield copy


@pytest.mark.slow
@pytest.mark.parametrize("fact", [name for name in CATALOGUE.facts if name != "reported_day"])
def test_every_figure_opens_by_every_dimension(fact: str, city_copy: Centre) -> None:
    """The rows behind a figure add up to it, for every metric of a fact and a value of each dimension.

    On the demo city; what it has nothing of, on a town made by chance.
    """
    named = [one for one in CATALOGUE.metrics.values() if CATALOGUE.facts_of(one)[0].name == fact]
    lacking = unavailable(city_copy, [one.name for one in named])
    wrong = []
    for centre, during, metrics in (
        (city_copy, CITY_DAY, [one for one in named if one.name not in lacking]),
        (a_town(), WEEK, [one for one in named if one.name in lacking]),
    ):
        for dimension in CATALOGUE.facts[fact].dimensions:
            wrong += not_opening(centre, during, metrics, dimension)
    assert wrong == []


def not_opening(centre: Centre, during: Period, metrics: list[Metric], dimension: str) -> list[tuple[str, object]]:
    """The metrics that their rows do not add up to, for the first value of a dimension that has any."""
    asked = [one.name for one in metrics if all(dimension in fact.dimensions for fact in CATALOGUE.facts_of(one))]
    if not asked:
        return []
    wrong: list[tuple[str, object]] = []
    figures = measure(centre, asked, by=[dimension], during=during, scope=EVERYONE)
    for row in figures.group_by("metric", maintain_order=True).head(1).iter_rows(named=True):
        metric = CATALOGUE.metric(row["metric"])
        where = {dimension: ["(none)" if row[dimension] is None else row[dimension]]}
        behind = rows(centre, metric.name, during=during, where=where, scope=EVERYONE)
        top, base, _ = metric.scales
        if metric.is_distribution:
            same = behind.height == row["n"]
        else:
            same = behind["counted"].sum() == pytest.approx(row["numerator"] * top)
            if row["denominator"] is not None and len(CATALOGUE.facts_of(metric)) == 1:
                same = same and behind["in_base"].sum() == pytest.approx(row["denominator"] * base)
        if not same:
            wrong.append((metric.name, where))
    return wrong
