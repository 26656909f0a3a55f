"""The month's demand: how many, by which channel, about what, in which language, and when."""

from __future__ import annotations

from metrics import Key, text, unavailable
from metrics.answers import Answer, AnswerColumn, ChangeColumn, Sentence, table
from metrics.language import N_, _
from metrics.month.figures import MonthFigures
from metrics.parts import Chart, Heat, Section, Table

RECEIVED = "contacts_received"
LANGUAGE = {
    "contacts_received": N_("Received"),
    "contacts_offered": N_("Live, offered"),
    "contacts_answered": N_("Live, answered"),
    "service_level": N_("Service level"),
    "average_handle_time": N_("Handle time"),
}
KINDS = {"information": N_("Information"), "request": N_("Service request"), "other": N_("Other")}
MOST_TYPES = 15
WEEK = tuple(range(1, 8))


def demand(month: MonthFigures) -> list[Section]:
    """Three pages on what came in."""
    return [
        Section(
            _("Demand"),
            (*_told(month), by_day(month), _months(month), _channels(month), _kinds(month)),
        ),
        Section(_("What contacts were about"), (*_types(month), _languages(month))),
        Section(_("When contacts came"), _hours(month)),
    ]


def columns_in_time(month: MonthFigures, name: str, by: str) -> list[AnswerColumn | ChangeColumn]:
    """This month beside the month before, a year ago and the fiscal year to date, as far as the data hold them."""
    now = month.ask((name,), by).column(text.period(month.month), name)
    found: list[AnswerColumn | ChangeColumn] = [now]
    subject = "request" if name.startswith("request") else "contact"
    if month.is_comparable(subject):
        before = month.ask((name,), by, month.before).column(text.period(month.before), name)
        found += [before, ChangeColumn(_("Change"), now, before)]
    if month.is_comparable(subject, "year ago"):
        ago = month.ask((name,), by, month.last_year).column(text.period(month.last_year), name)
        found += [ago, ChangeColumn(_("Change in a year"), now, ago)]
    if month.fiscal_year.first < month.month.first:
        since = f"{text.narrow_day(month.fiscal_year.first)} {month.fiscal_year.first.year}"
        title = _("Fiscal year since {day}").format(day=since)
        found.append(month.ask((name,), by, month.fiscal_year).column(title, name))
    return found


def _told(month: MonthFigures) -> list[Sentence]:
    channels = month.ask((RECEIVED,), "channel")
    found = []
    first = channels.largest(RECEIVED, 1)
    if first and channels.figure(RECEIVED).value:
        found.append(
            Sentence.of(
                _("{most.words} of {all.words} contacts came by {channel}."),
                most=channels.claim(RECEIVED, *first[0]),
                all=channels.claim(RECEIVED),
                channel=channels.called(first[0]).lower(),
            )
        )
    kinds = month.ask(("contacts_handled",), "kind") if knows_kinds(month) else None
    if kinds and ("information",) in kinds.keys and kinds.figure("contacts_handled").value:
        found.append(
            Sentence.of(
                _(
                    "{information.words} of {all.words} contacts handled asked for information only; {request.words} "
                    "were about work of a department."
                ),
                information=kinds.claim("contacts_handled", "information"),
                request=kinds.claim("contacts_handled", "request"),
                all=kinds.claim("contacts_handled"),
            )
        )
    return found


def by_day(month: MonthFigures) -> Chart:
    """Contacts received on each day."""
    days = month.ask((RECEIVED,), "day")
    highest = max(month.day_keys, key=lambda key: days.figure(RECEIVED, *key).value or 0)
    figure = days.figure(RECEIVED, *highest)
    sentence = _("Contacts received, day by day")
    if figure.value:
        sentence = _("Most contacts of a day came on {day}: {contacts}").format(
            day=text.dimension_value("day", highest[0]), contacts=figure.words
        )
    return days.chart(
        "bars", {RECEIVED: _("Contacts received")}, sentence, keys=month.day_keys, label=_day, x_title=_("day")
    )


def _day(key: Key) -> str:
    return text.narrow(key[0])


def _months(month: MonthFigures) -> Table:
    """Volume by month, by what became of it."""
    names = {
        "contacts_received": _("Received"),
        "contacts_offered": _("Live, offered"),
        "contacts_answered": _("Live, answered"),
        "contacts_abandoned": _("Live, gave up"),
        "deferred_contacts": _("Messages and visitors"),
    }
    columns = month.ask(names, "month", month.year).columns(names)
    note = "" if len(month.months) == 13 else _("The data begin in {month}.").format(month=text.month(month.year.first))
    return table(
        _("Contacts by month"), columns, keys=month.months, heading=_("Month"), total=_("Together"), note=note,
        label=lambda key: text.heading(text.dimension_value("month", key[0])),
    )  # fmt: skip


def _channels(month: MonthFigures) -> Table:
    note = ""
    if not month.is_comparable("contact", "year ago"):
        note = _("{period} is not in the data, so no month stands beside it from a year ago.").format(
            period=text.period(month.last_year)
        )
    return table(
        _("Contacts received by channel"),
        columns_in_time(month, RECEIVED, "channel"),
        heading=_("Channel"),
        total=_("All channels"),
        note=note,
    )


def _kinds(month: MonthFigures) -> Table | str:
    if not knows_kinds(month):
        return _(
            "Which contacts asked for information only is not known: give request types their kind in "
            "centre.toml ([[request_type]] with kind)."
        )
    return table(
        _("Information and service requests"),
        columns_in_time(month, "contacts_handled", "kind"),
        label=lambda key: _(KINDS.get(str(key[0]), "")) or text.dimension_value("kind", key[0]),
        heading=_("Contacts handled"),
        total=_("All contacts handled"),
        note=_("By the kind that the centre gave each request type; a contact without a type has no kind."),
    )


def knows_kinds(month: MonthFigures) -> bool:
    """Whether it is known which contacts only ask for information."""
    return not unavailable(month.asker.centre, ["resolved_at_311"])


def _types(month: MonthFigures) -> tuple[Chart, Table]:
    types = month.ask((RECEIVED,), "request_type")
    keys = types.largest(RECEIVED, MOST_TYPES)
    more = (
        _("the {most} most frequent of {n} types").format(most=len(keys), n=len(types.keys))
        if len(types.keys) > len(keys)
        else _("all types")
    )
    names = {RECEIVED: _("Contacts received")}
    chart = types.chart("bars_across", names, _("What contacts were about: {more}").format(more=more), keys=keys)
    return chart, table(
        _("Request types: {more}").format(more=more),
        columns_in_time(month, RECEIVED, "request_type"),
        keys=keys,
        heading=_("Request type"),
        total=_("All types"),
    )


def _languages(month: MonthFigures) -> Table:
    return table(
        _("By language"), month.ask(LANGUAGE, "language").columns(LANGUAGE), heading=_("Language"), total=_("All")
    )


def _hours(month: MonthFigures) -> tuple[Heat | Chart | str, ...]:
    name = "contacts_offered"
    grid = month.asker.by((name,), ["weekday", "hour"], month.month)
    days = {number: sum(day.isoweekday() == number for day in month.now["contact"].days) for number in WEEK}
    hours = list(range(24))

    def mean(weekday: int, hour: int) -> float | None:
        value = grid.figure(name, weekday, hour).value
        return value / days[weekday] if value is not None and days[weekday] else None

    values = tuple(tuple(mean(weekday, hour) for hour in hours) for weekday in WEEK)
    known = [(value, weekday, hour) for weekday, row in zip(WEEK, values, strict=True)
             for hour, value in zip(hours, row, strict=True) if value]  # fmt: skip
    if not known:
        return (_("No live contacts are on record for this month."),)
    most, weekday, hour = max(known)
    sentence = _("The busiest hour was {weekday} {first} to {last}, with {most} live contacts on average").format(
        weekday=text.weekday_name(weekday - 1),
        first=text.dimension_value("hour", hour),
        last=text.dimension_value("hour", hour + 1),
        most=text.count(most),
    )
    heat = Heat(
        sentence,
        tuple(text.weekday_name(number - 1) for number in WEEK),
        tuple(f"{hour:02}" for hour in hours),
        values,
        month.asker.metric(name),
        _("hour of arrival; live contacts offered, mean of a day"),
    )
    return (heat, _share_of_hours(month.ask((name,), "hour")))


def _share_of_hours(hours: Answer) -> Chart:
    keys: list[Key] = [(hour,) for hour in range(24)]
    total = hours.figure("contacts_offered").value or 0
    office = sum(hours.figure("contacts_offered", hour).value or 0 for hour in range(8, 17))
    return hours.chart(
        "bars",
        {"contacts_offered": _("Contacts offered")},
        _("{share} of live contacts came from {first} to {last}").format(
            first=text.dimension_value("hour", 8),
            last=text.dimension_value("hour", 17),
            share=text.share(office / total if total else None),
        ),
        keys=keys,
        x_title=_("hour of arrival, all days of the month together"),
    )
