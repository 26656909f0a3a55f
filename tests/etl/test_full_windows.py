"""Rows that a declared full export no longer holds are deleted, their history kept; without the declaration none is."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from etl.full_export import declared
from etl.load import load
from sql import Warehouse, WrongUse
from tests.conftest import NOW
from tests.etl.sources.twin_city import rows
from tests.warehouse_digest import digest

HEADER = "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller"
CASES = "case_number,opened_at,status,channel,request_type,department,due_at,closed_at"
LOG = "1793638800|{0}|Q2|NONE|ENTERQUEUE||3035550101|1\n1793638840|{0}|Q2|NONE|ABANDON|1|1|40\n"
DAY = {"C-1": "2026-11-01", "C-2": "2026-11-02", "C-3": "2026-11-02", "C-4": "2026-11-03"}


def calls(*keys: str) -> str:
    """Calls by key, each on its day."""
    lines = [
        f"{key},general,A1,voice,inbound,{DAY[key]}T09:10:00-07:00,10,200,0,30,answered,+13035550102" for key in keys
    ]
    return "\n".join([HEADER, *lines]) + "\n"


def cases(*keys: str) -> str:
    """Open cases by number."""
    lines = [f"{key},2026-11-02T09:11:00-07:00,open,web,Pothole,Streets,,," for key in keys]
    return "\n".join([CASES, *(line.removesuffix(",") for line in lines)]) + "\n"


class Loading:
    """A centre into which exports of given days are loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, content: str, *, on: int, full: str | None = None, name: str = "calls.csv") -> list[str]:
        path = self.folder / f"{on}-{name}"
        path.write_text(content, encoding="utf-8")
        as_of = datetime.fromisoformat(f"2026-11-{on:02d}T12:00:00+00:00")
        (result,) = load(self.folder, [path], now=NOW, as_of=as_of, full_window=full)
        assert result.verdict in ("accepted", "unchanged"), result.message
        return result.notes

    def calls(self) -> list[str]:
        """The keys of the calls that there are; each with its leg."""
        kept = [str(key) for (key,) in rows(self.folder, "contact", "source_key")]
        assert [str(key) for (key,) in rows(self.folder, "leg", "source_key")] == kept
        return kept


@pytest.fixture
def loading(empty_centre: Path) -> Loading:
    return Loading(empty_centre)


def test_a_row_that_an_export_lacks_stays_unless_the_export_is_declared_full(loading: Loading) -> None:
    loading(calls("C-1", "C-2", "C-3", "C-4"), on=5)
    loading(calls("C-2"), on=6)
    assert loading.calls() == ["C-1", "C-2", "C-3", "C-4"]
    notes = loading(calls("C-2") + "\n", on=7, full="2026-11-02:2026-11-03")
    assert loading.calls() == ["C-1", "C-2", "C-4"]
    assert notes == ["1 rows of contact that it no longer holds were deleted"]
    with Warehouse.open(loading.folder / "warehouse") as warehouse:
        kept = warehouse.frame(
            "select table_name, source_key, content ->> '$.outcome' as outcome, content from lake.deleted_row"
        )
        days = warehouse.frame("select distinct fact from lake.touched_day where day = date '2026-11-02'")
    assert kept.filter(pl.col("content").str.contains("caller_key")).is_empty()
    assert sorted(kept.drop("content").rows()) == [("contact", "C-3", "answered"), ("leg", "C-3", None)]
    assert {"contact", "visit", "handled_leg"} <= set(days["fact"])
    # a newer export that holds the row again brings it back
    loading(calls("C-3"), on=8)
    assert loading.calls() == ["C-1", "C-2", "C-3", "C-4"]


EXPORTS = {
    "all calls": {"content": calls("C-1", "C-2", "C-3", "C-4"), "on": 5},
    "the same again": {"content": calls("C-2", "C-3"), "on": 6},
    "the second in full": {"content": calls("C-2"), "on": 7, "full": "2026-11-02:2026-11-03"},
    "one more": {"content": calls("C-1", "C-4"), "on": 8},
}


def test_the_order_of_exports_does_not_matter(tmp_path: Path, empty_centre: Path) -> None:
    found: list[dict[str, str]] = []
    for order in (list(EXPORTS), list(reversed(EXPORTS))):
        one = Loading(tmp_path / str(len(found)))
        (one.folder / "secrets").mkdir(parents=True)
        (one.folder / "secrets" / "caller.key").write_text("11" * 32)
        (one.folder / "centre.toml").write_text((empty_centre / "centre.toml").read_text(encoding="utf-8"))
        for name in order:
            one(**EXPORTS[name])  # type: ignore[arg-type]
        assert one.calls() == ["C-1", "C-2", "C-4"]
        found.append({table: text for table, text in digest(one.folder).items() if table in ("contact", "leg")})
    assert found[0] == found[1]


def test_a_full_export_that_was_not_taken_whole_deletes_nothing(loading: Loading) -> None:
    loading(calls("C-1", "C-2"), on=5)
    notes = loading(calls("C-2") + "half a row\n", on=6, full="all")
    assert loading.calls() == ["C-1", "C-2"]
    assert notes[-1] == "not all rows were taken, so nothing that is missing was taken for deleted"


def test_calls_that_are_told_by_events_go_with_their_events(loading: Loading) -> None:
    loading(LOG.format("u1") + LOG.format("u2"), on=5, name="queue_log")
    loading(LOG.format("u2"), on=6, name="queue_log", full="all")
    assert [key for (key,) in rows(loading.folder, "contact", "chain_key")] == ["u2"]
    assert len(rows(loading.folder, "leg", "leg_id")) == 1


def test_a_case_that_is_gone_counts_as_cancelled_and_keeps_its_history(loading: Loading) -> None:
    loading(cases("P-1", "P-2"), on=5, name="cases.csv")
    loading(cases("P-2"), on=6, name="cases.csv", full="all")
    found = rows(loading.folder, "service_case", "number", "status", "status_code")
    assert found == [("P-1", "cancelled", "deleted"), ("P-2", "open", "open")]
    assert len(rows(loading.folder, "case_version", "number", number="P-1")) == 2


def test_a_layout_may_say_that_its_exports_hold_whole_days(loading: Loading) -> None:
    (loading.folder / "layouts").mkdir(exist_ok=True)
    (loading.folder / "layouts" / "days.toml").write_text(
        'name = "plain_calls"\nextends = "plain_calls"\nfull_window = "days"\n', encoding="utf-8"
    )
    loading(calls("C-1", "C-2", "C-3", "C-4"), on=5)
    loading(calls("C-1", "C-3"), on=6)
    assert loading.calls() == ["C-1", "C-3", "C-4"]


@pytest.mark.parametrize("text", ["some", "2026-11-01", "2026-11-08:2026-11-01", "2026-13-01:2026-14-01", ""])
def test_a_window_that_cannot_be_understood_is_told_so(text: str) -> None:
    with pytest.raises(WrongUse, match="--full-window"):
        declared(text)
