"""Many small loads leave many small files: put together they say the same, at every snapshot that has not ended."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

import metrics as m
from etl.load import load
from etl.retention import retain
from etl.upkeep import compact
from sql import WrongUse
from tests.conftest import NOW
from tests.etl.bad_inputs import A, but, calls

LATER = NOW + timedelta(days=400)


def said(folder: Path, snapshot: int | None = None) -> tuple[int, list[str]]:
    """A snapshot's number, and the calls that it knows."""
    with m.open_centre(folder, snapshot) as centre:
        return centre.snapshot, sorted(centre.table("contact")["source_key"].to_list())


@pytest.fixture(scope="module")
def after_each(made_centre: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[int, list[str]]]:
    """A centre after three loads, and what it said after each."""
    folder = Path(shutil.copytree(made_centre, tmp_path_factory.mktemp("busy") / "centre"))
    after = {}
    for number in range(3):
        path = folder / "inbox" / f"calls{number}.csv"
        path.write_text(calls(*(but(A, call_id=f"C{number}-{call}") for call in range(12))))
        load(folder, [path], now=NOW)
        snapshot, known = said(folder)
        after[snapshot] = known
    return folder, after


@pytest.fixture
def busy_centre(after_each: tuple[Path, dict[int, list[str]]], tmp_path: Path) -> tuple[Path, dict[int, list[str]]]:
    """A copy of it."""
    return Path(shutil.copytree(after_each[0], tmp_path / "centre")), after_each[1]


def test_small_files_are_put_together_and_every_snapshot_stays(
    busy_centre: tuple[Path, dict[int, list[str]]],
) -> None:
    folder, after = busy_centre
    done = compact(folder, now=NOW)
    assert done.after.files < done.before.files
    assert done.as_text().startswith(f"files: {done.before.files} were put together to {done.after.files}")
    assert {snapshot: said(folder, snapshot)[1] for snapshot in after} == after
    assert compact(folder, now=NOW).as_text() == ""


def test_snapshots_end_when_retention_says_so_and_none_under_a_hold(
    busy_centre: tuple[Path, dict[int, list[str]]],
) -> None:
    folder, after = busy_centre
    oldest = min(after)
    hold = '\n[[hold]]\nreason = "a request for records"\nfrom = 2026-11-01\n'
    (folder / "retention.toml").write_text(f"[keep]\nsnapshots = 300\n{hold}")
    retain(folder, now=LATER, clock_is_right=True)
    assert said(folder, oldest)[1] == after[oldest]
    (folder / "retention.toml").write_text("[keep]\nsnapshots = 300\n")
    assert "can still be asked for" in retain(folder, now=LATER, clock_is_right=True).as_text()
    with pytest.raises(WrongUse, match="no snapshot"):
        said(folder, oldest)
    assert said(folder)[1] == after[max(after)]
    stored = (folder / "warehouse" / "data").rglob("*.parquet")
    assert len(list(stored)) == compact(folder, now=LATER).before.files
