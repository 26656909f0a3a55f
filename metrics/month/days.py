"""Notable days, and what is known of why: which queue or request type, a holiday, data that did not arrive."""

from __future__ import annotations

from datetime import date

from metrics import Period, text
from metrics.answers import Sentence
from metrics.language import _
from metrics.month.figures import MonthFigures
from metrics.month.notable_days import FEWEST_DAYS, NotableDay
from metrics.parts import Number, Part, Row, Section, Table, columns

NAMES = ("contacts_offered", "contacts_answered", "service_level", "average_speed_of_answer")
MOST_CAUSES = 3
# a queue or a type explains a day where it makes at least this part of the difference
PART = 0.25


def notable(month: MonthFigures) -> list[Section]:
    """The days of the month that stand out."""
    return [Section(_("Notable days"), (*_table(month), *_explained(month)), begins_page=True)]


def _table(month: MonthFigures) -> tuple[Part, ...]:
    if month.usual_weeks < FEWEST_DAYS:
        weeks = text.number_of(month.usual_weeks, "week")
        return (
            _(
                "Too few days to tell: contacts are on record for {weeks} up to the month's end, and {fewest} "
                "are needed."
            ).format(weeks=weeks, fewest=FEWEST_DAYS),
        )
    rule = _(
        "Usual is the median of the same weekday in the {weeks} weeks to the month's end; a day stands "
        "out when it is four times the usual spread and at least 15 % away from it."
    ).format(weeks=month.usual_weeks)
    if not month.notable:
        return (_("No day of this month stands out for its contacts offered. {rule}").format(rule=rule),)
    days = month.ask(NAMES, "day")
    rows = []
    for one in month.notable:
        figures = days.grid.row(NAMES, one.day)
        rows.append(Row(text.heading(text.day(one.day)), (figures[0], Number(text.count(one.usual)), *figures[1:])))
    heads = columns(
        _("Contacts offered"), _("Usual on this weekday"), _("Answered"), _("Service level"), _("Speed of answer")
    )
    return (Table(_("Days far from what is usual on their weekday"), _("Day"), heads, tuple(rows), note=rule),)


def _explained(month: MonthFigures) -> list[Part]:
    return [_why(month, one) for one in month.notable[:8]]


def _why(month: MonthFigures, one: NotableDay) -> Part:
    """A day in a sentence: how far from usual, and what the difference is made of."""
    day = month.ask(("contacts_offered",), during=Period.day(one.day))
    known = [*_holiday(month, one.day), *_made_of(month, one)]
    return Sentence.of(
        _("{day}: {offered.words} contacts offered, {usual} are usual. {why}"),
        day=text.heading(text.day(one.day)),
        offered=day.claim("contacts_offered"),
        usual=text.count(one.usual),
        why=" ".join(known) or _("Nothing in the data says why."),
    )


def _holiday(month: MonthFigures, on: date) -> list[str]:
    names = holidays(month).get(on)
    return [_("The centre's calendar calls it {names}.").format(names=text.listed(names))] if names else []


def holidays(month: MonthFigures) -> dict[date, list[str]]:
    """The holidays of the centre's calendars."""
    frame = month.asker.centre.table("calendar").drop_nulls("holiday_name").unique(["on_day", "holiday_name"])
    found: dict[date, list[str]] = {}
    for row in frame.sort("holiday_name").iter_rows(named=True):
        found.setdefault(row["on_day"], []).append(row["holiday_name"])
    return found


def _made_of(month: MonthFigures, one: NotableDay) -> list[str]:
    """The queues and the request types that make most of the difference from the other days of the weekday."""
    told = []
    for dimension, noun in (("queue", _("queue")), ("request_type", _("request type"))):
        causes = _causes(month, one, dimension)
        if causes:
            listed = [
                _("{name} ({now}, usually {usual})").format(name=name, now=text.count(now), usual=text.count(usual))
                for name, now, usual in causes
            ]
            told.append(_("By {noun} most of the difference is {names}.").format(noun=noun, names=text.listed(listed)))
    return told


def _causes(month: MonthFigures, one: NotableDay, dimension: str) -> list[tuple[str, float, float]]:
    name = "contacts_offered"
    same = [day for day in _same_weekdays(month, one.day) if day != one.day]
    if not same:
        return []
    now = month.asker.by((name,), [dimension], Period.day(one.day))
    then = month.asker.by((name,), [dimension], month.usual, {"day": [day.isoformat() for day in same]})
    gap = one.value - one.usual
    found = []
    for key in sorted({*now.keys, *then.keys}, key=str):
        value = now.figure(name, *key).value or 0.0
        usual = (then.figure(name, *key).value or 0.0) / len(same)
        if key[0] is not None and (value - usual) / gap >= PART:
            found.append((month.asker.called(dimension, key[0]), value, usual))
    return sorted(found, key=lambda cause: -abs(cause[1] - cause[2]))[:MOST_CAUSES]


def _same_weekdays(month: MonthFigures, on: date) -> list[date]:
    """The days of the same weekday with contacts in the weeks that usual is taken from, notable ones left out."""
    odd = {one.day for one in month.notable}
    days = month.ask(("contacts_offered",), "day", month.usual)
    return [day for (day,) in days.keys if isinstance(day, date) and day.weekday() == on.weekday() and day not in odd]
