"""Frames as text: what a table shows of a moment, and what a file keeps of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from metrics.export import frame_text, write_workbook

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


def test_a_workbook_keeps_ids_whole(tmp_path: Path) -> None:
    """A spreadsheet keeps fifteen digits: an id of nineteen came out of it as another one."""
    ids = [6842463336512236123, -7, None]
    frame = pl.DataFrame({"contact_id": ids, "n": [1, 2, 3], "edge": [10**15 - 1, 0, 0]})
    write_workbook(frame, tmp_path / "rows.xlsx")
    _, *rows = CalamineWorkbook.from_path(tmp_path / "rows.xlsx").get_sheet_by_index(0).to_python()
    assert rows == [["6842463336512236123", 1.0, 999999999999999.0], ["-7", 2.0, 0.0], ["", 3.0, 0.0]]
