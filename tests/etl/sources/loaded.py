"""A centre made of some files: what became of each, and the fact tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

import metrics as m
from etl.ledger import FileResult
from etl.load import load
from tests.conftest import NOW
from tests.etl.sources.blank import new_centre
from tests.in_memory import open_identities

EXPORTED = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Loaded:
    """The folder, the results by file name, and every fact table that the tests look at."""

    folder: Path
    results: Mapping[str, FileResult]
    tables: Mapping[str, pl.DataFrame]

    def __getitem__(self, table: str) -> pl.DataFrame:
        return self.tables[table]

    def layouts(self) -> dict[str, str | None]:
        """File name to layout."""
        return {name: result.layout for name, result in self.results.items()}


def written(folder: Path, files: Mapping[str, str | bytes]) -> list[Path]:
    """The files, written into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return [folder / name for name in files]


def load_files(
    folder: Path,
    paths: Sequence[Path],
    *,
    zone: str = "UTC",
    source: str | None = None,
    may_be_open: frozenset[str] = frozenset(),
) -> Loaded:
    """Load files into a centre, which is made where it is not there yet."""
    if not (folder / "centre.toml").exists():
        new_centre(folder, name="Formats", zone=zone, key="5e")
    results = load(folder, paths, now=NOW, as_of=EXPORTED, source=source)
    with m.open_centre(folder) as centre:
        still_open = [one for one in open_identities(centre) if one[0] not in may_be_open]
        assert still_open == [], still_open
        names = (
            "contact",
            "leg",
            "leg_event",
            "agent_state",
            "interval_stat",
            "contact_case",
            "source_record",
            "agent",
        )
        tables = {name: centre.table(name) for name in names}
    for result in results:
        assert result.verdict != "accepted" or (
            result.good + result.quarantined + result.duplicate + result.blank == result.rows_read
        )
    return Loaded(folder, {result.file: result for result in results}, tables)


def disagreements(legs: pl.DataFrame, *, most_ms: int = 1_000) -> pl.DataFrame:
    """The legs whose durations are not those between their times: wait, talk with hold, work after the call."""
    spans = {
        "wait": pl.col("answered_at") - pl.col("queue_enter_at") - pl.duration(milliseconds="wait_ms"),
        "talk": pl.col("released_at")
        - pl.col("answered_at")
        - pl.duration(milliseconds=pl.col("talk_ms") + pl.col("hold_ms").fill_null(0)),
        "acw": pl.col("acw_end_at") - pl.col("released_at") - pl.duration(milliseconds="acw_ms"),
    }
    off = [span.abs() > timedelta(milliseconds=most_ms) for span in spans.values()]
    return legs.filter(pl.any_horizontal(one.fill_null(value=False) for one in off))


def seconds(frame: pl.DataFrame, column: str) -> list[float | None]:
    """A column of milliseconds in seconds."""
    return [None if value is None else value / 1000 for value in frame[column]]
