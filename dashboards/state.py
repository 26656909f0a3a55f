"""What a reader must know of a page's period before the first figure: what is part, awaited or restated."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

import metrics
from dashboards.answers import Answers
from dashboards.view import View
from metrics import text
from metrics.reach import SUBJECTS, Coverage, coverage

# sources that follow the clock; what people enter by hand comes when it comes
CLOCKED = ("agent states", "cases", "phone")
# a source that lags so far behind another has not arrived
LAG = timedelta(hours=12)
ABOUTS = {"contact": ("phone", "agent states"), "request": ("cases",)}


def states(answers: Answers, view: View, subjects: tuple[str, ...]) -> Component | None:
    """The states of a page's period as sentences; none where everything is there and as it first was."""
    told: list[Component | str] = [
        *partial(answers, view, subjects),
        *waiting(answers, view, subjects),
        *restated(answers, view, subjects),
        *elsewhere(answers, view),
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
        if cut is not None:
            told.append(
                f"Part of the period: {things} are on record to {text.short_moment(cut)} only. "
                "Nothing whole is compared with it."
            )
        elif _begins_late(answers, view, subject):
            told.append(_reach(answers, view, subject).words)
    return told


def _reach(answers: Answers, view: View, subject: str) -> Coverage:
    return answers.kept(("reach", subject, view.period), lambda: coverage(answers, subject, view.period))


def _begins_late(answers: Answers, view: View, subject: str) -> bool:
    """Whether the data of a subject that the centre has begin after the period does."""
    span = metrics.data_span(answers.centre, subject)
    return span is not None and not _reach(answers, view, subject).is_whole


def elsewhere(answers: Answers, view: View) -> list[Component]:
    """The way to the days that are on record, from a period that has none of them."""
    span = answers.span()
    if span is None or (view.period.first < span.until and span.first < view.period.until):
        return []
    nearest = span.first if view.period.until <= span.first else span.last
    return [dcc.Link(f"Show {text.plain_day(nearest)}, the nearest day on record", href=view.link("", day=nearest))]


def waiting(answers: Answers, view: View, subjects: tuple[str, ...]) -> list[str]:
    """Which sources lag behind the others within the period."""
    reached = dict(text.latest((one.about, one.data_to) for one in answers.freshness()))
    ends = datetime.combine(view.period.until, time(), answers.centre.timezone)
    due = min([ends, max(reached.values(), default=ends)])
    wanted = {about for subject in subjects for about in ABOUTS[subject]}
    return [
        f"Waiting for {about} since {text.short_moment(at)}."
        for about, at in sorted(reached.items())
        if about in wanted and at < due - LAG
    ]


def restated(answers: Answers, view: View, subjects: tuple[str, ...]) -> list[Component]:
    """Which days of the period were told anew by a later file."""
    frame = answers.kept("restated", lambda: metrics.restated_loads(answers.centre))
    first = datetime.combine(view.period.first, time(), answers.centre.timezone)
    ends = datetime.combine(view.period.until, time(), answers.centre.timezone)
    wanted = {about for subject in subjects for about in ABOUTS[subject]}
    found = frame.filter(
        (pl.col("restated_from") < ends) & (pl.col("restated_to") >= first) & pl.col("about").is_in(wanted)
    )
    if found.is_empty():
        return []
    last = found.sort("loaded_at").row(-1, named=True)
    files = text.number_of(found.height, "file")
    words = f"Restated on {text.short_moment(last['loaded_at'])}: {files} brought days of this period again."
    return [dcc.Link(words, href=view.link("/data"))]
