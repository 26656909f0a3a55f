"""What goes wrong around a load costs no more than it must: one file, a wait, or nothing at all."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

import metrics as m
from etl import isolation
from etl.load import load
from etl.watching import arrivals
from metrics.build import bring_up_to_date
from sql import FileRejected, LoadRunning, loading
from tests.conftest import NOW, Offer
from tests.etl.bad_inputs import A, B, but, calls, packed
from tests.warehouse_digest import digest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def fresh_readers() -> Iterator[None]:
    """Readers that know the environment of the test, and are gone after it."""
    isolation.end()
    yield
    isolation.end()


READERS = [("crash", "reader_failed", "broke off"), ("hang", "too_much_time", "2 seconds")]


@pytest.mark.usefixtures("fresh_readers")
@pytest.mark.parametrize(("fault", "reason", "words"), READERS, ids=[row[0] for row in READERS])
def test_a_reader_that_does_not_come_back_costs_one_file(
    empty_centre: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    reason: str,
    words: str,
) -> None:
    monkeypatch.setenv("FAIRLINE_FAULT", f"{fault} bad.csv")
    monkeypatch.setenv("FAIRLINE_READER_SECONDS", "2")
    for name, row in (("good.csv", A), ("bad.csv", B)):
        (tmp_path / name).write_text(calls(row))
    results = load(empty_centre, [tmp_path / "good.csv", tmp_path / "bad.csv"], now=NOW)
    assert [(one.verdict, one.reasons) for one in results] == [("accepted", {}), ("rejected", {reason: 1})]
    assert words in results[1].message
    with m.open_centre(empty_centre) as centre:
        assert centre.table("contact")["source_key"].to_list() == ["C1"]


@pytest.mark.usefixtures("fresh_readers")
def test_a_reader_may_use_so_much_memory_and_no_more(tmp_path: Path) -> None:
    content = tmp_path / "big.json"
    content.write_text("[" + ",".join(['{"unique_key": "1"}'] * 2_000_000) + "]")
    job: dict[str, object] = {
        "job": "open", "folder": str(tmp_path), "original": str(content), "sha256": "0", "scratch": str(tmp_path),
        "name": "big.json", "wanted": None, "loaded": [],
    }  # fmt: skip
    with pytest.raises(FileRejected, match="of memory") as caught:
        isolation.ask(job, limits=isolation.Limits(memory=200 << 20, seconds=300))
    assert caught.value.reason == "too_much_memory"


def test_each_file_of_an_archive_is_a_file(empty_centre: Path, tmp_path: Path) -> None:
    from tests.etl.bad_inputs import zipped

    archive = tmp_path / "week.zip"
    archive.write_bytes(
        zipped({"mon.csv": calls(A), "notes.txt": "hello\n", "sub/tue.csv": calls(B), "mon.csv.gz": b"x"})
    )
    results = load(empty_centre, [archive], now=NOW)
    assert [(one.file, one.verdict, one.good) for one in results] == [
        ("week.zip/mon.csv", "accepted", 1),
        ("week.zip/notes.txt", "rejected", 0),
        ("week.zip/sub/tue.csv", "accepted", 1),
        ("week.zip/mon.csv.gz", "rejected", 0),
    ]
    again = load(empty_centre, [archive], now=NOW)
    assert [one.verdict for one in again] == ["unchanged", "rejected", "unchanged", "rejected"]


def test_kept_copies_are_their_owners_alone(offer: Offer, empty_centre: Path) -> None:
    offer("calls.csv", calls(A))
    landed = empty_centre / "landed"
    assert stat.S_IMODE(landed.stat().st_mode) == 0o700
    assert [stat.S_IMODE(copy.stat().st_mode) for copy in landed.iterdir()] == [0o400]
    assert list((empty_centre / "warehouse" / "scratch").rglob("*")) == []


# ---- killed ---------------------------------------------------------------------------------------------------------

LOADED_AND_BUILT = """
import sys
from pathlib import Path
from etl.load import load
from metrics.build import bring_up_to_date
from tests.conftest import NOW
load(Path(sys.argv[1]), [], now=NOW)
bring_up_to_date(Path(sys.argv[1]))
"""
STEPS = ("landed", "staged", "merged", "committed", "tables_made", "measured")


def told(folder: Path) -> tuple[object, ...]:
    """The facts, the ledger and the stored measures of a warehouse."""
    with m.open_centre(folder) as centre:
        ledger = centre.table("load_file").select("file_name", "verdict", "good").sort("file_name")
        measures = centre.table("measures_visit_arrival").sort("day", "agent").to_dict(as_series=False)
        return digest(folder), ledger.rows(), measures


@pytest.mark.slow
def test_killed_at_every_step_and_run_again_it_is_as_if_never_killed(empty_centre: Path, tmp_path: Path) -> None:
    """Of load, publication and build, one after the other; what is there in between is whole."""
    (empty_centre / "inbox" / "a.csv").write_text(calls(A, B))
    (empty_centre / "inbox" / "b.csv").write_text(calls(but(A, call_id="C7"), but(A, call_id="C8", agent_id="A7")))
    undisturbed = Path(shutil.copytree(empty_centre, tmp_path / "undisturbed"))
    known = []
    for step in STEPS:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "FAIRLINE_FAULT": step}
        killed = [sys.executable, "-c", LOADED_AND_BUILT, str(empty_centre)]
        done = subprocess.run(killed, env=environment, stderr=subprocess.DEVNULL, check=False)
        assert (step, done.returncode) == (step, -signal.SIGKILL)
        with m.open_centre(empty_centre) as centre:
            one = centre.warehouse
            known.append(one.first("select count(*) from lake.contact"))
            assert known[-1] == one.first("select count(*) from lake.leg")
            assert known[-1] == one.first("select coalesce(sum(good), 0) from lake.load_file")
    assert known == [0, 0, 0, 4, 4, 4]
    for folder in (empty_centre, undisturbed):
        load(folder, [], now=NOW)
        bring_up_to_date(folder)
    assert told(empty_centre) == told(undisturbed)


# ---- two at once, asked to stop, no room ---------------------------------------------------------------------------


def test_a_second_load_is_told_or_waits(empty_centre: Path, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(calls(A))
    released = threading.Event()

    def hold() -> None:
        with loading(empty_centre / "warehouse"):
            held.set()
            released.wait(60)

    held = threading.Event()
    other = threading.Thread(target=hold)
    other.start()
    held.wait(60)
    with pytest.raises(LoadRunning, match="--wait") as caught:
        load(empty_centre, [path], now=NOW)
    assert caught.value.exit_code == 75
    threading.Timer(0.3, released.set).start()
    assert load(empty_centre, [path], now=NOW, wait=True)[0].verdict == "accepted"
    other.join()


def command(centre: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "fairline", "load", "--centre", str(centre), *arguments]


@pytest.mark.slow
@pytest.mark.usefixtures("fresh_readers")
def test_a_load_that_is_asked_to_stop_rolls_back_and_frees_the_lock(empty_centre: Path, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(calls(A))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "FAIRLINE_FAULT": "hang calls.csv"}
    process = subprocess.Popen(command(empty_centre, str(path)), env=environment, stderr=subprocess.PIPE, text=True)
    lock = empty_centre / "warehouse" / "loading.lock"
    deadline = time.monotonic() + 60
    while lock.read_text().strip() != str(process.pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    told = process.communicate(timeout=60)[1]
    assert process.returncode == 143
    assert "rolled back" in told
    assert "Traceback" not in told
    assert load(empty_centre, [path], now=NOW)[0].verdict == "accepted"


@pytest.mark.slow
def test_a_full_disk_changes_nothing_and_says_what_is_needed(empty_centre: Path, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(calls(*[but(A, call_id=f"C{number}") for number in range(3_000)]))
    with m.open_centre(empty_centre) as centre:
        before = centre.snapshot
    small = 100_000
    assert path.stat().st_size > small
    failed = subprocess.run(
        command(empty_centre, str(path)),
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (small, small)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert failed.returncode == 1
    assert str(empty_centre) in failed.stderr
    assert f"{path.stat().st_size:,} bytes" in failed.stderr
    with m.open_centre(empty_centre) as centre:
        assert centre.snapshot == before
    assert load(empty_centre, [path], now=NOW)[0].good == 3_000


@pytest.mark.slow
def test_on_a_full_disk_a_build_changes_nothing_and_says_so(empty_centre: Path, tmp_path: Path) -> None:
    """A small disk of its own, filled to the last byte: figures are still read, from the facts."""
    (empty_centre / "inbox" / "calls.csv").write_text(calls(A, B))
    load(empty_centre, [], now=NOW)
    disk = tmp_path / "disk"
    disk.mkdir()
    run = f"{sys.executable} -m fairline {{}} --centre {disk}/centre"
    asked = run.format("query contacts_offered --from 2026-11-13 --to 2026-11-14")
    script = (
        f"mount -t tmpfs -o size=12m tmpfs {disk} && cp -a {empty_centre} {disk} && echo mounted && "
        f"{{ cat /dev/zero > {disk}/fill 2>/dev/null; {run.format('build')}; echo exit $?; {asked}; }}"
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "mounted" not in done.stdout:
        pytest.skip("this user may not mount")
    assert f"The disk of {disk}/centre is full" in done.stderr
    assert "Nothing was changed" in done.stderr
    assert "exit 1" in done.stdout
    assert "2" in done.stdout.partition("exit 1")[2]


# ---- the inbox -----------------------------------------------------------------------------------------------------


def test_a_growing_file_is_offered_when_it_rests(tmp_path: Path) -> None:
    """Line 22 of the catalogue: what still grows is left alone, and comes whole."""
    inbox, stop = tmp_path / "inbox", threading.Event()
    inbox.mkdir()
    path = inbox / "calls.csv"

    def write() -> None:
        with path.open("w") as file:
            for line in calls(A, B).splitlines(keepends=True):
                file.write(line)
                file.flush()
                time.sleep(0.4)
        time.sleep(1.5)
        (inbox / "more.csv").write_text(calls(A))

    writer = threading.Thread(target=write)
    writer.start()
    offered = []
    for ready in arrivals(inbox, every=0.2, quiet=0.9, stop=stop):
        offered.append([(one.name, one.read_text()) for one in ready])
        if len(offered) == 2:
            stop.set()
    writer.join()
    assert offered == [[("calls.csv", calls(A, B))], [("more.csv", calls(A))]]


def test_what_the_desk_lays_into_the_inbox_arrives_once(tmp_path: Path) -> None:
    inbox, stop, laid = tmp_path / "inbox", threading.Event(), []

    def lay() -> None:
        laid.append((inbox / "desk.csv").write_text(calls(A)))
        threading.Timer(1.5, stop.set).start()

    offered = [[one.name for one in ready] for ready in arrivals(inbox, every=0.1, quiet=0.3, stop=stop, lay=lay)]
    assert (offered, len(laid)) == ([["desk.csv"]], 1)


def test_a_file_that_changes_while_it_is_read_is_refused(
    empty_centre: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "calls.csv"
    path.write_text(calls(A))
    real = os.fsync

    def grow(descriptor: int) -> None:
        real(descriptor)
        with path.open("a") as file:
            file.write(B + "\n")

    monkeypatch.setattr("etl.landing.os.fsync", grow)
    assert load(empty_centre, [path], now=NOW)[0].reasons == {"still_being_written": 1}


def test_a_newest_export_wins_by_its_own_clock_and_not_by_the_loaders(empty_centre: Path, tmp_path: Path) -> None:
    """The file's own time orders exports, not when they were loaded."""
    for name, row, modified in (("new", but(A, wrap_seconds="45"), 1_763_000_000), ("old", A, 1_762_900_000)):
        path = tmp_path / f"{name}.csv.gz"
        path.write_bytes(packed(calls(but(row, start_time="2025-11-10T08:30:00-07:00"))))
        os.utime(path, (modified, modified))
        load(empty_centre, [path], now=datetime.fromisoformat("2026-11-24T00:00:00+00:00"))
    with m.open_centre(empty_centre) as centre:
        assert centre.table("leg")["acw_ms"].to_list() == [45_000]
