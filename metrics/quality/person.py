"""A person's quality: score of a period, critical errors beside it, strengths and needs by item.

Only evaluations drawn at random count. The score that is compared is the one before auto-fails, with evaluators'
severity taken out; auto-fails and critical errors are rates of their own and never blended in.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from metrics import text
from metrics.centre import Centre
from metrics.language import _, n_
from metrics.period import Period
from metrics.quality.frames import answers, evaluations, in_scope
from metrics.quality.proportions import against_others, with_interval
from metrics.quality.scoring import CLASSES
from metrics.quality.severity import adjusted
from metrics.scope import Scope

LEAST_EVALUATIONS = 8
LEAST_ANSWERS = 8
FALSE_DISCOVERIES = 0.05
ELSEWHERE = "elsewhere: "


def quality_scores(centre: Centre, *, during: Period, scope: Scope) -> pl.DataFrame:
    """Every agent's quality score of a period, one row each, by agent; shares of 1.

    `n` evaluations by `evaluators`; `final` (M66, their mean), `raw` (before auto-fails), `score` (raw with severity
    taken out) with `low` and `high`; `auto_fails`; per critical class `customer_n`, `customer_right`, `customer_rate`,
    `customer_low`, `customer_high` (M67, Wilson) and so on; `standing`: told, too_few (under eight) or not_linked
    (severity cannot be told from the team: no score).
    """
    everything = evaluations(centre, during=during, scope=Scope.whole_centre())
    drawn = everything.filter("is_in_sample")
    own = in_scope(drawn, scope)
    # work outside the asker's scope still tells evaluators apart, but is nobody's score here
    is_own = pl.col("evaluation_id").is_in(own["evaluation_id"].to_list())
    split = drawn.with_columns(agent=pl.when(is_own).then("agent").otherwise(pl.format(f"{ELSEWHERE}{{}}", "agent")))
    model = adjusted(split, everything.filter(pl.col("standing") == "calibration"))
    frame = (
        own.group_by("agent")
        .agg(
            pl.len().cast(pl.Int64).alias("n"),
            evaluators=pl.col("evaluator").n_unique(),
            final=pl.col("final_score").mean(),
            raw=pl.col("raw_score").mean(),
            auto_fails=pl.col("is_autofailed").sum(),
            **{f"{name}_n": pl.col(f"{name}_applies").sum() for name in CLASSES},
            **{f"{name}_right": (pl.col(f"{name}_applies") & ~pl.col(f"{name}_failed")).sum() for name in CLASSES},
        )
        .join(model.agents.select("agent", "is_linked", score="effect", low="low", high="high"), on="agent", how="left")
        .sort("agent")
    )
    for name in CLASSES:
        frame = with_interval(frame, f"{name}_right", f"{name}_n", f"{name}_")
    few, linked = pl.col("n") < LEAST_EVALUATIONS, pl.col("is_linked").fill_null(False)
    standing = pl.when(few).then(pl.lit("too_few")).when(~linked).then(pl.lit("not_linked")).otherwise(pl.lit("told"))
    return frame.with_columns(
        standing=standing,
        low=pl.col("low").clip(0, 1),
        high=pl.col("high").clip(0, 1),
        score=pl.col("score").clip(0, 1),
    ).drop("is_linked")


def score_sentence(row: dict[str, Any]) -> str:
    """A row of `quality_scores` as a supervisor reads it.

    >>> score_sentence({"standing": "told", "score": 0.842, "low": 0.78, "high": 0.9, "n": 18, "evaluators": 4})
    '84 of 100 (likely 78 to 90), from 18 contacts drawn at random; the strictness of their 4 evaluators is taken out.'
    """
    drawn = n_("{n} contact drawn at random", "{n} contacts drawn at random", row["n"]).format(n=text.count(row["n"]))
    if row["standing"] == "too_few":
        more = LEAST_EVALUATIONS - row["n"]
        return n_(
            "Too few to tell: {drawn}, {more} more is needed for a score.",
            "Too few to tell: {drawn}, {more} more are needed for a score.",
            more,
        ).format(drawn=drawn, more=more)
    if row["standing"] == "not_linked":
        return _(
            "No score: {drawn}, but the evaluators' strictness cannot be told from the team. Let evaluators "
            "score other teams, or hold a calibration session."
        ).format(drawn=drawn)
    return n_(
        "{score:.0f} of 100 (likely {low:.0f} to {high:.0f}), from {drawn}; the strictness of its evaluator is taken "
        "out.",
        "{score:.0f} of 100 (likely {low:.0f} to {high:.0f}), from {drawn}; the strictness of their {n} evaluators is "
        "taken out.",
        row["evaluators"],
    ).format(score=100 * row["score"], low=100 * row["low"], high=100 * row["high"], drawn=drawn, n=row["evaluators"])


def critical_sentences(row: dict[str, Any]) -> list[str]:
    """What a row of `quality_scores` says of each critical class.

    >>> row = {"compliance_n": 18, "compliance_right": 17, "compliance_low": 0.742, "compliance_high": 0.99}
    >>> critical_sentences(row)
    ['Compliance: 1 of 18 contacts had a critical error (could be 1 % to 26 %).']
    """
    found = []
    for name in CLASSES:
        n = row.get(f"{name}_n") or 0
        if n:
            wrong = n - row[f"{name}_right"]
            low, high = (f"{100 * (1 - row[f'{name}_{end}']):.0f}" for end in ("high", "low"))
            none = n_(
                "{critical}: the one contact had no critical error (could be {low} % to {high} %).",
                "{critical}: none of {n} contacts had a critical error (could be {low} % to {high} %).",
                n,
            )
            some = n_(
                "{critical}: {wrong} of {n} contact had a critical error (could be {low} % to {high} %).",
                "{critical}: {wrong} of {n} contacts had a critical error (could be {low} % to {high} %).",
                n,
            )
            told = some if wrong else none
            found.append(told.format(critical=_(name.capitalize()), wrong=wrong, n=n, low=low, high=high))
    return found


def strengths_and_needs(centre: Centre, agent: str, *, during: Period, scope: Scope) -> pl.DataFrame:
    """One agent's items against everybody else's on the same forms, one row an item, in the order of need.

    `form`, `section`, `item`, `text`, `n`, `passed`, `rate`, `low`, `high` (Wilson), `others_n`, `others_passed`,
    `others_rate`, `q` (Fisher's exact test, Benjamini & Hochberg over the items), `verdict`: strength, need, as_others
    or too_few. Random draws only.
    """
    said = answers(centre, during=during, scope=Scope.whole_centre()).filter(
        pl.col("is_in_sample") & pl.col("is_applicable")
    )
    return needs_among(said, agent, scope=scope)


def needs_among(said: pl.DataFrame, agent: str, *, scope: Scope) -> pl.DataFrame:
    """The same from answers of everybody that were read before: applicable ones of random draws."""
    own = in_scope(said, scope).filter(pl.col("agent") == agent)
    return compared(own, said.filter(pl.col("agent") != agent), ["form", "section", "item"])


def compared(own: pl.DataFrame, others: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Pass rates of own answers by some columns against those of others on the same items."""
    keys = [name for name in by if name in ("form", "section", "item")]
    mine = own.group_by(by).agg(
        pl.col("text").last(), n=pl.len().cast(pl.Int64), passed=(~pl.col("failed")).sum().cast(pl.Int64)
    )
    theirs = others.group_by(keys).agg(
        others_n=pl.len().cast(pl.Int64), others_passed=(~pl.col("failed")).sum().cast(pl.Int64)
    )
    both = mine.join(theirs, on=keys, how="left").with_columns(pl.col("others_n", "others_passed").fill_null(0))
    return judged(both).sort(["rate", *by], nulls_last=True)


def judged(both: pl.DataFrame) -> pl.DataFrame:
    """Rates with intervals, and a verdict that many looks cannot bring about by chance."""
    frame = against_others(with_interval(both, "passed", "n"))
    frame = frame.with_columns(
        others_rate=pl.when(pl.col("others_n") > 0).then(pl.col("others_passed") / pl.col("others_n"))
    )
    is_other = pl.col("q") <= FALSE_DISCOVERIES
    verdict = (
        pl.when(pl.col("n") < LEAST_ANSWERS).then(pl.lit("too_few"))
        .when(is_other & (pl.col("rate") > pl.col("others_rate"))).then(pl.lit("strength"))
        .when(is_other & (pl.col("rate") < pl.col("others_rate"))).then(pl.lit("need"))
        .otherwise(pl.lit("as_others"))
    )  # fmt: skip
    return frame.with_columns(verdict=verdict)
