"""Schedules: minutes, clock times that pass midnight, offsets in a column of their own, and gaps filled by a base activity."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import pytest

from tests.etl.sources.twin_city import at, rows

SCHEDULES = [
    # source, then: agent, the planner's day, activity, start and end in UTC
    ("genesys_cloud", [
        ("agent-1", "2026-11-21", "break", "2026-11-21 17:00", "2026-11-21 17:15"),
        ("agent-1", "2026-11-21", "queue", "2026-11-21 15:00", "2026-11-21 17:00"),
        ("agent-1", "2026-11-21", "queue", "2026-11-21 17:15", "2026-11-21 23:00"),
    ]),
    ("iex", [
        # the shift of the 21st runs into the 22nd
        ("4711", "2026-11-21", "meal", "2026-11-22 09:00", "2026-11-22 09:30"),
        ("4711", "2026-11-21", "queue", "2026-11-22 05:00", "2026-11-22 09:00"),
        ("4712", "2026-11-23", "queue", "2026-11-23 15:00", "2026-11-23 19:00"),
        ("4712", "2026-11-23", "training", "2026-11-23 19:00", "2026-11-23 20:00"),
    ]),
    ("cxone_schedule", [
        ("ann.doe@example.org", "2026-11-21", "break", "2026-11-21 17:00", "2026-11-21 17:15"),
        ("ann.doe@example.org", "2026-11-21", "meal", "2026-11-21 19:00", "2026-11-21 20:00"),
        ("ann.doe@example.org", "2026-11-21", "queue", "2026-11-21 15:00", "2026-11-21 17:00"),
        ("ann.doe@example.org", "2026-11-21", "queue", "2026-11-21 17:15", "2026-11-21 19:00"),
        ("ann.doe@example.org", "2026-11-21", "queue", "2026-11-21 20:00", "2026-11-21 23:00"),
        ("bob.roe@example.org", "2026-11-21", "queue", "2026-11-21 02:30", "2026-11-21 06:30"),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), SCHEDULES, ids=[source for source, _ in SCHEDULES])
def test_planned_activities(twin_city: Path, source: str, expected: list[tuple[str, ...]]) -> None:
    found = rows(twin_city, "schedule", "agent_id", "shift_date", "activity", "start_at", "end_at", source_id=source)
    assert found == [
        (who, date.fromisoformat(day), what, at(start), at(end)) for who, day, what, start, end in expected
    ]


def test_a_shift_is_filled_without_gap_or_overlap(twin_city: Path) -> None:
    found = rows(twin_city, "schedule", "start_at", "end_at", "dur_ms", agent_id="ann.doe@example.org")
    assert sum(length for _, _, length in found) == 8 * 3_600_000
    assert all(earlier[1] == later[0] for earlier, later in itertools.pairwise(found))


def test_no_social_security_number_is_kept(twin_city: Path) -> None:
    assert "000-00-0000" not in str(rows(twin_city, "schedule", "agent_id", "source_key", "activity_code"))
