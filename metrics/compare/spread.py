"""How far people ordinarily spread: what is tolerated before a difference counts as one."""

from __future__ import annotations

import numpy as np
import scipy

from metrics.compare.model import Floats

# the mean square of a standard normal value winsorised at its 10th and 90th percentile
WINSORISED_VARIANCE = 0.6788
FEW = 20


def ordinary_spread(theta: Floats, se: Floats, *, least: float, most: float) -> float:
    """The standard deviation between people beyond chance, robust against those who truly stand out.

    At least `least` (no two people are alike, and no adjustment is perfect), at most `most`.

    With 20 agents or more by Spiegelhalter (2005) on winsorised z-scores; with fewer by Paule and Mandel (1982).
    """
    known = np.isfinite(se) & (se > 0)
    theta, se = theta[known], se[known]
    if len(theta) < 2:
        return most
    tau2 = over_dispersion(theta, se) if len(theta) >= FEW else paule_mandel(theta, se)
    return min(max(float(np.sqrt(tau2)), least), most)


def over_dispersion(theta: Floats, se: Floats) -> float:
    """Additive over-dispersion of z-scores around 0, winsorised at 10 and 90 % and made up for that."""
    z = theta / se
    low, high = np.quantile(z, [0.1, 0.9])
    phi = float(np.mean(np.clip(z, low, high) ** 2)) / WINSORISED_VARIANCE
    return additive(phi, se)


def additive(phi: float, se: Floats) -> float:
    """The variance between units that a mean square of z-scores says (Spiegelhalter 2005, equation 9)."""
    k = len(se)
    w = 1 / se**2
    return max(0.0, (k * phi - (k - 1)) / float(w.sum() - (w**2).sum() / w.sum()))


def paule_mandel(theta: Floats, se: Floats) -> float:
    """The variance between units at which the weighted squares are as large as chance makes them."""
    k = len(theta)

    def surplus(tau2: float) -> float:
        w = 1 / (se**2 + tau2)
        return float((w * (theta - (w @ theta) / w.sum()) ** 2).sum() - (k - 1))

    if surplus(0.0) <= 0:
        return 0.0
    high = float(np.var(theta)) + float((se**2).max())
    while surplus(high) > 0:
        high *= 2
    return float(scipy.optimize.brentq(surplus, 0.0, high))


def shrunken_share(value: float, expected: float, n: float, spread: float) -> float:
    """A share drawn toward its expected value (beta-binomial): expected events of a prior added to those there were.

    The prior is worth `expected (1 - expected) / spread^2 - 1` contacts.
    """
    if spread <= 0 or not 0 < expected < 1:
        return expected
    size = max(expected * (1 - expected) / spread**2 - 1, 0.0)
    return (value * n + expected * size) / (n + size)


def shrunken(theta: Floats, se: Floats, spread: float) -> Floats:
    """Estimates drawn toward 0 as far as chance could have made them (normal-normal)."""
    weight = np.where(np.isfinite(se), spread**2 / (spread**2 + np.where(np.isfinite(se), se, 1) ** 2), 0.0)
    return weight * theta
