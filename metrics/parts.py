"""The parts that reports are made of, as plain data: tables, charts, cards. Templates only lay them out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Literal

from markupsafe import Markup

from metrics import Figure, Key, Metric, Period
from metrics.charts import Interval, Series
from metrics.language import _


class Number(str):
    """A number that is already written out; it stands at the right of its cell, as figures do."""


Cell = Figure | str


@dataclass(frozen=True)
class Question:
    """What was asked to get a figure, so that anybody can ask it again."""

    metric: str
    by: str
    during: Period
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    key: Key = ()

    @property
    def command(self) -> str:
        """The question on the command line."""
        chosen = [f' --where "{name}={value}"' for name, values in self.where for value in values]
        by = f" --by {self.by}" if self.by else ""
        return f"fairline query {self.metric}{by} --from {self.during.first} --to {self.during.until}{''.join(chosen)}"


class Column(str):
    """The head of a column, with the question that its figures answer."""

    question: Question | None

    def __new__(cls, title: str, question: Question | None = None) -> Column:
        """A title with its question."""
        made = super().__new__(cls, title)
        made.question = question
        return made


def columns(*titles: str) -> tuple[Column, ...]:
    """Heads of columns whose cells answer no question of the catalogue."""
    return tuple(Column(_(title)) for title in titles)


@dataclass(frozen=True)
class Row:
    """One line of a table, with a remark under its label; by `key`, or of `metric`, its figures can be asked again."""

    label: str
    cells: tuple[Cell, ...]
    aside: str = ""
    key: Key = ()
    metric: str = ""

    @property
    def first_count(self) -> int | None:
        """The n of its first count."""
        return next((cell.n for cell in self.cells if isinstance(cell, Figure) and cell.is_counted), None)


@dataclass(frozen=True)
class Table:
    """A table of figures.

    The n of each figure that is not itself a count stands below it or beside it; with "first count" the row's first
    count is the n of all its figures, and only one that rests on another number says so; "apart" has it in a column.
    """

    caption: str
    heading: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    n: Literal["below", "beside", "first count", "apart"] = "below"
    note: str = ""
    by: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it has no row at all."""
        return not self.rows


@dataclass(frozen=True)
class Heat:
    """A shaded table: two kinds of labels and a value where they meet."""

    sentence: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]
    like: Metric
    x_title: str


@dataclass(frozen=True)
class Picture:
    """A chart that `metrics` drew itself, alternative text included."""

    sentence: str
    drawn: Markup


@dataclass(frozen=True)
class Strip:
    """Small charts side by side."""

    charts: tuple[Chart, ...]
    across: int = 3


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
class Section:
    """One subject of a report: sentences, charts and tables in the order of reading; some begin a page."""

    title: str
    parts: tuple[Part, ...]
    begins_page: bool = False


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


Part = Chart | Ranges | Table | Heat | Picture | Strip | str


def walked(content: object) -> Iterator[Table | Card | Figure]:
    """Every table, card and other figure of a report, in the order of reading; charts show what tables hold."""
    if isinstance(content, Table | Card | Figure):
        yield content
    elif isinstance(content, Metric | Chart | Heat | str):
        return
    elif is_dataclass(content):
        for one in fields(content):
            yield from walked(getattr(content, one.name))
    elif isinstance(content, tuple | list | dict):
        for part in content.values() if isinstance(content, dict) else content:
            yield from walked(part)


def series(name: str, values: Sequence[float | None], like: Figure) -> Series:
    """A named row of values of a figure's metric."""
    return Series(name, tuple(values), like.metric)
