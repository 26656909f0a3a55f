"""Periods of operating days, half open: the first day is in, the day at which it ends is out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sql import WrongUse


@dataclass(frozen=True, order=True)
class Period:
    """Operating days from `first` up to, and without, `until`.

    >>> Period.month(2026, 2).days
    28
    """

    first: date
    until: date

    def __post_init__(self) -> None:
        if self.until <= self.first:
            message = f"A period from {self.first} to {self.until} holds no day; the end is exclusive."
            raise WrongUse(f"{message} For one day write --from {self.first} --to {self.first + timedelta(days=1)}")

    def covers(self, other: Period) -> bool:
        """Whether it holds every day of another."""
        return self.first <= other.first and other.until <= self.until

    @classmethod
    def day(cls, on: date) -> Period:
        """One operating day."""
        return cls(on, on + timedelta(days=1))

    @classmethod
    def week(cls, on: date) -> Period:
        """The ISO week, Monday to Sunday, of a day."""
        monday = on - timedelta(days=on.weekday())
        return cls(monday, monday + timedelta(days=7))

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """A calendar month."""
        following = date(year + month // 12, month % 12 + 1, 1)
        return cls(date(year, month, 1), following)

    @classmethod
    def of_month(cls, words: str) -> Period:
        """A month written as YYYY-MM; raises WrongUse otherwise."""
        first = month_from_text(words)
        return cls.month(first.year, first.month)

    @classmethod
    def asked(cls, first: str | None, until: str | None, month: str | None = None) -> Period:
        """The period that somebody names, by two days or by a month; raises WrongUse for half of one, or two.

        >>> Period.asked(None, None, "2026-11").days
        30
        """
        if month is not None and (first is not None or until is not None):
            raise WrongUse("--month came together with --from or --to. Name the period once: leave one of them out.")
        if month is not None:
            return cls.of_month(month)
        if first is not None and until is not None:
            return cls(day_from_text(first), day_from_text(until))
        if first is None and until is None:
            raise WrongUse("No period came. Name one: --month 2026-11, or --from 2026-11-01 --to 2026-11-08.")
        if first is not None:
            after = day_from_text(first) + timedelta(days=1)
            raise WrongUse(f"--from {first} came without its end. Add --to, for that one day --to {after}.")
        before = day_from_text(until or "") - timedelta(days=1)
        raise WrongUse(f"--to {until} came without its beginning. Add --from, for one day --from {before}.")

    @property
    def days(self) -> int:
        """How many operating days it holds."""
        return (self.until - self.first).days

    @property
    def last(self) -> date:
        """Its last day."""
        return self.until - timedelta(days=1)

    def before(self) -> Period:
        """The period of the same length that ends where this one begins; before a whole month, the month before."""
        if self == Period.month(self.first.year, self.first.month):
            return self.month_before()
        return Period(self.first - timedelta(days=self.days), self.first)

    def month_before(self) -> Period:
        """The calendar month before the one in which this period begins."""
        return Period.month(*divmod_month(self.first.year, self.first.month - 1))


def divmod_month(year: int, month: int) -> tuple[int, int]:
    """A year and month with the month brought into 1 to 12."""
    return year + (month - 1) // 12, (month - 1) % 12 + 1


def is_first_of(day: date, span: str, fiscal_month: int) -> bool:
    """Whether a day begins a week, month, quarter or year, of the calendar or of the fiscal year."""
    month = (day.month - fiscal_month) % 12 if span.startswith("fiscal") else day.month - 1
    months = {"month": 1, "quarter": 3, "year": 12, "fiscal_period": 1, "fiscal_quarter": 3, "fiscal_year": 12}
    if span == "day":
        return True
    return day.weekday() == 0 if span == "week" else day.day == 1 and month % months[span] == 0


def month_from_text(text: str) -> date:
    """The first day of a month written as YYYY-MM; raises WrongUse otherwise."""
    try:
        return datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC).date()
    except ValueError:
        raise WrongUse(f"{text!r} is not a month. Write it as YYYY-MM, for example 2026-11.") from None


def day_from_text(text: str) -> date:
    """A day written as YYYY-MM-DD; raises WrongUse otherwise."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUse(f"{text!r} is not a day. Write it as YYYY-MM-DD, for example 2026-11-13.") from None
