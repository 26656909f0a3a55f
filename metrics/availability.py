"""Whether a figure can be had at all: what was never loaded gives a reason, not a 0."""

from __future__ import annotations

from collections.abc import Iterable

from metrics.catalogue import Metric, Need
from metrics.centre import Centre
from metrics.query import supplied

NOTHING_COUNTED = "nothing to count in this period"


def unavailable(centre: Centre, metrics: Iterable[str]) -> dict[str, str]:
    """The metrics that this centre's data cannot give, by name, with why."""
    found = [centre.catalogue.metric(name) for name in metrics]
    return {metric.name: reason for metric in found if (reason := missing(centre, metric)) is not None}


def missing(centre: Centre, metric: Metric) -> str | None:
    """Why a metric is not available, in words; null where it is."""
    lacking = [need.otherwise for need in centre.catalogue.needs_of(metric) if not _is_there(centre, need)]
    return f"not available: {lacking[0]}" if lacking else None


def _is_there(centre: Centre, need: Need) -> bool:
    known = centre.supplied
    name = f"{centre.snapshot} {need.name}"
    if name not in known:
        known[name] = bool(centre.frame(supplied(need))["is_there"][0])
    return known[name]
