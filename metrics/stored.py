"""What is stored by operating day: measures, and sketches where exact percentiles would take long; and if it stands."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from metrics.catalogue import Catalogue, Fact, Measure, Metric
from metrics.centre import Centre
from metrics.query import (
    Question,
    can_be_sketched,
    day_measures,
    day_sketches,
    row_count,
    sketch_table,
    stored_table,
)
from sql.fact_views import fact_text

# up to so many rows percentiles are exact: that takes the engine about a second
EXACT_UP_TO = 2_000_000
# rows of a fact that are measured or checked in one go: groups of more would fill the memory, or spill for an hour
MOST_AT_ONCE = 1_500_000


@dataclass(frozen=True)
class StoredTable:
    """A table of the lake that holds what one fact says about each operating day, by one interval key."""

    name: str
    fact: Fact
    key: str
    measures: tuple[Measure, ...] = ()
    distributions: tuple[Metric, ...] = ()

    def statement(self, days: str | None = None) -> str:
        """What computes its rows: of all days, or of those of an SQL list; a span always needs to know the days."""
        if days is None and self.fact.shape != "view":
            days = "[]::date[]"
        if self.distributions:
            return day_sketches(self.fact, self.key, self.distributions, days=days)
        return day_measures(self.fact, self.key, self.measures, days=days)

    @property
    def definition(self) -> str:
        """What tells the rows of today's definitions from those of others."""
        return hashlib.sha256(f"{self.statement()}\n{fact_text(self.fact.name)}".encode()).hexdigest()


def measure_tables(catalogue: Catalogue) -> dict[tuple[str, str], StoredTable]:
    """The tables of measures, by fact and interval key."""
    return {
        (fact, key): StoredTable(stored_table(fact, key), catalogue.facts[fact], key, measures=tuple(measures))
        for (fact, key), measures in catalogue.families().items()
    }


def sketch_tables(catalogue: Catalogue) -> dict[tuple[str, str], StoredTable]:
    """The tables of sketches, by fact and interval key."""
    return {
        (fact, key): StoredTable(sketch_table(fact, key), catalogue.facts[fact], key, distributions=tuple(metrics))
        for (fact, key), metrics in catalogue.distributions().items()
    }


def wanted_tables(centre: Centre) -> list[StoredTable]:
    """What is to be stored: all measures, and sketches of the facts from which exact percentiles would take long."""
    sketches = [one for one in sketch_tables(centre.catalogue).values() if is_large(centre, one.fact)]
    # where dates come from the calendar, no load could say which days it changed
    dated = set() if "case_deadline" in centre.unset else {"request"}
    return [*(one for one in measure_tables(centre.catalogue).values() if one.fact.name not in dated), *sketches]


def is_large(centre: Centre, fact: Fact) -> bool:
    """Whether a fact has more rows than exact percentiles are made from."""
    return rows_beneath(centre, fact) > EXACT_UP_TO


def rows_beneath(centre: Centre, fact: Fact) -> int:
    """The rows of the largest table that a fact needs."""
    return max((rows_of(centre, centre.catalogue.needs[name].table) for name in fact.needs), default=0)


def rows_of(centre: Centre, table: str) -> int:
    """The rows of a table of the lake."""
    return centre.once(("rows of", table), lambda: int(centre.frame(row_count(table))["n"][0]))


def in_one_go(rows: int) -> bool:
    """Whether so many rows of a fact are measured or checked at once."""
    return rows <= MOST_AT_ONCE


def in_parts(days: Sequence[date], rows: int, *, of_days: int) -> list[Sequence[date]]:
    """Days in parts that each hold no more rows than are taken in one go, where `of_days` hold so many.

    >>> [len(part) for part in in_parts([date(2026, 1, day) for day in range(1, 11)], 6_000_000, of_days=16)]
    [4, 4, 2]
    """
    length = len(days) if in_one_go(rows) else max(1, of_days * MOST_AT_ONCE // rows)
    return [days[first : first + length] for first in range(0, len(days), length)]


def can_answer(centre: Centre, fact: str, key: str, measures: Sequence[Measure]) -> bool:
    """Whether measures are among those stored for a fact and interval key, and these are up to date."""
    family = centre.catalogue.families().get((fact, key), [])
    return {one.name for one in measures} <= {one.name for one in family} and is_up_to_date(centre, fact, key)


def is_up_to_date(centre: Centre, fact: str, key: str) -> bool:
    """Whether the stored measures of a fact and interval key stand for what the facts say now."""
    return _stands(centre, measure_tables(centre.catalogue)[fact, key])


def is_sketched(centre: Centre, metric: Metric, question: Question) -> bool:
    """Whether sketches that stand for what the facts say now can answer a question about a distribution."""
    fact = centre.catalogue.facts[metric.fact or ""]
    if not can_be_sketched(fact, metric, question):
        return False
    table = sketch_tables(centre.catalogue).get((fact.name, metric.key))
    return table is not None and table.name in stored_state(centre)[0] and _stands(centre, table)


def _stands(centre: Centre, table: StoredTable) -> bool:
    built, touched = stored_state(centre)
    return not touched.keys() & {table.fact.name, "*"} and built.get(table.name) == table.definition


def stored_state(centre: Centre) -> tuple[dict[str, str], dict[str, set[date]]]:
    """The stored tables with the hash of their definitions, and the days of each fact that changed since."""
    return centre.once("stored", lambda: _stored_state(centre))


def _stored_state(centre: Centre) -> tuple[dict[str, str], dict[str, set[date]]]:
    built = dict(centre.named("facts/stored_measure").iter_rows())
    touched: dict[str, set[date]] = {}
    for fact, day in centre.named("facts/touched_day").iter_rows():
        touched.setdefault(fact, set()).update([day] if day is not None else [])
    return built, touched
