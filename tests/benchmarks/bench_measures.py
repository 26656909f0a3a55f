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
from typing import Any

import pytest

from tests.benchmarks.results import tell

ROOT = Path(__file__).parents[2]
CALLS = int(os.environ.get("FAIRLINE_BENCH_CALLS", "1500000"))
YEARS = int(os.environ.get("FAIRLINE_BENCH_YEARS", "1"))


def measured(what: str, folder: Path, *, calls: int = CALLS, years: int = YEARS) -> dict[str, Any]:
    """Run one part in a process of its own, so that its memory is its own; seconds, peak MB and what it says besides."""
    command = [sys.executable, "-m", "tests.benchmarks.measuring", what, str(folder), str(calls), str(years)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    words = ", ".join(f"{name} {value:,.3f}" for name, value in found.items() if name != "sums")
    tell(f"{what}: {words}")
    return found


def ratios(what: str, ours: dict[str, Any], other: dict[str, Any], parts: tuple[str, ...]) -> None:
    """What another way takes of what ours takes, by each of its parts."""
    tell(f"{what}: " + ", ".join(f"{part} {other[part] / ours[part]:.2f}" for part in parts))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre with generated calls and nothing measured yet."""
    place = tmp_path_factory.mktemp("bench")
    tell(f"{CALLS * YEARS:,} calls, {YEARS} years")
    measured("generate", place)
    return place


def bench_facts_to_measures(folder: Path) -> None:
    statement, pandas, ours = (measured(name, folder) for name in ("statement", "pandas", "build"))
    assert len(ours["sums"]) >= 64
    assert ours["sums"] == statement["sums"] == pandas["sums"]
    tell(f"{len(ours['sums'])} sums, equal in all three")
    ratios("pandas / ours", ours, pandas, ("seconds", "cpu", "peak_mb"))
    ratios("ours / one statement", statement, ours, ("seconds", "cpu", "peak_mb"))
    ratios("one more day / the full build", ours, measured("one_more_day", folder), ("seconds", "cpu"))


def bench_question_of_a_page(folder: Path) -> None:
    measured("build", folder)
    measured("question", folder)
