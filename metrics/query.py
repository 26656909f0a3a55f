"""The one place that composes SQL: names come from the catalogue, values are bound, ratios are formed after summing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from metrics.catalogue import Catalogue, Fact, Measure, Metric
from metrics.period import Period
from metrics.scope import Scope
from sql import WrongUse, nearest

# dimensions of time, over the instant that places a row; a row that knows only its day has no hour
TIME_DIMENSIONS = {
    "interval": "case when is_day_only then null else interval_start({key}, {interval_ms}) end",
    "hour": "case when is_day_only then null else date_part('hour', local_time({key})) end",
    "day": "operating_day({key})",
    "weekday": "isodow(operating_day({key}))",
    "day_type": "case when isodow(operating_day({key})) < 6 then 'weekday' else 'weekend' end",
    "week": "date_trunc('week', operating_day({key}))::date",
    "month": "date_trunc('month', operating_day({key}))::date",
    "quarter": "date_trunc('quarter', operating_day({key}))::date",
    "year": "date_trunc('year', operating_day({key}))::date",
}
NONE = "(none)"


DAYS = tuple(name for name in TIME_DIMENSIONS if name not in ("interval", "hour"))


@dataclass(frozen=True)
class Question:
    """What is asked of one fact: the same for figures and for the rows behind them."""

    during: Period
    by: tuple[str, ...] = ()
    where: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    scope: Scope = field(default_factory=Scope)
    interval_ms: int = 1_800_000


@dataclass(frozen=True)
class Query:
    """A statement and its bound values."""

    text: str
    values: dict[str, Any]


def dimension(fact: Fact, key: str, name: str, interval_ms: int) -> str:
    """A dimension's expression; raises WrongUse where the fact does not have it."""
    if name in TIME_DIMENSIONS:
        return TIME_DIMENSIONS[name].format(key=fact.keys[key], interval_ms=interval_ms)
    if name in fact.dimensions:
        return f'"{name}"'
    known = [*fact.dimensions, *TIME_DIMENSIONS]
    raise WrongUse(
        f"{fact.grain[0].upper()}{fact.grain[1:]} has no dimension {name!r}.{nearest(name, known)} "
        f"It has: {', '.join(known)}."
    )


def filters(fact: Fact, key: str, question: Question) -> Query:
    """The conditions of a question on a fact: period, chosen values and what the asker may see."""
    instant = fact.keys[key]
    # two days of slack around the days asked for let the engine skip files by the stored instant
    conditions = [
        f"{instant} >= $first::date - interval 2 day",
        f"{instant} < $until::date + interval 2 day",
        f"operating_day({instant}) >= $first::date",
        f"operating_day({instant}) < $until::date",
    ]
    values: dict[str, Any] = {"first": question.during.first, "until": question.during.until}
    chosen, more = _choices(fact, key, question)
    return Query(" and ".join([*conditions, *chosen]), {**values, **more})


def _choices(fact: Fact, key: str, question: Question) -> tuple[list[str], dict[str, Any]]:
    """The conditions for the values that were chosen and for what the asker may see."""
    conditions: list[str] = []
    values: dict[str, Any] = {}
    for number, (name, chosen) in enumerate(sorted(question.where.items())):
        expression = dimension(fact, key, name, question.interval_ms)
        conditions.append(f"coalesce(({expression})::varchar, '{NONE}') in (select unnest($chosen_{number}))")
        values[f"chosen_{number}"] = [_bound(value) for value in chosen]
    for name, allowed in question.scope.limits().items():
        if name in fact.dimensions:
            conditions.append(f'"{name}" in (select unnest($allowed_{name}))')
            values[f"allowed_{name}"] = sorted(allowed)
    return conditions, values


def _bound(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _grouping(fact: Fact, key: str, question: Question) -> tuple[str, str]:
    expressions = [f'{dimension(fact, key, name, question.interval_ms)} as "{name}"' for name in question.by]
    return "".join(f"{expression}, " for expression in expressions), ", ".join(f'"{name}"' for name in question.by)


def aggregate(measure: Measure) -> str:
    """A measure over the rows of a group."""
    if measure.sum is None:
        return f'count(*) filter (where {measure.condition}) as "{measure.name}"'
    return f'sum({measure.sum}) filter (where {measure.condition}) as "{measure.name}"'


def sums(fact: Fact, key: str, measures: Sequence[Measure], question: Question) -> Query:
    """Measures of one fact and interval key by the question's dimensions."""
    chosen = filters(fact, key, question)
    expressions, names = _grouping(fact, key, question)
    aggregates = ", ".join(aggregate(measure) for measure in measures)
    text = f'select {expressions}{aggregates} from "{fact.name}" where {chosen.text}'
    return Query(f"{text} group by {names}" if names else text, chosen.values)


def stored_table(fact: str, key: str) -> str:
    """The name of the table that keeps a fact's measures by operating day."""
    return f"measures_{fact}_{key}"


def is_stored(fact: Fact, question: Question) -> bool:
    """Whether the stored measures can answer a question: whole days, and only dimensions that they keep."""
    asked = {*question.by, *question.where, *(set(question.scope.limits()) & set(fact.dimensions))}
    return asked <= {*DAYS, *fact.stored}


def stored_sums(fact: Fact, key: str, measures: Sequence[Measure], question: Question) -> Query:
    """As `sums`, from the measures that are stored by day."""
    days = fact.model_copy(update={"keys": {key: "day"}})
    values: dict[str, Any] = {"first": question.during.first, "until": question.during.until}
    conditions = ["day >= $first::date", "day < $until::date"]
    chosen, more = _choices(days, key, question)
    expressions, names = _grouping(days, key, question)
    totals = ", ".join(f'sum("{measure.name}") as "{measure.name}"' for measure in measures)
    table = stored_table(fact.name, key)
    text = f"select {expressions}{totals} from lake.{table} where {' and '.join([*conditions, *chosen])}"
    text = text.replace("operating_day(day)", "day")
    return Query(f"{text} group by {names}" if names else text, {**values, **more})


def day_measures(fact: Fact, key: str, measures: Sequence[Measure]) -> str:
    """The statement that computes a fact's measures by stored dimension for the days in `rebuilt_day`."""
    instant = fact.keys[key]
    dimensions = ", ".join(f'"{name}"' for name in fact.stored)
    aggregates = ", ".join(aggregate(measure) for measure in measures)
    return (
        f'select operating_day({instant}) as day, {dimensions}, {aggregates} from "{fact.name}" '
        f"where {instant} >= (select min(day) from rebuilt_day) - interval 2 day "
        f"and {instant} < (select max(day) from rebuilt_day) + interval 3 day "
        f"and operating_day({instant}) in (select day from rebuilt_day) "
        f"group by all"
    )


def days_of(fact: Fact, key: str) -> Query:
    """All operating days on which a fact has rows."""
    return Query(f'select distinct operating_day({fact.keys[key]}) as day from "{fact.name}"', {})


def values_of(fact: Fact, key: str, name: str, question: Question) -> Query:
    """The values of a dimension that occur in a question's period."""
    chosen = filters(fact, key, question)
    expression = dimension(fact, key, name, question.interval_ms)
    text = f'select distinct ({expression})::varchar as value from "{fact.name}" where {chosen.text} order by value'
    return Query(text, chosen.values)


def quantile(fact: Fact, metric: Metric, question: Question) -> Query:
    """A point of a distribution by the question's dimensions, with the number of rows.

    Where the metric says what makes an observation complete, rows without it are censored at their value and the
    point is where the product-limit (Kaplan-Meier) curve falls to 1 - p; null when it never does.
    """
    chosen = filters(fact, metric.key, question)
    expressions, names = _grouping(fact, metric.key, question)
    partition = f"partition by {names} " if names else ""
    group = f"group by {names}" if names else ""
    select = f"{names}, " if names else ""
    observed = f"""
        with observed as (
            select {expressions}({metric.value}) as x, coalesce({metric.happened or "true"}, false) as happened
            from "{fact.name}"
            where {chosen.text} and ({metric.where or "true"}) and ({metric.value}) is not null
        )"""
    if metric.happened is None:
        point = "max(x)" if metric.quantile == 1 else f"percentile_cont({metric.quantile}) within group (order by x)"
        return Query(f"{observed} select {select}{point} as value, count(*) as n from observed {group}", chosen.values)
    text = f"""{observed},
        steps as (
            select {select}x, count(*) filter (where happened) as events, count(*) as leaving
            from observed
            group by {select}x
        ),
        at_risk as (
            select *, sum(leaving) over ({partition}order by x desc) as remaining
            from steps
        ),
        curve as (
            select
                *,
                sum(case when events = remaining then -1e9 else ln(1 - events / remaining) end)
                    over ({partition}order by x) as log_surviving
            from at_risk
        )
        select
            {select}min(x) filter (where log_surviving <= ln({1 - (metric.quantile or 0):.10g}) + 1e-12) as value,
            sum(leaving)::bigint as n
        from curve
        {group}"""
    return Query(text, chosen.values)


def contribution(catalogue: Catalogue, formula: str, fact: str) -> str:
    """What one row of a fact adds to a formula."""
    terms = [
        f"{sign} * (case when {measure.condition} then coalesce({measure.contribution}, 0) else 0 end)"
        for sign, measure in catalogue.terms(formula)
        if measure.fact == fact
    ]
    return " + ".join(terms) or "0"


def rows_behind(catalogue: Catalogue, metric: Metric, question: Question, limit: int | None) -> Query:
    """The rows that make up a figure: `counted` adds up to the numerator, `in_base` to the denominator."""
    if metric.is_distribution:
        fact, key = catalogue.facts[metric.fact or ""], metric.key
        counted, in_base = f"({metric.value})", f"case when ({metric.where or 'true'}) then 1 else 0 end"
        taken = f"({metric.where or 'true'}) and ({metric.value}) is not null"
    else:
        first = catalogue.terms(metric.numerator or "")[0][1]
        fact, key = catalogue.facts[first.fact], first.key
        counted = contribution(catalogue, metric.numerator or "", fact.name)
        in_base = contribution(catalogue, metric.denominator, fact.name) if metric.denominator else "null"
        taken = "(counted <> 0 or coalesce(in_base, 0) <> 0)"
    chosen = filters(fact, key, question)
    identity = ", ".join(fact.identity)
    text = f"""
        with weighed as (
            select *, {counted} as counted, {in_base} as in_base
            from "{fact.name}"
            where {chosen.text}
        )
        select {identity}, counted, in_base, source_id, load_file.file_name as source_file, line_no as line
        from weighed
        left join (select load_id, file_name from lake.load_file) as load_file using (load_id)
        where {taken}
        order by {fact.keys[key]}, line_no"""
    return Query(f"{text} limit {int(limit)}" if limit is not None else text, chosen.values)
