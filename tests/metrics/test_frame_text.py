"""Frames as text: what a table shows of a moment, and what a file keeps of it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from metrics.export import frame_text

CASES = [
    (datetime.fromisoformat("2026-11-10T07:19:25"), "2026-11-10 07:19:25", "2026-11-10T07:19:25.000000"),
    (datetime.fromisoformat("2026-11-10T07:19:25.5"), "2026-11-10 07:19:25.500000", "2026-11-10T07:19:25.500000"),
    (datetime(2026, 7, 1, tzinfo=ZoneInfo("America/Denver")), "2026-07-01 00:00:00-06:00", "2026-07-01T00:00:00.000000-06:00"),
]  # fmt: skip


@pytest.mark.parametrize(("moment", "shown", "kept"), CASES)
def test_a_moment_is_shown_as_people_write_it_and_kept_to_the_last_digit(
    moment: datetime, shown: str, kept: str
) -> None:
    frame = pl.DataFrame({"at": [moment], "team": ["T1.0"]})
    assert frame_text(frame, "table").splitlines()[-1].split("  ") == [shown, "T1.0"]
    assert frame_text(frame, "csv").splitlines()[-1] == f"{kept},T1.0"
