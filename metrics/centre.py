"""An open centre: its name, zone and catalogue, and its warehouse with the facts ready to be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from metrics.catalogue import Catalogue, catalogue_of
from metrics.query import Query
from sql import FairlineError, Warehouse, WrongUse, statement
from sql.fact_views import define_facts
from sql.lockdown import lock_down
from sql.macros import define_clock, define_reckoning

# so long a page waits for one answer
MOST_SECONDS = 20.0


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
    stored_at: tuple[int, dict[str, str], dict[str, set[date]]] | None = field(default=None, repr=False)
    supplied: dict[str, bool] = field(default_factory=dict, repr=False)
    checked: tuple[int, Any] | None = field(default=None, repr=False)
    spans: tuple[int, pl.DataFrame] | None = field(default=None, repr=False)
    kept: frozenset[str] = frozenset()
    kept_at: int | None = None
    sets_deadlines: bool = False

    @property
    def snapshot(self) -> int:
        """The number of the snapshot that figures come from."""
        return self.kept_at if self.kept_at is not None else self.warehouse.snapshot()

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
        self.warehouse.most_seconds = MOST_SECONDS

    def close(self) -> None:
        """Let go of the warehouse."""
        self.warehouse.close()

    def __enter__(self) -> Centre:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_centre(folder: Path, snapshot: int | None = None) -> Centre:
    """Open a centre's warehouse for reading, at its newest snapshot or at an earlier one.

    Raises WrongUse where nothing was loaded yet.
    """
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
        settings = warehouse.connection.execute(statement("facts/settings")).pl().rows(named=True)
        if not settings:
            raise WrongUse(
                f"Nothing was loaded into {folder} yet. Load exports first: fairline load FILE --centre {folder}"
            )
        values = settings[0]
        rules = _define(warehouse, values)
    return Centre(
        folder=folder,
        name=values["name"],
        timezone=ZoneInfo(values["timezone"]),
        interval_ms=values["interval_ms"],
        fiscal_month=int(rules.get("fiscal_month", 1)),
        catalogue=catalogue_of(folder),
        warehouse=warehouse,
        sets_deadlines=values["sets_deadlines"],
    )


def _define(warehouse: Warehouse, values: dict[str, Any]) -> dict[str, float]:
    """Define the macros and facts by the centre's settings; says the numbers that it set for itself."""
    rules = {
        **dict(zip(values["rule_names"] or [], values["rule_numbers"] or [], strict=True)),
        "short_abandon_ms": float(values["short_abandon_ms"]),
    }
    clock = {"timezone": values["timezone"], "day_starts_ms": values["day_starts_ms"]}
    define_clock(warehouse.connection, **clock)
    define_reckoning(warehouse.connection, **clock, rules=rules, peak_hours=values["peak_hours"])
    define_facts(warehouse, sets_deadlines=values["sets_deadlines"])
    return rules
