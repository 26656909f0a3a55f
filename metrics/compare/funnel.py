"""Funnel limits: how far from the target a value may lie by chance, by how many contacts it rests on.

Prediction limits around the target, not confidence intervals of the agents. Source: Spiegelhalter, Statistics in
Medicine 24 (2005), appendix A.1 for exact binomial limits.
"""

from __future__ import annotations

import numpy as np
import scipy

from metrics.compare.decision import FALSE_DISCOVERY_RATE
from metrics.compare.model import Floats

# below so many expected events the normal law is too thin
FEW_EVENTS = 10


def normal_limits(n: Floats, scatter: float, spread: float, p: float) -> Floats:
    """How far a difference may lie from 0, two-sided `p`, for a contact's standard deviation and people's spread."""
    return np.asarray(scipy.stats.norm.isf(p / 2) * np.sqrt(scatter**2 / n + spread**2))


def binomial_limit(n: int, target: float, p: float) -> float:
    """The share below which a part `p` of all samples of n would lie, interpolated between whole counts.

    >>> round(binomial_limit(100, 0.1, 0.025), 4)
    0.0404
    """
    r = int(scipy.stats.binom.ppf(p, n, target))
    at, below = scipy.stats.binom.cdf(r, n, target), scipy.stats.binom.cdf(r - 1, n, target)
    return float(min(max((r - (at - p) / (at - below)) / n, 0.0), 1.0))


def share_limits(n: Floats, target: float, spread: float, p: float) -> tuple[Floats, Floats]:
    """Lower and upper limit of a share by n: exact where few events are expected, else normal; within 0 and 1."""
    reach = normal_limits(n, float(np.sqrt(target * (1 - target))), spread, p)
    low, high = np.clip(target - reach, 0, 1), np.clip(target + reach, 0, 1)
    few = n * min(target, 1 - target) < FEW_EVENTS
    for place in np.flatnonzero(few):
        size = max(int(n[place]), 1)
        low[place] = min(low[place], binomial_limit(size, target, p / 2))
        high[place] = max(high[place], binomial_limit(size, target, 1 - p / 2))
    return low, high


def decisive_p(p: Floats) -> float:
    """The largest p that survives all agents being tested at once, or what the first one would need."""
    known = np.sort(p[np.isfinite(p)])
    if not len(known):
        return FALSE_DISCOVERY_RATE
    limits = FALSE_DISCOVERY_RATE * np.arange(1, len(known) + 1) / len(known)
    passing = np.flatnonzero(known <= limits)
    return float(limits[passing[-1]] if len(passing) else limits[0])
