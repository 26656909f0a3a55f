"""How far raters agree: per cent, Krippendorff's alpha, Gwet's AC1 and AC2, kappas and intraclass correlation.

`ratings` is always units by raters, a float array with nan where a rater did not rate a unit. What cannot be said (no
unit rated twice, no variation at all) is null, never 0 or 1.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import numpy.typing as npt
import scipy

Array = npt.NDArray[np.float64]
Weights = Literal["identity", "linear", "quadratic", "ordinal"]
IccKind = Literal["one_way", "agreement", "consistency"]
Statistic = Callable[[Array], float | None]

CONFIDENCE = 0.95
TINY = 1e-12


@dataclass(frozen=True)
class Estimate:
    """A statistic with its interval; null where it cannot be said."""

    value: float | None
    low: float | None = None
    high: float | None = None


def percent_agreement(ratings: Array, tolerance: float = 0) -> float | None:
    """The share of pairs of ratings of the same unit that differ by at most `tolerance`; each unit counts alike."""
    shares = []
    for row in ratings:
        rated = row[~np.isnan(row)]
        pairs = [abs(a - b) <= tolerance + TINY for a, b in combinations(rated, 2)]
        if pairs:
            shares.append(np.mean(pairs))
    return float(np.mean(shares)) if shares else None


def categories(ratings: Array) -> Array:
    """The different ratings, in order."""
    return np.unique(ratings[~np.isnan(ratings)])


def counts_of(ratings: Array, values: Array) -> Array:
    """Units by categories: how many raters chose each."""
    return np.asarray((ratings[:, :, None] == values[None, None, :]).sum(axis=1), dtype=float)


def weights(values: Array, kind: Weights) -> Array:
    """How much of an agreement a pair of categories is, from 1 (the same) to 0 (the ends of the scale).

    Gwet, Handbook of Inter-Rater Reliability (2014): linear and quadratic by value, ordinal by rank.
    """
    if kind == "identity" or len(values) < 2:
        return np.eye(len(values))
    distance = np.abs(values[:, None] - values[None, :])
    if kind == "ordinal":
        ranks = np.arange(len(values))
        between = np.abs(ranks[:, None] - ranks[None, :]) + 1
        distance = between * (between - 1) / 2
    elif kind == "quadratic":
        distance = distance**2
    return np.asarray(1 - distance / distance.max(), dtype=float)


def chance_corrected(
    counts: Array, weight: Array, *, chance: Literal["gwet", "fleiss", "brennan_prediger"]
) -> float | None:
    """(observed - chance) / (1 - chance) over units by categories, any number of raters, gaps allowed.

    Gwet (2014): AC1 with identity weights and AC2 with others; Fleiss (1971) generalised; Brennan & Prediger (1981).
    """
    raters = counts.sum(axis=1)
    twice = counts[raters >= 2]
    if not len(twice):
        return None
    r = twice.sum(axis=1)
    observed = float(np.mean((twice * (twice @ weight - 1)).sum(axis=1) / (r * (r - 1))))
    rated = counts[raters >= 1]
    share = np.mean(rated / rated.sum(axis=1, keepdims=True), axis=0)
    q, total = len(share), weight.sum()
    if chance == "gwet":
        expected = total / (q * (q - 1)) * float((share * (1 - share)).sum()) if q > 1 else 1.0
    elif chance == "fleiss":
        expected = float(share @ weight @ share)
    else:
        expected = total / q**2
    return (observed - expected) / (1 - expected) if 1 - expected > TINY else None


def gwet(ratings: Array, kind: Weights = "identity", values: Array | None = None) -> float | None:
    """Gwet's AC1 (identity weights) or AC2: holds where one category is rare, as critical errors are.

    `values` are the categories of the scale where not all of them occur.
    """
    scale = categories(ratings) if values is None else values
    return chance_corrected(counts_of(ratings, scale), weights(scale, kind), chance="gwet")


def fleiss(ratings: Array, kind: Weights = "identity") -> float | None:
    """Fleiss' kappa for any number of raters."""
    scale = categories(ratings)
    return chance_corrected(counts_of(ratings, scale), weights(scale, kind), chance="fleiss")


def brennan_prediger(ratings: Array, kind: Weights = "identity") -> float | None:
    """Agreement beyond what choosing every category alike would give."""
    scale = categories(ratings)
    return chance_corrected(counts_of(ratings, scale), weights(scale, kind), chance="brennan_prediger")


def krippendorff(
    ratings: Array, level: Literal["nominal", "ordinal", "interval"] | Weights = "nominal"
) -> float | None:
    """Krippendorff's alpha, 1 - observed / expected disagreement, from the coincidences of paired ratings.

    Krippendorff, Content Analysis (2004), ch. 11; the ordinal distance is his, by the ranks between two ratings.
    """
    scale = categories(ratings)
    return krippendorff_of_counts(counts_of(ratings, scale), scale, level)


def krippendorff_of_counts(counts: Array, scale: Array, level: str = "nominal") -> float | None:
    """The same from units by categories."""
    paired = counts[counts.sum(axis=1) >= 2]
    if not len(paired):
        return None
    per_unit = paired.sum(axis=1) - 1
    coincidences = (paired / per_unit[:, None]).T @ paired - np.diag((paired / per_unit[:, None]).sum(axis=0))
    totals = coincidences.sum(axis=1)
    distance = _distance(scale, totals, level)
    observed = float((coincidences * distance).sum())
    expected = float((np.outer(totals, totals) * distance).sum()) / (totals.sum() - 1)
    return 1 - observed / expected if expected > TINY else None


def _distance(scale: Array, totals: Array, level: str) -> Array:
    if level == "ordinal":
        along = np.cumsum(totals) - totals / 2
        return np.asarray((along[:, None] - along[None, :]) ** 2, dtype=float)
    if level == "interval":
        return np.asarray((scale[:, None] - scale[None, :]) ** 2, dtype=float)
    kind: Weights = "ordinal" if level == "ordinal_weights" else "identity" if level == "nominal" else level  # type: ignore[assignment]
    return 1 - weights(scale, kind)


def weighted_kappa(ratings: Array, kind: Literal["identity", "linear", "quadratic"] = "quadratic") -> float | None:
    """Cohen's kappa of two raters by statsmodels; for more raters the mean over their pairs (Light 1971)."""
    found = []
    for first, second in combinations(range(ratings.shape[1]), 2):
        both = ratings[:, [first, second]]
        kappa = _kappa_of_table(cross_table(both[~np.isnan(both).any(axis=1)]), kind)
        if kappa is not None:
            found.append(kappa)
    return float(np.mean(found)) if found else None


def cross_table(pairs: Array) -> Array:
    """How often each pair of categories occurs, for two raters."""
    values = categories(pairs)
    places = np.searchsorted(values, pairs)
    table = np.zeros((len(values), len(values)))
    np.add.at(table, (places[:, 0], places[:, 1]), 1)
    return table


def _kappa_of_table(table: Array, kind: str) -> float | None:
    if table.sum() == 0 or len(table) < 2:
        return None
    names = {"identity": None, "linear": "linear", "quadratic": "quadratic"}
    with warnings.catch_warnings():  # a table without variation divides by nought
        warnings.simplefilter("ignore", RuntimeWarning)
        # what takes as long to load as all else together is loaded where it is used
        from statsmodels.stats.inter_rater import cohens_kappa  # type: ignore[import-untyped, unused-ignore]

        kappa = float(cohens_kappa(table, wt=names[kind], return_results=False))
    return kappa if np.isfinite(kappa) else None


def icc(
    ratings: Array, kind: IccKind = "agreement", *, of_mean: bool = False, confidence: float = CONFIDENCE
) -> Estimate:
    """Intraclass correlation of units rated by every rater, with its F interval.

    McGraw & Wong (1996): one-way ICC(1), two-way agreement ICC(A,1) and consistency ICC(C,1), and of the mean of the k
    raters. Units with a gap are left out.
    """
    whole = ratings[~np.isnan(ratings).any(axis=1)]
    n, k = whole.shape
    if n < 2 or k < 2:
        return Estimate(None)
    rows, columns, rest, within = _mean_squares(whole)
    if rows + within < TINY:
        return Estimate(None)
    tails = 1 - (1 - confidence) / 2
    if kind == "one_way":
        return _icc_of_ratio(rows, within, (n - 1, n * (k - 1)), k, of_mean, tails)
    if kind == "consistency":
        return _icc_of_ratio(rows, rest, (n - 1, (n - 1) * (k - 1)), k, of_mean, tails)
    return _icc_agreement(rows, columns, rest, n, k, of_mean, tails)


def _mean_squares(whole: Array) -> tuple[float, float, float, float]:
    """Mean squares of units, raters, residual, and all within units."""
    n, k = whole.shape
    grand, by_unit, by_rater = whole.mean(), whole.mean(axis=1), whole.mean(axis=0)
    rows = k * ((by_unit - grand) ** 2).sum()
    columns = n * ((by_rater - grand) ** 2).sum()
    within = ((whole - by_unit[:, None]) ** 2).sum()
    return (
        float(rows / (n - 1)),
        float(columns / (k - 1)),
        float((within - columns) / ((n - 1) * (k - 1))),
        float(within / (n * (k - 1))),
    )


def _icc_of_ratio(rows: float, error: float, df: tuple[int, int], k: int, of_mean: bool, tails: float) -> Estimate:
    """ICC from the ratio of two mean squares, single or of the mean."""
    if error < TINY:
        return Estimate(1.0, None, None)
    f = rows / error
    low, high = f / scipy.stats.f.ppf(tails, *df), f * scipy.stats.f.ppf(tails, df[1], df[0])

    def single(ratio: float) -> float:
        return float((ratio - 1) / (ratio + k - 1))

    def mean(ratio: float) -> float:
        return float(1 - 1 / ratio)

    form = mean if of_mean else single
    return Estimate(form(f), form(low), form(high))


def _icc_agreement(rows: float, columns: float, rest: float, n: int, k: int, of_mean: bool, tails: float) -> Estimate:
    """Two-way absolute agreement; its interval by Satterthwaite's degrees of freedom (McGraw & Wong, table 7)."""
    many = 1 if of_mean else k
    value = (rows - rest) / (rows + (many - 1) * rest + many * (columns - rest) / n)
    if value >= 1 or rest <= TINY:
        return Estimate(float(value))
    a = many * value / (n * (1 - value))
    b = 1 + many * value * (n - 1) / (n * (1 - value))
    df = (a * columns + b * rest) ** 2 / ((a * columns) ** 2 / (k - 1) + (b * rest) ** 2 / ((n - 1) * (k - 1)))
    f_low, f_high = scipy.stats.f.ppf(tails, n - 1, df), scipy.stats.f.ppf(tails, df, n - 1)
    if of_mean:
        low = n * (rows - f_low * rest) / (f_low * (columns - rest) + n * rows)
        high = n * (f_high * rows - rest) / (columns - rest + n * f_high * rows)
    else:
        spread = k * columns + (k * n - k - n) * rest
        low = n * (rows - f_low * rest) / (f_low * spread + n * rows)
        high = n * (f_high * rows - rest) / (spread + n * f_high * rows)
    return Estimate(float(value), float(low), float(high))


def bootstrapped(ratings: Array, statistic: Statistic, *, seed: int = 311, times: int = 500) -> Estimate:
    """A statistic with its percentile interval over resampled units; no interval where most resamples say nothing."""
    value = statistic(ratings)
    if value is None:
        return Estimate(None)
    chance = np.random.default_rng(seed)
    drawn = (statistic(ratings[chance.integers(0, len(ratings), len(ratings))]) for _ in range(times))
    found = [one for one in drawn if one is not None]
    if len(found) < times / 2:
        return Estimate(value)
    low, high = np.percentile(found, [100 * (1 - CONFIDENCE) / 2, 100 * (1 + CONFIDENCE) / 2])
    return Estimate(value, float(low), float(high))
