"""What persons could be known by is taken out before anything is kept; what is not stays, counted by type."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from sql import engine
from sql.macros import READER, define
from tests.conftest import Offer
from tests.etl.bad_inputs import A, but, calls
from tests.etl.redaction_corpus import NOTES

MARK = re.compile(r"\{([a-z-]+)\|([^}]*)\}")
KINDS = ("card", "cvv", "e-mail", "phone", "ssn")
# what the patterns are known to take without need: ten digits may be a case's number or a telephone's
LEAST_PRECISION = {"card": 0.9, "cvv": 1.0, "e-mail": 1.0, "phone": 0.8, "ssn": 1.0}


@pytest.fixture(scope="module")
def reader() -> Iterator[duckdb.DuckDBPyConnection]:
    """The engine with the redactor."""
    connection = engine.start(extensions=())
    define(connection, READER, {})
    yield connection
    connection.close()


def redacted(reader: duckdb.DuckDBPyConnection, text: str) -> str:
    found = reader.execute("select redacted($text)", {"text": text}).fetchone()
    assert found is not None
    return str(found[0])


def measured(reader: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int, int]]:
    """By type: items in the corpus, items taken out as that type, and all that was taken out as that type."""
    there, found, taken = Counter[str](), Counter[str](), Counter[str]()
    for note in NOTES.strip().splitlines():
        result = redacted(reader, MARK.sub(r"\2", note))
        wanted = MARK.sub(lambda mark: f"[{mark.group(1)}]", note)
        for kind in KINDS:
            token = f"[{kind}]"
            there[kind] += wanted.count(token)
            taken[kind] += result.count(token)
            found[kind] += min(wanted.count(token), result.count(token))
        for _, item in MARK.findall(note):
            assert item not in result, note
    return {kind: (there[kind], found[kind], taken[kind]) for kind in KINDS}


def test_everything_is_found_and_little_else(reader: duckdb.DuckDBPyConnection) -> None:
    for kind, (there, found, taken) in measured(reader).items():
        assert found == there, f"{kind}: {found} of {there} found"
        assert found / taken >= LEAST_PRECISION[kind], f"{kind}: {taken} taken out, {found} rightly"


def test_what_is_promised_is_what_was_measured(reader: duckdb.DuckDBPyConnection) -> None:
    promised = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
    for kind, (there, found, taken) in measured(reader).items():
        assert f"| {kind} | {there} | {found} | {found / taken:.2f} |" in promised


def test_a_card_is_told_from_a_number_by_its_check_digit(reader: duckdb.DuckDBPyConnection) -> None:
    assert redacted(reader, "4111111111111111") == "[card]"
    assert redacted(reader, "meter 4111111111111112") == "meter 4111111111111112"


def test_nothing_of_a_person_is_kept_in_quarantine(offer: Offer, empty_centre: object) -> None:
    import metrics as m

    offer("calls.csv", calls(A, but(A, call_id="C9", wait_seconds="x", queue="jane@example.org")))
    with m.open_centre(empty_centre) as centre:  # type: ignore[arg-type]
        raw = centre.table("quarantine")["raw"][0]
    assert "jane" not in raw
    assert "3035550101" not in raw
