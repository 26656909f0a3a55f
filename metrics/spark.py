"""Facts to measures on Spark, for what one machine does not hold: the same statements, the files of one snapshot.

Spark reads the data files where they stand, so every worker has to see them (and the folder for what goes to and fro)
under the same path. The measures come back as Parquet files, and the warehouse's own engine stores them in one
transaction, as it does with its own.
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
from sql.fact_views import fact_folders, view_text
from sql.macros import CLOCK, RECKONING
from sql.place import OBJECTS, Place
from sql.scratch import own_scratch
from sql.spark import HandedOver, Macro, hand_over, macros, spark_text
from sql.stored_measures import written_rows

ADDRESS = "FAIRLINE_SPARK"
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
        folder = meeting_place(centre.warehouse.place)
        try:
            with _session(where) as spark:
                _compute(spark, centre, jobs, folder, progress)
            yield lambda job: _written(folder, job)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    return elsewhere


def meeting_place(place: Place) -> Path:
    """A folder of this build's own that both engines reach: beside the data."""
    if place.data.startswith(OBJECTS):
        raise WrongUse(
            f"Spark builds measures from files in folders, and those of this warehouse are in {OBJECTS}. Build without "
            "--engine spark, or keep the files on a disk that all machines share."
        )
    return own_scratch(Path(place.data) / "spark" if place.is_shared else place.scratch)


def _compute(spark: Any, centre: Centre, jobs: Sequence[Job], folder: Path, progress: Progress) -> None:
    known = known_macros(centre)
    tables = hand_over(centre.warehouse, folder / "facts")
    doing = "the facts"
    try:
        define_tables(spark, tables)
        define_facts(spark, known, unset=centre.unset)
        for number, job in enumerate(jobs, start=1):
            doing = job.table.name
            if not job.is_emptied and job.days != set():
                days = sorted(job.days or ())
                text = spark_text(job.table.statement("$days::date[]" if days else None), known, days=days)
                spark.sql(text).write.parquet(_address_of(folder / job.table.name))
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
            "workers and this machine have to see the warehouse's files under one path. Nothing was changed."
        ) from None
    return Rows(select)


def known_macros(centre: Centre) -> dict[str, Macro]:
    """The small functions that facts use, with the centre's own values."""
    return macros(centre.reckoning, (*CLOCK, *RECKONING))


def define_tables(spark: Any, tables: Sequence[HandedOver]) -> None:
    """Define the stored tables on a session of Spark's."""
    for table in tables:
        files = [_address_of(Path(file)) for file in table.files]
        columns = [
            f"make_dt_interval(0, 0, 0, `{column}` / 1000000) as `{column}`" if column in table.times else f"`{column}`"
            for column in table.columns
        ]
        columns_of = spark.read.parquet(_address_of(Path(table.pattern))).schema
        spark.read.schema(columns_of).parquet(*files).selectExpr(*columns).createOrReplaceTempView(f"lake_{table.name}")


def define_facts(spark: Any, known: dict[str, Macro], *, unset: Collection[str]) -> None:
    """Define the facts that are views; spans and stocks are written into the statements that select from them."""
    for name, folder in fact_folders().items():
        if folder == "views":
            spark.sql(spark_text(view_text(name, unset), known)).createOrReplaceTempView(name)


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
