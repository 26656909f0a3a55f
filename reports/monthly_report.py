"""Management's month: demand, access, handling, service requests, notable days, the state of the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from metrics import Centre, Figure, Grid, Key, Period, Scope, text
from metrics.charts import Interval
from reports.cards import card
from reports.coverage import SUBJECTS
from reports.imprint import Imprint, content_hash, imprint
from reports.month_data import partial, quality_of_data, sources
from reports.month_figures import ACCESS, ALL, CARDS, CLOSING, HANDLING, REQUESTS, RESPONSE, MonthFigures
from reports.month_sentences import summary
from reports.notable_days import FEWEST_DAYS
from reports.parts import Card, Chart, Number, Ranges, Row, Table, series
from reports.pdf import Document, stem, write

MOST_TYPES = 12
DAY_TYPES = {"weekday": "Monday to Friday", "weekend": "Saturday and Sunday"}


@dataclass(frozen=True)
class Section:
    """One subject of the report: charts and tables in the order of reading."""

    title: str
    parts: tuple[Chart | Ranges | Table | str, ...]


@dataclass(frozen=True)
class MonthlyReport:
    """All that the report says."""

    centre: str
    month: Period
    subtitle: str
    caveats: tuple[str, ...]
    summary: tuple[str, ...]
    cards: tuple[Card, ...]
    sections: tuple[Section, ...]
    quality_of_data: tuple[str, ...]
    imprint: Imprint


def monthly(centre: Centre, month: date, out: Path, *, scope: Scope, created_at: datetime | None = None) -> list[Path]:
    """Write the report of the month that a day lies in, as PDF and HTML; says where.

    Without `created_at` the files say that they were made when the data was loaded. Raises PermissionError where the
    scope is not the whole centre.
    """
    report = monthly_content(centre, month, scope=scope)
    document = Document(
        template="monthly/report.html.jinja",
        title=f"{centre.name}, {text.period(report.month)}",
        stem=stem("monthly", f"{month:%Y-%m}"),
        author=centre.name,
        created_at=created_at or report.imprint.loaded_at,
        content={"report": report, "hash": content_hash(report)},
    )
    return write(document, out)


def monthly_content(centre: Centre, month: date, *, scope: Scope) -> MonthlyReport:
    """Everything that the report says, every figure by `metrics.measure`."""
    if scope.limits():
        raise PermissionError(
            "The monthly report is of the whole centre; who may see some teams only has the daily sheet."
        )
    figures = MonthFigures.of(centre, month, scope=scope)
    return MonthlyReport(
        centre=centre.name,
        month=figures.month,
        subtitle=_subtitle(figures),
        caveats=partial(figures),
        summary=summary(figures),
        cards=tuple(_card(figures, name) for name in CARDS),
        sections=(
            Section("Demand", _demand(figures)),
            Section("Access", _access(figures)),
            Section("Handling", _handling(figures)),
            Section("Service requests", _requests(figures)),
            Section("Notable days", (_notable(figures),)),
            Section("The data behind this report", (sources(centre),)),
        ),
        quality_of_data=quality_of_data(figures),
        imprint=imprint(centre, ALL),
    )


def _subtitle(month: MonthFigures) -> str:
    compared = [SUBJECTS[subject][0] for subject in month.now if month.is_comparable(subject)]
    whose = f"{month.asker.centre.name}, whole centre"
    return f"{whose}, {text.listed(compared)} compared with {text.period(month.before)}" if compared else whose


def _card(month: MonthFigures, name: str) -> Card:
    figure = month.figures[name]
    target = month.asker.target(name, month.month.last)
    days = month.days(name)
    return card(
        figure,
        before=month.before_of(name),
        compared_with=f"in {text.period(month.before)}",
        target=target,
        course=Chart(
            kind="sparkline",
            sentence=f"{figure.metric.title}, day by day",
            labels=tuple(text.narrow_day(day) for day in days),
            series=(series(figure.metric.title, month.by_day.values(name, [(day,) for day in days]), figure),),
            target=target.goal if target else None,
        ),
    )


# ---- demand


def _demand(month: MonthFigures) -> tuple[Chart | Table, ...]:
    days = month.days("contacts_received")
    keys: list[Key] = [(day,) for day in days]
    offered = month.figures["contacts_received"]
    by_day = Chart(
        kind="bars",
        sentence="Contacts received, day by day",
        labels=tuple(text.narrow_day(day) for day in days),
        series=(series("Contacts received", month.by_day.values("contacts_received", keys), offered),),
        x_title="day",
    )
    return by_day, _channels(month), _languages(month), _types(month)


def _channels(month: MonthFigures) -> Table:
    """This month by channel, and where the month before is whole too, that month and the change."""
    name = "contacts_received"
    if not month.is_comparable("contact"):
        total = Row("All channels", (month.figures[name],))
        names = {name: text.period(month.month)}
        return _table(month, "Contacts received by channel", "channel", month.by_channel, names, total=total)
    channels = sorted({*month.by_channel.keys, *month.earlier_by_channel.keys}, key=str)
    rows = []
    for key in channels:
        now, then = month.by_channel.figure(name, *key), month.earlier_by_channel.figure(name, *key)
        rows.append(_compared(month.asker.called("channel", key[0]), now, then))
    return Table(
        caption="Contacts received by channel",
        heading="Channel",
        columns=(text.period(month.month), text.period(month.before), "Change"),
        rows=tuple(rows),
        total=_compared("All channels", month.figures[name], month.earlier[name]),
    )


def _compared(label: str, now: Figure, then: Figure) -> Row:
    return Row(label, (now, then, Number(now.change_from(then))))


def _languages(month: MonthFigures) -> Table:
    names = {
        "contacts_received": "Received",
        "contacts_offered": "Live, offered",
        "contacts_answered": "Live, answered",
        "service_level": "Service level",
        "average_handle_time": "Handle time",
    }
    return _table(month, "By language", "language", month.by_language, names)


def _types(month: MonthFigures) -> Chart:
    name = "contacts_received"
    keys, more = _most(month.by_type, name)
    return Chart(
        kind="bars_across",
        sentence=f"What contacts were about{more}",
        labels=tuple(month.asker.called("request_type", key[0]) for key in keys),
        series=(series("Contacts received", month.by_type.values(name, keys), month.figures[name]),),
    )


# ---- access


def _access(month: MonthFigures) -> tuple[Chart | Table, ...]:
    total = _total(month, "All live queues", ACCESS)
    weeks = Table(
        caption="By week",
        heading="Week",
        columns=tuple(ACCESS.values()),
        rows=tuple(Row(_week(week), _of_week(month.by_week, ACCESS, week)) for week in month.weeks),
        total=total,
    )
    day_types = Table(
        caption="Weekdays and weekends apart",
        heading="Days",
        columns=tuple(ACCESS.values()),
        rows=tuple(Row(words, month.by_day_type.row(ACCESS, key)) for key, words in DAY_TYPES.items()),
    )
    return _level_by_day(month), weeks, _queues(month, total), _hours(month), day_types


def _week(week: Period) -> str:
    return text.narrow_day(week.first) if week.days == 1 else f"{week.first.day} to {text.narrow_day(week.last)}"


def _of_week(grid: Grid, names: Mapping[str, str], week: Period) -> tuple[Figure, ...]:
    return grid.row(names, Period.week(week.first).first)


def _level_by_day(month: MonthFigures) -> Chart:
    days = month.days("service_level")
    keys: list[Key] = [(day,) for day in days]
    level, offered = month.figures["service_level"], month.figures["contacts_offered"]
    target = month.asker.target("service_level", month.month.last)
    levels = month.by_day.values("service_level", keys)
    met = [text.is_met(value, target) for value in levels if value is not None]
    sentence = "Live contacts and service level, day by day"
    if target and target.goal is not None and met:
        sentence = (
            f"Service level reached its target on {sum(bool(one) for one in met)} of {text.number_of(len(met), 'day')}"
        )
    return Chart(
        kind="bars_and_line",
        sentence=sentence,
        labels=tuple(text.narrow_day(day) for day in days),
        series=(
            series(offered.metric.title, month.by_day.values("contacts_offered", keys), offered),
            series(level.metric.title, levels, level),
        ),
        x_title="day of arrival",
        target=target.goal if target else None,
    )


def _queues(month: MonthFigures, total: Row) -> Table:
    rows = []
    for key in month.by_queue.keys:
        target = month.asker.target("service_level", month.month.last, queue=str(key[0]))
        aim = text.threshold(target) if target else "no target"
        rows.append(Row(month.asker.called("queue", key[0]), month.by_queue.row(ACCESS, *key), aside=aim))
    return Table(
        caption="By queue, with its target",
        heading="Queue",
        columns=tuple(ACCESS.values()),
        rows=tuple(rows),
        total=total,
        note="Every contact is judged by its own queue's target on the day. Medians and percentiles count those who "
        "gave up as having waited at least that long; the speed of answer is that of answered contacts only.",
    )


def _hours(month: MonthFigures) -> Chart:
    keys: list[Key] = [(hour,) for hour in range(24)]
    offered, level = month.figures["contacts_offered"], month.figures["service_level"]
    target = month.asker.target("service_level", month.month.last)
    return Chart(
        kind="bars_and_line",
        sentence="Peak and off-peak: the hours of weekdays",
        labels=tuple(text.dimension_value("hour", key[0]) for key in keys),
        series=(
            series("Contacts offered, all weekdays together", month.by_hour.values("contacts_offered", keys), offered),
            series(level.metric.title, month.by_hour.values("service_level", keys), level),
        ),
        x_title="hour of arrival",
        target=target.goal if target else None,
    )


# ---- handling


def _handling(month: MonthFigures) -> tuple[Table, ...]:
    total = _total(month, "All", HANDLING)
    weeks = Table(
        caption="Handle time and its parts by week",
        heading="Week",
        columns=tuple(HANDLING.values()),
        rows=tuple(Row(_week(week), _of_week(month.handling_by_week, HANDLING, week)) for week in month.weeks),
        total=total,
        n="first count",
    )
    queues = _table(month, "By queue", "queue", month.handling, HANDLING, total=total, n="first count")
    response = _table(month, "First answer to messages and visitors", "channel", month.response, RESPONSE)
    return weeks, queues, response


# ---- service requests


def _requests(month: MonthFigures) -> tuple[Chart | Ranges | Table, ...]:
    grid = month.departments
    departments = [key for key in grid.keys if grid.figure("requests_created", *key).n]
    names = tuple(month.asker.called("department", key[0]) for key in departments)
    created, closed = month.figures["requests_created"], month.figures["requests_net_closed"]
    flow = Chart(
        kind="bars_across",
        sentence="Created, and closed for good, by department",
        labels=names,
        series=(
            series("Created", grid.values("requests_created", departments), created),
            series("Closed and still closed", grid.values("requests_net_closed", departments), closed),
        ),
        axis_title="Service requests (number)",
    )
    work = _table(
        month, "By department", "department", grid, REQUESTS, total=_total(month, "All departments", REQUESTS)
    )
    closing = Ranges(
        sentence="Time to close: the middle request, and how far the slowest tenth lies from it",
        rows=tuple(_range(name, grid, key) for name, key in zip(names, departments, strict=True)),
        like=month.figures["time_to_close_p50"].metric,
        axis_title="Time to close, created this month (days)",
    )
    times = _table(month, "Time to close", "department", grid, CLOSING, total=_total(month, "All departments", CLOSING))
    return flow, work, closing, times, _request_types(month)


def _request_types(month: MonthFigures) -> Table:
    names = {**REQUESTS, "time_to_close_p50": "Time to close, median"}
    keys, more = _most(month.request_types, "requests_created")
    return _table(month, f"By request type{more}", "request_type", month.request_types, names, keys=keys)


def _range(name: str, grid: Grid, key: Key) -> Interval:
    half, tenth = grid.figure("time_to_close_p50", *key), grid.figure("time_to_close_p90", *key)
    return Interval(name, half.value, half.value, tenth.value, f"{half.words} to {tenth.words}")


# ---- notable days, data


def _notable(month: MonthFigures) -> Table | str:
    grid = month.by_day
    if month.usual_weeks < FEWEST_DAYS:
        weeks = text.number_of(month.usual_weeks, "week")
        return (
            f"Too few days to tell: contacts are on record for {weeks} up to the month's end, {FEWEST_DAYS} are needed."
        )
    rule = (
        f"Usual is the median of the same weekday in the {month.usual_weeks} weeks to the month's end; a day stands "
        "out when it is four times the usual spread and at least 15 % away from it."
    )
    if not month.notable:
        return f"No day of this month stands out for its contacts offered. {rule}"
    rows = []
    for one in month.notable:
        figures = grid.row(
            ("contacts_offered", "contacts_answered", "service_level", "average_speed_of_answer"), one.day
        )
        rows.append(Row(text.day(one.day), (figures[0], Number(text.count(one.usual)), *figures[1:])))
    return Table(
        caption="Days far from what is usual on their weekday",
        heading="Day",
        columns=("Contacts offered", "Usual on this weekday", "Answered", "Service level", "Speed of answer"),
        rows=tuple(rows),
        note=rule,
    )


# ---- tables


def _total(month: MonthFigures, label: str, names: Mapping[str, str]) -> Row:
    return Row(label, tuple(month.figures[name] for name in names))


def _table(
    month: MonthFigures,
    caption: str,
    dimension: str,
    grid: Grid,
    names: Mapping[str, str],
    *,
    keys: Sequence[Key] | None = None,
    total: Row | None = None,
    n: str = "below",
    note: str = "",
) -> Table:
    return Table(
        caption=caption,
        heading=dimension.replace("_", " ").capitalize(),
        columns=tuple(names.values()),
        rows=tuple(
            Row(month.asker.called(dimension, key[0]), grid.row(names, *key))
            for key in (grid.keys if keys is None else keys)
        ),
        total=total,
        n="first count" if n == "first count" else "below",
        note=note,
    )


def _most(grid: Grid, name: str) -> tuple[list[Key], str]:
    """The most frequent values of a dimension, and words that say so where there are more."""
    keys = sorted(grid.keys, key=lambda key: (-grid.figure(name, *key).n, str(key[0])))
    more = f": the {MOST_TYPES} most frequent of {len(keys)} types" if len(keys) > MOST_TYPES else ""
    return keys[:MOST_TYPES], more
