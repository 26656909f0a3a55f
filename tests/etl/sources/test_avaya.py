"""Avaya CMS: call history in binary (against the vendor's print-out), as text and as a table; Supervisor reports."""

from __future__ import annotations

import re
import struct
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from etl.sources.avaya_ech import COLUMNS, READER, RECORD
from tests.etl.sources.loaded import Loaded, load_files, seconds, written

AUGUST = datetime(2007, 8, 1)  # noqa: DTZ001


@pytest.fixture(scope="module")
def binary(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return load_files(tmp_path_factory.mktemp("ech"), [samples / "avaya_ech" / "chr0003_v12_binary.dat"])


def printed(path: Path) -> list[dict[str, str]]:
    """The records of the vendor's print-out, by its own field names."""
    records = path.read_text(encoding="latin-1").split("CALL RECORD: #")[1:]
    return [dict(re.findall(r"^ *([A-Za-z0-9_\[\]]+) : (.*?) *$", record, re.MULTILINE)) for record in records]


def test_every_field_of_the_binary_file_is_as_the_vendor_prints_it(samples: Path) -> None:
    folder = samples / "avaya_ech"
    expected = printed(folder / "chr0003_v12_decoded.txt")
    batches = [batch.to_pylist() for batch in READER.rows(folder / "chr0003_v12_binary.dat").batches]
    found = [dict(zip(COLUMNS, row["fields"], strict=True)) for batch in batches for row in batch]
    assert len(found) == len(expected) == 185
    fields = [name for name in COLUMNS if name != "uui_hex"]
    for mine, vendors in zip(found, expected, strict=True):
        assert {name: mine[name] for name in fields} == {name: vendors[name].strip() for name in fields}


def test_call_history_gives_the_expected_legs_and_contacts(binary: Loaded) -> None:
    legs, contacts = binary["leg"], binary["contact"]
    assert binary.layouts() == {"chr0003_v12_binary.dat": "avaya_ech"}
    assert dict(legs["end_code"].value_counts().iter_rows()) == {"2": 59, "3": 48, "7": 78}
    # 176 UCIDs, of which the one made of zeros stands for two abandoned calls that have none
    assert dict(contacts["outcome"].value_counts().iter_rows()) == {"answered": 55, "abandoned": 45, "unknown": 77}
    assert contacts.filter(pl.col("chain_key").str.contains("\x1f")).height == 2
    assert (legs["talk_ms"].sum(), legs["total_ms"].sum()) == (6_280_000, 19_342_000)
    assert legs["acw_ms"].sum() == 2_572_000
    assert legs.filter(leg_type="queue").height == 59 + 21


def test_the_parts_of_an_answered_segment_add_up(binary: Loaded) -> None:
    answered = binary["leg"].filter(end_code="2")
    assert (answered["total_ms"] == answered["wait_ms"] + answered["talk_ms"] + answered["hold_ms"]).all()
    assert (answered["acw_end_at"] - answered["released_at"]).dt.total_milliseconds().equals(answered["acw_ms"])


def test_an_abandoned_call_credits_nobody(binary: Loaded) -> None:
    assert binary["leg"].filter(end_code="3")["agent_id"].null_count() == 48


@pytest.fixture(scope="module")
def texts(samples: Path, public_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    files = [
        samples / "avaya_ech" / "chr5500_ascii.csv",
        public_data / "avaya_echi_segments" / "echi_v12_segments_a.csv",
    ]
    return load_files(tmp_path_factory.mktemp("ech_text"), files)


def test_call_history_as_text_and_as_a_table(texts: Loaded) -> None:
    assert texts.layouts() == {"chr5500_ascii.csv": "avaya_ech_ascii", "echi_v12_segments_a.csv": "avaya_ech_table"}
    assert [(r.rows_read, r.good) for r in texts.results.values()] == [(18, 18), (120, 120)]
    table = texts["leg"].filter(pl.col("queue_enter_at") < AUGUST)
    assert dict(table["end_code"].value_counts().iter_rows()) == {"2": 36, "3": 32, "7": 52}
    # sums of the file's README; what only its other dispositions carry is not handling time
    assert (table["talk_ms"].sum(), table["acw_ms"].sum(), table["hold_ms"].sum()) == (3_672_000, 1_180_000, 44_000)
    assert table["wait_ms"].sum() == 3_548_000


def test_text_in_the_wrong_zone_is_put_aside(samples: Path, tmp_path: Path) -> None:
    loaded = load_files(tmp_path, [samples / "avaya_ech" / "chr5500_ascii.csv"], zone="Asia/Tokyo")
    assert loaded.results["chr5500_ascii.csv"].reasons == {"zone_disagrees_with_ucid": 18}


def test_a_version_that_cannot_be_read_is_refused_with_a_way_out(tmp_path: Path) -> None:
    record = struct.pack("<8i", 1, 0, 0, 0, 0, 0, 1_184_914_510, 1_184_914_802)
    content = struct.pack("<ii", 17, 1) + record.ljust(629, b"\0")
    loaded = load_files(tmp_path / "centre", written(tmp_path, {"chr0001": content}))
    assert loaded.results["chr0001"].verdict == "rejected"
    assert "version 17" in loaded.results["chr0001"].message


def test_a_record_that_breaks_off_is_put_aside(samples: Path, tmp_path: Path) -> None:
    content = (samples / "avaya_ech" / "chr0003_v12_binary.dat").read_bytes()[: 8 + 2 * RECORD.size + 100]
    loaded = load_files(tmp_path / "centre", written(tmp_path, {"chr0003": content}))
    result = loaded.results["chr0003"]
    assert (result.rows_read, result.good, result.reasons) == (3, 2, {"too_few_fields": 1})


# ---- Supervisor reports: a synthetic twin ---------------------------------------------------------------------------

REPORT = (
    "Split/Skill Interval Report\n"
    "Date:\t11/3/2024\n"
    "Split/Skill:\tGeneral\n"
    "\n"
    "Time\tACD Calls\tAvg Speed Ans\tAban Calls\tAvg Aban Time\tAvg ACD Time\tAvg ACW Time\tMax Delay\t% Within Service Level\n"
    "7:30AM-8:00AM\t12\t:14\t1\t:31\t4:03\t:45\t1:02\t83.33\n"
    "8:00AM-8:30AM\t20\t22\t2\t40\t1:00:05\t50\t95\t75\n"
    "11:30PM-12:00AM\t1\t:02\t0\t:00\t2:00\t:10\t:02\t100\n"
    "Totals\t33\t:18\t3\t:37\t37:24\t:47\t1:35\t78.79\n"
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("cms")
    return load_files(folder / "centre", written(folder, {"skill.txt": REPORT}), zone="America/Denver")


def test_a_report_is_read_line_by_line(report: Loaded) -> None:
    result = report.results["skill.txt"]
    assert (result.layout, result.rows_read, result.good, result.blank) == ("avaya_cms_report", 9, 3, 6)


def test_report_durations_in_every_spelling_become_the_same_milliseconds(report: Loaded) -> None:
    means = report["interval_stat"].filter(item="talk_time_mean").sort("interval_start_at")
    assert seconds(means, "value") == [243, 3605, 120]
    waits = report["interval_stat"].filter(item="speed_of_answer").sort("interval_start_at")
    assert seconds(waits, "value") == [14, 22, 2]


def test_report_counts_are_additive_and_averages_are_not(report: Loaded) -> None:
    stats = report["interval_stat"]
    totals = {
        row["item"]: row["value"] for row in stats.group_by("item").agg(pl.col("value").sum()).iter_rows(named=True)
    }
    assert (totals["offered"], totals["handled"], totals["abandoned"]) == (36, 33, 3)
    assert set(stats.filter(~pl.col("is_additive"))["item"]) == {
        "speed_of_answer", "time_to_abandon", "talk_time_mean", "acw_time_mean", "longest_wait", "service_level",
    }  # fmt: skip
    assert stats["queue_id"].unique().to_list() == ["General"]
    # 3 November 2024: standard time from two in the morning on
    assert stats["interval_start_at"].min() == datetime(2024, 11, 3, 14, 30)  # noqa: DTZ001
    assert stats["interval_ms"].unique().to_list() == [1_800_000]


# ---- interval tables: a synthetic twin -------------------------------------------------------------------------------

# one person in two splits: the person's own time (ti_) stands in one row only, the interval items (i_) in both
INTERVALS = """\
row_date,starttime,intrvl,acd,split,logid,acdcalls,abncalls,acdtime,holdtime,acwtime,i_stafftime,i_availtime,i_auxtime,ti_stafftime,ti_auxtime,incomplete
2024-01-15,800,30,1,11,4001,6,,900,60,120,1800,600,180,1800,180,0
2024-01-15,800,30,1,12,4001,2,,300,0,40,1800,600,180,0,0,0
2024-07-15,830,30,1,11,4001,5,,700,0,100,1700,500,100,1700,100,1
2024-07-15,875,30,1,11,4001,5,,700,0,100,1700,500,100,1700,100,0
"""


@pytest.fixture(scope="module")
def intervals(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("intervals")
    return load_files(folder / "centre", written(folder, {"hagent.csv": INTERVALS}), zone="America/Denver")


def test_interval_tables_keep_a_persons_own_time_apart_from_the_splits(intervals: Loaded) -> None:
    assert intervals.layouts() == {"hagent.csv": "avaya_cms_interval"}
    january = intervals["interval_stat"].filter(pl.col("interval_start_at").dt.month() == 1)
    own = january.filter(item="staffed_time")
    assert (own["value"].sum(), own["scope"].unique().to_list(), own["queue_id"].null_count()) == (
        1_800_000,
        ["agent"],
        2,
    )
    per_split = january.filter(item="i_staffed_time")
    assert (per_split["value"].sum(), per_split["is_additive"].any()) == (3_600_000, False)
    assert january.filter(item="handled", is_additive=True)["value"].sum() == 8


def test_an_incomplete_interval_is_not_final_and_a_clock_of_75_minutes_is_none(intervals: Loaded) -> None:
    july = intervals["interval_stat"].filter(pl.col("interval_start_at").dt.month() == 7)
    assert not july["is_complete"].any()
    assert str(july["interval_start_at"].unique().to_list()[0]) == "2024-07-15 14:30:00"
    assert intervals.results["hagent.csv"].reasons == {"interval_begins_at_no_clock_time": 1}
