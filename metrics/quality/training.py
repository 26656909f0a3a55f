"""Where training is needed, and whether it helped: items by team, and before against after with others alongside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy

from metrics.centre import Centre
from metrics.language import _
from metrics.period import Period
from metrics.quality.frames import answers, in_scope
from metrics.quality.person import judged
from metrics.scope import Scope

Array = npt.NDArray[np.float64]
LEAST_AGENTS = 3
LEAST_ANSWERS_EACH = 2


def training_needs(centre: Centre, *, during: Period, scope: Scope) -> pl.DataFrame:
    """Items by team, one row a cell: the cells of a heat table.

    `form`, `section`, `item`, `text`, `team`, `n`, `passed`, `rate`, `low`, `high` (Wilson), `others_n`,
    `others_passed`, `others_rate` (all other teams), `q` (Benjamini & Hochberg over all cells in view), `verdict`:
    strength, need, as_others or too_few. Random draws only.
    """
    said = answers(centre, during=during, scope=Scope.whole_centre()).filter(
        pl.col("is_in_sample") & pl.col("is_applicable")
    )
    keys = ["form", "section", "item"]
    passed = (~pl.col("failed")).sum().cast(pl.Int64)
    everyone = said.group_by(keys).agg(all_n=pl.len().cast(pl.Int64), all_passed=passed)
    cells = in_scope(said, scope).drop_nulls("team").group_by([*keys, "team"]).agg(
        pl.col("text").last(), n=pl.len().cast(pl.Int64), passed=passed
    )  # fmt: skip
    both = cells.join(everyone, on=keys).with_columns(
        others_n=pl.col("all_n") - pl.col("n"), others_passed=pl.col("all_passed") - pl.col("passed")
    )
    return judged(both.drop("all_n", "all_passed")).sort([*keys, "team"])


@dataclass(frozen=True)
class Effect:
    """What a training did to an item's pass rate: trained people's change less the others' change, in shares of 1.

    `change` and `others_change` are means over agents; `difference` has its interval and p by Welch's t test with one
    figure an agent, since answers of one person are not independent. Null difference: `reading` says what is missing.
    """

    item: str
    on: date
    agents: int
    others: int
    change: float | None
    others_change: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    reading: str


def training_effect(
    centre: Centre, item: str, *, trained: Iterable[str], on: date, days: int = 60, scope: Scope
) -> Effect:
    """Before against after a training day, for the trained and, as a yardstick, for everybody else.

    Answers of `days` days before the day and of `days` days from the day on; only agents who have at least two of each.
    Without others to compare with the change is told, and that something else may have brought it about.
    """
    during = Period(on - timedelta(days=days), on + timedelta(days=days))
    said = answers(centre, during=during, scope=scope)
    said = said.filter(pl.col("is_in_sample") & pl.col("is_applicable") & (pl.col("item") == item))
    after = pl.col("held_on") >= on
    changes = (
        said.group_by("agent")
        .agg(
            before_n=(~after).sum(),
            after_n=after.sum(),
            change=(~pl.col("failed")).filter(after).mean() - (~pl.col("failed")).filter(~after).mean(),
        )
        .filter((pl.col("before_n") >= LEAST_ANSWERS_EACH) & (pl.col("after_n") >= LEAST_ANSWERS_EACH))
    )
    is_trained = pl.col("agent").is_in(sorted(set(trained)))
    mine = changes.filter(is_trained)["change"].to_numpy()
    theirs = changes.filter(~is_trained)["change"].to_numpy()
    return Effect(
        item=item,
        on=on,
        agents=len(mine),
        others=len(theirs),
        change=float(mine.mean()) if len(mine) else None,
        others_change=float(theirs.mean()) if len(theirs) else None,
        **_tested(mine, theirs),
    )


def _tested(mine: Array, theirs: Array) -> dict[str, Any]:
    """The difference of the two groups' changes, with what may be said of it."""
    nothing = {"difference": None, "low": None, "high": None, "p": None}
    if len(mine) < LEAST_AGENTS:
        missing = _("{n} of {floor} trained agents have answers on both sides of the day").format(
            n=len(mine), floor=LEAST_AGENTS
        )
        return {**nothing, "reading": _("too few to tell: {missing}").format(missing=missing)}
    if len(theirs) < LEAST_AGENTS:
        test, difference = scipy.stats.ttest_1samp(mine, 0.0), mine.mean()
        words = _("no others to compare with, so something else may have brought the change about")
    else:
        test, difference = scipy.stats.ttest_ind(mine, theirs, equal_var=False), mine.mean() - theirs.mean()
        words = _("against the change of the others in the same days")
    low, high = test.confidence_interval(0.95)
    if not np.isfinite([low, high]).all():
        return {
            **nothing,
            "difference": float(difference),
            "reading": _("no scatter to judge by, {words}").format(words=words),
        }
    grade = "better" if low > 0 else "worse" if high < 0 else _("no change that could be told from chance")
    found = {"difference": float(difference), "low": float(low), "high": float(high), "p": float(test.pvalue)}
    return {**found, "reading": f"{grade}, {words}"}
