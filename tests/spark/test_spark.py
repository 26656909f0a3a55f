"""Facts to measures on Spark are those of DuckDB: through Spark Connect, on a standalone cluster, and when a worker is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from metrics.build import bring_up_to_date, rebuild
from metrics.centre import Centre
from metrics.period import Period
from metrics.query import day_measures
from metrics.spark import (
    ADDRESS,
    FOLDER,
    RECKONS,
    SparkFailed,
    define_facts,
    define_tables,
    known_macros,
    on_spark,
    write_rows,
)
from metrics.stored import sketch_tables
from sql import Warehouse
from sql.fact_views import fact_folders
from sql.place import ADDRESS as WAREHOUSE
from sql.spark import hand_over, spark_text
from tests.conftest import Offer
from tests.etl.bad_inputs import A, but, calls
from tests.servers import BUCKET, free_port, object_storage, postgres
from tests.spark.cluster import Cluster, cluster, home
from tests.spark.families import families, with_dimensions
from tests.spark.stored import stored
from tests.spark.whole_town import whole_town

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.skipif(home() is None, reason="Spark is not installed: make spark")]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A master, two workers and a Spark Connect server."""
    with cluster(tmp_path_factory.mktemp("cluster")) as one:
        yield one


@pytest.fixture(scope="module")
def session(running: Cluster) -> Iterator[Any]:
    """A session on it that reckons as DuckDB does."""
    from pyspark.sql import SparkSession

    found = SparkSession.builder.remote(running.connect).getOrCreate()
    # so little is computed that to part it, to look at it again in between, and to write and compile Java for each of
    # fifty statements takes longer than it saves; the builds below run as Spark does by itself
    small = {
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }
    for name, value in {**RECKONS, **small}.items():
        found.conf.set(name, value)
    yield found
    found.stop()


# ---- every measure -------------------------------------------------------------------------------------------------


def statements(centre: Centre) -> dict[str, str]:
    """What computes every measure of the catalogue, and every sketch, by fact and interval key."""
    found = {}
    for (name, key), some in families(centre.catalogue).items():
        fact = with_dimensions(centre.catalogue.facts[name])
        text = day_measures(fact, key, some, days=None if fact.shape == "view" else "$days::date[]")
        if fact.shape == "stock":
            text = day_measures(fact, key, some).replace(f'"{name}"([])', f'"{name}"($days::date[])')
        found[f"{name} by {key}"] = text
    return found | {
        f"sketches of {fact} by {key}": one.statement() for (fact, key), one in sketch_tables(centre.catalogue).items()
    }


def assert_same_rows(names: Sequence[str], ours: list[tuple[Any, ...]], theirs: list[tuple[Any, ...]]) -> None:
    """Counts, sums of integers and decimals to the last digit; of binary fractions the order of adding them may show."""
    assert len(ours) == len(theirs)
    for mine, other in zip(sorted(ours, key=repr_of_keys), sorted(theirs, key=repr_of_keys), strict=True):
        for name, left, right in zip(names, mine, other, strict=True):
            is_close = isinstance(left, float) or isinstance(right, float)
            assert right == (pytest.approx(left, rel=1e-12, abs=1e-9) if is_close and left is not None else left), (
                name,
                mine,
            )


def repr_of_keys(row: tuple[Any, ...]) -> str:
    """A row without its binary fractions, which may differ in their last digit."""
    return repr(
        [None if isinstance(value, float) else int(value) if isinstance(value, Decimal) else value for value in row]
    )


def compare(centre: Centre, session: Any, days: Sequence[date], folder: Path) -> dict[str, int]:
    """Hold every measure of a centre on both engines against each other; says how many rows each has."""
    define_tables(session, hand_over(centre.warehouse, folder, in_place=False))
    known = known_macros(centre)
    define_facts(session, known, fact_folders(), unset=centre.unset, kept=folder / "kept")
    texts = statements(centre)
    # one is planned while another is computed
    with ThreadPoolExecutor(2) as pool:
        said = {name: spark_text(text, known, days=days) for name, text in texts.items()}
        list(pool.map(lambda name: write_rows(session, said[name], folder / name), said))
    counted, own = {}, centre.warehouse.connection
    for name, text in texts.items():
        ours = own.execute(text, {"days": list(days)} if "$days" in text else {}).fetchall()
        theirs = own.execute("from read_parquet($files)", {"files": f"{folder / name}/*.parquet"})
        assert_same_rows([column[0] for column in theirs.description or ()], ours, theirs.fetchall())
        counted[name] = len(ours)
    return counted


def test_every_measure_of_a_town_in_which_all_happens(session: Any, tmp_path: Path) -> None:
    days = [date(2026, 3, 5) + timedelta(days=number) for number in range(10)]
    town = whole_town(7)
    counted = compare(town, session, days, tmp_path / "given")
    # nobody came back twice within the days
    assert [name for name, rows in counted.items() if not rows] == ["repeated_contact by arrival"]


# ---- the build -----------------------------------------------------------------------------------------------------


def emptied(loaded_city: Path, folder: Path) -> Path:
    """A copy of the city whose stored measures are gone, so that what is there afterwards was computed."""
    shutil.copytree(loaded_city / "warehouse", folder / "warehouse")
    with Warehouse.open(folder / "warehouse", read_only=False) as warehouse, warehouse.transaction():
        for (name,) in warehouse.connection.execute("select table_name from lake.stored_measure").fetchall():
            warehouse.execute(f"delete from lake.{name}")
    return folder


@pytest.fixture
def calls_alone(offer: Offer, empty_centre: Path) -> Callable[[], Path]:
    """Makes a centre with calls of two days, its measures stored, and later ones that no measure counts yet."""

    def one(number: int, start: str) -> str:
        return but(A, call_id=f"C{start[9]}{number}", start_time=start)

    def made() -> Path:
        first = [one(number, f"2026-11-0{day}T09:0{number}:00-07:00") for number, day in enumerate((2, 2, 3, 3))]
        assert offer("calls.csv", calls(*first)).verdict == "accepted"
        bring_up_to_date(empty_centre)
        later = [one(number, f"2026-11-0{number}T10:00:00-07:00") for number in (3, 4)]
        assert offer("later.csv", calls(*later)).verdict == "accepted"
        return empty_centre

    return made


def test_the_command_drives_a_standalone_cluster_by_itself(running: Cluster, calls_alone: Callable[[], Path]) -> None:
    centre = calls_alone()
    words = ["build", "--centre", str(centre), "--engine", "spark"]
    # a session of Spark Connect in this process says so to every process that it starts
    of_its_own = {name: value for name, value in os.environ.items() if not name.startswith("SPARK_")}
    done = subprocess.run(
        [sys.executable, str(ROOT / "fairline.py"), *words], capture_output=True, text=True, check=False,
        env={**of_its_own, ADDRESS: running.master, **running.variables, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "Built the measures of 3 days.\n"), done.stderr
    by_spark = stored(centre)
    rebuild(centre)
    assert by_spark == stored(centre)
    assert len(by_spark["measures_contact_arrival"]) == 3


def test_one_day_of_a_warehouse_in_object_storage(
    running: Cluster, calls_alone: Callable[[], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Spark does not see is copied to where it does, for as long as the build takes; other days stay as they are."""
    shared = tmp_path / "shared"
    shared.mkdir()
    with postgres() as server, object_storage() as variables:
        address = f"{server.database()}?data=s3://{BUCKET}/calls"
        for name, value in {**variables, WAREHOUSE: address, FOLDER: str(shared)}.items():
            monkeypatch.setenv(name, value)
        centre = calls_alone()
        before = stored(centre)["measures_contact_arrival"]
        the_fourth = Period.day(date(2026, 11, 4))
        rebuild(centre, during=the_fourth, elsewhere=on_spark(running.connect))
        by_spark = stored(centre)
        after = by_spark["measures_contact_arrival"]
        assert [row for row in after if row[0] != the_fourth.first] == before
        assert len(after) == len(before) + 1
        assert not any((shared / "fairline-spark").iterdir())
        rebuild(centre, during=the_fourth)
        assert by_spark == stored(centre)


def test_a_build_whose_worker_is_lost_in_the_middle(running: Cluster, loaded_city: Path, tmp_path: Path) -> None:
    own = emptied(loaded_city, tmp_path / "own")
    with Warehouse.open(own / "warehouse") as warehouse:
        before = warehouse.snapshot()
    told: list[str] = []
    ended_after: list[int] = []

    def lose_a_worker() -> None:
        # a task that writes has begun, and what it reads came from both workers
        while not any((own / "warehouse" / "scratch").glob("*/*/_temporary")):
            time.sleep(0.01)
        running.lose_a_worker()
        ended_after.append(len(told))

    waiting = threading.Thread(target=lose_a_worker, daemon=True)

    def tell(step: str, *_: int) -> None:
        told.append(step)
        if len(told) == 1:
            waiting.start()

    rebuild(own, progress=tell, elsewhere=on_spark(running.connect))
    assert ended_after
    assert ended_after[0] < told.count("computing")
    assert stored(own) == stored(loaded_city)
    with Warehouse.open(own / "warehouse") as warehouse:
        assert warehouse.snapshot() == before + 1
    assert not any((own / "warehouse" / "scratch").iterdir())


# ---- what goes wrong ---------------------------------------------------------------------------------------------------


def test_a_spark_that_is_away_is_named_and_nothing_changes(loaded_city: Path, tmp_path: Path) -> None:
    shutil.copytree(loaded_city / "warehouse", tmp_path / "warehouse")
    with pytest.raises(SparkFailed, match=r"does not answer at sc://127\.0\.0\.1"):
        rebuild(tmp_path, elsewhere=on_spark(f"sc://127.0.0.1:{free_port()}"))
    assert stored(tmp_path) == stored(loaded_city)
