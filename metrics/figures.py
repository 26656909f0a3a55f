"""The one question that the whole product asks: which figures, by what, during when, for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from metrics.catalogue import SCALE, Catalogue, Measure, Metric, signed_names
from metrics.centre import Centre
from metrics.period import Period
from metrics.query import Question, is_stored, quantile, rows_behind, stored_sums, sums
from metrics.scope import Scope
from metrics.stored import is_up_to_date
from sql import WrongUse

FIGURE = {"value": pl.Float64, "numerator": pl.Float64, "denominator": pl.Float64, "n": pl.Int64}
INSTANTS = ("interval",)


def measure(
    centre: Centre,
    metrics: Sequence[str],
    *,
    by: Sequence[str] = (),
    during: Period,
    where: Mapping[str, Iterable[object]] | None = None,
    scope: Scope,
) -> pl.DataFrame:
    """Figures in long form: `metric`, the dimensions of `by`, `value`, `numerator`, `denominator`, `n`.

    Shares are fractions, durations seconds (or days where the unit says so); a ratio is formed after summing, null
    where its denominator is empty. Without `by` every metric has its row. Raises WrongUse for an unknown name.
    """
    if not metrics:
        raise WrongUse("No metric was named. fairline define lists all of them.")
    chosen = [centre.catalogue.metric(name) for name in metrics]
    question = _question(centre, by, during, where, scope)
    totals = _totals(centre, chosen, question)
    parts = [
        _distribution(centre, metric, question) if metric.is_distribution else _ratio(metric, totals, question)
        for metric in chosen
    ]
    return _local_times(centre, pl.concat(parts, how="vertical") if parts else pl.DataFrame(schema=FIGURE))


def rows(
    centre: Centre,
    metric: str,
    *,
    during: Period,
    where: Mapping[str, Iterable[object]] | None = None,
    scope: Scope,
    limit: int | None = None,
) -> pl.DataFrame:
    """The rows behind a figure, with `source_file` and `line`.

    `counted` adds up to the figure's numerator and `in_base` to its denominator (durations in milliseconds, as stored).
    """
    found = centre.catalogue.metric(metric)
    query = rows_behind(centre.catalogue, found, _question(centre, (), during, where, scope), limit)
    frame = centre.frame(query)
    instants = [name for name, kind in frame.schema.items() if kind == pl.Datetime and name.endswith("_at")]
    # scores are summed as decimals, to the same last digit in any order; people and files get plain numbers
    exact = [name for name, kind in frame.schema.items() if kind == pl.Decimal]
    return frame.with_columns(
        *(_local(pl.col(name), centre) for name in instants), *(pl.col(name).cast(pl.Float64) for name in exact)
    )


def _question(
    centre: Centre,
    by: Sequence[str],
    during: Period,
    where: Mapping[str, Iterable[object]] | None,
    scope: Scope,
) -> Question:
    chosen = {name: tuple(values) for name, values in (where or {}).items()}
    return Question(during, tuple(by), chosen, scope, centre.interval_ms)


def _totals(centre: Centre, metrics: Sequence[Metric], question: Question) -> pl.DataFrame:
    """One row per combination of the dimensions, one column per measure that the metrics use."""
    needed: dict[tuple[str, str], dict[str, Measure]] = {}
    for item in measures_of(centre.catalogue, metrics):
        needed.setdefault((item.fact, item.key), {})[item.name] = item
    frames = [_sums(centre, fact, key, list(used.values()), question) for (fact, key), used in needed.items()]
    if not frames:
        return pl.DataFrame()
    names = [name for used in needed.values() for name in used]
    stacked = pl.concat([_as_numbers(frame, question.by) for frame in frames], how="diagonal")
    if not question.by:
        return stacked.select(pl.col(name).sum() for name in names)
    return stacked.group_by(question.by).agg(_sum_or_null(name) for name in names).sort(question.by, nulls_last=True)


def _sums(centre: Centre, fact: str, key: str, used: list[Measure], question: Question) -> pl.DataFrame:
    """From the stored measures where they can answer and are up to date, else from the facts."""
    found = centre.catalogue.facts[fact]
    if is_stored(found, question) and is_up_to_date(centre, fact, key):
        return centre.frame(stored_sums(found, key, used, question))
    return centre.frame(sums(found, key, used, question))


def measures_of(catalogue: Catalogue, metrics: Sequence[Metric]) -> list[Measure]:
    """The measures that metrics need, each once."""
    formulas = [formula for metric in metrics for formula in (metric.numerator, metric.denominator) if formula]
    found = {item.name: item for formula in formulas for _, item in catalogue.terms(formula)}
    return list(found.values())


def _as_numbers(frame: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    return frame.with_columns(pl.col(name).cast(pl.Float64) for name in frame.columns if name not in by)


def _sum_or_null(name: str) -> pl.Expr:
    """A sum that stays null where no fact had anything for the group."""
    return pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name)


def _formula(formula: str) -> pl.Expr:
    return pl.sum_horizontal(sign * pl.col(name).fill_null(0.0) for sign, name in signed_names(formula))


def _ratio(metric: Metric, totals: pl.DataFrame, question: Question) -> pl.DataFrame:
    numerator = _formula(metric.numerator or "") / SCALE[metric.unit]
    if metric.denominator is None:
        parts = [
            numerator.alias("value"),
            numerator.alias("numerator"),
            pl.lit(None, pl.Float64).alias("denominator"),
        ]
        count = numerator
    else:
        count = _formula(metric.denominator)
        value = pl.when(count != 0).then(numerator / count)
        parts = [value.alias("value"), numerator.alias("numerator"), count.alias("denominator")]
    frame = totals.select(
        pl.lit(metric.name).alias("metric"), *question.by, *parts, count.round().cast(pl.Int64).alias("n")
    )
    if not question.by:
        return frame
    # a group that only another fact has says nothing about this metric
    return frame.filter((pl.col("n") != 0) | (pl.col("numerator") != 0))


def _distribution(centre: Centre, metric: Metric, question: Question) -> pl.DataFrame:
    fact = centre.catalogue.facts[metric.fact or ""]
    frame = centre.frame(quantile(fact, metric, question))
    if question.by:
        frame = frame.sort(question.by, nulls_last=True)
    elif frame.is_empty():
        frame = pl.DataFrame({"value": [None], "n": [0]}, schema={"value": pl.Float64, "n": pl.Int64})
    value = pl.col("value").cast(pl.Float64) / SCALE[metric.unit]
    nothing = pl.lit(None, pl.Float64)
    count = pl.col("n").fill_null(0).cast(pl.Int64)
    return frame.select(
        pl.lit(metric.name).alias("metric"),
        *question.by,
        value.alias("value"),
        nothing.alias("numerator"),
        nothing.alias("denominator"),
        count.alias("n"),
    )


def _local(instant: pl.Expr, centre: Centre) -> pl.Expr:
    return instant.dt.replace_time_zone("UTC").dt.convert_time_zone(str(centre.timezone))


def _local_times(centre: Centre, frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(_local(pl.col(name), centre) for name in INSTANTS if name in frame.columns)
