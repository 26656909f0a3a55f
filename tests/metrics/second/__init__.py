"""A second reckoning of every metric: polars and plain Python over the stored facts, written from the definitions.

Nothing here reads the product's SQL, views or catalogue. Seconds, days and hours are those of the metric's unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from metrics import Centre, Period

MS = {"seconds": 1_000.0, "hours": 3_600_000.0, "days": 86_400_000.0}
Figures = dict[str, float | None]


@dataclass
class Facts:
    """The stored tables of a centre, with what is needed to place a row on a day."""

    centre: Centre
    during: Period

    read: dict[str, pl.DataFrame] = field(default_factory=dict)

    def table(self, name: str) -> pl.DataFrame:
        """A stored table, read once; test contacts, and all that hangs on them, are in no figure."""
        if name not in self.read:
            frame = self.centre.table(name)
            if "contact_id" in frame.columns:
                tests = self.centre.table("contact").filter(pl.col("is_test").fill_null(False))["contact_id"]
                frame = frame.filter(~pl.col("contact_id").is_in(tests.to_list()).fill_null(False))
            self.read[name] = frame
        return self.read[name]

    def day(self, column: str) -> pl.Expr:
        """The local date of an instant; these centres begin their day at midnight."""
        return pl.col(column).dt.replace_time_zone("UTC").dt.convert_time_zone(str(self.centre.timezone)).dt.date()

    def within(self, column: str) -> pl.Expr:
        return self.day(column).is_between(self.during.first, self.during.last)

    def begins(self, day: date) -> datetime:
        """The instant at which a local day begins."""
        zone = ZoneInfo(str(self.centre.timezone))
        return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).replace(tzinfo=None)

    @property
    def start(self) -> datetime:
        return self.begins(self.during.first)

    @property
    def end(self) -> datetime:
        return self.begins(self.during.until)

    @property
    def cutoff(self) -> dict[str, datetime]:
        files = self.table("load_file").filter(pl.col("verdict") == "accepted")
        return dict(files.group_by("source_id").agg(pl.col("exported_at").max()).iter_rows())

    def rule(self, name: str, otherwise: float) -> float:
        found = dict(self.table("rule").iter_rows())
        return float(found.get(name, otherwise))


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def total(values: pl.Series) -> float:
    return float(values.sum())


def mean(values: pl.Series, unit: str = "seconds") -> float | None:
    known = values.drop_nulls()
    return float(known.sum()) / len(known) / MS[unit] if len(known) else None


def middle(values: pl.Series, part: float, unit: str) -> float | None:
    """A percentile between order statistics."""
    found = values.drop_nulls().quantile(part, "linear")
    return None if found is None else found / MS[unit]


def survivor_point(observed: list[tuple[float, bool]], part: float) -> float | None:
    """Where the product-limit curve falls to 1 - part, by scipy; null where it never does."""
    import numpy as np
    from scipy.stats import CensoredData, ecdf

    events = np.array([x for x, happened in observed if happened], dtype=float)
    if not len(events):
        return None
    curve = ecdf(CensoredData(events, right=np.array([x for x, happened in observed if not happened], dtype=float))).sf
    points = zip(curve.quantiles, curve.probabilities, strict=True)
    return next((float(x) for x, left in points if left <= 1 - part + 1e-9), None)


def days_of(period: Period) -> list[date]:
    return [period.first + timedelta(days=number) for number in range(period.days)]
