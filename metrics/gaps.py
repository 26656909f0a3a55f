"""Stretches amid the data of which nothing is on record: a month that was never loaded is no month without a call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from metrics.centre import Centre
from metrics.coverage import SUBJECTS, data_span
from metrics.figures import measure
from metrics.period import Period
from metrics.scope import Scope

# by subject the count that says on which days there was any
COUNTED = {"contact": "contacts_received", "request": "requests_created"}
# a centre may be closed for some days in a row; whole weeks without a sound were not loaded
SHORTEST = 7
# of time dimensions the period that a value of theirs stands for
SPANS: Mapping[str, Callable[[date], Period]] = {
    "day": Period.day,
    "week": Period.week,
    "month": lambda first: Period.month(first.year, first.month),
}


def gaps(centre: Centre, subject: str) -> tuple[Period, ...]:
    """Spans of a week or more between the first and the last day of a subject that hold none of it, in order."""
    return centre.once(("gaps", subject), lambda: _gaps(centre, subject))


def _gaps(centre: Centre, subject: str) -> tuple[Period, ...]:
    span = data_span(centre, subject)
    if subject not in COUNTED or span is None:
        return ()
    frame = measure(centre, [COUNTED[subject]], by=["day"], during=span, scope=Scope.whole_centre())
    days = sorted(frame.filter(pl.col("n") > 0)["day"].drop_nulls().to_list())
    return tuple(
        Period(day + timedelta(days=1), after) for day, after in pairwise(days) if (after - day).days > SHORTEST
    )


def gaps_within(centre: Centre, subject: str, during: Period) -> tuple[Period, ...]:
    """What of a period falls into such gaps."""
    return tuple(
        Period(max(one.first, during.first), min(one.until, during.until))
        for one in gaps(centre, subject)
        if one.first < during.until and during.first < one.until
    )


def subject_of_fact(fact: str) -> str:
    """The subject whose data a fact's rows come with; empty where it is of neither."""
    return SUBJECTS.get(fact, "")


def is_on_record(centre: Centre, subject: str, day: date) -> bool:
    """Whether a day lies within the data of a subject and in none of their gaps."""
    span = data_span(centre, subject)
    within = span is not None and span.first <= day < span.until
    return within and not gaps_within(centre, subject, Period.day(day))


def edges(centre: Centre, subject: str) -> list[date]:
    """The days of a subject at which its data begin or end, each stretch between gaps by itself."""
    span = data_span(centre, subject)
    found = [] if span is None else [span.first, span.last]
    return sorted(
        {*found, *(day for one in gaps(centre, subject) for day in (one.first - timedelta(days=1), one.until))}
    )


def in_gaps(centre: Centre, subject: str, dimension: str, during: Period) -> frozenset[tuple[object, ...]]:
    """The days, weeks or months of a period of which nothing of a subject is on record, as keys of a grid."""
    if dimension not in SPANS:
        return frozenset()
    spans = SPANS[dimension]
    found = {
        (spans(day).first,)
        for one in gaps_within(centre, subject, during)
        for day in _days(one)
        if one.first <= max(spans(day).first, during.first) and min(spans(day).until, during.until) <= one.until
    }
    return frozenset(found)


def _days(during: Period) -> Iterable[date]:
    return (during.first + timedelta(days=number) for number in range(during.days))
