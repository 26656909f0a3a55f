"""From what size Spark would pay: the same full build by the warehouse's own engine and by Spark on the same two cores.

Run: make bench ARGS='-k spark'. FAIRLINE_BENCH_SPARK lists how many calls (default 200,000 and 1,600,000).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.benchmarks.bench_measures import measured
from tests.benchmarks.results import tell
from tests.spark.cluster import home

CALLS = [int(number) for number in os.environ.get("FAIRLINE_BENCH_SPARK", "200000 1600000").split()]


@pytest.mark.skipif(home() is None, reason="Spark is not installed")
def bench_spark(tmp_path: Path) -> None:
    tell("| calls | DuckDB, processor | Spark, processor | times |")
    tell("|---|---|---|---|")
    for calls in CALLS:
        folder = tmp_path / str(calls)
        measured("generate", folder, calls=calls, years=1)
        own, spark = (measured(part, folder, calls=calls, years=1)["cpu"] for part in ("build", "build_on_spark"))
        tell(f"| {calls:,} | {own:.1f} s | {spark:.1f} s | {spark / own:.1f} |")
