"""Agents needed, planned and present by interval, against the exports' own lines."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import metrics as m
from metrics.asker import Asker
from metrics.staffing import required_agents
from metrics.staffing_by_interval import staffed_day
from tests.etl.demo_city.exported import Exports, instant

DAY = m.Period.day(date(2026, 11, 10))
HALF_HOUR = 1800


@pytest.fixture(scope="module")
def exports(loaded_city: Path) -> Exports:
    return Exports(loaded_city)


def on_the_phones(exports: Exports) -> set[str]:
    """Who took a call on the day."""
    return {row["agent_id"] for row in exports.calls if row["start_time"].startswith(str(DAY.first))} - {""}


def in_halves(spells: list[tuple[int, int]]) -> dict[int, float]:
    """How many were there in each half hour, from spells of epoch seconds."""
    found: Counter[int] = Counter()
    for start, end in spells:
        for half in range(start // HALF_HOUR, (end - 1) // HALF_HOUR + 1):
            found[half] += min(end, (half + 1) * HALF_HOUR) - max(start, half * HALF_HOUR)
    return {half: seconds / HALF_HOUR for half, seconds in found.items()}


def test_present_are_those_whose_states_say_so(city: m.Centre, exports: Exports) -> None:
    people = on_the_phones(exports)
    spells = [
        (instant(row["start_time"]), instant(row["end_time"]))
        for row in exports.states
        if row["agent_id"] in people and row["state"] in ("available", "handling", "acw")
    ]
    expected = in_halves(spells)
    slots = staffed_day(Asker(city, m.Scope.whole_centre()), DAY).slots
    assert len(slots) > 20
    for slot in slots:
        assert slot.present == pytest.approx(expected.get(int(slot.at.timestamp()) // HALF_HOUR, 0.0), abs=1e-6)


def test_planned_are_those_whose_plan_pays_them(city: m.Centre, exports: Exports) -> None:
    people = on_the_phones(exports)
    spells = [
        (instant(row["start_time"]), instant(row["end_time"]))
        for row in exports.schedule
        if row["agent_id"] in people and row["activity"] not in ("meal", "time_off")
    ]
    expected = in_halves(spells)
    for slot in staffed_day(Asker(city, m.Scope.whole_centre()), DAY).slots:
        assert slot.planned == pytest.approx(expected.get(int(slot.at.timestamp()) // HALF_HOUR, 0.0), abs=1e-6)


def test_needed_follow_from_the_days_own_figures(city: m.Centre, exports: Exports) -> None:
    found = staffed_day(Asker(city, m.Scope.whole_centre()), DAY)
    calls = [row for row in exports.calls if row["start_time"].startswith(str(DAY.first))]
    lost = [row for row in calls if row["outcome"] == "abandoned" and int(row["wait_seconds"]) >= 5]
    waited = sum(int(row["wait_seconds"]) for row in calls if row["outcome"] != "abandoned" or row in lost)
    assert found.patience_seconds == pytest.approx(waited / len(lost))
    assert (found.goal, found.within_seconds) == (0.8, 30)
    assert sum(slot.offered.value or 0 for slot in found.slots) == len(calls)
    busiest = max(found.slots, key=lambda one: one.offered.value or 0)
    assert found.handle_seconds is not None
    assert (
        busiest.required
        == required_agents(
            calls=busiest.offered.value or 0,
            handle_seconds=found.handle_seconds,
            interval_seconds=HALF_HOUR,
            share=0.8,
            within_seconds=30,
            patience_seconds=found.patience_seconds,
        ).agents
    )


def test_where_nothing_is_told_nothing_is_said(blank_centre: Path) -> None:
    with m.open_centre(blank_centre) as centre:
        found = staffed_day(Asker(centre, m.Scope.whole_centre()), DAY)
    assert (found.slots, found.handle_seconds, found.patience_seconds) == ([], None, None)
