"""The power goes: what was brought to the disk is there, the rest is empty or gone, and nothing that counted is lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import metrics as m
from etl.centre import KEY_FILE, caller_secret
from etl.load import load
from metrics.build import bring_up_to_date
from sql import WrongUse
from sql.scratch import BESIDE
from tests.conftest import NOW
from tests.etl.bad_inputs import A, B, calls
from tests.warehouse_digest import digest

ROOT = Path(__file__).parents[1]
EVERYONE = m.Scope.whole_centre()
# the catalogue brings itself to the disk with every commit; a lock and an export that people laid there are not ours
NOT_OURS = ("catalogue.sqlite", "catalogue.sqlite-journal", "loading.lock", "calls.csv")


def offered(folder: Path) -> list[float]:
    with m.open_centre(folder) as centre:
        return figures(centre)


def figures(centre: m.Centre) -> list[float]:
    span = m.data_span(centre)
    assert span is not None
    return m.measure(centre, ["contacts_offered"], during=span, scope=EVERYONE)["value"].to_list()


def test_what_the_catalogue_names_was_brought_to_the_disk_before(
    empty_centre: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file that nobody waited for is emptied, as a file system may leave it; figures and books are as before."""
    (empty_centre / "inbox" / "calls.csv").write_text(calls(A, B))
    shutil.rmtree(empty_centre / "secrets")
    before = {path: path.stat().st_mtime_ns for path in empty_centre.rglob("*") if path.is_file()}
    settled: set[int] = set()
    real = os.fsync

    def noted(descriptor: int) -> None:
        real(descriptor)
        settled.add(os.fstat(descriptor).st_ino)

    monkeypatch.setattr(os, "fsync", noted)
    load(empty_centre, [], now=NOW)
    bring_up_to_date(empty_centre)
    before_it = offered(empty_centre)
    held, key = digest(empty_centre), caller_secret(empty_centre)
    emptied = []
    for path in (one for one in empty_centre.rglob("*") if one.is_file() and one.name not in NOT_OURS):
        if path.stat().st_ino not in settled and before.get(path) != path.stat().st_mtime_ns:
            path.chmod(0o600)
            path.write_bytes(b"")
            emptied.append(path)
    assert emptied == []
    assert [path for path in (empty_centre / "warehouse" / "data").rglob("*.parquet") if path.stat().st_ino in settled]
    assert (digest(empty_centre), caller_secret(empty_centre)) == (held, key)
    with m.open_centre(empty_centre) as centre:
        centre.warehouse.check_files()
    assert offered(empty_centre) == before_it == [2.0]
    assert [one.verdict for one in load(empty_centre, [], now=NOW)] == ["unchanged"]


def test_a_key_that_was_half_made_is_refused_and_never_used(empty_centre: Path) -> None:
    """An empty file was taken for a key: callers were hashed with nothing, which anybody could have done."""
    key = empty_centre / KEY_FILE
    key.parent.mkdir(exist_ok=True)
    for cut in ("", "abc", "00" * 8):
        key.write_text(cut)
        with pytest.raises(WrongUse, match=r"caller\.key holds no key"):
            load(empty_centre, [], now=NOW)


SHARING = """
import sys
from pathlib import Path
import metrics as m
with m.open_centre(Path(sys.argv[1])) as centre:
    m.keep_shared(centre)
"""


@pytest.mark.slow
def test_a_copy_for_all_workers_whose_making_was_killed_is_made_again(empty_centre: Path) -> None:
    (empty_centre / "inbox" / "calls.csv").write_text(calls(A, B))
    load(empty_centre, [], now=NOW)
    bring_up_to_date(empty_centre)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "FAIRLINE_FAULT": "copied 2"}
    killed = subprocess.run(
        [sys.executable, "-c", SHARING, empty_centre], env=environment, stderr=subprocess.DEVNULL, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    beside = empty_centre / "warehouse" / "scratch" / BESIDE
    assert list(beside.glob("*.part"))
    with m.open_centre(empty_centre) as centre:
        m.keep_shared(centre)
        assert not any(table.startswith("own_") for places in centre.at_hand.values() for _, table in places)
        assert figures(centre) == [2.0]
    assert list(beside.glob("*.part")) == []
