"""VICIdial: agent reports on real files, the inbound and the agents' log on synthetic twins."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.etl.sources.loaded import Loaded, load_files, written


@pytest.fixture(scope="module")
def reports(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return load_files(tmp_path_factory.mktemp("vicidial"), sorted((samples / "vicidial").glob("*.txt")))


REPORTS = [
    # file, rows of agents; all other lines are blank ones, days and headers
    ("AGENT_DAY_2011-05-28.txt", 3),
    ("AGENT_DAY_PIPE_2011-05-28.txt", 3),
    ("AGENT_HOURS_2010-09-26_2010-10-02.txt", 0),
    ("AGENT_HOURS_2011-03-06_2011-03-12.txt", 95),
    ("AGENT_HOURS_2011-05-01_2011-05-07.txt", 185),
]


@pytest.mark.parametrize(("file", "good"), REPORTS)
def test_real_reports(reports: Loaded, samples: Path, file: str, good: int) -> None:
    result = reports.results[file]
    assert (result.layout, result.verdict) == ("vicidial_agent_report", "accepted")
    lines = len((samples / "vicidial" / file).read_text().splitlines())
    assert (result.rows_read, result.good, result.blank, result.quarantined) == (lines, good, lines - good, 0)


def test_the_same_day_in_two_shapes_is_one(reports: Loaded) -> None:
    day = reports["interval_stat"].filter(pl.col("source_key").str.starts_with("2011-05-28"))
    assert day["agent_id"].n_unique() == 3
    assert day.filter(item="handled")["value"].sum() == 5


def test_a_name_that_runs_into_the_log_in(reports: Loaded) -> None:
    stats = reports["interval_stat"].filter(pl.col("source_key").str.starts_with("2011-05-02"), agent_id="60036")
    figures = dict(stats.select("item", "value").rows())
    assert figures["handled"] == 59
    assert figures["talk_time"] == (48 * 60 + 22) * 1000
    assert figures["staffed_time"] == (3 * 3600 + 31 * 60 + 12) * 1000


def test_active_time_beyond_the_time_logged_in_is_kept_as_told(reports: Loaded) -> None:
    may = reports["interval_stat"].filter(pl.col("source_key").str.contains("^2011-05-0[1-7]"))
    wide = may.pivot(on="item", index=["interval_start_at", "agent_id"], values="value")
    assert wide.height == 185
    assert wide.filter(pl.col("active_time") > pl.col("staffed_time")).height == 43


# ---- the log tables --------------------------------------------------------------------------------------------------

CLOSER = """\
closecallid,lead_id,list_id,campaign_id,call_date,start_epoch,end_epoch,length_in_sec,status,phone_number,user,user_group,queue_seconds,queue_position,xfercallid,term_reason,uniqueid
1,11,1,GENERAL,2024-01-15 08:00:00,1705330800,1705331040,240,SALE,3035550101,ann,AGENTS,40.50,1,0,CALLER,1705330790.1
2,12,1,GENERAL,2024-01-15 08:10:00,1705331400,1705331430,30,DROP,3035550102,VDCL,,30.00,1,0,ABANDON,1705331390.2
3,13,1,GENERAL,2024-01-15 08:20:00,1705332000,1705332100,100,XFER,3035550103,ann,AGENTS,10.00,1,0,NONE,1705331990.3
4,13,1,PERMITS,2024-01-15 08:21:40,1705332100,1705332300,200,A,3035550103,bob,AGENTS,20.00,1,3,AGENT,1705331990.3
5,14,1,GENERAL,2024-01-15 20:00:00,1705374000,1705374000,0,AFTHRS,3035550104,VDCL,,0.00,1,0,AFTERHOURS,1705373990.4
"""
TURNS = """\
agent_log_id,user,server_ip,event_time,lead_id,campaign_id,pause_epoch,pause_sec,wait_epoch,wait_sec,talk_epoch,talk_sec,dispo_epoch,dispo_sec,status,user_group,comments,sub_status,dead_epoch,dead_sec,uniqueid
1,ann,1,2024-01-15 07:55:00,11,GENERAL,1705330500,60,1705330560,280,1705330840,200,1705331040,25,SALE,AGENTS,,LUNCH,1705331030,10,1705330790.1
2,bob,1,2024-01-15 08:15:00,13,PERMITS,1705331700,0,1705331700,420,1705332120,180,1705332300,65535,A,AGENTS,,,,0,1705331990.3
"""


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("vicidial_logs")
    files = {"closer.csv": CLOSER, "agent.csv": TURNS}
    return load_files(folder / "centre", written(folder, files), zone="America/Denver")


def test_the_inbound_log_and_the_agents_log_tell_a_call_together(logs: Loaded) -> None:
    assert logs.layouts() == {"closer.csv": "vicidial_closer_log", "agent.csv": "vicidial_agent_log"}
    legs = logs["leg"].join(logs["contact"].select("contact_id", "chain_key"), on="contact_id")
    names = ["visit_no", "queue_id", "agent_id", "wait_ms", "talk_ms", "acw_ms", "end_reason", "flow_out_kind"]
    assert legs.sort("chain_key", "visit_no").select(names).rows() == [
        # the dead time after the caller hung up is not talk
        (1, "GENERAL", "ann", 40_500, 190_000, 25_000, "caller", None),
        (1, "GENERAL", None, 30_000, None, None, "abandon", None),
        # the length includes the queue
        (1, "GENERAL", "ann", 10_000, 90_000, None, None, None),
        (2, "PERMITS", "bob", 20_000, 180_000, None, "agent", None),
        (1, "GENERAL", None, 0, None, None, "flow_out", "closing_time"),
    ]
    assert logs["contact"].height == 4


def test_a_counter_at_its_cap_is_put_aside(logs: Loaded) -> None:
    assert logs.results["agent.csv"].reasons == {"counter_stopped_at_its_cap": 1}


def test_a_turn_is_four_spells(logs: Loaded) -> None:
    spells = logs["agent_state"].sort("start_at").select("agent_id", "state", "dur_ms", "reason_code").rows()
    assert spells == [
        ("ann", "not_ready", 60_000, "LUNCH"),
        ("ann", "available", 280_000, None),
        ("ann", "handling", 200_000, None),
        ("ann", "acw", 25_000, None),
    ]
