"""Questions with their answers: every figure of a table or a sentence keeps what was asked to get it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from metrics import Asker, Figure, Grid, Key, Period, text
from metrics.availability import bare_reason, unavailable
from metrics.language import _
from metrics.parts import Cell, Chart, Column, Number, Question, Row, Table, series

Choice = Mapping[str, Sequence[str]]
EVERYTHING: Choice = {}


@dataclass(frozen=True)
class Claim:
    """A figure as a sentence names it, with the question that it answers."""

    figure: Figure
    question: Question

    @property
    def words(self) -> str:
        """The value as people read it."""
        return self.figure.words

    @property
    def basis(self) -> str:
        """How many it rests on."""
        return self.figure.basis

    @property
    def n(self) -> str:
        """How many it rests on, the number alone."""
        return text.count(self.figure.n)


class Sentence(str):
    """Words written from figures; every number in them is that of a claim, or stands among `besides`."""

    claims: tuple[Claim, ...] = ()
    besides: tuple[str, ...] = ()

    @classmethod
    def of(cls, pattern: str, /, *others: Claim, **parts: Claim | str) -> Sentence:
        """A pattern with claims and words put in; `others` are figures whose words stand in those words."""
        written = cls(pattern.format(**parts))
        written.claims = (*others, *(part for part in parts.values() if isinstance(part, Claim)))
        written.besides = tuple(part for part in parts.values() if isinstance(part, str))
        return written


@dataclass
class Pool:
    """Figures that were asked for already: several tables of a report share a question, which is asked once."""

    asker: Asker
    grids: dict[tuple[object, ...], Grid] = field(default_factory=dict)

    def grid(self, names: Sequence[str], by: str, during: Period, where: Choice) -> Grid:
        """The metrics by a dimension; only those that nobody asked for yet are asked for."""
        place = (by, during, _plain(where))
        known = self.grids.get(place)
        missing = [name for name in dict.fromkeys(names) if known is None or name not in known.metrics]
        if missing:
            found = self.asker.by(missing, [by] if by else [], during, where)
            known = found if known is None else known.joined(found)
            self.grids[place] = known
        if known is None:
            raise ValueError("A question names at least one metric.")
        return known.only(names)

    def keep(self, found: Grid, by: str, during: Period, where: Choice) -> None:
        """Keep figures that were asked for together with others, so that nobody asks for them alone."""
        self.grids[by, during, _plain(where)] = found


@dataclass(frozen=True)
class Answer:
    """Some metrics by one dimension, or by none, during a period."""

    asker: Asker
    names: tuple[str, ...]
    by: str
    during: Period
    where: Choice = field(default_factory=dict)
    whole: Answer | None = field(default=None, repr=False)
    pool: Pool | None = field(default=None, repr=False)

    @cached_property
    def grid(self) -> Grid:
        """The figures by the dimension's values."""
        if self.pool is not None:
            return self.pool.grid(self.names, self.by, self.during, self.where)
        return self.asker.by(self.names, [self.by] if self.by else [], self.during, self.where)

    @cached_property
    def totals(self) -> dict[str, Figure]:
        """The figures of the whole period."""
        if self.whole is not None:
            return self.whole.totals
        return self.asker.total(self.names, self.during, self.where) if self.by else _alone(self.grid)

    @property
    def keys(self) -> list[Key]:
        """The dimension's values, those without a name last."""
        return self.grid.keys

    def figure(self, name: str, *key: object) -> Figure:
        """One figure; without a key that of the whole period."""
        return self.grid.figure(name, *key) if key else self.totals[name]

    def claim(self, name: str, *key: object) -> Claim:
        """One figure for a sentence."""
        return Claim(self.figure(name, *key), self.question(name, key))

    def question(self, name: str, key: Key = ()) -> Question:
        """What was asked to get a figure."""
        return Question(name, self.by if key else "", self.during, _plain(self.where), key)

    def called(self, key: Key) -> str:
        """What people call a value of the dimension."""
        return self.asker.called(self.by, key[0])

    def largest(self, name: str, most: int) -> list[Key]:
        """The keys with the largest values of a metric."""
        return sorted(self.keys, key=lambda key: (-(self.figure(name, *key).value or 0), str(key[0])))[:most]

    def column(self, title: str, name: str) -> AnswerColumn:
        """A column of a table."""
        return AnswerColumn(text.heading(_(title)), self, name)

    def columns(self, names: Mapping[str, str]) -> list[AnswerColumn]:
        """Columns of a table, by metric with their titles."""
        return [self.column(title, name) for name, title in names.items()]

    def chart(
        self,
        kind: Literal["line", "bars", "bars_across"],
        names: Mapping[str, str],
        sentence: str,
        *,
        keys: Sequence[Key] | None = None,
        label: Callable[[Key], str] | None = None,
        x_title: str = "",
        axis_title: str | None = None,
        target: float | None = None,
        leaves_out_few: bool = False,
    ) -> Chart:
        """A chart of some metrics over the dimension's values; what too few stand behind may be left out of it."""
        shown = self.keys if keys is None else list(keys)
        labels = tuple((label or self.called)(key) for key in shown)
        values = self.grid.told if leaves_out_few else self.grid.values
        drawn = tuple(
            series(_(title), values(name, shown), Figure(self.grid.metrics[name])) for name, title in names.items()
        )
        return Chart(kind, sentence, labels, drawn, x_title=x_title, axis_title=axis_title, target=target)


@dataclass(frozen=True)
class AnswerColumn:
    """One metric of an answer under a title."""

    title: str
    answer: Answer
    name: str

    def figure(self, key: Key) -> Figure:
        """The figure of a row; of the whole period without a key."""
        return self.answer.figure(self.name, *key)

    @property
    def head(self) -> Column:
        """The column's head."""
        return Column(self.title, self.answer.question(self.name))


@dataclass(frozen=True)
class ChangeColumn:
    """How far one column lies from another, in words."""

    title: str
    now: AnswerColumn
    then: AnswerColumn

    def figure(self, key: Key) -> Cell:
        """The change in a row."""
        return Number(self.now.figure(key).change_from(self.then.figure(key)))

    @property
    def head(self) -> Column:
        """The column's head."""
        return Column(self.title)


def table(
    caption: str,
    columns: Sequence[AnswerColumn | ChangeColumn],
    *,
    keys: Iterable[Key] | None = None,
    label: Callable[[Key], str] | None = None,
    aside: Callable[[Key], str] | None = None,
    heading: str = "",
    total: str = "",
    n: Literal["below", "beside", "first count"] = "below",
    note: str = "",
) -> Table:
    """A table whose rows are the values of the columns' dimension; `total` names the row of the whole period."""
    first = next(column.answer for column in columns if isinstance(column, AnswerColumn))
    columns, lacking = _that_can_be_had(first.asker, columns)
    shown = _all_keys(columns) if keys is None else list(keys)
    name = label or first.called
    return Table(
        caption=caption,
        heading=heading or text.plain_words(first.by).capitalize(),
        columns=tuple(column.head for column in columns),
        rows=tuple(
            Row(name(key), tuple(column.figure(key) for column in columns), aside(key) if aside else "", key)
            for key in shown
        ),
        total=Row(total, tuple(column.figure(()) for column in columns)) if total else None,
        n=n,
        note=" ".join(filter(None, [note, *lacking])),
        by=first.by,
    )


def _that_can_be_had(
    asker: Asker, columns: Sequence[AnswerColumn | ChangeColumn]
) -> tuple[Sequence[AnswerColumn | ChangeColumn], list[str]]:
    """The columns that the data of the centre can fill, and of the others what is not there and why; all if none."""
    names = [column.name if isinstance(column, AnswerColumn) else column.now.name for column in columns]
    absent = unavailable(asker.centre, dict.fromkeys(names))
    kept = [column for column, name in zip(columns, names, strict=True) if name not in absent]
    return (kept, missing_words(asker, absent)) if kept else (columns, [])


def listing(
    caption: str, answers: Mapping[str, Answer], names: Mapping[str, str], *, heading: str = "", note: str = ""
) -> Table:
    """A table with a metric per row and a period, or part of the work, per column; what cannot be had is said below."""
    first = next(iter(answers.values()))
    absent = {name: first.figure(name).reason for name in names if all(one.reason for one in _of(answers, name))}
    rows = [
        Row(_(title) or first.asker.metric(name).title, _of(answers, name), metric=name)
        for name, title in names.items()
        if name not in absent
    ]
    note = " ".join(filter(None, [note, *missing_words(first.asker, absent)]))
    heads = tuple(Column(text.heading(title), one.question("")) for title, one in answers.items())
    return Table(caption=caption, heading=heading or _("Measure"), columns=heads, rows=tuple(rows), note=note)


def missing_words(asker: Asker, absent: Mapping[str, str] | Mapping[str, str | None]) -> list[str]:
    """Which metrics the data of the centre cannot give, and why, by reason."""
    return not_in_the_data({asker.metric(name).title: reason for name, reason in absent.items()})


def not_in_the_data(absent: Mapping[str, str | None]) -> list[str]:
    """The same of figures by their titles."""
    by_reason: dict[str, list[str]] = {}
    for title, reason in absent.items():
        by_reason.setdefault(bare_reason(reason or ""), []).append(title)
    return [
        _("Not in the data: {names}; {reason}.").format(names=text.listed(titles), reason=reason)
        for reason, titles in by_reason.items()
    ]


def _of(answers: Mapping[str, Answer], name: str) -> tuple[Figure, ...]:
    return tuple(one.figure(name) for one in answers.values())


def _alone(grid: Grid) -> dict[str, Figure]:
    return {name: grid.figure(name) for name in grid.metrics}


def _all_keys(columns: Sequence[AnswerColumn | ChangeColumn]) -> list[Key]:
    found = {key: None for column in columns if isinstance(column, AnswerColumn) for key in column.answer.keys}
    return sorted(found, key=lambda key: [(part is None, str(part)) for part in key]) if len(found) else []


def _plain(where: Choice) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(str(value) for value in values)) for name, values in where.items())
