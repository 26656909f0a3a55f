"""Rows in memory: who asks many questions of the same days has their rows read once, not for every question.

A statement on a view of the lake takes the engine 30 to 170 ms however few its rows are, one on a table in memory 3.
A report holds the rows of its days while it asks (`holding`); processes that answer the web keep the measures of all
days and the rows of the last ones, which the processes of a machine share (`keep_shared`, `keep_recent`). Where the
rows stand, `Centre.at_hand` says: by what they are of, which days' and in which table.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

from metrics.availability import has_rows
from metrics.catalogue import Fact
from metrics.centre import Centre
from metrics.coverage import data_span
from metrics.period import Period
from metrics.query import Query, Question, as_held, ends, held_measures, held_rows, stored_table
from metrics.scope import Scope
from metrics.stored import is_up_to_date
from sql.beside import keep_beside
from sql.fact_views import PIECES, is_cut_further
from sql.stored_measures import drop_rows, keep_rows

NUMBERS = count(1)
# how far beyond its own days a span looks at the pieces of another one
AROUND = timedelta(days=2)
ALWAYS = Period(date.min, date.max)
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


@contextmanager
def holding(centre: Centre, *periods: Period, measures: Period, by: Collection[str] | None = None) -> Iterator[Centre]:
    """The same centre for many questions of one snapshot: each fact's rows of each of the periods are read but once.

    They are read when they are first asked for, with the dimensions of `by` or with all, stored measures those of the
    days of `measures`, and let go of at the end. Other questions are answered as ever.
    """
    held = tuple(sorted({*centre.held, *periods}, key=lambda one: one.days))
    known = None if by is None else frozenset(by)
    own = replace(centre.still(), held=held, held_by=known, held_measures=measures, large={}, turns={})
    before = set(_tables(own))
    try:
        with centre.warehouse.side_by_side() as own.pool:
            yield own
    finally:
        drop_rows(centre.warehouse, sorted(set(_tables(own)) - before))


def _tables(centre: Centre) -> Iterator[str]:
    return (table for places in centre.at_hand.values() for _, table in places)


def at_hand(centre: Centre, fact: Fact, key: str, question: Question) -> tuple[Fact, Question]:
    """A question and its fact as they are asked: of the table in memory that has every row, where there is one.

    It is filled when it is first wanted. Of the periods that cover a question that whose rows are there already, else
    the shortest.
    """
    # a view has other rows by each key; what stands at an instant depends on all the instants that are asked for
    part: Hashable = {"view": key, "span": "", "stock": tuple(ends(question))}[fact.shape]
    what = (fact.name, part)
    asked = {*question.by, *question.where, *question.scope.limits()} & set(fact.dimensions)
    if centre.held and not asked <= _dimensions(centre, fact):
        return fact, question
    table = centre.table_with(what, question.during)
    if not table and centre.held:
        with centre.turn(what):
            table = centre.table_with(what, question.during) or _filled(centre, fact, key, what, question)
    return as_held(fact, key) if table else fact, replace(question, at_hand=table)


def _filled(centre: Centre, fact: Fact, key: str, what: Hashable, question: Question) -> str:
    """Read all rows of the shortest period that covers a question; says where they are, empty where no period does.

    The pieces that other spans cut further are read of the days around it, too.
    """
    during = next((one for one in centre.held if one.covers(question.during)), None)
    if during is None:
        return ""
    pieces = ""
    if fact.name == PIECES:
        during = Period(during.first - AROUND, during.until + AROUND)
    elif is_cut_further(fact.name):
        base = centre.catalogue.facts[PIECES]
        pieces = at_hand(centre, base, next(iter(base.keys)), replace(question, during=during))[1].at_hand
    by = (*question.by, *_dimensions(centre, fact))
    rows = held_rows(centre.catalogue, fact, key, replace(question, by=by, during=during, pieces=pieces))
    return _held(centre, what, during, rows)


def _dimensions(centre: Centre, fact: Fact) -> set[str]:
    """The dimensions of a fact that are held with its rows."""
    return {name for name in fact.dimensions if centre.held_by is None or name in centre.held_by}


def measures_at_hand(centre: Centre, fact: Fact, key: str, question: Question) -> Question:
    """A question as it is asked of stored measures: in memory where they are held, else in the lake."""
    name, period = stored_table(fact.name, key), centre.held_measures
    table = centre.table_with(name, question.during)
    if not table and period is not None and period.covers(question.during):
        with centre.turn(name):
            table = centre.table_with(name, period) or _held(centre, name, period, held_measures(name, period))
    return replace(question, at_hand=table)


def _held(centre: Centre, what: Hashable, period: Period, rows: Query) -> str:
    return centre.put_at_hand(
        what, period, keep_rows(centre.warehouse, f"held_{next(NUMBERS)}", rows.text, rows.values)
    )


def keep_in_memory(centre: Centre) -> int:
    """Copy the stored measures that are up to date into memory, for a process that answers many questions.

    From then on the centre stands at its snapshot of now: open it again when the warehouse has a newer one. Says how
    many tables were copied.
    """
    return _keep_measures(centre, shared=False)


def keep_shared(centre: Centre) -> int:
    """As `keep_in_memory`, where the processes of this machine share the copies (see `sql.beside`)."""
    return _keep_measures(centre, shared=True)


def _keep_measures(centre: Centre, *, shared: bool) -> int:
    centre.kept_at = centre.snapshot
    families = [family for family in centre.catalogue.families() if is_up_to_date(centre, *family)]
    tables = [stored_table(fact, key) for fact, key in families]
    for table in tables:
        _keep(centre, table, table, ALWAYS, held_measures(table, ALWAYS), shared=shared)
    return len(tables)


def keep_recent(centre: Centre) -> int:
    """Copy the rows of the last days beside the warehouse; says of how many facts.

    A question within them is answered from the copies, any other from the lake; the centre must stand at a snapshot.
    """
    span = data_span(centre)
    if centre.kept_at is None or span is None:
        return 0
    there = {one: days for one, days in RECENT.items() if has_rows(centre, centre.catalogue.facts[one[0]])}
    for (name, key), days in there.items():
        fact = centre.catalogue.facts[name]
        instant = key or next(iter(fact.keys))
        during = Period(span.until - timedelta(days=days), span.until + AHEAD)
        question = Question(during, fact.dimensions, scope=Scope.whole_centre(), interval_ms=centre.interval_ms)
        rows = held_rows(centre.catalogue, fact, instant, question)
        # in order of time, so that the engine passes over the days that nobody asks for
        ordered = Query(f"{rows.text} order by {fact.keys[instant]}", rows.values)
        _keep(centre, (name, key), f"recent_{name}_{key}".rstrip("_"), during, ordered, shared=True)
    return len(there)


def _keep(centre: Centre, what: Hashable, name: str, during: Period, rows: Query, *, shared: bool) -> None:
    if shared:
        table = keep_beside(centre.warehouse, name, rows.text, rows.values, stamp=centre.stamp)
    else:
        table = keep_rows(centre.warehouse, f"kept_{name}", rows.text, rows.values)
    centre.put_at_hand(what, during, table)
