"""Worlds in which the truth is known: agents who do not differ, or only those who were made to, on unequal work.

Nothing in them is taken from the model that is tried on them: effects of type, channel, language, hour, site, queue and
day are drawn anew in every world, shares are made on the logit scale, durations have artefacts, scores are skewed and end
at 100, and contacts of one agent on one day resemble each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

METRICS = ("average_handle_time", "resolved_at_311", "quality_score")
SHIFTS = ("day", "late", "night")
STARTS = {"day": 7, "late": 13, "night": 22}
QUEUES = ("general", "spanish", "streets", "water", "written")
TYPES = 16
FIRST_DAY = np.datetime64("2026-01-05")


@dataclass(frozen=True)
class World:
    """What to simulate; `kind` is null, planted, heterogeneous or confounded."""

    kind: str = "null"
    agents: int = 200
    months: int = 3
    seed: int = 1
    severity: float = 4.5
    crossing: float = 1.0
    shift_effect: float = 1.0
    contacts_a_day: float = 20.0
    planted: float = 0.05


@dataclass(frozen=True)
class City:
    """A simulated world: its contacts, its agents, and who truly differs in what."""

    world: World
    contacts: pl.DataFrame
    agents: pl.DataFrame
    different: dict[str, set[str]]
    severity: NDArray[np.float64] = field(repr=False)

    def frame(self, metric: str) -> pl.DataFrame:
        """The contacts of a metric, ready for comparison."""
        if metric == "resolved_at_311":
            chosen = self.contacts.filter("is_case")
            return chosen.with_columns(value=pl.col("resolved").cast(pl.Float64))
        return self.contacts.with_columns(value=pl.col("handle"))

    def evaluated(self, per_month: int, *, agents: list[str] | None = None, taken: pl.DataFrame | None = None) -> Any:
        """Random reviews, so many per agent and month; contacts in `taken` are not reviewed again."""
        rng = np.random.default_rng([self.world.seed, per_month, 0 if taken is None else 1])
        pool = self.contacts if agents is None else self.contacts.filter(pl.col("agent").is_in(agents))
        if taken is not None:
            pool = pool.join(taken.select("contact"), on="contact", how="anti")
        pool = pool.with_columns(draw=pl.Series(rng.random(pool.height)))
        chosen = pool.sort("draw").group_by("agent", "month", maintain_order=True).head(per_month).sort("contact")
        return self._scored(chosen, rng)

    def _scored(self, chosen: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
        team = chosen["team"].to_numpy()
        evaluators = len(self.severity)
        crosses = rng.random(len(team)) < self.world.crossing
        evaluator = np.where(crosses, rng.integers(0, evaluators, len(team)), team % evaluators)
        score = chosen["true_score"].to_numpy() + self.severity[evaluator]
        names = np.array([f"E{number:02}" for number in range(evaluators)])
        return chosen.with_columns(
            value=pl.Series(np.clip(score, 0, 100)), evaluator=pl.Series(names[evaluator]), form=pl.lit("phone")
        )


def simulate(world: World) -> City:
    """A world's contacts."""
    rng = np.random.default_rng([311, world.seed, world.agents, world.months])
    people = _people(world, rng)
    different, effects = _differences(world, people, rng)
    work = _work(world, people, rng)
    contacts = _outcomes(world, people, work, effects, rng)
    severity = rng.normal(0, world.severity, max(4, world.agents // 16))
    return City(world, contacts, people, different, severity)


def _people(world: World, rng: np.random.Generator) -> pl.DataFrame:
    count = world.agents
    shift = rng.choice(3, count, p=[0.5, 0.32, 0.18])
    order = np.argsort(shift, kind="stable")
    team = np.empty(count, dtype=np.int64)
    team[order] = np.arange(count) * max(4, count // 16) // count
    return pl.DataFrame(
        {
            "agent": [f"A{number:04}" for number in range(count)],
            "shift_no": shift,
            "site": np.where(rng.random(count) < 0.35, "north", "south"),
            "team": team,
            "second_language": rng.random(count) < 0.15,
            "hours": np.where(rng.random(count) < 0.2, 0.5, 1.0) * rng.uniform(0.85, 1.15, count),
            "written_part": np.where(rng.random(count) < 0.25, 0.6, 0.05),
        }
    )


def _differences(
    world: World, people: pl.DataFrame, rng: np.random.Generator
) -> tuple[dict[str, set[str]], dict[str, NDArray[np.float64]]]:
    """Who differs, and every agent's own effect: log handle time, resolution in points, score."""
    sizes = {"average_handle_time": np.log(1.2), "resolved_at_311": -0.10, "quality_score": -8.0}
    spreads = {"average_handle_time": 0.05, "resolved_at_311": 0.02, "quality_score": 2.0}
    names = people["agent"].to_numpy()
    different: dict[str, set[str]] = {}
    effects: dict[str, NDArray[np.float64]] = {}
    for metric in METRICS:
        effect = np.zeros(world.agents)
        chosen = rng.choice(world.agents, max(2, round(world.planted * world.agents)), replace=False)
        if world.kind == "heterogeneous":
            effect += rng.normal(0, spreads[metric], world.agents)
        if world.kind in ("planted", "heterogeneous"):
            effect[chosen] += sizes[metric]
            different[metric] = set(names[chosen])
        else:
            different[metric] = set()
        effects[metric] = effect
    return different, effects


def _work(world: World, people: pl.DataFrame, rng: np.random.Generator) -> dict[str, Any]:
    """Who took which kind of contact when."""
    days = world.months * 30
    shift, hours = people["shift_no"].to_numpy(), people["hours"].to_numpy()
    rest = rng.integers(0, 7, world.agents)
    on = (np.arange(days)[None, :] + rest[:, None]) % 7 < 5
    volume = 1 + 0.25 * np.sin(np.arange(days) / 7) + (rng.random(days) < 0.05) * 0.6
    count = rng.poisson(world.contacts_a_day * hours[:, None] * volume[None, :]) * on
    agent = np.repeat(np.repeat(np.arange(world.agents), days), count.ravel())
    day = np.repeat(np.tile(np.arange(days), world.agents), count.ravel())
    n = len(agent)
    start = np.array([STARTS[name] for name in SHIFTS])[shift[agent]]
    hour = (start + np.floor(9 * rng.beta(1.3, 1.3, n))).astype(np.int64) % 24
    spanish = people["second_language"].to_numpy()[agent] & (rng.random(n) < 0.6)
    written = rng.random(n) < people["written_part"].to_numpy()[agent]
    topical = rng.choice(3, n, p=[0.6, 0.25, 0.15])
    queue = np.where(written, 4, np.where(spanish, 1, np.array([0, 2, 3])[topical]))
    mix = rng.dirichlet(np.full(TYPES, 0.6), (5, 3))
    kind = np.empty(n, dtype=np.int64)
    for one in range(5):
        for band in range(3):
            chosen = (queue == one) & (shift[agent] == band)
            kind[chosen] = rng.choice(TYPES, int(chosen.sum()), p=mix[one, band])
    return {
        "agent": agent,
        "day": day,
        "hour": hour,
        "spanish": spanish,
        "written": written,
        "queue": queue,
        "kind": kind,
    }


def _nuisance(world: World, people: pl.DataFrame, work: dict[str, Any], rng: np.random.Generator) -> Any:
    """What the work adds to a contact, in units of its standard deviation; drawn anew for every metric."""
    night = (work["hour"] < 6) | (work["hour"] >= 22)
    days = world.months * 30
    site = (people["site"].to_numpy() == "north")[work["agent"]]
    return (
        rng.normal(0, 0.45, TYPES)[work["kind"]]
        + rng.normal(0, 0.30, (TYPES, 2))[work["kind"], work["written"].astype(int)]
        + 0.35 * work["spanish"]
        + world.shift_effect * 0.25 * night
        + rng.normal(0, 0.06, 24)[work["hour"]]
        + 0.10 * site
        + rng.normal(0, 0.15, (5, days))[work["queue"], work["day"]]
        + rng.normal(0, 0.10, (world.agents, days))[work["agent"], work["day"]]
    )


def _outcomes(
    world: World,
    people: pl.DataFrame,
    work: dict[str, Any],
    effects: dict[str, NDArray[np.float64]],
    rng: np.random.Generator,
) -> pl.DataFrame:
    n, agent = len(work["agent"]), work["agent"]
    log_handle = 5.6 + 0.62 * (_nuisance(world, people, work, rng) + rng.normal(0, 1, n))
    handle = np.exp(log_handle + effects["average_handle_time"][agent])
    odd = rng.random(n)
    handle = np.where(odd < 0.004, rng.uniform(0, 9, n), np.where(odd > 0.999, handle * 15, handle))
    chance = 1 / (1 + np.exp(-(1.5 - 0.9 * _nuisance(world, people, work, rng))))
    chance = np.clip(chance + effects["resolved_at_311"][agent], 0.01, 0.99)
    noise = 12.5 * (1.2 - rng.gamma(1.44, 1 / 1.2, n)) / 1.0
    score = 84 + 10 * -_nuisance(world, people, work, rng) * 0.5 + noise + effects["quality_score"][agent]
    dates = FIRST_DAY + work["day"]
    return pl.DataFrame(
        {
            "contact": np.arange(n),
            "agent": people["agent"].to_numpy()[agent],
            "team": people["team"].to_numpy()[agent],
            "shift": np.array(SHIFTS)[people["shift_no"].to_numpy()[agent]],
            "site": people["site"].to_numpy()[agent],
            "day": dates.astype("datetime64[D]"),
            "month": work["day"] // 30,
            "hour": work["hour"],
            "hour_band": work["hour"] // 6,
            "queue": np.array(QUEUES)[work["queue"]],
            "channel": np.where(work["written"], "web", "voice"),
            "language": np.where(work["spanish"], "es", "en"),
            "request_type": work["kind"],
            "handle": handle,
            "is_case": rng.random(n) < 0.42,
            "resolved": rng.random(n) < chance,
            "true_score": score,
        }
    )


def day_of(number: int) -> date:
    """A day of a world."""
    return (FIRST_DAY + number).astype(date)  # type: ignore[no-any-return]
