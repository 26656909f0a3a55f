"""What the centre set for itself, as it held on a day: targets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from metrics.centre import Centre

# for whom a target can be meant; without one of them it is the centre's
MEANT_FOR = ("queue", "request_type", "department")


@dataclass(frozen=True)
class Target:
    """What a metric should reach: `goal` in the metric's unit, `within_seconds` for the service level's threshold."""

    goal: float | None
    within_seconds: int | None
    better: Literal["higher", "lower", "neither"]


def target(centre: Centre, metric: str, *, on: date, **whose: str | None) -> Target | None:
    """The target that held on a day: that of the queue, request type or department, else the centre's, else none."""
    found = centre.catalogue.metric(metric)
    for row in targets_of(centre, metric):
        is_asked = all(row[name] in (None, whose.get(name)) for name in MEANT_FOR)
        if is_asked and row["valid_from"] <= on and (row["valid_to"] is None or on < row["valid_to"]):
            within = row["within_ms"]
            return Target(row["goal"], None if within is None else within // 1000, found.better)
    return None


def targets_of(centre: Centre, metric: str) -> list[dict[str, Any]]:
    """All targets of a metric, those first that go before others."""
    name = centre.catalogue.metric(metric).name
    return [row for row in centre.asked("facts/target").iter_rows(named=True) if row["metric"] == name]
