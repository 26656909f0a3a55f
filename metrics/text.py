"""How a value reads: the one formatter behind every page, paper and spreadsheet.

Fractions are 0 to 1 and durations seconds until they come here. Null is "no data", never a dash and never 0.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import Protocol

from metrics.catalogue import Metric
from metrics.dates import WEEKDAYS as WEEKDAYS
from metrics.dates import about_words as about_words
from metrics.dates import clock as clock
from metrics.dates import day as day
from metrics.dates import half_open as half_open
from metrics.dates import latest as latest
from metrics.dates import moment as moment
from metrics.dates import month as month
from metrics.dates import month_name as month_name
from metrics.dates import narrow_day as narrow_day
from metrics.dates import period as period
from metrics.dates import plain_day as plain_day
from metrics.dates import reach as reach
from metrics.dates import short_day as short_day
from metrics.dates import short_moment as short_moment
from metrics.dates import short_month as short_month
from metrics.dates import weekday as weekday
from metrics.dates import weekday_name as weekday_name
from metrics.language import N_, _, language, locale, n_, tag
from metrics.settings import Target

NO_DATA = N_("no data")
# a percentile that lies past what is known: too many are still open, or gave up before
NOT_REACHED = N_("not reached")
NOT_AVAILABLE = N_("not available")
NO_COMPARISON = N_("no comparison")
NOT_RECORDED = N_("not recorded")
MINUS = "\N{MINUS SIGN}"
CHANNELS = {
    "voice": N_("Phone"),
    "chat": N_("Chat"),
    "email": N_("E-mail"),
    "web": N_("Web"),
    "app": N_("App"),
    "walk_in": N_("Walk-in"),
    "sms": N_("Text message"),
    "social": N_("Social media"),
    "letter": N_("Letter"),
    "fax": N_("Fax"),
}
LANGUAGES = {
    "en": N_("English"),
    "es": N_("Spanish"),
    "fr": N_("French"),
    "he": N_("Hebrew"),
    "ar": N_("Arabic"),
    "ru": N_("Russian"),
    "vi": N_("Vietnamese"),
    "zh": N_("Chinese"),
    "ko": N_("Korean"),
    "so": N_("Somali"),
    "ht": N_("Haitian Creole"),
    "pt": N_("Portuguese"),
    "tl": N_("Tagalog"),
}
PEAKS = {"peak": N_("peak"), "off-peak": N_("off-peak")}
WORDS = {"channel": CHANNELS, "language": LANGUAGES, "peak": PEAKS}
# what one unit of a metric is called on an axis
AXIS_UNITS = {
    "count": N_("number"),
    "share": "%",
    "seconds": N_("min:s"),
    "days": N_("days"),
    "hours": N_("hours"),
    "points": N_("points"),
    "per_hour": N_("per hour"),
    "number": N_("number"),
}


TERMS = re.compile(r"( [+-] )")


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
        return _(NO_DATA)
    whole = round(number)
    return f"{MINUS if whole < 0 else ''}{_separated(f'{abs(whole):,}')}"


def share(fraction: float | None) -> str:
    """A fraction in per cent to one decimal; only what is exactly none or all reads "0.0 %" or "100.0 %".

    >>> share(0.8274), share(0.9999)
    ('82.7 %', 'over 99.9 %')
    """
    if fraction is None:
        return _(NO_DATA)
    if 0 < fraction < 0.0005:
        return _("under {share}").format(share=f"{_separated('0.1')} %")
    if 0.9995 <= fraction < 1:
        return _("over {share}").format(share=f"{_separated('99.9')} %")
    return f"{_signed(fraction * 100, 1)} %"


def duration(seconds: float | None) -> str:
    """Seconds as minutes and seconds, with hours where there are any.

    >>> duration(245), duration(3727)
    ('4:05', '1:02:07')
    """
    if seconds is None:
        return _(NO_DATA)
    whole = round(abs(seconds))
    sign = MINUS if seconds < 0 and whole else ""
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{sign}{_separated(f'{hours:,}')}:{minute:02}:{second:02}" if hours else f"{sign}{minute}:{second:02}"


def hours(number: float | None) -> str:
    """Hours of work, to one decimal below a hundred.

    >>> hours(1232.57), hours(7.5)
    ('1,233 hours', '7.5 hours')
    """
    if number is None:
        return _(NO_DATA)
    return _("{number} hours").format(number=_signed(number, 1) if abs(number) < 100 else count(number))


def points(number: float | None) -> str:
    """Points of a scale from -100 to 100.

    >>> points(41.6)
    '42 points'
    """
    return _(NO_DATA) if number is None else _("{number} points").format(number=count(number))


def decimal(number: float | None) -> str:
    """A mean of things that are counted.

    >>> decimal(1.0857)
    '1.09'
    """
    return _(NO_DATA) if number is None else _signed(number, 2)


def per_hour(number: float | None) -> str:
    """How many in an hour.

    >>> per_hour(6.41)
    '6.4 an hour'
    """
    return _(NO_DATA) if number is None else _("{number} an hour").format(number=_signed(number, 1))


def days(number: float | None) -> str:
    """Days to one decimal.

    >>> days(3.41), days(0.01)
    ('3.4 days', 'under 0.1 days')
    """
    if number is None:
        return _(NO_DATA)
    if 0 < number < 0.05:
        return _("under {number} days").format(number=_separated("0.1"))
    one = 1 if f"{number:.1f}" == "1.0" else 2
    return n_("{number} day", "{number} days", one).format(number=_signed(number, 1))


def number(value: float, decimals: int) -> str:
    """A number with so many decimals.

    >>> number(1204.25, 1)
    '1,204.2'
    """
    return _signed(value, decimals)


def _signed(number: float, decimals: int) -> str:
    rounded = f"{abs(number):,.{decimals}f}"
    return f"{MINUS if number < 0 and float(rounded.replace(',', '')) else ''}{_separated(rounded)}"


def _separated(number: str) -> str:
    """A number written with "," between thousands and "." before decimals, with the separators of the language."""
    if language() == "en" and tag() == "en":
        return number
    group, point = _separators(tag())
    return number if (group, point) == (",", ".") else number.translate({ord(","): group, ord("."): point})


@cache
def _separators(spoken: str) -> tuple[str, str]:  # noqa: ARG001 (what is spoken decides the locale)
    symbols = locale().number_symbols
    of_digits = symbols.get("latn", symbols)
    return str(of_digits["group"]), str(of_digits["decimal"])


def digits(number: float, decimals: int, *, sign: bool = False) -> str:
    """A number to so many decimals, as it is; with `sign` also the plus."""
    return _separated(f"{number:{'+' if sign else ''}z.{decimals}f}").replace("-", MINUS)


def without_nought(written: str) -> str:
    """A value that a person set, without the decimals that say nothing: "80 %" of "80.0 %"."""
    return written.replace(f"{_separated('.')}0 ", " ")


def change(metric: HasUnit, difference: float | None) -> str:
    """The difference between two values of a metric, with its sign; shares differ by points.

    >>> change(type("Share", (), {"unit": "share"}), 0.031)
    '+3.1 points'
    """
    if difference is None:
        return _(NO_COMPARISON)
    if metric.unit == "share":
        written = _("{number} points").format(number=_signed(difference * 100, 1))
    elif metric.unit == "days":
        written = _("{number} days").format(number=_signed(difference, 1))
    else:
        written = value(metric, difference)
    if not any(digit in written for digit in "123456789"):
        return _("no change")
    return written if MINUS in written else f"+{written}"


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
    return f"{count(number)} {n_(one, many or f'{one}s', number)}"


def plain_words(name: str) -> str:
    """A name of the catalogue as words: "request type"."""
    return _(name.replace("_", " "))


def heading(words: str) -> str:
    """Words that begin a heading, a sentence or a line of a table: Spanish writes days and months small elsewhere.

    >>> heading("miércoles 18 de noviembre de 2026")
    'Miércoles 18 de noviembre de 2026'
    """
    return words[:1].upper() + words[1:]


def listed(names: Sequence[str]) -> str:
    """Names in a row, with "and" before the last.

    >>> listed(["Water", "Streets", "Parks"])
    'Water, Streets and Parks'
    """
    if len(names) < 2:
        return "".join(names)
    return _("{most} and {last}").format(most=", ".join(names[:-1]), last=names[-1])


def dimension_value(dimension: str, name: object) -> str:
    """A value of a dimension as a person reads it: codes as words, days and intervals as dates and times."""
    if name is None or name == "":
        return _(NOT_RECORDED)
    if isinstance(name, datetime):
        return clock(name)
    if isinstance(name, date):
        return month(name) if dimension == "month" else short_day(name)
    if dimension == "weekday" and isinstance(name, int):
        return weekday_name(name - 1)
    if dimension == "hour" and isinstance(name, int):
        return f"{name:02}:00"
    words = WORDS.get(dimension, {}).get(str(name))
    return _(words) if words else str(name)


def narrow(name: object) -> str:
    """A day on an axis: "18 Nov"; what is no day is not recorded."""
    return narrow_day(name) if isinstance(name, date) else _(NOT_RECORDED)


# ---- against a target ----------------------------------------------------------------------------------------------


def goal(metric: HasUnit, target: Target | None) -> str:
    """What a target asks for, in words: "target 80 % or more"."""
    if target is None or target.goal is None:
        return _("no target")
    aim = without_nought(value(metric, target.goal))
    if target.better == "neither":
        return _("target {aim}").format(aim=aim)
    return (_("target {aim} or more") if target.better == "higher" else _("target {aim} or less")).format(aim=aim)


def threshold(target: Target) -> str:
    """A queue's own service level target: "80 % in 30 s"."""
    if target.goal is None or target.within_seconds is None:
        return _("no target")
    return _("{share} in {time}").format(share=without_nought(share(target.goal)), time=limit(target.within_seconds))


def limit(seconds: int) -> str:
    """The time within which something is to be answered: "30 s", "4:00:00"."""
    return f"{seconds} s" if seconds < 100 else duration(seconds)


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
        return f"{wanted}, {_(NO_DATA)}"
    if met:
        return _("{target}, met").format(target=wanted)
    # 79.96 % reads 80.0 %: without a word the reader would see a target of 80 % missed by 80.0 %
    missed = _("{target}, just not met") if _reads_alike(metric, value, target.goal) else _("{target}, not met")
    return missed.format(target=wanted)


def _reads_alike(metric: HasUnit, number: float | None, aim: float) -> bool:
    return value(metric, number) == value(metric, aim)


# ---- a chart in words ----------------------------------------------------------------------------------------------


def axis_title(metric: Metric) -> str:
    """What an axis says: the metric's title and its unit."""
    return f"{metric.title} ({_(AXIS_UNITS[metric.unit])})"


def formula(metric: Metric) -> str:
    """How a metric is computed, in words."""
    if metric.quantile is not None:
        if metric.quantile == 1:
            return _("the largest of all")
        return _("{share} % lie at or below it").format(share=round(metric.quantile * 100))
    above = _terms(metric.numerator or "")
    if metric.denominator is None:
        return above
    below = _terms(metric.denominator)
    return f"{_grouped(above)} ÷ {_grouped(below)}"


def _terms(names: str) -> str:
    found = "".join(_(part.replace("_", " ")) if part[0].isalpha() else part for part in TERMS.split(names) if part)
    return found.replace(" - ", f" {MINUS} ")


def _grouped(terms: str) -> str:
    return f"({terms})" if f" {MINUS} " in terms or " + " in terms else terms


def describe_series(title: str, labels: Sequence[str], values: Sequence[float | None], metric: HasUnit) -> str:
    """The alternative text of a series, written from its data: first, last, lowest, highest, how many.

    >>> describe_series("Calls by hour", ["9:00", "10:00"], [12, 30], type("Count", (), {"unit": "count"}))
    'Calls by hour: 2 points, from 12 (9:00) to 30 (10:00); lowest 12 (9:00), highest 30 (10:00).'
    """
    known = [(label, number) for label, number in zip(labels, values, strict=True) if number is not None]
    if not known:
        return f"{title}: {_(NO_DATA)}."
    written = [f"{value(metric, number)} ({label})" for label, number in known]
    missing = len(values) - len(known)
    gaps = _("; {points} without data").format(points=number_of(missing, "point")) if missing else ""
    if len(known) == 1:
        return _("{title}: 1 point, {only}{gaps}.").format(title=title, only=written[0], gaps=gaps)
    numbers = [number for _label, number in known]
    lowest, highest = written[numbers.index(min(numbers))], written[numbers.index(max(numbers))]
    span = _("{n} points, from {first} to {last}").format(n=len(known), first=written[0], last=written[-1])
    if min(numbers) == max(numbers):
        return _("{title}: {span}; all the same{gaps}.").format(title=title, span=span, gaps=gaps)
    return _("{title}: {span}; lowest {lowest}, highest {highest}{gaps}.").format(
        title=title, span=span, lowest=lowest, highest=highest, gaps=gaps
    )
