"""How often "not applicable" is said: by each evaluator against the others, and by each item of a form (M68)."""

from __future__ import annotations

import numpy as np
import polars as pl
import scipy

from metrics.quality.proportions import with_interval

# fewer answers of an evaluator say nothing of how that one uses an item, nor does a table expected to hold fewer
LEAST_ANSWERS, LEAST_EXPECTED = 8, 5.0
ITEM = ["form", "item"]


def na_rates(answers: pl.DataFrame) -> pl.DataFrame:
    """How often each evaluator says "not applicable", against the others on the same items.

    `evaluator`, `n`, `rate`, `expected` (the others' rates on the items that this one answered), `low`, `high` (Wilson,
    of the rate), `q` (of a difference, Benjamini & Hochberg over the evaluators). What does not apply to a contact does
    not in several items at once, so its answers are counted as one witness and not as many (the design effect).
    """
    scored = answers.filter("is_scored")
    totals = scored.group_by(ITEM).agg(all_n=pl.len(), all_na=pl.col("is_na").sum())
    own = scored.group_by(*ITEM, "evaluator").agg(n=pl.len(), na=pl.col("is_na").sum())
    joined = own.join(totals, on=ITEM).filter(pl.col("all_n") > pl.col("n"))
    joined = joined.with_columns(p=(pl.col("all_na") - pl.col("na")) / (pl.col("all_n") - pl.col("n")))
    joined = joined.with_columns(
        variance=pl.col("n") * pl.col("p") * (1 - pl.col("p")) * (1 + pl.col("n") / (pl.col("all_n") - pl.col("n")))
    )
    found = joined.group_by("evaluator").agg(
        pl.col("n").sum().cast(pl.Int64), pl.col("na").sum().cast(pl.Int64),
        expected=(pl.col("n") * pl.col("p")).sum(), variance=pl.col("variance").sum(),
    ).sort("evaluator")  # fmt: skip
    if found.is_empty():
        shares = dict.fromkeys(("rate", "expected", "low", "high", "q"), pl.Float64)
        return pl.DataFrame(schema={"evaluator": pl.String, "n": pl.Int64, **shares})
    spread = np.sqrt(np.maximum(found["variance"].to_numpy() * _design_effect(scored), 1e-12))
    z = (found["na"] - found["expected"]).to_numpy() / spread
    q = scipy.stats.false_discovery_control(2 * scipy.stats.norm.sf(np.abs(z)))
    return with_interval(found, "na", "n").select(
        "evaluator", "n", "rate", "low", "high", expected=pl.col("expected") / pl.col("n"), q=pl.Series(q)
    )


def _design_effect(scored: pl.DataFrame) -> float:
    """By how much the answers of one evaluation, which go together, scatter more than as many of different ones."""
    own_rate = pl.col("is_na").mean().over(*ITEM, "evaluator")
    left = scored.with_columns(left=pl.col("is_na") - own_rate)
    apart = float((left["left"] ** 2).sum())
    together = float((left.group_by("contact_id", "evaluator").agg(pl.col("left").sum())["left"] ** 2).sum())
    return max(1.0, together / apart) if apart else 1.0


def na_by_item(answers: pl.DataFrame) -> pl.DataFrame:
    """How often each scored item is "not applicable", the most often first.

    `form`, `item`, `text`, `n`, `na`, `rate`, `low`, `high` (Wilson), `evaluators` who answered it often enough, and
    `q` of the question whether they say it at different rates (chi squared, Benjamini & Hochberg over the items); null
    where too few answers would be expected to tell.
    """
    scored = answers.filter("is_scored")
    items = scored.group_by(ITEM).agg(
        pl.col("text").last(), n=pl.len().cast(pl.Int64), na=pl.col("is_na").sum().cast(pl.Int64)
    )
    own = scored.group_by(*ITEM, "evaluator").agg(n=pl.len(), na=pl.col("is_na").sum())
    own = own.filter(pl.col("n") >= LEAST_ANSWERS).sort("evaluator")
    tested = [(*key, part.height, _differ(part)) for key, part in own.group_by(ITEM)]
    judged = pl.DataFrame(
        tested, schema={"form": pl.String, "item": pl.String, "evaluators": pl.Int64, "p": pl.Float64}, orient="row"
    )
    known = judged.drop_nulls("p")
    q = scipy.stats.false_discovery_control(known["p"].to_numpy()) if known.height else []
    judged = judged.join(known.select(*ITEM, q=pl.Series(q, dtype=pl.Float64)), on=ITEM, how="left").drop("p")
    return (
        with_interval(items, "na", "n")
        .join(judged, on=ITEM, how="left")
        .with_columns(pl.col("evaluators").fill_null(0))
        .sort(["rate", *ITEM], descending=[True, False, False])
    )


def _differ(part: pl.DataFrame) -> float | None:
    """The chance of rates as different as these among evaluators who say it alike."""
    table = np.array([part["na"].to_numpy(), (part["n"] - part["na"]).to_numpy()], dtype=float)
    if part.height < 2 or not table.sum(axis=1).all():
        return None
    found = scipy.stats.chi2_contingency(table, correction=False)
    return float(found.pvalue) if found.expected_freq.min() >= LEAST_EXPECTED else None
