"""What one scope sees of one snapshot of a centre: every question a page has, asked of the warehouse once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import polars as pl

import metrics
from dashboards.figures import Figure, Grid, Usual
from metrics import Centre, Freshness, Metric, Period, Scope, Story, Target, text
from metrics.catalogue import Fact
from metrics.listing import definition_card

Where = Mapping[str, Sequence[str]]
Chosen = tuple[tuple[str, tuple[str, ...]], ...]
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")

NO_CHOICE: Where = {}
KEPT_ANSWERS = 4_000
WEEKS = 4


def kept(method: Callable[Concatenate[Answers, Asked], Answer]) -> Callable[Concatenate[Answers, Asked], Answer]:
    """Ask once: the answer stays as long as the snapshot it came from."""

    @wraps(method)
    def asked(self: Answers, *question: Asked.args, **named: Asked.kwargs) -> Answer:
        return cast("Answer", self.cached(method, *question, **named))

    return asked


class Answers:
    """One scope's view of one snapshot; a new snapshot, or another scope, gets an object of its own."""

    def __init__(self, centre: Centre, scope: Scope) -> None:
        self.centre = centre
        self.scope = scope

        @lru_cache(maxsize=KEPT_ANSWERS)
        def cached(method: Callable[..., Any], *question: Any, **named: Any) -> Any:
            return method(self, *question, **named)

        self.cached = cached

    # ---- figures -------------------------------------------------------------------------------------------------

    def total(self, names: Sequence[str], during: Period, where: Where = NO_CHOICE) -> dict[str, Figure]:
        """Each metric over the whole period."""
        grid = self.by(names, (), during, where)
        return {name: grid.figure(name) for name in names}

    def by(self, names: Sequence[str], dimensions: Sequence[str], during: Period, where: Where = NO_CHOICE) -> Grid:
        """Metrics by dimensions; instants are in UTC, in which no two intervals share a name."""
        chosen = tuple(sorted((name, tuple(values)) for name, values in where.items()))
        return self._measured(tuple(names), tuple(dimensions), during, chosen)

    @kept
    def _measured(self, names: tuple[str, ...], dimensions: tuple[str, ...], during: Period, chosen: Chosen) -> Grid:
        frame = metrics.measure(self.centre, names, by=dimensions, during=during, where=dict(chosen), scope=self.scope)
        defined = {name: self.metric(name) for name in names}
        found: dict[str, dict[tuple[object, ...], Figure]] = {name: {} for name in names}
        for row in _in_utc(frame, dimensions):
            found[row[0]][tuple(row[5:])] = Figure(defined[row[0]], *row[1:5])
        # a fact that counts nothing at all in the period has no data, not zeros
        living = {self.fact(name).name for name in names if any(figure.n for figure in found[name].values())}
        counts = {name for name in names if defined[name].unit == "count"}
        without = {name for name in counts if self.fact(name).name not in living}
        return Grid(
            defined,
            {name: {} if name in without else cells for name, cells in found.items()},
            frozenset(counts - without),
        )

    def usual(self, names: Sequence[str], on: date, where: Where = NO_CHOICE) -> dict[str, Usual]:
        """Each metric over the same weekday of the four weeks before."""
        days = tuple(on - timedelta(days=7 * week) for week in range(WEEKS, 0, -1))
        during = Period(days[0], days[-1] + timedelta(days=1))
        chosen = {**where, "day": [day.isoformat() for day in days]}
        figures = self.total(names, during, chosen)
        counts = [name for name in names if figures[name].is_counted]
        by_day = self.by(counts, ["day"], during, chosen)
        figures |= {name: figures[name].per_day(by_day.days_with(name)) for name in counts}
        return {name: Usual(figure, days) for name, figure in figures.items()}

    def rows(self, name: str, during: Period, where: Where, *, limit: int) -> pl.DataFrame:
        """The rows behind a figure; not kept, since they are many and looked at once."""
        return metrics.rows(self.centre, name, during=during, where=where, scope=self.scope, limit=limit)

    def contact(self, number: int) -> Story:
        """One contact's story; raises WrongUse where it is unknown or not to be seen."""
        return metrics.contact(self.centre, number, scope=self.scope)

    # ---- definitions and settings --------------------------------------------------------------------------------

    def metric(self, name: str) -> Metric:
        """A metric's definition; raises WrongUse for an unknown name."""
        return self.centre.catalogue.metric(name)

    def fact(self, name: str) -> Fact:
        """The fact that a metric counts."""
        metric = self.metric(name)
        found = metric.fact or self.centre.catalogue.terms(metric.numerator or "")[0][1].fact
        return self.centre.catalogue.facts[found]

    @kept
    def sql(self, name: str) -> str:
        """The statement that computes a metric for the whole centre."""
        return definition_card(self.centre.catalogue, name).sql

    @kept
    def target(self, name: str, on: date, queue: str | None = None) -> Target | None:
        """The target that held on a day."""
        if name not in self._with_targets():
            return None
        return metrics.target(self.centre, name, on=on, queue=queue)

    @kept
    def _with_targets(self) -> frozenset[str]:
        return frozenset(self.centre.table("target")["metric"])

    # ---- who and what there is -----------------------------------------------------------------------------------

    @kept
    def values(self, dimension: str) -> list[str]:
        """The values of a dimension over all that is loaded, in order."""
        span = self.span()
        if span is None:
            return []
        grid = self.by(["legs_handled" if dimension == "team" else "contacts_received"], [dimension], span)
        return [str(key[0]) for key in grid.keys() if key[0] is not None]

    @kept
    def roster(self, during: Period) -> pl.DataFrame:
        """Who works here, in which team and when."""
        return metrics.roster(self.centre, during=during, scope=self.scope)

    def called(self, dimension: str, value: object) -> str:
        """What people call a dimension's value."""
        names = {"queue": self._queue_names, "agent": self._agent_names}.get(dimension, dict[str, str])()
        return names.get(str(value)) or text.dimension_value(dimension, value)

    @kept
    def _queue_names(self) -> dict[str, str]:
        return dict(self.centre.table("queue").select("queue_id", "name").drop_nulls().iter_rows())

    @kept
    def _agent_names(self) -> dict[str, str]:
        span = self.span()
        if span is None:
            return {}
        return dict(self.roster(span).select("agent_id", "name").drop_nulls().iter_rows())

    # ---- how far the data reach ----------------------------------------------------------------------------------

    @kept
    def span(self) -> Period | None:
        """From the first to the last day with data."""
        return metrics.data_span(self.centre)

    @kept
    def last_day(self) -> date:
        """The last day with contacts; raises WrongUse where nothing was loaded."""
        return metrics.last_day(self.centre)

    @kept
    def freshness(self) -> list[Freshness]:
        """How far each source reaches."""
        return metrics.freshness(self.centre)

    @kept
    def open_identities(self) -> int:
        """How many identities do not close."""
        return metrics.open_identities(self.centre)


def _in_utc(frame: pl.DataFrame, dimensions: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    instants = [name for name in dimensions if isinstance(frame.schema[name], pl.Datetime)]
    frame = frame.with_columns(pl.col(name).dt.convert_time_zone("UTC") for name in instants)
    return frame.select("metric", "value", "numerator", "denominator", "n", *dimensions).iter_rows()
