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
    for row in centre.asked("facts/target").iter_rows(named=True):
        is_asked = row["metric"] == found.name and row["queue_id"] in (None, queue)
        if is_asked and row["valid_from"] <= on and (row["valid_to"] is None or on < row["valid_to"]):
            within = row["within_ms"]
            return Target(row["goal"], None if within is None else within // 1000, found.better)
    return None
