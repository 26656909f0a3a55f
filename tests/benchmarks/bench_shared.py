"""What sharing a warehouse costs: the same load, build and questions on one's own disk, on Postgres, on object storage.

Run: make bench ARGS='-k shared'. FAIRLINE_BENCH_GROWTH sets how many calls (default 100,000).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

import pytest

import metrics as m
from etl.centre import create_centre
from sql.place import ADDRESS
from tests.benchmarks.bench_growth import LEAST
from tests.benchmarks.bench_intake import CALLS, Spent, load_only, run, write
from tests.benchmarks.results import tell
from tests.servers import BUCKET, object_storage, postgres

EVERYONE = m.Scope.whole_centre()
WEEK = m.Period(date(2025, 3, 3), date(2025, 3, 10))
BUILD = "import sys; from pathlib import Path; from metrics.build import rebuild; rebuild(Path(sys.argv[1]))"


def bench_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export = write(tmp_path / "calls.csv", CALLS, LEAST)
    tell(f"{LEAST:,} calls; seconds by the clock (of processor), and milliseconds of a question")
    tell("| warehouse | load | full build | opening | a week by queue | its rows |")
    tell("|---|---|---|---|---|---|")
    with postgres() as server, object_storage() as variables:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        places = {
            "own disk": "",
            "Postgres, a folder": f"{server.database()}?data={tmp_path / 'files'}",
            "Postgres, object storage": f"{server.database()}?data=s3://{BUCKET}/bench",
        }
        for name, address in places.items():
            monkeypatch.setenv(ADDRESS, address)
            tell(f"| {name} | " + " | ".join(_costs(tmp_path / name.replace(" ", "-"), export)) + " |")


def _costs(folder: Path, export: Path) -> list[str]:
    create_centre(folder, name="Bench", timezone="America/Denver")
    load_only(folder)
    spent = [load_only(folder, export), run("-c", BUILD, folder)]
    start = time.perf_counter()
    with m.open_centre(folder) as centre:
        opened = 1000 * (time.perf_counter() - start)
        figures = _milliseconds(lambda: m.measure(centre, ["answer_rate"], by=["queue"], during=WEEK, scope=EVERYONE))
        rows = _milliseconds(lambda: m.rows(centre, "contacts_offered", during=WEEK, scope=EVERYONE))
    return [*map(_words, spent), *(f"{value:,.0f}" for value in (opened, figures, rows))]


def _words(spent: Spent) -> str:
    return f"{spent.seconds:.1f} ({spent.cpu:.1f})"


def _milliseconds(ask: Callable[[], object]) -> float:
    times = []
    for _ in range(7):
        start = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - start))
    return median(times)
