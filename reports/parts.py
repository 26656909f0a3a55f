"""The parts that reports are made of, as plain data: tables, charts, cards. Templates only lay them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from metrics import Figure, Metric
from metrics.charts import Interval, Series


class Number(str):
    """A number that is already written out; it stands at the right of its cell, as figures do."""


Cell = Figure | str


@dataclass(frozen=True)
class Row:
    """One line of a table, with a remark under its label."""

    label: str
    cells: tuple[Cell, ...]
    aside: str = ""

    @property
    def first_count(self) -> int | None:
        """The n of its first count."""
        return next((cell.n for cell in self.cells if isinstance(cell, Figure) and cell.is_counted), None)


@dataclass(frozen=True)
class Table:
    """A table of figures.

    The n of each figure that is not itself a count stands below it or beside it; with "first count" the row's first
    count is the n of all its figures, and only one that rests on another number says so.
    """

    caption: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    n: Literal["below", "beside", "first count"] = "below"
    note: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it has no row at all."""
        return not self.rows


@dataclass(frozen=True)
class Chart:
    """A chart: the sentence above it, what it shows, and by which macro of `metrics.charts`."""

    kind: Literal["line", "bars", "bars_across", "bars_and_line", "sparkline"]
    sentence: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    x_title: str = ""
    axis_title: str | None = None
    target: float | None = None


@dataclass(frozen=True)
class Ranges:
    """A dot and a bar per name: the sentence above, the rows, and the metric that they are of."""

    sentence: str
    rows: tuple[Interval, ...]
    like: Metric
    axis_title: str


@dataclass(frozen=True)
class Card:
    """A figure that a reader looks for first, with all that it takes to judge it."""

    whose: str
    figure: Figure
    basis: str
    target: str
    met: bool | None
    change: str
    note: str
    course: Chart


def series(name: str, values: Sequence[float | None], like: Figure) -> Series:
    """A named row of values of a figure's metric."""
    return Series(name, tuple(values), like.metric)
