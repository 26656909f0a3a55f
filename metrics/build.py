"""Facts to stored measures: only the days that a load has touched, or a range, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from metrics.centre import Centre, open_centre, prepare
from metrics.health import open_lines
from metrics.identities import Identity, identities
from metrics.period import Period
from metrics.query import day_measures, days_of, stored_table
from metrics.stored import definition_hash
from metrics.versions import keep_definitions
from sql import Warehouse, loading, stored_measures

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Built:
    """What was built: the days, and the identities as they stand on them."""

    days: int
    identities: list[Identity]

    def as_text(self) -> str:
        """One line, and one more for every place where an identity is open."""
        if not self.days:
            return "Nothing to measure again."
        open_ones = [one for one in self.identities if not one.closes]
        if not open_ones:
            return f"Measured {self.days} days; all {len(self.identities)} identities close on them."
        lines = [f"Measured {self.days} days; {len(open_ones)} of {len(self.identities)} identities do not close:"]
        return "\n".join([*lines, *(line for one in open_ones for line in open_lines(one))])


def bring_up_to_date(folder: Path, *, progress: Progress | None = None) -> int:
    """Build the measures of the days that loads have touched; says how many days."""
    return len(_build(folder, None, progress))


def measure_and_check(folder: Path, *, progress: Progress | None = None) -> Built:
    """Build the measures of the days that loads have touched, and check the identities on them."""
    days = _build(folder, None, progress)
    if not days:
        return Built(0, [])
    with open_centre(folder) as centre:
        return Built(len(days), identities(centre, days=days))


def rebuild(folder: Path, *, during: Period | None = None, progress: Progress | None = None) -> int:
    """Build the measures of a period again, or of all days; says how many days."""
    if during is None:
        with open_centre(folder) as centre:
            first, last = centre.named("facts/whole_span").row(0)
        if first is None:
            return 0
        during = Period(first, last + timedelta(days=1))
    return len(_build(folder, during, progress))


def _build(folder: Path, during: Period | None, progress: Progress | None) -> set[date]:
    tell = progress or (lambda step, done, total: None)
    with loading(folder / "warehouse"), Warehouse.open(folder / "warehouse", read_only=False) as warehouse:
        centre = prepare(folder, warehouse)
        families = centre.catalogue.families()
        new = {family for family in families if not _is_current(centre, *family)}
        for fact, key in new:
            stored_measures.make_table(warehouse, stored_table(fact, key), _statement(centre, fact, key))
        days: set[date] = set()
        with warehouse.transaction():
            for number, (fact, key) in enumerate(families, start=1):
                days |= _build_family(centre, fact, key, during=during, everything=(fact, key) in new)
                tell("measuring", number, len(families))
            if during is None:
                stored_measures.forget_touched(warehouse)
            keep_definitions(centre)
    return days


def _statement(centre: Centre, fact: str, key: str) -> str:
    return day_measures(centre.catalogue.facts[fact], key, centre.catalogue.families()[fact, key])


def _is_current(centre: Centre, fact: str, key: str) -> bool:
    """Whether the table of a fact and key exists as today's definitions want it."""
    built = dict(centre.named("facts/stored_measure").iter_rows())
    return built.get(stored_table(fact, key)) == definition_hash(centre.catalogue, fact, key)


def _build_family(centre: Centre, fact: str, key: str, *, during: Period | None, everything: bool) -> set[date]:
    """Build what is wanted of one fact and interval key; says which days."""
    table = stored_table(fact, key)
    days = _days(centre, fact, key, during=during, everything=everything)
    if days:
        stored_measures.replace_days(centre.warehouse, table, _statement(centre, fact, key), days)
    if everything:
        stored_measures.complete(centre.warehouse, table, definition_hash(centre.catalogue, fact, key))
    return days


def _days(centre: Centre, fact: str, key: str, *, during: Period | None, everything: bool) -> set[date]:
    """The days to build: those of the period, else the touched ones, else all that the fact has."""
    if during is not None and not everything:
        return {during.first + timedelta(days=number) for number in range(during.days)}
    touched = centre.named("facts/touched_day", fact=fact)
    if everything or "*" in touched["fact"].to_list():
        if centre.catalogue.facts[fact].shape != "view":
            return _whole_span(centre)
        touched = centre.frame(days_of(centre.catalogue.facts[fact], key))
    return set(touched["day"].drop_nulls().to_list())


def _whole_span(centre: Centre) -> set[date]:
    """Every day from the first to the last that any fact can belong to."""
    first, last = centre.named("facts/whole_span").row(0)
    return set() if first is None else {first + timedelta(days=number) for number in range((last - first).days + 1)}
