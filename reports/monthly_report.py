"""Management's month: demand, access, handling, service requests, quality, notable days, the state of the data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

import metrics
from metrics import Asker, Centre, Period, Scope, text, unavailable
from metrics.month import DIMENSIONS, PARTS, month_cards, partial, read_all, subtitle, summary
from metrics.month.figures import MonthFigures
from metrics.parts import Card, Section
from reports.completeness import missing, refuse_incomplete
from reports.imprint import Imprint, imprint
from reports.issue import Issue, issue
from reports.pdf import stem


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
    imprint: Imprint


def monthly(
    centre: Centre,
    month: date,
    out: Path,
    *,
    scope: Scope,
    created_at: datetime | None = None,
    form: str = "",
    needs_all: bool = False,
) -> list[Path]:
    """Write the report of the month that a day lies in, as PDF and HTML with its frozen copy; says where.

    Without `created_at` the files say that they were made when the data was loaded. Raises PermissionError where the
    scope is not the whole centre, WrongUse with `needs_all` where data have not arrived.
    """
    if needs_all:
        during = Period.month(month.year, month.month)
        refuse_incomplete(missing(centre, "monthly", during, scope=scope), during)
    return issue(monthly_issue(centre, month, scope=scope, created_at=created_at), out, form)


def monthly_issue(centre: Centre, month: date, *, scope: Scope, created_at: datetime | None = None) -> Issue:
    """The report of the month as plain data, marked where data have not arrived."""
    report = monthly_content(centre, month, scope=scope)
    return Issue.of(
        centre,
        report,
        report="monthly",
        title=f"{centre.name}, {text.period(report.month)}",
        stem=stem("monthly", f"{month:%Y-%m}"),
        arguments={"month": f"{month:%Y-%m}"},
        created_at=created_at,
        incomplete=missing(centre, "monthly", report.month, scope=scope),
    )


def monthly_content(centre: Centre, month: date, *, scope: Scope) -> MonthlyReport:
    """Everything that the report says, every figure by `metrics.measure`."""
    if scope.limits():
        raise PermissionError(
            "The monthly report is of the whole centre; who may see some teams only has the daily sheet."
        )
    around = MonthFigures.of(centre, month, scope=scope)
    both = Period(around.before.first, around.month.until)
    with metrics.holding(centre, around.month, both, measures=around.beside, by=DIMENSIONS) as held:
        return _content(replace(around, asker=Asker(held, scope)))


def _content(figures: MonthFigures) -> MonthlyReport:
    centre = figures.asker.centre
    read_all(figures)
    sections = [section for part in PARTS.values() for section in part(figures)]
    absent = unavailable(centre, figures.used)
    return MonthlyReport(
        centre=centre.name,
        month=figures.month,
        subtitle=subtitle(figures),
        caveats=partial(figures),
        summary=summary(figures),
        cards=month_cards(figures),
        sections=tuple(sections),
        imprint=imprint(centre, [name for name in figures.used if name not in absent]),
    )
