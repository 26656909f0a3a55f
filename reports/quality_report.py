"""A period's quality: coverage, score, critical classes, items, teams, calibration, evaluators, disputes, faults."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from metrics import Asker, Centre, Key, Period, Scope, quality, text
from metrics.answers import Answer, missing_words, table
from metrics.availability import unavailable
from metrics.language import N_, _
from metrics.parts import Number, Part, Row, Section, Table, columns
from metrics.quality import parts as parts
from metrics.quality.evaluator_parts import evaluator_sections
from reports.completeness import missing, refuse_incomplete
from reports.imprint import Imprint, imprint
from reports.issue import Issue, issue
from reports.pdf import stem
from reports.review_packet import period_name

NAMES = tuple(dict.fromkeys((*parts.SCORES, *parts.COVERAGE, *parts.DISPUTES, *parts.ACCURACY)))
BY_TEAM = {
    "evaluations_done": N_("Evaluations"),
    "quality_score": N_("Quality score"),
    **{name: title for name, title in parts.SCORES.items() if name in parts.ACCURACY},
}


@dataclass(frozen=True)
class QualityReport:
    """All that the report says."""

    centre: str
    during: Period
    subtitle: str
    summary: tuple[str, ...]
    sections: tuple[Section, ...]
    imprint: Imprint


def quality_report(
    centre: Centre,
    during: Period,
    out: Path,
    *,
    scope: Scope,
    created_at: datetime | None = None,
    form: str = "",
    needs_all: bool = False,
) -> list[Path]:
    """Write a period's quality as PDF and HTML with its frozen copy; says where.

    Evaluators are named: it is for those who lead them. Raises PermissionError where the scope is not the whole centre.
    """
    if needs_all:
        refuse_incomplete(missing(centre, "quality", during, scope=scope), during)
    return issue(quality_issue(centre, during, scope=scope, created_at=created_at), out, form)


def quality_issue(centre: Centre, during: Period, *, scope: Scope, created_at: datetime | None = None) -> Issue:
    """The report as plain data, marked where data have not arrived."""
    content = quality_content(centre, during, scope=scope)
    return Issue.of(
        centre,
        content,
        report="quality",
        title=_("Quality, {name}, {period}").format(name=centre.name, period=text.period(during)),
        stem=stem("quality", period_name(during)),
        arguments={"from": str(during.first), "to": str(during.until)},
        created_at=created_at,
        incomplete=missing(centre, "quality", during, scope=scope),
    )


def quality_content(centre: Centre, during: Period, *, scope: Scope) -> QualityReport:
    """Everything that the report says."""
    if scope.limits():
        raise PermissionError("The quality report names evaluators of the whole centre; a team's view is on its page.")
    ask = Asker(centre, scope)
    if absent := unavailable(centre, ["evaluations_done", "quality_score"]):
        lacking = tuple(missing_words(ask, absent))
        return QualityReport(
            centre.name, during, _("{name}, whole centre").format(name=centre.name), lacking, (), imprint(centre, NAMES)
        )
    whole = Answer(ask, NAMES, "", during)
    months = Answer(ask, tuple(parts.SCORES), "month", during, whole=whole)
    teams = Answer(ask, tuple(BY_TEAM), "team", during, whole=whole)
    return QualityReport(
        centre=centre.name,
        during=during,
        subtitle=_("{name}, whole centre").format(name=centre.name),
        summary=tuple(parts.claims(whole)) or (_("No evaluation of contacts of this period is on record."),),
        sections=(
            Section(_("Coverage"), parts.coverage(whole, whole)),
            Section(_("Score"), (*parts.whole(whole), *parts.critical(whole), *_months(months, during), _teams(teams))),
            Section(_("Items"), (parts.items(whole), parts.needs(whole)), begins_page=True),
            Section(_("Calibration"), parts.calibrations(whole), begins_page=True),
            *evaluator_sections(quality.evaluators(centre, during=during, scope=scope), ask),
            Section(_("Disputes and faults"), (parts.disputes(whole), *_disputes(whole), _faults(whole))),
        ),
        imprint=imprint(centre, NAMES),
    )


def _months(months: Answer, during: Period) -> tuple[Part, ...]:
    keys = parts.period_months(during)
    return parts.course(months, keys) if len(keys) > 1 else ()


def _teams(teams: Answer) -> Table:
    keys: list[Key] = [key for key in teams.keys if key[0] is not None]
    return table(
        _("By team"),
        teams.columns(BY_TEAM),
        keys=keys,
        heading=_("Team"),
        total=_("Whole centre"),
        note=_("Teams differ in their contacts and in their evaluators: these figures rank nobody."),
    )


def _disputes(whole: Answer) -> tuple[Part, ...]:
    """By evaluator and by item, where there was any dispute."""
    found: list[Part] = []
    for caption, by, frame, counted in (
        (_("Disputes by evaluator"), "evaluator", quality.disputes_by_evaluator, "released"),
        (_("Disputes by item"), "item", quality.disputes_by_item, "answers"),
    ):
        rows = frame(whole.asker.centre, during=whole.during, scope=whole.asker.scope).filter(
            (pl.col("disputed") > 0) | (pl.col("decided") > 0)
        )
        if rows.height:
            found.append(
                Table(
                    caption,
                    text.plain_words(by).capitalize(),
                    columns(_("Disputed"), _("Decided"), _("Score changed")),
                    tuple(
                        Row(
                            _(str(row[by])),
                            (
                                Number(
                                    _("{part} of {whole}").format(
                                        part=text.count(row["disputed"]), whole=text.count(row[counted])
                                    )
                                ),
                                Number(text.count(row["decided"])),
                                Number(text.count(row["overturned"])),
                            ),
                        )
                        for row in rows.iter_rows(named=True)
                    ),
                )
            )
    return tuple(found)


def _faults(whole: Answer) -> Table | str:
    """Evaluations that something speaks against, by reason."""
    found = quality.faults(whole.asker.centre, during=whole.during, scope=whole.asker.scope)
    if found.is_empty():
        return _("Nothing speaks against any evaluation of the period.")
    by_reason = found.group_by("reason").agg(n=pl.len(), aside=pl.col("sets_aside").sum()).sort("reason")
    rows = [
        Row(
            text.plain_words(row["reason"]).capitalize(),
            (Number(text.count(row["n"])), Number(text.count(row["aside"]))),
        )
        for row in by_reason.iter_rows(named=True)
    ]
    heads = columns(_("Evaluations"), _("Set aside"))
    return Table(_("What speaks against evaluations"), _("Reason"), heads, tuple(rows))
