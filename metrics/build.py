"""Facts to stored measures: only the days that a load has touched, or a range, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from metrics.catalogue import Measure
from metrics.centre import Centre, open_centre, prepare
from metrics.period import Period
from metrics.query import day_measures, stored_table
from metrics.stored import definition_hash
from sql import Warehouse, loading

Progress = Callable[[str, int, int], None]


def bring_up_to_date(folder: Path, *, progress: Progress | None = None) -> int:
    """Build the measures of the days that loads have touched; says how many days."""
    return _build(folder, None, progress)


def rebuild(folder: Path, *, during: Period | None = None, progress: Progress | None = None) -> int:
    """Build the measures of a period again, or of all days; says how many days."""
    if during is None:
        with open_centre(folder) as centre:
            first, last = centre.named("facts/whole_span").row(0)
        if first is None:
            return 0
        during = Period(first, last + timedelta(days=1))
    return _build(folder, during, progress)


def _build(folder: Path, during: Period | None, progress: Progress | None) -> int:
    tell = progress or (lambda step, done, total: None)
    with loading(folder / "warehouse"), Warehouse.open(folder / "warehouse", read_only=False) as warehouse:
        centre = prepare(folder, warehouse)
        families = centre.catalogue.families()
        changed = {family for family in families if not _has_table(centre, *family)}
        days: set[date] = set()
        with warehouse.transaction():
            for number, (family, measures) in enumerate(families.items(), start=1):
                days |= _build_family(centre, family, measures, during=during, everything=family in changed)
                tell("measuring", number, len(families))
            if during is None:
                warehouse.execute("delete from lake.touched_day")
    return len(days)


def _has_table(centre: Centre, fact: str, key: str) -> bool:
    """Whether the table of a family exists as today's definitions want it; else an empty one is made."""
    table, digest = stored_table(fact, key), definition_hash(centre.catalogue, fact, key)
    built = dict(centre.named("facts/stored_measure").iter_rows())
    if built.get(table) == digest:
        return True
    text = day_measures(centre.catalogue.facts[fact], key, centre.catalogue.families()[fact, key])
    warehouse = centre.warehouse
    _rebuilt_days(warehouse, [])
    # each statement commits by itself: a table and its rows must not come in one transaction
    warehouse.execute(f"drop table if exists lake.{table}")
    warehouse.execute(f"create table lake.{table} as {text} limit 0")
    warehouse.execute("delete from lake.stored_measure where table_name = $table", {"table": table})
    return False


def _build_family(
    centre: Centre, family: tuple[str, str], measures: list[Measure], *, during: Period | None, everything: bool
) -> set[date]:
    fact, key = family
    warehouse, table = centre.warehouse, stored_table(fact, key)
    days = _days(centre, fact, key, during=during, everything=everything)
    if days:
        _rebuilt_days(warehouse, sorted(days))
        warehouse.execute(f"delete from lake.{table} where day in (select day from rebuilt_day)")
        text = day_measures(centre.catalogue.facts[fact], key, measures)
        warehouse.execute(f"insert into lake.{table} {text}")
    if everything:
        warehouse.append_rows("stored_measure", [(table, definition_hash(centre.catalogue, fact, key))])
    return days


def _days(centre: Centre, fact: str, key: str, *, during: Period | None, everything: bool) -> set[date]:
    """The days to build: those of the period, else the touched ones, else all that the fact has."""
    if during is not None and not everything:
        return {during.first + timedelta(days=number) for number in range(during.days)}
    touched = centre.named("facts/touched_day", fact=fact)
    if everything or "*" in touched["fact"].to_list():
        return set(centre.warehouse.frame(f"select distinct operating_day({centre.catalogue.facts[fact].keys[key]}) as day "
                                          f'from "{fact}"')["day"].drop_nulls().to_list())
    return set(touched["day"].drop_nulls().to_list())


def _rebuilt_days(warehouse: Warehouse, days: list[date]) -> None:
    warehouse.execute("create or replace temp table rebuilt_day (day date)")
    if days:
        warehouse.execute("insert into rebuilt_day select unnest($days::date[])", {"days": days})
