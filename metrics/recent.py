"""The rows of the last days in memory, for a process that answers many questions: what a page asks is there at once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import timedelta

from metrics.availability import has_rows
from metrics.centre import Centre
from metrics.coverage import data_span
from metrics.period import Period
from metrics.query import Question, held_rows
from metrics.scope import Scope
from sql.stored_measures import keep_rows

# what pages ask more of than sums of whole days (percentiles, intervals, exceptions), by fact and interval key (a span
# has none), and of how many days: a quarter of a year and a week, of legs five weeks, and of people's time and its
# plan, which take long to work out, one
RECENT = {
    ("visit", "arrival"): 98,
    ("handled_leg", "completion"): 35,
    ("worked_leg", "event"): 35,
    ("deferred_item", "due"): 98,
    ("request", "cohort"): 98,
    ("agent_time", ""): 7,
    ("planned_time", ""): 7,
}
# fewer days where these would be more rows than memory is for
MOST_ROWS = 200_000
# pages are asked for weeks and months that are not over yet
AHEAD = timedelta(days=31)


def keep_recent(centre: Centre) -> Mapping[tuple[str, Hashable], tuple[Period, str]]:
    """Copy the rows of the last days into memory; says which days of which fact stand in which table.

    A question within them is answered from the copies, any other from the lake; the centre must stand at a snapshot.
    """
    span = data_span(centre)
    if centre.kept_at is not None and span is not None:
        for (name, key), days in RECENT.items():
            if has_rows(centre, centre.catalogue.facts[name]):
                _keep(centre, name, key, Period(span.until - timedelta(days=days), span.until + AHEAD))
    return centre.recent


def _keep(centre: Centre, name: str, key: str, during: Period) -> None:
    found = _copied(centre, name, key, during)
    if found > MOST_ROWS:
        days = max(1, (during.days - AHEAD.days) * MOST_ROWS // found)
        during = Period(during.until - AHEAD - timedelta(days=days), during.until)
        _copied(centre, name, key, during)
    # from here on questions find them
    centre.recent = {**centre.recent, (name, key): (during, _table(name, key))}


def _copied(centre: Centre, name: str, key: str, during: Period) -> int:
    fact = centre.catalogue.facts[name]
    question = Question(during, scope=Scope.whole_centre(), interval_ms=centre.interval_ms)
    rows = held_rows(fact, key or next(iter(fact.keys)), question)
    keep_rows(centre.warehouse, _table(name, key), rows.text, rows.values, is_patient=True)
    return centre.warehouse.rows_in(_table(name, key))


def _table(name: str, key: str) -> str:
    return f"recent_{name}_{key}".rstrip("_")
