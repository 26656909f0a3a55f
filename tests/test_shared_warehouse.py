"""One warehouse for several machines: its catalogue in Postgres, its files in a folder or in object storage."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

import metrics as m
from dashboards.access import accounts, audit, sessions
from dashboards.access.keys import Keys
from dashboards.desk.store import StoreFailed, open_store, record
from dashboards.live import LiveCentre
from etl.erasure import erase
from etl.load import load
from etl.upkeep import compact
from metrics.build import bring_up_to_date
from sql import LoadRunning, Warehouse, WarehouseUnreachable, WrongUse, loading
from sql.place import ADDRESS, place_of
from tests.conftest import NOW
from tests.etl.bad_inputs import A, B, but, calls
from tests.servers import BUCKET, Postgres, binaries, free_port, object_storage, postgres
from tests.warehouse_digest import digest

ROOT = Path(__file__).parents[1]
EVERYONE = m.Scope.whole_centre()
WEEK = m.Period(date(2026, 11, 1), date(2026, 11, 8))

pytestmark = pytest.mark.skipif(binaries() is None, reason="Postgres is not installed: scripts/system-packages test")


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A Postgres of this module's own."""
    with postgres() as running:
        yield running


@pytest.fixture(scope="module")
def made(server: Postgres, blank_centre: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a catalogue that has its tables and its settings, and no row."""
    address, folder = server.database(), tmp_path_factory.mktemp("made") / "centre"
    shutil.copytree(blank_centre, folder, ignore=shutil.ignore_patterns("warehouse"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ADDRESS, address)
        assert load(folder, [], now=NOW) == []
    return address


@pytest.fixture
def machines(
    server: Postgres, made: str, blank_centre: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Path]:
    """Machines with a centre folder each, of the same secrets, on one shared warehouse; made by their name."""
    address = f"{server.database(made)}?data={tmp_path / 'files'}"
    monkeypatch.setenv(ADDRESS, address)

    def machine(name: str) -> Path:
        ours = shutil.ignore_patterns("warehouse", "landed")
        return Path(shutil.copytree(blank_centre, tmp_path / name, ignore=ours, dirs_exist_ok=True))

    return machine


def export(folder: Path, name: str, *rows: str) -> Path:
    path = folder / "inbox" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(calls(*rows))
    return path


def keys(folder: Path) -> list[str]:
    with m.open_centre(folder) as centre:
        return sorted(centre.table("contact")["source_key"].to_list())


# ---- the same code, the same figures ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_city_on_postgres_and_object_storage_is_the_same_city(
    server: Postgres, city_folder: Path, loaded_city: Path, own_city: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loaded, measured, checked, asked, served behind the lock-down and brought in order there, it tells nothing else."""
    alone = digest(loaded_city)
    with m.open_centre(loaded_city) as centre:
        figures = m.measure(centre, ["service_level", "average_handle_time"], by=["queue"], during=WEEK, scope=EVERYONE)
    shutil.copytree(city_folder / "secrets", own_city / "secrets")
    with object_storage() as variables, monkeypatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        patch.setenv(ADDRESS, f"{server.database()}?data=s3://{BUCKET}/riverbend")
        assert {one.verdict for one in load(own_city, [], now=NOW)} == {"accepted"}
        bring_up_to_date(own_city)
        compact(own_city, now=NOW)
        assert digest(own_city) == alone
        assert not (own_city / "warehouse" / "data").exists()
        live = LiveCentre(own_city)
        served = live.answers(EVERYONE).centre
        there = m.measure(served, ["service_level", "average_handle_time"], by=["queue"], during=WEEK, scope=EVERYONE)
        assert there.equals(figures)
        counted = m.rows(served, "service_level", during=WEEK, scope=EVERYONE)["counted"].sum()
        assert counted == figures.filter(metric="service_level")["numerator"].sum()
        for statement in ("from read_csv('/etc/passwd')", "from 's3://other/file.parquet'"):
            with pytest.raises(Exception, match="disabled by configuration"):
                served.warehouse.execute(statement)
        live.close()


LOADER = """
import sys
from pathlib import Path
from tests.conftest import NOW
from etl.load import load
from etl.upkeep import compact
for path in sys.argv[2:]:
    print(load(Path(sys.argv[1]), [Path(path)], now=NOW, wait=True)[0].verdict, flush=True)
"""
READER = """
import sys, time
from pathlib import Path
from sql import Warehouse
seen = set()
while max(seen, default=0) < 30:
    time.sleep(0.1)
    with Warehouse.open(Path(sys.argv[1]) / "warehouse") as one:
        # three statements in one transaction: all of them of the same snapshot
        with one.transaction():
            calls, legs = one.first("select count(*) from lake.contact"), one.first("select count(*) from lake.leg")
            good = one.first("select coalesce(sum(good), 0) from lake.load_file")
    assert calls == legs == good, (calls, legs, good)
    seen.add(calls)
print(len(seen))
"""


def started(program: str, *arguments: Path | str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_two_loaders_and_three_readers_at_once(machines: Callable[[str], Path]) -> None:
    """Every reading is of one snapshot, whole; of two that load at once one waits, and both arrive."""
    loaders = []
    for name in ("one", "two"):
        folder = machines(name)
        rows = [but(A, call_id=f"{name}{number}") for number in range(15)]
        loaders.append(started(LOADER, folder, export(folder, f"{name}.csv", *rows)))
    readers = [started(READER, machines(name)) for name in ("three", "four", "five")]
    told = [process.communicate(timeout=120)[0].split() for process in (*loaders, *readers)]
    assert told[:2] == [["accepted"]] * 2
    assert [process.returncode for process in readers] == [0, 0, 0]
    assert len(keys(machines("one"))) == 30


# ---- one writer at a time, and what becomes of one that lost its turn -----------------------------------------------


def test_another_machine_is_told_who_loads_or_waits(machines: Callable[[str], Path]) -> None:
    one, two = machines("one"), machines("two")
    path, released = export(two, "calls.csv", A), threading.Event()
    with loading(one / "warehouse"):
        with pytest.raises(LoadRunning, match=r"fairline on .*, process \d+") as caught:
            load(two, [path], now=NOW)
        assert caught.value.exit_code == 75

        def wait() -> None:
            load(two, [path], now=NOW, wait=True)
            released.set()

        waiting = threading.Thread(target=wait)
        waiting.start()
        assert not released.wait(0.5)
    waiting.join(60)
    assert released.is_set()
    assert keys(one) == ["C1"]


def test_a_load_that_lost_its_turn_keeps_nothing(
    machines: Callable[[str], Path], server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The session that held the lock is gone, so that another may have begun."""
    folder = machines("one")
    sessions = "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'"

    def cut(_: str) -> None:
        server.run(sessions, "postgres")

    with monkeypatch.context() as patch:
        patch.setattr("etl.load.fault_point", cut)
        with pytest.raises(LoadRunning, match="was lost"):
            load(folder, [export(folder, "calls.csv", A)], now=NOW)
    assert keys(folder) == []
    assert load(folder, [], now=NOW)[0].verdict == "accepted"


def test_writers_without_a_lock_conflict_and_the_second_may_try_again(machines: Callable[[str], Path]) -> None:
    """The table format itself lets one of two win; what the other wanted is not there in part."""
    folder = machines("one") / "warehouse"
    change = "update lake.centre set name = $name"
    with Warehouse.open(folder, read_only=False) as first, Warehouse.open(folder, read_only=False) as second:

        def overtaken() -> None:
            with second.transaction():
                second.execute(change, {"name": "second"})
                with first.transaction():
                    first.execute(change, {"name": "first"})

        with pytest.raises(LoadRunning, match="was first"):
            overtaken()
        assert second.first("select name from lake.centre") == "first"
        with second.transaction():
            second.execute(change, {"name": "second"})
        assert first.first("select name from lake.centre") == "second"


def test_an_account_that_only_reads_reads_and_cannot_load(
    machines: Callable[[str], Path], server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = machines("one")
    load(folder, [export(folder, "calls.csv", A)], now=NOW)
    address = os.environ[ADDRESS]
    database = address.partition("?")[0].rpartition("/")[2]
    server.run("create role web login", "postgres")
    server.run("grant usage on schema public to web; grant select on all tables in schema public to web", database)
    monkeypatch.setenv(ADDRESS, address.replace("fairline:a-password@", "web@"))
    assert keys(folder) == ["C1"]
    with pytest.raises(WrongUse, match=r"may read .* and not write"):
        load(folder, [], now=NOW)


# ---- no way round it, and nothing left behind -----------------------------------------------------------------------


def test_a_forgotten_caller_is_in_no_file_of_the_shared_warehouse(
    machines: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = machines("one")
    load(folder, [export(folder, "calls.csv", A, B)], now=NOW)
    with m.open_centre(folder) as centre:
        before = centre.table("contact").sort("source_key")
    assert erase(folder, "+13035550101", now=NOW).rows["contact"] == 1
    with m.open_centre(folder) as centre:
        after = centre.table("contact").sort("source_key")
    assert [before["caller_key"][0] == after["caller_key"][0], before["caller_key"][1] == after["caller_key"][1]] == [
        False,
        True,
    ]
    gone = before["caller_key"][0].encode()
    assert [path for path in (tmp_path / "files").rglob("*.parquet") if gone in path.read_bytes()] == []


ADDRESSES = [
    ("sqlite:///warehouse.db", WrongUse, "database of Postgres"),
    ("postgresql://fairline@127.0.0.1", WrongUse, "with its name"),
    ("postgresql://fairline@127.0.0.1/city?data=files", WrongUse, "'files'"),
    ("postgresql://fairline:a-password@127.0.0.1:{closed}/city", WarehouseUnreachable, "does not answer"),
    ("postgresql://fairline:a-password@127.0.0.1:{port}/nowhere", WarehouseUnreachable, "let this account in"),
    ("{empty}", WrongUse, "nothing was loaded there yet"),
]


@pytest.mark.parametrize(("address", "error", "words"), ADDRESSES, ids=[row[0] for row in ADDRESSES])
def test_an_address_that_leads_nowhere(
    server: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str, error: type[Exception], words: str
) -> None:
    told = address.format(closed=free_port(), port=server.port, empty=server.database())
    monkeypatch.setenv(ADDRESS, told)
    with pytest.raises(error, match=words) as caught:
        Warehouse.open(tmp_path / "warehouse")
    assert "a-password" not in str(caught.value)


def test_an_address_may_stand_in_a_file_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "address").write_text("postgresql://fairline:a-password@db:5433/city?data=s3://bucket/city\n")
    monkeypatch.setenv(f"{ADDRESS}_FILE", str(tmp_path / "address"))
    place = place_of(tmp_path)
    assert (place.shown, place.data) == ("postgresql://db:5433/city", "s3://bucket/city")
    assert place.attached == "ducklake:postgres:postgresql://fairline:a-password@db:5433/city?connect_timeout=10"
    assert "a-password" not in repr(place)


# ---- what people enter, and who is signed in ------------------------------------------------------------------------


def test_web_processes_share_sessions_log_and_desk(server: Postgres, tmp_path: Path) -> None:
    """Who signed in at one is known to the other and signed out by it; what both write at once is whole."""
    address, secret = server.database(), Keys(b"a secret of the tests, 0123456789, not of anybody else")
    one, two = open_store(tmp_path, address), open_store(tmp_path, address)
    account = accounts.add(one, "ann", "manager", at=NOW, identity=("issuer", "ann"))
    token = sessions.begin(one, secret, account, at=NOW)
    viewer = sessions.viewer_of(two, secret, token, at=NOW)
    assert viewer is not None
    assert viewer.role == "manager"

    def write(number: int) -> None:
        deed = audit.Deed("ann", "manager", "saw /", about=str(number))
        audit.append((one, two)[number % 2], secret, deed, at=NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(16)))
    assert (audit.verify(one, secret).entries, audit.verify(one, secret).faults) == (16, ())
    accounts.change(one, "ann", at=NOW, why="disabled", is_disabled=True)
    assert sessions.viewer_of(two, secret, token, at=NOW) is None
    one.close()
    two.close()


# ---- while Postgres is away, and when it is back ---------------------------------------------------------------------


def test_what_is_entered_while_the_server_dies_is_not_there_and_all_goes_on_when_it_is_back(
    server: Postgres, tmp_path: Path
) -> None:
    """Killed in the middle of a deed: no half of it stays, who signed in is still signed in, and the log is whole."""
    secret = Keys(b"a secret of the tests, 0123456789, not of anybody else")
    store = open_store(tmp_path, server.database())
    token = sessions.begin(store, secret, accounts.add(store, "ann", "manager", at=NOW), at=NOW)
    deed = audit.Deed("ann", "manager", "saw /")
    audit.append(store, secret, deed, at=NOW)

    def killed() -> None:
        with store.changing() as connection:
            record(connection, who="ann", what="half a deed", subject="one", at=NOW)
            server.kill()
            record(connection, who="ann", what="the other half", subject="one", at=NOW)

    with pytest.raises(StoreFailed, match="does not answer; nothing was changed"):
        killed()
    with pytest.raises(StoreFailed):
        sessions.viewer_of(store, secret, token, at=NOW)
    with pytest.raises(audit.LogFailed):
        audit.append(store, secret, deed, at=NOW)
    server.start()
    # nobody is failed by a connection of before
    assert sessions.viewer_of(store, secret, token, at=NOW) is not None
    assert store.history("one") == []
    audit.append(store, secret, deed, at=NOW)
    assert (audit.verify(store, secret).entries, audit.verify(store, secret).faults) == (2, ())
    store.close()


def test_while_the_catalogue_is_away_pages_show_what_they_have_and_then_what_is_new(
    machines: Callable[[str], Path], server: Postgres
) -> None:
    folder, day = machines("one"), m.Period.day(date(2026, 11, 13))
    load(folder, [export(folder, "one.csv", A, B)], now=NOW)
    bring_up_to_date(folder)
    live = LiveCentre(folder, look_every=0)

    def offered() -> list[float]:
        return m.measure(live.answers(EVERYONE).centre, ["contacts_offered"], during=day, scope=EVERYONE)[
            "value"
        ].to_list()

    assert offered() == [2.0]
    server.kill()
    assert offered() == [2.0]
    with pytest.raises(WarehouseUnreachable):
        m.open_centre(folder)
    with pytest.raises((WarehouseUnreachable, LoadRunning)):
        load(folder, [export(folder, "two.csv", but(A, call_id="C9"))], now=NOW)
    server.start()
    assert offered() == [2.0]
    assert load(folder, [folder / "inbox" / "two.csv"], now=NOW)[0].verdict == "accepted"
    bring_up_to_date(folder)
    assert offered() == [3.0]
    live.close()
