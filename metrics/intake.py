"""What arrived and what became of it: the ledger of loads, and what was put aside."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from metrics.centre import Centre

INSTANTS = ("loaded_at", "data_from", "data_to")


def recent_loads(centre: Centre, *, most: int) -> pl.DataFrame:
    """The files offered last, newest first, with the counts of their rows; times are local."""
    return _local(centre, centre.named("facts/recent_load", most=most), INSTANTS)


def restated_loads(centre: Centre) -> pl.DataFrame:
    """Files of calls and agent states that came for days which an earlier file had: `restated_from`, `restated_to`."""
    return _local(centre, centre.named("facts/restated_load"), ("loaded_at", "restated_from", "restated_to"))


def put_aside_lines(centre: Centre, *, most: int) -> pl.DataFrame:
    """The lines in quarantine, the newest first, as they came: only for those who may read what residents said."""
    return centre.named("facts/quarantined_line", most=most)


def _local(centre: Centre, frame: pl.DataFrame, instants: Sequence[str]) -> pl.DataFrame:
    return frame.with_columns(
        pl.col(name).dt.replace_time_zone("UTC").dt.convert_time_zone(str(centre.timezone)) for name in instants
    )


def put_aside(centre: Centre) -> pl.DataFrame:
    """Lines in quarantine by `source`, `column_name` and `reason`: how many `lines`, and where the newest begin.

    The lines themselves stay where only the loader's account may read them.
    """
    return centre.named("facts/quarantine_by_reason")
