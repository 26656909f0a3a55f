"""How many requests were closed after how long, open ones censored: the product-limit curve of a figure's rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics import figures
from metrics.asker import Asker
from metrics.catalogue import SCALE
from metrics.period import Period


@dataclass(frozen=True)
class Curve:
    """The share that had ended after so long, in the figure's unit: a step up at each time; the rest is not over."""

    times: tuple[float, ...]
    shares: tuple[float, ...]
    n: int
    open: int

    def at(self, time: float) -> float:
        """The share that had ended by a time."""
        place = int(np.searchsorted(self.times, time, side="right"))
        return self.shares[place - 1] if place else 0.0

    def reaches(self, share: float) -> float | None:
        """The time by which a share had ended; null where the curve never gets there."""
        reached = zip(self.times, self.shares, strict=True)
        return next((time for time, part in reached if part >= share - 1e-12), None)


def curve(ask: Asker, name: str, during: Period, where: Mapping[str, Iterable[object]]) -> Curve:
    """The curve behind a percentile that censors (time to close), from the very rows that it counts.

    Kaplan & Meier (1958): of those that are not over it is only known that they took so long until now.
    """
    metric = ask.metric(name)
    rows = figures.rows(ask.centre, name, during=during, where=where, scope=ask.scope)
    steps = (
        rows.group_by("counted")
        .agg(ended=pl.col("is_complete").sum().cast(pl.Int64), leaving=pl.len().cast(pl.Int64))
        .sort("counted")
    )
    remaining = rows.height - steps["leaving"].cum_sum().shift(1, fill_value=0).to_numpy()
    surviving = np.cumprod(1 - steps["ended"].to_numpy() / np.maximum(remaining, 1))
    ended = steps["ended"].to_numpy() > 0
    times = steps["counted"].to_numpy()[ended] / SCALE[metric.unit]
    open_ = rows.height - int(steps["ended"].sum())
    return Curve(tuple(times.tolist()), tuple((1 - surviving[ended]).tolist()), rows.height, open_)


def on_grid(found: Curve, *, points: int = 40) -> tuple[list[float], list[float]]:
    """The curve at evenly spaced times up to where nine in ten were over, or to its end: enough to draw it."""
    last = found.reaches(0.9) or (found.times[-1] if found.times else 0.0)
    last = min(max(last * 1.25, 1.0), max(found.times, default=1.0)) or 1.0
    grid = [last * number / points for number in range(points + 1)]
    return grid, [found.at(time) for time in grid]
