"""Cisco: the detail tables of Unified CCX and the termination call detail of Unified CCE, on synthetic twins."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from tests.etl.sources.loaded import Loaded, disagreements, load_files, written

# the twin calls a contact in time by a threshold of its own, which is not this centre's target
OWN_THRESHOLD = frozenset({"i16_service_level_of_the_source"})

# A call that waits for two queues at once and rings at one agent before another takes it; an abandoned one; a caller
# whom the script helped; an outbound call; a call over midnight. Times are UTC, as the database keeps them.
CALLS = """\
sessionID,sessionSeqNum,nodeID,profileID,contactType,contactDisposition,originatorDN,destinationDN,startDateTime,endDateTime,calledNumber,origCalledNumber,transfer,conference,caseNumber
1001,0,1,1,1,2,3035550101,2001,2024-01-15 15:00:00.123,2024-01-15 15:06:00.000,5000,5000,f,f,C-77
1002,0,1,1,1,1,3035550102,,2024-01-15 15:10:00.000,2024-01-15 15:10:45.000,5000,5000,f,f,
1003,0,1,1,1,2,3035550103,,2024-01-15 15:20:00.000,2024-01-15 15:21:00.000,5000,5000,f,f,
1004,0,1,1,2,2,2001,3035550104,2024-07-15 15:30:00.000,2024-07-15 15:32:10.000,93035550104,93035550104,f,f,
1005,0,1,1,1,2,3035550105,2002,2024-01-15 23:58:00.000,2024-01-16 00:05:00.000,5000,5000,t,f,
"""
QUEUES = """\
sessionID,sessionSeqNum,nodeID,profileID,targetType,targetID,qIndex,queueOrder,disposition,metServiceLevel,queueTime,startDateTime,endDateTime
1001,0,1,1,0,11,1,1,2,t,20,2024-01-15 15:00:30.123,2024-01-15 15:00:50.123
1001,0,1,1,0,12,1,2,5,f,20,2024-01-15 15:00:30.123,2024-01-15 15:00:50.123
1002,0,1,1,0,11,1,1,1,f,25,2024-01-15 15:10:20.000,2024-01-15 15:10:45.000
1005,0,1,1,0,12,1,1,2,t,40,2024-01-15 23:58:30.000,2024-01-15 23:59:10.000
"""
CONNECTIONS = """\
sessionID,sessionSeqNum,nodeID,profileID,resourceID,startDateTime,endDateTime,qIndex,ringTime,talkTime,holdTime,workTime,callWrapupData,rna,csqrecordid
1001,0,1,1,501,2024-01-15 15:00:35.123,2024-01-15 15:00:45.123,1,10,0,0,0,,t,11
1001,0,1,1,502,2024-01-15 15:00:45.123,2024-01-15 15:06:00.123,1,5,250,30,30,Street light,f,11
1004,0,1,1,501,2024-07-15 15:30:00.000,2024-07-15 15:32:10.000,,10,100,0,20,,f,-1
1005,0,1,1,502,2024-01-15 23:59:05.000,2024-01-16 00:05:30.000,1,5,350,0,30,,f,12
"""
STATES = """\
agentID,eventDateTime,gmtOffset,eventType,reasonCode,profileID
502,2024-01-15 14:58:00.000,0,1,0,1
502,2024-01-15 14:58:00.500,0,2,32760,1
502,2024-01-15 14:59:00.000,0,3,0,1
502,2024-01-15 15:00:45.000,0,4,0,1
502,2024-01-15 15:00:50.000,0,5,0,1
502,2024-01-15 15:05:30.000,0,6,0,1
502,2024-01-15 15:06:00.000,0,3,0,1
502,2024-01-15 15:30:00.000,0,7,0,1
"""


@pytest.fixture(scope="module")
def uccx(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("uccx")
    files = {"calls.csv": CALLS, "queues.csv": QUEUES, "connections.csv": CONNECTIONS, "states.csv": STATES}
    return load_files(folder / "centre", written(folder, files), zone="America/Denver", may_be_open=OWN_THRESHOLD)


def test_the_tables_of_uccx_are_told_by_their_headers_and_are_one_source(uccx: Loaded) -> None:
    assert uccx.layouts() == {
        "calls.csv": "cisco_uccx_contact_call_detail",
        "queues.csv": "cisco_uccx_contact_queue_detail",
        "connections.csv": "cisco_uccx_agent_connection_detail",
        "states.csv": "cisco_uccx_agent_state_detail",
    }
    assert {result.quarantined for result in uccx.results.values()} == {0}
    assert uccx["leg"]["source_id"].unique().to_list() == ["cisco_uccx"]


UCCX_LEGS = [
    # session, leg type, queue, agent, wait, ring, talk, hold, acw, end
    ("1001", "queue", "11", "502", 20_000, 5_000, 250_000, 30_000, 30_000, None),
    ("1001", "queue", "12", None, 20_000, None, None, None, None, "dequeued"),
    ("1002", "queue", "11", None, 25_000, None, None, None, None, "abandon"),
    ("1003", "ivr", None, None, None, None, None, None, None, None),
    ("1004", "outbound", None, "501", 10_000, 10_000, 100_000, 0, 20_000, None),
    ("1005", "queue", "12", "502", 40_000, 5_000, 350_000, 0, 30_000, "blind_transfer"),
]


def test_the_legs_of_uccx(uccx: Loaded) -> None:
    legs = uccx["leg"].join(uccx["contact"].select("contact_id", "chain_key"), on="contact_id")
    names = ["leg_type", "queue_id", "agent_id", "wait_ms", "ring_ms", "talk_ms", "hold_ms", "acw_ms", "end_reason"]
    assert legs.select("chain_key", *names).sort("chain_key", "queue_id").rows() == UCCX_LEGS


def test_durations_of_uccx_are_those_between_its_times(uccx: Loaded) -> None:
    assert disagreements(uccx["leg"]).is_empty()


def test_the_contacts_of_uccx(uccx: Loaded) -> None:
    contacts = uccx["contact"].sort("chain_key").select("chain_key", "direction", "outcome").rows()
    assert contacts == [
        ("1001", "inbound", "answered"),
        ("1002", "inbound", "abandoned"),
        ("1003", "inbound", "self_served"),
        ("1004", "outbound", "answered"),
        ("1005", "inbound", "answered"),
    ]
    assert uccx["contact_case"]["case_number"].to_list() == ["C-77"]


def test_the_databases_times_are_utc_in_january_and_in_july(uccx: Loaded) -> None:
    begins = uccx["contact"].sort("chain_key")["entered_at"].to_list()
    assert begins[0] == datetime(2024, 1, 15, 15, 0, 0, 123_000)  # noqa: DTZ001
    assert begins[3] == datetime(2024, 7, 15, 15, 30)  # noqa: DTZ001


def test_an_unanswered_ring_is_an_event_and_not_a_leg(uccx: Loaded) -> None:
    assert uccx["leg_event"].select("type", "agent_id", "dur_ms").rows() == [("ring", "501", 10_000)]


UCCX_SPELLS = [
    ("available", 500, None), ("not_ready", 59_500, "32760"), ("available", 105_000, None), ("ringing", 5_000, None),
    ("handling", 280_000, None), ("acw", 30_000, None), ("available", 1_440_000, None),
]  # fmt: skip


def test_a_state_lasts_until_the_agents_next_row(uccx: Loaded) -> None:
    spells = uccx["agent_state"].sort("start_at")
    assert spells.select("state", "dur_ms", "reason_code").rows() == UCCX_SPELLS
    assert spells["end_by"].to_list()[-1] == "log_off"


@pytest.mark.slow
def test_the_order_of_the_tables_does_not_matter(uccx: Loaded, tmp_path: Path) -> None:
    files = {"states.csv": STATES, "connections.csv": CONNECTIONS, "calls.csv": CALLS, "queues.csv": QUEUES}
    paths = written(tmp_path, files)
    for part in (paths[:2], paths[2:]):
        loaded = load_files(tmp_path / "centre", part, zone="America/Denver", may_be_open=OWN_THRESHOLD)
    for table, key in [("contact", "contact_id"), ("leg", "leg_id"), ("agent_state", "state_id")]:
        without = pl.all().exclude("load_id", "line_no", "exported_at")
        assert loaded[table].select(without).sort(key).equals(uccx[table].select(without).sort(key)), table


# ---- Unified CCE ---------------------------------------------------------------------------------------------------

# DateTime is the end of the leg in the controller's local time, TimeZone the minutes to UTC: 420 in January, 360 in
# July. A leg rang at one agent, then another took it; a call was transferred; a row was never routed.
TCD_HEADER = (
    "RecoveryKey,RouterCallKeyDay,RouterCallKey,RouterCallKeySequenceNumber,ICRCallKeyParent,PeripheralID,DateTime,TimeZone,"
    "Duration,LocalQTime,RingTime,TalkTime,HoldTime,WorkTime,DelayTime,CallDisposition,PeripheralCallType,"
    "AgentSkillTargetID,SkillGroupSkillTargetID,CallTypeID,ANI,DNIS,Variable1\n"
)
TCD = TCD_HEADER + """\
9001,152300,77,1,,5000,2024-01-15 08:00:42.000,420,42,30,12,0,0,0,0,19,2,601,701,31,3035550101,5000,
9002,152300,77,2,,5000,2024-01-15 08:05:00.000,420,258,20,8,180,20,30,0,13,2,602,701,31,3035550101,5000,
9003,152300,78,1,,5000,2024-01-15 08:10:00.000,420,35,35,0,0,0,0,0,2,2,NULL,701,31,3035550102,5000,
9004,152482,79,1,,5000,2024-07-15 08:20:00.000,360,130,10,0,100,0,20,0,28,2,602,702,31,3035550103,5000,
9005,152300,0,0,881,5000,2024-01-15 08:30:00.000,420,60,0,5,55,0,0,0,13,10,602,NULL,31,2001,2002,
9006,152300,80,1,,5000,2024-01-16 00:00:30.000,420,90,0,0,0,0,0,90,13,42,NULL,NULL,31,3035550104,5000,
"""  # fmt: skip


@pytest.fixture(scope="module")
def ucce(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("ucce")
    return load_files(
        folder / "centre", written(folder, {"tcd.csv": TCD}), zone="America/Denver", may_be_open=OWN_THRESHOLD
    )


def test_the_legs_of_termination_call_detail(ucce: Loaded) -> None:
    assert ucce.layouts() == {"tcd.csv": "cisco_ucce_termination_call_detail"}
    names = ["leg_type", "queue_id", "agent_id", "wait_ms", "talk_ms", "hold_ms", "acw_ms", "end_reason"]
    assert ucce["leg"].sort("source_key").select(names).rows() == [
        ("direct", "701", None, 42_000, None, None, None, "rna"),
        ("queue", "701", "602", 28_000, 180_000, 20_000, 30_000, None),
        ("queue", "701", None, 35_000, None, None, None, "abandon"),
        ("queue", "702", "602", 10_000, 100_000, 0, 20_000, "blind_transfer"),
        ("internal", "31", "602", 5_000, 55_000, 0, 0, None),
        ("ivr", "31", None, 90_000, None, None, None, "system"),
    ]
    assert ucce["leg_event"].select("type", "agent_id", "dur_ms").rows() == [("ring", "601", 12_000)]


def test_the_legs_of_one_router_call_are_one_contact(ucce: Loaded) -> None:
    contacts = dict(ucce["contact"].select("chain_key", "outcome").rows())
    assert contacts == {
        "152300/77": "answered", "152300/78": "abandoned", "152482/79": "answered", "5000/881": "answered",
        "152300/80": "unknown",
    }  # fmt: skip


UTC_TIMES = [
    ("9002", "2024-01-15 15:00:42", "2024-01-15 15:01:10", "2024-01-15 15:04:30", "2024-01-15 15:05:00"),
    ("9004", "2024-07-15 14:17:50", "2024-07-15 14:18:00", "2024-07-15 14:19:40", "2024-07-15 14:20:00"),
]


@pytest.mark.parametrize("expected", UTC_TIMES, ids=["January", "July"])
def test_times_come_from_the_rows_own_minutes_to_utc(ucce: Loaded, expected: tuple[str, ...]) -> None:
    leg = ucce["leg"].filter(pl.col("source_key").str.ends_with(expected[0]))
    times = leg.select("queue_enter_at", "answered_at", "released_at", "acw_end_at").row(0)
    assert tuple(map(str, times)) == expected[1:]


# The trace of one agent's states, and of calls that leave the state as it was; July's clock is 360 minutes behind UTC.
TRACE = """\
RecoveryKey,SkillTargetID,DateTime,TimeZone,EventName,AgentState,ReasonCode,MRDomainID
1,602,2024-07-15 08:00:00.000,360,1,1,NULL,1
2,602,2024-07-15 08:00:01.000,360,2,2,101,1
3,602,2024-07-15 08:10:00.000,360,3,3,0,1
4,602,2024-07-15 08:17:45.000,360,8,8,0,1
5,602,2024-07-15 08:17:50.000,360,4,4,0,1
6,602,2024-07-15 08:18:30.000,360,10,10,0,1
7,602,2024-07-15 08:18:50.000,360,11,4,0,1
8,602,2024-07-15 08:19:40.000,360,6,6,0,1
9,602,2024-07-15 08:20:00.000,360,3,3,0,1
10,602,2024-07-15 08:30:00.000,360,0,0,0,1
"""
UCCE_SPELLS = [
    ("available", 1_000, None), ("not_ready", 599_000, "101"), ("available", 465_000, None), ("ringing", 5_000, None),
    ("handling", 110_000, None), ("acw", 20_000, None), ("available", 600_000, None),
]  # fmt: skip


def test_the_trace_of_ucce_gives_states_beside_the_legs(ucce: Loaded, tmp_path: Path) -> None:
    files = written(tmp_path, {"tcd.csv": TCD, "trace.csv": TRACE})
    both = load_files(tmp_path / "centre", files, zone="America/Denver", may_be_open=OWN_THRESHOLD)
    assert both.layouts()["trace.csv"] == "cisco_ucce_agent_state_trace"
    spells = both["agent_state"].sort("start_at")
    assert spells.select("state", "dur_ms", "reason_code").rows() == UCCE_SPELLS
    assert str(spells["start_at"][0]) == "2024-07-15 14:00:00"
    assert both["leg"].height == ucce["leg"].height
    assert both["leg_event"].height == ucce["leg_event"].height


# ---- real-time figures of Unified CCX: real responses ----------------------------------------------------------------


@pytest.fixture(scope="module")
def realtime(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    files = [samples / "cisco_uccx" / f"realtime_{name}.json" for name in ("ResourceIAQStats", "VoiceIAQStats")]
    return load_files(tmp_path_factory.mktemp("realtime"), files)


def test_real_time_figures_are_milliseconds_and_never_final(realtime: Loaded) -> None:
    assert list(realtime.layouts().values()) == ["cisco_uccx_realtime_resources", "cisco_uccx_realtime_queues"]
    stats = realtime["interval_stat"]
    first = dict(stats.filter(agent_id="zbryan").select("item", "value").rows())
    assert (first["handled"], first["talk_time"], first["talk_time_mean"]) == (338, 25_684_063, 76_002)
    # the mean that is printed is not the mean of the totals: it is kept beside them and added to nothing
    assert round(first["talk_time"] / first["handled"]) == 75_988
    assert not stats["is_complete"].any()
    queue = dict(stats.filter(queue_id="Pending Order Queries").select("item", "value").rows())
    assert queue["offered"] == queue["handled"] + queue["abandoned"] + queue["dequeued"] == 8
