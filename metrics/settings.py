"""What the centre set for itself, as it held on a day: targets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

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
    rows = centre.named("facts/target_on", metric=found.name, queue=queue, day=on).rows(named=True)
    if not rows:
        return None
    within = rows[0]["within_ms"]
    return Target(rows[0]["goal"], None if within is None else within // 1000, found.better)
