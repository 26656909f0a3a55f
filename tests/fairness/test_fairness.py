"""The short form of `make fairness`: few worlds, and what must hold on every one of them.

The long form prints the table of qa-methods.md, section 8; the figures that it gave are in DECISIONS.md.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from metrics.compare import comparisons
from metrics.compare.judgement import judge
from metrics.compare.placebo import placebo
from tests.fairness.trial import HABITS, OURS, STAGED, Count, flags, table, trial
from tests.fairness.worlds import METRICS, World, simulate

Counts = dict[tuple[str, str], Count]
pytestmark = pytest.mark.slow
SEEDS = (11, 12, 13)
KINDS = ("null", "planted")


@pytest.fixture(scope="module")
def counts() -> dict[str, Counts]:
    """Three quarters of 200 agents without any difference, and three with some."""
    return {kind: trial(World(kind, seed=seed) for seed in SEEDS) for kind in KINDS}


@pytest.mark.parametrize("metric", METRICS)
def test_nobody_is_flagged_by_chance(counts: dict[str, Counts], metric: str) -> None:
    found = counts["null"][OURS, metric]
    assert found.same == 600
    assert found.false <= 1
    assert counts["planted"][OURS, metric].false <= 2
    assert counts["null"][STAGED, "quality_score"].false <= 1


@pytest.mark.parametrize("group", ["night", "second language"])
def test_no_group_pays_for_its_work(counts: dict[str, Counts], group: str) -> None:
    listed = counts["null"][next(iter(HABITS)), "average_handle_time"].groups
    assert listed[group][1] / listed[group][0] > 2 * listed["day"][1] / listed["day"][0]
    for metric in METRICS:
        assert counts["null"][OURS, metric].groups[group][1] <= 1


def test_those_who_need_help_are_found(counts: dict[str, Counts]) -> None:
    found = counts["planted"]
    assert found[OURS, "average_handle_time"].found >= 29
    resolution = found[OURS, "resolved_at_311"]
    assert resolution.found_of_enough / resolution.enough >= 0.85
    assert found[STAGED, "quality_score"].found >= 26
    assert found[STAGED, "quality_score"].reviews / 600 < 50


def test_evaluators_who_never_cross_make_no_flags() -> None:
    for severity in (4.5, 9.0):
        city = simulate(World("confounded", seed=5, crossing=0.0, severity=severity))
        found = judge(comparisons()["quality_score"], city.evaluated(10))
        assert not flags(found)
        assert "cannot be told apart" in found.refusal


def test_a_small_centre_and_a_short_period_flag_nobody_by_chance() -> None:
    small = trial(World("null", agents=40, months=1, seed=seed) for seed in range(3))
    assert sum(small[OURS, metric].false for metric in METRICS) == 0


def test_the_placebo_on_a_world_with_differences() -> None:
    frame = simulate(World("planted", agents=60, months=2, seed=3)).frame("average_handle_time")
    rule = comparisons()["average_handle_time"]
    assert flags(judge(rule, frame))
    assert placebo(rule, frame, seed=1, shuffles=1).flags == 0


def test_the_same_world_gives_the_same_verdicts() -> None:
    one, other = (
        judge(comparisons()["resolved_at_311"], simulate(World(agents=40)).frame("resolved_at_311")) for _ in "ab"
    )
    assert one.verdicts == other.verdicts


def test_the_table_has_a_line_for_every_method(counts: dict[str, Counts]) -> None:
    printed = table("planted", counts["planted"])
    assert all(name in printed for name in (*HABITS, OURS, STAGED))


def test_worlds_differ_by_their_seed_only() -> None:
    world = World(agents=12, months=1)
    assert simulate(world).contacts.equals(simulate(replace(world)).contacts)
    assert not simulate(world).contacts.equals(simulate(replace(world, seed=2)).contacts)
    assert isinstance(simulate(world).agents, pl.DataFrame)
