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
from sql.statements import grain

# a cell that begins like this may be run as a formula by a spreadsheet
FORMULA_START = r"^[\s'\"]*[=+\-@|%\t\r＝＋－＠]"
# a spreadsheet keeps fifteen digits of a number
SPREADSHEET_KEEPS = 10**15
# bookkeeping, and raw lines that only the loader's account may read
NOT_SERVED = frozenset({"quarantine", "stored_measure", "touched_day", "case_version"})
# when a row was exported or withdrawn, which says nothing of when it happened
BOOKKEEPING = ("exported_at", "deleted_seen_at", "published_at")
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
    from xlsxwriter.exceptions import FileCreateError

    options = {"strings_to_formulas": False, "strings_to_urls": False}
    try:
        with xlsxwriter.Workbook(path, options) as workbook:
            workbook.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 (a fixed date, for equal bytes)
            for name, frame in frames.items():
                local = [pl.col(one).dt.replace_time_zone(None) for one, k in frame.schema.items() if _is_instant(k)]
                _with_whole_ids(frame.with_columns(local)).write_excel(workbook, worksheet=name)
    except FileCreateError as error:
        # what the system said, told as it is for every other file
        raise error.args[0] from None


def _with_whole_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """Whole numbers of more digits than a spreadsheet keeps, as text: it would round ids until none is found again."""
    whole = [name for name, kind in frame.schema.items() if kind.is_integer()]
    most = frame.select(pl.col(whole).cast(pl.Int128).abs().max()).row(0, named=True) if whole else {}
    long = [name for name, number in most.items() if (number or 0) >= SPREADSHEET_KEEPS]
    return frame.with_columns(pl.col(long).cast(pl.String))


def _is_instant(kind: pl.DataType) -> bool:
    return isinstance(kind, pl.Datetime)


def export(centre: Centre, table: str, *, during: Period | None, form: str, out: Path | BinaryIO) -> None:
    """A fact as it is served, as csv or parquet; each instant stands in UTC and beside it in the centre's time.

    Raises WrongUse for an unknown table, or for days of one whose rows have none.
    """
    known = served()
    if table not in known:
        raise WrongUse(f"There is no table {table!r}.{nearest(table, known)} fairline export lists all of them.")
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


def served() -> dict[str, str]:
    """The tables that are handed out by name, each with what one row of it is."""
    tables = {name: grain(f"tables/{name}") for name in names("tables") if name not in NOT_SERVED}
    return dict(sorted({**tables, **{name: grain(f"export/{name}") for name in names("export")}}.items()))


def _served(centre: Centre, table: str, during: Period | None) -> pl.DataFrame:
    if table in names("export"):
        first, until = (during.first, during.until) if during else (None, None)
        return centre.named(f"export/{table}", first=first, until=until)
    if during is None:
        frame = centre.table(table)
    else:
        happened = [name for name in centre.warehouse.instants_of(table) if name not in BOOKKEEPING]
        if not happened:
            raise WrongUse(f"The rows of {table} are of no day of their own. Export it whole: leave the period out.")
        frame = centre.warehouse.of_days(table, happened[0], during.first, during.until)
    instants = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
    utc = [pl.col(name).dt.replace_time_zone("UTC") for name in instants]
    local = [one.dt.convert_time_zone(str(centre.timezone)).name.suffix("_local") for one in utc]
    return frame.with_columns(*utc, *local)
