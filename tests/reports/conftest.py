"""The papers of the small city, written once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

import metrics as m
import reports

EVERYONE = m.Scope.whole_centre()
LAST_DAY = date(2026, 11, 13)
ALL_DAYS = m.Period(date(2026, 10, 31), date(2026, 11, 14))


def agent_of(centre: m.Centre) -> str:
    return reports.typical_agent(centre, ALL_DAYS, scope=EVERYONE)


@dataclass(frozen=True)
class Paper:
    """One report: how it is written, and everything that it says."""

    write: Callable[[m.Centre, Path], list[Path]]
    content: Callable[[m.Centre], object]


PAPERS = {
    "daily sheet": Paper(
        lambda centre, out: reports.daily(centre, LAST_DAY, out, scope=EVERYONE),
        lambda centre: reports.daily_content(centre, LAST_DAY, team=None, scope=EVERYONE),
    ),
    "daily sheet of a team": Paper(
        lambda centre, out: reports.daily(centre, LAST_DAY, out, team="Day A", scope=m.Scope.of_teams("Day A")),
        lambda centre: reports.daily_content(centre, LAST_DAY, team="Day A", scope=m.Scope.of_teams("Day A")),
    ),
    "packet": Paper(
        lambda centre, out: reports.packet(centre, agent_of(centre), ALL_DAYS, out, scope=EVERYONE),
        lambda centre: reports.packet_content(
            reports.Work.of(centre, [agent_of(centre)], ALL_DAYS, scope=EVERYONE), agent_of(centre)
        ),
    ),
    "monthly report": Paper(
        lambda centre, out: reports.monthly(centre, LAST_DAY, out, scope=EVERYONE),
        lambda centre: reports.monthly_content(centre, LAST_DAY, scope=EVERYONE),
    ),
}


@pytest.fixture(scope="session")
def papers(loaded_city: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """The PDF and the HTML twin of every report."""
    out = tmp_path_factory.mktemp("papers")
    with m.open_centre(loaded_city) as centre:
        written = {name: paper.write(centre, out / name.replace(" ", "-")) for name, paper in PAPERS.items()}
    return {name: (pdf, twin) for name, (pdf, twin) in written.items()}
