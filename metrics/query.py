"""The one place that composes SQL: names come from the catalogue, values are bound, ratios are formed after summing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from metrics.catalogue import Catalogue, Fact, Measure, Metric, Need
from metrics.period import Period, is_first_of
from metrics.scope import OF_PEOPLE, Scope
from sql import WrongUse, nearest
from sql.fact_views import PIECES, fact_source, span_over

# dimensions of time, over the instant that places a row and its operating day; where only the day is known, no hour is
TIME_DIMENSIONS = {
    "interval": "case when is_day_only then null else interval_start({key}, {interval_ms}) end",
    "hour": "case when is_day_only then null else date_part('hour', local_time({key})) end",
    "day": "{day}",
    "weekday": "isodow({day})",
    "day_type": "case when isodow({day}) < 6 then 'weekday' else 'weekend' end",
    "week": "date_trunc('week', {day})::date",
    "month": "date_trunc('month', {day})::date",
    "quarter": "date_trunc('quarter', {day})::date",
    "year": "date_trunc('year', {day})::date",
    "fiscal_period": "fiscal_period({day})",
    "fiscal_quarter": "fiscal_quarter({day})",
    "fiscal_year": "fiscal_year({day})",
    "peak": "case when is_day_only then null else peak({key}) end",
}
# two days of slack around the days asked for let the engine skip files by the stored instant
NEAR = "{instant} >= $first::date - interval 2 day and {instant} < $until::date + interval 2 day"
NONE = "(none)"
# what other spans need of the pieces that they cut further
CUT = ("agent", "day", "ended_at", "source_id", "load_id", "line_no")
# the column of rows in memory with their operating day by an interval key
HELD_DAY = "day_by_"
QUOTE = "'"
# how far the middle of a sketch's bucket may lie from any value in it, and how much wider each bucket is than the last
PRECISION = 0.01
GROWTH = (1 + PRECISION) / (1 - PRECISION)
# facts with rows that nobody is credited with: who gave up waiting belongs to no team
NOT_CREDITED = ("visit", "visit_in_hours", "deferred_item")
# what needs the time of day; the others are groups of whole days
OF_THE_DAY = ("interval", "hour", "peak")
DAYS = tuple(name for name in TIME_DIMENSIONS if name not in OF_THE_DAY)
# groups of days that follow each other, at whose ends a stock can be taken
SPANS = ("day", "week", "month", "quarter", "year", "fiscal_period", "fiscal_quarter", "fiscal_year")


@dataclass(frozen=True)
class Question:
    """What is asked of one fact: the same for figures and for the rows behind them.

    `at_hand` names a table in memory that holds all rows of the fact that it asks for, `pieces` one with those that the
    fact cuts further.
    """

    during: Period
    by: tuple[str, ...] = ()
    where: Mapping[str, tuple[object, ...]] = field(default_factory=dict)
    scope: Scope = field(kw_only=True)
    interval_ms: int = 1_800_000
    fiscal_month: int = 1
    lists_rows: bool = False
    at_hand: str = ""
    pieces: str = ""

    @property
    def parts_people(self) -> bool:
        """Whether it asks by, or for, something that tells people apart."""
        return not OF_PEOPLE.isdisjoint({*self.by, *self.where})


@dataclass(frozen=True)
class Query:
    """A statement and its bound values."""

    text: str
    values: dict[str, Any]


def dimension(fact: Fact, key: str, name: str, interval_ms: int) -> str:
    """A dimension's expression; raises WrongUse where the fact does not have it."""
    if name in TIME_DIMENSIONS:
        if name in OF_THE_DAY and key in fact.whole_days:
            raise WrongUse(f"By {key}, {fact.grain} stands for a whole day and has no {name}. Ask by day or longer.")
        if fact.shape == "stock" and name not in SPANS:
            raise WrongUse(
                f"What stands at an instant has no {name}. Ask for it at the end of a {', '.join(SPANS[:5])}, "
                "or of the whole period."
            )
        return TIME_DIMENSIONS[name].format(key=fact.keys[key], day=fact.day(key), interval_ms=interval_ms)
    if name in fact.dimensions:
        return f'"{name}"'
    known = [*fact.dimensions, *TIME_DIMENSIONS]
    raise WrongUse(
        f"{fact.grain[0].upper()}{fact.grain[1:]} has no dimension {name!r}.{nearest(name, known)} "
        f"It has: {', '.join(known)}."
    )


def filters(fact: Fact, key: str, question: Question) -> Query:
    """The conditions of a question on a fact: period, chosen values and what the asker may see."""
    day, conditions = fact.day(key), [] if question.at_hand else [NEAR.format(instant=fact.keys[key])]
    conditions += [f"{day} >= $first::date", f"{day} < $until::date"]
    values: dict[str, Any] = {"first": question.during.first, "until": question.during.until}
    chosen, more = _choices(fact, key, question)
    return Query(" and ".join([*conditions, *chosen]), {**values, **more})


def source(fact: Fact, question: Question) -> Query:
    """What stands after `from` for a fact, with the values that it needs beside those of the conditions."""
    if question.at_hand:
        return Query(question.at_hand, {})
    if question.pieces:
        return Query(span_over(fact.name, question.pieces, first_day="$first::date", until_day="$until::date"), {})
    text = fact_source(fact.name, first_day="$first::date", until_day="$until::date", ends="$ends::date[]")
    return Query(text, {"ends": ends(question)} if fact.shape == "stock" else {})


def ends(question: Question) -> list[date]:
    """The days at whose beginning a stock is taken: where groups of days end, and the period."""
    spans = [name for name in question.by if name in SPANS]
    days = [question.during.first + timedelta(days=number) for number in range(1, question.during.days + 1)]
    return [
        day
        for day in days
        if day == question.during.until or any(is_first_of(day, name, question.fiscal_month) for name in spans)
    ]


def _choices(fact: Fact, key: str, question: Question) -> tuple[list[str], dict[str, Any]]:
    """The conditions for the values that were chosen and for what the asker may see."""
    conditions: list[str] = []
    values: dict[str, Any] = {}
    for number, (name, chosen) in enumerate(sorted(question.where.items())):
        expression = dimension(fact, key, name, question.interval_ms)
        conditions.append(f"coalesce(({expression})::varchar, '{NONE}') in (select unnest($chosen_{number}))")
        values[f"chosen_{number}"] = [_bound(value) for value in chosen]
    allowed = _allowed(fact, question)
    return [*conditions, *allowed.text.splitlines()], {**values, **allowed.values}


def _allowed(fact: Fact, question: Question) -> Query:
    """What the asker may see of a fact, a condition a line; a fact that credits nobody is not theirs to see.

    Who sees the centre's totals sees a fact that does not credit all of its rows as a whole, and of its rows the own
    ones and those of nobody.
    """
    limits = question.scope.limits()
    if not limits:
        return Query("", {})
    names = [name for name in limits if name in fact.dimensions]
    if question.scope.sees_totals and not question.parts_people:
        if not names or (fact.name in NOT_CREDITED and not question.lists_rows):
            return Query("", {})
    elif not names:
        return Query("false", {})
    own = " and ".join(f'"{name}" in (select unnest($allowed_{name}))' for name in names)
    nobodys = fact.name in NOT_CREDITED and question.scope.sees_totals and "agent" not in question.where
    return Query(
        f'("agent" is null or {own})' if nobodys and question.lists_rows else own,
        {f"allowed_{name}": sorted(limits[name]) for name in names},
    )


def _bound(value: object) -> str:
    """A chosen value as it is bound; one with a NUL is none, and would cut short what the lake asks its catalogue."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    if "\0" in text:
        raise WrongUse("A chosen value holds a NUL character, which no name has.")
    return text


def _grouping(fact: Fact, key: str, question: Question) -> tuple[str, str]:
    expressions = [f'{dimension(fact, key, name, question.interval_ms)} as "{name}"' for name in question.by]
    return "".join(f"{expression}, " for expression in expressions), ", ".join(f'"{name}"' for name in question.by)


def aggregate(measure: Measure) -> str:
    """A measure over the rows of a group (by `case`: the engine then works out once what several have in common)."""
    if measure.distinct is not None:
        return f'count(distinct {measure.distinct}) filter (where {measure.condition}) as "{measure.name}"'
    if measure.condition == "true":
        return f'{"count(*)" if measure.sum is None else f"sum({measure.sum})"} as "{measure.name}"'
    if measure.sum is None:
        return f'count(case when {measure.condition} then 1 end) as "{measure.name}"'
    return f'sum(case when {measure.condition} then {measure.sum} end) as "{measure.name}"'


def sums(fact: Fact, key: str, measures: Sequence[Measure], question: Question) -> Query:
    """Measures of one fact and interval key by the question's dimensions."""
    chosen = filters(fact, key, question)
    expressions, names = _grouping(fact, key, question)
    aggregates = ", ".join(aggregate(measure) for measure in measures)
    rows = source(fact, question)
    text = f"select {expressions}{aggregates} from {rows.text} where {chosen.text}"
    # by position: a fact may have a column of the name that a dimension has
    return Query(f"{text} group by all" if names else text, {**chosen.values, **rows.values})


def stored_table(fact: str, key: str) -> str:
    """The name of the table that keeps a fact's measures by operating day."""
    return f"measures_{fact}_{key}"


def is_stored(fact: Fact, question: Question) -> bool:
    """Whether the stored measures can answer a question: whole days, and only dimensions that they keep."""
    asked = {*question.by, *question.where, *(set(question.scope.limits()) & set(fact.dimensions))}
    return bool(fact.stored) and asked <= {*DAYS, *fact.stored}


def stored_sums(fact: Fact, key: str, measures: Sequence[Measure], question: Question) -> Query:
    """As `sums`, from the table of measures by day that is `at_hand`, or from the one that is stored."""
    days = fact.model_copy(update={"keys": {key: "day"}, "days": {key: "day"}})
    values: dict[str, Any] = {"first": question.during.first, "until": question.during.until}
    conditions = ["day >= $first::date", "day < $until::date"]
    chosen, more = _choices(days, key, question)
    expressions, names = _grouping(days, key, question)
    totals = ", ".join(f'sum("{measure.name}") as "{measure.name}"' for measure in measures)
    home = question.at_hand or f"lake.{stored_table(fact.name, key)}"
    text = f"select {expressions}{totals} from {home} where {' and '.join([*conditions, *chosen])}"
    return Query(f"{text} group by all" if names else text, {**values, **more})


def held_rows(catalogue: Catalogue, fact: Fact, key: str, question: Question) -> Query:
    """All rows that a question can ask a fact for by an interval key, whatever it chooses among them.

    Columns: the question's dimensions, what measures are made of, and by each key the operating day, reckoned once.
    """
    rows = source(fact, question)
    keys = [key] if fact.shape == "view" else list(fact.keys)
    days = ", ".join(f'{fact.day(one)} as "{HELD_DAY}{one}"' for one in keys)
    wanted = {*catalogue.words_of(fact), *question.by, *(CUT if fact.name == PIECES else ())}
    text = f"select columns(c -> c in ({', '.join(map(repr, sorted(wanted)))})), {days} from {rows.text}"
    values = rows.values or {"first": question.during.first, "until": question.during.until}
    near = f" where {NEAR.format(instant=fact.keys[key])}" if fact.shape == "view" else ""
    return Query(f"{text}{near}", values)


def as_held(fact: Fact, key: str) -> Fact:
    """A fact whose rows are in memory, with their operating day."""
    return fact.model_copy(update={"days": {key: f'"{HELD_DAY}{key}"'}})


def held_measures(table: str, during: Period) -> Query:
    """All rows of a table of measures by day that a question of a period, or of part of it, can ask for."""
    text = f"select * from lake.{table} where day >= $first::date and day < $until::date order by day"
    return Query(text, {"first": during.first, "until": during.until})


def day_measures(fact: Fact, key: str, measures: Sequence[Measure], *, days: str | None = None) -> str:
    """The statement that computes a fact's measures by operating day and stored dimension.

    For all days, or for those of `days`, an SQL list of dates in order; a span needs them.
    """
    instant, day = fact.keys[key], fact.day(key)
    dimensions = ", ".join(f'"{name}"' for name in fact.stored)
    aggregates = ", ".join(aggregate(measure) for measure in measures)
    first, until = f"({days})[1]", f"({days})[-1] + 1"
    rows = fact_source(fact.name, first_day=first, until_day=until, ends="[]")
    text = f"select {day} as day, {dimensions}, {aggregates} from {rows} where {instant} is not null"
    if days is not None:
        # two days of slack around the days asked for let the engine skip files by the stored instant
        text += (
            f" and {instant} >= {first} - interval 2 day and {instant} < {until} + interval 2 day"
            f" and {day} in (select unnest({days}))"
        )
    return f"{text} group by all"


def values_of(fact: Fact, key: str, name: str, question: Question) -> Query:
    """The values of a dimension that occur in a question's period."""
    chosen = filters(fact, key, question)
    expression = dimension(fact, key, name, question.interval_ms)
    rows = source(fact, question)
    text = f"select distinct ({expression})::varchar as value from {rows.text} where {chosen.text} order by value"
    return Query(text, {**chosen.values, **rows.values})


def quantile(fact: Fact, metric: Metric, question: Question) -> Query:
    """A point of a distribution by the question's dimensions, with the number of rows.

    Where the metric says what makes an observation complete, rows without it are censored at their value and the
    point is where the product-limit (Kaplan-Meier) curve falls to 1 - p; null when it never does.
    """
    chosen = filters(fact, metric.key, question)
    expressions, names = _grouping(fact, metric.key, question)
    select = f"{names}, " if names else ""
    rows = source(fact, question)
    values = {**chosen.values, **rows.values}
    observed = f"""
        with observed as (
            select {expressions}({metric.value}) as x, coalesce({metric.happened or "true"}, false) as happened
            from {rows.text}
            where {chosen.text} and ({metric.where or "true"}) and ({metric.value}) is not null
        )"""
    if metric.happened is None:
        point = "max(x)" if metric.quantile == 1 else f"percentile_cont({metric.quantile}) within group (order by x)"
        group = f"group by {names}" if names else ""
        return Query(f"{observed} select {select}{point} as value, count(*) as n from observed {group}", values)
    text = f"""{observed},
        steps as (
            select {select}x, count(*) filter (where happened) as events, count(*) as leaving
            from observed
            group by {select}x
        )"""
    return Query(text + _point_of_curve(metric, names), values)


def _point_of_curve(metric: Metric, names: str) -> str:
    """Where the product-limit curve over `steps` (x, events, leaving) falls to 1 - p, by the names of dimensions."""
    partition = f"partition by {names} " if names else ""
    select = f"{names}, " if names else ""
    return f""",
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
        {f"group by {names}" if names else ""}"""


def sketch_table(fact: str, key: str) -> str:
    """The name of the table that keeps the sketches of a fact's distributions by operating day."""
    return f"sketch_{fact}_{key}"


def day_sketches(fact: Fact, key: str, metrics: Sequence[Metric], *, days: str | None = None) -> str:
    """The statement that counts a fact's observations by operating day, dimension and bucket, for all or some `days`.

    Buckets grow by a constant factor, so that the middle of each is within `PRECISION` of all that lie in it; sketches
    of days are merged by adding up their buckets.
    """
    first, until = f"({days})[1]", f"({days})[-1] + 1"
    day, instant = fact.day(key), fact.keys[key]
    dimensions = ", ".join(f'"{name}"' for name in fact.sketched)
    slack = f" and {instant} >= {first} - interval 2 day and {instant} < {until} + interval 2 day"
    chosen = f"{slack} and {day} in (select unnest({days}))" if days is not None else ""
    return " union all ".join(
        f"select {day} as day, {dimensions}, '{metric.observes.replace(QUOTE, QUOTE * 2)}' as observed, "
        f"(case when {metric.value} < 1 then -1 else ceil(ln({metric.value}) / ln({GROWTH!r})) end)::smallint"
        f" as bucket, count(case when {metric.happened or 'true'} then 1 end) as events, count(*) as leaving "
        f"from {fact_source(fact.name)} where {instant} is not null and ({metric.where or 'true'}) "
        f"and ({metric.value}) is not null{chosen} group by all"
        for metric in metrics
    )


def can_be_sketched(fact: Fact, metric: Metric, question: Question) -> bool:
    """Whether sketches by day can answer a question about a distribution."""
    asked = {*question.by, *question.where, *(set(question.scope.limits()) & set(fact.dimensions))}
    return bool(fact.sketched) and metric.quantile != 1 and asked <= {*DAYS, *fact.sketched}


def sketched_quantile(fact: Fact, metric: Metric, question: Question) -> Query:
    """As `quantile`, from the sketches of the days: the middle of the bucket in which the point lies."""
    days = fact.model_copy(update={"keys": {metric.key: "day"}, "days": {metric.key: "day"}})
    chosen, values = _choices(days, metric.key, question)
    expressions, names = _grouping(days, metric.key, question)
    conditions = ["day >= $first::date", "day < $until::date", "observed = $observed", *chosen]
    steps = f"""
        with steps as (
            select {expressions}
                case when bucket < 0 then 0 else 2 * power({GROWTH!r}, bucket) / ({GROWTH!r} + 1) end as x,
                sum(events) as events,
                sum(leaving) as leaving
            from lake.{sketch_table(fact.name, metric.key)}
            where {" and ".join(conditions)}
            group by {f"{names}, " if names else ""}bucket
        )"""
    during = {"first": question.during.first, "until": question.during.until, "observed": metric.observes}
    return Query(steps + _point_of_curve(metric, names), {**values, **during})


def contribution(terms: Iterable[tuple[int, Measure]]) -> str:
    """What one row of a fact adds to a formula; of things that are counted once, the first row of each does."""
    parts = []
    for sign, measure in terms:
        adds = f"coalesce({measure.contribution}, 0)"
        if measure.distinct is not None:
            adds = f"(row_number() over (partition by {measure.distinct}, ({measure.condition})) = 1)::integer"
        parts.append(f"{sign} * (case when {measure.condition} then {adds} else 0 end)")
    return " + ".join(parts) or "0"


def rows_behind(
    catalogue: Catalogue, metric: Metric, question: Question, limit: int | None, *, of_denominator: bool = False
) -> Query:
    """The rows that make up a figure: `counted` adds up to the numerator, `in_base` to the denominator.

    Where the two come from different facts, these are the rows of the numerator, or those of the denominator.
    """
    question = replace(question, lists_rows=True)
    if metric.is_distribution:
        fact, key = catalogue.facts[metric.fact or ""], metric.key
        counted, in_base = f"({metric.value})", f"case when ({metric.where or 'true'}) then 1 else 0 end"
        taken = f"({metric.where or 'true'}) and ({metric.value}) is not null"
    else:
        above = catalogue.parts(metric, metric.numerator)
        below = catalogue.parts(metric, metric.denominator)
        first = below[0][1] if of_denominator and below else above[0][1]
        fact, key = catalogue.facts[first.fact], first.key
        same = [
            [(sign, measure) for sign, measure in part if (measure.fact, measure.key) == (first.fact, first.key)]
            for part in (above, below)
        ]
        counted, in_base = contribution(same[0]), contribution(same[1]) if same[1] else "null"
        taken = "(counted <> 0 or coalesce(in_base, 0) <> 0)"
    chosen = filters(fact, key, question)
    rows = source(fact, question)
    # of what is still going on it is only known that it took so long until now
    complete = f", coalesce(({metric.happened}), false) as is_complete" if metric.happened else ""
    identity = ", ".join(fact.identity) + complete
    text = f"""
        with weighed as (
            select *, {counted} as counted, {in_base} as in_base
            from {rows.text}
            where {chosen.text}
        )
        select {identity}, counted, in_base, source_id, load_file.file_name as source_file, line_no as line
        from weighed
        left join (select load_id, file_name from lake.load_file) as load_file using (load_id)
        where {taken}
        order by {fact.keys[key]}, line_no"""
    values = {**chosen.values, **rows.values}
    return Query(f"{text} limit {int(limit)}" if limit is not None else text, values)


def row_count(table: str) -> Query:
    """How many rows a table of the lake has."""
    return Query(f"select count(*) as n from lake.{table}", {})


def supplied(need: Need) -> Query:
    """A row where what a figure needs was ever loaded, else none (`exists` takes the lake eight times as long)."""
    where = f" where {need.where}" if need.where else ""
    return Query(f"select 1 as is_there from lake.{need.table}{where} limit 1", {})
