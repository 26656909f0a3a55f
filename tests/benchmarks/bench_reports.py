"""Packets and the month: how many a second, how long, in how much memory.

Run: pytest tests/benchmarks/bench_reports.py -o python_files='bench_*.py' -o python_functions='bench_*' -s -n0
FAIRLINE_BENCH_AGENTS sets how many agents the simulated city has (default 300), FAIRLINE_BENCH_DAYS how many days (45);
FAIRLINE_BENCH_CITY names a city that is there already, for example one made by `fairline demo DIR --no-serve`.
"""

from __future__ import annotations

import os
import resource
import time
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pytest

import metrics as m
import reports
from etl.demo_city import build
from etl.load import load
from metrics.build import bring_up_to_date
from reports.issue import Issue, issue
from tests.benchmarks.results import tell
from tests.reports.pdf_pages import pages_of

AGENTS = int(os.environ.get("FAIRLINE_BENCH_AGENTS", "300"))
DAYS = int(os.environ.get("FAIRLINE_BENCH_DAYS", "45"))
EVERYONE = m.Scope.whole_centre()
WORKERS = 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city with many agents, loaded and checked."""
    if there := os.environ.get("FAIRLINE_BENCH_CITY"):
        return Path(there)
    place = tmp_path_factory.mktemp("bench") / "city"
    build(place, days=DAYS, agents=AGENTS, seed=311, until=date(2026, 11, 14))
    load(place, [], now=datetime.now(UTC))
    bring_up_to_date(place)
    return place


def noted_issue(notes: Path, made: Issue, out: Path, form: str) -> list[Path]:
    """Lay out a packet, and note what this worker has used up to now: nobody waits for it who could tell."""
    paths = issue(made, out, form)
    used = resource.getrusage(resource.RUSAGE_SELF)
    (notes / str(os.getpid())).write_text(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss / 1024}")
    return paths


def bench_packets(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody's packet of the newest whole month: budget 300 in 75 s on two cores, under 500 MB a worker."""
    notes = tmp_path / "workers"
    notes.mkdir()
    monkeypatch.setattr("reports.batch.issue", partial(noted_issue, notes))
    with m.open_centre(folder) as centre:
        m.identities(centre)  # once per snapshot, by the load or by the first report
        during = m.month_to_report(centre)
        agents = reports.everybody(centre, during, scope=EVERYONE)
        wanted = reports.Wanted(during, tmp_path / "packets", EVERYONE)
        start, worked = time.perf_counter(), cpu()
        done = reports.packets(centre, agents, wanted, workers=WORKERS)
        seconds, work = time.perf_counter() - start, cpu() - worked
        again = time.perf_counter()
        assert len(reports.packets(centre, agents, wanted, workers=WORKERS).unchanged) == len(agents)
        again = time.perf_counter() - again
    assert not done.failed
    workers = [tuple(map(float, path.read_text().split())) for path in notes.iterdir()]
    laid_out = sum(one[0] for one in workers)
    tell(f"{len(agents)} packets in {seconds:.1f} s, {len(agents) / seconds:.2f} a second")
    tell(f"CPU: {work:.1f} s to ask and compare, {laid_out:.1f} s to lay out")
    tell(f"300 at that pace: {300 * seconds / len(agents):.0f} s (budget 75 s); unchanged again: {again:.1f} s")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    tell(f"peak memory: {own:.0f} MB here, {max(one[1] for one in workers):.0f} MB in a worker (budget 500 MB)")


def bench_month(folder: Path, tmp_path: Path) -> None:
    """The monthly report: budget 10 s for twenty pages."""
    with m.open_centre(folder) as centre:
        m.identities(centre)
        month = m.month_to_report(centre)
        start, worked = time.perf_counter(), cpu()
        pdf, _ = reports.monthly(centre, month.first, tmp_path, scope=EVERYONE)
        pages = pages_of(pdf.read_bytes())
        seconds, work = time.perf_counter() - start, cpu() - worked
    tell(f"{pages} pages in {seconds:.1f} s (budget 10 s for 20); CPU {work:.1f} s")


def cpu() -> float:
    """Seconds of work of this process and of those that it started and that have ended."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
