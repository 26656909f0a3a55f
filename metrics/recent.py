"""The rows of the last days in memory, for a process that answers many questions: what a page asks is there at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from metrics.availability import has_rows
from metrics.catalogue import Fact
from metrics.centre import Centre
from metrics.coverage import data_span
from metrics.period import Period
from metrics.query import recent_rows, recent_table
from sql.stored_measures import keep_rows

# the facts that pages ask for more than sums of whole days (percentiles, intervals, exceptions), and of how many days:
# a quarter of a year and a week, but of people's time and its plan, which take long to work out, two weeks
RECENT = {
    "visit": 98,
    "handled_leg": 98,
    "worked_leg": 98,
    "deferred_item": 98,
    "request": 98,
    "agent_time": 14,
    "planned_time": 14,
}
# fewer days where these would be more rows than memory is for
MOST_ROWS = 250_000
# the plan reaches beyond what happened
AHEAD = timedelta(days=8)


def keep_recent(centre: Centre) -> Mapping[str, Period]:
    """Copy the rows of the last days into memory; says which days of which fact are there.

    A question within them is answered from the copies, any other from the lake; the centre must stand at a snapshot.
    """
    span = data_span(centre)
    if centre.kept_at is None or span is None:
        return {}
    until = span.until + AHEAD
    for name, days in RECENT.items():
        fact = centre.catalogue.facts[name]
        if has_rows(centre, fact):
            _keep(centre, fact, Period(until - timedelta(days=days) - AHEAD, until))
    return centre.recent


def _keep(centre: Centre, fact: Fact, during: Period) -> None:
    found = _copied(centre, fact, during)
    if found > MOST_ROWS:
        days = max(1, during.days * MOST_ROWS // found)
        during = Period(max(during.first, during.until - timedelta(days=days) - AHEAD), during.until)
        _copied(centre, fact, during)
    # from here on questions find them
    centre.recent = {**centre.recent, fact.name: during}


def _copied(centre: Centre, fact: Fact, during: Period) -> int:
    query = recent_rows(fact, during)
    return keep_rows(centre.warehouse, recent_table(fact.name), query.text)
