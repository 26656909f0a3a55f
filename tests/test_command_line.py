"""The command line from outside: every command has help, every wrong use ends in one clear line and the right code."""

from __future__ import annotations

import gzip
import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars
import pytest
import typer

import fairline
from tests.warehouse_digest import digest

PERIOD = ("--from", "2026-11-01", "--to", "2026-11-14")
HEADER = "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller"
CALL = "C1,general,A1,voice,inbound,2026-11-13T08:30:00-07:00,12,200,10,30,answered,+13035550101"
CALLS = "\n".join([HEADER, CALL, CALL.replace("C1,", "C2,")]) + "\n"


@dataclass(frozen=True)
class Ended:
    """What a command left: its exit code and what it printed."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command as `main` does, in this process."""

    def one(*words: str | Path) -> Ended:
        monkeypatch.setattr(sys, "argv", ["fairline", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            fairline.main()
        printed = capsys.readouterr()
        return Ended(int(ended.value.code or 0), printed.out, printed.err)

    return one


# ---- help ----------------------------------------------------------------------------------------------------------


def commands() -> Iterator[tuple[str, ...]]:
    """Every command, those of groups included."""
    group = typer.main.get_command(fairline.app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        yield (name,)
        for inner in getattr(command, "commands", ()):
            yield name, inner


@pytest.mark.parametrize("command", [(), *commands()], ids=lambda words: " ".join(words) or "fairline")
def test_every_command_and_option_has_help(run: Run, command: tuple[str, ...]) -> None:
    ended = run(*command, "--help")
    assert (ended.code, ended.err) == (0, "")
    assert "Usage" in ended.out
    found = typer.main.get_command(fairline.app)
    for word in command:
        found = found.commands[word]  # type: ignore[attr-defined]
    assert found.help
    without = [one.name for one in found.params if one.param_type_name == "option" and not getattr(one, "help", "")]
    assert without == []


# ---- wrong use: one line, exit 2 -----------------------------------------------------------------------------------

QUERY = ("query", "service_level")
WRONG = [
    # what is wrong, the command, what its one line must say
    ("unknown metric", ("query", "servce_level", *PERIOD), ["'servce_level'", "Did you mean service_level", "fairline define"]),
    ("no metric", ("query", "", *PERIOD), ["No metric", "fairline define"]),
    ("unknown dimension", (*QUERY, *PERIOD, "--by", "quue"), ["'quue'", "Did you mean queue", "It has:"]),
    ("unknown dimension chosen", (*QUERY, *PERIOD, "--where", "quue=general"), ["'quue'", "Did you mean queue"]),
    ("a choice without value", (*QUERY, *PERIOD, "--where", "queue"), ["'queue'", "DIM=VALUE", "--where queue=general"]),
    ("a day that is none", (*QUERY, "--from", "2026-02-30", "--to", "2026-03-01"), ["'2026-02-30'", "YYYY-MM-DD"]),
    ("a day of another country", (*QUERY, "--from", "1/11/2026", "--to", "2026-11-14"), ["'1/11/2026'", "YYYY-MM-DD"]),
    ("end before begin", (*QUERY, "--from", "2026-11-14", "--to", "2026-11-01"), ["2026-11-14", "exclusive", "--to 2026-11-15"]),
    ("end at begin", (*QUERY, "--from", "2026-11-14", "--to", "2026-11-14"), ["holds no day", "--to 2026-11-15"]),
    ("no period", QUERY, ["No period came", "--month 2026-11", "--from 2026-11-01 --to 2026-11-08"]),
    ("a period without its end", ("export", "calls", "--from", "2026-11-10"), ["--from 2026-11-10", "--to 2026-11-11"]),
    ("a period without its beginning", ("build", "--to", "2026-11-10"), ["--to 2026-11-10", "--from 2026-11-09"]),
    ("a period twice", (*QUERY, *PERIOD, "--month", "2026-11"), ["--month", "leave one of them out"]),
    ("a format that a name contradicts", (*QUERY, *PERIOD, "--format", "csv", "--out", "a.xlsx"), ["a.xlsx", "leave --format out"]),
    ("a table where lines are told", ("check", "--format", "csv"), ["csv", "table", "json", "--help"]),
    ("a definition as a table", ("define", "M20", "--format", "csv"), ["--format json"]),
    ("a format that is none", (*QUERY, *PERIOD, "--format", "yaml"), ["yaml", "json", "--help"]),
    ("a workbook without a file", (*QUERY, *PERIOD, "--format", "xlsx"), ["--out FILE.xlsx"]),
    ("a snapshot that is none", (*QUERY, *PERIOD, "--as-of", "99999"), ["99999", "fairline export snapshots"]),
    ("fewer rows than none", ("rows", "service_level", *PERIOD, "--limit", "-3"), ["--limit", "--help"]),
    ("unknown metric to define", ("define", "servce_level"), ["Did you mean service_level"]),
    ("unknown template", ("template", "plain_cals"), ["'plain_cals'", "Did you mean plain_calls", "fairline sources"]),
    ("unknown table", ("export", "contakt"), ["'contakt'", "contact"]),
    ("days of rows that have none", ("export", "team_member", *PERIOD), ["team_member", "of no day", "leave the period out"]),
    ("unknown option", ("check", "--colour"), ["--colour", "--help"]),
    ("unknown command", ("qery",), ["qery", "--help"]),
    ("unknown agent", ("report", "packet", "A1O01", *PERIOD), ["'A1O01'", "Did you mean A10", "fairline query legs_handled --by agent"]),
    ("unknown team", ("report", "daily", "--team", "Early Bird"), ["'Early Bird'", "Mail and Counter"]),
    ("a month that is none", ("report", "monthly", "2026-13"), ["'2026-13'", "YYYY-MM"]),
    ("a moment that is none", ("load", "--as-of", "yesterday"), ["'yesterday'", "2026-11-13T06:00:00-07:00"]),
]  # fmt: skip


def assert_one_line(ended: Ended, code: int, said: list[str]) -> None:
    """One line on the error stream that says all of this, and nothing of how Fairline is made."""
    assert ended.code == code, ended
    assert ended.err.startswith("fairline: ")
    assert ended.err.count("\n") == 1
    assert [word for word in said if word not in ended.err] == []
    assert "Traceback" not in ended.err
    assert "fault in Fairline" not in ended.err


@pytest.mark.parametrize(("words", "said"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_wrong_use_ends_in_one_line(
    run: Run, loaded_city: Path, tmp_path: Path, words: tuple[str, ...], said: list[str]
) -> None:
    takes_out = words[:2] in (("report", "packet"), ("report", "daily"), ("report", "monthly"))
    place = () if words == ("qery",) else ("--centre", loaded_city, *(("--out", tmp_path / "out") if takes_out else ()))
    ended = run(*words, *place)
    assert_one_line(ended, 2, said)
    assert ended.out == ""
    assert not (tmp_path / "out").exists()


NO_CENTRE = [
    ("load",),
    ("check",),
    ("build",),
    ("serve", "--port", "0"),
    ("report", "daily"),
    (*QUERY, *PERIOD),
    ("rows", "service_level", *PERIOD),
    ("export", "contact"),
]


@pytest.mark.parametrize("words", NO_CENTRE, ids=lambda words: words[0])
def test_a_missing_centre_folder_is_told_with_the_next_step(run: Run, tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = run(*words, "--centre", tmp_path / "nowhere")
    assert_one_line(ended, 2, ["nowhere", "fairline "])
    assert list(tmp_path.iterdir()) == []


def test_a_zone_that_is_none_makes_no_folder(run: Run, tmp_path: Path) -> None:
    assert_one_line(run("init", tmp_path / "mine", "--timezone", "Mars/Base"), 2, ["Mars/Base", "America/Denver"])
    assert list(tmp_path.iterdir()) == []


def test_a_name_may_hold_quotes(run: Run, tmp_path: Path) -> None:
    assert run("init", tmp_path / "mine", "--name", 'The "311" \\ of Ours').code == 0
    assert_one_line(run("init", tmp_path / "mine"), 2, ["is a centre folder already"])
    assert run("load", "--centre", tmp_path / "mine", "--format", "json").code == 0


def test_a_port_that_is_taken_is_told(run: Run, loaded_city: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert_one_line(run("serve", "--centre", loaded_city, "--port", str(port)), 2, [str(port), "--port"])


NOWHERE = [
    (("--host", "192.0.2.1"), ["no address 192.0.2.1", "--host 127.0.0.1"]),
    (("--host", "no.such.machine.invalid"), ["no address no.such.machine.invalid", "--host 127.0.0.1"]),
    (("--port", "99999"), ["99999 is not a port", "--port 8311"]),
]


@pytest.mark.parametrize(("place", "said"), NOWHERE, ids=[row[0][1] for row in NOWHERE])
def test_a_place_where_nothing_can_listen_is_told(
    run: Run, loaded_city: Path, place: tuple[str, str], said: list[str]
) -> None:
    assert_one_line(run("serve", "--centre", loaded_city, *place), 2, said)


def test_an_output_that_cannot_be_written_is_told(run: Run, loaded_city: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    ended = run(*QUERY, *PERIOD, "--centre", loaded_city, "--format", "csv", "--out", tmp_path / "out" / "a.csv")
    assert_one_line(ended, 1, ["a.csv", "Not a directory"])
    ended = run(*QUERY, *PERIOD, "--centre", loaded_city, "--out", tmp_path / "out" / "a.xlsx")
    assert_one_line(ended, 1, ["a.xlsx", "Not a directory"])


# ---- files: one line each, exit 1, nothing half done ---------------------------------------------------------------


@pytest.fixture(scope="module")
def one_centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre with two calls loaded, which no bad file may touch."""
    from etl.centre import create_centre
    from etl.load import load
    from tests.conftest import NOW

    folder = tmp_path_factory.mktemp("one") / "centre"
    create_centre(folder, name="Test 311", timezone="America/Denver")
    (folder / "inbox" / "calls.csv").write_text(CALLS)
    assert load(folder, [], now=NOW)[0].verdict == "accepted"
    return folder


@pytest.fixture(scope="module")
def untouched(one_centre: Path) -> dict[str, str]:
    """What that centre's warehouse held at first."""
    return digest(one_centre)


BAD_FILES = [
    # what it is, its name, its bytes (none: there is no file), what the line must say
    ("missing", "calls.csv", None, ["no such file", "Check the path"]),
    ("empty", "calls.csv", b"", ["empty (0 bytes)", "Export it again"]),
    ("a PDF", "calls.csv", b"%PDF-1.7\n1 0 obj", ["a PDF document", "Expected CSV"]),
    ("a picture", "calls.png", b"\x89PNG\r\n\x1a\n" + bytes(64), ["a picture", "Expected CSV"]),
    ("a zip of nothing", "calls.zip", b"PK\x05\x06" + bytes(18), ["calls.zip", "0 files", "Expected one or more"]),
    ("an unknown layout", "calls.csv", b"colour,taste\nred,sweet\n", ["no known layout", "fairline inspect"]),
    ("a gzip cut off", "calls.csv.gz", gzip.compress(CALLS.encode() * 9)[:-9], ["damaged or incomplete", "copy it again"]),
    ("a broken quote", "calls.csv", CALLS.replace("general", '"general', 1).encode(), ["line 2", "quotation marks", "mend that line"]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "said"), [row[1:] for row in BAD_FILES], ids=[row[0] for row in BAD_FILES])
def test_a_bad_file_is_one_line(
    run: Run, one_centre: Path, tmp_path: Path, name: str, content: bytes | None, said: list[str]
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    ended = run("load", file, "--centre", one_centre)
    told = ended.out.splitlines()
    assert ended.code == 1
    assert len(told) == 1
    assert [word for word in ["rejected", name, *said] if word not in told[0]] == []
    assert "Traceback" not in ended.out + ended.err
    inspected = run("inspect", file, "--centre", one_centre, "--format", "json")
    assert inspected.code == 1
    assert json.loads(inspected.out)["layout"] is None
    # of a stranger inspect says more: what to do with it
    message = json.loads(inspected.out)["message"]
    assert message in told[0] or all("no known layout" in words for words in (message, told[0]))


def test_bad_files_together_are_told_each_and_change_nothing(
    run: Run, one_centre: Path, untouched: dict[str, str], tmp_path: Path
) -> None:
    files = []
    for number, (_, name, content, _) in enumerate(BAD_FILES):
        files.append(tmp_path / f"{number}_{name}")
        if content is not None:
            files[-1].write_bytes(content)
    ended = run("load", *files, "--centre", one_centre)
    assert ended.code == 1
    *told, together = ended.out.splitlines()
    assert [line.split()[:2] for line in told] == [["rejected", file.name] for file in files]
    assert together == f"{len(files)} files: {len(files)} rejected. 0 of 0 rows taken."
    assert digest(one_centre) == untouched


def test_a_load_while_another_runs_waits_for_nobody(
    run: Run, one_centre: Path, untouched: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "calls.csv").write_text(CALLS.replace("C2", "C3"))
    program = (
        "import fcntl, sys\n"
        "lock = open(sys.argv[1], 'a+')\n"
        "fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "print('held', flush=True)\n"
        "sys.stdin.read()\n"
    )
    command = [sys.executable, "-c", program, str(one_centre / "warehouse" / "loading.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        ended = run("load", tmp_path / "calls.csv", "--centre", one_centre, "--format", "json")
        other.communicate()
    assert_one_line(ended, 75, ["Another load is running", "--wait"])
    assert digest(one_centre) == untouched


# ---- what a program reads ------------------------------------------------------------------------------------------

RESULT = {"verdict", "source", "rows_read", "good", "quarantined", "duplicate", "blank", "reasons"}


def test_load_prints_per_file_what_the_design_promises(run: Run, empty_centre: Path) -> None:
    files = {
        "calls.csv": (CALLS + CALL.replace("C1", "C9").replace(",12,", ",-1,") + "\n\n", "accepted"),
        "empty.csv": ("", "rejected"),
    }
    for name, (content, _) in files.items():
        (empty_centre / "inbox" / name).write_text(content)
    ended = run("load", "--centre", empty_centre, "--format", "json")
    assert ended.code == 1
    results = {entry["file"]: entry for entry in json.loads(ended.out)}
    assert {name: entry["verdict"] for name, entry in results.items()} == {name: row[1] for name, row in files.items()}
    assert all(set(entry) >= RESULT for entry in results.values())
    good = results["calls.csv"]
    budget = {part: good[part] for part in ("rows_read", "good", "quarantined", "duplicate", "blank")}
    assert budget == {"rows_read": 4, "good": 2, "quarantined": 1, "duplicate": 0, "blank": 1}
    assert good["reasons"] == {"wait_seconds:not_a_whole_number_in_range": 1}
    again = run("load", empty_centre / "inbox" / "calls.csv", "--centre", empty_centre, "--format", "json")
    assert (again.code, json.loads(again.out)[0]["verdict"]) == (0, "unchanged")


def test_inspect_says_what_a_load_would_do(
    run: Run, one_centre: Path, untouched: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "calls.csv").write_text(CALLS + CALL.replace(",12,", ",-1,") + "\n")
    ended = run("inspect", tmp_path / "calls.csv", "--centre", one_centre, "--format", "json")
    found = json.loads(ended.out)
    assert ended.code == 0
    assert (found["layout"], found["rows_read"], found["good"], found["quarantined"]) == ("plain_calls", 3, 2, 1)
    assert found["columns"]["wait_seconds"].startswith("wait_seconds")
    assert found["first_faults"] == ["line 4: wait_seconds not_a_whole_number_in_range"]
    assert digest(one_centre) == untouched


def test_every_layout_is_listed_and_every_plain_one_has_a_template_that_loads(
    run: Run, one_centre: Path, tmp_path: Path
) -> None:
    listed = json.loads(run("sources", "--format", "json").out)
    told = {"layout", "system", "yields", "history", "agent_states", "after_call_work", "lacks", "tested_on"}
    assert all(set(entry) == told and entry["yields"] for entry in listed)
    plain = [entry["layout"] for entry in listed if entry["layout"].startswith("plain_")]
    assert "plain_calls" in plain
    for name in plain:
        file = tmp_path / f"{name}.csv"
        file.write_text(run("template", name).out)
        found = json.loads(run("inspect", file, "--centre", one_centre, "--format", "json").out)
        assert (found["layout"], found["good"], found["quarantined"]) == (name, 1, 0), found


def test_define_lists_every_metric_and_opens_each(run: Run) -> None:
    listed = json.loads(run("define", "--format", "json").out)
    assert {"M01", "M02", "M20", "M53"} <= {entry["id"] for entry in listed}
    by_name, by_id = (json.loads(run("define", word, "--format", "json").out) for word in ("service_level", "m20"))
    assert by_name == by_id
    assert by_name["id"] == "M20"
    assert by_name["version"] == 3
    assert "short abandons" in by_name["excludes"]
    assert "select" in by_name["sql"].lower()


def test_export_without_a_table_lists_what_there_is(run: Run, loaded_city: Path) -> None:
    listed = run("export", "--centre", loaded_city).out
    assert "team_member     one row per spell of an agent in a team" in listed
    assert not any(line.startswith(("quarantine", "stored_measure")) for line in listed.splitlines())
    first, *snapshots = run("export", "snapshots", "--centre", loaded_city).out.splitlines()
    assert first == "snapshot,made_at,made_at_local"
    newest, at, _ = snapshots[-1].split(",")
    assert at.endswith("+00:00")
    assert run(*QUERY, *PERIOD, "--as-of", newest, "--centre", loaded_city).code == 0


def test_exported_instants_say_their_offset(run: Run, loaded_city: Path, tmp_path: Path) -> None:
    run("export", "schedule", *PERIOD, "--out", tmp_path / "shifts.parquet", "--centre", loaded_city)
    shifts = polars.read_parquet(tmp_path / "shifts.parquet")
    zones = {"start_at": "UTC", "start_at_local": "America/Denver"}
    assert {name: shifts.schema[name] for name in zones} == {
        n: polars.Datetime("us", zone) for n, zone in zones.items()
    }
    # a table is of the days on which its rows happened, not of those on which they were exported
    days = shifts["start_at_local"].dt.date()
    assert (str(days.min()), str(days.max())) == ("2026-11-01", "2026-11-13")


@pytest.mark.parametrize(
    ("complete", "begun", "found"),
    [
        (fairline.metric_names, "abandons_per", ["abandons_per_answered"]),
        (fairline.metric_names, "service_level,abandons_per", ["service_level,abandons_per_answered"]),
        (fairline.metric_names, "service_level,nothing", []),
        (fairline.table_names, "contact_", ["contact_case"]),
        (fairline.table_names, "quaran", []),
    ],
)
def test_names_are_completed(complete: Callable[[str], list[str]], begun: str, found: list[str]) -> None:
    assert complete(begun) == found


def test_check_prints_identities_freshness_names_and_links(run: Run, loaded_city: Path) -> None:
    ended = run("check", "--centre", loaded_city, "--format", "json")
    found = json.loads(ended.out)
    assert ended.code == 0
    assert set(found) == {"snapshot", "identities", "sources", "unmapped", "case_link"}
    assert all(one["closes"] and one["open"] == [] for one in found["identities"])
    assert {"boston_311", "plain_calls"} <= {one["source"] for one in found["sources"]}
    assert set(found["unmapped"]) == {"queue", "agent", "department"}
