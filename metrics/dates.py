"""How days, months and moments read in the language that is spoken; `metrics.text` hands them on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from metrics.language import _, has_region, language, locale
from metrics.period import Period

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def weekday_name(number: int) -> str:
    """The name of a weekday, Monday being 0."""
    return WEEKDAYS[number] if language() == "en" else str(locale().days["stand-alone"]["wide"][number])


def short_weekday(on: date) -> str:
    """A day's weekday in a narrow place: "Wed"."""
    if language() == "en":
        return WEEKDAYS[on.weekday()][:3]
    return str(locale().days["stand-alone"]["abbreviated"][on.weekday()]).rstrip(".")


def month_name(number: int) -> str:
    """The name of a month, January being 1."""
    return MONTHS[number - 1] if language() == "en" else str(locale().months["stand-alone"]["wide"][number])


def short_month(number: int) -> str:
    """The name of a month in a narrow place: "Nov"."""
    if language() == "en":
        return MONTHS[number - 1][:3]
    return str(locale().months["stand-alone"]["abbreviated"][number]).rstrip(".")


def day(on: date) -> str:
    """A day in words.

    >>> day(date(2026, 11, 18))
    'Wednesday 18 November 2026'
    """
    return _("{weekday} {day}").format(weekday=weekday(on), day=plain_day(on))


def plain_day(on: date) -> str:
    """A day without its weekday: "18 November 2026"."""
    return _("{day} {month} {year}").format(day=on.day, month=month_name(on.month), year=on.year)


def short_day(on: date) -> str:
    """A day in a narrow place: "Wed 18 Nov"."""
    return f"{short_weekday(on)} {narrow_day(on)}"


def narrow_day(on: date) -> str:
    """A day on an axis: "18 Nov"."""
    return f"{on.day} {short_month(on.month)}"


def weekday(on: date) -> str:
    """The name of a day's weekday."""
    return weekday_name(on.weekday())


def month(on: date) -> str:
    """A day's month and year.

    >>> month(date(2026, 11, 1))
    'November 2026'
    """
    return _("{month} {year}").format(month=month_name(on.month), year=on.year)


def period(during: Period) -> str:
    """A period in words, first and last day included; a whole month by its name.

    >>> period(Period(date(2026, 11, 1), date(2026, 11, 16)))
    '1 November 2026 to 15 November 2026'
    """
    if during.days == 1:
        return day(during.first)
    if during.first.day == 1 and during == Period.month(during.first.year, during.first.month):
        return month(during.first)
    return _("{first} to {last}").format(first=plain_day(during.first), last=plain_day(during.last))


def clock(at: datetime) -> str:
    """The time of day: "07:30"; as a region writes it where the centre names one: "7:30 AM"."""
    if has_region():
        from babel.dates import format_time

        return str(format_time(at.time(), "short", locale=locale()))
    return f"{at.hour:02}:{at.minute:02}"


def half_open(at: datetime, minutes: int) -> str:
    """An interval by its two ends: "10:30 to 11:00"."""
    return _("{first} to {last}").format(first=clock(at), last=clock(at + timedelta(minutes=minutes)))


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


def about_words(about: str) -> str:
    """What sources are about, as people call it: "cases, phone"."""
    return ", ".join(_(one) for one in about.split(", "))


def near_moment(at: datetime, newest: datetime) -> str:
    """A moment beside others: its year only where that is another than the newest's: "18 Nov, 07:30"."""
    return short_moment(at) if at.year != newest.year else f"{narrow_day(at.date())}, {clock(at)}"


def reach(reached: Iterable[tuple[str, datetime | None]], *, loaded_at: datetime | None = None) -> list[str]:
    """How far the data go: "cases to 14 Nov, 04:00" and "phone to 13 Nov, 23:56"; with the year where they are old.

    What was loaded in another year than it is of has its year told.
    """
    found = latest(reached)
    newest = max((at for _about, at in found), default=None)
    if newest is None:
        return [_("no data")]
    beside = loaded_at or newest
    return [
        _("{about} to {moment}").format(about=about_words(about), moment=near_moment(at, beside)) for about, at in found
    ]
