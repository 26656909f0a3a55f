"""Nothing is lost: every row is accounted for, reloading changes nothing, the order of files does not matter."""

from __future__ import annotations

import gzip
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import metrics as m
from etl.load import load
from sql import LoadRunning, Warehouse, WrongUse, loading
from tests.conftest import NOW, Offer
from tests.in_memory import open_identities
from tests.warehouse_digest import digest

HEADER = "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller"
GOOD = "C1,general,A1,voice,inbound,2026-11-13T08:30:00-07:00,12,200,10,30,answered,+13035550101"
LOST = "C2,general,,voice,inbound,2026-11-13T08:31:00-07:00,40,,,,abandoned,+13035550102"


def calls(*rows: str) -> str:
    return "\n".join([HEADER, *rows]) + "\n"


# ---- one file ------------------------------------------------------------------------------------------------------

ROWS = [
    # name, the row, the reason code it is put aside for (none: it is good)
    ("answered", GOOD, None),
    ("abandoned", LOST, None),
    ("local time without offset", GOOD.replace("-07:00", ""), None),
    ("padding", GOOD.replace("general", "  general "), None),
    ("leading zeros stay", GOOD.replace("C1", "00123"), None),
    ("an id like 1050E6 stays", GOOD.replace("C1", "1050E6"), None),
    ("a queue called NULL stays", GOOD.replace("general", "NULL"), None),
    ("too few fields", GOOD.rsplit(",", 1)[0], "too_few_fields"),
    ("too many fields", GOOD + ",more", "too_many_fields"),
    ("half written", GOOD[:40], "too_few_fields"),
    ("id damaged by a spreadsheet", GOOD.replace("C1", "1.23E+17"), "call_id:damaged_identifier"),
    ("no id", GOOD.replace("C1", ""), "call_id:missing"),
    ("negative wait", GOOD.replace(",12,", ",-12,"), "wait_seconds:not_a_whole_number_in_range"),
    ("absurd talk", GOOD.replace(",200,", ",90000,"), "talk_seconds:not_a_whole_number_in_range"),
    ("fractional seconds", GOOD.replace(",12,", ",12.5,"), "wait_seconds:not_a_whole_number_in_range"),
    ("hexadecimal", GOOD.replace(",12,", ",0x10,"), "wait_seconds:not_a_whole_number_in_range"),
    ("underscores", GOOD.replace(",12,", ",1_000,"), "wait_seconds:not_a_whole_number_in_range"),
    ("not a number", GOOD.replace(",12,", ",NaN,"), "wait_seconds:not_a_whole_number_in_range"),
    ("30 February", GOOD.replace("2026-11-13", "2026-02-30"), "start_time:not_a_time_as_declared"),
    ("trailing text", GOOD.replace("08:30:00-07:00", "08:30:00 PM"), "start_time:not_a_time_as_declared"),
    ("the hour that a clock skips", GOOD.replace("2026-11-13T08:30:00-07:00", "2026-03-08T02:30:00"), "start_time:not_a_time_as_declared"),
    ("in the future", GOOD.replace("2026-", "2027-"), "start_time:not_a_time_as_declared"),
    ("year 26", GOOD.replace("2026-11", "0026-11"), "start_time:not_a_time_as_declared"),
    ("unknown outcome", GOOD.replace("answered", "lost"), "outcome:unknown_code"),
    ("answered by nobody", GOOD.replace(",A1,", ",,"), "answered_without_agent"),
    ("abandoned with talk", LOST.replace(",40,,,,", ",40,9,0,0,"), "abandoned_with_talk"),
    ("the header again", HEADER, "header_again"),
    ("a totals row", "Total,,,,,,52,200,10,30,,", "queue:missing"),
    ("NUL in a field", GOOD.replace("general", "gen\0eral"), "queue:text_too_long_or_binary"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "reason"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_row_is_good_or_put_aside_with_its_reason(offer: Offer, row: str, reason: str | None) -> None:
    anchor = GOOD.replace("C1", "C0")
    result = offer("calls.csv", calls(anchor, row))
    assert result.verdict == "accepted", result.message
    assert result.rows_read == 2
    assert result.reasons == ({reason: 1} if reason else {})
    assert (result.good, result.quarantined) == ((1, 1) if reason else (2, 0))


def test_quarantine_keeps_line_column_reason_and_redacted_text(offer: Offer, empty_centre: Path) -> None:
    bad = GOOD.replace(",12,", ",-12,")
    offer("calls.csv", calls(GOOD.replace("C1", "C0"), "", bad))
    with m.open_centre(empty_centre) as centre:
        line = centre.table("quarantine").select("line_no", "column_name", "reason", "raw").row(0)
    assert line == (4, "wait_seconds", "not_a_whole_number_in_range", bad.replace("+13035550101", "[phone]"))


FILES = [
    # name, file name, content, rows read, good, quarantined, duplicate, blank
    ("blank lines and empty rows", "a.csv", calls(GOOD, "", ",,,,,,,,,,,"), (3, 1, 0, 0, 2)),
    ("the same row twice", "a.csv", calls(GOOD, GOOD), (2, 1, 0, 1, 0)),
    ("one id, two calls", "a.csv", calls(GOOD, GOOD.replace(",12,", ",13,")), (2, 0, 2, 0, 0)),
    ("header only", "a.csv", calls(), (0, 0, 0, 0, 0)),
    ("no line break at the end", "a.csv", calls(GOOD).rstrip("\n"), (1, 1, 0, 0, 0)),
    ("CR LF", "a.csv", calls(GOOD, LOST).replace("\n", "\r\n").encode(), (2, 2, 0, 0, 0)),
    ("CR alone", "a.csv", calls(GOOD, LOST).replace("\n", "\r").encode(), (2, 2, 0, 0, 0)),
    ("byte-order mark", "a.csv", b"\xef\xbb\xbf" + calls(GOOD).encode(), (1, 1, 0, 0, 0)),
    ("UTF-16", "a.csv", calls(GOOD).encode("utf-16"), (1, 1, 0, 0, 0)),
    ("a byte of another encoding", "a.csv", calls(GOOD, LOST).encode().replace(b"C2", b"C\xe9"), (2, 1, 1, 0, 0)),
    ("quoted comma and line break", "a.csv", calls(GOOD.replace("general", '"gen, eral"'), LOST.replace("general", '"two\nlines"')), (2, 2, 0, 0, 0)),
    ("columns in another order", "a.csv", "\n".join(",".join(reversed(line.split(","))) for line in (HEADER, GOOD)), (1, 1, 0, 0, 0)),
    ("header case and padding", "a.csv", calls(GOOD).replace("call_id", " Call_ID "), (1, 1, 0, 0, 0)),
    ("an unknown column more", "a.csv", f"{HEADER},mood\n{GOOD},good\n", (1, 1, 0, 0, 0)),
    ("gzip", "a.csv.gz", gzip.compress(calls(GOOD).encode()), (1, 1, 0, 0, 0)),
    ("gzip under a csv name", "a.csv", gzip.compress(calls(GOOD).encode()), (1, 1, 0, 0, 0)),
    ("a browser's second download", "calls[1].csv", calls(GOOD), (1, 1, 0, 0, 0)),
    ("a name made of quotes", "o'; drop table leg; --.csv", calls(GOOD), (1, 1, 0, 0, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "budget"), [row[1:] for row in FILES], ids=[row[0] for row in FILES])
def test_a_file_closes_its_row_budget(offer: Offer, name: str, content: str | bytes, budget: tuple[int, ...]) -> None:
    result = offer(name, content)
    assert result.verdict == "accepted", result.message
    assert (result.rows_read, result.good, result.quarantined, result.duplicate, result.blank) == budget


def zipped(*members: str) -> bytes:
    import io

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            archive.writestr(member, calls(GOOD))
    return buffer.getvalue()


REJECTED = [
    # name, file name, content, reason code, a word that the message must have
    ("nothing in it", "a.csv", "", "empty", "empty"),
    ("only blank lines", "a.csv", "\n\n", "unknown_layout", "header"),
    ("a picture", "a.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), "another_kind", "picture"),
    ("a login page", "a.csv", "<!DOCTYPE html><html>Sign in</html>", "another_kind", "web page"),
    ("another PDF", "a.csv", b"%PDF-1.7 ...", "another_kind", "PDF"),
    ("binary", "a.csv", bytes(range(256)) * 4, "not_text", "text"),
    ("a header nobody knows", "a.csv", "colour,taste\nred,sweet\n", "unknown_layout", "inspect"),
    ("a column renamed", "a.csv", calls(GOOD).replace("wait_seconds", "waiting"), "missing_column", "wait_seconds"),
    ("a header twice", "a.csv", calls(GOOD).replace("caller", "queue"), "header_twice", "twice"),
    ("a quote that never closes", "a.csv", calls(GOOD.replace("general", '"general'), LOST), "unclosed_quote", "line 2"),
    ("a quote that closes far below", "a.csv", calls(GOOD.replace("general", '"general'), *[LOST] * 30, 'x",y'), "unclosed_quote", "line 2"),
    ("gzip cut off", "a.csv.gz", gzip.compress(calls(*[GOOD] * 50).encode())[:-20], "damaged_archive", "incomplete"),
    ("gzip with a wrong checksum", "a.csv.gz", gzip.compress(calls(GOOD).encode())[:-8] + bytes(8), "damaged_archive", "damaged"),
    ("an empty zip", "a.zip", zipped(), "empty", "0 files"),
    ("a bomb", "a.csv.gz", gzip.compress(bytes(300_000_000), 1), "archive_bomb", "times"),
    ("JSON cut off", "a.json", '[{"unique_key": "1"', "damaged_json", "JSON"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "reason", "word"), [row[1:] for row in REJECTED], ids=[row[0] for row in REJECTED]
)
def test_a_file_is_rejected_whole_with_cause(
    offer: Offer, empty_centre: Path, name: str, content: str | bytes, reason: str, word: str
) -> None:
    result = offer(name, content)
    assert (result.verdict, list(result.reasons)) == ("rejected", [reason])
    assert word in result.message
    with m.open_centre(empty_centre) as centre:
        assert centre.table("contact").is_empty()
        assert centre.table("load_file")["verdict"].to_list() == ["rejected"]


def test_messages_never_quote_a_row(offer: Offer) -> None:
    secret = GOOD.replace("general", "Maria Example").replace(",12,", ",-12,")
    assert "Maria" not in json.dumps(offer("a.csv", calls(secret)).as_dict())


# ---- again, and in another order -----------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(offer: Offer, empty_centre: Path) -> None:
    offer("monday.csv", calls(GOOD, LOST))
    with m.open_centre(empty_centre) as centre:
        before = centre.snapshot
    again = offer("monday copy.csv", calls(GOOD, LOST))
    assert again.verdict == "unchanged"
    with m.open_centre(empty_centre) as centre:
        assert centre.snapshot == before


def test_an_overlapping_export_adds_only_what_is_new(offer: Offer, empty_centre: Path) -> None:
    offer("monday.csv", calls(GOOD))
    offer("week.csv", calls(GOOD, LOST))
    with m.open_centre(empty_centre) as centre:
        assert centre.table("contact").height == 2


@pytest.mark.parametrize("order", [("old", "new"), ("new", "old")])
def test_the_newest_export_wins_in_any_order(offer: Offer, empty_centre: Path, order: tuple[str, str]) -> None:
    exports = {
        "old": (calls(GOOD), "2026-11-14T00:00:00+00:00"),
        "new": (calls(GOOD.replace(",30,answered", ",45,answered")), "2026-11-15T00:00:00+00:00"),
    }
    for name in order:
        content, as_of = exports[name]
        offer(f"{name}.csv", content, as_of=as_of)
    with m.open_centre(empty_centre) as centre:
        assert centre.table("leg")["acw_ms"].to_list() == [45_000]


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_any_order_split_and_repetition_of_files_gives_the_same_facts(
    city_folder: Path, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    kinds = ("phone_2026-11-0[1-3]*", "crm_2026-11-0[1-5]*", "roster*")
    files = sorted(path for kind in kinds for path in (city_folder / "inbox").glob(kind))

    def loaded(order: list[Path], at_once: int) -> dict[str, str]:
        folder = tmp_path_factory.mktemp("order")
        (folder / "centre.toml").write_text((city_folder / "centre.toml").read_text())
        (folder / "secrets").mkdir()
        (folder / "secrets" / "caller.key").write_text("ab" * 32)
        for start in range(0, len(order), at_once):
            load(folder, order[start : start + at_once], now=NOW)
        return digest(folder)

    chance = random.Random(seed)
    parts = tmp_path_factory.mktemp("parts")
    shuffled = [*(part for path in files for part in in_parts(path, parts, chance)), *chance.sample(files, 3)]
    chance.shuffle(shuffled)
    assert loaded(shuffled, chance.choice((3, 8, 20))) == whole(city_folder, files, loaded)


def in_parts(path: Path, folder: Path, chance: random.Random) -> list[Path]:
    """An export cut at any lines into files that overlap by some of them, each as old as the export; or as it is.

    A roster is one person's spells together, which no system parts.
    """
    if path.name.startswith("roster") or chance.random() < 0.3:
        return [path]
    header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    ends = [0, *sorted(chance.choices(range(len(rows) + 1), k=chance.choice((1, 2)))), len(rows)]
    parts = []
    for number, (start, end) in enumerate(itertools.pairwise(ends)):
        part = folder / f"{path.stem}.{number}{path.suffix}"
        part.write_text("".join([header, *rows[max(0, start - chance.choice((0, 5))) : end]]), encoding="utf-8")
        os.utime(part, (path.stat().st_atime, path.stat().st_mtime))
        parts.append(part)
    return parts


WHOLE: dict[Path, dict[str, str]] = {}


def whole(city_folder: Path, files: list[Path], loaded: Callable[[list[Path], int], dict[str, str]]) -> dict[str, str]:
    """What the files give as they are, all at once; loaded once for all examples."""
    if city_folder not in WHOLE:
        WHOLE[city_folder] = loaded(files, len(files))
    return WHOLE[city_folder]


CASE_COLUMNS = "case_enquiry_id,open_dt,target_dt,closed_dt,ontime,case_status,closure_reason,case_title,subject,reason,type,queue,department,source"
CASE = "{number},2026-11-02 08:00:00,2026-11-06 08:00:00,{closed},{flag},{status},,Pothole,Streets,Streets,Pothole,desk,Streets,Self Service"
OPEN = {"closed": "", "flag": "ONTIME", "status": "Open"}
CLOSED = {"closed": "2026-11-03 09:00:00", "flag": "ONTIME", "status": "Closed"}
STORIES: dict[str, tuple[list[dict[str, str]], list[str]]] = {
    # a case as it stands in two exports, and the events that follow
    "closed once": ([OPEN, CLOSED], ["created", "closed"]),
    "seen closed again": ([CLOSED, CLOSED], ["created", "closed"]),
    "re-opened": ([CLOSED, OPEN], ["created", "closed", "reopened"]),
    "re-opened and closed between two exports": ([CLOSED, {**CLOSED, "closed": "2026-11-10 09:00:00", "flag": "OVERDUE"}], ["created", "closed", "reopened", "closed"]),
    "a closing time corrected later": ([CLOSED, {**CLOSED, "closed": "2026-11-03 07:00:00"}], ["created", "closed"]),
}  # fmt: skip


@pytest.mark.parametrize("backwards", [False, True], ids=["in order", "newest first"])
def test_a_case_history_comes_from_comparing_exports(offer: Offer, empty_centre: Path, backwards: bool) -> None:
    """Each story is a case of its own in the same two exports."""
    for number in (1, 0) if backwards else (0, 1):
        rows = [
            CASE.format(number=case, **exports[number]) for case, (exports, _) in enumerate(STORIES.values(), start=1)
        ]
        content = "\n".join([CASE_COLUMNS, *rows, ""])
        offered = offer(f"crm{number}.csv", content, as_of=f"2026-11-{5 + 10 * number:02d}T12:00:00+00:00")
        assert offered.good == len(STORIES)
    with m.open_centre(empty_centre) as centre:
        names = {str(case): name for case, name in enumerate(STORIES, start=1)}
        told = centre.table("case_event").join(centre.table("service_case"), on="case_id").sort("seq")
        events = {name: told.filter(pl.col("number") == number)["event"].to_list() for number, name in names.items()}
        assert events == {name: expected for name, (_, expected) in STORIES.items()}
        assert open_identities(centre) == []


def test_only_the_touched_days_are_restated(offer: Offer, empty_centre: Path) -> None:
    from metrics.build import bring_up_to_date

    offer("a.csv", calls(GOOD, LOST, GOOD.replace("C1", "C3").replace("11-13", "11-12")))
    assert bring_up_to_date(empty_centre) == 2
    offer("b.csv", calls(GOOD.replace("C1", "C4").replace("11-13", "11-12")), as_of="2026-11-21T00:00:00+00:00")
    assert bring_up_to_date(empty_centre) == 1
    assert bring_up_to_date(empty_centre) == 0


# ---- faults --------------------------------------------------------------------------------------------------------


def test_a_second_load_at_the_same_time_is_told_so(own_city: Path) -> None:
    with loading(own_city / "warehouse"), pytest.raises(LoadRunning, match="Another load is running"):
        load(own_city, [], now=NOW)


def test_a_source_that_nobody_named_before_is_refused_unless_it_is_said_to_be_new(empty_centre: Path) -> None:
    path = empty_centre / "calls.csv"
    path.write_text(calls(GOOD), encoding="utf-8")
    with pytest.raises(WrongUse, match=r"'plain_cals'.*Did you mean plain_calls.*--new-source"):
        load(empty_centre, [path], now=NOW, source="plain_cals")
    (result,) = load(empty_centre, [path], now=NOW, source="north_desk", new_source=True)
    assert (result.verdict, result.source) == ("accepted", "north_desk")
    (again,) = load(empty_centre, [path], now=NOW, source="north_desk")
    assert again.verdict == "unchanged"


def test_a_folder_that_is_no_centre_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="fairline init"):
        load(tmp_path, [], now=NOW)


@pytest.mark.slow
def test_kills_in_mid_load_leave_nothing_half_done(own_city: Path, loaded_city: Path) -> None:
    """Killed at random moments of its work, then loaded to the end: the facts of a clean run."""
    (own_city / "secrets").mkdir()
    (own_city / "secrets" / "caller.key").write_bytes((loaded_city / "secrets" / "caller.key").read_bytes())
    command = [sys.executable, "-m", "fairline", "load", "--centre", str(own_city), "--format", "json"]
    root = Path(__file__).parents[2]
    lock = own_city / "warehouse" / "loading.lock"
    chance = random.Random(311)
    for _ in range(6):
        process = subprocess.Popen(
            command,
            cwd=root,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        # it has started when it holds the lock, however busy the machine is
        while process.poll() is None and (not lock.exists() or lock.read_text() != str(process.pid)):
            time.sleep(0.02)
        time.sleep(chance.uniform(0.2, 4))
        process.send_signal(signal.SIGKILL)
        process.wait()
        _assert_whole(own_city)
    # on a busy machine none of them may have come as far as its first commit
    with suppress(WrongUse), m.open_centre(own_city) as centre:
        assert open_identities(centre) == []
    results = load(own_city, [], now=datetime(2026, 11, 24, tzinfo=UTC))
    assert {result.verdict for result in results} <= {"accepted", "unchanged"}
    assert digest(own_city) == digest(loaded_city)


def _assert_whole(folder: Path) -> None:
    """Whatever is there is whole: each loaded file has all its rows."""
    try:
        warehouse = Warehouse.open(folder / "warehouse")
    except WrongUse:
        return
    with warehouse:
        text = "select coalesce(sum(good), 0) from lake.load_file where layout = 'plain_calls'"
        # cases bring contacts of their own
        calls_there = "select count(*) from lake.contact where source_id = 'plain_calls'"
        assert warehouse.first(calls_there) == warehouse.first(text)
