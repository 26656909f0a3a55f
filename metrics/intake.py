"""What arrived and what became of it: the ledger of loads, and what was put aside."""

from __future__ import annotations

import polars as pl

from metrics.centre import Centre

INSTANTS = ("loaded_at", "data_from", "data_to")


def recent_loads(centre: Centre, *, most: int) -> pl.DataFrame:
    """The files offered last, newest first, with the counts of their rows; times are local."""
    frame = centre.named("facts/recent_load", most=most)
    return frame.with_columns(
        pl.col(name).dt.replace_time_zone("UTC").dt.convert_time_zone(str(centre.timezone)) for name in INSTANTS
    )


def put_aside(centre: Centre) -> pl.DataFrame:
    """Lines in quarantine by `source`, `column_name` and `reason`: how many `lines`, and where the newest begin.

    The lines themselves stay where only the loader's account may read them.
    """
    return centre.named("facts/quarantine_by_reason")
