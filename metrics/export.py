"""Frames as files that other programs read: csv that no spreadsheet executes, JSON, workbooks, and facts as served."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

import polars as pl

from metrics.centre import Centre
from metrics.period import Period
from metrics.terminal import plain_table
from sql import WrongUse, names, nearest

# a cell that begins like this may be run as a formula by a spreadsheet
FORMULA_START = r"^[\s'\"]*[=+\-@|%\t\r＝＋－＠]"
# bookkeeping, and raw lines that only the loader's account may read
NOT_SERVED = frozenset({"quarantine", "stored_measure", "touched_day", "case_version"})
NUMBER = r"^\s*[+-]?[0-9]+([.,][0-9]+)?\s*$"


def guarded(frame: pl.DataFrame) -> pl.DataFrame:
    """Text cells that a spreadsheet could take for a formula, with an apostrophe before them."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    return frame.with_columns(
        pl.when(pl.col(name).str.contains(FORMULA_START) & ~pl.col(name).str.contains(NUMBER))
        .then(pl.concat_str([pl.lit("'"), pl.col(name)]))
        .otherwise(pl.col(name))
        .alias(name)
        for name in texts
    )


def frame_text(frame: pl.DataFrame, form: str, width: int | None = None) -> str:
    """A frame as csv, json or a plain table; times in ISO 8601 with their offset, in a table as people write them.

    A table keeps to the `width` of a terminal where one is given, see `metrics.terminal`.
    """
    instants = [name for name, kind in frame.schema.items() if _is_instant(kind)]
    plain = frame.with_columns(pl.col(name).dt.to_string("iso:strict") for name in instants)
    if form == "csv":
        return guarded(plain).write_csv()
    if form == "json":
        return json.dumps(plain.to_dicts(), indent=2, ensure_ascii=False, default=str) + "\n"
    written = (pl.col(name).str.replace("T", " ", literal=True).str.replace(r"\.0+\b", "") for name in instants)
    return plain_table(plain.with_columns(written), width)


def write_workbook(frame: pl.DataFrame, path: Path) -> None:
    """A frame as xlsx without formulas or links; the same frame gives the same bytes."""
    write_sheets({"Sheet1": frame}, path)


def write_sheets(frames: Mapping[str, pl.DataFrame], path: Path) -> None:
    """Frames as sheets of one xlsx, by their names."""
    from datetime import datetime

    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as workbook:
        workbook.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 (a fixed date, for equal bytes)
        for name, frame in frames.items():
            local = [pl.col(one).dt.replace_time_zone(None) for one, k in frame.schema.items() if _is_instant(k)]
            frame.with_columns(local).write_excel(workbook, worksheet=name)


def _is_instant(kind: pl.DataType) -> bool:
    return isinstance(kind, pl.Datetime)


def export(centre: Centre, table: str, *, during: Period | None, form: str, out: Path | BinaryIO) -> None:
    """A fact as it is served, as csv or parquet; each instant stands in UTC and beside it in the centre's time.

    Raises WrongUse for an unknown table or format.
    """
    known = sorted({*names("export"), *names("tables")} - NOT_SERVED)
    if table not in known:
        raise WrongUse(f"There is no table {table!r}.{nearest(table, known)} Known are: {', '.join(known)}.")
    if form not in ("csv", "parquet"):
        raise WrongUse(f"{form!r} is not a format for export. Choose csv or parquet.")
    frame = _served(centre, table, during)
    target: BinaryIO = out.open("wb") if isinstance(out, Path) else out
    buffer = io.BytesIO()
    if form == "parquet":
        frame.write_parquet(buffer)
    else:
        buffer.write(frame_text(frame, "csv").encode())
    target.write(buffer.getvalue())
    if isinstance(out, Path):
        target.close()


def _served(centre: Centre, table: str, during: Period | None) -> pl.DataFrame:
    first, until = (during.first, during.until) if during else (None, None)
    if table in names("export"):
        return centre.named(f"export/{table}", first=first, until=until)
    frame = centre.table(table)
    instants = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
    local = [
        pl.col(name).dt.replace_time_zone("UTC").dt.convert_time_zone(str(centre.timezone)).alias(f"{name}_local")
        for name in instants
    ]
    if during is not None and instants:
        day = pl.col(instants[0]).dt.replace_time_zone("UTC").dt.convert_time_zone(str(centre.timezone)).dt.date()
        frame = frame.filter(day.is_between(during.first, during.last))
    return frame.with_columns(local)
