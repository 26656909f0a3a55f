"""Facts to stored measures: only the days that a load has touched, or a range, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from metrics.availability import has_rows
from metrics.centre import Centre, open_centre, prepare
from metrics.health import open_lines
from metrics.identities import Identity, identities
from metrics.period import Period
from metrics.stored import StoredTable, is_large, stored_state, wanted_tables
from metrics.versions import keep_definitions
from sql import Warehouse, fault_point, loading, stored_measures
from sql.disk import explained_when_full

SLACK, MOST_YEARS = 31, 30
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
    """Build the measures of a period again, or of all days; says how many days.

    Raises WrongUse where nothing was loaded yet, and makes no folder there.
    """
    if not (folder / "warehouse").is_dir():
        Warehouse.open(folder / "warehouse").close()
    return len(_build(folder, during, progress, everything=during is None))


def _build(folder: Path, during: Period | None, progress: Progress | None, *, everything: bool = False) -> set[date]:
    """Build the days of a period, else those that loads have touched, else all; says which days."""
    tell = progress or (lambda step, done, total: None)
    where = folder / "warehouse"
    with (
        explained_when_full(folder, "measures were to be written"),
        loading(where),
        Warehouse.open(where, read_only=False) as warehouse,
    ):
        centre = prepare(folder, warehouse)
        touched = stored_state(centre)[1]
        tables = wanted_tables(centre)
        new = _make_tables(centre, tables)
        fault_point("tables_made")
        everything = everything or (during is None and "*" in touched)
        days: set[date] = set()
        with warehouse.transaction():
            for number, table in enumerate(tables, start=1):
                if everything or table.name in new:
                    days |= _build_all(centre, table, is_new=table.name in new)
                else:
                    some = touched.get(table.fact.name, set()) if during is None else _each(during)
                    days |= _build_days(centre, table, some)
                tell("measuring", number, len(tables))
            fault_point("measured")
            stored_measures.complete(warehouse, new)
            if during is None:
                stored_measures.forget_touched(warehouse)
            keep_definitions(centre)
    return days


def _make_tables(centre: Centre, tables: list[StoredTable]) -> dict[str, str]:
    """Make the tables that are missing or of other definitions; says which, with the hash of today's definitions.

    What is not wanted any more is forgotten: it would not be brought up to date.
    """
    built = stored_state(centre)[0]
    new = {one.name: one for one in tables if built.get(one.name) != one.definition}
    unwanted = built.keys() - {one.name for one in tables}
    if new or unwanted:
        selects = {name: one.statement() for name, one in new.items()}
        stored_measures.make_tables(centre.warehouse, selects, unwanted=unwanted)
    return {name: one.definition for name, one in new.items()}


def _build_all(centre: Centre, table: StoredTable, *, is_new: bool) -> set[date]:
    """Build every day of one table; says which days."""
    if not has_rows(centre, table.fact):
        if not is_new:
            stored_measures.forget_rows(centre.warehouse, table.name)
        return set()
    if table.fact.shape != "view":
        return _build_days(centre, table, _whole_span(centre))
    parts = _years(centre) if is_large(centre, table.fact) else []
    select = table.statement("$days::date[]" if parts else None)
    return stored_measures.replace_rows(centre.warehouse, table.name, select, is_empty=is_new, parts=parts)


def _build_days(centre: Centre, table: StoredTable, days: set[date]) -> set[date]:
    """Build some days of one table again; says which days."""
    if days:
        stored_measures.replace_days(centre.warehouse, table.name, table.statement("$days::date[]"), days)
    return days


def _each(during: Period) -> set[date]:
    return {during.first + timedelta(days=number) for number in range(during.days)}


def _years(centre: Centre) -> list[list[date]]:
    """The days of a large warehouse year by year, since groups of all its days at once would fill the memory.

    With a month's slack, for what begins later than any instant that the span is taken from; none where a date that
    cannot be true stretches the span over more years than there are exports of.
    """
    span = sorted(_whole_span(centre))
    days = [span[0] + timedelta(days=number) for number in range(-SLACK, len(span) + SLACK)] if span else []
    years = [list(some) for _, some in groupby(days, key=lambda day: day.year)]
    return years if len(years) <= MOST_YEARS else []


def _whole_span(centre: Centre) -> set[date]:
    """Every day from the first to the last that any fact can belong to."""
    first, last = centre.named("facts/whole_span").row(0)
    return set() if first is None else {first + timedelta(days=number) for number in range((last - first).days + 1)}
