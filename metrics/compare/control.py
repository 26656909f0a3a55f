"""One agent over time: whether a week lies outside the agent's own usual range. For the agent's own conversation only.

On agents who never change, a chart of 13 weeks still shows a signal now and then: no signal ever enters a packet.
Sources: Wheeler, Understanding Variation (XmR); Laney, Quality Engineering 14 (2002) (p').
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from metrics.compare.model import Floats

LEAST_POINTS = 10
# a moving range of two, as standard deviations: mean (3 / 1.128) and median (3 / 0.954)
BY_MEAN, BY_MEDIAN, RANGE_LIMIT, D2 = 2.66, 3.145, 3.267, 1.128


@dataclass(frozen=True)
class Usual:
    """An agent's usual range: one centre line, limits per point, and the places of the points outside."""

    values: tuple[float, ...]
    centre: float
    low: tuple[float, ...]
    high: tuple[float, ...]
    outside: tuple[int, ...]
    range_limit: float | None = None
    spread: float = 1.0


def individuals(values: Sequence[float], *, frozen: int | None = None, by_median: bool = False) -> Usual | None:
    """An XmR chart: mean and 2.66 mean moving ranges (median and 3.145 median ranges), null under 10 points.

    With `frozen` the limits come from so many points at the beginning.
    """
    y = np.asarray(values, dtype=float)
    first = y[: frozen or len(y)]
    if len(first) < LEAST_POINTS:
        return None
    ranges = np.abs(np.diff(first))
    centre = float(np.median(first) if by_median else first.mean())
    typical = float(np.median(ranges) if by_median else ranges.mean())
    reach = (BY_MEDIAN if by_median else BY_MEAN) * typical
    low, high = np.full(len(y), centre - reach), np.full(len(y), centre + reach)
    return _usual(y, centre, low, high, RANGE_LIMIT * typical, 1.0)


def shares(counts: Sequence[float], totals: Sequence[int]) -> Usual | None:
    """A Laney p' chart: limits wider by how far weeks spread beyond the binomial law, never narrower; null under 10."""
    x, n = np.asarray(counts, dtype=float), np.asarray(totals, dtype=float)
    if len(n) < LEAST_POINTS or (n <= 0).any():
        return None
    centre = float(x.sum() / n.sum())
    sigma = np.sqrt(centre * (1 - centre) / n)
    if centre in (0.0, 1.0):
        return _usual(x / n, centre, np.full(len(n), centre), np.full(len(n), centre), None, 1.0)
    z = (x / n - centre) / sigma
    spread = max(1.0, float(np.abs(np.diff(z)).mean()) / D2)
    low = np.clip(centre - 3 * sigma * spread, 0, 1)
    high = np.clip(centre + 3 * sigma * spread, 0, 1)
    return _usual(x / n, centre, low, high, None, spread)


def _usual(y: Floats, centre: float, low: Floats, high: Floats, limit: float | None, spread: float) -> Usual:
    outside = np.flatnonzero((y < low - 1e-12) | (y > high + 1e-12))
    return Usual(
        tuple(y.tolist()), centre, tuple(low.tolist()), tuple(high.tolist()), tuple(outside.tolist()), limit, spread
    )
