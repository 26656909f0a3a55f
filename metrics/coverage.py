"""What the warehouse covers: first and last day, how fresh each source is, which names are unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from metrics.centre import Centre
from metrics.period import Period
from metrics.query import Question, values_of
from metrics.scope import Scope
from sql import WrongUse


@dataclass(frozen=True)
class Freshness:
    """Up to when a source's data reach, when it was loaded last (both local), and its rows."""

    source: str
    about: str
    data_to: datetime | None
    loaded_at: datetime
    good: int
    quarantined: int


# whose days a fact has; sources of different subjects begin and end on different days
SUBJECTS = {
    "contact": "contact",
    "visit": "contact",
    "handled_leg": "contact",
    "request": "request",
    "request_event": "request",
    "reported_day": "reported_day",
}


def data_span(centre: Centre, fact: str | None = None) -> Period | None:
    """From the first to the last operating day with data, of all or of a fact's subject; null where there are none."""
    spans = _spans(centre)
    if fact in SUBJECTS:
        spans = spans.filter(pl.col("subject") == SUBJECTS[fact])
    if spans.is_empty():
        return None
    first, last = spans.select(pl.col("first_day").min(), pl.col("last_day").max()).row(0)
    return Period(first, last + timedelta(days=1))


def _spans(centre: Centre) -> pl.DataFrame:
    """First and last day of each subject; a report asks some two hundred times."""
    return centre.asked("facts/data_span")


def last_day(centre: Centre) -> date:
    """The last operating day on which contacts came in; raises WrongUse where there is none."""
    day: date | None = centre.asked("facts/last_contact_day").item()
    if day is None:
        span = data_span(centre)
        if span is None:
            raise WrongUse(f"No contacts were loaded into {centre.name} yet. Load exports first: fairline load FILE")
        return span.last
    return day


def month_to_report(centre: Centre) -> Period:
    """Of the month of the last contacts and the one before it, the one that contacts cover on more days."""
    newest = Period.month(last_day(centre).year, last_day(centre).month)
    span = data_span(centre, "contact") or newest
    return max(
        newest.month_before(),
        newest,
        key=lambda month: (min(month.until, span.until) - max(month.first, span.first)).days,
    )


def freshness(centre: Centre) -> list[Freshness]:
    """One entry per source, by name."""
    return [
        Freshness(
            source=row["source"],
            about=row["about"] or row["source"],
            data_to=_local(row["data_to"], centre.timezone) if row["data_to"] else None,
            loaded_at=_local(row["loaded_at"], centre.timezone),
            good=row["good"],
            quarantined=row["quarantined"],
        )
        for row in centre.asked("facts/freshness").iter_rows(named=True)
    ]


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.replace(tzinfo=UTC).astimezone(zone)


def dimension_values(centre: Centre, name: str, *, during: Period, scope: Scope, fact: str = "visit") -> list[str]:
    """The values of a dimension that occur in a period, in order."""
    found = centre.catalogue.facts[fact]
    question = Question(during, scope=scope, interval_ms=centre.interval_ms)
    frame = centre.frame(values_of(found, next(iter(found.keys)), name, question))
    return frame["value"].drop_nulls().to_list()


def unmapped(centre: Centre) -> dict[str, pl.DataFrame]:
    """Names that the centre does not know, by kind (queue, agent, department), and how often each occurs."""
    return {kind: centre.named(f"facts/unmapped_{kind}") for kind in ("queue", "agent", "department")}
