"""What a reader must know of a page's period before the first figure: what is part, awaited or restated."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

import metrics
from dashboards.answers import Answers
from dashboards.view import View
from metrics import text
from metrics.doubts import late_sources
from metrics.gaps import edges
from metrics.language import _, n_
from metrics.reach import SUBJECTS, Coverage, coverage, subject_of

ABOUTS = {"contact": ("phone", "agent states"), "request": ("cases",)}


def states(answers: Answers, view: View, subjects: tuple[str, ...]) -> Component | None:
    """The states of a page's period as sentences; none where everything is there and as it first was."""
    told: list[Component | str] = [
        *partial(answers, view, subjects),
        *waiting(answers, view, subjects),
        *restated(answers, view, subjects),
        *elsewhere(answers, view, subjects),
    ]
    if not told:
        return None
    return html.Ul([html.Li(sentence) for sentence in told], className="states")


def partial(answers: Answers, view: View, subjects: tuple[str, ...]) -> list[str]:
    """Of which subjects only part of the period is on record."""
    told = []
    for subject in subjects:
        things, count = SUBJECTS[subject]
        cut = answers.cut_off(count, view.period)
        ends = datetime.combine(view.period.until, time(), answers.centre.timezone)
        if cut is not None and cut < ends:
            told.append(
                _(
                    "Part of the period: {things} are on record to {moment} only. Nothing whole is compared with it."
                ).format(things=_(things), moment=text.short_moment(cut))
            )
        elif _begins_late(answers, view, subject):
            told.append(_reach(answers, view, subject).words)
    return told


def _reach(answers: Answers, view: View, subject: str) -> Coverage:
    return answers.kept(
        ("reach", subject, view.period), lambda: coverage(answers, subject, view.period), has_words=False
    )


def _begins_late(answers: Answers, view: View, subject: str) -> bool:
    """Whether the data of a subject that the centre has begin after the period does."""
    span = metrics.data_span(answers.centre, subject)
    return span is not None and not _reach(answers, view, subject).is_whole


def elsewhere(answers: Answers, view: View, subjects: tuple[str, ...]) -> list[Component]:
    """The way to the days that are on record, from a period that has none of them."""
    known = [one for one in subjects or tuple(SUBJECTS) if metrics.data_span(answers.centre, one) is not None]
    if not known or any(_reach(answers, view, one).reached for one in known):
        return []
    days = [day for one in known for day in edges(answers.centre, one)]
    first, last = view.period.first, view.period.last
    nearest = min(days, key=lambda day: max(first - day, day - last))
    words = _("Show {day}, the nearest day on record").format(day=text.plain_day(nearest))
    return [dcc.Link(words, href=view.link("", day=nearest))]


def waiting(answers: Answers, view: View, subjects: tuple[str, ...]) -> list[str]:
    """Which sources lag behind the others within the period."""
    wanted = {about for subject in subjects for about in ABOUTS[subject]}
    found = late_sources(answers, view.period, answers.freshness())
    return [
        _("Waiting for {about} since {moment}.").format(about=text.about_words(about), moment=text.short_moment(at))
        for about, at in found
        if about in wanted
    ]


def of_figure(answers: Answers, view: View, name: str) -> tuple[str, ...]:
    """The states of one figure in a few words: up to when it reaches, what it waits for, and when it was told anew."""
    subject = subject_of(answers, name)
    cut = answers.cut_off(name, view.period)
    told = []
    if cut is not None:
        moment = text.clock(cut) if cut.date() == view.period.last else text.short_moment(cut)
        told.append(_("to {moment}").format(moment=moment))
    told += [words.rstrip(".").lower() for words in waiting(answers, view, (subject,))]
    last = _last_restated(answers, view, (subject,))
    if last is not None:
        told.append(_("restated on {day}").format(day=text.short_day(last["loaded_at"].date())))
    return tuple(told)


def restated(answers: Answers, view: View, subjects: tuple[str, ...]) -> list[Component]:
    """Which days of the period were told anew by a later file."""
    last = _last_restated(answers, view, subjects)
    if last is None:
        return []
    files = n_("{n} file", "{n} files", last["files"]).format(n=text.count(last["files"]))
    words = _("Restated on {moment}: {files} brought days of this period again.").format(
        moment=text.short_moment(last["loaded_at"]), files=files
    )
    return [dcc.Link(words, href=view.link("/data"))]


def _last_restated(answers: Answers, view: View, subjects: tuple[str, ...]) -> dict[str, Any] | None:
    """The newest file that told days of the period anew, and how many such files there were."""
    frame = answers.kept("restated", lambda: metrics.restated_loads(answers.centre), has_words=False)
    first = datetime.combine(view.period.first, time(), answers.centre.timezone)
    ends = datetime.combine(view.period.until, time(), answers.centre.timezone)
    wanted = {about for subject in subjects for about in ABOUTS[subject]}
    found = frame.filter(
        (pl.col("restated_from") < ends) & (pl.col("restated_to") >= first) & pl.col("about").is_in(wanted)
    )
    return {**found.sort("loaded_at").row(-1, named=True), "files": found.height} if found.height else None
