"""Rows in memory: who asks many questions of the same days has their rows read once, not for every question.

A statement on a view of the lake takes the engine 30 to 170 ms however few its rows are, one on a table in memory 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

from metrics.catalogue import Fact
from metrics.centre import Centre
from metrics.period import Period
from metrics.query import Query, Question, ends, held_measures, held_rows, stored_table
from sql.stored_measures import drop_rows, keep_rows

NUMBERS = count(1)


@contextmanager
def holding(centre: Centre, *periods: Period, measures: Period) -> Iterator[Centre]:
    """The same centre for many questions of one snapshot: each fact's rows of each of the periods are read but once.

    They are read when they are first asked for, stored measures those of the days of `measures`, and let go of at the
    end. Other questions are answered as ever.
    """
    held = tuple(sorted({*centre.held, *periods}, key=lambda one: one.days))
    own = replace(centre.still(), held=held, held_measures=measures, tables=[])
    try:
        yield own
    finally:
        drop_rows(centre.warehouse, own.tables)


def rows_at_hand(centre: Centre, fact: Fact, key: str, question: Question) -> str:
    """The table in memory that has every row of a question, filled when it is first wanted; empty where none does.

    Of the periods that cover a question that whose rows are there already, else the shortest.
    """
    # a view has other rows by each key; what stands at an instant depends on all the instants that are asked for
    part = {"view": key, "span": "", "stock": tuple(ends(question))}[fact.shape]
    recent = centre.recent.get((fact.name, part))
    if recent is not None and recent[0].covers(question.during):
        return recent[1]
    periods = [one for one in centre.held if one.covers(question.during)]
    if not periods:
        return ""
    names = {("held", fact.name, part, period): period for period in periods}
    found = next((name for name in names if centre.is_known(name)), next(iter(names)))
    return centre.once(found, lambda: _held(centre, held_rows(fact, key, replace(question, during=names[found]))))


def measures_at_hand(centre: Centre, fact: Fact, key: str, question: Question) -> str:
    """The table that has a question's stored measures: in memory where they are held, else in the lake."""
    table, period = stored_table(fact.name, key), centre.held_measures
    if table in centre.kept:
        return centre.kept[table]
    if period is None or not period.covers(question.during):
        return f"lake.{table}"
    return centre.once(("held", table, period), lambda: _held(centre, held_measures(table, period)))


def _held(centre: Centre, rows: Query) -> str:
    name = keep_rows(centre.warehouse, f"held_{next(NUMBERS)}", rows.text, rows.values)
    centre.tables.append(name)
    return name
