"""From estimates to verdicts: all agents tested at once, and a difference that matters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import scipy
from numpy.typing import NDArray

from metrics.compare.model import Estimates, Floats, without_skew

# at most this part of all flags may be by chance
FALSE_DISCOVERY_RATE = 0.05
# a flag needs at least this part of the difference that one would act on
LEAST_PART = 0.5
# people's ordinary spread is tolerated: as much as there is, from the first to the second part of it
SURE_PART, TOLERATED_PART = 0.05, 0.2
# standard errors by which a difference must stand out to be told at 90 % power with all agents tested at once
TELLING = 4.28
# fewer agents than these are no yardstick
FEWEST_AGENTS = 5


class Outcome(StrEnum):
    """What a comparison says of an agent."""

    better = "better"
    worse = "worse"
    cleared = "cleared"
    inconclusive = "inconclusive"
    too_few = "too_few"
    refused = "refused"


@dataclass(frozen=True)
class Tested:
    """Per agent: p and q (NaN where not tested), and the signs of the flags (+1 above, -1 below, 0 none)."""

    p: Floats
    q: Floats
    flag: NDArray[np.int64]


def put_to_test(
    found: Estimates,
    *,
    spread: float,
    enough: NDArray[np.bool_],
    least: float,
    chance_of: NDArray[np.float64] | None = None,
    strict: bool = False,
    side: int = 0,
) -> Tested:
    """Test all agents at once: p by Student's t with the tolerated spread, q by Benjamini and Hochberg.

    Two-sided, or one-sided with a `side` of +1 or -1, over all with enough data.
    `chance_of` is a second p where one is known exactly (shares); the larger of the two counts. With `strict` the
    hypothesis tested is that the difference is at most `least`, instead of none.
    """
    p = np.full(len(found.n), np.nan)
    safe = np.where(enough, found.se, 1.0)
    scale = np.sqrt(safe**2 + spread**2)
    beyond = np.maximum(np.abs(found.theta) - (least if strict else 0.0), 0.0) * np.sign(found.theta)
    z = without_skew(beyond / scale, np.minimum(found.n, found.comparable), found.skewness)
    p_all = scipy.stats.t.sf(z * side, found.df) if side else 2 * scipy.stats.t.sf(np.abs(z), found.df)
    if chance_of is not None:
        p_all = np.maximum(p_all, chance_of)
    p[enough] = p_all[enough]
    q = np.full(len(p), np.nan)
    if enough.any():
        q[enough] = scipy.stats.false_discovery_control(p[enough])
    is_flag = enough & (np.nan_to_num(q, nan=1.0) <= FALSE_DISCOVERY_RATE) & (np.abs(found.theta) >= least)
    if side:
        is_flag &= np.sign(found.theta) == side
    return Tested(p, q, np.where(is_flag, np.sign(found.theta), 0).astype(np.int64))


def share_chance(value: Floats, expected: Floats, comparable: Floats, spread: float) -> Floats:
    """Two-sided p of a share by the beta-binomial law around its expected value, for where the normal law is too thin.

    The expected share itself spreads by `spread` between people; without spread it is the binomial law.
    """
    n = np.maximum(np.floor(comparable), 1)
    centre = np.clip(expected, 1e-4, 1 - 1e-4)
    count = np.clip(np.round(value * n), 0, n)
    limit = 0.99 * centre * (1 - centre)
    between = np.minimum(spread**2, limit)
    if spread <= 0:
        low, high = scipy.stats.binom.cdf(count, n, centre), scipy.stats.binom.sf(count - 1, n, centre)
    else:
        size = centre * (1 - centre) / between - 1
        a, b = centre * size, (1 - centre) * size
        low, high = scipy.stats.betabinom.cdf(count, n, a, b), scipy.stats.betabinom.sf(count - 1, n, a, b)
    return np.asarray(np.minimum(1.0, 2 * np.minimum(low, high)))


def more_needed(n: Floats, se: Floats, act_on: float) -> Floats:
    """How many contacts more would tell a difference that one would act on."""
    return np.maximum(np.ceil(n * ((TELLING * se / act_on) ** 2 - 1)), 1)


def is_cleared(found: Estimates, act_on: float) -> NDArray[np.bool_]:
    """Whether a difference that one would act on is ruled out, on either side (95 %)."""
    reach = np.abs(found.theta) + scipy.stats.t.ppf(0.95, found.df) * np.where(np.isfinite(found.se), found.se, 1e9)
    return np.asarray(reach < act_on)
