"""Whole commands on a machine whose clock is a year behind or ahead, as an administrator would meet them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import metrics as m
from etl.load import load
from sql import Warehouse
from tests.etl.bad_inputs import A, B, but, calls

ROOT = Path(__file__).parents[1]
LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not installed: scripts/system-packages test"),
]


def run(centre: Path, command: str, clock: str) -> tuple[int, str]:
    """A command's exit code and what it said, by a clock that differs from the machine's."""
    # waits are measured by the other clock, which nobody sets
    wrong = {"LD_PRELOAD": str(LIBRARY), "FAKETIME": clock, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "fairline", command, "--centre", str(centre)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **wrong}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def verdicts(centre: Path) -> list[tuple[str, str]]:
    """What becomes of the inbox by the right clock."""
    return [(one.file, one.verdict) for one in load(centre, [], now=datetime.now(UTC), checks_clock=True)]


def snapshots(centre: Path) -> list[int]:
    """All snapshots in the order of the hours that the engine's own clock gave them."""
    with Warehouse.open(centre / "warehouse") as one:
        found = one.frame("select snapshot_id from ducklake_snapshots('lake') order by snapshot_time")
    return found["snapshot_id"].to_list()


def test_a_year_back_and_a_year_ahead(empty_centre: Path) -> None:
    inbox = empty_centre / "inbox"
    (inbox / "one.csv").write_text(calls(A))
    assert verdicts(empty_centre) == [("one.csv", "accepted")]
    # The clock is set back: what was written by the right one waits, and the snapshot that says so is the newest.
    (inbox / "two.csv").write_text(calls(B))
    code, said = run(empty_centre, "load", "-365d")
    assert (code, "two.csv says that it was written on" in said) == (1, True)
    made = snapshots(empty_centre)
    assert made != sorted(made)
    with m.open_centre(empty_centre) as centre:
        assert centre.snapshot == max(made)
        assert centre.table("contact")["source_key"].to_list() == ["C1"]
    assert verdicts(empty_centre) == [("one.csv", "unchanged"), ("two.csv", "accepted")]
    # The clock is ahead: nothing is destroyed, and what is loaded then wins over nothing for a year.
    (empty_centre / "retention.toml").write_text("[keep]\ncallers = 200\nexports = 200\nsnapshots = 30\n")
    code, said = run(empty_centre, "retain", "+365d")
    assert (code, "--clock-is-right" in said) == (2, True)
    (inbox / "three.csv").write_text(calls(but(A, wrap_seconds="11")))
    assert run(empty_centre, "load", "+365d")[0] == 0
    (inbox / "four.csv").write_text(calls(but(A, wrap_seconds="45")))
    assert ("four.csv", "rejected") in verdicts(empty_centre)
    now = datetime.now(UTC)
    assert load(empty_centre, [inbox / "four.csv"], now=now, as_of=now, checks_clock=True)[0].verdict == "accepted"
    with m.open_centre(empty_centre) as centre:
        assert centre.table("leg").sort("source_key")["acw_ms"].to_list()[0] == 45_000
