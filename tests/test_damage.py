"""Files that break, questions that never end, a disk that takes nothing: told by name, and what can be served is served."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest

import metrics as m
from dashboards.live import LiveCentre
from etl.load import load
from metrics.build import bring_up_to_date
from metrics.health import health
from sql import TooLarge, TooSlow, WarehouseDamaged
from tests.conftest import NOW
from tests.etl.bad_inputs import A, but, calls
from tests.warehouse_digest import digest

ROOT = Path(__file__).parents[1]
EVERYONE = m.Scope.whole_centre()
DAY = m.Period(date(2026, 11, 13), date(2026, 11, 14))


def offer(folder: Path, name: str, count: int = 12) -> None:
    path = folder / "inbox" / f"{name}.csv"
    path.write_text(calls(*(but(A, call_id=f"{name}-{number}", agent_id=f"A{number}") for number in range(count))))
    assert [one.verdict for one in load(folder, [path], now=NOW)] == ["accepted"]


@pytest.fixture(scope="module")
def loaded(blank_centre: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre of two loads, measured after each; tests copy it."""
    folder = Path(shutil.copytree(blank_centre, tmp_path_factory.mktemp("loaded") / "centre"))
    for name in ("first", "second"):
        offer(folder, name)
        bring_up_to_date(folder)
    return folder


@pytest.fixture
def centre(loaded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(loaded, tmp_path / "centre"))


def newest(folder: Path, table: str) -> Path:
    """The data file that a table got last."""
    return max(
        (folder / "warehouse" / "data" / "main" / table).rglob("*.parquet"), key=lambda file: file.stat().st_mtime_ns
    )


def flip(path: Path) -> None:
    """One bit of the rows, far from the end by which a reader finds them."""
    content = bytearray(path.read_bytes())
    content[random.Random(311).randrange(4, len(content) // 4)] ^= 0x10
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def overwrite(path: Path) -> None:
    path.write_bytes(b"x" * 4096)


DAMAGES: list[tuple[str, Callable[[Path], None], str]] = [
    ("one bit", flip, "was changed since it was written"),
    ("cut", cut, "were written"),
    ("emptied", empty, "has 0 bytes"),
    ("gone", Path.unlink, "is gone"),
]


@pytest.mark.parametrize(("damage", "words"), [row[1:] for row in DAMAGES], ids=[row[0] for row in DAMAGES])
def test_a_damaged_file_is_named(centre: Path, damage: Callable[[Path], None], words: str) -> None:
    with m.open_centre(centre) as one:
        one.warehouse.check_files()
    broken = newest(centre, "leg")
    damage(broken)
    with m.open_centre(centre) as one, pytest.raises(WarehouseDamaged, match=words) as caught:
        health(one)
    assert broken.name in str(caught.value)


def test_a_reader_is_told_which_file_cannot_be_read(centre: Path) -> None:
    broken = newest(centre, "leg")
    cut(broken)
    with m.open_centre(centre) as one, pytest.raises(WarehouseDamaged, match=broken.name) as caught:
        one.table("leg")
    assert str(centre) not in str(caught.value)


def test_the_last_good_snapshot_is_served(centre: Path) -> None:
    """By a server that starts anew too; as soon as the file is back, so is the newest."""
    with m.open_centre(centre) as one:
        last = one.snapshot
    broken = newest(centre, "measures_visit_arrival")
    whole = broken.read_bytes()
    cut(broken)
    live = LiveCentre(centre)
    shown = live.answers(EVERYONE).centre
    assert shown.snapshot < last
    assert m.measure(shown, ["contacts_offered"], during=DAY, scope=EVERYONE)["value"].to_list() == [24.0]
    broken.write_bytes(whole)
    live.close()
    again = LiveCentre(centre)
    assert again.answers(EVERYONE).centre.snapshot == last
    again.close()


CATALOGUES: list[tuple[str, Callable[[Path], None]]] = [
    ("no longer a catalogue", overwrite),
    ("cut", cut),
]


@pytest.mark.parametrize("damage", [row[1] for row in CATALOGUES], ids=[row[0] for row in CATALOGUES])
def test_a_damaged_catalogue_is_named_and_the_page_goes_on(centre: Path, damage: Callable[[Path], None]) -> None:
    live = LiveCentre(centre)
    before = live.answers(EVERYONE).centre.snapshot
    damage(centre / "warehouse" / "catalogue.sqlite")
    with pytest.raises(WarehouseDamaged, match="catalogue"):
        health(m.open_centre(centre))
    assert live.answers(EVERYONE).centre.snapshot == before
    live.close()


# ---- questions that take too much ------------------------------------------------------------------------------------

ENDLESS = "select count(*) as n from range(100000000) as one (a), range(100000) as two (b) where hash(a, b) = 1"
HUGE = "select list(repeat('x', 1000000) || a) as n from range(2000) as one (a)"


def test_a_question_that_takes_too_much_ends_and_the_next_is_answered(centre: Path) -> None:
    live = LiveCentre(centre)
    served = live.answers(EVERYONE).centre
    served.warehouse.limit_seconds = 0.2
    with pytest.raises(TooSlow, match=r"longer than 0\.2 seconds.*fewer days"):
        served.warehouse.frame(ENDLESS)
    assert m.measure(served, ["contacts_offered"], during=DAY, scope=EVERYONE)["value"].to_list() == [24.0]
    live.close()


def test_a_worker_has_one_processor_a_question_and_bounded_memory(centre: Path) -> None:
    live = LiveCentre(centre)
    served = live.answers(EVERYONE).centre.warehouse
    asked = "select name, value from duckdb_settings() where name in ('threads', 'memory_limit') order by name"
    assert dict(served.frame(asked).iter_rows()) == {"memory_limit": "572.2 MiB", "threads": "1"}
    with pytest.raises(TooLarge, match="more memory"):
        served.frame(HUGE)
    assert served.first("select count(*) from lake.leg") == 24
    live.close()


# ---- a hundred readers, a disk that takes nothing, a restored archive ------------------------------------------------


LOADER = """
import sys
from pathlib import Path
from tests.test_damage import offer
from metrics.build import bring_up_to_date
offer(Path(sys.argv[1]), "third")
bring_up_to_date(Path(sys.argv[1]))
"""


@pytest.mark.slow
def test_a_hundred_readers_during_loads_see_whole_snapshots_only(centre: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks while another process loads gets the figure of one snapshot, and its rows add up to it."""
    # on a slow machine a hundred at once may take long, which is not what is asked here
    monkeypatch.setattr("dashboards.live.LIMIT_SECONDS", 0.0)
    live, done = LiveCentre(centre), threading.Event()
    seen: set[tuple[int, float, float]] = set()

    def read(number: int) -> None:
        while not done.wait(2):
            one = live.answers(EVERYONE).centre
            figures = m.measure(one, ["contacts_offered", "contacts_answered"], during=DAY, scope=EVERYONE)
            offered, answered = figures["numerator"]
            seen.add((one.snapshot, offered, answered))
            if number == 0:
                rows = m.rows(one, "contacts_offered", during=DAY, scope=EVERYONE)
                seen.add((one.snapshot, float(rows["counted"].sum()), answered))

    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with ThreadPoolExecutor(100) as readers:
        asking = readers.map(read, range(100))
        try:
            subprocess.run([sys.executable, "-c", LOADER, centre], env=environment, check=True, timeout=120)
        finally:
            done.set()
        assert list(asking) == [None] * 100
    live.close()
    assert {offered for _, offered, _ in seen} <= {24.0, 36.0}
    assert all(offered == answered for _, offered, answered in seen)
    assert len({snapshot for snapshot, *_ in seen}) == len(seen), "one snapshot told two figures"


def command(folder: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "fairline", *arguments, "--centre", str(folder)]


@pytest.mark.slow
def test_on_a_disk_that_takes_nothing_figures_are_read_and_a_load_says_so(centre: Path) -> None:
    mounting = "mount --bind {0} {0} && mount -o remount,ro,bind {0} && exec "
    asked = command(centre, "query", "contacts_offered", "--from", "2026-11-13", "--to", "2026-11-14")
    results = []
    for arguments in (asked, command(centre, "load", str(centre / "inbox" / "first.csv"))):
        shell = mounting.format(centre) + " ".join(arguments)
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", shell],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if "unshare" in done.stderr or "mount" in done.stderr:
            pytest.skip("this user may not mount")
        results.append(done)
    read, written = results
    assert (read.returncode, "24" in read.stdout) == (0, True), read.stderr
    assert written.returncode == 1
    assert "Read-only file system" in written.stderr
    assert "Traceback" not in written.stderr


def test_an_archive_put_back_elsewhere_is_the_same_warehouse(centre: Path, tmp_path: Path) -> None:
    archive, elsewhere = tmp_path / "centre.tar", tmp_path / "elsewhere"
    elsewhere.mkdir()
    subprocess.run(["tar", "--create", "--file", archive, "-C", centre.parent, "centre"], check=True)
    before = digest(centre)
    shutil.rmtree(centre)
    subprocess.run(["tar", "--extract", "--file", archive, "-C", elsewhere], check=True)
    restored = elsewhere / "centre"
    assert digest(restored) == before
    with m.open_centre(restored) as one:
        one.warehouse.check_files()


def test_a_clock_set_back_turns_nothing_round(centre: Path) -> None:
    """The order of loads and snapshots is theirs, whatever the clock said."""
    path = centre / "inbox" / "yesterday.csv"
    path.write_text(calls(but(A, call_id="late")))
    with m.open_centre(centre) as one:
        before = one.snapshot
    load(centre, [path], now=NOW - timedelta(days=4000))
    with m.open_centre(centre) as one:
        assert one.snapshot > before
        ledger = one.table("load_file").sort("load_id")
        assert ledger["file_name"].to_list()[-1] == "yesterday.csv"
        assert one.table("contact").height == 25
