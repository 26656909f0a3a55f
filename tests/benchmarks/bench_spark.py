"""From what size Spark would pay: the same full build by the warehouse's own engine and by Spark on the same two cores.

Run: make bench ARGS='-k spark'. FAIRLINE_BENCH_SPARK lists how many calls (default 200,000 to 1,600,000, doubled).
"""

from __future__ import annotations

import os
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from tests.benchmarks.bench_measures import measured
from tests.benchmarks.results import tell
from tests.spark.cluster import home

CALLS = [int(number) for number in os.environ.get("FAIRLINE_BENCH_SPARK", "200000 400000 800000 1600000").split()]


@pytest.mark.skipif(home() is None, reason="Spark is not installed")
def bench_spark(tmp_path: Path) -> None:
    before: tuple[dict[str, Any], dict[str, Any]] | None = None
    rows = [
        "| calls | DuckDB, s | its processor | Spark, s | its processor | r | r of the calls more | a copy for Spark |"
    ]
    rows.append("|---|---|---|---|---|---|---|---|")
    for calls in CALLS:
        folder = tmp_path / str(calls)
        measured("generate", folder, calls=calls, years=1)
        own, spark, copy = (
            measured(part, folder, calls=calls, years=1) for part in ("build", "build_on_spark", "copy_for_spark")
        )
        assert spark["sums"] == pytest.approx(own["sums"], rel=1e-12)
        more = "" if before is None else f"{_more(spark, before[1]) / _more(own, before[0]):.1f}"
        rows.append(
            f"| {calls:,} | {own['seconds']:.1f} | {own['cpu']:.1f} | {spark['seconds']:.1f} | {spark['cpu']:.1f} "
            f"| {spark['cpu'] / own['cpu']:.1f} | {more} | {copy['cpu']:.1f} s, {copy['mb']:.0f} MB |"
        )
        before = own, spark
        rmtree(folder)
    for row in rows:
        tell(row)


def _more(larger: dict[str, Any], smaller: dict[str, Any]) -> float:
    """The processor that the larger one took besides: what starting and planning take is in both."""
    return float(larger["cpu"] - smaller["cpu"])
