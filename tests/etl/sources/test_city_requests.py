"""Real files of cities, loaded by recognition alone, give the control totals that stand beside them."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

import metrics as m
from etl.centre import create_centre
from etl.ledger import FileResult
from etl.load import load
from tests.conftest import NOW, SHARED
from tests.etl.sources.twin_city import at, rows
from tests.in_memory import open_identities

FILES = (
    "data/los_angeles_311/MyLA311_Service_Request_Data_2017_Subset.csv.gz",
    "data/baltimore_311/311_sample_part1.csv.gz",
    "data/vancouver_311_requests/raw_311.csv.gz",
    "data/vancouver_311_requests/3-1-1-service-requests 2023.xlsx",
    "data/csat_ecommerce/customer_support_csat_to_2023-08-20.csv.gz",
    "samples/zendesk/ticket_data.csv",
    "samples/zendesk/ticket_field_history_data.csv",
    "samples/zendesk/ticket_comment_data.csv",
    "samples/servicenow/task_data.csv",
    "samples/servicenow/task_sla_data.csv",
    "samples/open311_georeport/chicago_service_requests.json",
    "samples/open311_georeport/toronto_requests_many.xml",
    "samples/open311_georeport/toronto_requests_single.xml",
    "samples/qualtrics/export_three_header_rows.csv",
    "samples/qualtrics/export_legacy_bom_two_headers.csv",
    "samples/open311_city_data/boston/boston311-100-bad.tsv",
    "samples/open311_city_data/boston/boston311-100-20dupes-random.csv",
    "samples/open311_city_data/los_angeles/myla311_2017_200.csv",
)
RESULTS = [
    # file, layout, rows read, good, put aside for
    ("MyLA311_Service_Request_Data_2017_Subset.csv.gz", "los_angeles_311", 9_999, 9_999, {}),
    # a due time in the hour that the clock skipped on 11 March 2018
    ("311_sample_part1.csv.gz", "baltimore_311", 5_000, 4_999, {"due_at:not_a_time_as_declared": 1}),
    # no case number is published: a few requests of one second, place and kind cannot be told apart
    ("raw_311.csv.gz", "vancouver_311_requests", 10_000, 9_992, {"conflicting_rows": 8}),
    ("3-1-1-service-requests 2023.xlsx", "vancouver_311_requests", 7_062, 7_060, {"conflicting_rows": 2}),
    ("customer_support_csat_to_2023-08-20.csv.gz", "csat_ecommerce", 10_793, 10_793, {}),
    ("ticket_data.csv", "zendesk_tickets", 10, 10, {}),
    ("ticket_field_history_data.csv", "zendesk_ticket_field_history", 20, 20, {}),
    ("ticket_comment_data.csv", "zendesk_ticket_comments", 20, 20, {}),
    ("task_data.csv", "servicenow_tasks", 1, 1, {}),
    ("task_sla_data.csv", "servicenow_task_sla", 1, 1, {}),
    ("chicago_service_requests.json", "open311_requests", 2, 2, {}),
    ("toronto_requests_many.xml", "open311_requests", 2, 2, {}),
    ("toronto_requests_single.xml", "open311_requests", 1, 1, {}),
    ("export_three_header_rows.csv", "qualtrics_responses", 1, 1, {}),
    ("export_legacy_bom_two_headers.csv", "qualtrics_legacy_responses", 1, 1, {}),
    ("boston311-100-bad.tsv", "boston_311", 100, 99, {"too_many_fields": 1}),
    ("boston311-100-20dupes-random.csv", "boston_311", 100, 80, {}),
    ("myla311_2017_200.csv", "los_angeles_311", 200, 200, {}),
]


@pytest.fixture(scope="module")
def loaded(public_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, FileResult]]:
    folder = tmp_path_factory.mktemp("cities") / "centre"
    create_centre(folder, name="Real cities", timezone="America/Denver")
    assert public_data.is_dir()
    results = load(folder, [SHARED / name for name in FILES], now=NOW)
    return folder, {result.file: result for result in results}


@pytest.mark.parametrize("row", RESULTS, ids=[row[0] for row in RESULTS])
def test_a_file_is_recognised_and_accounted_for(
    loaded: tuple[Path, dict[str, FileResult]], row: tuple[object, ...]
) -> None:
    result = loaded[1][str(row[0])]
    assert result.verdict == "accepted", result.message
    assert (result.layout, result.rows_read, result.good, result.reasons) == row[1:]


def counted(folder: Path, column: str, **where: object) -> dict[str, int]:
    """How many cases there are by one column."""
    return dict(Counter(value for (value,) in rows(folder, "service_case", column, **where)))


def test_los_angeles(loaded: tuple[Path, dict[str, FileResult]]) -> None:
    source = {"source_id": "los_angeles_311"}
    assert counted(loaded[0], "channel", **source) == {
        "voice": 4_189,  # calls 4,188 and one voice message
        "app": 2_131,
        "internal": 2_019,  # drivers' own reports: staff work, and no contact
        "web": 1_621,
        "email": 33,
        "council's office": 5,
        "walk_in": 1,
    }
    assert counted(loaded[0], "status_code", **source) == {
        "Closed": 9_739,
        "Cancelled": 246,
        "Referred Out": 9,
        "Open": 5,
    }
    assert counted(loaded[0], "status", **source) == {"closed": 9_748, "cancelled": 246, "open": 5}
    departments = counted(loaded[0], "department", **source)
    assert {name: departments[name] for name in ("BOS", "OCB", "ITA", "BSL", "LADWP")} == {
        "BOS": 6_891, "OCB": 2_863, "ITA": 123, "BSL": 94, "LADWP": 28,
    }  # fmt: skip
    assert sum(due is None for (due,) in rows(loaded[0], "service_case", "due_at", **source)) == 500
    assert sum(closed is None for (closed,) in rows(loaded[0], "service_case", "closed_at", **source)) == 5
    # twelve closings are written as a day, so as its midnight, hours before the request came
    assert counted(loaded[0], "closed_q", **source) == {"exact": 9_982, "date_only": 12, None: 5}
    assert counted(loaded[0], "channel", source_id="los_angeles_311")["app"] == len(
        rows(loaded[0], "contact", "contact_id", source_id="los_angeles_311", channel="app")
    )


def test_los_angeles_sample_of_200(loaded: tuple[Path, dict[str, FileResult]]) -> None:
    with (SHARED / "samples" / "open311_city_data" / "los_angeles" / "myla311_2017_200.csv").open() as file:
        numbers = {row["SRNumber"] for row in csv.DictReader(file)}
    states = dict(rows(loaded[0], "service_case", "number", "status", source_id="los_angeles_311"))
    assert Counter(states[number] for number in numbers) == {"closed": 196, "cancelled": 4}


def test_baltimore_closures_by_due_date_and_the_published_days_open(
    loaded: tuple[Path, dict[str, FileResult]], public_data: Path
) -> None:
    with m.open_centre(loaded[0]) as centre:
        cases = centre.warehouse.frame(
            "select request.*, service_case.status_code, service_case.source_key from request "
            "join lake.service_case using (case_id) where request.source_id = 'baltimore_311'"
        )
    # the row whose due time does not exist was closed by it
    both = cases.filter(pl.col("closed_at").is_not_null() & pl.col("due_at").is_not_null())
    assert both.filter(pl.col("closed_at") <= pl.col("due_at")).height + 1 == 3_995
    assert both.filter(pl.col("closed_at") > pl.col("due_at")).height == 761
    assert dict(cases["status_code"].value_counts().iter_rows()) == {
        "Closed": 4_786 - 1, "Closed (Duplicate)": 99, "Open": 58, "New": 37, "Pending": 8, "Open (Duplicate)": 7,
        "Closed (Transferred)": 4, "In Progress": 1,
    }  # fmt: skip
    with gzip.open(public_data / "baltimore_311" / "311_sample_part1.csv.gz", "rt") as file:
        published = {row["SRRecordID"]: row["DaysOpen"] for row in csv.DictReader(file)}
    zone = "America/New_York"
    local = cases.filter(pl.col("closed_at").is_not_null()).select(
        "source_key",
        *(
            pl.col(name).dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.date()
            for name in ("created_at", "closed_at")
        ),
    )
    assert local.height > 4_700
    assert [key for key, created, closed in local.iter_rows() if str((closed - created).days) != published[key]] == []


def test_vancouver_days_to_close_and_channels(loaded: tuple[Path, dict[str, FileResult]]) -> None:
    found = rows(
        loaded[0],
        "service_case",
        "created_at",
        "closed_at",
        "channel",
        "department",
        source_id="vancouver_311_requests",
    )
    assert len(found) == 7_060 + 9_992
    zone = "America/Vancouver"
    frame = pl.DataFrame(found, schema=["created", "closed", "channel", "department"], orient="row").with_columns(
        pl.col("created", "closed").dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.date()
    )
    book = frame.filter((pl.col("department") == "311 Contact Centre") & (pl.col("created") < date(2024, 1, 1)))
    days = (book["closed"] - book["created"]).dt.total_days().drop_nulls()
    assert days.filter(days < 0).len() == 0
    # the CSV holds some of the same department's cases of late 2023 too
    assert days.len() >= 6_832
    assert dict(frame["channel"].value_counts().iter_rows())["unknown"] == 92


def test_vancouver_workbook_alone(public_data: Path, tmp_path: Path) -> None:
    create_centre(tmp_path, name="Vancouver", timezone="America/Vancouver")
    load(tmp_path, [public_data / "vancouver_311_requests" / "3-1-1-service-requests 2023.xlsx"], now=NOW)
    found = rows(tmp_path, "service_case", "created_at", "closed_at", "status", "channel")
    assert Counter(row[2] for row in found) == {"closed": 6_834 - 2, "open": 228}
    assert Counter(row[3] for row in found) == {"voice": 6_740 - 2, "chat": 202, "email": 71, "social": 48, "letter": 1}
    # the first and last opening, in local time 2022-12-31 14:35 and 2023-12-31 08:05
    openings = sorted(row[0].replace(second=0) for row in found)
    assert (openings[0], openings[-1]) == (at("2022-12-31 22:35"), at("2023-12-31 16:05"))
    times = pl.DataFrame([row[:2] for row in found], schema=["created", "closed"], orient="row").select(
        pl.col("created", "closed").dt.replace_time_zone("UTC").dt.convert_time_zone("America/Vancouver").dt.date()
    )
    days = (times["closed"] - times["created"]).dt.total_days().drop_nulls()
    # two requests of one second cannot be told apart and are put aside; they took 11 days and 1 day
    assert days.len() + 2 == 6_834
    assert round((days.sum() + 11 + 1) / 6_834, 2) == 12.68
    assert (days.median(), days.max()) == (2, 570)
    assert days.filter(days <= 7).len() + 1 == 5_022
    assert days.min() == 0


def test_satisfaction_scores(loaded: tuple[Path, dict[str, FileResult]]) -> None:
    scores = Counter(score for (score,) in rows(loaded[0], "survey_answer", "value_num", source_id="csat_ecommerce"))
    assert [scores[number] for number in range(1, 6)] == [1_521, 160, 336, 1_387, 7_389]
    total = sum(scores.values())
    assert round(sum(score * count for score, count in scores.items()) / total, 4) == 4.2011
    assert round(100 * (scores[4] + scores[5]) / total, 2) == 81.31
    assert len({agent for (agent,) in rows(loaded[0], "survey", "agent_id", source_id="csat_ecommerce")}) == 1_325


def test_zendesk_and_servicenow_samples(loaded: tuple[Path, dict[str, FileResult]]) -> None:
    folder = loaded[0]
    assert len(rows(folder, "service_case", "number", source_id="zendesk")) == 10
    assert Counter(event for (event,) in rows(folder, "case_change", "event", source_id="zendesk")) == {
        "status": 20,
        "noted": 20,
    }
    # ticket 11071: its history has the closing time, the ticket only its last change weeks later
    assert rows(folder, "service_case", "closed_at", number="11071") == [(at("2020-09-02 11:01:27"),)]
    ((extra,),) = rows(folder, "service_case", "extra", source_id="servicenow")
    assert extra == '{"calendar_duration_ms":35178000,"business_duration_ms":121578000}'


def test_open311_samples(loaded: tuple[Path, dict[str, FileResult]]) -> None:
    found = rows(
        loaded[0],
        "service_case",
        "number",
        "status",
        "request_type",
        "created_at",
        "due_at",
        source_id="open311_requests",
    )
    assert found == [
        ("101005420892", "open", "Road - Pot hole", at("2018-07-30 04:01"), at("2018-08-03 04:01")),
        ("101005420894", "open", "Road - Pot hole", at("2018-07-30 04:01"), at("2018-08-03 04:01")),
        ("14-01100627", "open", "Building Violation", at("2014-07-12 15:48:56"), None),
        ("14-01100669", "open", "Alley Light Out", at("2014-07-12 15:58:43"), None),
    ]


def test_qualtrics_samples(loaded: tuple[Path, dict[str, FileResult]]) -> None:
    expected = [
        ("Q1", "This is a multiple choice question.", "2"),
        ("Q2", "This is a free text question.", "Hello World!"),
    ]
    for source in ("qualtrics_responses", "qualtrics_legacy_responses"):
        assert (
            rows(loaded[0], "survey_answer", "question_key", "question_text", "value_text", source_id=source)
            == expected
        )


def test_every_identity_closes(loaded: tuple[Path, dict[str, FileResult]]) -> None:
    with m.open_centre(loaded[0]) as centre:
        assert open_identities(centre) == []


OWN = """\
extends = "boston_311"
name = "boston_day_first"
[columns.open_dt]
formats = ["%d/%m/%Y %H:%M:%S"]
[columns.target_dt]
formats = ["%d/%m/%Y %H:%M:%S"]
[columns.closed_dt]
formats = ["%d/%m/%Y %H:%M:%S"]
"""


def test_days_before_months_are_read_where_a_layout_says_so(public_data: Path, tmp_path: Path) -> None:
    folder = SHARED / "samples" / "open311_city_data" / "boston"
    assert public_data.is_dir()
    read: list[list[tuple[datetime | None, ...]]] = []
    for number, (file, layout) in enumerate((("boston311-100.csv", ""), ("boston311-dmy-100.csv", OWN))):
        centre = tmp_path / str(number)
        create_centre(centre, name="Boston", timezone="America/New_York")
        if layout:
            (centre / "layouts" / "own.toml").write_text(layout, encoding="utf-8")
        source = "boston_day_first" if layout else None
        assert load(centre, [folder / file], now=NOW, source=source)[0].good == 100
        read.append(rows(centre, "service_case", "number", "created_at", "due_at", "closed_at"))
    assert read[0] == read[1]
    assert sum(value is not None for row in read[0] for value in row[1:]) == 274
