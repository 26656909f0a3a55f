"""Real public exports, loaded by name recognition, give the control totals that stand beside them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

import metrics as m
from etl.centre import create_centre
from etl.ledger import FileResult
from etl.load import load
from tests.conftest import NOW
from tests.in_memory import open_identities

EVERYONE = m.Scope.whole_centre()


@pytest.fixture(scope="module")
def loaded(public_data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[FileResult]]:
    """All five systems in one centre, each recognised by its header alone."""
    folder = tmp_path_factory.mktemp("real") / "centre"
    create_centre(folder, name="Real files", timezone="America/New_York")
    files = [
        *sorted((public_data / "anonymous_bank").glob("*.txt.gz")),
        public_data / "genesys_cloud_calls" / "fact_calls_2025-11-01_15.csv.gz",
        public_data / "boston_311" / "311_service_requests_2011.zip",
        *sorted((public_data / "nyc_311").glob("311_*.gz")),
        public_data / "vancouver_311_phone" / "3-1-1-contact-centre-metrics_2009-2023.csv",
    ]
    return folder, load(folder, files, now=NOW)


@pytest.fixture(scope="module")
def centre(loaded: tuple[Path, list[FileResult]]) -> Iterator[m.Centre]:
    with m.open_centre(loaded[0]) as opened:
        yield opened


def test_every_file_is_recognised_and_its_rows_are_accounted_for(
    loaded: tuple[Path, list[FileResult]],
) -> None:
    for result in loaded[1]:
        assert result.verdict == "accepted", result.message
        assert result.good + result.quarantined + result.duplicate + result.blank == result.rows_read


# ---- Anonymous Bank ------------------------------------------------------------------------------------------------

BANK = [
    # month, rows, 16-field rows, AGENT, HANG, PHANTOM, queued, HANG queued, mean wait, mean service, % served under 10 s
    (1, 31_599, 0, 27_060, 4_299, 240, 16_905, 3_080, 68.37, 184.71, 4.61),
    (3, 38_801, 0, 27_847, 10_547, 407, 28_166, 8_581, 120.09, 185.47, 7.03),
    (5, 39_553, 0, 29_923, 9_212, 418, 26_522, 7_073, 96.74, 199.01, 7.37),
    (7, 39_022, 5, 29_596, 9_043, 378, 27_047, 6_787, 105.59, 181.48, 6.71),
    (9, 31_371, 1, 27_062, 4_145, 163, 13_667, 2_555, 84.49, 189.87, 5.81),
]
MONTHS = {1: "january", 3: "march", 5: "may", 7: "july", 9: "september"}


@pytest.mark.parametrize(("month", "rows", "short"), [(row[0], row[1], row[2]) for row in BANK])
def test_bank_lines_are_taken_or_listed(
    loaded: tuple[Path, list[FileResult]], month: int, rows: int, short: int
) -> None:
    result = next(one for one in loaded[1] if one.file == f"{MONTHS[month]}.txt.gz")
    assert (result.rows_read, result.quarantined) == (rows, short)
    assert result.reasons == ({"too_few_fields": short} if short else {})


@pytest.mark.parametrize("row", BANK, ids=lambda row: MONTHS[row[0]])
def test_bank_control_totals(centre: m.Centre, row: tuple[float, ...]) -> None:
    month, _, _, agent, hang, phantom, queued, hang_queued, wait, service, short_served = row
    contacts = centre.table("contact").filter(source_id="anonymous_bank")
    legs = centre.table("leg").filter(source_id="anonymous_bank")
    joined = contacts.join(legs, on="contact_id", how="left", suffix="_leg").filter(
        # keys begin with line, call and the date as the log writes it
        pl.col("source_key").str.split("\x1f").list.get(2).str.slice(2, 2).cast(pl.Int32) == month
    )
    outcomes = dict(joined["outcome_code"].value_counts().iter_rows())
    assert outcomes == {"AGENT": agent, "HANG": hang, "PHANTOM": phantom}
    waits = joined.filter(pl.col("wait_ms") > 0)
    assert waits.height == queued
    assert waits.filter(outcome_code="HANG").height == hang_queued
    assert waits["wait_ms"].mean() / 1000 == pytest.approx(wait, abs=0.005)  # type: ignore[operator]
    served = joined["talk_ms"].drop_nulls() / 1000
    usual = served.filter((served > 0) & (served < 3600))
    assert usual.mean() == pytest.approx(service, abs=0.01)
    assert 100 * (served.filter(served > 0) < 10).mean() == pytest.approx(short_served, abs=0.01)  # type: ignore[operator]


def test_bank_abandonment_over_five_months(centre: m.Centre) -> None:
    contacts = centre.table("contact").filter(source_id="anonymous_bank")
    hang, agent = (contacts.filter(outcome_code=code).height for code in ("HANG", "AGENT"))
    assert 100 * hang / (hang + agent) == pytest.approx(20.84, abs=0.005)


def test_bank_reports_no_handle_time_rather_than_a_smaller_one(centre: m.Centre) -> None:
    during = m.Period.month(1999, 1)
    frame = m.measure(centre, ["average_handle_time", "average_talk_time"], during=during, scope=EVERYONE)
    assert frame["value"].to_list() == [None, pytest.approx(183.5, abs=0.1)]


# ---- Genesys -------------------------------------------------------------------------------------------------------


def test_genesys_abandonment_and_queue_times(centre: m.Centre) -> None:
    during = m.Period(date(2025, 11, 1), date(2025, 11, 16))
    frame = m.measure(centre, ["abandon_rate_recorded", "abandon_rate_all_offered"], during=during, scope=EVERYONE)
    recorded, inbound = frame.iter_rows(named=True)
    assert (recorded["numerator"], recorded["denominator"]) == (1_200, 13_196)
    assert (inbound["numerator"], inbound["denominator"]) == (51, 8_355)
    legs = centre.table("leg").filter(source_id="genesys_cloud_calls")
    abandoned = pl.col("end_reason") == "abandon"
    assert legs.filter(~abandoned)["wait_ms"].mean() == pytest.approx(13_090, abs=5)
    assert legs.filter(abandoned)["wait_ms"].mean() == pytest.approx(8_240, abs=6)


def test_genesys_rows_without_an_id_are_not_taken_for_duplicates(centre: m.Centre) -> None:
    assert centre.table("contact").filter(source_id="genesys_cloud_calls").height == 13_196


# ---- Boston --------------------------------------------------------------------------------------------------------


def test_boston_on_time_flag_is_what_the_dates_say(centre: m.Centre) -> None:
    cases = centre.warehouse.frame("select due_outcome, on_time_vendor from request where source_id = 'boston_311'")
    recomputed = pl.col("due_outcome").is_in(["on_time", "no_due_date"])
    flagged = cases.filter(pl.col("on_time_vendor").is_not_null())
    assert flagged.height == 46_572 + 11_521
    assert flagged.filter(recomputed != pl.col("on_time_vendor")).is_empty()
    counts = dict(cases["due_outcome"].value_counts().iter_rows())
    assert counts == {
        "on_time": 35_591,
        "late_closed": 8_073 + 157,
        "late_open": 3_448 + 1,
        "no_due_date": 10_749 + 232,
    }


def test_boston_counts_and_redaction(centre: m.Centre) -> None:
    cases = centre.table("service_case").filter(source_id="boston_311")
    assert dict(cases["status_code"].value_counts().iter_rows()) == {"closed": 54_570, "open": 3_681}
    assert cases.filter(pl.col("closure_reason").str.contains(r"@\w+\.")).is_empty()
    assert cases.filter(pl.col("closure_reason").str.contains(r"\b617[-. ]\d{3}[-. ]\d{4}\b")).is_empty()
    assert cases.filter(pl.col("closure_reason").str.contains("[phone]", literal=True)).height > 900


def test_boston_figures_equal_a_computation_without_fairline(centre: m.Centre, public_data: Path) -> None:
    archive = zipfile.ZipFile(public_data / "boston_311" / "311_service_requests_2011.zip")
    with archive.open(archive.namelist()[0]) as member:
        rows = list(csv.DictReader(io.TextIOWrapper(member, "utf-8")))

    def moment(text: str) -> datetime | None:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S") if text.strip() else None  # noqa: DTZ007

    originals = [
        row for row in rows if row["case_status"] != "Closed" or "duplicate of" not in row["closure_reason"].lower()
    ]
    october = [row for row in originals if (due := moment(row["target_dt"])) and (due.year, due.month) == (2011, 10)]
    on_time = [row for row in october if (closed := moment(row["closed_dt"])) and closed <= moment(row["target_dt"])]  # type: ignore[operator]
    departments = {"department": sorted({row["department"] for row in rows})}
    during = m.Period.month(2011, 10)
    frame = m.measure(centre, ["on_time_closure_rate"], during=during, where=departments, scope=EVERYONE)
    assert frame.row(0, named=True)["denominator"] == len(october)
    assert frame.row(0, named=True)["numerator"] == len(on_time)


# ---- New York ------------------------------------------------------------------------------------------------------


def test_new_york_portal_csv_and_api_json_are_one_layout(
    loaded: tuple[Path, list[FileResult]], centre: m.Centre
) -> None:
    results = {result.file: result for result in loaded[1] if result.layout == "nyc_311"}
    assert [(r.rows_read, r.good, r.quarantined) for _, r in sorted(results.items())] == [
        (5_895, 5_893, 2),
        (1_000, 1_000, 0),
    ]
    cases = centre.table("service_case").filter(source_id="nyc_311")
    assert cases.height == 6_893
    assert cases.filter(pl.col("created_at").dt.year() < 2024)["due_at"].count() in (2_792, 2_793, 2_791)


# ---- Vancouver -----------------------------------------------------------------------------------------------------

VANCOUVER = [
    ("reported_offered", 356_598, 0),
    ("reported_handled", 336_169, 0),
    ("reported_answer_rate", 0.9427, 5e-5),
    ("reported_abandon_rate", 0.0480, 5e-5),
    ("reported_speed_of_answer_plain_mean", 53.06, 5e-3),
    ("reported_service_level_plain_mean", 0.7846, 5e-5),
    ("reported_residual", 356_598 - 336_169 - 17_121, 0),
]


@pytest.mark.parametrize(("metric", "published", "tolerance"), VANCOUVER)
def test_vancouver_weekdays_of_2023(centre: m.Centre, metric: str, published: float, tolerance: float) -> None:
    during = m.Period(date(2023, 1, 1), date(2024, 1, 1))
    frame = m.measure(centre, [metric], during=during, where={"day_type": ["weekday"]}, scope=EVERYONE)
    assert frame["value"][0] == pytest.approx(published, abs=tolerance)


MONTHLY_ABANDONMENT = [
    0.061244, 0.048667, 0.047983, 0.049405, 0.047236, 0.036523,
    0.044645, 0.037453, 0.036459, 0.052013, 0.056958, 0.059632,
]  # fmt: skip


def test_vancouver_months_of_2023(centre: m.Centre) -> None:
    during = m.Period(date(2023, 1, 1), date(2024, 1, 1))
    where = {"day_type": ["weekday"]}
    frame = m.measure(centre, ["reported_abandon_rate"], by=["month"], during=during, where=where, scope=EVERYONE)
    assert frame["value"].to_list() == pytest.approx(MONTHLY_ABANDONMENT, abs=5e-7)


YEARS = [
    (2009, 273_689, 223_517, 48_970), (2010, 544_794, 486_623, 40_283), (2011, 711_650, 623_297, 35_922),
    (2015, 902_667, 791_535, 91_552), (2019, 655_630, 574_352, 70_956), (2023, 400_896, 377_605, 19_661),
]  # fmt: skip


@pytest.mark.parametrize(("year", "offered", "handled", "abandoned"), YEARS)
def test_vancouver_years(centre: m.Centre, year: int, offered: int, handled: int, abandoned: int) -> None:
    during = m.Period(date(year, 1, 1), date(year + 1, 1, 1))
    names = ["reported_offered", "reported_handled", "reported_abandoned"]
    frame = m.measure(centre, names, during=during, scope=EVERYONE)
    assert frame["value"].to_list() == [offered, handled, abandoned]


def test_vancouver_workbook_holds_what_the_csv_holds(loaded: tuple[Path, list[FileResult]], public_data: Path) -> None:
    folder = loaded[0]
    with m.open_centre(folder) as before:
        facts = before.table("interval_stat").select("stat_id", "value").sort("stat_id")
    workbook = public_data / "vancouver_311_phone" / "3-1-1-contact-centre-metrics-2023.xlsx"
    result = load(folder, [workbook], now=NOW)[0]
    assert (result.verdict, result.good) == ("accepted", 365)
    with m.open_centre(folder) as after:
        assert after.table("interval_stat").select("stat_id", "value").sort("stat_id").equals(facts)


def test_every_identity_closes_on_real_data(centre: m.Centre) -> None:
    assert open_identities(centre) == []
