"""How the cost grows with the work: one, two, four and eight times as many calls, loaded, measured and asked about.

Run: make bench ARGS='-k growth'. FAIRLINE_BENCH_GROWTH sets how many calls the smallest has (default 100,000).
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from etl.centre import create_centre
from tests.benchmarks.bench_intake import CALLS, load_only, write
from tests.benchmarks.bench_measures import measured
from tests.benchmarks.results import tell

LEAST = int(os.environ.get("FAIRLINE_BENCH_GROWTH", "100000"))
TIMES = (1, 2, 4, 8)


def bench_growth(tmp_path: Path) -> None:
    costs = [_cost(tmp_path / f"times{times}", times * LEAST) for times in TIMES]
    slopes = [np.polyfit(np.log(TIMES), np.log(column), 1)[0] for column in zip(*costs, strict=True)]
    tell("| calls | load | full build | its peak MB | one more day | a page's question, ms |")
    tell("|---|---|---|---|---|---|")
    for times, cost in zip(TIMES, costs, strict=True):
        tell(f"| {times * LEAST:,} | " + " | ".join(f"{value:,.1f}" for value in cost) + " |")
    tell("| slope | " + " | ".join(f"{slope:.2f}" for slope in slopes) + " |")
    tell(
        "Seconds of processor, starting Python included. A slope of 1 is twice the cost for twice the calls, 0 the same."
    )


def _cost(folder: Path, calls: int) -> tuple[float, ...]:
    """Seconds of processor of each part, and the most memory of the build."""
    export = folder / "export"
    export.mkdir(parents=True)
    create_centre(export / "centre", name="Bench", timezone="America/Denver")
    load_only(export / "centre")
    loaded = load_only(export / "centre", write(export / "calls.csv", CALLS, calls)).cpu
    measured("generate", folder / "made", calls=calls, years=1)
    built = measured("build", folder / "made", calls=calls, years=1)
    day = measured("one_more_day", folder / "made", calls=calls, years=1)
    asked = measured("question", folder / "made", calls=calls, years=1)
    return loaded, built["cpu"], built["peak_mb"], day["cpu"], asked["cpu_ms"]
