"""The placebo: the same comparison with names shuffled among colleagues, where no flag can be true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.compare.decision import Outcome
from metrics.compare.judgement import judge
from metrics.compare.rules import Rule

FLAGS = (Outcome.better, Outcome.worse)
SHUFFLES = 5


@dataclass(frozen=True)
class Placebo:
    """How many flags remained over how many shuffles of how many judged agents, and how many names moved."""

    shuffles: int
    judged: int
    flags: int
    moved: float
    within: tuple[str, ...]


def placebo(rule: Rule, contacts: pl.DataFrame, *, seed: int, shuffles: int = SHUFFLES) -> Placebo:
    """Shuffle agents' names within queue, day and shift (month, where few contacts are judged), and compare again."""
    own = contacts.filter(pl.col("unit").is_null()) if "unit" in contacts.columns else contacts
    within = ("queue", "shift", "month" if rule.staged else "day")
    rng = np.random.default_rng(seed)
    flags = judged = 0
    moved = 0.0
    for _ in range(shuffles):
        shuffled = shuffle(own, within, rng)
        found = judge(rule, shuffled)
        flags += sum(one.verdict in FLAGS for one in found.verdicts)
        judged += sum(one.q is not None for one in found.verdicts)
        moved += float((shuffled["agent"] != own["agent"]).mean() or 0) / shuffles  # type: ignore[arg-type]
    return Placebo(shuffles, judged, flags, round(moved, 4), within)


def shuffle(contacts: pl.DataFrame, within: tuple[str, ...], rng: np.random.Generator) -> pl.DataFrame:
    """Contacts whose agents' names were dealt out anew among the contacts of the same cell."""
    if contacts.is_empty():
        return contacts
    cell = contacts.select(pl.struct(*within).rank("dense")).to_series().to_numpy()
    places = np.argsort(cell, kind="stable")
    drawn = np.lexsort((rng.random(len(cell)), cell))
    order = np.empty(len(cell), dtype=np.int64)
    order[places] = drawn
    return contacts.with_columns(agent=contacts["agent"].gather(order))
