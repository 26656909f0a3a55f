"""Facts to measures on Spark, for what one machine does not hold: the same statements, the files of one snapshot.

Spark reads the data files where they stand, so every worker has to see them (and the folder for what goes to and fro)
under the same path. Files that it cannot see, as those in object storage, the warehouse's own engine copies into a
folder that it can, for as long as the build takes. The measures come back as Parquet files, and that engine stores them
in one transaction, as it does with its own.
"""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from metrics.build import Elsewhere, Job, Progress, Rows, RowsOf
from metrics.centre import Centre
from sql import FairlineError, WrongUse, nearest
from sql.fact_views import fact_folders, facts_beneath, shared_facts, view_text
from sql.macros import CLOCK, RECKONING
from sql.place import OBJECTS, Place
from sql.scratch import own_scratch
from sql.spark import HandedOver, Macro, hand_over, macros, spark_text
from sql.stored_measures import written_rows

ADDRESS, FOLDER = "FAIRLINE_SPARK", "FAIRLINE_SPARK_FOLDER"
ENGINES = ("duckdb", "spark")
CONNECT = "sc://"
SCHEMES = (CONNECT, "spark://", "local")
PORTS = {"sc": 15002, "spark": 7077}
# what makes Spark reckon as DuckDB does: instants without a zone, in UTC, and an error where a number does not fit
RECKONS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
}
# the types of stored columns in Spark's words
TYPES = {
    "varchar": "string", "timestamp": "timestamp_ntz", "bigint": "bigint", "integer": "int", "double": "double",
    "boolean": "boolean", "date": "date", "time": "bigint",
}  # fmt: skip
# where Fairline itself drives the cluster: nothing but what Fairline says is to be seen on the terminal
OWN_DRIVER = {"spark.app.name": "fairline", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}


class SparkFailed(FairlineError):
    """Spark did not do what it was asked; the warehouse is as it was."""


def engine_called(name: str, address: str | None) -> Elsewhere | None:
    """What computes measures, by the name of the engine; none for the warehouse's own.

    Raises WrongUse for another name, for an address without a Spark, and as `on_spark` does.
    """
    if name not in ENGINES:
        raise WrongUse(f"There is no engine {name!r}. --engine takes {' or '.join(ENGINES)}.{nearest(name, ENGINES)}")
    if name == "spark":
        return on_spark(address)
    if address is not None:
        raise WrongUse(f"--spark {address} says which Spark is to compute, and --engine {name} that none is.")
    return None


def on_spark(address: str | None) -> Elsewhere:
    """What computes measures on a Spark: sc://HOST:15002 (Spark Connect), spark://HOST:7077 or local[*].

    Raises WrongUse where that is no address, or where Fairline was installed without Spark.
    """
    where = address or os.environ.get(ADDRESS, "")
    if not where.startswith(SCHEMES):
        raise WrongUse(
            f"{where!r} is no Spark. Say which one: --spark sc://HOST:15002 (Spark Connect), --spark spark://HOST:7077 "
            f"(a standalone cluster) or --spark 'local[*]' (this machine); the variable {ADDRESS} says it too."
        )

    @contextmanager
    def elsewhere(centre: Centre, jobs: Sequence[Job], progress: Progress) -> Iterator[RowsOf]:
        folder, copied = meeting_place(centre.warehouse.place, where)
        try:
            with _session(where) as spark:
                tables = hand_over(centre.warehouse, folder / "facts", in_place=not copied)
                _compute(spark, tables, centre, jobs, folder, progress)
            yield lambda job: _written(folder, job)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    return elsewhere


def meeting_place(place: Place, address: str) -> tuple[Path, bool]:
    """A folder of this build's own that both engines reach, and whether the data has to be copied into it.

    Beside the data; or below what FAIRLINE_SPARK_FOLDER names, for a Spark that does not see the data. Raises WrongUse
    where that is no folder, or where it is needed and not told.
    """
    told = os.environ.get(FOLDER)
    if told:
        if not (Path(told).is_absolute() and Path(told).is_dir()):
            raise WrongUse(f"{FOLDER} says {told!r}; a folder that is there is expected, with its whole path.")
        return own_scratch(Path(told) / "fairline-spark"), True
    if not place.data.startswith(OBJECTS):
        return own_scratch(Path(place.data) / "spark" if place.is_shared else place.scratch), False
    if address.startswith("local"):
        return own_scratch(place.scratch), True
    raise WrongUse(
        f"The files of this warehouse are in {OBJECTS}, where Spark reads none. Name in the variable {FOLDER} a "
        "folder that this machine and all of Spark's see under one path: for the time of the build it takes a copy."
    )


def _compute(
    spark: Any, tables: Sequence[HandedOver], centre: Centre, jobs: Sequence[Job], folder: Path, progress: Progress
) -> None:
    known = known_macros(centre)
    doing = "the facts"
    try:
        define_tables(spark, tables)
        wanted = {job.table.fact.name for job in jobs if not job.is_emptied and job.days != set()}
        # of a few days Spark reads only what these need; of all days each fact would be worked out time and again
        kept = folder / "kept" if any(job.days is None for job in jobs) else None
        define_facts(spark, known, wanted, unset=centre.unset, kept=kept)
        for number, job in enumerate(jobs, start=1):
            doing = job.table.name
            if not job.is_emptied and job.days != set():
                days = sorted(job.days or ())
                text = spark_text(job.table.statement("$days::date[]" if days else None), known, days=days)
                write_rows(spark, text, folder / job.table.name)
            progress("computing", number, len(jobs))
    except Exception as error:
        # its kind alone: its text may hold what stands in a row
        raise SparkFailed(
            f"Spark stopped while it computed {doing} ({_condition(error)}). Nothing was changed. Its log says more."
        ) from None


def _written(folder: Path, job: Job) -> Rows:
    try:
        select = written_rows(folder / job.table.name, some_days=job.days is not None)
    except FileNotFoundError:
        raise SparkFailed(
            f"Spark says that it wrote {job.table.name}, and this machine does not see it in {folder.parent}. All "
            f"workers and this machine have to see that folder under one path; {FOLDER} may name another one. Nothing "
            "was changed."
        ) from None
    return Rows(select)


def known_macros(centre: Centre) -> dict[str, Macro]:
    """The small functions that facts use, with the centre's own values."""
    return macros(centre.reckoning, (*CLOCK, *RECKONING))


def define_tables(spark: Any, tables: Sequence[HandedOver]) -> None:
    """Define the stored tables on a session of Spark's, which need not look into a file to know its columns."""
    for table in tables:
        kinds = ", ".join(f"`{column}` {TYPES[kind]}" for column, kind in table.columns.items())
        columns = [
            f"make_dt_interval(0, 0, 0, `{column}` / 1000000) as `{column}`" if column in table.times else f"`{column}`"
            for column in table.columns
        ]
        files = [_address_of(Path(file)) for file in table.files]
        spark.read.schema(kinds).parquet(*files).selectExpr(*columns).createOrReplaceTempView(f"lake_{table.name}")


def define_facts(
    spark: Any,
    known: dict[str, Macro],
    wanted: Collection[str],
    *,
    unset: Collection[str],
    kept: Path | None = None,
) -> None:
    """Define some facts and what they build on; those that others share are worked out once, where a folder is given.

    Planned and worked out anew in every statement, they would take most of its time. Facts that are no views are
    written into the statements that select from them.
    """
    needed = frozenset().union(*(facts_beneath(name) for name in wanted))
    for name, folder in fact_folders().items():
        if folder != "views" or name not in needed:
            continue
        text = spark_text(view_text(name, unset), known)
        if kept is not None and name in shared_facts():
            write_rows(spark, text, kept / name)
            rows = spark.read.parquet(_address_of(kept / name))
        else:
            rows = spark.sql(text)
        rows.createOrReplaceTempView(name)


def write_rows(spark: Any, text: str, folder: Path) -> None:
    """Write what a statement selects as Parquet files; in one statement, since Spark would analyse each of two anew."""
    quoted = _address_of(folder).replace("\\", "\\\\").replace("'", "\\'")
    spark.sql(f"insert overwrite directory '{quoted}' using parquet {text}")


def _address_of(path: Path) -> str:
    """A path as Spark takes it: it would read the signs of a percent-encoded address as they stand."""
    return f"file://{path}"


@contextmanager
def _session(address: str) -> Iterator[Any]:
    """A session that reckons as the warehouse's engine does, for as long as it is needed."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise WrongUse(
            "Spark is not among what is installed here. Install Fairline with it (pip install 'fairline[spark]'), or "
            "build without --engine spark."
        ) from None
    builder: Any = SparkSession.builder
    if address.startswith(CONNECT):
        builder = builder.remote(address)
    else:
        for name, value in OWN_DRIVER.items():
            builder = builder.config(name, value)
        builder = builder.master(address)
    try:
        _knock(address)
        session = builder.getOrCreate()
        for name, value in RECKONS.items():
            session.conf.set(name, value)
    except Exception as error:
        raise SparkFailed(
            f"Spark does not answer at {address} ({_condition(error)}). Nothing was changed. Start it, or build "
            "without --engine spark."
        ) from None
    try:
        yield session
    finally:
        session.stop()


def _knock(address: str) -> None:
    """Raise OSError where nobody listens at an address: Spark's own client would ask again for ten minutes."""
    parts = urlsplit(address)
    if parts.hostname:
        socket.create_connection((parts.hostname, parts.port or PORTS[parts.scheme]), timeout=10).close()


def _condition(error: Exception) -> str:
    named = getattr(error, "getCondition", None)
    return str((named() if named else None) or type(error).__name__)
