"""What the centre set for itself, as it held on a day: targets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from metrics.centre import Centre


@dataclass(frozen=True)
class Target:
    """What a metric should reach: `goal` in the metric's unit, `within_seconds` for the service level's threshold."""

    goal: float | None
    within_seconds: int | None
    better: Literal["higher", "lower", "neither"]


def target(centre: Centre, metric: str, *, on: date, queue: str | None = None) -> Target | None:
    """The target that held on a day: the queue's own, else the centre's, else none."""
    found = centre.catalogue.metric(metric)
    held = _targets(centre).filter(
        pl.col("metric") == found.name,
        pl.col("queue_id").is_null() | (pl.col("queue_id") == pl.lit(queue, pl.String)),
        pl.col("valid_from") <= on,
        pl.col("valid_to").is_null() | (pl.col("valid_to") > on),
    )
    if held.is_empty():
        return None
    own_first = [pl.col("queue_id").is_null(), pl.col("valid_from")]
    goal, within = held.sort(own_first, descending=[False, True]).select("goal", "within_ms").row(0)
    return Target(goal, None if within is None else within // 1000, found.better)


def _targets(centre: Centre) -> pl.DataFrame:
    """All targets, asked once per snapshot: a page judges dozens of figures."""
    snapshot = centre.snapshot
    if centre.targets is None or centre.targets[0] != snapshot:
        centre.targets = snapshot, centre.table("target")
    return centre.targets[1]
