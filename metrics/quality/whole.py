"""The quality score of a team or of the centre: agents weigh by what they handled, not by how often they were drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.centre import Centre
from metrics.figures import measure
from metrics.period import Period
from metrics.quality.frames import evaluations
from metrics.scope import Scope

NORMAL = 1.959963984540054


@dataclass(frozen=True)
class WholeScore:
    """A stratified mean of final scores (M66) with its interval; null without evaluations.

    `covered` is the share of handled contacts whose agents have an evaluation: the score says nothing about the rest.
    """

    score: float | None
    low: float | None
    high: float | None
    n: int
    agents: int
    covered: float | None


def whole_score(centre: Centre, *, during: Period, scope: Scope) -> WholeScore:
    """The score of all agents that the asker may see, weighted by the contacts they handled."""
    drawn = evaluations(centre, during=during, scope=scope).filter("is_in_sample")
    return stratified(drawn, handled(centre, during=during, scope=scope))


def handled(centre: Centre, *, during: Period, scope: Scope) -> pl.DataFrame:
    """Legs handled by agent: `agent`, `handled`."""
    frame = measure(centre, ["legs_handled"], by=["agent"], during=during, scope=scope)
    return frame.select("agent", handled=pl.col("value").cast(pl.Int64)).drop_nulls("agent")


def stratified(drawn: pl.DataFrame, sizes: pl.DataFrame, score: str = "final_score") -> WholeScore:
    """Sum of W y and of W^2 (1 - n / N) s^2 / n over agents (Cochran 1977, 5.3).

    One evaluation of an agent has no scatter of its own; the pooled scatter of all agents stands in for it.
    """
    strata = (
        drawn.drop_nulls(score)
        .group_by("agent")
        .agg(n=pl.len(), mean=pl.col(score).mean(), variance=pl.col(score).var())
        .join(sizes, on="agent", how="inner")
        .with_columns(handled=pl.max_horizontal("handled", "n"))
        .sort("agent")
    )
    total = int(sizes["handled"].sum())
    if strata.is_empty() or not total:
        return WholeScore(None, None, None, 0, 0, None if not total else 0.0)
    n, size = strata["n"].to_numpy().astype(float), strata["handled"].to_numpy().astype(float)
    mean, variance = strata["mean"].to_numpy(), strata["variance"].to_numpy().astype(float)
    free = np.maximum(n - 1, 0)
    known = free > 0
    pooled = float((variance[known] * free[known]).sum() / free[known].sum()) if known.any() else None
    weight = size / size.sum()
    value, covered = float(weight @ mean), float(size.sum() / total)
    if pooled is None:
        return WholeScore(value, None, None, int(n.sum()), len(n), covered)
    scatter = np.where(known, np.nan_to_num(variance), pooled)
    se = float(np.sqrt((weight**2 * (1 - n / size) * scatter / n).sum()))
    low, high = max(0.0, value - NORMAL * se), min(1.0, value + NORMAL * se)
    return WholeScore(value, low, high, int(n.sum()), len(n), covered)


def coverage(centre: Centre, *, during: Period, scope: Scope) -> pl.DataFrame:
    """M69 by agent: `handled`, `evaluated` contacts, `coverage`, `drawn` at random, `half_width` that they buy.

    `half_width` is 1.96 s / sqrt(n), s pooled over all agents in view, as a share of 1; null without a draw.
    """
    seen = evaluations(centre, during=during, scope=scope).filter("is_counted")
    counted = seen.group_by("agent").agg(
        evaluated=pl.col("contact_id").n_unique().cast(pl.Int64), drawn=pl.col("is_in_sample").sum().cast(pl.Int64)
    )
    own = seen.filter("is_in_sample").drop_nulls("raw_score")
    spread = own.with_columns(gap=pl.col("raw_score") - pl.col("raw_score").mean().over("agent"))
    free = own.height - own["agent"].n_unique()
    scatter = float((spread["gap"] ** 2).sum() / free) ** 0.5 if free > 0 else None
    frame = handled(centre, during=during, scope=scope).join(counted, on="agent", how="left")
    return frame.with_columns(pl.col("evaluated", "drawn").fill_null(0)).with_columns(
        coverage=pl.col("evaluated") / pl.col("handled"),
        half_width=pl.when(pl.col("drawn") > 0).then(NORMAL * pl.lit(scatter, pl.Float64) / pl.col("drawn").sqrt()),
    ).sort("agent")  # fmt: skip
