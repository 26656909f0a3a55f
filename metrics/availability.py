"""Whether a figure can be had at all: what was never loaded gives a reason, not a 0."""

from __future__ import annotations

from collections.abc import Iterable

from metrics.catalogue import Fact, Metric, Need
from metrics.centre import Centre
from metrics.language import N_, _
from metrics.query import supplied

NOTHING_COUNTED = N_("nothing to count in this period")
NOT_THERE = N_("not available: {reason}")


def unavailable(centre: Centre, metrics: Iterable[str]) -> dict[str, str]:
    """The metrics that this centre's data cannot give, by name, with why."""
    return lacking(centre, [centre.catalogue.metric(name) for name in metrics])


def lacking(centre: Centre, metrics: Iterable[Metric]) -> dict[str, str]:
    """Those of some metrics that are not available, by name, with why."""
    found: dict[str, str] = {}
    for metric in metrics:
        reasons = [need.otherwise for need in centre.catalogue.needs_of(metric) if not _is_there(centre, need)]
        if reasons:
            found[metric.name] = _(NOT_THERE).format(reason=_(reasons[0]))
    return found


def bare_reason(reason: str) -> str:
    """Why a metric is not available, without the words that say that it is not."""
    before, _reason, after = _(NOT_THERE).partition("{reason}")
    return reason.removeprefix(before).removesuffix(after)


def has_rows(centre: Centre, fact: Fact) -> bool:
    """Whether a fact can have any row: all that it needs was loaded."""
    return all(_is_there(centre, centre.catalogue.needs[name]) for name in fact.needs)


def _is_there(centre: Centre, need: Need) -> bool:
    return centre.once(("supplied", need.name), lambda: not centre.frame(supplied(need)).is_empty())
