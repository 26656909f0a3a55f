"""The papers of the small city, written once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import metrics as m
import reports
from reports.daily_sheet import daily_issue
from reports.issue import Issue, issue
from reports.monthly_report import monthly_issue
from reports.quality_report import quality_issue
from reports.review_packet import packet_issue

EVERYONE = m.Scope.whole_centre()
LAST_DAY = date(2026, 11, 13)
ALL_DAYS = m.Period(date(2026, 10, 31), date(2026, 11, 14))


def agent_of(centre: m.Centre) -> str:
    return reports.typical_agent(centre, ALL_DAYS, scope=EVERYONE)


def _packet(centre: m.Centre) -> Issue:
    agent = agent_of(centre)
    return packet_issue(reports.Work.of(centre, [agent], ALL_DAYS, scope=EVERYONE), agent)


# every report by name: how it is made
PAPERS: dict[str, Callable[[m.Centre], Issue]] = {
    "daily sheet": lambda centre: daily_issue(centre, LAST_DAY, scope=EVERYONE),
    "daily sheet of a team": lambda centre: daily_issue(
        centre, LAST_DAY, team="Day A", scope=m.Scope.of_teams("Day A")
    ),
    "packet": _packet,
    "monthly report": lambda centre: monthly_issue(centre, LAST_DAY, scope=EVERYONE),
    "quality report": lambda centre: quality_issue(centre, ALL_DAYS, scope=EVERYONE),
}


@dataclass(frozen=True)
class Paper:
    """A report that was written: what it says, and its files."""

    made: Issue
    pdf: Path
    twin: Path
    workbook: Path

    @property
    def content(self) -> Any:
        """Everything that it says."""
        return next(one for name, one in self.made.document.content.items() if name != "hash")


@pytest.fixture(scope="session")
def papers(loaded_city: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Paper]:
    """Every report with its PDF, its HTML twin and its tables."""
    out = tmp_path_factory.mktemp("papers")
    written = {}
    with m.open_centre(loaded_city) as centre:
        for name, make in PAPERS.items():
            made = make(centre)
            written[name] = Paper(made, *issue(made, out / name.replace(" ", "-"), "xlsx"))
    return written
