"""What departments did with service requests: flow, due cohort, backlog with its age, time to close, categories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from metrics import Key, text
from metrics.answers import Answer, Sentence, table
from metrics.charts import Interval
from metrics.language import N_, _
from metrics.month.demand import columns_in_time
from metrics.month.figures import FEWEST, MonthFigures
from metrics.month.within_departments import within_departments
from metrics.parts import Chart, Part, Ranges, Section, Table
from metrics.quality import with_interval

FLOW = {
    "requests_created": N_("Created"),
    "requests_closed": N_("Closed"),
    "requests_net_closed": N_("Closed and still closed"),
    "requests_reopened": N_("Re-opened"),
    "reopen_rate": N_("Re-open rate"),
    "early_closure_share": N_("Early or administrative"),
}
DUE = {
    "on_time_closure_rate": N_("On time, of those due"),
    "requests_late_open": N_("Due, late and open"),
    "promise_kept_rate": N_("Promises kept"),
    "duplicate_rate": N_("Duplicates"),
}
BACKLOG = {
    "open_backlog": N_("Open"),
    "overdue_backlog": N_("Past their date"),
    "open_week": N_("0 to 7 days"),
    "open_month": N_("8 to 30 days"),
    "open_quarter": N_("31 to 90 days"),
    "open_old": N_("Over 90 days"),
    "backlog_age_p50": N_("Age, median"),
    "backlog_age_p90": N_("90th percentile"),
}
CLOSING = {
    "time_to_close_p50": N_("Median"),
    "time_to_close_p80": N_("80th percentile"),
    "time_to_close_p90": N_("90th percentile"),
    "average_time_to_close": N_("Mean of closed"),
}
TYPES = {
    "requests_created": N_("Created"),
    "requests_net_closed": N_("Closed for good"),
    "requests_reopened": N_("Re-opened"),
    "on_time_closure_rate": N_("On time, of those due"),
    "requests_late_open": N_("Due, late and open"),
    "time_to_close_p50": N_("Time to close, median"),
}
MOST_TYPES = 40


@dataclass(frozen=True)
class DepartmentTable:
    """A table with a line for each department: its caption, its measures with their heads, and what to bear in mind."""

    caption: str
    measures: Mapping[str, str]
    note: str = ""


FLOW_TABLE = DepartmentTable(
    N_("By department"),
    FLOW,
    N_(
        "An early closure comes within minutes of the hand-off or says that nothing was done; it stands "
        "beside the on-time rate because closing early is the easiest way to be on time."
    ),
)
DUE_TABLE = DepartmentTable(
    N_("Requests by the day on which they were due"),
    DUE,
    N_(
        "On time is counted of all requests that fell due in the month, those still open included: a request "
        "that is late and open is late, not left out."
    ),
)
BACKLOG_TABLE = DepartmentTable(N_("Open requests {then}, by age"), BACKLOG)
CLOSING_TABLE = DepartmentTable(
    N_("Time to close, of requests created this month"),
    CLOSING,
    N_(
        "The percentiles count open requests as at least as old as they are; the mean is of closed requests "
        "only and leaves the slow ones out."
    ),
)


def requests(month: MonthFigures) -> list[Section]:
    """Four pages on service requests."""
    if not month.ask(FLOW).figure("requests_created").n and not month.ask(("open_backlog",)).figure("open_backlog").n:
        return [Section(_("Service requests"), (_("No service requests are on record for this month."),))]
    return [
        Section(_("Service requests"), (_flow(month), _table(month, FLOW_TABLE), _in_time(month)), begins_page=True),
        Section(_("Kept dates"), (*_on_time(month), _table(month, DUE_TABLE))),
        Section(_("Open requests and their age"), (*_stock(month), _table(month, BACKLOG_TABLE))),
        Section(_("How long it took"), (_closing(month), _table(month, CLOSING_TABLE))),
        Section(_("Request types"), (_types(month),), begins_page=True),
        Section(_("Request types within departments, by what became of them"), tuple(within_departments(month))),
    ]


def _departments_of(month: MonthFigures) -> list[Key]:
    grid = month.ask(FLOW, "department")
    return [key for key in grid.keys if grid.figure("requests_created", *key).n]


def _flow(month: MonthFigures) -> Chart:
    names = {"requests_created": _("Created"), "requests_net_closed": _("Closed and still closed")}
    return month.ask(FLOW, "department").chart(
        "bars_across",
        names,
        _("Created, and closed for good, by department"),
        keys=_departments_of(month),
        axis_title=_("Service requests (number)"),
    )


def _table(month: MonthFigures, which: DepartmentTable) -> Table:
    return table(
        _(which.caption).format(then=month.at_the_end),
        month.ask(which.measures, "department").columns(which.measures),
        heading=_("Department"),
        total=_("All departments"),
        note=_(which.note) if which.note else "",
    )


def _in_time(month: MonthFigures) -> Table:
    columns = columns_in_time(month, "requests_created", "department")
    return table(_("Requests created"), columns, heading=_("Department"), total=_("All departments"))


def _on_time(month: MonthFigures) -> tuple[Part, ...]:
    """Every department's share with its interval, so that a small one does not look worse or better than it is."""
    due = month.ask(DUE, "department")
    keys = [key for key in due.keys if due.figure("on_time_closure_rate", *key).n]
    if not keys:
        return ()
    judged = [key for key in keys if due.figure("on_time_closure_rate", *key).n >= FEWEST]
    told: tuple[Part, ...] = ()
    if judged:
        low = min(judged, key=lambda key: due.figure("on_time_closure_rate", *key).value or 0)
        told = (
            Sentence.of(
                _(
                    "Of the requests that fell due, {all.words} were closed on time ({all.basis}); the share was "
                    "lowest in {department}, {low.words} ({low.basis})."
                ),
                all=due.claim("on_time_closure_rate"),
                low=due.claim("on_time_closure_rate", *low),
                department=due.called(low),
            ),
        )
    like = due.figure("on_time_closure_rate").metric
    ends = with_interval(_parts(due, keys), "on_time", "due").select("low", "high").rows()
    rows = tuple(_share_range(due, key, *end) for key, end in zip(keys, ends, strict=True))
    picture = Ranges(
        _("On time by department, with what chance leaves open"), rows, like, _("Closed on time, of those due (%)")
    )
    return (*told, picture)


def _parts(due: Answer, keys: list[Key]) -> pl.DataFrame:
    figures = [due.figure("on_time_closure_rate", *key) for key in keys]
    return pl.DataFrame({"on_time": [one.numerator for one in figures], "due": [one.denominator for one in figures]})


def _share_range(due: Answer, key: Key, low: float, high: float) -> Interval:
    figure = due.figure("on_time_closure_rate", *key)
    return Interval(
        due.called(key),
        figure.value,
        low,
        high,
        _("{part} of {whole}").format(part=figure.words, whole=text.count(figure.n)),
    )


def _stock(month: MonthFigures) -> tuple[Part, ...]:
    weeks = month.ask(("open_backlog", "overdue_backlog"), "week")
    total = month.ask(BACKLOG, "department")
    told: tuple[Part, ...] = ()
    if total.figure("open_backlog").n:
        told = (
            Sentence.of(
                _(
                    "{open.words} requests were open {then}, {late.words} of them past their date; half were older "
                    "than {age.words}."
                ),
                then=month.at_the_end,
                open=total.claim("open_backlog"),
                late=total.claim("overdue_backlog"),
                age=total.claim("backlog_age_p50"),
            ),
        )
    chart = weeks.chart(
        "line",
        {"open_backlog": _("Open"), "overdue_backlog": _("Past their date")},
        _("Open requests at the end of each week"),
        label=lambda key: text.narrow(key[0]),
        x_title=_("week beginning"),
        axis_title=_("Requests (number)"),
    )
    return (*told, chart)


def _closing(month: MonthFigures) -> Ranges:
    grid = month.ask(CLOSING, "department")
    return Ranges(
        sentence=_("Time to close: the middle request, and how far the slowest tenth lies from it"),
        rows=tuple(_range(grid, key) for key in _departments_of(month)),
        like=grid.figure("time_to_close_p50").metric,
        axis_title=_("Time to close, created this month (days)"),
    )


def _range(grid: Answer, key: Key) -> Interval:
    half, tenth = grid.figure("time_to_close_p50", *key), grid.figure("time_to_close_p90", *key)
    return Interval(
        grid.called(key),
        half.value,
        half.value,
        tenth.value,
        _("{first} to {last}").format(first=half.words, last=tenth.words),
    )


def _types(month: MonthFigures) -> Table:
    """Category by department and by what became of it."""
    types = month.ask(TYPES, "request_type")
    keys = types.largest("requests_created", MOST_TYPES)
    department = _department_of_type(month)
    caption = _("By request type")
    if len(types.keys) > len(keys):
        caption = _("By request type: the {most} most frequent of {n}").format(most=len(keys), n=len(types.keys))
    return table(
        caption,
        types.columns(TYPES),
        keys=keys,
        aside=lambda key: department.get(key[0], ""),
        heading=_("Request type, department"),
        total=_("All types"),
    )


def _department_of_type(month: MonthFigures) -> dict[object, str]:
    """Where most requests of a type went."""
    grid = month.asker.by(("requests_created",), ["request_type", "department"], month.month)
    found: dict[object, tuple[int, str]] = {}
    for kind, department in grid.keys:
        n = grid.figure("requests_created", kind, department).n
        if department and n > found.get(kind, (0, ""))[0]:
            found[kind] = (n, str(department))
    return {kind: name for kind, (_, name) in found.items()}
