"""Five9's call log, on a synthetic twin written from the documented columns."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.etl.sources.loaded import Loaded, disagreements, load_files, written

LOG = """\
CALL ID,TIMESTAMP,CAMPAIGN,CALL TYPE,AGENT,AGENT NAME,DISPOSITION,ANI,CUSTOMER NAME,DNIS,CALL TIME,IVR TIME,QUEUE WAIT TIME,RING TIME,TALK TIME,HOLD TIME,PARK TIME,AFTER CALL WORK TIME,TRANSFERS,CONFERENCES,HOLDS,ABANDONED,SKILL
3001,"Mon, 15 Jan 2024 08:00:00",City Line,Inbound,ann@city.example,Ann,Resolved,3035550101,X,3115550000,00:05:30,00:00:30,00:00:20,00:00:10,00:04:00,00:00:30,00:00:00,00:00:45,0,0,1,0,General
3002,"Mon, 15 Jan 2024 08:10:00",City Line,Inbound,[None],[None],Abandon,3035550102,X,3115550000,00:01:10,00:00:30,00:00:40,00:00:00,00:00:00,00:00:00,00:00:00,00:00:00,0,0,0,1,General
3003,"Mon, 15 Jul 2024 08:20:00",City Line,Inbound,ann@city.example,Ann,Transferred To 3rd Party,3035550103,X,3115550000,00:03:00,00:00:20,00:00:10,00:00:05,00:02:00,00:00:00,00:00:00,00:00:15,1,0,0,0,General
3003,"Mon, 15 Jul 2024 08:22:30",City Line,Inbound,bob@city.example,Bob,Resolved,3035550103,X,3115550000,26:00:01,00:00:00,00:00:05,00:00:05,25:59:00,00:00:00,00:00:00,00:00:00,0,0,0,0,Permits
3004,"Mon, 15 Jan 2024 08:40:00",City Line,Inbound,[Deleted],[Deleted],Caller Disconnected,3035550104,X,3115550000,00:00:25,00:00:25,00:00:00,00:00:00,00:00:00,00:00:00,00:00:00,00:00:00,0,0,0,0,[None]
3005,"Mon, 15 Jan 2024 08:50:00",Survey,Outbound,bob@city.example,Bob,Resolved,3115550000,X,3035550105,00:01:40,00:00:00,00:00:00,00:00:10,00:01:30,00:00:00,00:00:00,00:00:20,0,0,0,0,
"""
LEGS = [
    ("3001", "queue", "General", "ann@city.example", 30_000, 240_000, 30_000, 45_000, None),
    ("3002", "queue", "General", None, 40_000, None, None, None, "abandon"),
    ("3003", "queue", "General", "ann@city.example", 15_000, 120_000, 0, 15_000, "blind_transfer"),
    # more than a day of talk, written as hours
    ("3003", "queue", "Permits", "bob@city.example", 10_000, 93_540_000, 0, 0, None),
    ("3004", "ivr", "City Line", None, 0, None, None, None, "system"),
    ("3005", "outbound", "Survey", "bob@city.example", 10_000, 90_000, 0, 20_000, None),
]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("five9")
    return load_files(folder / "centre", written(folder, {"calls.csv": LOG}), zone="America/Denver")


def test_the_rows_of_a_call_log(log: Loaded) -> None:
    result = log.results["calls.csv"]
    assert (result.layout, result.good, result.quarantined) == ("five9_call_log", 6, 0)
    legs = log["leg"].join(log["contact"].select("contact_id", "chain_key"), on="contact_id")
    names = ["leg_type", "queue_id", "agent_id", "wait_ms", "talk_ms", "hold_ms", "acw_ms", "end_reason"]
    assert legs.select("chain_key", *names).sort("chain_key", "queue_id").rows() == LEGS


def test_rows_of_one_call_id_are_one_contact(log: Loaded) -> None:
    contacts = log["contact"].sort("chain_key").select("chain_key", "direction", "outcome").rows()
    assert contacts == [
        ("3001", "inbound", "answered"), ("3002", "inbound", "abandoned"), ("3003", "inbound", "answered"),
        ("3004", "inbound", "self_served"), ("3005", "outbound", "answered"),
    ]  # fmt: skip


def test_local_times_follow_the_clock_of_the_day(log: Loaded) -> None:
    begins = log["contact"].sort("chain_key")["entered_at"].to_list()
    assert begins[0] == datetime(2024, 1, 15, 15, 0)  # noqa: DTZ001
    assert begins[2] == datetime(2024, 7, 15, 14, 20)  # noqa: DTZ001


def test_no_residents_number_is_kept(log: Loaded) -> None:
    assert not log["source_record"]["fields"].str.contains("30355501").any()


def test_a_call_id_damaged_by_a_spreadsheet_is_put_aside(tmp_path: Path) -> None:
    damaged = LOG.replace("3001,", "1.23E+11,", 1)
    loaded = load_files(tmp_path / "centre", written(tmp_path, {"calls.csv": damaged}))
    assert loaded.results["calls.csv"].reasons == {"call_id:damaged_identifier": 1}


def test_durations_of_a_call_log_are_those_between_its_times(log: Loaded) -> None:
    assert disagreements(log["leg"]).is_empty()


STATES = """\
AGENT NAME,AGENT,TIMESTAMP,DATE,HOUR,LOGIN TIMESTAMP,LOGOUT TIMESTAMP,LOGIN TIME,AGENT STATE TIME,REASON CODE,STATE
Ann,ann@city.example,"Mon, 15 Jul 2024 08:00:00",2024/07/15,08,"Mon, 15 Jul 2024 08:00:00","Mon, 15 Jul 2024 12:00:00",04:00:00,00:00:00,[None],Login
Ann,ann@city.example,"Mon, 15 Jul 2024 08:00:00",2024/07/15,08,,,,00:05:00,Not Ready,Not Ready
Ann,ann@city.example,"Mon, 15 Jul 2024 08:05:00",2024/07/15,08,,,,00:15:00,No Reason,Ready
Ann,ann@city.example,"Mon, 15 Jul 2024 08:20:00",2024/07/15,08,,,,00:02:00,No Reason,On Call
Ann,ann@city.example,"Mon, 15 Jul 2024 08:22:00",2024/07/15,08,,,,00:00:15,No Reason,After Call Work
Ann,ann@city.example,"Mon, 15 Jul 2024 12:00:00",2024/07/15,12,,,,00:00:00,[None],Logout
"""


def test_the_agent_state_report_belongs_to_the_same_source(tmp_path: Path) -> None:
    files = written(tmp_path, {"calls.csv": LOG, "states.csv": STATES})
    loaded = load_files(tmp_path / "centre", files, zone="America/Denver")
    assert loaded.layouts()["states.csv"] == "five9_agent_state"
    spells = loaded["agent_state"].filter(loaded["agent_state"]["state"] != "offline").sort("start_at")
    assert spells.select("state", "dur_ms", "reason_code").rows() == [
        ("not_ready", 300_000, "Not Ready"), ("available", 900_000, None), ("handling", 120_000, None), ("acw", 15_000, None),
    ]  # fmt: skip
    assert spells["start_at"][0] == datetime(2024, 7, 15, 14)  # noqa: DTZ001
    assert set(spells["source_id"]) == {"five9_call_log"}
