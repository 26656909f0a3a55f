"""Management's month: demand, access, handling, service requests, quality, notable days, the state of the data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import metrics
from metrics import Centre, Period, Scope, text, unavailable
from reports.cards import card
from reports.completeness import missing, refuse_incomplete
from reports.coverage import SUBJECTS
from reports.imprint import Imprint, imprint
from reports.issue import Issue, issue
from reports.month_access import FORMS, OTHERS, WAYS_OUT, WHOLE, access
from reports.month_data import data, partial
from reports.month_days import notable
from reports.month_demand import demand
from reports.month_figures import CARDS, MonthFigures
from reports.month_handling import HANDLING, RESOLUTION, TIME, handling
from reports.month_people import quality, satisfaction
from reports.month_requests import CLOSING, DUE, FLOW, requests
from reports.month_sentences import summary
from reports.month_year import year
from reports.parts import Card, Chart, Section, series
from reports.pdf import stem

# what is said of the whole month; the plan stands alone, since comparing it with what was done takes longest
AT_ONCE = (*CARDS, *WHOLE, *WAYS_OUT, *OTHERS, *FORMS, *HANDLING, *RESOLUTION, *TIME, *FLOW, *DUE, *CLOSING)


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
    with metrics.holding(centre, around.month, both, measures=around.beside) as held:
        return _content(MonthFigures.of(held, month, scope=scope))


def _content(figures: MonthFigures) -> MonthlyReport:
    centre = figures.asker.centre
    figures.fetch(AT_ONCE)
    sections = (
        *year(figures),
        *demand(figures),
        *access(figures),
        *handling(figures),
        *requests(figures),
        *quality(figures),
        *satisfaction(figures),
        *notable(figures),
        *data(figures),
    )
    absent = unavailable(centre, figures.used)
    return MonthlyReport(
        centre=centre.name,
        month=figures.month,
        subtitle=_subtitle(figures),
        caveats=partial(figures),
        summary=summary(figures),
        cards=tuple(_card(figures, name) for name in CARDS),
        sections=sections,
        imprint=imprint(centre, [name for name in figures.used if name not in absent]),
    )


def _subtitle(month: MonthFigures) -> str:
    compared = [SUBJECTS[subject][0] for subject in month.now if month.is_comparable(subject)]
    whose = f"{month.asker.centre.name}, whole centre"
    return f"{whose}, {text.listed(compared)} compared with {text.period(month.before)}" if compared else whose


def _card(month: MonthFigures, name: str) -> Card:
    figure = month.ask(CARDS).figure(name)
    target = month.asker.target(name, month.month.last)
    days = month.days(name)
    by_day = month.ask(CARDS, "day")
    return card(
        figure,
        before=month.before_of(name),
        compared_with=f"in {text.period(month.before)}",
        target=target,
        course=Chart(
            kind="sparkline",
            sentence=f"{figure.metric.title}, day by day",
            labels=tuple(text.narrow_day(day) for day in days),
            series=(series(figure.metric.title, by_day.grid.values(name, [(day,) for day in days]), figure),),
            target=target.goal if target else None,
        ),
    )
