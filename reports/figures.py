"""Figures as reports hold them: each with its metric, its two numbers and its n, asked for through one class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

import metrics
from metrics import Centre, Metric, Period, Scope, Target, text

Key = tuple[object, ...]
Where = Mapping[str, Iterable[object]]


@dataclass(frozen=True)
class Figure:
    """One value of one metric; a value of null is "no data"."""

    metric: Metric
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: int = 0

    @property
    def words(self) -> str:
        """The value as people read it."""
        return text.value(self.metric, self.value)

    @property
    def parts(self) -> str:
        """The two numbers behind a ratio."""
        return text.ratio(self.metric, self.numerator, self.denominator)

    @property
    def is_counted(self) -> bool:
        """Whether the value is itself a number of things, so that an n beside it would say the same again."""
        return self.metric.unit == "count" and self.metric.denominator is None


def difference(later: Figure, earlier: Figure) -> float | None:
    """The change from one figure to another; the only arithmetic that reports do on values."""
    if later.value is None or earlier.value is None:
        return None
    return later.value - earlier.value


def per_day(total: Figure, days: int) -> Figure:
    """A count as the mean of so many days; other figures are already those of all the days together."""
    if not total.is_counted:
        return total
    mean = total.value / days if total.value is not None and days else None
    return Figure(total.metric, mean, total.numerator, None, total.n)


@dataclass(frozen=True)
class Grid:
    """Figures by the values of dimensions, in the order in which they were measured."""

    metrics: dict[str, Metric]
    found: dict[str, dict[Key, Figure]]
    counts_zero: frozenset[str] = frozenset()

    def keys(self) -> list[Key]:
        """Every combination that any of the metrics has, in order."""
        return sorted({key: None for cells in self.found.values() for key in cells}, key=_in_order)

    def figure(self, name: str, *key: object) -> Figure:
        """One figure; a count that was not found is 0 where its fact has any rows in the period."""
        metric = self.metrics[name]
        nothing = Figure(metric, 0.0, 0.0) if name in self.counts_zero else Figure(metric)
        return self.found[name].get(key, nothing)

    def values(self, name: str, keys: Iterable[Key]) -> tuple[float | None, ...]:
        """The values of one metric for these combinations."""
        return tuple(self.figure(name, *key).value for key in keys)

    def row(self, names: Iterable[str], *key: object) -> tuple[Figure, ...]:
        """Several metrics for one combination."""
        return tuple(self.figure(name, *key) for name in names)

    def joined(self, other: Grid) -> Grid:
        """With the metrics of another grid by the same dimensions."""
        return Grid(
            {**self.metrics, **other.metrics},
            {**self.found, **other.found},
            self.counts_zero | other.counts_zero,
        )

    def of(self, first: object) -> Grid:
        """The part that belongs to one value of the first dimension, by the dimensions that remain."""
        found = {
            name: {key[1:]: figure for key, figure in cells.items() if key[0] == first}
            for name, cells in self.found.items()
        }
        return Grid(self.metrics, found, self.counts_zero)

    def days_with(self, name: str) -> int:
        """For how many combinations a metric has data."""
        return sum(figure.n > 0 for figure in self.found[name].values())


def _in_order(key: Key) -> list[tuple[bool, object]]:
    """Missing values last; each dimension's values are of one kind."""
    return [(part is None, "" if part is None else part) for part in key]


@dataclass(frozen=True)
class Asker:
    """A centre and who asks; every figure of a report comes through here from `metrics.measure`."""

    centre: Centre
    scope: Scope
    queue_names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, centre: Centre, scope: Scope) -> Asker:
        """With the names that the centre gave its queues."""
        queues = centre.table("queue")
        return cls(centre, scope, dict(queues.select("queue_id", "name").drop_nulls().iter_rows()))

    @property
    def sees_whole_centre(self) -> bool:
        """Whether access figures can be shown: contacts that nobody answered belong to no team."""
        return not self.scope.limits()

    def metric(self, name: str) -> Metric:
        """A metric's definition."""
        return self.centre.catalogue.metric(name)

    def total(self, names: Sequence[str], during: Period, where: Where | None = None) -> dict[str, Figure]:
        """Each metric over the whole period; a fact that counts nothing there has no data, not zeros."""
        grid = self.by(names, (), during, where)
        return {name: grid.figure(name) for name in names}

    def by(self, names: Sequence[str], dimensions: Sequence[str], during: Period, where: Where | None = None) -> Grid:
        """Metrics by dimensions."""
        frame = metrics.measure(self.centre, names, by=dimensions, during=during, where=where, scope=self.scope)
        chosen = {name: self.metric(name) for name in names}
        found: dict[str, dict[Key, Figure]] = {name: {} for name in names}
        for row in _rows(frame, dimensions):
            metric = chosen[row[0]]
            found[metric.name][tuple(row[5:])] = Figure(metric, *row[1:5])
        living = {self._fact(chosen[name]) for name in names if any(cell.n for cell in found[name].values())}
        zero = frozenset(n for n in names if chosen[n].unit == "count" and self._fact(chosen[n]) in living)
        for name in set(names) - zero:
            if chosen[name].unit == "count":
                found[name] = {key: figure for key, figure in found[name].items() if figure.n}
        return Grid(chosen, found, zero)

    def _fact(self, metric: Metric) -> str:
        if metric.fact is not None:
            return metric.fact
        return self.centre.catalogue.terms(metric.numerator or "")[0][1].fact

    def same_weekdays(self, names: Sequence[str], on: date, where: Where | None = None) -> dict[str, Figure]:
        """The same weekday in the four weeks before, measured over those days together; counts as their mean."""
        days = [on - timedelta(days=7 * week) for week in range(4, 0, -1)]
        during = Period(days[0], days[-1] + timedelta(days=1))
        chosen = {**(where or {}), "day": days}
        together = self.total(names, during, chosen)
        by_day = self.by(names, ["day"], during, chosen)
        return {name: per_day(figure, by_day.days_with(name)) for name, figure in together.items()}

    def target(self, name: str, on: date, queue: str | None = None) -> Target | None:
        """The target that held on a day."""
        return metrics.target(self.centre, name, on=on, queue=queue)

    def intervals(self, grid: Grid) -> tuple[list[Key], tuple[str, ...]]:
        """The intervals of a grid from its first to its last, with the local time at which each starts."""
        keys = unbroken(grid.keys(), timedelta(milliseconds=self.centre.interval_ms))
        return keys, tuple(self.clock(key) for key in keys)

    def clock(self, key: Key) -> str:
        """The local time of an interval's key."""
        return text.clock(self.local(key))

    def local(self, key: Key) -> datetime:
        """The local moment of an interval's key."""
        if not isinstance(key[0], datetime):
            raise TypeError("An interval's key is its moment.")
        return key[0].astimezone(self.centre.timezone)

    def called(self, dimension: str, value: object) -> str:
        """What people call a dimension's value."""
        if dimension == "queue" and value in self.queue_names:
            return self.queue_names[str(value)]
        return text.dimension_value(dimension, value)


def _rows(frame: pl.DataFrame, dimensions: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    # in UTC, since the two 01:30 of a night on which clocks go back would be one key in local time
    instants = [name for name in dimensions if isinstance(frame.schema[name], pl.Datetime)]
    frame = frame.with_columns(pl.col(name).dt.convert_time_zone("UTC") for name in instants)
    return frame.select("metric", "value", "numerator", "denominator", "n", *dimensions).iter_rows()


def unbroken(keys: Sequence[Key], step: timedelta) -> list[Key]:
    """Keys of one instant each, from the first to the last with none left out."""
    instants = [key[0] for key in keys if isinstance(key[0], datetime)]
    if not instants:
        return []
    steps = (max(instants) - min(instants)) // step
    return [(min(instants) + number * step,) for number in range(steps + 1)]
