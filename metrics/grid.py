"""Figures as pages and papers hold them: each with its metric, its two numbers and its n, alone or in a grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from metrics import text
from metrics.catalogue import Metric
from metrics.language import _

Key = tuple[object, ...]


@dataclass(frozen=True)
class Figure:
    """One value of one metric; null is "no data", "not reached" or, where `reason` says why, "not available".

    One that `is_rounded` comes from sketches and not from the rows themselves, to within 1 %.
    """

    metric: Metric
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    n: int = 0
    reason: str | None = None
    is_rounded: bool = False

    @property
    def words(self) -> str:
        """The value as people read it."""
        if self.is_not_reached:
            return _(text.NOT_REACHED)
        value = _(text.NOT_AVAILABLE) if self.reason else text.value(self.metric, self.value)
        return _("about {value}").format(value=value) if self.is_rounded else value

    @property
    def is_not_reached(self) -> bool:
        """Whether it is a percentile that more of them than it leaves out have not reached so far."""
        return self.value is None and not self.reason and self.n > 0 and self.metric.is_distribution

    @property
    def parts(self) -> str:
        """The two numbers behind a ratio."""
        return text.ratio(self.metric, self.numerator, self.denominator)

    @property
    def is_counted(self) -> bool:
        """Whether the value is itself a number of things, so that an n beside it would say the same again."""
        return self.metric.unit == "count" and self.metric.denominator is None

    @property
    def is_few(self) -> bool:
        """Whether it rests on too few to be judged or compared, by its definition; what is itself a count never is."""
        metric = self.metric
        rests = metric.is_distribution or (metric.denominator is not None and not metric.base_is_time)
        return self.value is not None and rests and self.n < metric.floor

    @property
    def basis(self) -> str:
        """How many it rests on; a count rests on itself."""
        if self.is_counted:
            return ""
        if self.metric.unit == "share" and self.numerator is not None:
            return _("{part} of {whole}").format(part=text.count(self.numerator), whole=text.count(self.denominator))
        return f"n {text.count(self.n)}"

    def per_day(self, days: int) -> Figure:
        """A count as the mean of so many days; other figures are already those of all the days together."""
        if not self.is_counted:
            return self
        mean = self.value / days if self.value is not None and days else None
        return Figure(self.metric, mean, self.numerator, None, self.n)

    def change_from(self, earlier: Figure) -> str:
        """How far it is from another figure of its metric, in words."""
        return text.change(self.metric, difference(self, earlier))


def difference(later: Figure, earlier: Figure) -> float | None:
    """The change from one figure to another; null where either has no data."""
    if later.value is None or earlier.value is None:
        return None
    return later.value - earlier.value


@dataclass(frozen=True)
class Grid:
    """Figures by the values of dimensions."""

    metrics: dict[str, Metric]
    found: dict[str, dict[Key, Figure]]
    counts_zero: frozenset[str] = frozenset()
    absent: Mapping[str, str] = field(default_factory=dict)
    # by metric the days, weeks or months that lie in a gap of its data: no count there is 0
    unknown: Mapping[str, frozenset[Key]] = field(default_factory=dict)

    @property
    def keys(self) -> list[Key]:
        """Every combination that any of the metrics has, in order, missing values last."""
        return sorted({key for cells in self.found.values() for key in cells}, key=_in_order)

    def figure(self, name: str, *key: object) -> Figure:
        """One figure; a count that was not found is 0 where its fact has any rows in the period."""
        metric = self.metrics[name]
        if name in self.absent:
            return Figure(metric, reason=self.absent[name])
        is_none = name in self.counts_zero and key not in self.unknown.get(name, frozenset())
        nothing = Figure(metric, 0.0, 0.0) if is_none else Figure(metric)
        return self.found[name].get(key, nothing)

    def values(self, name: str, keys: Iterable[Key]) -> tuple[float | None, ...]:
        """The values of one metric for these combinations."""
        return tuple(self.figure(name, *key).value for key in keys)

    def told(self, name: str, keys: Iterable[Key]) -> tuple[float | None, ...]:
        """The same, but for those that too few stand behind."""
        figures = (self.figure(name, *key) for key in keys)
        return tuple(None if figure.is_few else figure.value for figure in figures)

    def row(self, names: Iterable[str], *key: object) -> tuple[Figure, ...]:
        """Several metrics for one combination."""
        return tuple(self.figure(name, *key) for name in names)

    def joined(self, other: Grid) -> Grid:
        """With the metrics of another grid by the same dimensions."""
        return Grid(
            {**self.metrics, **other.metrics},
            {**self.found, **other.found},
            self.counts_zero | other.counts_zero,
            {**self.absent, **other.absent},
            {**self.unknown, **other.unknown},
        )

    def only(self, names: Iterable[str]) -> Grid:
        """Some of the metrics, in the order given."""
        chosen = list(dict.fromkeys(names))
        return Grid(
            {name: self.metrics[name] for name in chosen},
            {name: self.found[name] for name in chosen if name in self.found},
            self.counts_zero,
            self.absent,
            self.unknown,
        )

    def of(self, first: object) -> Grid:
        """The part that belongs to one value of the first dimension, by the dimensions that remain."""
        found = {name: parts.get(first, {}) for name, parts in self._by_first.items()}
        return Grid(self.metrics, found, self.counts_zero, self.absent)

    @cached_property
    def _by_first(self) -> dict[str, dict[object, dict[Key, Figure]]]:
        """The figures by the first dimension's values, told apart once for all of them."""
        found: dict[str, dict[object, dict[Key, Figure]]] = {}
        for name, cells in self.found.items():
            parts = found.setdefault(name, {})
            for key, figure in cells.items():
                parts.setdefault(key[0], {})[key[1:]] = figure
        return found

    def days_with(self, name: str) -> int:
        """For how many combinations a metric has data."""
        return sum(figure.n > 0 for figure in self.found[name].values())


def _in_order(key: Key) -> list[tuple[bool, object]]:
    """Missing values last; each dimension's values are of one kind."""
    return [(part is None, "" if part is None else part) for part in key]


@dataclass(frozen=True)
class Usual:
    """What a figure is compared with, and what that is called: "last 4 Fridays", "October 2026"."""

    figure: Figure
    name: str


def unbroken(keys: Sequence[Key], step: timedelta) -> list[Key]:
    """Keys of one instant each, from the first to the last with none left out."""
    instants = [key[0] for key in keys if isinstance(key[0], datetime)]
    if not instants:
        return []
    steps = (max(instants) - min(instants)) // step
    return [(min(instants) + number * step,) for number in range(steps + 1)]
