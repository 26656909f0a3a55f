"""The month's demand: how many, by which channel, about what, in which language, and when."""

from __future__ import annotations

from metrics import Key, text, unavailable
from metrics.answers import Answer, AnswerColumn, ChangeColumn, Sentence, table
from metrics.month.figures import MonthFigures
from metrics.parts import Chart, Heat, Section, Table

RECEIVED = "contacts_received"
LANGUAGE = {
    "contacts_received": "Received",
    "contacts_offered": "Live, offered",
    "contacts_answered": "Live, answered",
    "service_level": "Service level",
    "average_handle_time": "Handle time",
}
KINDS = {"information": "Information", "request": "Service request", "other": "Other"}
MOST_TYPES = 15
WEEK = tuple(range(1, 8))


def demand(month: MonthFigures) -> list[Section]:
    """Three pages on what came in."""
    return [
        Section(
            "Demand",
            (*_told(month), by_day(month), _months(month), _channels(month), _kinds(month)),
        ),
        Section("What contacts were about", (*_types(month), _languages(month))),
        Section("When contacts came", _hours(month)),
    ]


def columns_in_time(month: MonthFigures, name: str, by: str) -> list[AnswerColumn | ChangeColumn]:
    """This month beside the month before, a year ago and the fiscal year to date, as far as the data hold them."""
    now = month.ask((name,), by).column(text.period(month.month), name)
    found: list[AnswerColumn | ChangeColumn] = [now]
    subject = "request" if name.startswith("request") else "contact"
    if month.is_comparable(subject):
        before = month.ask((name,), by, month.before).column(text.period(month.before), name)
        found += [before, ChangeColumn("Change", now, before)]
    if month.is_comparable(subject, "year ago"):
        ago = month.ask((name,), by, month.last_year).column(text.period(month.last_year), name)
        found += [ago, ChangeColumn("Change in a year", now, ago)]
    if month.fiscal_year.first < month.month.first:
        title = f"Fiscal year since {text.narrow_day(month.fiscal_year.first)} {month.fiscal_year.first.year}"
        found.append(month.ask((name,), by, month.fiscal_year).column(title, name))
    return found


def _told(month: MonthFigures) -> list[Sentence]:
    channels = month.ask((RECEIVED,), "channel")
    found = []
    first = channels.largest(RECEIVED, 1)
    if first and channels.figure(RECEIVED).value:
        found.append(
            Sentence.of(
                "{most.words} of {all.words} contacts came by {channel}.",
                most=channels.claim(RECEIVED, *first[0]),
                all=channels.claim(RECEIVED),
                channel=channels.called(first[0]).lower(),
            )
        )
    kinds = month.ask(("contacts_handled",), "kind") if knows_kinds(month) else None
    if kinds and ("information",) in kinds.keys and kinds.figure("contacts_handled").value:
        found.append(
            Sentence.of(
                "{information.words} of {all.words} contacts handled asked for information only; {request.words} were "
                "about work of a department.",
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
    sentence = "Contacts received, day by day"
    if figure.value:
        sentence = f"Most contacts of a day came on {text.dimension_value('day', highest[0])}: {figure.words}"
    return days.chart("bars", {RECEIVED: "Contacts received"}, sentence, keys=month.day_keys, label=_day, x_title="day")


def _day(key: Key) -> str:
    return text.dimension_value("day", key[0])[4:]


def _months(month: MonthFigures) -> Table:
    """Volume by month, by what became of it."""
    names = {
        "contacts_received": "Received",
        "contacts_offered": "Live, offered",
        "contacts_answered": "Live, answered",
        "contacts_abandoned": "Live, gave up",
        "deferred_contacts": "Messages and visitors",
    }
    columns = month.ask(names, "month", month.year).columns(names)
    note = "" if len(month.months) == 13 else f"The data begin in {text.month(month.year.first)}."
    return table(
        "Contacts by month", columns, keys=month.months, label=lambda key: text.dimension_value("month", key[0]),
        heading="Month", total="Together", note=note,
    )  # fmt: skip


def _channels(month: MonthFigures) -> Table:
    note = "" if month.is_comparable("contact", "year ago") else (
        f"{text.period(month.last_year)} is not in the data, so no month stands beside it from a year ago."
    )  # fmt: skip
    return table(
        "Contacts received by channel",
        columns_in_time(month, RECEIVED, "channel"),
        heading="Channel",
        total="All channels",
        note=note,
    )


def _kinds(month: MonthFigures) -> Table | str:
    if not knows_kinds(month):
        return (
            "Which contacts asked for information only is not known: give request types their kind in centre.toml "
            "([[request_type]] with kind)."
        )
    return table(
        "Information and service requests",
        columns_in_time(month, "contacts_handled", "kind"),
        label=lambda key: KINDS.get(str(key[0]), text.dimension_value("kind", key[0])),
        heading="Contacts handled",
        total="All contacts handled",
        note="By the kind that the centre gave each request type; a contact without a type has no kind.",
    )


def knows_kinds(month: MonthFigures) -> bool:
    """Whether it is known which contacts only ask for information."""
    return not unavailable(month.asker.centre, ["resolved_at_311"])


def _types(month: MonthFigures) -> tuple[Chart, Table]:
    types = month.ask((RECEIVED,), "request_type")
    keys = types.largest(RECEIVED, MOST_TYPES)
    more = f"the {len(keys)} most frequent of {len(types.keys)} types" if len(types.keys) > len(keys) else "all types"
    names = {RECEIVED: "Contacts received"}
    chart = types.chart("bars_across", names, f"What contacts were about: {more}", keys=keys)
    return chart, table(
        f"Request types: {more}",
        columns_in_time(month, RECEIVED, "request_type"),
        keys=keys,
        heading="Request type",
        total="All types",
    )


def _languages(month: MonthFigures) -> Table:
    return table("By language", month.ask(LANGUAGE, "language").columns(LANGUAGE), heading="Language", total="All")


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
        return ("No live contacts are on record for this month.",)
    most, weekday, hour = max(known)
    sentence = (
        f"The busiest hour was {text.WEEKDAYS[weekday - 1]} {text.dimension_value('hour', hour)} to "
        f"{text.dimension_value('hour', hour + 1)}, with {text.count(most)} live contacts on average"
    )
    heat = Heat(
        sentence,
        text.WEEKDAYS,
        tuple(f"{hour:02}" for hour in hours),
        values,
        month.asker.metric(name),
        "hour of arrival; live contacts offered, mean of a day",
    )
    return (heat, _share_of_hours(month.ask((name,), "hour")))


def _share_of_hours(hours: Answer) -> Chart:
    keys: list[Key] = [(hour,) for hour in range(24)]
    total = hours.figure("contacts_offered").value or 0
    office = sum(hours.figure("contacts_offered", hour).value or 0 for hour in range(8, 17))
    return hours.chart(
        "bars",
        {"contacts_offered": "Contacts offered"},
        f"{text.share(office / total if total else None)} of live contacts came from 08:00 to 17:00",
        keys=keys,
        x_title="hour of arrival, all days of the month together",
    )
