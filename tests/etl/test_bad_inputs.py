"""The catalogue of bad inputs: each is refused with its cause, put aside row by row, repaired, or taken exactly."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from etl.ledger import FileResult
from etl.load import Intake, opened_intake, take
from tests.conftest import NOW
from tests.etl.bad_files import FILES
from tests.etl.bad_histories import HISTORIES
from tests.etl.bad_inputs import A, B, Bad, C, Call, but, calls, meant
from tests.etl.bad_rows import ROWS
from tests.etl.bad_values import VALUES

CATALOGUE = [*FILES, *ROWS, *VALUES, *HISTORIES]


@pytest.fixture(scope="module")
def intake(made_centre: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intake]:
    """One open centre for the whole catalogue; every case is a source of its own in it."""
    folder = shutil.copytree(made_centre, tmp_path_factory.mktemp("catalogue") / "centre")
    with opened_intake(folder, now=NOW) as opened:
        yield opened


def offered(intake: Intake, exports: Path, bad: Bad, source: str) -> FileResult:
    """What becomes of the file, after those that came before it."""
    # the same bytes are offered by several cases, and would be known from the case before
    intake.warehouse.execute("delete from lake.load_file")
    for name, content, as_of in bad.before:
        path = exports / "before" / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(content)
        before = take(intake, [path], source=source, as_of=datetime.fromisoformat(as_of))
        assert [one.verdict for one in before] == ["accepted"]
    path = exports / bad.name
    path.parent.mkdir(exist_ok=True, parents=True)
    if callable(bad.content):
        bad.content(path)
    else:
        path.write_bytes(bad.content if isinstance(bad.content, bytes) else bad.content.encode())
    return take(intake, [path], source=source, as_of=datetime.fromisoformat(bad.as_of))[0]


SERVED = """
    select
        contact.source_key, first_queue_id, agent_id, channel, direction, entered_at, wait_ms, talk_ms, hold_ms, acw_ms,
        outcome_code
    from lake.contact
    left join lake.leg using (contact_id)
    where contact.source_id = $source
    order by contact.source_key
"""


def served(intake: Intake, source: str) -> list[Call]:
    """The calls in the warehouse, as `meant` writes them."""
    return intake.warehouse.connection.execute(SERVED, {"source": source}).fetchall()


@pytest.mark.parametrize("bad", CATALOGUE, ids=str)
def test_a_bad_input_is_answered_as_the_catalogue_says(intake: Intake, tmp_path: Path, bad: Bad) -> None:
    source = str(bad)
    result = offered(intake, tmp_path / "exports", bad, source)
    assert (result.verdict, result.reasons) == (bad.verdict, bad.reasons), result.message
    assert served(intake, source) == sorted(meant(row) for row in bad.served)
    if bad.verdict == "accepted":
        good = len(bad.served) if bad.good is None else bad.good
        fates = (result.good, result.quarantined, result.duplicate, result.blank)
        assert fates == (good, sum(bad.reasons.values()), bad.duplicate, bad.blank)
        assert result.rows_read == sum(fates)
    assert bad.says.lower() in " ".join([result.message, *result.notes]).lower()
    if bad.verdict == "rejected":
        assert result.message.startswith(result.file)
    _no_row_is_quoted(result)


def _no_row_is_quoted(result: FileResult) -> None:
    told = json.dumps(result.as_dict())
    assert "+1303555" not in told
    assert "2026-11-13T08:30" not in told


def test_the_catalogue_is_whole() -> None:
    """Ninety-three lines; those of a growing file and of names downstream are proven where they happen."""
    elsewhere = {22}
    assert sorted({bad.line for bad in CATALOGUE} | elsewhere) == list(range(1, 94))


def test_a_good_file_of_the_catalogue_is_taken(intake: Intake, tmp_path: Path) -> None:
    """The comparison itself: it must fail where a value differs."""
    result = offered(intake, tmp_path, Bad(0, "good", calls(A, B, C)), "good")
    assert result.good == 3
    assert served(intake, "good") == [meant(A), meant(B), meant(C)]
    assert served(intake, "good") != [meant(but(A, wait_seconds="13")), meant(B), meant(C)]
