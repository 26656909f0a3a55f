"""What one scope sees of one snapshot of a centre: every question a page has, asked of the warehouse once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from copy import copy
from dataclasses import replace
from datetime import date, datetime
from threading import RLock
from typing import Any, TypeVar

import polars as pl

import metrics
from metrics import Asker, Centre, Freshness, Grid, Period, Scope, Story, Target, Where
from metrics.asker import NO_CHOICE
from metrics.availability import unavailable
from metrics.language import language
from metrics.listing import definition_card
from metrics.month.figures import MonthFigures
from metrics.reach import cut_off, subject_of

Answer = TypeVar("Answer")
# how long to wait for an answer that another asks for
PATIENCE_SECONDS = 120.0


class Answers(Asker):
    """One scope's view of one snapshot; a new snapshot, or another scope, gets an object of its own.

    An answer is kept as long as the snapshot that it came from is the newest.
    """

    def __init__(self, centre: Centre, scope: Scope, *, is_checked_behind: bool = False) -> None:
        super().__init__(centre, scope)
        # whether somebody checks a new snapshot while pages are shown already
        self.is_checked_behind = is_checked_behind
        self._kept: dict[Hashable, Any] = {}
        self._asking: dict[Hashable, RLock] = {}

    def kept(self, question: Hashable, ask: Callable[[], Answer], *, has_words: bool = True) -> Answer:
        """The answer to a question, asked the first time only; who asks the same meanwhile waits for that answer.

        Not for ever: whoever has waited in vain asks as well (see `sql.waits`, also for the order of locks).
        Each language has an answer of its own, but for what holds no words that a person reads.
        """
        question = (language() if has_words else "", question)
        if question not in self._kept:
            turn = self._asking.setdefault(question, RLock())
            is_ours = turn.acquire(timeout=PATIENCE_SECONDS)
            try:
                if question not in self._kept:
                    self._kept[question] = ask()
            finally:
                if is_ours:
                    turn.release()
            self._asking.pop(question, None)
        answer: Answer = self._kept[question]
        return answer

    def keyed(self, key: str) -> Answers:
        """The same, with figures counted by another interval key; what is kept is kept together."""
        if key == self.key:
            return self
        other = copy(self)
        other.key = key
        return other

    # ---- figures -------------------------------------------------------------------------------------------------

    def by(self, names: Sequence[str], dimensions: Sequence[str], during: Period, where: Where = NO_CHOICE) -> Grid:
        """Metrics by dimensions, as `Asker.by`."""
        chosen = tuple(sorted((name, tuple(values)) for name, values in where.items()))
        question = ("by", self.key, tuple(names), tuple(dimensions), during, chosen)
        ask = lambda: super(Answers, self).by(names, dimensions, during, dict(chosen))  # noqa: E731
        found = self.kept(question, ask, has_words=False)
        # why there is no figure is said in the reader's language
        return replace(found, absent=unavailable(self.centre, names)) if found.absent else found

    def cannot_give(self, name: str) -> str:
        """Why the data of the centre can give no figure of a metric, whatever the period; empty where they can."""
        return unavailable(self.centre, [name]).get(name, "")

    def rows(self, name: str, during: Period, where: Where, *, limit: int) -> pl.DataFrame:
        """The rows behind a figure; not kept, since they are many and looked at once."""
        return metrics.rows(
            self.centre, name, during=during, where=where, scope=self.scope, limit=limit, key=self.key or None
        )

    def contact(self, number: int) -> Story:
        """One contact's story; raises WrongUse where it is unknown or not to be seen."""
        return metrics.contact(self.centre, number, scope=self.scope)

    # ---- definitions and settings --------------------------------------------------------------------------------

    def sql(self, name: str) -> str:
        """The statement that computes a metric for the whole centre."""
        return self.kept(("sql", name), lambda: definition_card(self.centre.catalogue, name).sql, has_words=False)

    def target(self, name: str, on: date, queue: str | None = None, **whose: str | None) -> Target | None:
        """The target that held on a day."""
        question = ("target", name, on, queue, *sorted(whose.items()))
        return self.kept(question, lambda: super(Answers, self).target(name, on, queue, **whose), has_words=False)

    # ---- who and what there is -----------------------------------------------------------------------------------

    def values(self, dimension: str) -> list[str]:
        """The values of a dimension over all that is loaded, in order."""
        span = self.span()
        if span is None:
            return []
        credits_people = dimension == "team" or not self.sees_whole_centre
        counted = "legs_handled" if credits_people else "contacts_received"
        grid = self.by(["requests_created" if dimension == "department" else counted], [dimension], span)
        return [str(key[0]) for key in grid.keys if key[0] is not None]

    def roster(self, during: Period) -> pl.DataFrame:
        """Who works here, in which team and when."""
        ask = lambda: metrics.roster(self.centre, during=during, scope=self.scope)  # noqa: E731
        return self.kept(("roster", during), ask, has_words=False)

    def called(self, dimension: str, value: object) -> str:
        """What people call a dimension's value."""
        named = self._agent_names().get(str(value)) if dimension == "agent" else None
        return named or super().called(dimension, value)

    def _agent_names(self) -> dict[str, str]:
        """What everybody is called; a table asks for as many names as it has lines."""

        def names() -> dict[str, str]:
            span = self.span()
            return {} if span is None else dict(self.roster(span).select("agent_id", "name").drop_nulls().iter_rows())

        return self.kept("agent names", names, has_words=False)

    def month(self, during: Period) -> MonthFigures:
        """A month's figures as management reads them."""
        return self.kept(("month", during), lambda: MonthFigures.asked_by(self, during.first))

    # ---- how far the data reach ----------------------------------------------------------------------------------

    def span(self) -> Period | None:
        """From the first to the last day with data."""
        return self.kept("span", lambda: metrics.data_span(self.centre), has_words=False)

    def last_day(self) -> date:
        """The last day with contacts; raises WrongUse where nothing was loaded."""
        return self.kept("last_day", lambda: metrics.last_day(self.centre), has_words=False)

    def cut_off(self, name: str, during: Period) -> datetime | None:
        """The moment up to which a metric's data reach within a period; null where they hold it whole."""
        subject = subject_of(self, name)
        ask = lambda: cut_off(self, subject, during)  # noqa: E731
        return self.kept(("cut off", subject, during), ask, has_words=False)

    def freshness(self) -> list[Freshness]:
        """How far each source reaches."""
        return self.kept("freshness", lambda: metrics.freshness(self.centre))

    @property
    def is_checked(self) -> bool:
        """Whether the identities of the snapshot are known, or nobody checks them out of the way of those who ask."""
        return not self.is_checked_behind or metrics.is_checked(self.centre)

    def check(self) -> None:
        """Check the identities of the snapshot, which takes as long as it takes."""
        metrics.identities(self.centre)

    def open_identities(self) -> int | None:
        """How many identities do not close; null while they are being checked."""
        if not self.is_checked:
            return None
        return self.kept("open_identities", lambda: metrics.open_identities(self.centre), has_words=False)
