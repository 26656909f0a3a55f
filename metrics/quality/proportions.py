"""Shares with their intervals, and shares against those of others with many looks allowed for."""

from __future__ import annotations

import numpy as np
import polars as pl
import scipy

# how many standard errors 95 % lie within
REACH = 1.9599639845400545


def with_interval(frame: pl.DataFrame, count: str, n: str, prefix: str = "") -> pl.DataFrame:
    """The share `count` / `n` as `rate`, with its 95 % Wilson interval `low` and `high`; null where n is 0.

    Wilson (1927), reckoned here because to load statsmodels takes every paper a second; Brown, Cai & DasGupta (2001) on
    why.
    """
    base = np.maximum(frame[n].to_numpy().astype(float), 1)
    share = frame[count].to_numpy().astype(float) / base
    whole = 1 + REACH**2 / base
    centre = (share + REACH**2 / (2 * base)) / whole
    reach = REACH * np.sqrt(share * (1 - share) / base + REACH**2 / (4 * base**2)) / whole
    low, high = np.clip(centre - reach, 0, 1), np.clip(centre + reach, 0, 1)
    some = pl.col(n) > 0
    return frame.with_columns(
        pl.when(some).then(pl.col(count) / pl.col(n)).alias(f"{prefix}rate"),
        pl.when(some).then(pl.Series(low)).alias(f"{prefix}low"),
        pl.when(some).then(pl.Series(high)).alias(f"{prefix}high"),
    )


def against_others(frame: pl.DataFrame) -> pl.DataFrame:
    """Fisher's exact test of `passed` of `n` against `others_passed` of `others_n`, as `q` over all rows.

    Benjamini & Hochberg (1995); null where either side is empty.
    """
    p = [
        scipy.stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue if n and m else None
        for a, n, b, m in frame.select("passed", "n", "others_passed", "others_n").iter_rows()
    ]
    known = [value for value in p if value is not None]
    corrected = iter(scipy.stats.false_discovery_control(known) if known else [])
    q = [None if value is None else float(next(corrected)) for value in p]
    return frame.with_columns(q=pl.Series(q, dtype=pl.Float64))
