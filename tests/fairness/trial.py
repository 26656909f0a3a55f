"""Methods tried on worlds whose truth is known: who is flagged, rightly and wrongly, and in which groups.

Run all of it with `make fairness`, or a part: `python -m tests.fairness.trial --worlds null planted --runs 10`.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl
from scipy import stats

from metrics.compare.decision import Outcome
from metrics.compare.judgement import Judgement, judge
from metrics.compare.rules import comparisons
from metrics.compare.stages import FOLLOW_UP, ROUTINE, judge_in_stages, watch_list
from tests.fairness.worlds import METRICS, City, World, simulate

FLAGS = (Outcome.better, Outcome.worse)
ROUTINE_PER_MONTH, FRESH_PER_MONTH = 10, 30
# what habit holds against people: a target of so much worse than the centre's mean
TARGET = {"average_handle_time": 1.2, "resolved_at_311": 0.9, "quality_score": 0.95}
LEAST = {"average_handle_time": 50, "resolved_at_311": 50, "quality_score": 8}
Flagged = set[str]


@dataclass
class Count:
    """What a method did with the agents of many quarters."""

    runs: int = 0
    same: int = 0
    false: int = 0
    different: int = 0
    found: int = 0
    enough: int = 0
    found_of_enough: int = 0
    runs_with_false: int = 0
    groups: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    reviews: int = 0

    def add(self, city: City, metric: str, flagged: Flagged, with_enough: set[str]) -> None:
        """Count one quarter."""
        true = city.different[metric]
        people = city.agents.select("agent", "shift_no", "second_language", "hours", "site").rows()
        self.runs += 1
        self.runs_with_false += bool(flagged - true)
        for agent, shift, second, hours, site in people:
            if agent in true:
                self.different += 1
                self.found += agent in flagged
                self.enough += agent in with_enough
                self.found_of_enough += agent in flagged and agent in with_enough
                continue
            self.same += 1
            self.false += agent in flagged
            named = {"night": shift == 2, "day": shift == 0, "second language": second}
            named |= {"part time": hours < 0.7, "smaller site": site == "north"}
            for group in (name for name, is_in in named.items() if is_in):
                self.groups[group][0] += 1
                self.groups[group][1] += agent in flagged


def plain_means(frame: pl.DataFrame, least: int) -> pl.DataFrame:
    """Agents with enough contacts, their plain mean and its standard error."""
    by = frame.group_by("agent").agg(n=pl.len(), mean=pl.col("value").mean(), sd=pl.col("value").std())
    return by.filter(pl.col("n") >= least).with_columns(se=pl.col("sd") / pl.col("n").sqrt()).sort("agent")


def bottom_tenth(metric: str, frame: pl.DataFrame) -> Flagged:
    """The tenth of the agents with the worst plain means."""
    means = plain_means(frame, LEAST[metric]).sort("mean", descending=metric == "average_handle_time")
    return set(means["agent"].head(round(means.height / 10)))


def two_deviations(metric: str, frame: pl.DataFrame) -> Flagged:
    """Plain means beyond two standard deviations of all agents' means."""
    means = plain_means(frame, LEAST[metric])
    if means.is_empty():
        return set()
    middle, sd = float(np.mean(means["mean"].to_numpy())), float(np.std(means["mean"].to_numpy()))
    return set(means.filter((pl.col("mean") - middle).abs() > 2 * sd)["agent"])


def raw_target(metric: str, frame: pl.DataFrame) -> Flagged:
    """Plain means on the wrong side of a target."""
    means = plain_means(frame, LEAST[metric])
    target = float(np.mean(frame["value"].to_numpy())) * TARGET[metric]
    worse = pl.col("mean") > target if metric == "average_handle_time" else pl.col("mean") < target
    return set(means.filter(worse)["agent"])


def raw_funnel(metric: str, frame: pl.DataFrame) -> Flagged:
    """Plain means outside the 99.8 % limits of a funnel."""
    means = plain_means(frame, LEAST[metric])
    middle = float(np.mean(frame["value"].to_numpy()))
    sd = float(np.std(frame["value"].to_numpy()))
    z = (pl.col("mean") - middle) / (sd / pl.col("n").sqrt())
    return set(means.filter(z.abs() > stats.norm.ppf(0.999))["agent"])


HABITS: dict[str, Callable[[str, pl.DataFrame], Flagged]] = {
    "bottom 10 % list": bottom_tenth,
    "mean +- 2 sd of agents": two_deviations,
    "raw against target": raw_target,
    "raw funnel 99.8 %": raw_funnel,
}
OURS = "Fairline"
STAGED = "Fairline, two stages"


def flags(found: Judgement) -> Flagged:
    """Who is flagged, on either side."""
    return {one.agent_id for one in found.verdicts if one.verdict in FLAGS}


def in_two_stages(city: City) -> tuple[Judgement, int]:
    """The quality plan: routine reviews of all, fresh ones of those on the watch list; with the number of reviews."""
    rule = comparisons()["quality_score"]
    routine = city.evaluated(ROUTINE_PER_MONTH).with_columns(stage=pl.lit(ROUTINE))
    listed = watch_list(rule, routine)
    fresh = city.evaluated(FRESH_PER_MONTH, agents=listed, taken=routine).with_columns(stage=pl.lit(FOLLOW_UP))
    both = pl.concat([routine, fresh])
    return judge_in_stages(rule, both), both.height


def run(world: World, counts: dict[tuple[str, str], Count], metrics: Iterable[str] = METRICS) -> None:
    """All methods on one world."""
    city = simulate(world)
    rules = comparisons()
    for metric in metrics:
        frame = city.evaluated(6) if metric == "quality_score" else city.frame(metric)
        plenty = {agent for agent, n in frame.group_by("agent").len().iter_rows() if n >= 300}
        for name, method in HABITS.items():
            counts[name, metric].add(city, metric, method(metric, frame), plenty)
        counts[OURS, metric].add(city, metric, flags(judge(rules[metric], frame)), plenty)
    if "quality_score" in metrics:
        found, reviews = in_two_stages(city)
        counts[STAGED, "quality_score"].add(city, "quality_score", flags(found), set())
        counts[STAGED, "quality_score"].reviews += reviews


def trial(worlds: Iterable[World], metrics: Iterable[str] = METRICS) -> dict[tuple[str, str], Count]:
    """Counts by method and metric over several worlds."""
    counts: dict[tuple[str, str], Count] = defaultdict(Count)
    for world in worlds:
        run(world, counts, metrics)
    return dict(counts)


def table(title: str, counts: dict[tuple[str, str], Count]) -> str:
    """The counts as the table of qa-methods.md, section 8: handle time / resolution / quality, in per cent."""
    lines = [title, f"  {'method':24} {'false flags':>20} {'found':>18} {'of >= 300':>11} {'runs with false':>17}"]
    for name in dict.fromkeys(method for method, _ in counts):
        of = [counts.get((name, metric), Count()) for metric in METRICS]
        false = " / ".join(_part(one.false, one.same, 2) for one in of)
        found = " / ".join(_part(one.found, one.different, 0) for one in of)
        plenty = _part(of[1].found_of_enough, of[1].enough, 0)
        runs = " / ".join(_part(one.runs_with_false, one.runs, 0) for one in of)
        lines.append(f"  {name:24} {false:>20} {found:>18} {plenty:>11} {runs:>17}")
    for name in (next(iter(HABITS)), OURS, STAGED):
        for group in ("day", "night", "second language", "part time", "smaller site"):
            of = [counts.get((name, metric), Count()) for metric in METRICS]
            false = " / ".join(_part(one.groups[group][1], one.groups[group][0], 2) for one in of)
            lines.append(f"    {name}, {group}: false flags {false}")
    return "\n".join(lines)


def _part(some: int, all_of_them: int, decimals: int) -> str:
    return f"{100 * some / all_of_them:.{decimals}f}" if all_of_them else "-"


def main() -> None:
    """Print the tables of all worlds asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", nargs="*", default=["null", "planted", "heterogeneous", "confounded"])
    parser.add_argument("--agents", nargs="*", type=int, default=[200])
    parser.add_argument("--months", nargs="*", type=int, default=[3])
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--severity", type=float, default=4.5)
    parser.add_argument("--crossing", type=float, default=1.0)
    parser.add_argument("--shift-effect", type=float, default=1.0)
    asked = parser.parse_args()
    for kind in asked.worlds:
        for agents in asked.agents:
            for months in asked.months:
                first = World(kind, agents, months, asked.seed, asked.severity, asked.crossing, asked.shift_effect)
                if kind == "confounded":
                    first = replace(first, crossing=0.0, severity=max(8.0, asked.severity))
                started = time.process_time()
                worlds = [replace(first, seed=asked.seed + number) for number in range(asked.runs)]
                counts = trial(worlds)
                title = f"{kind}, {agents} agents, {months} months, {asked.runs} runs from seed {asked.seed}"
                print(table(f"{title} ({time.process_time() - started:.0f} s)", counts), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
