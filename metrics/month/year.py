"""The year on a page: one small chart per figure, month by month."""

from __future__ import annotations

from metrics import text
from metrics.answers import Answer
from metrics.language import _
from metrics.month.figures import MonthFigures, month_label
from metrics.parts import Chart, Part, Row, Section, Strip, Table, columns

NAMES = (
    "contacts_received",
    "requests_created",
    "service_level",
    "abandon_rate",
    "average_speed_of_answer",
    "wait_p90",
    "average_handle_time",
    "occupancy",
    "on_time_closure_rate",
    "open_backlog",
    "quality_score",
    "satisfaction",
)


def year(month: MonthFigures) -> list[Section]:
    """Twelve figures over thirteen months, those without data left out."""
    months = month.ask(NAMES, "month", month.year)
    known = [name for name in NAMES if any(months.figure(name, *key).value is not None for key in month.months)]
    charts = [_chart(month, months, name) for name in known]
    strips: list[Part] = [Strip(tuple(charts[first : first + 3])) for first in range(0, len(charts), 3)]
    return [Section(_("The year on a page"), (*strips, _table(month, months, known)))] if known else []


def _chart(month: MonthFigures, months: Answer, name: str) -> Chart:
    metric = month.asker.metric(name)
    target = month.asker.target(name, month.month.last)
    return months.chart(
        "line",
        {name: metric.title},
        f"{metric.title}: {months.figure(name, month.month.first).words}",
        keys=month.months,
        label=month_label,
        axis_title=_(text.AXIS_UNITS[metric.unit]),
        target=target.goal if target else None,
        leaves_out_few=True,
    )


def _table(month: MonthFigures, months: Answer, known: list[str]) -> Table:
    """The same in figures."""
    return Table(
        caption=_("The same in figures"),
        heading=_("Figure"),
        columns=columns(*(month_label(key) for key in month.months)),
        rows=tuple(
            Row(month.asker.metric(name).title, tuple(months.figure(name, *key) for key in month.months), metric=name)
            for name in known
        ),
    )
