"""What is handed to the public: nothing small, nothing that a subtraction gives back, and a manifest of what is missing."""

from __future__ import annotations

import io
import json
import zipfile

import polars as pl
import pytest

import metrics as m
from metrics.public import FEWEST, WITHHELD

EVERYONE = m.Scope.whole_centre()


@pytest.fixture(scope="module")
def record(loaded_city: object) -> m.PublicRecord:
    """The public record of the small city."""
    from pathlib import Path

    with m.open_centre(Path(str(loaded_city))) as city:
        span = m.data_span(city)
        assert span is not None
        return m.public_record(city, during=span, scope=EVERYONE)


def test_no_figure_stands_on_fewer_than_ten(record: m.PublicRecord) -> None:
    shown = record.figures.filter(pl.col("value") != WITHHELD)
    assert shown.height > 20
    assert shown["n"].cast(pl.Int64).min() >= FEWEST  # type: ignore[operator]


def test_no_figure_withheld_comes_back_by_subtraction(record: m.PublicRecord) -> None:
    held = pl.col("value") == WITHHELD
    months = record.figures.group_by("metric", "month").agg(held.sum().alias("held"), pl.len().alias("all"))
    assert record.figures.filter(held).height == record.manifest["withheld"] > 0
    assert months.filter((pl.col("held") == 1) & (pl.col("all") > 1)).is_empty()


def test_what_is_shown_is_what_the_one_question_answers(record: m.PublicRecord, city: m.Centre) -> None:
    span = m.data_span(city)
    assert span is not None
    frame = m.measure(city, ["contacts_offered"], by=["month", "queue"], during=span, scope=EVERYONE)
    expected = {(f"{row['month']:%Y-%m}", row["value"]) for row in frame.iter_rows(named=True)}
    shown = record.figures.filter((pl.col("metric") == "contacts_offered") & (pl.col("value") != WITHHELD))
    assert {(row["month"], float(row["value"])) for row in shown.iter_rows(named=True)} <= expected


def test_nobody_can_be_read_from_the_file(record: m.PublicRecord, city: m.Centre) -> None:
    with zipfile.ZipFile(io.BytesIO(record.as_zip())) as archive:
        text = archive.read("figures.csv").decode() + archive.read("manifest.json").decode()
        manifest = json.loads(archive.read("manifest.json"))
    span = m.data_span(city)
    assert span is not None
    people = m.roster(city, during=span, scope=EVERYONE)
    contacts = m.rows(city, "contacts_offered", during=m.Period.day(span.last), scope=EVERYONE)
    # a team may bear the name of its queue, which is public
    teams = people.filter(~pl.col("team").is_in(city.table("queue")["name"].to_list()))["team"]
    hashes = city.table("contact")["caller_key"].drop_nulls().head(50)
    for kind in (people["name"], people["agent_id"], teams, contacts["contact_key"], hashes):
        assert [value for value in set(kind.drop_nulls()) if str(value) in text] == []
    assert set(manifest["left_out"]) >= {"callers' numbers, also as keyed hashes"}
    assert manifest["definitions"]["service_level"]["id"] == "M20"
    assert record.as_zip() == record.as_zip()


def test_a_scope_without_totals_gets_nothing(city: m.Centre) -> None:
    span = m.data_span(city)
    assert span is not None
    assert m.public_record(city, during=span, scope=m.Scope.of_agent("A1001")).figures.is_empty()
