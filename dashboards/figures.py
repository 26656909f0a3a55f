"""Figures as pages hold them: each with its metric, its two numbers and its n."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from metrics import Metric, text

Key = tuple[object, ...]


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
    def is_counted(self) -> bool:
        """Whether the value is itself a number of things, so that an n beside it would say the same again."""
        return self.metric.unit == "count" and self.metric.denominator is None

    @property
    def basis(self) -> str:
        """How many it rests on; a count rests on itself."""
        if self.is_counted:
            return ""
        if self.metric.unit == "share" and self.numerator is not None:
            return f"{text.count(self.numerator)} of {text.count(self.denominator)}"
        return f"n {text.count(self.n)}"

    def per_day(self, days: int) -> Figure:
        """A count as the mean of so many days."""
        mean = self.value / days if self.value is not None and days else None
        return Figure(self.metric, mean, self.numerator, None, self.n)


@dataclass(frozen=True)
class Grid:
    """Figures by the values of dimensions."""

    metrics: dict[str, Metric]
    found: dict[str, dict[Key, Figure]]
    counts_zero: frozenset[str]

    def keys(self) -> list[Key]:
        """Every combination that any of the metrics has, in order, missing values last."""
        keys = {key for cells in self.found.values() for key in cells}
        return sorted(keys, key=lambda key: [(part is None, part if part is not None else "") for part in key])

    def figure(self, name: str, *key: object) -> Figure:
        """One figure; a count that was not found is 0 where its fact has any rows in the period."""
        metric = self.metrics[name]
        nothing = Figure(metric, 0.0, 0.0) if name in self.counts_zero else Figure(metric)
        return self.found[name].get(key, nothing)

    def values(self, name: str, keys: Iterable[Key]) -> list[float | None]:
        """The values of one metric for these combinations."""
        return [self.figure(name, *key).value for key in keys]

    def days_with(self, name: str) -> int:
        """For how many combinations a metric has data."""
        return sum(figure.n > 0 for figure in self.found[name].values())


@dataclass(frozen=True)
class Usual:
    """A figure over the same weekdays before: over those days together, a count as the mean of the days with data."""

    figure: Figure
    days: tuple[date, ...]

    @property
    def name(self) -> str:
        """What the days are called: "last 4 Fridays"."""
        return f"last {len(self.days)} {text.weekday(self.days[0])}s"

    def change(self, today: Figure) -> str:
        """How far a figure is from it, in words."""
        if today.value is None or self.figure.value is None:
            return text.NO_COMPARISON
        return text.change(today.metric, today.value - self.figure.value)


def unbroken(keys: Sequence[Key], step: timedelta) -> list[datetime]:
    """The instants of keys, from the first to the last with none left out."""
    instants = [key[0] for key in keys if isinstance(key[0], datetime)]
    if not instants:
        return []
    steps = (max(instants) - min(instants)) // step
    return [min(instants) + number * step for number in range(steps + 1)]
