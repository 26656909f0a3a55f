"""How much of a period the data reach: part of a month is marked as such and never compared with a whole one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import metrics
from metrics import Asker, Period, text
from metrics.gaps import COUNTED, gaps_within
from metrics.language import N_, _

# by subject: what people call it, and the count that says on which days there was any
SUBJECTS = {
    "contact": (N_("contacts"), COUNTED["contact"]),
    "request": (N_("service requests"), COUNTED["request"]),
}
# what is missing of a period: all of it, or a part
MISSING = {
    "contact": (N_("No contacts of {period} are on record."), N_("Contacts are on record for {period} only.")),
    "request": (
        N_("No service requests of {period} are on record."),
        N_("Service requests are on record for {period} only."),
    ),
}
# the weekdays on which a centre is open show in so many days
USUAL_DAYS = 28
# a day that ends so much earlier than its weekday did in the weeks before is not over yet
WEEKS, EARLY = 4, timedelta(hours=2)
# so many gaps are named one by one
MOST_GAPS = 3


@dataclass(frozen=True)
class Coverage:
    """What the data hold of a period for one subject; `reached` is null where they hold nothing of it.

    `gaps` are the stretches amid it of which nothing was loaded, `ends_early` whether it begins or ends before the
    data do.
    """

    subject: str
    during: Period
    reached: Period | None
    ends_early: bool
    gaps: tuple[Period, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the period is missing."""
        return not self.ends_early and not self.gaps

    @property
    def words(self) -> str:
        """What is missing, as a sentence; empty where nothing is."""
        nothing, some = MISSING[self.subject]
        if self.is_whole:
            return ""
        if self.reached is None:
            return _(nothing).format(period=text.period(self.during))
        told = [_(some).format(period=text.period(self.reached))] if self.ends_early else []
        if self.gaps:
            more = [_("{n} more spans").format(n=len(self.gaps) - MOST_GAPS)] if len(self.gaps) > MOST_GAPS + 1 else []
            shown = self.gaps[: MOST_GAPS if more else None]
            told.append(_(nothing).format(period=text.listed([*(text.period(gap) for gap in shown), *more])))
        return " ".join(told)

    @property
    def days(self) -> list[date]:
        """The days that a chart shows: those that the data reach, or all where they reach none."""
        shown = self.reached or self.during
        return [shown.first + timedelta(days=number) for number in range(shown.days)]


def subject_of(ask: Asker, name: str) -> str:
    """The subject that a metric counts."""
    return "request" if ask.fact(name).name.startswith("request") else "contact"


def coverage(ask: Asker, subject: str, during: Period) -> Coverage:
    """What the data hold of a period.

    A day outside the data is not missing where its weekday never has any: data to a Friday are whole to the Sunday at a
    centre that is closed on weekends.
    """
    span = metrics.data_span(ask.centre, subject)
    reached = _overlap(span, during)
    gaps = gaps_within(ask.centre, subject, during)
    if span is None or reached is None or reached in gaps:
        return Coverage(subject, during, None, ends_early=True)
    outside = [day for day in _days(during) if not span.first <= day < span.until]
    open_on = _weekdays(ask, subject, span) if outside else set()
    ends_early = any(day.weekday() in open_on for day in outside)
    return Coverage(subject, during, reached, ends_early, gaps)


def cut_off(ask: Asker, subject: str, during: Period) -> datetime | None:
    """The moment up to which the data of a subject reach within a period; null where they hold it whole.

    A day that ends hours before its weekday usually does is part of a day: "to 11:30".
    """
    span = metrics.data_span(ask.centre, subject)
    if span is None or during.until <= span.first or span.until <= during.first:
        return None
    ends = _last_moment(ask, subject, span.last) if during.until >= span.until else None
    found = coverage(ask, subject, during)
    if ends is None and (not found.ends_early or found.reached is None):
        return None
    return ends or datetime.combine(min(span.until, during.until), time(), ask.centre.timezone)


def _last_moment(ask: Asker, subject: str, last: date) -> datetime | None:
    """When the last day of the data ends, where that is well before it does on the same weekday of other weeks."""
    if subject != "contact":
        return None
    count = SUBJECTS[subject][1]
    days = [last - timedelta(days=7 * week) for week in range(WEEKS + 1)]
    chosen = {"day": [day.isoformat() for day in days]}
    grid = ask.by((count,), ["day", "interval"], Period(days[-1], last + timedelta(days=1)), chosen)
    ends: dict[object, datetime] = {}
    for on, at in grid.keys:
        if isinstance(at, datetime) and grid.figure(count, on, at).n:
            ends[on] = max(at, ends.get(on, at))
    hours = [_since_midnight(ask, end) for on, end in ends.items() if on != last]
    if last not in ends or not hours or _since_midnight(ask, ends[last]) >= min(hours) - EARLY:
        return None
    return ends[last].astimezone(ask.centre.timezone) + timedelta(milliseconds=ask.centre.interval_ms)


def _since_midnight(ask: Asker, at: datetime) -> timedelta:
    local = at.astimezone(ask.centre.timezone)
    return timedelta(hours=local.hour, minutes=local.minute)


def _overlap(one: Period | None, other: Period) -> Period | None:
    if one is None or one.until <= other.first or other.until <= one.first:
        return None
    return Period(max(one.first, other.first), min(one.until, other.until))


def _days(during: Period) -> list[date]:
    return [during.first + timedelta(days=number) for number in range(during.days)]


def _weekdays(ask: Asker, subject: str, span: Period) -> set[int]:
    """The weekdays with data; all of them where there is less than a week to judge by."""
    if span.days < 7:
        return set(range(7))
    count = SUBJECTS[subject][1]
    recent = Period(max(span.first, span.until - timedelta(days=USUAL_DAYS)), span.until)

    def found() -> set[int]:
        grid = ask.by((count,), ["day"], recent)
        return {key[0].weekday() for key in grid.keys if isinstance(key[0], date) and grid.figure(count, *key).n}

    # a report asks for each of its periods, and the data are the same
    return ask.centre.once(("weekdays", subject, ask.scope, ask.key), found)
