"""How a value reads: the one formatter behind every page, paper and spreadsheet.

Fractions are 0 to 1 and durations seconds until they come here. Null is "no data", never a dash and never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Protocol

from metrics.catalogue import Metric
from metrics.period import Period
from metrics.settings import Target

NO_DATA = "no data"
NOT_AVAILABLE = "not available"
NO_COMPARISON = "no comparison"
NOT_RECORDED = "not recorded"
MINUS = "\N{MINUS SIGN}"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
CHANNELS = {
    "voice": "Phone",
    "chat": "Chat",
    "email": "E-mail",
    "web": "Web",
    "app": "App",
    "walk_in": "Walk-in",
    "sms": "Text message",
    "social": "Social media",
    "letter": "Letter",
    "fax": "Fax",
}
LANGUAGES = {
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "he": "Hebrew",
    "ar": "Arabic",
    "ru": "Russian",
    "vi": "Vietnamese",
    "zh": "Chinese",
    "ko": "Korean",
    "so": "Somali",
    "ht": "Haitian Creole",
    "pt": "Portuguese",
    "tl": "Tagalog",
}
WORDS = {"channel": CHANNELS, "language": LANGUAGES}
# what one unit of a metric is called on an axis
AXIS_UNITS = {
    "count": "number",
    "share": "%",
    "seconds": "min:s",
    "days": "days",
    "hours": "hours",
    "points": "points",
    "per_hour": "per hour",
    "number": "number",
}


class HasUnit(Protocol):
    """Anything that says what its numbers are; every metric does."""

    @property
    def unit(self) -> str:
        """count, share, seconds, days, hours, points, per_hour or number."""


# ---- one value -----------------------------------------------------------------------------------------------------


def value(metric: HasUnit, value: float | None) -> str:
    """A metric's value as a person reads it.

    Shares are fractions, durations seconds, days days.
    """
    return {
        "count": count,
        "share": share,
        "seconds": duration,
        "days": days,
        "hours": hours,
        "points": points,
        "per_hour": per_hour,
        "number": decimal,
    }[metric.unit](value)


def count(number: float | None) -> str:
    """A count with thousands separated.

    >>> count(1204)
    '1,204'
    """
    if number is None:
        return NO_DATA
    whole = round(number)
    return f"{MINUS if whole < 0 else ''}{abs(whole):,}"


def share(fraction: float | None) -> str:
    """A fraction in per cent to one decimal; only what is exactly none or all reads "0.0 %" or "100.0 %".

    >>> share(0.8274), share(0.9999)
    ('82.7 %', 'over 99.9 %')
    """
    if fraction is None:
        return NO_DATA
    if 0 < fraction < 0.0005:
        return "under 0.1 %"
    if 0.9995 <= fraction < 1:
        return "over 99.9 %"
    return f"{_signed(fraction * 100, 1)} %"


def duration(seconds: float | None) -> str:
    """Seconds as minutes and seconds, with hours where there are any.

    >>> duration(245), duration(3727)
    ('4:05', '1:02:07')
    """
    if seconds is None:
        return NO_DATA
    whole = round(abs(seconds))
    sign = MINUS if seconds < 0 and whole else ""
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{sign}{hours:,}:{minute:02}:{second:02}" if hours else f"{sign}{minute}:{second:02}"


def hours(number: float | None) -> str:
    """Hours of work, to one decimal below a hundred.

    >>> hours(1232.57), hours(7.5)
    ('1,233 hours', '7.5 hours')
    """
    if number is None:
        return NO_DATA
    return f"{_signed(number, 1)} hours" if abs(number) < 100 else f"{count(number)} hours"


def points(number: float | None) -> str:
    """Points of a scale from -100 to 100.

    >>> points(41.6)
    '42 points'
    """
    return NO_DATA if number is None else f"{count(number)} points"


def decimal(number: float | None) -> str:
    """A mean of things that are counted.

    >>> decimal(1.0857)
    '1.09'
    """
    return NO_DATA if number is None else _signed(number, 2)


def per_hour(number: float | None) -> str:
    """How many in an hour.

    >>> per_hour(6.41)
    '6.4 an hour'
    """
    return NO_DATA if number is None else f"{_signed(number, 1)} an hour"


def days(number: float | None) -> str:
    """Days to one decimal.

    >>> days(3.41), days(0.01)
    ('3.4 days', 'under 0.1 days')
    """
    if number is None:
        return NO_DATA
    if 0 < number < 0.05:
        return "under 0.1 days"
    return f"{_signed(number, 1)} {'day' if f'{number:.1f}' == '1.0' else 'days'}"


def _signed(number: float, decimals: int) -> str:
    rounded = f"{abs(number):,.{decimals}f}"
    return f"{MINUS if number < 0 and float(rounded.replace(',', '')) else ''}{rounded}"


def change(metric: HasUnit, difference: float | None) -> str:
    """The difference between two values of a metric, with its sign; shares differ by points.

    >>> change(type("Share", (), {"unit": "share"}), 0.031)
    '+3.1 points'
    """
    if difference is None:
        return NO_COMPARISON
    if metric.unit == "share":
        written = f"{_signed(difference * 100, 1)} points"
    elif metric.unit == "days":
        written = f"{_signed(difference, 1)} days"
    else:
        written = value(metric, difference)
    if not any(digit in written for digit in "123456789"):
        return "no change"
    return written if written.startswith(MINUS) else f"+{written}"


def ratio(metric: HasUnit, numerator: float | None, denominator: float | None) -> str:
    """A figure's two numbers, as "1,843 ÷ 2,214"; a count or a percentile has none.

    >>> ratio(type("Share", (), {"unit": "share"}), 1843, 2214)
    '1,843 ÷ 2,214'
    """
    if numerator is None or denominator is None:
        return ""
    above = duration(numerator) if metric.unit == "seconds" else count(numerator)
    return f"{above} ÷ {count(denominator)}"


def number_of(number: int, one: str, many: str | None = None) -> str:
    """A count with its noun.

    >>> number_of(1, "day"), number_of(1204, "contact")
    ('1 day', '1,204 contacts')
    """
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def plain_words(name: str) -> str:
    """A name of the catalogue as words: "request type"."""
    return name.replace("_", " ")


def listed(names: Sequence[str]) -> str:
    """Names in a row, with "and" before the last.

    >>> listed(["Water", "Streets", "Parks"])
    'Water, Streets and Parks'
    """
    return names[0] if len(names) == 1 else " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def dimension_value(dimension: str, name: object) -> str:
    """A value of a dimension as a person reads it: codes as words, days and intervals as dates and times."""
    if name is None or name == "":
        return NOT_RECORDED
    if isinstance(name, datetime):
        return clock(name)
    if isinstance(name, date):
        return month(name) if dimension == "month" else short_day(name)
    if dimension == "weekday" and isinstance(name, int):
        return WEEKDAYS[name - 1]
    if dimension == "hour" and isinstance(name, int):
        return f"{name:02}:00"
    return WORDS.get(dimension, {}).get(str(name), str(name))


# ---- against a target ----------------------------------------------------------------------------------------------


def goal(metric: HasUnit, target: Target | None) -> str:
    """What a target asks for, in words: "target 80 % or more"."""
    if target is None or target.goal is None:
        return "no target"
    side = {"higher": " or more", "lower": " or less", "neither": ""}[target.better]
    return f"target {_plain(metric, target.goal)}{side}"


def threshold(target: Target) -> str:
    """A queue's own service level target: "80 % in 30 s"."""
    if target.goal is None or target.within_seconds is None:
        return "no target"
    within = target.within_seconds
    return f"{share(target.goal).replace('.0 ', ' ')} in {f'{within} s' if within < 100 else duration(within)}"


def _plain(metric: HasUnit, aim: float) -> str:
    return value(metric, aim).replace(".0 ", " ")


def is_met(value: float | None, target: Target | None) -> bool | None:
    """Whether a value reaches a target; null without either, or where neither side is better."""
    if value is None or target is None or target.goal is None or target.better == "neither":
        return None
    return value >= target.goal if target.better == "higher" else value <= target.goal


def against_target(metric: HasUnit, value: float | None, target: Target | None) -> str:
    """A target and whether a value meets it, in words: "target 80 % or more, not met"."""
    wanted = goal(metric, target)
    met = is_met(value, target)
    if target is None or target.goal is None or (value is not None and met is None):
        return wanted
    if met is None:
        return f"{wanted}, {NO_DATA}"
    if met:
        return f"{wanted}, met"
    # 79.96 % reads 80.0 %: without a word the reader would see a target of 80 % missed by 80.0 %
    return f"{wanted}, {'just ' if _reads_alike(metric, value, target.goal) else ''}not met"


def _reads_alike(metric: HasUnit, number: float | None, aim: float) -> bool:
    return value(metric, number) == value(metric, aim)


# ---- dates and times -----------------------------------------------------------------------------------------------


def day(on: date) -> str:
    """A day in words.

    >>> day(date(2026, 11, 18))
    'Wednesday 18 November 2026'
    """
    return f"{weekday(on)} {plain_day(on)}"


def plain_day(on: date) -> str:
    """A day without its weekday: "18 November 2026"."""
    return f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def short_day(on: date) -> str:
    """A day in a narrow place: "Wed 18 Nov"."""
    return f"{weekday(on)[:3]} {on.day} {MONTHS[on.month - 1][:3]}"


def narrow_day(on: date) -> str:
    """A day on an axis: "18 Nov"."""
    return f"{on.day} {MONTHS[on.month - 1][:3]}"


def weekday(on: date) -> str:
    """The name of a day's weekday."""
    return WEEKDAYS[on.weekday()]


def month(on: date) -> str:
    """A day's month and year.

    >>> month(date(2026, 11, 1))
    'November 2026'
    """
    return f"{MONTHS[on.month - 1]} {on.year}"


def period(during: Period) -> str:
    """A period in words, first and last day included; a whole month by its name.

    >>> period(Period(date(2026, 11, 1), date(2026, 11, 16)))
    '1 November 2026 to 15 November 2026'
    """
    if during.days == 1:
        return day(during.first)
    if during.first.day == 1 and during == Period.month(during.first.year, during.first.month):
        return month(during.first)
    return f"{plain_day(during.first)} to {plain_day(during.last)}"


def clock(at: datetime) -> str:
    """The time of day: "07:30"."""
    return f"{at.hour:02}:{at.minute:02}"


def half_open(at: datetime, minutes: int) -> str:
    """An interval by its two ends: "10:30 to 11:00"."""
    return f"{clock(at)} to {clock(at + timedelta(minutes=minutes))}"


def moment(at: datetime) -> str:
    """A moment in words: "18 November 2026, 07:30"."""
    return f"{plain_day(at.date())}, {clock(at)}"


def short_moment(at: datetime) -> str:
    """A moment in a narrow place: "18 Nov 2026, 07:30"."""
    return f"{narrow_day(at.date())} {at.year}, {clock(at)}"


def latest(reached: Iterable[tuple[str, datetime | None]]) -> list[tuple[str, datetime]]:
    """Per subject the moment up to which any of its sources reaches, by name; those without dates are left out."""
    found: dict[str, datetime] = {}
    for about, at in reached:
        if at is not None:
            found[about] = max(at, found.get(about, at))
    return sorted(found.items())


def near_moment(at: datetime, newest: datetime) -> str:
    """A moment beside others: its year only where that is another than the newest's: "18 Nov, 07:30"."""
    return short_moment(at) if at.year != newest.year else f"{narrow_day(at.date())}, {clock(at)}"


# ---- a chart in words ----------------------------------------------------------------------------------------------


def axis_title(metric: Metric) -> str:
    """What an axis says: the metric's title and its unit."""
    return f"{metric.title} ({AXIS_UNITS[metric.unit]})"


def formula(metric: Metric) -> str:
    """How a metric is computed, in words."""
    if metric.quantile is not None:
        if metric.quantile == 1:
            return "the largest of all"
        return f"{round(metric.quantile * 100)} % lie at or below it"
    above = _terms(metric.numerator or "")
    if metric.denominator is None:
        return above
    below = _terms(metric.denominator)
    return f"{_grouped(above)} ÷ {_grouped(below)}"


def _terms(names: str) -> str:
    return names.replace("_", " ").replace(" - ", f" {MINUS} ")


def _grouped(terms: str) -> str:
    return f"({terms})" if f" {MINUS} " in terms or " + " in terms else terms


def describe_series(title: str, labels: Sequence[str], values: Sequence[float | None], metric: HasUnit) -> str:
    """The alternative text of a series, written from its data: first, last, lowest, highest, how many.

    >>> describe_series("Calls by hour", ["9:00", "10:00"], [12, 30], type("Count", (), {"unit": "count"}))
    'Calls by hour: 2 points, from 12 (9:00) to 30 (10:00); lowest 12 (9:00), highest 30 (10:00).'
    """
    known = [(label, number) for label, number in zip(labels, values, strict=True) if number is not None]
    if not known:
        return f"{title}: {NO_DATA}."
    written = [f"{value(metric, number)} ({label})" for label, number in known]
    missing = len(values) - len(known)
    gaps = f"; {number_of(missing, 'point')} without data" if missing else ""
    if len(known) == 1:
        return f"{title}: 1 point, {written[0]}{gaps}."
    numbers = [number for _, number in known]
    lowest, highest = written[numbers.index(min(numbers))], written[numbers.index(max(numbers))]
    span = f"{len(known)} points, from {written[0]} to {written[-1]}"
    if min(numbers) == max(numbers):
        return f"{title}: {span}; all the same{gaps}."
    return f"{title}: {span}; lowest {lowest}, highest {highest}{gaps}."
