"""What each page costs whoever is the first to ask for it, and everybody after: python -m tests.benchmarks.first_asks DIR.

In one process without a server, so that seconds of processor are those of the page alone; printed as JSON, line by line.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from dashboards.access import Viewer
from dashboards.kept import as_text
from dashboards.live import LiveCentre
from dashboards.shown import PAGES, shown
from metrics import Scope, keep_recent

# a day of the last week, one beyond it, and pages whose span ends on those days
BACK = (2, 9)
ASKED: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("/", "", {}),
    ("/", "agents", {}),
    ("/figure", "", {"metric": "service_level"}),
    ("/contacts", "", {"metric": "service_level", "show": "missed"}),
    ("/queues", "", {}),
    ("/requests", "", {}),
    ("/staffing", "", {}),
    ("/staffing", "teams", {}),
    ("/month", "", {}),
    ("/quality", "", {}),
    ("/team", "compared", {}),
)


def say(what: str, **found: float) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"what": what, **found, "peak_mb": peak}), flush=True)  # noqa: T201 (read by the benchmark)


def spent(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds by the clock and of processor."""
    clock, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - worked


def main(folder: Path) -> None:
    live, whole = LiveCentre(folder), Scope.whole_centre()
    seconds, cpu = spent(lambda: live.answers(whole))
    say("open, with the measures at hand", seconds=seconds, cpu=cpu)
    answers = live.answers(whole)
    with answers.centre.warehouse.patiently():
        seconds, cpu = spent(lambda: keep_recent(answers.centre))
        say("the rows of the last days at hand", seconds=seconds, cpu=cpu)
        seconds, cpu = spent(answers.check)
        say("identities", seconds=seconds, cpu=cpu)
    viewer = Viewer("m", "morgan", "manager")
    last = answers.last_day()

    def ask(path: str, part: str, more: dict[str, str], day: date) -> None:
        page = shown(live, None, viewer, path, f"?{urlencode({**more, 'day': day.isoformat()})}", part)
        # a page may refuse what the data do not hold
        assert page.outcome != "failed", path
        as_text([*page.bar, *page.page])

    for path, part, more in ASKED:
        assert path in PAGES
        for back in BACK:
            day = last - timedelta(days=back)
            # twice, since the second asks nothing of the engine any more
            (_, first), (_, again) = (spent(partial(ask, path, part, more, day)) for _ in range(2))
            say(f"{path} {part}, {back} days ago".replace(" ,", ","), first_ms=1000 * first, again_ms=1000 * again)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
