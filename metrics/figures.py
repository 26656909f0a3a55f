"""The one question that the whole product asks: which figures, by what, during when, for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import polars as pl

from metrics import stored
from metrics.availability import NOTHING_COUNTED, lacking
from metrics.catalogue import SCALE, Catalogue, Fact, Measure, Metric, signed_names
from metrics.centre import Centre
from metrics.held import at_hand, measures_at_hand
from metrics.language import _
from metrics.period import Period
from metrics.query import (
    PRECISION,
    Question,
    is_stored,
    quantile,
    rows_behind,
    sketched_quantile,
    stored_sums,
    sums,
)
from metrics.scope import Scope
from metrics.stored import can_answer, is_sketched
from sql import WrongUse

FIGURE = {
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
    "n": pl.Int64,
    "reason": pl.String,
}
INSTANTS = ("interval",)
# measures by fact, interval key and whether they are stored
Families = dict[tuple[str, str, bool], dict[str, Measure]]
# the column that tells a point of sketches from an exact one
SKETCHED = "is_sketched"


def measure(
    centre: Centre,
    metrics: Sequence[str],
    *,
    by: Sequence[str] = (),
    during: Period,
    where: Mapping[str, Iterable[object]] | None = None,
    scope: Scope,
    key: str | None = None,
) -> pl.DataFrame:
    """Figures in long form: `metric`, the dimensions of `by`, `value`, `numerator`, `denominator`, `n`, `reason`.

    Shares are fractions, durations seconds (or days where the unit says so); a ratio is formed after summing, null
    where its denominator is empty; `reason` says why a value is null, or how exact one from sketches is. Without `by`
    every metric has its row; with it, a metric that the data cannot give has none (see `unavailable`). `key` counts by
    another interval key than the definition's, where it offers that. Raises WrongUse for an unknown name.
    """
    if not metrics:
        raise WrongUse("No metric was named. fairline define lists all of them.")
    chosen = [_keyed(centre, name, key) for name in metrics]
    absent = lacking(centre, chosen)
    question = _question(centre, by, during, where, scope)
    there = [metric for metric in chosen if metric.name not in absent]
    families, points = _families(centre.catalogue, there), [metric for metric in there if metric.is_distribution]
    found = centre.at_once(
        [
            *(
                partial(_sums, centre, fact, key, list(used.values()), question)
                for (fact, key, _), used in families.items()
            ),
            *(partial(_observed, centre, metric, question) for metric in points),
        ]
    )
    totals = _totals(families, found[: len(families)], question)
    observed = dict(zip((metric.name for metric in points), found[len(families) :], strict=True))
    parts = [_figures(metric, totals, question, absent.get(metric.name), observed) for metric in chosen]
    return _local_times(centre, _stacked([part for part in parts if part is not None], by))


def read_ahead(centre: Centre, *asked: tuple[Iterable[str], Sequence[str], Period], scope: Scope) -> None:
    """Read, side by side and in this order, the rows that a report will ask for: metrics, by what and during when."""
    wanted = []
    for names, by, during in asked if centre.held else ():
        chosen = [centre.catalogue.metric(name) for name in names]
        question = _question(centre, by, during, None, scope)
        absent = lacking(centre, chosen)
        for fact, key in _counted(centre, [metric for metric in chosen if metric.name not in absent], question):
            wanted.append(partial(at_hand, centre, fact, key, question))
    centre.at_once(wanted)


def _counted(centre: Centre, metrics: Sequence[Metric], question: Question) -> list[tuple[Fact, str]]:
    """The facts whose rows metrics are counted from, each by its interval key, where no stored measures answer."""
    facts = centre.catalogue.facts
    families = _families(centre.catalogue, metrics)
    found = {
        (fact, key): None
        for (fact, key, _), used in families.items()
        if not _is_answered(centre, fact, key, list(used.values()), question)
    }
    found |= {(metric.fact or "", metric.key): None for metric in metrics if metric.is_distribution}
    return [(facts[fact], key) for fact, key in found]


def terms(
    centre: Centre,
    metric: Metric,
    *,
    during: Period,
    where: Mapping[str, Iterable[object]] | None = None,
    scope: Scope,
) -> dict[str, float]:
    """What each measure of a metric's formula adds up to, in the figure's units; a distribution has none."""
    if metric.is_distribution or lacking(centre, [metric]):
        return {}
    question = _question(centre, (), during, where, scope)
    families = _families(centre.catalogue, [metric])
    found = [_sums(centre, fact, key, list(used.values()), question) for (fact, key, _), used in families.items()]
    totals = _totals(families, found, question).collect(engine="in-memory")
    top, base, _ = metric.scales
    scales = {name: base for _, name in signed_names(metric.denominator or "")}
    scales |= {name: top for _, name in signed_names(metric.numerator or "")}
    return {name: (totals[name][0] or 0.0) / scale for name, scale in scales.items()}


def rows(
    centre: Centre,
    metric: str,
    *,
    during: Period,
    where: Mapping[str, Iterable[object]] | None = None,
    scope: Scope,
    limit: int | None = None,
    key: str | None = None,
    of_denominator: bool = False,
) -> pl.DataFrame:
    """The rows behind a figure, with `source_file` and `line`.

    `counted` adds up to the figure's numerator and `in_base` to its denominator (durations in milliseconds, as stored).
    Where the two are counted from different facts, `in_base` stands in the rows `of_denominator`.
    """
    found = _keyed(centre, metric, key)
    question = _question(centre, (), during, where, scope)
    query = rows_behind(centre.catalogue, found, question, limit, of_denominator=of_denominator)
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
    return Question(
        during,
        tuple(by),
        chosen,
        scope=scope,
        interval_ms=centre.interval_ms,
        fiscal_month=centre.fiscal_month,
    )


def _keyed(centre: Centre, name: str, key: str | None) -> Metric:
    found = centre.catalogue.metric(name)
    return found if key is None else found.by_key(key)


def _figures(
    metric: Metric, totals: pl.LazyFrame, question: Question, reason: str | None, observed: Mapping[str, pl.DataFrame]
) -> pl.LazyFrame | None:
    """One metric's figures, or why there are none."""
    if reason is None:
        precision = None
        if metric.is_distribution:
            found = _distribution(metric, observed[metric.name], question)
            if SKETCHED in observed[metric.name].columns:
                precision = _("to within {value:g} %").format(value=100 * PRECISION)
        else:
            found = _ratio(metric, totals, question)
        empty = pl.when(pl.col("value").is_null()).then(pl.lit(NOTHING_COUNTED))
        return found.with_columns(empty.otherwise(pl.lit(precision, pl.String)).alias("reason"))
    if question.by:
        return None
    row = {"metric": metric.name, "value": None, "numerator": None, "denominator": None, "n": 0, "reason": reason}
    return pl.LazyFrame([row], schema={"metric": pl.String, **FIGURE})


def _families(catalogue: Catalogue, metrics: Sequence[Metric]) -> Families:
    """The measures that metrics use, by fact, interval key and whether they are stored."""
    # apart, so that a rare thing does not keep what is stored from being asked
    needed: Families = {}
    for item in measures_of(catalogue, metrics):
        needed.setdefault((item.fact, item.key, item.stored), {})[item.name] = item
    return needed


def _totals(families: Families, frames: Sequence[pl.DataFrame], question: Question) -> pl.LazyFrame:
    """One row per combination of the dimensions, one column per measure that the metrics use."""
    if not frames:
        return pl.LazyFrame()
    names = [name for used in families.values() for name in used]
    stacked = pl.concat([_as_numbers(frame, question.by) for frame in frames], how="diagonal")
    if not question.by:
        return stacked.select(pl.col(name).sum() for name in names)
    sums = stacked.group_by(question.by).agg(_sum_or_null(name) for name in names)
    # worked out once, for all the metrics that divide them
    return sums.sort(question.by, nulls_last=True).collect(engine="in-memory").lazy()


def _sums(centre: Centre, fact: str, key: str, used: list[Measure], question: Question) -> pl.DataFrame:
    """From the stored measures where they can answer and are up to date, else from the facts."""
    found = centre.catalogue.facts[fact]
    if _is_answered(centre, fact, key, used, question):
        return centre.frame(stored_sums(found, key, used, measures_at_hand(centre, found, key, question)))
    rows, asked = at_hand(centre, found, key, question)
    return centre.frame(sums(rows, key, used, asked))


def _is_answered(centre: Centre, fact: str, key: str, used: list[Measure], question: Question) -> bool:
    """Whether stored measures answer a question."""
    return is_stored(centre.catalogue.facts[fact], question) and can_answer(centre, fact, key, used)


def measures_of(catalogue: Catalogue, metrics: Sequence[Metric]) -> list[Measure]:
    """The measures that metrics need, each once."""
    parts = [(metric, formula) for metric in metrics for formula in (metric.numerator, metric.denominator)]
    found = {item.name: item for metric, formula in parts for _, item in catalogue.parts(metric, formula)}
    return list(found.values())


def _as_numbers(frame: pl.DataFrame, by: Sequence[str]) -> pl.LazyFrame:
    return frame.lazy().with_columns(pl.col(name).cast(pl.Float64) for name in frame.columns if name not in by)


def _sum_or_null(name: str) -> pl.Expr:
    """A sum that stays null where no fact had anything for the group."""
    return pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name)


def _formula(formula: str) -> pl.Expr:
    return pl.sum_horizontal(sign * pl.col(name).fill_null(0.0) for sign, name in signed_names(formula))


def _ratio(metric: Metric, totals: pl.LazyFrame, question: Question) -> pl.LazyFrame:
    top, base, factor = metric.scales
    numerator = _formula(metric.numerator or "") / top
    if metric.denominator is None:
        parts = [
            numerator.alias("value"),
            numerator.alias("numerator"),
            pl.lit(None, pl.Float64).alias("denominator"),
        ]
        count = numerator
    else:
        count = _formula(metric.denominator) / base
        value = pl.when(count != 0).then(factor * numerator / count)
        parts = [value.alias("value"), numerator.alias("numerator"), count.alias("denominator")]
    frame = totals.select(
        pl.lit(metric.name).alias("metric"), *question.by, *parts, count.round().cast(pl.Int64).alias("n")
    )
    if not question.by:
        return frame
    # a group that only another fact has says nothing about this metric
    counted = pl.col("n") if metric.denominator is None else pl.col("denominator")
    return frame.filter((counted != 0) | (pl.col("numerator") != 0))


def _observed(centre: Centre, metric: Metric, question: Question) -> pl.DataFrame:
    """A point of a distribution, exact from the rows; past a size from sketches, where they are kept."""
    fact = centre.catalogue.facts[metric.fact or ""]
    if is_sketched(centre, metric, question):
        frame = centre.frame(sketched_quantile(fact, metric, question))
        if (frame["n"].sum() or 0) > stored.EXACT_UP_TO:
            return frame.with_columns(pl.lit(value=True).alias(SKETCHED))
    rows, asked = at_hand(centre, fact, metric.key, question)
    return centre.frame(quantile(rows, metric, asked))


def _distribution(metric: Metric, frame: pl.DataFrame, question: Question) -> pl.LazyFrame:
    """A percentile's figures."""
    if question.by:
        frame = frame.sort(question.by, nulls_last=True)
    elif frame.is_empty():
        frame = pl.DataFrame({"value": [None], "n": [0]}, schema={"value": pl.Float64, "n": pl.Int64})
    value = pl.col("value").cast(pl.Float64) / SCALE[metric.unit]
    nothing = pl.lit(None, pl.Float64)
    count = pl.col("n").fill_null(0).cast(pl.Int64)
    return frame.lazy().select(
        pl.lit(metric.name).alias("metric"),
        *question.by,
        value.alias("value"),
        nothing.alias("numerator"),
        nothing.alias("denominator"),
        count.alias("n"),
    )


def _stacked(parts: list[pl.LazyFrame], by: Sequence[str]) -> pl.DataFrame:
    """All figures in the order in which they were asked for, worked out at once."""
    if parts:
        return pl.concat(parts, how="vertical_relaxed").collect(engine="in-memory")
    return pl.DataFrame(schema={"metric": pl.String, **dict.fromkeys(by, pl.String), **FIGURE})


def _local(instant: pl.Expr, centre: Centre) -> pl.Expr:
    return instant.dt.replace_time_zone("UTC").dt.convert_time_zone(str(centre.timezone))


def _local_times(centre: Centre, frame: pl.DataFrame) -> pl.DataFrame:
    # where nothing is available, a column of nothing but nulls has no type of its own
    named = [name for name in INSTANTS if name in frame.columns]
    if not named:
        return frame
    typed = frame.with_columns(
        pl.lit(None, pl.Datetime("us")).alias(name) for name in named if not isinstance(frame.schema[name], pl.Datetime)
    )
    return typed.with_columns(_local(pl.col(name), centre) for name in named)
