"""Salesforce: cases as report or API, their history with exact times, and what a newer export adds to an older history."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import metrics as m
from tests.etl.sources.twin_city import at, load_twins, rows
from tests.in_memory import open_identities
from tests.warehouse_digest import digest

A, B, C, MERGED = "500Rb000001AAAA", "500Rb000001BBBB", "500Rb000001CCCC", "500Rb000001DDDD"

CASES = f"""\
"Case ID","Case Number","Status","Closed","Case Origin","Date/Time Opened","Date/Time Closed","Last Modified Date","Type","Case Record Type","Subject","Case Owner","Created By","Web Phone"
"{A}","00001001","Closed","1","Phone","11/1/2026 8:00 AM","11/4/2026 5:00 AM","11/4/2026 5:00 AM","Request","Pothole","Hole, deep","005Rb000000XXXX","A7","303-555-0101"
"{B}","00001002","Waiting on resident","0","Email","11/2/2026 9:30 AM","","11/2/2026 9:31 AM","Request","Graffiti","On ""the"" wall
of the bridge","00GRb000000YYYY","A8",""
"{C}","00001003","Done by crew","1","Walk-In","11/3/2026 10:00 AM","11/3/2026 4:00 PM","11/3/2026 4:00 PM","Inquiry","Hours","When open","005Rb000000XXXX","A7",""
"""
HISTORY = f"""\
"Case ID","Field / Event","Old Value","New Value","Edit Date","Edited By"
"{A}","created","","","11/1/2026 8:00 AM","Ann"
"{A}","Status","New","In Progress","11/1/2026 9:00 AM","Ann"
"{A}","Owner","Intake","Streets","11/1/2026 9:05 AM","Ann"
"{A}","Owner","00GRb000000YYYY","00GRb000000ZZZZ","11/1/2026 9:05 AM","Ann"
"{A}","Status","In Progress","Closed","11/2/2026 3:00 AM","Bob"
"{A}","Status","Closed","Reopened","11/3/2026 7:00 AM","Ann"
"{A}","Status","Reopened","Closed","11/4/2026 5:01 AM","Bob"
"""
API = {
    "totalSize": 1,
    "records": [
        {
            "attributes": {"type": "Case"},
            "Id": MERGED + "EA2",
            "CaseNumber": "00001004",
            "Status": "New",
            "IsClosed": False,
            "Origin": "Web",
            "CreatedDate": "2026-11-05T15:00:00.000+0000",
            "ClosedDate": None,
            "LastModifiedDate": "2026-11-06T15:00:00.000+0000",
            "MasterRecordId": A + "EA2",
            "IsDeleted": False,
            "RecordType": {"Name": "Pothole"},
        }
    ],
}
FILES = {"cases.csv": CASES, "history.csv": HISTORY, "cases.json": json.dumps(API)}


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("salesforce") / "centre"
    results = load_twins(folder, FILES)
    assert {name: (one.layout, one.good, one.rows_read) for name, one in results.items()} == {
        "cases.csv": ("salesforce_case", 3, 3),
        "history.csv": ("salesforce_case_history", 7, 7),
        "cases.json": ("salesforce_case", 1, 1),
    }
    return folder


def test_a_case_in_its_newest_state(centre: Path) -> None:
    columns = "number status status_code kind channel request_type owner_type created_at closed_at".split()
    assert rows(centre, "service_case", *columns) == [
        ("00001001", "closed", "Closed", "request", "voice", "Pothole", "agent", at("2026-11-01 15:00"), at("2026-11-04 12:00")),
        ("00001002", "waiting", "Waiting on resident", "request", "email", "Graffiti", "queue", at("2026-11-02 16:30"), None),
        ("00001003", "closed", "Done by crew", "information", "walk_in", "Hours", "agent", at("2026-11-03 17:00"), at("2026-11-03 23:00")),
        ("00001004", "merged", "New", "request", "web", "Pothole", None, at("2026-11-05 15:00"), None),
    ]  # fmt: skip


def test_history_gives_events_with_exact_times_and_the_comparison_adds_none(centre: Path) -> None:
    case_id = rows(centre, "service_case", "case_id", number="00001001")[0][0]
    found = rows(centre, "case_event", "happened_at", "event", "from_value", "to_value", "done_by", case_id=case_id)
    assert found == [
        (at("2026-11-01 15:00"), "created", None, None, "A7"),
        (at("2026-11-01 16:00"), "status", "new", "open", "Ann"),
        (at("2026-11-01 16:05"), "assigned", "Intake", "Streets", "Ann"),
        (at("2026-11-01 16:05"), "field", "00GRb000000YYYY", "00GRb000000ZZZZ", "Ann"),
        (at("2026-11-02 10:00"), "closed", "open", "closed", "Bob"),
        (at("2026-11-03 14:00"), "reopened", "closed", "open", "Ann"),
        # the case's own closing time stands, a minute before its history wrote it down
        (at("2026-11-04 12:00"), "closed", "open", "closed", "Bob"),
    ]
    assert rows(centre, "service_case", "first_closed_at", number="00001001") == [(at("2026-11-02 10:00"),)]


def test_a_merged_case_names_the_case_that_lives_on(centre: Path) -> None:
    (lives_on,) = rows(centre, "service_case", "case_id", number="00001001")[0]
    assert rows(centre, "service_case", "parent_case_id", number="00001004") == [(lives_on,)]


def test_every_identity_closes(centre: Path) -> None:
    with m.open_centre(centre) as opened:
        assert open_identities(opened) == []


@pytest.mark.slow
def test_cases_and_history_may_come_in_any_order(tmp_path: Path) -> None:
    found = []
    for number, order in enumerate((list(FILES), list(reversed(FILES)))):
        folder = tmp_path / str(number)
        for name in order:
            load_twins(folder, {name: FILES[name]})
        found.append(digest(folder))
    assert found[0] == found[1]


def test_a_newer_state_counts_until_its_history_comes(tmp_path: Path) -> None:
    """The case was opened again after its history was exported; the history's own time replaces the guess later."""
    folder = tmp_path / "centre"
    load_twins(folder, {"cases.csv": CASES, "history.csv": HISTORY})
    reopened = CASES.replace('"Closed","1","Phone"', '"Reopened","0","Phone"').replace(
        '"11/4/2026 5:00 AM","11/4/2026 5:00 AM"', '"","11/20/2026 2:00 PM"'
    )
    load_twins(folder, {"cases.csv": reopened}, as_of="2026-11-21T00:00:00+00:00")
    case_id = rows(folder, "service_case", "case_id", number="00001001")[0][0]

    def reopenings() -> list[tuple[object, ...]]:
        return rows(folder, "case_event", "happened_at", "done_by", case_id=case_id, event="reopened")[1:]

    assert rows(folder, "service_case", "status", "closed_at", number="00001001") == [("open", None)]
    assert reopenings() == [(at("2026-11-20 21:00"), "diff")]
    line = f'"{A}","Status","Closed","Reopened","11/20/2026 1:58 PM","Ann"\n'
    load_twins(folder, {"history.csv": HISTORY + line}, as_of="2026-11-21T01:00:00+00:00")
    assert reopenings() == [(at("2026-11-20 20:58"), "Ann")]


def test_a_newer_history_counts_until_the_case_comes(tmp_path: Path) -> None:
    folder = tmp_path / "centre"
    load_twins(folder, {"cases.csv": CASES})
    line = f'"{B}","Status","New","Closed","11/20/2026 1:58 PM","Ann"\n'
    load_twins(folder, {"history.csv": HISTORY + line}, as_of="2026-11-21T00:00:00+00:00")
    expected = [("closed", at("2026-11-20 20:58"))]
    assert rows(folder, "service_case", "status", "closed_at", number="00001002") == expected
    with m.open_centre(folder) as opened:
        assert open_identities(opened) == []
