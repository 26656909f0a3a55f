"""Asterisk and FreePBX: the queue log as a file and from its database, call detail records in three orders, CEL."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from tests.etl.sources.loaded import Loaded, load_files, written
from tests.warehouse_digest import digest

# ---- the queue log as a file: a synthetic twin, 24 October 2023, 14:13:20 UTC and after ------------------------------

QUEUE_LOG = """\
1698156800|1698156799.1|general|NONE|ENTERQUEUE||3035550101|1
1698156803|1698156799.1|general|PJSIP/3001|RINGNOANSWER|2500
1698156812|1698156799.1|general|PJSIP/3002|CONNECT|12|1698156808.2|4
1698156912|1698156799.1|general|PJSIP/3002|COMPLETECALLER|12|100|1
1698156900|1698156899.1|general|NONE|ENTERQUEUE||3035550102|2
1698156930|1698156899.1|general|NONE|ABANDON|2|2|30
1698157000|1698156999.1|general|NONE|ENTERQUEUE||3035550103|1
1698157005|1698156999.1|general|PJSIP/3001|CONNECT|5|1698157001.2|3
1698157065|1698156999.1|general|PJSIP/3001|BLINDTRANSFER|2002|internal|5|60|1
1698157066|1698156999.1|permits|NONE|ENTERQUEUE||3035550103|1
1698157086|1698156999.1|permits|PJSIP/3003|CONNECT|20|1698157080.2|6
1698157186|1698156999.1|permits|PJSIP/3003|ATTENDEDTRANSFER|BRIDGE|7a0f|20|100|1
1698157200|1698157199.1|general|NONE|ENTERQUEUE||3035550104|1
1698157210|1698157199.1|general|PJSIP/3001|CONNECT|10|1698157201.2|3
1698157230|1698157199.1|general|PJSIP/3001|ATTENDEDTRANSFER|LINK|7a0f|8b1e|10|20|1
1698157300|1698157299.1|general|NONE|ENTERQUEUE||3035550105|1
1698157360|1698157299.1|general|NONE|EXITWITHTIMEOUT|1|1|60
1698157400|1698157399.1|general|NONE|ENTERQUEUE||3035550106|1
1698157430|1698157399.1|general|NONE|EXITWITHKEY|1|1
1698157500|1698157499.1|general|NONE|ENTERQUEUE||3035550107|1
1698157600|1698157599.1|general|NONE|CLOSED
1698157610|NONE|NONE|NONE|CONFIGRELOAD|
1698157620|1698157499.1|general|NONE|CALLSTATUS|4|3035550107
"""
LEGS = [
    # call, queue, visit, wait, ring, talk, end, agent, flow-out
    ("1698156799.1", "general", 1, 12_000, 4_000, 100_000, "caller", "PJSIP/3002", None),
    ("1698156899.1", "general", 1, 30_000, None, None, "abandon", None, None),
    ("1698156999.1", "general", 1, 5_000, 3_000, 60_000, "blind_transfer", "PJSIP/3001", None),
    ("1698156999.1", "permits", 2, 20_000, 6_000, 100_000, "warm_transfer", "PJSIP/3003", None),
    ("1698157199.1", "general", 1, 10_000, 3_000, 20_000, "warm_transfer", "PJSIP/3001", None),
    ("1698157299.1", "general", 1, 60_000, None, None, "flow_out", None, "left_the_queue"),
    # an exit with fewer parameters than documented: the wait is what the two times say
    ("1698157399.1", "general", 1, 30_000, None, None, "flow_out", None, "left_the_queue"),
    # nothing says how it ended
    ("1698157499.1", "general", 1, None, None, None, None, None, None),
    ("1698157599.1", "general", 1, 0, None, None, "flow_out", None, "closing_time"),
]


@pytest.fixture(scope="module")
def queue_log(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("asterisk")
    # the log is rotated in the middle of a call
    lines = QUEUE_LOG.splitlines(keepends=True)
    files = {"queue_log.1": "".join(lines[:8]), "queue_log": "".join(lines[8:])}
    return load_files(folder / "centre", written(folder, files))


def test_a_queue_log_is_recognised_and_no_event_is_lost(queue_log: Loaded) -> None:
    assert queue_log.layouts() == {"queue_log.1": "asterisk_queue_log", "queue_log": "asterisk_queue_log"}
    assert sum(result.good for result in queue_log.results.values()) == 23
    kept = queue_log["source_record"]["fields"].str.json_path_match("$.verb").to_list()
    assert {"CONFIGRELOAD", "CALLSTATUS"} <= set(kept)


def test_the_visits_of_a_queue_log(queue_log: Loaded) -> None:
    legs = queue_log["leg"].join(queue_log["contact"].select("contact_id", "chain_key"), on="contact_id")
    columns = ["chain_key", "queue_id", "visit_no", "wait_ms", "ring_ms", "talk_ms", "end_reason", "agent_id"]
    assert legs.select(*columns, "flow_out_kind").sort("chain_key", "visit_no").rows() == LEGS


def test_a_contact_is_what_its_visits_say_together(queue_log: Loaded) -> None:
    contacts = dict(queue_log["contact"].select("chain_key", "outcome").rows())
    assert contacts["1698156999.1"] == "answered"
    assert contacts["1698156899.1"] == "abandoned"
    assert contacts["1698157499.1"] == "pending"
    assert contacts["1698157599.1"] == "forced_off"


def test_a_ring_is_in_milliseconds_though_all_else_is_in_seconds(queue_log: Loaded) -> None:
    rings = queue_log["leg_event"].filter(type="ring").select("agent_id", "dur_ms").rows()
    assert rings == [("PJSIP/3001", 2_500)]


def test_after_call_work_and_hold_are_unknown_and_not_zero(queue_log: Loaded) -> None:
    assert queue_log["leg"]["acw_ms"].null_count() == queue_log["leg"]["hold_ms"].null_count() == len(LEGS)


def test_no_callers_number_is_kept(queue_log: Loaded) -> None:
    assert queue_log["contact"].filter(chain_key="1698156799.1")["caller_key"].str.len_chars().to_list() == [32]
    for frame in queue_log.tables.values():
        for column in frame.select(pl.col(pl.String)).iter_columns():
            assert not column.drop_nulls().str.contains("30355501").any(), column.name


ORDERS = [("backwards", [3, 2, 1, 0]), ("overlapping", [1, 0, 3, 2])]


@pytest.mark.slow
def test_any_order_and_split_of_the_log_gives_the_same_facts(tmp_path: Path) -> None:
    lines = QUEUE_LOG.splitlines(keepends=True)
    parts = ["".join(lines[:7]), "".join(lines[3:13]), "".join(lines[13:20]), "".join(lines[18:])]
    found = []
    for name, order in [("whole", None), *ORDERS]:
        files = {f"q{part}": parts[part] for part in order} if order else {"queue_log": QUEUE_LOG}
        paths = written(tmp_path / name, files)
        for path in paths:
            load_files(tmp_path / name / "centre", [path])
        found.append(digest(tmp_path / name / "centre"))
    assert all(one == found[0] for one in found)


# ---- the queue log from its database: real rows, and published scenarios ---------------------------------------------


def test_database_rows_of_a_real_system(samples: Path, tmp_path: Path) -> None:
    loaded = load_files(tmp_path, [samples / "asterisk" / "queue_log_postgres_rows.csv"], zone="Etc/GMT+4")
    result = loaded.results["queue_log_postgres_rows.csv"]
    assert (result.layout, result.good, result.quarantined) == ("asterisk_queue_log_table", 12, 0)
    legs = {row["end_code"]: row for row in loaded["leg"].iter_rows(named=True)}
    assert (legs[None]["wait_ms"], legs[None]["ring_ms"]) == (2_000, 1_000)
    assert legs["ABANDON"]["wait_ms"] == 6_000
    spells = loaded["agent_state"].filter(track="routing").select("state", "dur_ms", "end_by").rows()
    # the log-in is 43 s by the log itself, which rounds
    assert spells == [("available", 42_353, "log_off")]


def test_rows_in_another_zone_than_their_call_ids_are_put_aside(samples: Path, tmp_path: Path) -> None:
    loaded = load_files(tmp_path, [samples / "asterisk" / "queue_log_postgres_rows.csv"], zone="UTC")
    result = loaded.results["queue_log_postgres_rows.csv"]
    # four rows have no call id by which to tell
    assert result.reasons == {"zone_disagrees_with_call_id": 8}


HOUR = timedelta(hours=1)
ZONE = ZoneInfo("Europe/Paris")


@pytest.fixture(scope="module")
def scenarios(public_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """All scenarios in one file; their calls, queues and agents, which share names, bear that of their scenario too."""
    folder = tmp_path_factory.mktemp("scenarios")
    rows = [
        {**row, **{name: f"{scenario}:{row[name]}" for name in ("callid", "queuename", "agent") if row[name] != "NONE"}}
        for path in sorted((public_data / "asterisk_queue_log").glob("*/queue_log.csv"))
        for scenario in [path.parent.name[:8]]
        for row in csv.DictReader(path.read_text().splitlines())
    ]
    with (folder / "queue_log.csv").open("w", newline="") as file:
        together = csv.DictWriter(file, list(rows[0]))
        together.writeheader()
        together.writerows(rows)
    return load_files(folder / "centre", [folder / "queue_log.csv"], zone="Europe/Paris")


def test_all_rows_of_the_scenarios_are_taken(scenarios: Loaded) -> None:
    result = scenarios.results["queue_log.csv"]
    assert (result.good, result.quarantined) == (102, 0)


STATISTICS = [
    # scenario, file of expected statistics, queue or agent, day, first and last hour
    ("agent_01", 1, "Agent/1", "2012-07-01", (8, 12)),
    ("agent_03", 1, "Agent/3", "2012-01-01", (8, 12)),
    ("agent_05", 1, "Agent/5", "2012-01-01", (8, 12)),
    ("agent_07", 1, "Agent/5", "2012-01-02", (8, 9)),
    ("agent_09", 1, "Agent/5", "2012-01-02", (8, 9)),
    ("agent_11", 1, "Agent/9", "2012-01-01", (8, 12)),
    ("agent_13", 1, "Agent/10", "2012-01-01", (8, 12)),
    ("agent_15", 1, "Agent/12", "2013-11-08", (8, 12)),
    ("agent_15", 2, "Agent/13", "2013-11-08", (8, 12)),
    ("queue_01", 1, "q01", "2013-11-08", (9, 11)),
    ("queue_01", 2, "q02", "2013-11-08", (9, 11)),
    ("queue_03", 1, "q01", "2012-07-01", (8, 12)),
    ("queue_05", 1, "q01", "2012-07-01", (8, 12)),
    ("queue_07", 1, "q01", "2012-07-01", (8, 12)),
    ("queue_09", 1, "q01", "2012-07-01", (11, 12)),
]


@pytest.mark.parametrize(("scenario", "number", "subject", "day", "hours"), STATISTICS)
def test_published_statistics(
    scenarios: Loaded, public_data: Path, scenario: str, number: int, subject: str, day: str, hours: tuple[int, int]
) -> None:
    folder = next((public_data / "asterisk_queue_log").glob(f"{scenario}_*"))
    expected = list(csv.DictReader((folder / f"expected_{number}.csv").read_text().splitlines()))
    subject = f"{scenario}:{subject}"
    legs, states = scenarios["leg"], scenarios["agent_state"]
    begins = [instant(day, hour) for hour in range(*hours)]
    spans = [(begin, begin + HOUR) for begin in begins] + [(begins[0], begins[-1] + HOUR)]
    found = [
        {"period": row["period"], **statistics(list(row)[1:], legs, states, subject, span)}
        for row, span in zip(expected, spans, strict=True)
    ]
    assert found == expected


def instant(day: str, hour: int) -> datetime:
    local = datetime.fromisoformat(f"{day}T{hour:02}:00:00").replace(tzinfo=ZONE)
    return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def statistics(
    names: list[str], legs: pl.DataFrame, states: pl.DataFrame, subject: str, span: tuple[datetime, datetime]
) -> dict[str, str]:
    """The figures of that product's report, from our facts: a call counts in the hour in which it entered."""
    entered = pl.col("queue_enter_at").is_between(*span, closed="left")
    visits = legs.filter(entered & ((pl.col("queue_id") == subject) | (pl.col("agent_id") == subject)))
    answered = visits.filter(pl.col("answered_at").is_not_null())
    closed = visits.filter(flow_out_kind="closing_time").height
    left = visits.height - closed
    figures = {
        "Received": str(visits.height),
        "Answered": str(answered.height),
        "Closed": str(closed),
        "Answered rate": f"{round(100 * answered.height / left)} %" if left else "",
        "AWT": clock(answered["wait_ms"].mean() or 0) if answered.height else "",  # type: ignore[arg-type]
        "QoS": "100 %" if answered.height else "",
        "Login": clock(spent(states, subject, span, ["available", "not_ready", "handling"])),
        "Pause": clock(spent(states, subject, span, ["not_ready"])),
    }
    return {name: figures[name] for name in names}


def spent(states: pl.DataFrame, agent: str, span: tuple[datetime, datetime], kinds: list[str]) -> float:
    """Milliseconds of an agent's spells within a span; one that is still open runs on to its end."""
    spells = states.filter(pl.col("state").is_in(kinds), agent_id=agent, track="routing")
    inside = spells.select(
        pl.min_horizontal(pl.col("end_at").fill_null(span[1]), pl.lit(span[1]))
        - pl.max_horizontal("start_at", pl.lit(span[0]))
    ).to_series()
    return float(sum(max(part.total_seconds(), 0) * 1000 for part in inside))


def clock(milliseconds: float) -> str:
    return f"{timedelta(seconds=round(milliseconds / 1000))!s:0>8}"


# ---- call detail records and channel events ---------------------------------------------------------------------------

STANDARD = '"","3035550101","2001","from-trunk","""A B"" <3035550101>","PJSIP/trunk-0000001a","PJSIP/3001-0000001b","Dial","PJSIP/3001","2023-10-24 14:13:20","2023-10-24 14:13:30","2023-10-24 14:15:10",110,100,"ANSWERED","DOCUMENTATION","1698156800.1",""\n'
FREEPBX = '''\
calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags,accountcode,uniqueid,userfield,did,recordingfile,cnum,cnam,outbound_cnum,outbound_cnam,dst_cnam,linkedid,peeraccount,sequence
2023-10-24 15:00:00,"""A"" <3001>",3001,3035550199,from-internal,PJSIP/3001-0000002a,PJSIP/trunk-0000002b,Dial,x,40,30,ANSWERED,3,,1698159600.5,,,,,,,,,1698159600.5,,9
2023-10-24 15:10:00,"""B"" <3035550102>",3035550102,2001,from-did-direct,PJSIP/trunk-0000003a,PJSIP/3001-0000003b,Dial,x,25,0,NO ANSWER,3,,1698160200.7,,,,,,,,,1698160200.7,,11
'''


def test_a_line_that_rotation_cut_and_a_row_too_short_are_put_aside(tmp_path: Path) -> None:
    good = STANDARD.replace("1698156800.1", "1698156800.{}")
    files = {
        "queue_log": QUEUE_LOG[30:],
        "Master.csv": "".join(good.format(number) for number in range(5)) + '"","3035550101","2001"\n',
    }
    loaded = load_files(tmp_path / "centre", written(tmp_path, files))
    budgets = {name: (one.layout, one.good, one.quarantined) for name, one in loaded.results.items()}
    assert budgets == {"queue_log": ("asterisk_queue_log", 22, 1), "Master.csv": ("asterisk_cdr", 5, 1)}


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("cdr")
    files = {"Master.csv": STANDARD, "cdr.csv": FREEPBX}
    return load_files(folder / "centre", written(folder, files))


def test_call_detail_records_in_two_shapes(records: Loaded) -> None:
    assert records.layouts() == {"Master.csv": "asterisk_cdr", "cdr.csv": "freepbx_cdr"}
    legs = records["leg"].join(records["contact"].select("contact_id", "direction", "outcome"), on="contact_id")
    columns = ["direction", "outcome", "leg_type", "agent_id", "ring_ms", "talk_ms", "end_reason"]
    assert legs.sort("offered_at").select(columns).rows() == [
        ("inbound", "answered", "direct", "PJSIP/3001", 10_000, 100_000, None),
        ("outbound", "answered", "outbound", "PJSIP/3001", 10_000, 30_000, None),
        ("inbound", "abandoned", "direct", None, 25_000, None, "abandon"),
    ]


@pytest.fixture(scope="module")
def real_records(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    files = sorted((samples / "asterisk").glob("*Master*.csv")) + sorted((samples / "asterisk").glob("*cdrlib*.csv"))
    return load_files(tmp_path_factory.mktemp("real_cdr") / "centre", files, zone="UTC")


REAL = [
    # file, layout, rows read, good; both kinds of file are called Master.csv
    ("cdr_Master.csv", "asterisk_cdr_custom", 14, 14),
    ("testsuite_Master.csv", "asterisk_cdr", 2, 2),
    ("testsuite_cdrlib_good.csv", "asterisk_cdr", 5, 5),
    ("testsuite_CELMaster1.csv", "asterisk_cel", 16, 16),
    ("testsuite_CELMaster2.csv", "asterisk_cel", 14, 14),
]


@pytest.mark.parametrize(("file", "layout", "rows", "good"), REAL)
def test_real_record_files(real_records: Loaded, file: str, layout: str, rows: int, good: int) -> None:
    result = real_records.results[file]
    assert (result.layout, result.rows_read, result.good) == (layout, rows, good)


def test_a_record_with_an_open_quote_is_rejected_with_its_line(real_records: Loaded) -> None:
    result = real_records.results["testsuite_cdrlib_buggy.csv"]
    assert result.verdict == "rejected"
    assert "line 1" in result.message
