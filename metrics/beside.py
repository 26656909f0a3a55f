"""A figure beside another: the period before, a year ago, its own trend, the team, the goal, or an earlier snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from metrics.centre import Centre, open_centre
from metrics.coverage import data_span, dimension_values
from metrics.figures import measure
from metrics.period import Period, divmod_month
from metrics.query import NONE, TIME_DIMENSIONS
from metrics.scope import Scope
from sql import WrongUse, nearest

OTHERS = ("previous", "last-year", "trend", "team", "goal")
TREND = 4
MOMENTS = ("day", "interval", "week", "month", "quarter", "year", "fiscal_period", "fiscal_quarter", "fiscal_year")


@dataclass(frozen=True)
class Asked:
    """Everything that is asked for at once, so that the same can be asked of another period or snapshot."""

    metrics: Sequence[str]
    by: Sequence[str]
    during: Period
    where: Mapping[str, Sequence[object]] = field(default_factory=dict)
    scope: Scope = field(kw_only=True)
    key: str | None = None


def measure_asked(centre: Centre, asked: Asked) -> pl.DataFrame:
    """The figures asked for, as `measure` gives them.

    Raises WrongUse with the nearest known value where there is none because a value that was chosen occurs nowhere.
    """
    frame = measure(
        centre, asked.metrics, by=asked.by, during=asked.during, where=asked.where, scope=asked.scope, key=asked.key
    )
    if asked.where and not frame["n"].sum():
        _check_choices(centre, asked)
    return frame


def _check_choices(centre: Centre, asked: Asked) -> None:
    """Raise WrongUse where a value that was chosen occurs on no day that has data."""
    span = data_span(centre)
    facts = {fact.name for name in asked.metrics for fact in centre.catalogue.facts_of(centre.catalogue.metric(name))}
    for name, values in asked.where.items():
        if span is None or name in TIME_DIMENSIONS:
            continue
        known = {
            value
            for fact in facts
            for value in dimension_values(centre, name, during=span, scope=asked.scope, fact=fact)
        }
        for value in map(str, values):
            if known and value not in {*known, NONE}:
                raise WrongUse(
                    f"No {name.replace('_', ' ')} is called {value!r} in the data of {centre.name}."
                    f"{nearest(value, sorted(known))} List all of them with --by {name}."
                )


def compared(centre: Centre, asked: Asked, against: str) -> pl.DataFrame:
    """The figures with `beside` and `difference`; with `met` where they stand beside a goal.

    Against: previous (the period before), last-year (the same dates), trend (the four periods before of the same
    weekdays, their sums divided), team (with agent in `by`), goal, or the number of an earlier snapshot.
    """
    if against.isdigit():
        return _joined(asked, measure_asked(centre, asked), _at_snapshot(centre, asked, int(against)))
    if against not in OTHERS:
        raise WrongUse(f"{against!r} is nothing to compare with.{nearest(against, OTHERS)} Known: {', '.join(OTHERS)}.")
    if against == "team":
        return _beside_team(centre, asked)
    figures = measure_asked(centre, asked)
    if against == "goal":
        return _beside_goal(centre, asked, figures)
    if against == "trend":
        return _joined(asked, figures, _trend(centre, asked))
    shift = period_before(asked.during) if against == "previous" else a_year_before(asked.during)
    return _joined(asked, figures, measure_asked(centre, replace(asked, during=shift)))


def period_before(during: Period) -> Period:
    """The period before: the month before a whole month, else as many days."""
    return during.month_before() if _is_month(during) else during.before()


def a_year_before(during: Period) -> Period:
    """The same dates a year earlier; 29 February becomes the 28th.

    >>> a_year_before(Period(date(2024, 2, 29), date(2024, 3, 1)))
    Period(first=datetime.date(2023, 2, 28), until=datetime.date(2023, 3, 1))
    """
    return Period(_a_year_earlier(during.first), _a_year_earlier(during.until))


def _a_year_earlier(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return date(day.year - 1, day.month, 28 if leap else day.day)


def _is_month(during: Period) -> bool:
    year, month = divmod_month(during.first.year, during.first.month)
    return during == Period.month(year, month)


def _trend(centre: Centre, asked: Asked) -> pl.DataFrame:
    """The sums of the four periods before, on the same days of the week, divided: a count becomes their mean."""
    weeks = -(-asked.during.days // 7)
    step = timedelta(days=7 * weeks)
    earlier = [
        measure_asked(
            centre, replace(asked, during=Period(asked.during.first - n * step, asked.during.until - n * step))
        )
        for n in range(1, TREND + 1)
    ]
    keys = ["metric", *(name for name in asked.by if name not in MOMENTS)]
    sums = (
        pl.concat(earlier, how="vertical_relaxed")
        .group_by(keys)
        .agg(pl.col("numerator").sum(), pl.col("denominator").sum(), pl.col("value").count().alias("periods"))
    )
    factors = {one: centre.catalogue.metric(one).scales[2] for one in sums["metric"].unique()}
    factor = pl.col("metric").replace_strict(factors, return_dtype=pl.Float64)
    ratio = pl.when(pl.col("denominator") != 0).then(factor * pl.col("numerator") / pl.col("denominator"))
    is_ratio = pl.col("metric").is_in([name for name in factors if centre.catalogue.metric(name).denominator])
    adds_up = [name for name in factors if centre.catalogue.metric(name).kind in ("sum", "stock")]
    mean = pl.when(pl.col("metric").is_in(adds_up)).then(pl.col("numerator") / TREND)
    return sums.with_columns(pl.when(is_ratio).then(ratio).otherwise(mean).alias("value"))


def _at_snapshot(centre: Centre, asked: Asked, snapshot: int) -> pl.DataFrame:
    with open_centre(centre.folder, snapshot) as earlier:
        return measure_asked(earlier, asked)


def _joined(asked: Asked, figures: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Figures and others side by side; moments of another period go together in the order in which they come."""
    keys = ["metric", *(name for name in asked.by if name in others.columns)]
    moments = [name for name in asked.by if name in MOMENTS and name in others.columns]
    if moments and not set(figures[moments[0]]) & set(others[moments[0]]):
        keys = [name for name in keys if name not in moments]
        figures, others = (
            frame.with_columns(pl.int_range(pl.len()).over(keys).alias("place")) for frame in (figures, others)
        )
        keys = [*keys, "place"]
    found = figures.join(
        others.select(*keys, pl.col("value").alias("beside")),
        on=keys,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    return found.with_columns((pl.col("value") - pl.col("beside")).alias("difference")).drop("place", strict=False)


def _beside_team(centre: Centre, asked: Asked) -> pl.DataFrame:
    if "agent" not in asked.by:
        raise WrongUse("To stand beside a team a figure must be one agent's: add agent to the dimensions (--by agent).")
    by = list(dict.fromkeys([*asked.by, "team"]))
    theirs = measure_asked(centre, replace(asked, by=by))
    team = measure_asked(centre, replace(asked, by=[name for name in by if name != "agent"]))
    return _joined(replace(asked, by=by), theirs, team)


def _beside_goal(centre: Centre, asked: Asked, figures: pl.DataFrame) -> pl.DataFrame:
    """Each figure with the goal that held on its day (else on the period's last), and whether it was met."""
    goals = {name: centre.named("facts/goals", metric=name).rows(named=True) for name in figures["metric"].unique()}
    found = [_goal(goals[row["metric"]], row, asked.during.last) for row in figures.iter_rows(named=True)]
    higher = [centre.catalogue.metric(name).better != "lower" for name in figures["metric"]]
    beside = figures.with_columns(
        pl.Series("beside", found, dtype=pl.Float64), pl.Series("is_higher_better", higher, dtype=pl.Boolean)
    )
    reached = (
        pl.when("is_higher_better")
        .then(pl.col("value") >= pl.col("beside"))
        .otherwise(pl.col("value") <= pl.col("beside"))
    )
    return beside.with_columns((pl.col("value") - pl.col("beside")).alias("difference"), reached.alias("met")).drop(
        "is_higher_better"
    )


def _goal(goals: list[dict[str, Any]], row: dict[str, Any], last: date) -> float | None:
    """The goal of a row: that of its own queue, type or department before the centre's."""
    day = row.get("day") or last
    holding = [g for g in goals if g["valid_from"] <= day and (g["valid_to"] is None or day < g["valid_to"])]
    for name in ("request_type", "queue", "department"):
        own = [g["goal"] for g in holding if g[name] is not None and g[name] == row.get(name)]
        if own:
            return float(own[0])
    general = [g["goal"] for g in holding if not any(g[name] for name in ("request_type", "queue", "department"))]
    return float(general[0]) if general else None


def attainment(centre: Centre, metric: str, *, during: Period, by: Sequence[str] = (), scope: Scope) -> pl.DataFrame:
    """On how many days of a period a goal was met: `metric`, the dimensions, `met`, `days` (with goal and value)."""
    asked = Asked([metric], ["day", *by], during, scope=scope)
    days = compared(centre, asked, "goal").filter(pl.col("met").is_not_null())
    return days.group_by("metric", *by, maintain_order=True).agg(pl.col("met").sum(), pl.len().alias("days"))


def files_since(centre: Centre, snapshot: int) -> pl.DataFrame:
    """The files that were loaded after a snapshot: why figures of past days may read otherwise now."""
    with open_centre(centre.folder, snapshot) as earlier:
        load_id = earlier.named("facts/last_load")["load_id"][0]
    return centre.named("facts/load_since", load_id=load_id)
