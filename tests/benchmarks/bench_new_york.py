"""A year of the size of New York: 20 million calls, 40 million agent states, 10 million cases, 500 agents.

Run: FAIRLINE_BENCH_NEW_YORK=1 make bench ARGS='-k new_york'. A part of it (0.05) is a trial of as much less. Months are
written, loaded and removed one after the other, so that it takes about 20 GB of disk; no process needs more than 2 GB
by its own limits. Some 20 minutes on two idle cores: a year of 3.4 million rows takes 24 s to load and 34 to measure
and check, and this has 20 times as many.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from etl.centre import create_centre
from tests.benchmarks.bench_intake import CALLS, CASES, ROOT, STATES, Spent, load, load_only, run
from tests.benchmarks.results import tell

SHARE = float(os.environ.get("FAIRLINE_BENCH_NEW_YORK", "0"))
AGENTS, MONTHS = 500, int(os.environ.get("FAIRLINE_BENCH_MONTHS", "12"))
# what a year has, and how it is written
YEAR = {
    "calls": (CALLS.replace("% 80", f"% {AGENTS}"), int(20_000_000 * SHARE)),
    "states": (STATES.replace("80", str(AGENTS)), int(40_000_000 * SHARE)),
    "cases": (CASES, int(10_000_000 * SHARE)),
}
MEASURE = "import sys; from pathlib import Path; from metrics.build import bring_up_to_date; bring_up_to_date(Path(sys.argv[1]))"
# of what is free before it begins
MOST_DISK_GB, MOST_GB = 50, 12


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A centre that is gone when it ends, whatever ended it."""
    if not SHARE:
        pytest.skip("FAIRLINE_BENCH_NEW_YORK is not set (1 for all of it, 0.05 for a trial)")
    free = shutil.disk_usage(tmp_path).free / 1e9
    if free < MOST_DISK_GB * SHARE:
        pytest.skip(f"{free:.0f} GB of disk are free here; {MOST_DISK_GB * SHARE:.0f} are wanted")
    create_centre(tmp_path / "centre", name="New York", timezone="America/New_York")
    load_only(tmp_path / "centre")
    yield tmp_path / "centre"
    shutil.rmtree(tmp_path, ignore_errors=True)


def bench_new_york(folder: Path) -> None:
    rows = sum(number for _, number in YEAR.values())
    tell(f"{rows:,} rows of a year: " + ", ".join(f"{number:,} {name}" for name, (_, number) in YEAR.items()))
    months = [_month(folder, number) for number in range(MONTHS)]
    seconds, cpu = sum(one.seconds for one in months), sum(one.cpu for one in months)
    peak = max(one.gigabytes for one in months)
    tell(
        f"loaded: {seconds:.0f} s, {cpu:.0f} s of processor, at most {peak:.2f} GB; {rows / seconds:,.0f} rows a second"
    )
    tell(f"last month / second: {months[-1].cpu / months[1].cpu:.2f} of processor, so that a load costs what it brings")
    measured = run("-c", MEASURE, folder)
    tell(f"its measures: {measured}")
    tell(f"the warehouse: {_gigabytes(folder / 'warehouse'):.1f} GB")
    day = [_written(folder, name, 365, 366, 365) for name in YEAR]
    tell(f"one more day, measured and checked: {load(folder, *day)}")
    first_asks(folder)
    assert peak < MOST_GB
    assert measured.gigabytes < MOST_GB


def _month(folder: Path, number: int) -> Spent:
    files = [_written(folder, name, number, number + 1, MONTHS) for name in YEAR]
    try:
        spent = load_only(folder, *files)
    finally:
        for file in files:
            file.unlink()
        # the copies as they came in are not what is measured, and would take most of the disk
        shutil.rmtree(folder / "landed", ignore_errors=True)
    tell(f"month {number + 1} of {MONTHS}: {spent}")
    return spent


def _written(folder: Path, name: str, first: int, until: int, parts: int) -> Path:
    """A part of the year as an export."""
    statement, rows = YEAR[name]
    path = folder.parent / f"{name}-{first}.csv"
    values = {"from": rows * first // parts, "until": rows * until // parts, "rows": rows}
    duckdb.connect().execute(statement.replace("{path}", str(path)), values)
    return path


def first_asks(folder: Path) -> None:
    """What pages cost whoever asks first, and everybody after, as each line comes."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "tests.benchmarks.first_asks", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdout is not None
        for line in asking.stdout:
            found = json.loads(line)
            tell(f"{found.pop('what')}: " + ", ".join(f"{name} {value:,.1f}" for name, value in found.items()))
    tell(f"pages in all: {time.perf_counter() - begun:.0f} s")
    assert asking.returncode == 0


def _gigabytes(folder: Path) -> float:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) / 1e9
