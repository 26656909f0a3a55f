"""Evaluators over a period: how strict by their random draws, whether that changed, how they use "not applicable".

Everybody is looked at together, and a word that sets an evaluator apart stands only where the difference survives that
(Benjamini & Hochberg). Who evaluates is told to those only who may see the whole centre.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from metrics.centre import Centre
from metrics.language import _
from metrics.period import Period
from metrics.quality.frames import answers, evaluations
from metrics.quality.listing import FALSE_DISCOVERIES
from metrics.quality.not_applicable import na_by_item, na_rates
from metrics.quality.severity import drift, leniency_of_draws
from metrics.scope import Scope


@dataclass(frozen=True)
class Evaluators:
    """Frames by evaluator, each with `n` and `q`; `items` is by item and names nobody.

    `leniency`: effect, low, high (shares of 1, above the mean of evaluators; mixed model); `drift`: effect, low, high
    (change per 30 days); `na`: rate, low, high, expected; `items`: see `na_by_item`.
    """

    leniency: pl.DataFrame
    drift: pl.DataFrame
    na: pl.DataFrame
    items: pl.DataFrame


def evaluators(centre: Centre, *, during: Period, scope: Scope) -> Evaluators:
    """What the random draws of a period say of those who evaluated them."""
    drawn = evaluations(centre, during=during, scope=scope).filter("is_in_sample")
    said = answers(centre, during=during, scope=scope).filter("is_in_sample")
    named = scope.limits()
    rated, told = (drawn.clear(), said.clear()) if named else (drawn, said)
    leniency = leniency_of_draws(rated)
    moved = leniency.select("evaluator").join(drift(rated).drop("n"), on="evaluator", how="left")
    return Evaluators(
        leniency=leniency,
        drift=moved.join(leniency.select("evaluator", "n"), on="evaluator"),
        na=na_rates(told),
        items=na_by_item(said),
    )


def drift_words(row: dict[str, Any]) -> str:
    """Whether an evaluator became stricter or milder, where that can be told from chance."""
    if row["q"] is None:
        return _("too few to tell")
    if row["q"] > FALSE_DISCOVERIES:
        return _("no change that could be told from chance")
    return _("grew more lenient") if row["effect"] > 0 else _("grew stricter")


def na_words(row: dict[str, Any]) -> str:
    """Whether an evaluator says "not applicable" at another rate than the others on the same items."""
    if row["q"] > FALSE_DISCOVERIES:
        return _("as the others, as far as can be told")
    return _("more often than the others") if row["rate"] > row["expected"] else _("less often than the others")


def item_words(row: dict[str, Any]) -> str:
    """Whether evaluators use "not applicable" alike on an item."""
    if row["q"] is None:
        return _("too few to tell")
    if row["q"] > FALSE_DISCOVERIES:
        return _("evaluators say it alike, as far as can be told")
    return _("evaluators say it at different rates: agree when it applies")
