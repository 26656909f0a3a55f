"""What makes a day's own figures doubtful: books that do not balance, sources that stay away, hours without a sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from metrics import text
from metrics.asker import Asker
from metrics.attention import DoubtRule, doubt_rules
from metrics.coverage import Freshness
from metrics.language import _
from metrics.period import Period
from metrics.reach import SUBJECTS, WEEKS, cut_off

# sources that follow the clock; what people enter by hand comes when it comes
CLOCKED = ("agent states", "cases", "phone")


@dataclass(frozen=True)
class Doubt:
    """One reason to doubt the figures of a day, and what would end it."""

    rule: DoubtRule
    sentence: str


def doubts(ask: Asker, during: Period, *, open_identities: int, sources: Sequence[Freshness]) -> list[Doubt]:
    """Everything that makes the figures of a period doubtful, most severe first."""
    known = doubt_rules()
    told: list[Doubt] = []
    if open_identities:
        number = text.number_of(open_identities, "identity does not close", "identities do not close")
        told.append(Doubt(known["identities"], _(known["identities"].says).format(count=number)))
    for silence in silences(ask, during):
        words = _(known["silence"].says).format(from_to=silence.words, usual=text.count(silence.usual))
        told.append(Doubt(known["silence"], words))
    for about, at in late_sources(ask, during, sources):
        words = _(known["late_source"].says).format(
            source=text.about_words(about).capitalize(), at=text.short_moment(at)
        )
        told.append(Doubt(known["late_source"], words))
    return sorted(told, key=lambda one: -one.rule.severity)


def late_sources(ask: Asker, during: Period, sources: Sequence[Freshness]) -> list[tuple[str, datetime]]:
    """Which sources lag behind the others within a period, and up to when each reaches."""
    lag = timedelta(hours=doubt_rules()["late_source"].hours)
    reached = dict(text.latest((one.about, one.data_to) for one in sources))
    ends = datetime.combine(during.until, time(), ask.centre.timezone)
    due = min([ends, max(reached.values(), default=ends)])
    return [(about, at) for about, at in sorted(reached.items()) if about in CLOCKED and at < due - lag]


@dataclass(frozen=True)
class Silence:
    """A span of a day without a contact, and how many the same weekday usually has in it."""

    first: datetime
    until: datetime
    usual: float

    @property
    def words(self) -> str:
        """From when to when."""
        return _("{first} to {last}").format(first=text.clock(self.first), last=text.clock(self.until))


def silences(ask: Asker, during: Period) -> list[Silence]:
    """Spans of one day without a contact, where each of the weekdays before had some in every interval.

    What lies after the moment up to which the data reach is not silent but not there yet.
    """
    if during.days != 1 or not ask.sees_whole_centre:
        return []
    rule, subject = doubt_rules()["silence"], "contact"
    reached = cut_off(ask, subject, during)
    by_clock = _by_clock(ask, during.first)
    today = by_clock.pop(during.first, {})
    others = [counts for counts in by_clock.values() if counts]
    if not today or len(others) < rule.weeks:
        return []
    step = timedelta(milliseconds=ask.centre.interval_ms)
    found: list[Silence] = []
    for at in sorted(set.intersection(*(set(counts) for counts in others))):
        begins = datetime.combine(during.first, at, ask.centre.timezone)
        if at in today or (reached is not None and begins >= reached) or _fewest(others, at) < rule.fewest:
            continue
        usual = sum(counts[at] for counts in others) / len(others)
        if found and found[-1].until == begins:
            found[-1] = Silence(found[-1].first, begins + step, found[-1].usual + usual)
        else:
            found.append(Silence(begins, begins + step, usual))
    return found


def _fewest(others: Sequence[dict[time, float]], at: time) -> float:
    return min(counts[at] for counts in others)


def _by_clock(ask: Asker, day: date) -> dict[date, dict[time, float]]:
    """Contacts by the local time at which intervals begin, of a day and its weekday in the weeks before."""
    count = SUBJECTS["contact"][1]
    days = [day - timedelta(days=7 * week) for week in range(WEEKS + 1)]
    chosen = {"day": [one.isoformat() for one in days]}
    grid = ask.by((count,), ["day", "interval"], Period(days[-1], day + timedelta(days=1)), chosen)
    found: dict[date, dict[time, float]] = {one: {} for one in days}
    for on, at in grid.keys:
        number = grid.figure(count, on, at).value
        if isinstance(on, date) and isinstance(at, datetime) and number:
            clock = at.astimezone(ask.centre.timezone).time()
            found[on][clock] = found[on].get(clock, 0.0) + number
    return found
