"""The rows of the last days at hand, for processes that answer many questions: what a page asks is there at once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import timedelta

from metrics.availability import has_rows
from metrics.centre import Centre
from metrics.coverage import data_span
from metrics.period import Period
from metrics.query import Question, held_rows
from metrics.scope import Scope
from sql.beside import keep_beside

# what pages ask more of than sums of whole days (percentiles, intervals, exceptions), by fact and interval key (a span
# has none), and of how many days: a quarter of a year and a week; of legs, people's time and its plan five weeks
RECENT = {
    ("visit", "arrival"): 98,
    ("handled_leg", "completion"): 35,
    ("worked_leg", "event"): 35,
    ("deferred_item", "due"): 98,
    ("request", "cohort"): 98,
    ("agent_time", ""): 35,
    ("planned_time", ""): 35,
}
# pages are asked for weeks and months that are not over yet
AHEAD = timedelta(days=31)


def keep_recent(centre: Centre) -> Mapping[tuple[str, Hashable], tuple[Period, str]]:
    """Copy the rows of the last days beside the warehouse; says which days of which fact stand in which table.

    A question within them is answered from the copies, any other from the lake; the centre must stand at a snapshot.
    """
    span = data_span(centre)
    if centre.kept_at is not None and span is not None:
        for (name, key), days in RECENT.items():
            if has_rows(centre, centre.catalogue.facts[name]):
                _keep(centre, name, key, Period(span.until - timedelta(days=days), span.until + AHEAD))
    return centre.recent


def _keep(centre: Centre, name: str, key: str, during: Period) -> None:
    fact = centre.catalogue.facts[name]
    instant = key or next(iter(fact.keys))
    question = Question(during, scope=Scope.whole_centre(), interval_ms=centre.interval_ms)
    rows = held_rows(fact, instant, question)
    # in order of time, so that the engine passes over the days that nobody asks for
    text = f"{rows.text} order by {fact.keys[instant]}"
    table = keep_beside(centre.warehouse, f"recent_{name}_{key}".rstrip("_"), text, rows.values, stamp=centre.stamp)
    # from here on questions find them
    centre.recent = {**centre.recent, (name, key): (during, table)}
