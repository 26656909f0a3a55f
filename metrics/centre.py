"""An open centre: its name, zone and catalogue, and its warehouse with the facts ready to be asked."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import polars as pl

from metrics.catalogue import Catalogue, catalogue_of
from metrics.period import Period
from metrics.query import Query
from sql import FairlineError, Warehouse, WrongUse, statement
from sql.fact_views import define_facts
from sql.lockdown import lock_down
from sql.macros import define_reckoning, reckoning_values
from sql.stand_ins import as_it_was

T = TypeVar("T")
# whether this call is made beside others
BESIDE_OTHERS: ContextVar[bool] = ContextVar("beside_others", default=False)
# so many answers to named statements are kept, since the same ones are asked for again, and up to how many rows each
MOST_KEPT, MOST_ROWS = 32, 5_000


@dataclass
class Centre:
    """What pages and reports hold in their hands; opened by `open_centre`, read-only."""

    folder: Path
    name: str
    timezone: ZoneInfo
    interval_ms: int
    fiscal_month: int
    catalogue: Catalogue = field(repr=False)
    warehouse: Warehouse = field(repr=False)
    known: tuple[int, dict[Hashable, Any]] = field(default=(-1, {}), repr=False)
    kept_at: int | None = None
    # which rows stand in which tables in memory (see `metrics.held`), and of which days they shall when first asked for
    at_hand: Mapping[Hashable, tuple[tuple[Period, str], ...]] = field(default_factory=dict, repr=False)
    held: tuple[Period, ...] = ()
    held_by: frozenset[str] | None = None
    held_measures: Period | None = None
    # large answers to named statements, where they are kept at all
    large: dict[Hashable, pl.DataFrame] | None = field(default=None, repr=False)
    # what runs a report's questions side by side, and whose turn it is to read which rows
    pool: Executor | None = field(default=None, repr=False)
    turns: dict[Hashable, Lock] = field(default_factory=dict, repr=False)
    unset: frozenset[str] = frozenset()
    rules: Mapping[str, float] = field(default_factory=dict, repr=False)
    reckoning: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def snapshot(self) -> int:
        """The number of the snapshot that figures come from."""
        return self.kept_at if self.kept_at is not None else self.warehouse.snapshot()

    def still(self) -> Centre:
        """The same centre, which takes the snapshot of now for granted: to ask for its number takes 15 ms each time.

        For many questions in one go; what others load meanwhile is kept out by opening a centre that `stays`.
        """
        snapshot = self.snapshot
        known = self.known[1] if self.known[0] == snapshot else {}
        return replace(self, kept_at=snapshot, known=(snapshot, dict(known)))

    @property
    def stamp(self) -> str:
        """What tells this snapshot from every other, also from one of the same number after a restored backup."""
        return self.once("stamp", lambda: f"{self.snapshot}-{self._made_at():%Y%m%dT%H%M%S%f}")

    def _made_at(self) -> datetime:
        found: datetime = self.named("lake/snapshot_time", snapshot=self.snapshot).item()
        return found

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """What follows from the snapshot and a name alone, worked out once for each snapshot."""
        snapshot = self.snapshot
        if self.known[0] != snapshot:
            self.known = (snapshot, {})
        known = self.known[1]
        if name not in known:
            known[name] = make()
        found: T = known[name]
        return found

    def table_with(self, what: Hashable, during: Period) -> str:
        """The table in memory that has these rows of a whole period; empty where none does."""
        return next((table for period, table in self.at_hand.get(what, ()) if period.covers(during)), "")

    def turn(self, what: Hashable) -> Lock:
        """One of those who run side by side does a thing, the others wait for it."""
        return self.turns.setdefault(what, Lock())

    def at_once(self, calls: Sequence[Callable[[], T]]) -> list[T]:
        """What several calls return: a report makes them side by side, elsewhere it is one after the other.

        What one of them in turn makes at once comes one after the other: it would wait for itself.
        """
        if self.pool is None or len(calls) < 2 or BESIDE_OTHERS.get():
            return [call() for call in calls]
        BESIDE_OTHERS.set(True)
        try:
            runs = [self.pool.submit(copy_context().run, call) for call in calls]
        finally:
            BESIDE_OTHERS.set(False)
        return [run.result() for run in runs]

    def put_at_hand(self, what: Hashable, during: Period, table: str) -> str:
        """From here on questions find these rows of a period in a table in memory; says its name."""
        with self.turn("at hand"):
            self.at_hand = {**self.at_hand, what: (*self.at_hand.get(what, ()), (during, table))}
        return table

    def is_known(self, name: Hashable) -> bool:
        """Whether something was worked out already for this snapshot."""
        return self.known[0] == self.snapshot and name in self.known[1]

    def asked(self, name: str, **values: object) -> pl.DataFrame:
        """As `named`, for what is asked again with the same values; the last small answers are kept (see `keeping`)."""
        small: dict[Hashable, pl.DataFrame] = self.once("asked", dict)
        question = (name, *sorted(values.items()))
        known = small.get(question, (self.large or {}).get(question))
        if known is not None:
            return known
        found = self.named(name, **values)
        if found.height <= MOST_ROWS:
            small[question] = found
            for oldest in list(small)[:-MOST_KEPT]:
                small.pop(oldest, None)
        elif self.large is not None:
            self.large[question] = found
        return found

    @contextmanager
    def keeping(self) -> Iterator[Centre]:
        """The same centre for what asks for the same large answers several times: they are let go of at the end."""
        own = replace(self, large={})
        yield own
        own.large = None

    def frame(self, query: Query) -> pl.DataFrame:
        """Run a composed query."""
        return self.warehouse.frame(query.text, query.values)

    def named(self, name: str, **values: object) -> pl.DataFrame:
        """Run a statement of `sql/` by its name."""
        return self.warehouse.frame(statement(name), values)

    def table(self, name: str) -> pl.DataFrame:
        """All rows of a stored table; the name must come from `sql.names("tables")`."""
        return self.warehouse.frame(f"from lake.{name}")

    def lock_down(self) -> None:
        """From now on read the warehouse and nothing else, whatever a statement says; cannot be undone."""
        lock_down(self.warehouse.connection, self.warehouse.place)

    def close(self) -> None:
        """Let go of the warehouse."""
        self.warehouse.close()

    def __enter__(self) -> Centre:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_centre(folder: Path, snapshot: int | None = None, *, stays: bool = False) -> Centre:
    """Open a centre's warehouse for reading, at its newest snapshot or at an earlier one.

    With `stays` it keeps to what is newest now, whatever is loaded while it is open: all figures of a report are of one
    snapshot. Raises WrongUse where nothing was loaded yet.
    """
    if stays and snapshot is None:
        with Warehouse.open(folder / "warehouse") as newest:
            snapshot = newest.snapshot()
    warehouse = Warehouse.open(folder / "warehouse", snapshot=snapshot)
    try:
        return prepare(folder, warehouse)
    except BaseException as error:
        is_old = isinstance(error, Exception) and not isinstance(error, FairlineError) and not warehouse.is_current()
        warehouse.close()
        if is_old:
            raise WrongUse(
                f"The warehouse of {folder} was made by an earlier Fairline. Bring it up to date, which changes no "
                f"figure: fairline load --centre {folder}, then fairline build --centre {folder}"
            ) from None
        raise


def prepare(folder: Path, warehouse: Warehouse) -> Centre:
    """Make an open warehouse ready to be asked: the centre's clock, and the facts as views."""
    # in one transaction, since the lake reads its catalogue anew for every statement that stands alone
    with warehouse.transaction():
        asked = as_it_was(statement("facts/settings"), warehouse.stands_in)
        settings = warehouse.connection.execute(asked).pl().rows(named=True)
        if not settings:
            raise WrongUse(
                f"Nothing was loaded into {folder} yet. Load exports first: fairline load FILE --centre {folder}"
            )
        values = settings[0]
        rules = {
            **dict(zip(values["rule_names"] or [], values["rule_numbers"] or [], strict=True)),
            "short_abandon_ms": float(values["short_abandon_ms"]),
        }
        reckoning = reckoning_values(
            timezone=values["timezone"],
            day_starts_ms=values["day_starts_ms"],
            rules=rules,
            peak_hours=values["peak_hours"],
        )
        define_reckoning(warehouse.connection, reckoning)
        unset = frozenset(
            name
            for name, is_set in (
                ("case_deadline", values["sets_deadlines"]),
                ("kept_callback", "callback_minutes" in rules),
            )
            if not is_set
        )
        define_facts(warehouse, unset=unset)
    return Centre(
        folder=folder,
        name=values["name"],
        timezone=ZoneInfo(values["timezone"]),
        interval_ms=values["interval_ms"],
        fiscal_month=int(rules.get("fiscal_month", 1)),
        catalogue=catalogue_of(folder),
        warehouse=warehouse,
        unset=unset,
        rules=rules,
        reckoning=reckoning,
    )
