"""Management's month: demand, access, handling, service requests, quality, notable days, the state of the data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from metrics import Centre, Period, Scope, text, unavailable
from metrics.month import AT_ONCE, PARTS, month_cards, partial, subtitle, summary
from metrics.month.figures import MonthFigures
from metrics.parts import Card, Section
from reports.completeness import missing, refuse_incomplete
from reports.imprint import Imprint, content_hash, imprint
from reports.issue import Issue, issue
from reports.pdf import Document, stem


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
    document = Document(
        template="monthly/report.html.jinja",
        title=f"{centre.name}, {text.period(report.month)}",
        stem=stem("monthly", f"{month:%Y-%m}"),
        author=centre.name,
        created_at=created_at or report.imprint.loaded_at,
        content={"report": report, "hash": content_hash(report)},
        folder=centre.folder,
        incomplete=missing(centre, "monthly", report.month, scope=scope),
    )
    return Issue.of(centre, document, report, report="monthly", arguments={"month": f"{month:%Y-%m}"})


def monthly_content(centre: Centre, month: date, *, scope: Scope) -> MonthlyReport:
    """Everything that the report says, every figure by `metrics.measure`."""
    if scope.limits():
        raise PermissionError(
            "The monthly report is of the whole centre; who may see some teams only has the daily sheet."
        )
    figures = MonthFigures.of(centre, month, scope=scope)
    figures.fetch(AT_ONCE)
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
