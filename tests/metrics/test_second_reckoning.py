"""Every metric of the catalogue against a second, independent reckoning: on the demo city and on towns made by chance."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import metrics as m
from tests.metrics.made_town import made_town
from tests.metrics.second import Facts, Figures, calls, cases, hours

EVERYONE = m.Scope.whole_centre()
PERIODS = {
    "the day with 23 hours": m.Period.day(date(2026, 3, 8)),
    "the week": m.Period(date(2026, 3, 6), date(2026, 3, 13)),
}
# what is checked elsewhere: opening hours in test_opening_hours.py, published daily totals in test_real_exports.py
ELSEWHERE = {
    "service_level_sl8", "first_response_business_p50", "first_response_business_p90",
    "time_to_close_business_p50", "time_to_close_business_p90",
}  # fmt: skip


def reckoned(facts: Facts) -> Figures:
    """Every metric's value by the second reckoning."""
    known = cases.requests(facts)
    return {
        **calls.contacts(facts), **calls.volume(facts), **calls.speeds(facts), **calls.levels(facts), **calls.handling(facts), **calls.offers(facts), **calls.callbacks(facts),
        **cases.outcomes(facts, known), **cases.closing_times(facts, known), **cases.backlog(facts, known), **cases.closures(facts, known),
        **cases.history(facts, known), **cases.resolution(facts), **cases.surveys(facts),
        **hours.agent_time(facts), **hours.planned_time(facts), **hours.forecasts(facts), **hours.deferred(facts),
    }  # fmt: skip


def differences(centre: m.Centre, during: m.Period) -> dict[str, tuple[object, object]]:
    """The metrics whose two reckonings differ: the product's value and the other."""
    expected = reckoned(Facts(centre, during))
    frame = m.measure(centre, sorted(expected), during=during, scope=EVERYONE)
    found = {row["metric"]: row for row in frame.iter_rows(named=True)}
    different: dict[str, tuple[object, object]] = {}
    for name, value in expected.items():
        row = found[name]
        if row["reason"] and row["reason"].startswith("not available"):
            continue
        close = value if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)
        if row["value"] != close:
            different[name] = (row["value"], value)
    return different


def test_the_second_reckoning_knows_every_metric() -> None:
    catalogue = m.catalogue_of(Path("nowhere"))
    counted = [one for one in catalogue.metrics.values() if catalogue.facts_of(one)[0].name != "reported_day"]
    ours = {one.name for one in counted if int(one.id[1:3]) <= 64}
    known = set(reckoned(Facts(made_town(1), PERIODS["the week"])))
    assert ours - known == ELSEWHERE
    assert known <= ours


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(seed=st.integers(0, 10**6), name=st.sampled_from(sorted(PERIODS)))
def test_towns_made_by_chance(seed: int, name: str) -> None:
    with made_town(seed) as centre:
        assert differences(centre, PERIODS[name]) == {}


@pytest.mark.slow
def test_the_demo_city(city: m.Centre) -> None:
    assert differences(city, m.Period(date(2026, 11, 1), date(2026, 11, 14))) == {}


def test_a_metric_that_no_source_feeds_says_why(city: m.Centre) -> None:
    lacking = m.unavailable(city, city.catalogue.metrics)
    assert lacking["consult_rate"] == "not available: no loaded source reports consultations"
    frame = m.measure(city, list(lacking), during=m.Period.day(date(2026, 11, 2)), scope=EVERYONE)
    assert frame["value"].to_list() == [None] * len(lacking)
    assert frame["reason"].to_list() == list(lacking.values())
    by_queue = m.measure(city, list(lacking)[:3], by=["day"], during=m.Period.day(date(2026, 11, 2)), scope=EVERYONE)
    assert by_queue.is_empty()
    assert pl.Series(lacking.values()).str.starts_with("not available: ").all()
