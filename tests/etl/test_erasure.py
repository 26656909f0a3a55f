"""Forgetting a caller, and what is older than its class allows: a planted marker is found nowhere, totals stay."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

import metrics as m
from etl.erasure import erase
from etl.load import load
from etl.retention import retain
from sql import WrongUse
from tests.conftest import NOW

CALLER = "+1 (303) 555-0142"
DIGITS = "3035550142"
# first and last in any order of text, so that neither end of a column's range may keep it
MARKERS = ("!!planted-marker", "~~planted-marker")
EVERYONE = m.Scope.whole_centre()
CALLS = f"""call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller
C1,water,A1,voice,inbound,2026-11-10T09:00:00,5,60,0,10,answered,{CALLER}
C2,water,A1,voice,inbound,2026-11-10T11:00:00,5,60,0,10,answered,{CALLER}
C3,water,A2,voice,inbound,2026-11-10T12:00:00,5,60,0,10,answered,+13035550199
C4,water,A2,voice,inbound,not a time,5,60,0,10,answered,{CALLER}
"""
CASES = f"""case_number,opened_at,status,channel,request_type,department,due_at,closed_at,kind,closure_reason,parent_case_number,opened_by,call_id,caller,area
K1,2026-11-10T09:01:00-07:00,new,voice,Leak,Water,,,request,,,A1,C1,{CALLER},
K2,2026-11-10T12:01:00-07:00,new,voice,Leak,Water,,,request,,,A2,C3,+13035550199,
"""
EVENTS = f"""case_number,happened_at,event,from_value,to_value,done_by,visibility,text
K1,2026-11-10T09:02:00-07:00,noted,,,A1,internal,{MARKERS[0]} lives at the corner
K1,2026-11-10T09:03:00-07:00,noted,,,A1,internal,{MARKERS[1]} called again
K2,2026-11-10T12:02:00-07:00,noted,,,A2,internal,nothing of the sort
"""


@pytest.fixture(scope="module")
def told(blank_centre: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre with a caller's two calls, a case and its notes; a line put aside, and a report that names the number."""
    centre = Path(shutil.copytree(blank_centre, tmp_path_factory.mktemp("told") / "centre"))
    for name, text in (("plain_calls.csv", CALLS), ("plain_cases.csv", CASES), ("plain_case_events.csv", EVENTS)):
        path = centre / "inbox" / name
        path.write_text(text, encoding="utf-8")
    assert {one.verdict for one in load(centre, [], now=NOW)} == {"accepted"}
    (centre / "reports").mkdir()
    (centre / "reports" / "odd.html").write_text("Call back 303-555-0142")
    assert any(found(centre, MARKERS[1]))
    assert any(found(centre, DIGITS, "303) 555-0142", "303-555-0142"))
    return centre


@pytest.fixture
def centre(told: Path, tmp_path: Path) -> Path:
    """A copy of it, to do with as a test likes."""
    return Path(shutil.copytree(told, tmp_path / "centre"))


def found(folder: Path, *words: str) -> Iterator[str]:
    """Every file under a folder that holds a word, also within the pages of Parquet."""
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        content = path.read_bytes()
        if path.suffix == ".parquet":
            rows = duckdb.sql(f"from read_parquet('{path}')").pl()
            content += "\n".join(rows.select(pl.col(pl.String).str.join("\n")).row(0)).encode() if rows.width else b""
        yield from (f"{path.relative_to(folder)}: {word}" for word in words if word.encode() in content)


def figures(folder: Path) -> list[object]:
    with m.open_centre(folder) as city:
        during = m.Period(datetime(2026, 11, 10, tzinfo=UTC).date(), datetime(2026, 11, 12, tzinfo=UTC).date())
        names = ["contacts_offered", "legs_handled", "requests_created", "service_level", "average_handle_time"]
        callers = city.table("contact")["caller_key"].drop_nulls().value_counts()["count"].sort().to_list()
        return [*m.measure(city, names, during=during, scope=EVERYONE)["value"], callers]


@pytest.mark.slow
def test_a_caller_is_found_nowhere_and_every_total_stays(centre: Path) -> None:
    before = figures(centre)
    with m.open_centre(centre) as city:
        key = city.table("contact").filter(source_key="C1")["caller_key"][0]
    done = erase(centre, CALLER, now=NOW)
    assert figures(centre) == before
    assert before[-1] == [1, 2], "repeat contacts stay repeat contacts"
    assert list(found(centre, *MARKERS, DIGITS, "303) 555-0142", "303-555-0142", key)) == []
    assert done.rows["contact"] == 2
    assert done.rows["case_event"] == 3
    assert "Totals stay" in done.as_text()
    kept = next((centre / "certificates").iterdir()).read_text()
    assert DIGITS not in kept
    with m.open_centre(centre) as city:
        notes = city.table("case_event")["text"].drop_nulls().unique().to_list()
    assert notes == ["nothing of the sort"]


def test_a_number_that_nobody_called_from_changes_nothing(centre: Path) -> None:
    assert "nothing was changed" in erase(centre, "303-555-0000", now=NOW).as_text()
    with pytest.raises(WrongUse, match="at least 7"):
        erase(centre, "911", now=NOW)


RETENTION = "[keep]\nnotes = 5\ncallers = 5\nput_aside = 1\nexports = 1\n"
LATER = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.slow
def test_what_is_older_than_its_class_allows_goes_and_totals_stay(centre: Path) -> None:
    with pytest.raises(WrongUse, match=r"retention\.toml"):
        retain(centre, now=LATER)
    (centre / "retention.toml").write_text(RETENTION)
    before = figures(centre)
    done = retain(centre, now=LATER)
    (centre / "reports" / "odd.html").unlink()
    assert figures(centre)[:-1] == before[:-1]
    assert list(found(centre, *MARKERS, DIGITS, "303) 555-0142")) == []
    assert done.exports == 6, "three landed copies and the inbox's own"
    assert retain(centre, now=LATER).as_text() == "Nothing is older than retention.toml allows."


def test_what_is_under_legal_hold_stays(centre: Path) -> None:
    held = '[[hold]]\nreason = "Roe v. Riverbend"\nfrom = 2026-11-01\n'
    (centre / "retention.toml").write_text(RETENTION + held)
    done = retain(centre, now=LATER)
    assert sum(done.rows.values()) == done.exports == 0
    assert any(found(centre, MARKERS[1]))
    assert "held: Roe v. Riverbend" in done.as_text()


WRONG = [
    ("[keep]\nnots = 3", "nots is not known. Did you mean notes"),
    ("[keep]\nnotes = 0", "0 came, expected was greater"),
    ("keep", "retention.toml"),
    # it held nothing, and what should have stayed was destroyed
    (
        '[[hold]]\nreason = "Roe"\nfrom = 2026-05-01\nto = 2026-01-01',
        "'Roe' goes from 2026-05-01 to 2026-01-01 and holds no day",
    ),
]


@pytest.mark.parametrize(("text", "words"), WRONG)
def test_wrong_settings_are_told_by_place(empty_centre: Path, text: str, words: str) -> None:
    (empty_centre / "retention.toml").write_text(text)
    with pytest.raises(WrongUse, match=words):
        retain(empty_centre, now=LATER)
