"""Facts to measures against pandas and one hand-written statement; one more day; a dashboard's question.

Run: pytest tests/benchmarks/bench_measures.py -o python_files='bench_*.py' -o python_functions='bench_*' -s -n0
FAIRLINE_BENCH_CALLS sets how many calls a year (default 1,500,000), FAIRLINE_BENCH_YEARS how many years (default 1).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CALLS = int(os.environ.get("FAIRLINE_BENCH_CALLS", "1500000"))
YEARS = int(os.environ.get("FAIRLINE_BENCH_YEARS", "1"))


def measured(what: str, folder: Path) -> dict[str, float]:
    """Run one part in a process of its own, so that its memory is its own; seconds, peak MB and what it says besides."""
    command = [sys.executable, "-m", "tests.benchmarks.measuring", what, str(folder), str(CALLS), str(YEARS)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    words = ", ".join(f"{name} {value:,.3f}" for name, value in found.items())
    print(f"{what:<16} {words}")  # noqa: T201 (a benchmark prints)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre with generated calls and nothing measured yet."""
    place = tmp_path_factory.mktemp("bench")
    print(f"\n{CALLS * YEARS:,} calls, {YEARS} years")  # noqa: T201
    measured("generate", place)
    return place


def bench_facts_to_measures(folder: Path) -> None:
    statement, pandas, ours = (measured(name, folder) for name in ("statement", "pandas", "build"))
    assert pandas["calls"] == statement["calls"] == ours["calls"]
    print(  # noqa: T201
        f"pandas / ours: time {pandas['seconds'] / ours['seconds']:.1f}, memory {pandas['peak_mb'] / ours['peak_mb']:.1f}; "
        f"ours / one statement: time {ours['seconds'] / statement['seconds']:.2f}"
    )
    more = measured("one_more_day", folder)
    print(f"one more day: {more['seconds'] / ours['seconds']:.1%} of the full build")  # noqa: T201


def bench_question_of_a_page(folder: Path) -> None:
    measured("build", folder)
    measured("question", folder)
