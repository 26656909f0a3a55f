"""A centre and who asks: where every figure of a page or a paper comes from, held as grids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from metrics import text
from metrics.availability import unavailable
from metrics.catalogue import Fact, Metric
from metrics.centre import Centre
from metrics.coverage import data_span
from metrics.figures import measure
from metrics.gaps import gaps_within, in_gaps, is_on_record, subject_of_fact
from metrics.grid import Figure, Grid, Key, Usual, unbroken
from metrics.language import N_, _
from metrics.period import Period
from metrics.scope import Scope
from metrics.settings import Target, target

Where = Mapping[str, Iterable[object]]
NO_CHOICE: Where = {}
WEEKS = 4
# what a day is compared with, by its weekday; a language has no rule for the plural of its weekdays
BEFORE = (
    N_("Monday before"), N_("Tuesday before"), N_("Wednesday before"), N_("Thursday before"), N_("Friday before"),
    N_("Saturday before"), N_("Sunday before"),
)  # fmt: skip
LAST = (
    N_("last {n} Mondays"), N_("last {n} Tuesdays"), N_("last {n} Wednesdays"), N_("last {n} Thursdays"),
    N_("last {n} Fridays"), N_("last {n} Saturdays"), N_("last {n} Sundays"),
)  # fmt: skip


@dataclass
class Asker:
    """Asks `metrics.measure` within one scope and hands the answers out as figures and grids."""

    centre: Centre
    scope: Scope = field(repr=False)
    # the interval key that was chosen in place of the definitions' own
    key: str = ""

    @property
    def sees_whole_centre(self) -> bool:
        """Whether access figures can be shown: contacts that nobody answered belong to no team."""
        return not self.scope.limits() or self.scope.sees_totals

    def metric(self, name: str) -> Metric:
        """A metric's definition, by the chosen key; raises WrongUse for an unknown name, or a key that it lacks."""
        found = self.centre.catalogue.metric(name)
        return found.by_key(self.key) if self.key else found

    def fact(self, name: str) -> Fact:
        """The fact that a metric counts."""
        metric = self.metric(name)
        found = metric.fact or self.centre.catalogue.terms(metric.numerator or "")[0][1].fact
        return self.centre.catalogue.facts[found]

    def total(self, names: Sequence[str], during: Period, where: Where = NO_CHOICE) -> dict[str, Figure]:
        """Each metric over the whole period."""
        grid = self.by(names, (), during, where)
        return {name: grid.figure(name) for name in names}

    def by(self, names: Sequence[str], dimensions: Sequence[str], during: Period, where: Where = NO_CHOICE) -> Grid:
        """Metrics by dimensions; instants are in UTC, in which no two intervals share a name.

        A fact that counts nothing at all in the period has no data, not zeros.
        """
        frame = measure(
            self.centre, names, by=dimensions, during=during, where=where, scope=self.scope, key=self.key or None
        )
        defined = {name: self.metric(name) for name in names}
        found: dict[str, dict[Key, Figure]] = {name: {} for name in names}
        for row in _in_utc(frame, dimensions):
            rounded = row[1] is not None and row[5] is not None
            found[row[0]][tuple(row[6:])] = Figure(defined[row[0]], row[1], row[2], row[3], row[4], is_rounded=rounded)
        living = {self.fact(name).name for name in names if any(figure.n for figure in found[name].values())}
        counts = {name for name in names if defined[name].unit == "count"}
        without = {name for name in counts if self.fact(name).name not in living}
        return Grid(
            defined,
            {name: {} if name in without else cells for name, cells in found.items()},
            frozenset(counts - without),
            unavailable(self.centre, names),
            {name: self._in_gaps(name, dimensions[0], during) for name in counts} if len(dimensions) == 1 else {},
        )

    def _in_gaps(self, name: str, dimension: str, during: Period) -> frozenset[Key]:
        return in_gaps(self.centre, subject_of_fact(self.fact(name).name), dimension, during)

    def usual(self, names: Sequence[str], on: date, where: Where = NO_CHOICE) -> dict[str, Usual]:
        """Each metric over the same weekday of the four weeks before, those days together.

        A count is the mean of the days with data.
        """
        days = tuple(on - timedelta(days=7 * week) for week in range(WEEKS, 0, -1))
        during = Period(days[0], days[-1] + timedelta(days=1))
        chosen = {**where, "day": [day.isoformat() for day in days]}
        together = self.total(names, during, chosen)
        by_day = self.by(names, ["day"], during, chosen)
        subject = subject_of_fact(self.fact(names[0]).name) if names else ""
        known = [day for day in days if is_on_record(self.centre, subject, day)]
        called = LAST[on.weekday()] if len(known) != 1 else BEFORE[on.weekday()]
        named = _(called).format(n=len(known or days))
        return {name: Usual(figure.per_day(by_day.days_with(name)), named) for name, figure in together.items()}

    def before(self, names: Sequence[str], during: Period, where: Where = NO_CHOICE) -> dict[str, Usual]:
        """Each metric over the period before; no data where what is loaded does not cover both periods whole."""
        return self.beside(names, during, during.before(), where)

    def beside(
        self, names: Sequence[str], during: Period, earlier: Period, where: Where = NO_CHOICE
    ) -> dict[str, Usual]:
        """Each metric over an earlier period; no data where what is loaded does not cover both periods whole."""
        covered = [name for name in names if self._covers(name, earlier) and self._covers(name, during)]
        figures = {name: Figure(self.metric(name)) for name in names}
        if covered:
            figures |= self.total(covered, earlier, where)
        return {name: Usual(figure, text.period(earlier)) for name, figure in figures.items()}

    def _covers(self, name: str, during: Period) -> bool:
        """Whether the data that a metric counts are there for a whole period."""
        span = data_span(self.centre, self.fact(name).name)
        within = span is not None and span.first <= during.first and span.until >= during.until
        return within and not gaps_within(self.centre, subject_of_fact(self.fact(name).name), during)

    def target(self, name: str, on: date, queue: str | None = None, **whose: str | None) -> Target | None:
        """The target that held on a day: that of a queue, a request type or a department where one is named."""
        return target(self.centre, name, on=on, queue=queue, **whose)

    def intervals(self, grid: Grid) -> list[Key]:
        """The intervals of a grid from its first to its last with none left out."""
        return unbroken(grid.keys, timedelta(milliseconds=self.centre.interval_ms))

    def local(self, key: Key) -> datetime:
        """The local moment of an interval's key."""
        if not isinstance(key[0], datetime):
            raise TypeError("An interval's key is its moment.")
        return key[0].astimezone(self.centre.timezone)

    def called(self, dimension: str, value: object) -> str:
        """What people call a dimension's value."""
        names = self.queue_names if dimension == "queue" else {}
        return names.get(str(value)) or text.dimension_value(dimension, value)

    @cached_property
    def queue_names(self) -> dict[str, str]:
        """The names that the centre gave its queues."""
        return dict(self.centre.table("queue").select("queue_id", "name").drop_nulls().iter_rows())


def _in_utc(frame: pl.DataFrame, dimensions: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    instants = [name for name in dimensions if isinstance(frame.schema[name], pl.Datetime)]
    frame = frame.with_columns(pl.col(name).dt.convert_time_zone("UTC") for name in instants)
    return frame.select("metric", "value", "numerator", "denominator", "n", "reason", *dimensions).iter_rows()
