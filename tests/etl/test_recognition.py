"""A file is known from its content alone: lines without a header, nested JSON, formats with a reader of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from etl.layout import Layout, layouts, read_layout, shipped_layouts
from etl.listing import listed, tells_after_call_work
from etl.nested_json import nested_header, nested_rows
from etl.recognise import recognise
from sql import FileRejected, WrongUse, names
from sql.conversion import duration, epoch

CALL = {
    "id": "c1",
    "queue": {"name": "General"},
    "parties": [{"role": "caller", "legs": [{"n": 1}, {"n": 2}]}, {"role": "agent", "legs": []}],
}
OTHER: dict[str, Any] = {"id": "c2", "queue": None, "parties": []}
NESTED = Layout.model_validate(
    {
        "name": "nested", "title": "", "vendor": "", "product": "", "kind": "acd", "evidence": "", "yields": ["leg"],
        "nesting": {"lists": ["calls"], "rows": "parties[].legs[]"}, "formats": ["json"],
        "columns": {
            "id": {"type": "id", "required": True},
            "queue": {"type": "text", "source": "queue.name"},
            "role": {"type": "text", "source": "parties[].role"},
            "n": {"type": "whole", "source": "parties[].legs[].n"},
            "parties": {"type": "text"},
        },
    }
)  # fmt: skip
ROWS = [
    ["c1", "General", "caller", "1"],
    ["c1", "General", "caller", "2"],
    ["c1", "General", "agent", ""],
    ["c2", "", "", ""],
]
SHAPES = [
    ("a list", json.dumps([CALL, OTHER])),
    ("a list under a name", json.dumps({"total": 2, "calls": [CALL, OTHER]})),
    ("one a line", f"{json.dumps(CALL)}\n{json.dumps(OTHER)}\n"),
    ("end to end", json.dumps(CALL) + json.dumps(OTHER)),
    ("over many lines", json.dumps(CALL, indent=2) + "\n" + json.dumps(OTHER, indent=2)),
    ("pages end to end", json.dumps({"calls": [CALL]}) + json.dumps({"calls": [OTHER]})),
    ("a byte-order mark", "\ufeff" + json.dumps([CALL, OTHER])),
]


@pytest.mark.parametrize("content", [shape[1] for shape in SHAPES], ids=[shape[0] for shape in SHAPES])
def test_nested_json_gives_the_same_rows_in_every_shape(tmp_path: Path, content: str) -> None:
    path = tmp_path / "calls.json"
    path.write_text(content, encoding="utf-8")
    found = recognise(path, {"nested": NESTED}, name=path.name)
    assert found.layout is NESTED
    rows = [fields for batch in nested_rows(path, NESTED).batches for fields in batch["fields"].to_pylist()]
    assert [row[:4] for row in rows] == ROWS
    # what is a list where a column points is kept as it stands
    assert json.loads(rows[0][4]) == CALL["parties"]


def test_paths_of_what_a_file_holds(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps([CALL]))
    assert nested_header(tmp_path / "a.json", ()) == [
        "id", "queue", "queue.name", "parties", "parties[].role", "parties[].legs", "parties[].legs[].n",
    ]  # fmt: skip


DAMAGED = [
    ("breaks off", json.dumps([CALL, OTHER])[:-20], "damaged_json"),
    ("not objects", '[{"id": "c1"}, 7]', "not_a_list"),
    ("too deep", '{"id": ' + "[" * 100_000, "damaged_json"),
]


@pytest.mark.parametrize(("content", "reason"), [row[1:] for row in DAMAGED], ids=[row[0] for row in DAMAGED])
def test_damaged_json_is_refused_whole(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "calls.json"
    path.write_text(content)
    with pytest.raises(FileRejected) as rejection:
        list(nested_rows(path, NESTED).batches)
    assert rejection.value.reason == reason


FAULTS: list[tuple[str, dict[str, Any], str]] = [
    ("a reader that is not there", {"reader": "teletext"}, "there is no reader 'teletext'"),
    ("a reader that is a path", {"reader": "../load"}, "named in small letters"),
    ("a signature of unknown columns", {"signature": {"fields": [3], "patterns": {"colour": ".*"}}}, "colour"),
    ("a pattern that is none", {"signature": {"fields": [3], "patterns": {"id": "("}}}, "not a regular expression"),
    ("an epoch without its unit", {"columns": {"id": {"type": "epoch"}}}, "an epoch names its unit"),
    ("a duration without its unit", {"columns": {"id": {"type": "duration", "unit": "fortnight"}}}, "names its unit"),
]


@pytest.mark.parametrize(("change", "fault"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_layout_that_cannot_be_is_refused(tmp_path: Path, change: dict[str, Any], fault: str) -> None:
    plain = {
        "name": "x",
        "title": "",
        "vendor": "",
        "product": "",
        "kind": "acd",
        "evidence": "",
        "yields": [],
        "columns": {"id": {"type": "id"}},
    }
    path = tmp_path / "x.toml"
    path.write_text("\n".join(as_toml({**plain, **change})))
    with pytest.raises(WrongUse, match=fault):
        read_layout(path)


def as_toml(value: dict[str, Any], prefix: str = "") -> list[str]:
    """A small table as TOML: what is plain first, then the tables in it."""
    plain = [f"{key} = {json.dumps(one)}" for key, one in value.items() if not isinstance(one, dict)]
    inner = [line for key, one in value.items() if isinstance(one, dict) for line in as_toml(one, f"{prefix}{key}.")]
    return [*([f"[{prefix[:-1]}]"] if prefix else []), *plain, *inner]


def test_every_layout_says_what_it_rests_on_and_has_its_statements() -> None:
    for layout in shipped_layouts().values():
        assert any(word in layout.evidence for word in ("real", "twin", "our own")), layout.name
        targets = names(f"staging/{layout.staging_folder}")
        assert targets, layout.name
        if "source_record" in targets:
            assert names(f"records/{layout.system or layout.staging_folder}"), layout.name


def test_a_layout_of_calls_without_after_call_work_says_so() -> None:
    silent = {
        layout.name
        for layout in shipped_layouts().values()
        if "leg" in layout.yields
        and not tells_after_call_work(layout)
        and not any("after-call work" in lack for lack in layout.lacks)
    }
    assert silent == set()


LISTED = [
    # layout, history, agent states, after-call work
    ("asterisk_queue_log", "call by call", "yes", "no"),
    ("avaya_ech", "call by call", "no", "yes"),
    ("vicidial_agent_log", "call by call", "yes", "yes"),
    ("vicidial_closer_log", "call by call", "no", "no"),
    ("salesforce_case_history", "recorded changes", "no", "no"),
    ("nyc_311", "by comparing exports", "no", "no"),
    ("vancouver_311_phone", "totals", "no", "no"),
]


@pytest.mark.parametrize(("name", "history", "states", "work"), LISTED)
def test_what_a_layout_yields_is_read_from_its_statements(name: str, history: str, states: str, work: str) -> None:
    found = listed(shipped_layouts()[name])
    assert (found["history"], found["agent_states"], found["after_call_work"]) == (history, states, work)


def test_a_centres_own_order_of_fields_wins(tmp_path: Path) -> None:
    shipped = Path(__file__).parents[2] / "etl" / "sources" / "threecx_call_records.toml"
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / "threecx_call_records.toml").write_text(
        shipped.read_text().replace('title = "3CX', 'title = "Our 3CX')
    )
    assert layouts(tmp_path)["threecx_call_records"].title.startswith("Our")


# ---- the units and spellings of durations and moments -----------------------------------------------------------------

SPELLINGS = [
    # text, unit, milliseconds (none: not a duration of that unit)
    ("243000", "ms", 243_000),
    ("243", "s", 243_000),
    ("4.05", "min", 243_000),
    ("0:04:03", "hms", 243_000),
    ("00:04:03", "hms", 243_000),
    ("4:03", "hms", 243_000),
    (":04:03", "hms", 243_000),
    ("4:03.250", "hms", 243_250),
    (":14", "hms", 14_000),
    ("26:14:03", "hms", 94_443_000),
    ("1 02:10:00", "hms", 94_200_000),
    ("-0:04:03", "hms", None),
    ("4:63", "hms", None),
    ("243", "hms", None),
    ("4:03", "s_or_hms", 243_000),
    ("243", "s_or_hms", 243_000),
    ("PT4M3S", "iso8601", 243_000),
    ("P1DT19H18M29.651S", "iso8601", 155_909_651),
    ("PT2M48.427S", "iso8601", 168_427),
    ("4M3S", "iso8601", None),
    ("5097600909", "ms", 5_097_600_909),
]


@pytest.mark.parametrize(("text", "unit", "expected"), SPELLINGS)
def test_a_duration_in_every_spelling(text: str, unit: str, expected: int | None) -> None:
    conversion = duration("text", unit=unit, most=10_000_000_000, decimals="." in text)
    found = duckdb.execute(
        f"select case when {conversion.is_valid} then {conversion.value} end from (select $text as text)",
        {"text": text},
    ).fetchone()
    assert found == (expected,)


@pytest.mark.parametrize("unit", ["ms", "s", "min", "hms", "s_or_hms", "iso8601"])
def test_no_duration_is_not_a_duration_of_nothing(unit: str) -> None:
    value = duration("text", unit=unit, most=86_400, decimals=False).value
    assert duckdb.execute(f"select {value} from (select null::varchar as text)").fetchone() == (None,)


MOMENTS = [
    ("1335310195.513823", "s", "2012-04-24 23:29:55.513823"),
    ("1184914510", "s", "2007-07-20 06:55:10"),
    ("1712070000500", "ms", "2024-04-02 15:00:00.5"),
    ("17", "s", None),
    ("1.7e9", "s", None),
]


@pytest.mark.parametrize(("text", "unit", "expected"), MOMENTS)
def test_seconds_and_milliseconds_since_1970(text: str, unit: str, expected: str | None) -> None:
    conversion = epoch("text", unit=unit, latest=None)
    found = duckdb.execute(
        f"select case when {conversion.is_valid} then {conversion.value}::varchar end from (select $text as text)",
        {"text": text},
    ).fetchone()
    assert found == (expected,)


STRANGERS = [
    # what a file holds, and what its refusal says
    ("whole.json", '{\n  "title": "a schema",\n  "type": "object"\n}\n', "one JSON value and no list of records"),
    ("torn.json", '{"id": 1}\n{"id": ', "breaks off or is damaged"),
    ("groups.csv", "id,name,created_at,updated_at,url\n1,Water,2026-01-01,2026-01-01,x\n", "no known layout has this header"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "said"), STRANGERS, ids=[row[0] for row in STRANGERS])
def test_a_stranger_is_told_for_what_it_is(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(FileRejected, match=said):
        recognise(tmp_path / name, layouts(), name=name)
