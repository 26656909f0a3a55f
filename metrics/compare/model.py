"""One model of a metric over all contacts: what the work explains is fixed, what the agents add is random.

The normal equations of the mixed model are formed from counts of pairs of levels and solved exactly, with the largest
factor (queue by day) eliminated cell by cell; 250,000 contacts take a fraction of a second. An agent's estimate is the
one that the model gives when that agent's own effect is left free (no prior): their contacts neither pull the yardstick
towards them nor are pulled towards it. Its variance counts what is not known about the nuisance as well, so an agent
who shares no contact's circumstances with anyone has an infinite one.

Sources: Henderson (1975) for the equations, Liang and Zeger (1986) for clusters, Smyth (2004) for moderated variances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations_with_replacement

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

# the prior of a unit whose effect is left free, as a part of its contacts' weight
FREE = 1e-7
NOT_ESTIMABLE = 1e-6
# how far from its fitted value, in robust standard deviations, an observation may lie before it is drawn in
FAR = 3.5


@dataclass(frozen=True)
class Design:
    """Who did each contact under which circumstances; codes count from 0.

    `unit` is whose effect is asked for (agents first, then what only links evaluators, as calibration contacts);
    `cells` is the factor that is eliminated, `factors` are the others, `cluster` the agent's day.
    """

    unit: Codes
    agents: int
    cells: Codes
    factors: tuple[Codes, ...]
    cluster: Codes

    @property
    def units(self) -> int:
        """How many units there are, agents and others."""
        return max(self.agents, int(self.unit.max(initial=-1)) + 1)


@dataclass(frozen=True)
class Equations:
    """The normal equations with all nuisance eliminated: `information` of the units, and what solves for the rest."""

    design: Design
    information: Floats
    nuisance: Floats
    both: Floats
    by_cell: scipy.sparse.csr_array
    per_cell: Floats
    counts: Floats


@dataclass(frozen=True)
class Estimates:
    """Per agent: `theta` against the others on the same work, its `se` without any tolerance, `n`, `comparable`.

    `comparable` is how many contacts the work does not explain by itself: 0 where no colleague had any such contact.
    """

    theta: Floats
    se: Floats
    n: Floats
    comparable: Floats
    df: Floats
    effects: Floats = field(repr=False)
    residual: Floats = field(repr=False)
    sigma2: float
    design_effect: float
    skewness: float
    drawn_in: int


def equations(design: Design) -> Equations:
    """Form the equations of a design from counts of pairs of levels."""
    columns = (*design.factors, design.unit)
    sizes = [int(codes.max(initial=0)) + 1 for codes in design.factors] + [design.units]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    gram = np.zeros((starts[-1], starts[-1]))
    for one, other in combinations_with_replacement(range(len(columns)), 2):
        pairs = np.bincount(columns[one] * sizes[other] + columns[other], minlength=sizes[one] * sizes[other])
        block = pairs.reshape(sizes[one], sizes[other])
        gram[starts[one] : starts[one + 1], starts[other] : starts[other + 1]] = block
        gram[starts[other] : starts[other + 1], starts[one] : starts[one + 1]] = block.T
    per_cell = np.bincount(design.cells).astype(float)
    by_cell = _by_cell(design.cells, columns, starts, len(per_cell))
    scaled = by_cell.multiply(1 / per_cell[:, None]).tocsr()
    gram -= (by_cell.T @ scaled).toarray()
    p = int(starts[-2])
    nuisance = np.linalg.pinv(gram[:p, :p], rcond=1e-10, hermitian=True)
    both = gram[:p, p:]
    information = gram[p:, p:] - both.T @ nuisance @ both
    counts = np.bincount(design.unit, minlength=design.units).astype(float)
    return Equations(design, information, nuisance, both, by_cell, per_cell, counts)


def _by_cell(cells: Codes, columns: Sequence[Codes], starts: Codes, rows: int) -> scipy.sparse.csr_array:
    """How many contacts of each cell have each level, as a sparse table."""
    places = np.concatenate([start + codes for start, codes in zip(starts[:-1], columns, strict=True)])
    repeated = np.tile(cells, len(columns))
    ones = np.ones(len(places))
    return scipy.sparse.coo_array((ones, (repeated, places)), shape=(rows, int(starts[-1]))).tocsr()


def estimate(eqs: Equations, y: Floats, *, spread: float, free: NDArray[np.bool_], draw_in: bool) -> Estimates:
    """Estimates of all agents, given how far people ordinarily spread.

    Units in `free` have no prior: they take no part in the yardstick of the others. With `draw_in`, observations
    beyond 3.5 robust standard deviations of their fitted value are drawn in to there, and counted.
    """
    sigma2 = max(float(np.var(y)), 1e-300)
    drawn_in = 0
    for turn in range(3):
        h, precision = _inverse(eqs, sigma2, spread, free)
        residual, effects = _residuals(eqs, y, h)
        if draw_in and turn == 0:
            y, drawn_in = _drawn_in(y, residual)
            residual, effects = _residuals(eqs, y, h)
        sigma2 = max(float(residual @ residual) / max(len(y) - eqs.design.agents, 1), 1e-300)
    left = 1 - precision * np.diag(h)
    known = (left > NOT_ESTIMABLE) & (eqs.counts > 0)
    theta = np.where(known, effects / np.where(known, left, 1), 0.0)
    error = np.where(known, sigma2 * np.diag(h) / np.where(known, left, 1), np.inf)
    found = _with_errors(eqs, y, residual, theta, error, sigma2)
    return replace(found, effects=effects, drawn_in=drawn_in)


def _inverse(eqs: Equations, sigma2: float, spread: float, free: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """The inverse of the units' equations, and the precision of each unit's prior."""
    others = np.arange(eqs.design.units) >= eqs.design.agents
    loose = FREE * np.maximum(eqs.counts, 1)
    is_free = others.copy()
    is_free[: eqs.design.agents] |= free
    precision = np.where(is_free, loose, sigma2 / spread**2)
    return np.linalg.inv(eqs.information + np.diag(precision)), precision


def _residuals(eqs: Equations, y: Floats, h: Floats) -> tuple[Floats, Floats]:
    """What is left of each observation, and the units' effects (with their priors)."""
    design = eqs.design
    columns = (*design.factors, design.unit)
    by_level = [np.bincount(codes, y, minlength=int(codes.max(initial=0)) + 1) for codes in design.factors]
    sums = np.concatenate([np.zeros(0), *by_level])
    right = np.concatenate([sums, np.bincount(design.unit, y, minlength=design.units)])
    cell_sums = np.bincount(design.cells, y)
    right = right - eqs.by_cell.T @ (cell_sums / eqs.per_cell)
    p = len(sums)
    effects = h @ (right[p:] - eqs.both.T @ (eqs.nuisance @ right[:p]))
    nuisance = eqs.nuisance @ (right[:p] - eqs.both @ effects)
    solution = np.concatenate([nuisance, effects])
    residual = y - ((cell_sums - eqs.by_cell @ solution) / eqs.per_cell)[design.cells]
    start = 0
    for codes in columns:
        size = int(codes.max(initial=0)) + 1 if codes is not design.unit else design.units
        residual = residual - solution[start : start + size][codes]
        start += size
    return residual, effects


def _drawn_in(y: Floats, residual: Floats) -> tuple[Floats, int]:
    middle = np.median(residual)
    robust_sd = 1.4826 * float(np.median(np.abs(residual - middle)))
    if robust_sd == 0:
        return y, 0
    kept = np.clip(residual, middle - FAR * robust_sd, middle + FAR * robust_sd)
    return y + (kept - residual), int(np.count_nonzero(kept != residual))


def _with_errors(eqs: Equations, y: Floats, residual: Floats, theta: Floats, error: Floats, sigma2: float) -> Estimates:
    """The estimates with standard errors from the agents' own scatter, moderated, and their days as clusters.

    `error` is each estimate's variance by the model; of it, what the agent's own contacts scatter is replaced.
    No agent's scatter counts as less than the others': where values crowd at one end (scores at 100) a high mean and a
    small scatter come together by chance, and would make a flag.
    """
    design, k = eqs.design, eqs.design.agents
    own = design.unit < k
    unit, left, cluster = design.unit[own], residual[own], design.cluster[own]
    n = np.bincount(unit, minlength=k).astype(float)
    safe = np.maximum(n, 1)
    within = left - (np.bincount(unit, left, minlength=k) / safe)[unit]
    squares = np.bincount(unit, within**2, minlength=k)
    variance, df = moderated(squares / np.maximum(n - 1, 1), n - 1, sigma2)
    if np.isin(y, (0.0, 1.0)).all():
        expected = np.clip(np.bincount(unit, y[own], minlength=k) / safe - theta[:k], 0, 1)
        variance = np.maximum(variance, expected * (1 - expected))
    else:
        variance = np.maximum(variance, float(squares.sum() / np.maximum(n - 1, 0).sum()) if (n > 1).any() else sigma2)
    effect = design_effect(unit, cluster, within, k)
    comparable = np.maximum(np.diag(eqs.information)[:k], 0.0)
    known = np.isfinite(error[:k]) & (comparable > NOT_ESTIMABLE)
    scatter = (variance * effect - sigma2) / np.where(known, comparable, 1)
    se = np.sqrt(np.maximum(np.where(known, error[:k] + scatter, np.inf), 0.0))
    skewness = float(np.mean(within**3)) / max(float(np.mean(within**2)) ** 1.5, 1e-300) if len(within) else 0.0
    return Estimates(theta[:k], se, n, comparable, df, theta[:k], residual, sigma2, effect, skewness, 0)


def design_effect(unit: Codes, cluster: Codes, within: Floats, k: int) -> float:
    """How much wider the mean of an agent is because contacts of one day resemble each other; at least 1."""
    if not len(unit):
        return 1.0
    sums = np.bincount(cluster, within)
    owner = np.zeros(len(sums), dtype=np.int64)
    owner[cluster] = unit
    seen = np.bincount(cluster) > 0
    days = np.bincount(owner[seen], minlength=k).astype(float)
    several = days > 1
    by_day = np.bincount(owner[seen], sums[seen] ** 2, minlength=k)[several] * days[several] / (days[several] - 1)
    counts = np.bincount(unit, minlength=k).astype(float)[several]
    squares = np.bincount(unit, within**2, minlength=k)[several] * counts / np.maximum(counts - 1, 1)
    return max(1.0, float(by_day.sum() / squares.sum())) if squares.sum() > 0 else 1.0


def moderated(variance: Floats, df: Floats, pooled: float) -> tuple[Floats, Floats]:
    """Each agent's variance drawn toward all agents' as far as they are alike, with the degrees of freedom it has.

    Smyth (2004), equations of section 6.2; a small sample borrows from all the others.
    """
    used = (df >= 2) & (variance > 1e-12 * pooled)
    if used.sum() < 3:
        return np.where(df >= 1, np.maximum(variance, pooled), pooled), np.maximum(df, 1.0)
    half = df[used] / 2
    logs = np.log(variance[used]) - scipy.special.psi(half) + np.log(half)
    extra = float(np.var(logs, ddof=1) - np.mean(scipy.special.polygamma(1, half)))
    prior_df = 2 * inverse_trigamma(extra) if extra > 1e-8 else 1e6
    prior = float(np.exp(np.mean(logs) + (scipy.special.psi(prior_df / 2) - np.log(prior_df / 2))))
    own = np.maximum(df, 0)
    return (prior_df * prior + own * variance) / (prior_df + own), prior_df + own


def inverse_trigamma(value: float) -> float:
    """The x at which the trigamma function has a value, by Newton's method on its reciprocal."""
    if value > 1e7:
        return float(1 / np.sqrt(value))
    x = 0.5 + 1 / value
    for _ in range(50):
        tri = float(scipy.special.polygamma(1, x))
        step = tri * (1 - tri / value) / float(scipy.special.polygamma(2, x))
        x += step
        if -step / x < 1e-10:
            break
    return float(x)


def without_skew(z: Floats, n: Floats, skewness: float) -> Floats:
    """Standardised means of skewed observations, brought to symmetry (Johnson 1978), never outward.

    The long tail of a distribution reaches further than the normal curve says; a mean on that side counts for less.
    """
    shift = skewness / (6 * np.sqrt(np.maximum(n, 1))) * (z**2 - 1)
    inward = np.sign(shift) == np.sign(z)
    return np.where(inward & (z**2 > 1), np.sign(z) * np.maximum(np.abs(z) - np.abs(shift), 0), z)
