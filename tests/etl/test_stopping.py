"""A load ends when it is asked to, even within a long statement; watching ends the same way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest

from etl.stopping import stoppable
from sql import Stopped
from tests.etl.bad_inputs import A, calls

OUT_OF_REACH = "postgresql://nobody@127.0.0.1:1/none"
ROOT = Path(__file__).parents[2]
# an hour of work, were it let to run
LONG = "select max(hash(i, j)) from range(1000000) as one(i), range(1000000) as other(j)"


def work_for_an_hour(connection: duckdb.DuckDBPyConnection) -> None:
    with stoppable() as running:
        running.append(connection)
        connection.execute("begin")
        connection.execute("insert into counted values (1)")
        connection.execute(LONG)


def test_a_long_statement_is_interrupted_and_what_it_was_part_of_is_rolled_back() -> None:
    connection = duckdb.connect()
    connection.execute("create table counted (n integer)")
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGTERM)).start()
    before = time.monotonic()
    with pytest.raises(Stopped, match="rolled back"):
        work_for_an_hour(connection)
    assert time.monotonic() - before < 30
    connection.execute("rollback")
    assert connection.execute("from counted").fetchall() == []
    # the process is as it was: asked again, it would end
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_outside_the_main_thread_nothing_is_done_about_signals() -> None:
    found: list[list[duckdb.DuckDBPyConnection]] = []

    def work() -> None:
        with stoppable() as running:
            found.append(running)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [[]]


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, -signal.SIGTERM)])
def test_watching_loads_what_has_stopped_growing_and_ends_quietly(
    empty_centre: Path, tmp_path: Path, number: int, code: int
) -> None:
    told = tmp_path / "told"
    with told.open("w") as out:
        watching = subprocess.Popen(
            [sys.executable, "-u", "-m", "fairline", "watch", "--every", "0.5", "--centre", str(empty_centre)],
            env={**os.environ, "PYTHONPATH": str(ROOT), "FAIRLINE_DESK": OUT_OF_REACH}, stdout=out, stderr=subprocess.STDOUT, cwd=ROOT,
        )  # fmt: skip
    _wait_for(told, "Watching")
    # half of the file, then the rest: what is still growing is not taken
    path = empty_centre / "inbox" / "calls.csv"
    whole = calls(A)
    path.write_text(whole[:150], encoding="utf-8")
    time.sleep(1)
    path.write_text(whole, encoding="utf-8")
    _wait_for(told, "Measured")
    watching.send_signal(number)
    assert watching.wait(60) == code
    said = told.read_text(encoding="utf-8")
    assert "accepted   calls.csv  1 of 1 rows taken" in said
    # a desk out of reach is told, and keeps no export waiting
    assert said.count("The desk's database") == 1
    assert "Traceback" not in said
    assert "rejected" not in said


def _wait_for(told: Path, words: str) -> None:
    deadline = time.monotonic() + 180
    while words not in told.read_text(encoding="utf-8"):
        assert time.monotonic() < deadline, told.read_text(encoding="utf-8")
        time.sleep(0.2)
