"""The quick way and the careful way read every file alike: the same rows, the same faults, the same counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from etl.conversion import Converted, SourceFile, convert
from etl.layout import layouts
from etl.recognise import recognise
from sql import FileRejected, engine
from sql.macros import READER, define, define_caller_key
from tests.etl.bad_inputs import HEADER, A, B, C, but
from tests.etl.bad_rows import ROWS
from tests.etl.bad_values import VALUES

EXPORTED = datetime.fromisoformat("2026-11-20T00:00:00")
NEVER_PLAIN = 1 << 60

ODD = {
    "call_id": ["C1", "C2", " C1", "007", "1.5E+9", "a b", "é1", "x" * 201, ""],
    "queue": ["general", " general", "general ", "a, b", '"', "Ã©", "two words", "\t", ""],
    "agent_id": ["A1", "", "A1 ", "a+b"],
    "channel": ["voice", "VOICE", "phone", "pigeon"],
    "start_time": [
        "2026-11-13T08:30:00-07:00", "2026-11-13 08:30:00", "2026-11-13T08:30:00.250-07:00", "2026-11-13T08:30:00Z",
        "2026-11-01T01:30:00", "2026-03-08T02:30:00", "2026-11-12T24:00:00", "2026-11-13T08:30:00+03:00",
        "2026-02-30T08:00:00-07:00", "2031-01-01T00:00:00-07:00", "26-11-13 08:30:00", "2026-07-04T12:00:00",
    ],
    "wait_seconds": ["12", "012", "-1", "1e3", "0x10", "86400", "86401", "0:01:05", " 7", "", "+4", "1_0", "3.0"],
    "talk_seconds": ["200", "", "9"],
    "outcome": ["answered", "Answered", "abandoned", "transferred", "lost", ""],
    "caller": ["+13035550101", "", " 303 555 0101", "anonymous"],
}  # fmt: skip


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A calls file of mostly good rows, with odd fields, odd lines and odd line ends thrown in."""
    rows = []
    for number in range(draw(st.integers(1, 12))):
        row = but(draw(st.sampled_from([A, B, C])), call_id=f"K{number}")
        for name in draw(st.lists(st.sampled_from(sorted(ODD)), max_size=2)):
            row = but(row, **{name: draw(st.sampled_from(ODD[name]))})
        rows.append(row)
    odd_lines = ["", ",,,,,,,,,,,", HEADER, "End of report", A + ",more", A.replace("general", '"general'), B[:40]]
    for line in draw(st.lists(st.sampled_from(odd_lines), max_size=1)):
        rows.insert(draw(st.integers(0, len(rows))), line)
    end = draw(st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"]))
    text = end.join([HEADER, *rows]) + draw(st.sampled_from([end, end, ""]))
    return text.encode(draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "cp1252"])), errors="replace")


@pytest.fixture(scope="module")
def reader() -> Iterator[duckdb.DuckDBPyConnection]:
    """The engine as a reading process has it."""
    connection = engine.start(extensions=())
    define(connection, READER, {})
    define_caller_key(connection, b"k" * 32)
    yield connection
    connection.close()


def read(
    connection: duckdb.DuckDBPyConnection, content: bytes, folder: Path, least_plain_bytes: int
) -> tuple[object, ...]:
    """All that is known of a file when it has been read."""
    path = folder / "calls.csv"
    path.write_bytes(content)
    # a folder of its own each time: the engine remembers a file's content by its name
    target = Path(mkdtemp(dir=folder))
    recognised = recognise(path, layouts(), name=path.name)
    file = SourceFile(7, path.name, path, EXPORTED)
    outcome = convert(
        connection, [file], recognised, source_id="plain_calls", zone="America/Denver", target=target,
        least_plain_bytes=least_plain_bytes,
    )[7]  # fmt: skip
    parts = [str(part) for part in target.glob("*.parquet")]
    if isinstance(outcome, FileRejected):
        return (outcome.reason, str(outcome))
    assert isinstance(outcome, Converted)
    frame = connection.execute("from read_parquet($parts, union_by_name = true)", {"parts": parts}).pl()
    columns = sorted(frame.columns)
    rows = sorted(frame.select(columns).rows(), key=lambda row: repr(row))
    counts = (outcome.tally, outcome.quarantined, sorted(outcome.notes), outcome.encoding, outcome.delimiter)
    return (columns, rows, *counts)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=files())
@example(content=f"{HEADER}\n{A}\n{but(B, queue=' general')}\n".encode())
@example(content=f"{HEADER}\n{A}\n{but(A, call_id=' C1')}\n".encode())
def test_the_two_ways_agree(reader: duckdb.DuckDBPyConnection, tmp_path: Path, content: bytes) -> None:
    careful = read(reader, content, tmp_path, NEVER_PLAIN)
    assert read(reader, content, tmp_path, 0) == careful


@pytest.mark.parametrize("bad", [bad for bad in (*ROWS, *VALUES) if bad.verdict == "accepted"], ids=str)
def test_the_two_ways_agree_on_the_catalogue(reader: duckdb.DuckDBPyConnection, tmp_path: Path, bad: object) -> None:
    content = bad.content if isinstance(bad.content, bytes) else bad.content.encode()  # type: ignore[attr-defined]
    assert read(reader, content, tmp_path, 0) == read(reader, content, tmp_path, NEVER_PLAIN)


def test_a_plain_file_goes_the_quick_way(reader: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    times = ("2026-11-13 08:30:00", "2026-11-13T15:30:00Z", "2026-11-13T10:30:00-05:00", "2026-11-13T21:15:00+05:45")
    others = [but(A, call_id=f"C{number}", start_time=time) for number, time in enumerate(times, start=4)]
    read(reader, "\n".join([HEADER, A, B, C, *others]).encode(), tmp_path, 0)
    assert [part.name for part in tmp_path.rglob("*.parquet")] == ["7.plain.parquet"]
    assert reader.execute("select count(*) from plain_row where is_plain").fetchone() == (7,)
    found = reader.execute("select distinct start_time from plain_row where row_key in ('C1', 'C4', 'C5', 'C6', 'C7')")
    assert found.fetchall() == [(datetime.fromisoformat("2026-11-13T15:30:00"),)]
