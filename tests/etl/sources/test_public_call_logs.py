"""Totals without calls beneath them and public call logs give the control totals of their READMEs."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.etl.sources.loaded import Loaded, load_files, written

LAYOUTS = {
    "bank_calls_days_001-120.csv.gz": "interval_calls",
    "Call Center Data.csv": "call_center_daily",
    "Telecom Company Call-Center-Dataset.xlsx": "telecom_calls_pwc",
    "Call+Center+Data+2018.csv.gz": "edna_calls",
    "Call+Center+Data+2019.csv.gz": "edna_calls",
}


@pytest.fixture(scope="module")
def loaded(public_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    files = [path for name in LAYOUTS for path in public_data.glob(f"*/{name}")]
    return load_files(tmp_path_factory.mktemp("public"), files)


def test_every_file_is_recognised_and_taken_whole(loaded: Loaded) -> None:
    assert loaded.layouts() == LAYOUTS
    assert {result.quarantined + result.duplicate for result in loaded.results.values()} == {0}


def test_calls_per_five_minutes(loaded: Loaded) -> None:
    stats = loaded["interval_stat"].filter(source_id="interval_calls")
    assert (stats.height, stats["value"].sum()) == (20_280, 3_900_744)
    assert stats["interval_ms"].unique().to_list() == [300_000]


def test_numbered_days(loaded: Loaded) -> None:
    days = loaded["interval_stat"].filter(source_id="call_center_daily")
    wide = days.with_columns(day=pl.col("source_key").str.split(" ").list.first()).pivot(
        on="item", index="day", values="value"
    )
    assert wide.select(pl.col("offered", "handled", "abandoned").sum()).row(0) == (248_373, 221_234, 27_139)
    assert (wide["offered"] == wide["handled"] + wide["abandoned"]).all()
    # the rate that is printed is the rate that the counts give
    printed, counted = wide["answer_rate"], wide["handled"] / wide["offered"]
    assert (printed - counted).abs().max() <= 0.000_05 + 1e-9  # type: ignore[operator]

    def weighted(item: str) -> float:
        return float((wide[item] * wide["handled"]).sum()) / float(wide["handled"].sum()) / 1000

    assert weighted("speed_of_answer") == pytest.approx(29.836, abs=0.0005)
    assert weighted("talk_time_mean") == pytest.approx(159.528, abs=0.0005)
    assert wide["waiting_time"].mean() / 1000 == pytest.approx(232.315, abs=0.0005)  # type: ignore[operator]
    assert 100 * wide["service_level"].mean() == pytest.approx(70.873, abs=0.0005)  # type: ignore[operator]


AGENTS = [
    ("Becky", 517), ("Dan", 523), ("Diane", 501), ("Greg", 502),
    ("Jim", 536), ("Joe", 484), ("Martha", 514), ("Stewart", 477),
]  # fmt: skip


def test_telecom_calls(loaded: Loaded) -> None:
    legs = loaded["leg"].filter(source_id="telecom_calls_pwc")
    answered = legs.filter(pl.col("answered_at").is_not_null())
    assert (legs.height, answered.height) == (5_000, 4_054)
    assert sorted(answered["agent_id"].value_counts().iter_rows()) == AGENTS
    # empty for calls that nobody answered: they must not count as 0
    assert legs["wait_ms"].mean() / 1000 == pytest.approx(67.52, abs=0.005)  # type: ignore[operator]
    assert legs["talk_ms"].mean() / 1000 == pytest.approx(224.92, abs=0.005)  # type: ignore[operator]


YEARS = [
    # year, calls, abandoned, mean wait, mean duration, % that waited less than 35 s
    (2018, 33_057, 1_945, 27.424, 746.156, 88.211),
    (2019, 32_987, 2_009, 27.480, 747.762, 88.107),
]


@pytest.mark.parametrize(("year", "calls", "abandoned", "wait", "length", "within"), YEARS)
def test_calls_of_the_three_site_centre(
    loaded: Loaded, year: int, calls: int, abandoned: int, wait: float, length: float, within: float
) -> None:
    legs = loaded["leg"].filter(pl.col("queue_enter_at").dt.year() == year, source_id="edna_calls")
    assert (legs.height, legs.filter(end_reason="abandon").height) == (calls, abandoned)
    assert legs["wait_ms"].mean() / 1000 == pytest.approx(wait, abs=0.0005)  # type: ignore[operator]
    assert legs["total_ms"].mean() / 1000 == pytest.approx(length, abs=0.0005)  # type: ignore[operator]
    assert 100 * (legs["wait_ms"] < 35_000).mean() == pytest.approx(within, abs=0.0005)  # type: ignore[operator]
    # an abandoned call names an employee, and credits none
    assert legs.filter(end_reason="abandon")["agent_id"].null_count() == abandoned
    assert legs["agent_id"].drop_nulls().n_unique() == 64


PLAIN = """\
start_time,minutes,queue,offered,handled,abandoned,answer_seconds_mean,within_target_share,talk_seconds
2024-11-03,1440,General,120,110,8,14.5,0.82,26400
2024-11-03,1440,Permits,40,39,1,9,0.9,8000
2024-11-04T08:00:00,30,,12,12,0,,,
"""


def test_plain_totals_for_a_centre_that_has_no_calls(tmp_path: Path) -> None:
    loaded = load_files(tmp_path / "centre", written(tmp_path, {"totals.csv": PLAIN}), zone="America/Denver")
    assert loaded.results["totals.csv"].good == 3
    stats = loaded["interval_stat"]
    assert dict(
        stats.group_by("item").agg(pl.col("value").sum()).filter(pl.col("item").is_in(["offered", "handled"])).rows()
    ) == {"offered": 172, "handled": 161}
    assert dict(stats.filter(queue_id="General", is_additive=False).select("item", "value").rows()) == {
        "speed_of_answer": 14_500,
        "service_level": 0.82,
    }
    assert set(stats["scope"]) == {"queue", "centre"}


def test_three_thousand_calls_of_a_bank(samples: Path, tmp_path: Path) -> None:
    file = samples / "acd_anonymous_bank" / "january_1999_3000_calls.tsv"
    loaded = load_files(tmp_path / "bank", [file])
    result = loaded.results[file.name]
    assert (result.layout, result.rows_read, result.good) == ("anonymous_bank", 3_000, 3_000)
    contacts, legs = loaded["contact"], loaded["leg"]
    assert dict(contacts["outcome_code"].value_counts().iter_rows()) == {"AGENT": 2_588, "HANG": 393, "PHANTOM": 19}
    assert legs["wait_ms"].sum() == 109_833_000
    # 477,652 s of service stand in the file, 562 of them with calls that hung up and 1,193 with phantoms
    assert legs["talk_ms"].sum() == (477_652 - 562 - 1_193) * 1000
    assert legs["agent_id"].n_unique() - int(legs["agent_id"].null_count() > 0) == 27
    served = contacts.filter(outcome_code="AGENT").join(legs, on="contact_id")
    assert served["agent_id"].null_count() == 26
