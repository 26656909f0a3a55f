"""Asked for a Spark that is not there, or that cannot see the files, it says what to do, and nothing changes; no Spark is needed for that."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from metrics.build import rebuild
from metrics.spark import ADDRESS, FOLDER, engine_called, meeting_place, on_spark
from sql import WrongUse
from sql.place import Place
from tests.spark.stored import stored


def test_what_is_no_spark_is_told_with_what_would_be_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESS, raising=False)
    for address in (None, "http://host:15002"):
        with pytest.raises(WrongUse, match="sc://HOST:15002"):
            on_spark(address)


@pytest.mark.parametrize(
    ("engine", "address", "told"),
    [("sprak", None, "Did you mean spark"), ("duckdb", "sc://host:15002", "none is")],
)
def test_an_engine_that_is_none_is_told(engine: str, address: str | None, told: str) -> None:
    with pytest.raises(WrongUse, match=told):
        engine_called(engine, address)
    assert engine_called("duckdb", None) is None


def test_without_spark_it_says_what_to_install(
    loaded_city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    shutil.copytree(loaded_city / "warehouse", tmp_path / "warehouse")
    with pytest.raises(WrongUse, match=r"pip install 'fairline\[spark\]'"):
        rebuild(tmp_path, elsewhere=on_spark("local[1]"))
    assert stored(tmp_path) == stored(loaded_city)


# ---- where both engines meet ---------------------------------------------------------------------------------------

OWN, CLUSTER = "postgresql://host/name", "sc://host:15002"


@pytest.mark.parametrize(
    ("address", "data", "spark", "told", "meeting", "copied"),
    [
        (None, "{here}/data", CLUSTER, None, "{here}/scratch", False),
        (OWN, "{here}/data", CLUSTER, None, "{here}/data/spark", False),
        (OWN, "s3://bucket/name", "local[2]", None, "{here}/scratch", True),
        (OWN, "s3://bucket/name", CLUSTER, "{here}", "{here}/fairline-spark", True),
        (None, "{here}/data", CLUSTER, "{here}", "{here}/fairline-spark", True),
    ],
    ids=["own disk", "shared disk", "object storage, a Spark of one's own", "object storage", "own disk that Spark does not see"],
)  # fmt: skip
def test_where_both_engines_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str | None, data: str, spark: str, told: str | None, meeting: str, copied: bool
) -> None:  # fmt: skip
    monkeypatch.setenv(FOLDER, told.format(here=tmp_path) if told else "")
    place = Place(tmp_path, data.format(here=tmp_path), "warehouse", address)
    folder, is_copied = meeting_place(place, spark)
    assert (str(folder.parent), is_copied) == (meeting.format(here=tmp_path), copied)
    assert meeting_place(place, spark)[0] != folder


@pytest.mark.parametrize(
    ("told", "words"), [("", "in the variable FAIRLINE_SPARK_FOLDER"), ("shared", "whole path"), ("/no/such", "whole path")]
)  # fmt: skip
def test_a_spark_that_does_not_see_the_files_needs_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, words: str
) -> None:
    monkeypatch.setenv(FOLDER, told)
    with pytest.raises(WrongUse, match=words):
        meeting_place(Place(tmp_path, "s3://bucket/name", "warehouse", OWN), CLUSTER)
