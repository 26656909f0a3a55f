"""An unknown file: what is certain is written into a draft, what is not is asked, and nothing loads before it is settled."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.evidence import evidence
from etl.inspection import inspect, keep_draft
from etl.load import load
from sql import Warehouse, WrongUse
from tests.conftest import NOW

SEEN = [
    # name, values, type, formats
    ("ISO", ["2026-11-13 08:30:00", "2026-11-14 09:00:00"], "timestamp", ("%Y-%m-%d %H:%M:%S",)),
    ("an offset", ["2026-11-13T08:30:00-07:00", "2026-11-13T08:31:00Z"], "timestamp", ("%Y-%m-%dT%H:%M:%S",)),
    ("month first for certain", ["11/13/2026 08:30", "03/02/2026 09:00"], "timestamp", ("%m/%d/%Y %H:%M",)),
    ("day first for certain", ["13/11/2026 08:30", "03/02/2026 09:00"], "timestamp", ("%d/%m/%Y %H:%M",)),
    ("either way", ["03/02/2026 09:00", "04/05/2026 10:00"], "timestamp", ("%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M")),
    ("afternoons", ["11/13/2026 2:30 PM", "11/14/2026 9:00 AM"], "timestamp", ("%m/%d/%Y %I:%M %p",)),
    ("days", ["2026-11-13", "2026-11-14"], "date", ("%Y-%m-%d",)),
    ("spans", ["0:01:05", "26:14:03"], "clock_duration", ()),
    ("numbers", ["12", "7", "7"], "whole", ()),
    ("decimals", ["1.5", "2"], "decimal", ()),
    ("telephones", ["+13035550101", "303-555-0102"], "phone", ()),
    ("keys", ["a1", "a2", "a3"], "id", ()),
    ("words", ["yes", "no", "yes"], "text", ()),
    ("nothing", ["", "NULL"], "text", ()),
]  # fmt: skip


@pytest.mark.parametrize(("values", "kind", "formats"), [row[1:] for row in SEEN], ids=[row[0] for row in SEEN])
def test_what_values_say(values: list[str], kind: str, formats: tuple[str, ...]) -> None:
    found = evidence(values)
    assert (found.type, found.formats) == (kind, formats)


def test_the_evidence_counts_what_reads_only_one_way() -> None:
    assert evidence(["11/13/2026 08:30", "03/02/2026 09:00"]).says == (
        "all 2 values parse as %m/%d/%Y %H:%M, 1 different ones only so"
    )


UNKNOWN = {
    "american": (
        "CallId,Skill,AgentName,CallStart,Queue Time (s),TalkTime (s),Disposition\n"
        "9-1,water,Ann,03/02/2026 09:00,12,200,Handled\n9-2,water,,04/05/2026 10:00,40,,Abandoned\n"
        "9-3,parking,Bob,04/06/2026 10:00,5,60,Handled\n",
        ["timezone", "columns.start_time.formats"],
        {'timezone = "?"': 'timezone = "centre"', 'formats = ["?"]': 'formats = ["%m/%d/%Y %H:%M"]'},
        [("9-1", "Ann", "2026-03-02 16:00:00", 12_000), ("9-2", None, "2026-04-05 16:00:00", 40_000), ("9-3", "Bob", "2026-04-06 16:00:00", 5_000)],
    ),
    "with offsets and clocks": (
        "uniqueid;hunt group;operator;timestamp;waited;talked;result\n"
        "u1;water;Ann;2026-03-02T09:00:00-07:00;0:00:12;0:03:20;answered\nu2;water;;2026-03-02T09:05:00-07:00;0:00:40;;missed\n"
        "u3;parking;Bob;2026-03-02T09:06:00-07:00;0:00:05;0:01:00;answered\n",
        [],
        {},
        [("u1", "Ann", "2026-03-02 16:00:00", 12_000), ("u2", None, "2026-03-02 16:05:00", 40_000), ("u3", "Bob", "2026-03-02 16:06:00", 5_000)],
    ),
    "milliseconds or seconds": (
        "id\tqueue\tagent\tstart\twait\ttalk\tstatus\n"
        "k1\twater\tAnn\t2026-03-02 09:00:00\t12\t200\tX1\nk2\twater\t\t2026-03-02 09:05:00\t40\t\tX2\n"
        "k3\tparking\tBob\t2026-03-02 09:06:00\t5\t60\tX1\n",
        ["timezone", "columns.wait_seconds.unit", "columns.talk_seconds.unit", "columns.outcome.codes.X1", "columns.outcome.codes.X2"],
        {'timezone = "?"': 'timezone = "UTC"', 'unit = "?"': 'unit = "s"', '"X1" = "?"': '"X1" = "answered"', '"X2" = "?"': '"X2" = "abandoned"'},
        [("k1", "Ann", "2026-03-02 09:00:00", 12_000), ("k2", None, "2026-03-02 09:05:00", 40_000), ("k3", "Bob", "2026-03-02 09:06:00", 5_000)],
    ),
}  # fmt: skip

CALLS = """
    select source_key, agent_id, queue_enter_at::varchar, wait_ms
    from lake.leg
    order by source_key
"""


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_file_is_loaded_once_its_questions_are_answered(
    empty_centre: Path, tmp_path: Path, name: str
) -> None:
    content, questions, answers, calls = UNKNOWN[name]
    path = tmp_path / "their export.csv"
    path.write_text(content)
    layout = keep_draft(inspect(path, empty_centre), empty_centre)
    assert layout is not None
    refused = load(empty_centre, [path], now=NOW)[0] if questions else None
    if refused is not None:
        assert refused.reasons == {"draft_layout": 1}
        assert all(question in refused.message for question in questions)
        assert f"{len(questions)} open questions" in refused.message
    text = layout.read_text()
    for question, answer in answers.items():
        assert question in text
        text = text.replace(question, answer)
    layout.write_text(text)
    result = load(empty_centre, [path], now=NOW)[0]
    assert (result.verdict, result.good, result.reasons) == ("accepted", 3, {}), result.message
    with Warehouse.open(empty_centre / "warehouse") as warehouse:
        assert warehouse.connection.execute(CALLS).fetchall() == calls


def test_a_draft_is_not_written_over(empty_centre: Path, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(UNKNOWN["american"][0])
    layout = keep_draft(inspect(path, empty_centre), empty_centre)
    assert layout is not None
    mine = "# mine\n" + layout.read_text()
    layout.write_text(mine)
    assert keep_draft(inspect(path, empty_centre), empty_centre) == layout
    assert layout.read_text() == mine


def test_a_layout_that_cannot_be_read_is_named(empty_centre: Path, tmp_path: Path) -> None:
    (empty_centre / "layouts" / "broken.toml").write_text("name = ")
    path = tmp_path / "export.csv"
    path.write_text(UNKNOWN["american"][0])
    with pytest.raises(WrongUse, match=r"broken\.toml"):
        inspect(path, empty_centre)
