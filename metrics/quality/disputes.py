"""Disputes of evaluations (M70d): how many, how many changed the score, how long it took, by evaluator and by item."""

from __future__ import annotations

import polars as pl

from metrics.centre import Centre
from metrics.period import Period
from metrics.quality.frames import answers, evaluations, in_scope
from metrics.quality.proportions import with_interval
from metrics.scope import Scope

DAY_MS = 86_400_000


def disputes(centre: Centre, *, during: Period, scope: Scope) -> pl.DataFrame:
    """The disputes opened or decided in a period, one row each, with `score_before` and `score_after`."""
    return in_scope(centre.named("quality/dispute", first=during.first, until=during.until), scope)


def disputes_by_evaluator(centre: Centre, *, during: Period, scope: Scope) -> pl.DataFrame:
    """How often each evaluator's scores are disputed, and how often that changes them.

    `evaluator`, `released`, `disputed`, `rate`, `low`, `high` (Wilson); `decided`, `overturned`, `overturn_rate`,
    `overturn_low`, `overturn_high`; `days` to decide (median). The dispute rate is of evaluations of contacts in the
    period, the rest of disputes decided in it. Empty for those who may not see the whole centre.
    """
    found = disputes(centre, during=during, scope=scope)
    counted = evaluations(centre, during=during, scope=scope).filter("is_released")
    if scope.limits():
        found, counted = found.clear(), counted.clear()
    released = counted.group_by("evaluator").agg(
        released=pl.len().cast(pl.Int64), disputed=pl.col("is_disputed").sum().cast(pl.Int64)
    )
    frame = released.join(_decided(found, "evaluator"), on="evaluator", how="full", coalesce=True)
    frame = frame.with_columns(pl.col("released", "disputed", "decided", "overturned").fill_null(0))
    frame = with_interval(with_interval(frame, "disputed", "released"), "overturned", "decided", "overturn_")
    return frame.sort("evaluator")


def disputes_by_item(centre: Centre, *, during: Period, scope: Scope) -> pl.DataFrame:
    """How often each item is disputed, and how often that changes the score; the most disputed first.

    `item`, `answers` given, `disputed` (opened in the period), `rate`, `low`, `high` (Wilson); `decided`, `overturned`,
    `overturn_rate`, `overturn_low`, `overturn_high`, `days`. A dispute that names no item is about none of them.
    """
    found = disputes(centre, during=during, scope=scope)
    per_item = found.with_columns(item=pl.col("items").str.split(" ")).explode("item").drop_nulls("item")
    said = answers(centre, during=during, scope=scope).filter(pl.col("is_counted") & pl.col("is_scored"))
    given = said.group_by("item").agg(answers=pl.len().cast(pl.Int64))
    opened = per_item.filter("opened_in_period").group_by("item").agg(disputed=pl.len().cast(pl.Int64))
    frame = given.join(opened, on="item", how="full", coalesce=True).join(
        _decided(per_item, "item"), on="item", how="full", coalesce=True
    )
    frame = frame.with_columns(pl.col("answers", "disputed", "decided", "overturned").fill_null(0))
    frame = frame.with_columns(answers=pl.max_horizontal("answers", "disputed"))
    frame = with_interval(with_interval(frame, "disputed", "answers"), "overturned", "decided", "overturn_")
    return frame.sort(["disputed", "item"], descending=[True, False])


def _decided(found: pl.DataFrame, by: str) -> pl.DataFrame:
    return found.filter("decided_in_period").group_by(by).agg(
        decided=pl.len().cast(pl.Int64),
        overturned=pl.col("is_overturned").sum().cast(pl.Int64),
        days=pl.col("deciding_ms").median() / DAY_MS,
    )  # fmt: skip
