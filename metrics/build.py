"""Facts to stored measures: only the days that a load has touched, or a range, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from metrics.availability import has_rows
from metrics.centre import Centre, open_centre, prepare
from metrics.health import open_lines
from metrics.identities import Identity, identities
from metrics.period import Period
from metrics.stored import StoredTable, in_one_go, in_parts, rows_beneath, stored_state, wanted_tables
from metrics.versions import keep_definitions
from sql import Warehouse, fault_point, loading, stored_measures
from sql.disk import explained_when_full

SLACK, LONGEST_SPAN = 31, 30 * 366
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


@dataclass(frozen=True)
class Rows:
    """What selects the rows of a table, which may know some days as $days; parts where it takes them one by one."""

    select: str
    parts: Sequence[Sequence[date]] = ()


@dataclass(frozen=True)
class Job:
    """What is to be measured again of one stored table: some days, or every day that its fact has rows of (None)."""

    table: StoredTable
    days: set[date] | None
    is_new: bool = False
    is_emptied: bool = False


RowsOf = Callable[[Job], Rows]
# computes the rows of some tables before they are stored together; what it needs for that, it keeps until they are
Elsewhere = Callable[[Centre, Sequence[Job], Progress], AbstractContextManager[RowsOf]]


def bring_up_to_date(folder: Path, *, progress: Progress | None = None) -> int:
    """Build the measures of the days that loads have touched; says how many days."""
    return len(_build(folder, None, progress))


def measure_and_check(folder: Path, *, progress: Progress | None = None, wait: bool = False) -> Built:
    """Build the measures of the days that loads have touched, and check the identities on them.

    Raises LoadRunning while a load runs, unless it is to `wait` for its end.
    """
    days = _build(folder, None, progress, wait=wait)
    if not days:
        return Built(0, [])
    with open_centre(folder) as centre:
        return Built(len(days), identities(centre, days=days))


def rebuild(
    folder: Path,
    *,
    during: Period | None = None,
    progress: Progress | None = None,
    elsewhere: Elsewhere | None = None,
    wait: bool = False,
) -> int:
    """Build the measures of a period again, or of all days, here or on another engine; says how many days.

    Raises WrongUse where nothing was loaded yet, and makes no folder there.
    """
    if not (folder / "warehouse").is_dir():
        Warehouse.open(folder / "warehouse").close()
    return len(_build(folder, during, progress, everything=during is None, elsewhere=elsewhere, wait=wait))


def _build(
    folder: Path,
    during: Period | None,
    progress: Progress | None,
    *,
    everything: bool = False,
    elsewhere: Elsewhere | None = None,
    wait: bool = False,
) -> set[date]:
    """Build the days of a period, else those that loads have touched, else all; says which days."""
    tell = progress or (lambda step, done, total: None)
    where = folder / "warehouse"
    with (
        explained_when_full(folder, "measures were to be written"),
        loading(where, wait=wait),
        Warehouse.open(where, read_only=False) as warehouse,
    ):
        centre = prepare(folder, warehouse)
        touched = stored_state(centre)[1]
        tables = wanted_tables(centre)
        new = _make_tables(centre, tables)
        fault_point("tables_made")
        everything = everything or (during is None and "*" in touched)
        jobs = [
            _everything(centre, table, is_new=table.name in new)
            if everything or table.name in new
            else Job(table, touched.get(table.fact.name, set()) if during is None else _each(during))
            for table in tables
        ]
        days: set[date] = set()
        with (elsewhere or _here)(centre, jobs, tell) as rows_of, warehouse.transaction():
            for number, job in enumerate(jobs, start=1):
                days |= _replace(centre, job, rows_of)
                tell("measuring", number, len(jobs))
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


def _everything(centre: Centre, table: StoredTable, *, is_new: bool) -> Job:
    """Every day of one table, of which a span needs to be told the days."""
    if not has_rows(centre, table.fact):
        return Job(table, set(), is_new=is_new, is_emptied=True)
    return Job(table, None if table.fact.shape == "view" else _whole_span(centre), is_new=is_new)


def _replace(centre: Centre, job: Job, rows_of: RowsOf) -> set[date]:
    """Put what was computed into the place of what a table holds; says for which days."""
    name = job.table.name
    if job.is_emptied:
        if not job.is_new:
            stored_measures.forget_rows(centre.warehouse, name)
        return set()
    if job.days is None:
        rows = rows_of(job)
        return stored_measures.replace_rows(centre.warehouse, name, rows.select, is_empty=job.is_new, parts=rows.parts)
    if job.days:
        rows = rows_of(job)
        for days in rows.parts or [sorted(job.days)]:
            stored_measures.replace_days(centre.warehouse, name, rows.select, days)
    return job.days


@contextmanager
def _here(centre: Centre, *_: object) -> Iterator[RowsOf]:
    """The warehouse's own engine computes a table's rows while they are stored."""

    def rows_of(job: Job) -> Rows:
        parts = _parts(centre, job)
        return Rows(job.table.statement(None if job.days is None and not parts else "$days::date[]"), parts)

    yield rows_of


def _each(during: Period) -> set[date]:
    return {during.first + timedelta(days=number) for number in range(during.days)}


def _parts(centre: Centre, job: Job) -> list[Sequence[date]]:
    """The days of a job, some after others, where there are more rows than are measured in one go; else none.

    Of all days with a month's slack, for what begins later than any instant that the span is taken from; none where a
    date that cannot be true stretches the span over more years than there are exports of.
    """
    rows = rows_beneath(centre, job.table.fact)
    # most centres are small, and finding the span takes longer than to measure a day of theirs
    span = [] if in_one_go(rows) else sorted(_whole_span(centre))
    if not 0 < len(span) <= LONGEST_SPAN:
        return []
    slack = (span[0] + timedelta(days=number) for number in range(-SLACK, len(span) + SLACK))
    days = list(slack) if job.days is None else sorted(job.days)
    parts = in_parts(days, rows, of_days=len(span))
    return parts if len(parts) > 1 else []


def _whole_span(centre: Centre) -> set[date]:
    """Every day from the first to the last that any fact can belong to."""
    first, last = centre.named("facts/whole_span").row(0)
    return set() if first is None else {first + timedelta(days=number) for number in range((last - first).days + 1)}
