"""NICE CXone: the contact report on real files, completed contacts of the data API on a synthetic twin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.etl.sources.loaded import Loaded, load_files, written


@pytest.fixture(scope="module")
def reports(samples: Path, public_data: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Loaded]:
    """Each of the two real reports in a centre of its own: they share contacts."""
    files = {
        "sample": samples / "nice_cxone" / "contact_report_342_calls_masked.csv",
        "data": public_data / "cxone_outbound_calls" / "calls_2021-07-12_14.csv",
    }
    return {name: load_files(tmp_path_factory.mktemp(name), [path]) for name, path in files.items()}


TOTALS = [
    # report, rows, outbound, inbound, abandoned of the inbound, wait in seconds of all
    ("sample", 342, 300, 42, 4),
    ("data", 2_976, 2_958, 18, 3),
]


@pytest.mark.parametrize(("name", "rows", "outbound", "inbound", "abandoned"), TOTALS)
def test_a_real_report_gives_its_published_counts(
    reports: dict[str, Loaded], name: str, rows: int, outbound: int, inbound: int, abandoned: int
) -> None:
    report = reports[name]
    result = next(iter(report.results.values()))
    assert (result.layout, result.good, result.quarantined) == ("nice_cxone_contact_report", rows, 0)
    directions = dict(report["contact"]["direction"].value_counts().iter_rows())
    assert directions == {"outbound": outbound, "inbound": inbound}
    assert report["contact"].filter(outcome_code="Y").height == abandoned


def test_times_of_the_sample(reports: dict[str, Loaded]) -> None:
    inbound = reports["sample"]["leg"].filter(leg_type="queue")
    everything = reports["sample"]["leg"]
    assert (everything["total_ms"] - everything["wait_ms"]).sum() >= everything["talk_ms"].sum()
    assert inbound.filter(end_reason="abandon")["agent_id"].null_count() == 4
    assert (everything["talk_ms"].sum(), everything["wait_ms"].sum()) == (20_157_000, 659_000)


def test_times_of_the_longer_report(reports: dict[str, Loaded]) -> None:
    legs = reports["data"]["leg"]
    assert legs["agent_id"].n_unique() - 1 <= 17
    worked = legs["talk_ms"].fill_null(0).sum() / 1000
    # the mean of all rows, of which 20 hold no agent's time
    assert worked / legs.height == pytest.approx(57.961, abs=0.0005)
    assert legs.filter(pl.col("talk_ms").is_null()).height == 20


REPORT_HEADER = (
    "contact_id,Client-Phone,skill_name,campaign_name,agent_no,start_date,start_time,PreQueue,InQueue,Agent_Time,"
    "Total_Time,Abandon_Time,abandon\n"
)
DAYS = [
    # the day comes before the month: where both could be, the declared order decides
    ("03-04-2024", "2024-04-03", None),
    ("13-04-2024", "2024-04-13", None),
    ("04-13-2024", None, "start_date:not_a_date_as_declared"),
]


@pytest.mark.parametrize(("written_day", "day", "reason"), DAYS)
def test_day_before_month(tmp_path: Path, written_day: str, day: str | None, reason: str | None) -> None:
    row = f"1,3035550101,Inbound,City,77,{written_day},08:30:00,5,10,60,75,0,N\n"
    loaded = load_files(tmp_path / "centre", written(tmp_path, {"report.csv": REPORT_HEADER + row}))
    assert [f"{at:%Y-%m-%d}" for at in loaded["contact"]["entered_at"]] == ([day] if day else [])
    assert loaded.results["report.csv"].reasons == ({reason: 1} if reason else {})


def test_parts_that_are_not_the_total_are_put_aside(tmp_path: Path) -> None:
    row = "1,3035550101,Inbound,City,77,03-04-2024,08:30:00,5,10,60,76,0,N\n"
    loaded = load_files(tmp_path / "centre", written(tmp_path, {"report.csv": REPORT_HEADER + row}))
    assert loaded.results["report.csv"].reasons == {"parts_are_not_the_total": 1}


# ---- completed contacts ------------------------------------------------------------------------------------------------


def contact(key: int, **more: Any) -> dict[str, Any]:
    return {
        "contactId": key, "masterContactId": key, "contactStart": "2024-05-06T15:00:00.000Z", "preQueueSeconds": 10,
        "inQueueSeconds": 20, "agentSeconds": 100, "holdSeconds": 15, "holdCount": 1, "confSeconds": 0,
        "ACWSeconds": 0, "totalDurationSeconds": 130, "abandoned": False, "isShortAbandon": False, "isRefused": False,
        "isOutbound": False, "agentId": 7, "skillName": "General", "mediaTypeName": "Call", "fromAddr": "3035550101",
        "lastUpdateTime": "2024-05-06T15:03:00.000Z", "dateACWWarehoused": None, **more,
    }  # fmt: skip


EARLY = [
    contact(1),
    contact(2, agentId=0, agentSeconds=0, holdSeconds=0, abandoned=True, inQueueSeconds=45.5),
    contact(3, transferIndicatorName="Cold Transfer", dateACWWarehoused="2024-05-06T15:04:00.000Z", ACWSeconds=12),
    contact(4, masterContactId=3, contactStart="2024-05-06T15:02:10.000Z", agentId=8, skillName="Permits"),
]
LATER = [
    contact(1, ACWSeconds=30, dateACWWarehoused="2024-05-06T15:05:00.000Z", lastUpdateTime="2024-05-06T15:05:00.000Z")
]


def test_work_after_the_contact_is_unknown_until_it_is_warehoused(tmp_path: Path) -> None:
    early = json.dumps({"completedContacts": EARLY, "totalRecords": 4})
    later = json.dumps({"completedContacts": LATER, "totalRecords": 1})
    first = load_files(tmp_path / "centre", written(tmp_path, {"early.json": early}))
    assert first.layouts() == {"early.json": "nice_cxone_contacts"}
    names = ["queue_id", "agent_id", "wait_ms", "talk_ms", "hold_ms", "acw_ms", "end_reason"]
    assert first["leg"].sort("source_key").select(names).rows() == [
        ("General", "7", 20_000, 85_000, 15_000, None, None),
        ("General", None, 45_500, None, None, None, "abandon"),
        ("General", "7", 20_000, 85_000, 15_000, 12_000, "blind_transfer"),
        ("Permits", "8", 20_000, 85_000, 15_000, None, None),
    ]
    assert first["contact"].height == 3
    then = load_files(tmp_path / "centre", written(tmp_path, {"later.json": later}))
    assert then["leg"].sort("source_key")["acw_ms"].to_list() == [30_000, None, 12_000, None]


SPELLS = [
    # index, start, state id, description, seconds, and what it is
    (1, "2024-07-15T14:00:00.000Z", 8, None, 1, "not_ready"),
    (2, "2024-07-15T14:00:01.000Z", 2, "Break", 599, "not_ready"),
    (3, "2024-07-15T14:10:00.000Z", 1, None, 300, "available"),
    (4, "2024-07-15T14:15:00.000Z", 3, None, 120, "handling"),
    (5, "2024-07-15T14:17:00.000Z", 2, "ACW", 30, "acw"),
    (6, "2024-07-15T14:17:30.000Z", 0, None, 0, "offline"),
]


def test_states_of_the_adherence_export(tmp_path: Path) -> None:
    rows = [
        {"agentId": 7, "agentSessionId": 90, "stateIndex": index, "startDate": start, "agentStateId": state,
         "skillId": None, "outStateId": 1, "outStateDescription": said, "duration": seconds}
        for index, start, state, said, seconds, _ in SPELLS
    ]  # fmt: skip
    files = written(tmp_path, {"states.json": json.dumps({"wfmAgentsScheduleAdherence": rows})})
    loaded = load_files(tmp_path / "centre", files)
    assert loaded.layouts() == {"states.json": "nice_cxone_agent_states"}
    found = loaded["agent_state"].sort("start_at", "dur_ms")
    assert sorted(zip(found["state"], found["dur_ms"], strict=True)) == sorted(
        (what, 1000 * seconds) for *_, seconds, what in SPELLS
    )
