"""Draft a layout for a call export that no layout knows: what is certain is written, what is not is asked as `?`.

A draft loads nothing. A person answers each `?` (the order of day and month, the zone, a unit, the meaning of a word);
with the last one answered, the file is a layout like any other.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from etl.evidence import Evidence, evidence
from etl.layout import Layout, folded
from etl.text_rows import TextRows

OPEN = "?"
MOST_ROWS = 200_000
# how systems call what the plain calls have; the first that fits a free column of a fitting type is proposed
SPELLINGS = {
    "call_id": "call id|callid|contact id|interaction id|conversation id|session id|unique id|uniqueid|id|reference",
    "start_time": "start time|call start|start|started|date time|call time|timestamp|arrival|offered|received|date",
    "wait_seconds": "wait|queue time|time in queue|in queue|speed of answer|asa|delay|waited",
    "hold_seconds": "hold|held",
    "wrap_seconds": "wrap|wrap up|acw|after call|work time",
    "talk_seconds": "talk|conversation|agent time|handle|service time|duration|talked",
    "queue": "queue|skill|split|csq|hunt group|campaign|service|line",
    "agent_id": "agent id|agent|user|operator|answered by|handled by|representative|server|login",
    "caller": "caller|ani|phone|from|calling number|cli|customer number",
    "outcome": "outcome|disposition|result|status|abandon|abandoned",
    "direction": "direction|call type|type",
    "channel": "channel|media",
}
TYPES = {
    "start_time": ("timestamp",),
    "queue": ("text", "id"),
    "direction": ("text",),
    "channel": ("text",),
    "outcome": ("text", "whole"),
}
ANY = ("text", "id", "whole", "phone")
SPANS = ("whole", "decimal", "clock_duration")
UNITS = {"ms": r"\bms\b|millis", "min": r"\bmin(ute)?s?\b", "s": r"\bsecs?\b|seconds|\(s\)"}
WORDS = {
    "outcome": {
        "abandoned": "aband|hang|lost|missed|no answer",
        "transferred": "transf",
        "answered": "answ|handl|connect|complet|agent",
    },
    "direction": {"inbound": "^in", "outbound": "^out", "internal": "intern"},
    "channel": {"voice": "voice|phone|call|tel", "chat": "chat", "email": "mail", "sms": "sms|text"},
}
YES, NO = ("y", "yes", "true", "t", "1"), ("n", "no", "false", "f", "0")
ASSUMED = {"channel": "voice", "direction": "inbound", "outcome": OPEN}


def draft(name: str, rows: TextRows, plain: Layout) -> str:
    """A draft layout for calls, as TOML; `plain` is the layout of plain calls, whose facts it fills."""
    columns = list(zip(rows.header, _columns(rows), strict=True))
    found = {spelling: evidence(values) for spelling, values in columns if spelling}
    chosen = _chosen(found)
    lines = [
        f"# A draft, made by fairline inspect from {name}. Answer every {OPEN} below, then load the file.",
        f'name = "{_identifier(Path(name).stem)}"',
        f'title = "{_quotable(Path(name).stem)}"',
        'vendor = "our own"',
        'product = "our own export"',
        'kind = "acd"',
        'evidence = "drafted from one file"',
        'yields = ["contact", "leg"]',
        'staging = "plain_calls"',
        'formats = ["delimited", "workbook", "json"]',
        f'delimiters = ["{_quotable(rows.delimiter or ",")}"]',
        _zone(found, chosen),
        'moment = "start_time"',
        'key = ["call_id"]'
        if "call_id" in chosen
        else "key = []  # guess: no column tells calls apart, so equal rows count as different calls",
    ]
    for target in plain.columns:
        lines += ["", f"[columns.{target}]", *_column(target, chosen.get(target), found, plain)]
    unused = [spelling for spelling in found if spelling not in chosen.values()]
    lines += ["", "# Columns not used:", *(f"#   {_quotable(one)}: {found[one].says}" for one in unused)]
    return "\n".join(lines) + "\n"


def _columns(rows: TextRows) -> list[list[str]]:
    columns: list[list[str]] = [[] for _ in rows.header]
    for fields in _fields(rows):
        if len(fields) == len(columns):
            for values, text in zip(columns, fields, strict=True):
                values.append(text)
    return columns


def _fields(rows: TextRows) -> Iterator[list[str]]:
    count = 0
    for batch in rows.batches:
        if "fields" in batch.column_names:
            yield from batch.column("fields").to_pylist()
        else:
            raw = (line.rstrip("\n") for line in batch.column("raw").to_pylist())
            yield from csv.reader(raw, delimiter=rows.delimiter or ",", quoting=csv.QUOTE_NONE)
        count += batch.num_rows
        if count >= MOST_ROWS:
            return


def _chosen(found: Mapping[str, Evidence]) -> dict[str, str]:
    """The file's column for each of ours: the best spelling among those of a fitting type, each used once."""
    chosen: dict[str, str] = {}
    for target, spellings in SPELLINGS.items():
        types = SPANS if target.endswith("_seconds") else TYPES.get(target, ANY)
        free = {one: _words(one) for one, ev in found.items() if one not in chosen.values() and ev.type in types}
        fits = [one for spelling in spellings.split("|") for one, words in free.items() if words == spelling]
        fits += [one for spelling in spellings.split("|") for one, words in free.items() if _has(words, spelling)]
        if fits:
            chosen[target] = fits[0]
    unique = [one for one, ev in found.items() if ev.is_unique and one not in chosen.values()]
    if "call_id" not in chosen and unique:
        chosen["call_id"] = unique[0]
    return chosen


def _has(words: str, spelling: str) -> bool:
    return f" {spelling} " in f" {words} "


def _words(spelling: str) -> str:
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", spelling)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", folded(parted)).split())


def _zone(found: Mapping[str, Evidence], chosen: Mapping[str, str]) -> str:
    moment = found.get(chosen.get("start_time", ""))
    if moment is not None and moment.has_offset:
        return 'timezone = "centre"'
    return (
        f'timezone = "{OPEN}"  # settle: the times carry no offset. "centre" for this centre\'s own time, "UTC", or a '
        'zone as "America/Denver"'
    )


def _column(target: str, source: str | None, found: Mapping[str, Evidence], plain: Layout) -> list[str]:
    kind = plain.columns[target].type
    if source is None:
        return _absent(target, kind, found)
    seen = found[source]
    head = [f'source = "{_quotable(source)}"  # guess by its name; {seen.says}', "required = true"]
    if len(seen.nulls) > 1:
        head.append("nulls = [" + ", ".join(f'"{_quotable(null)}"' for null in seen.nulls) + "]")
    return [*head, *_typed(target, source, seen, kind)]


def _absent(target: str, kind: str, found: Mapping[str, Evidence]) -> list[str]:
    """What to write of a column that the file does not seem to have."""
    if kind == "duration":
        return ['type = "duration"', 'unit = "s"  # no column of the file was taken for it']
    if target == "start_time":
        parts = [one for one, seen in found.items() if seen.type in ("date", "clock_duration")]
        hint = f"; {' and '.join(map(_quotable, parts))} have parts of it: export them as one column" if parts else ""
        return ['type = "timestamp"', f'formats = ["{OPEN}"]', f'source = "{OPEN}"  # settle: when a call began{hint}']
    if target in ASSUMED:
        question = "settle: what is every call of this file?" if ASSUMED[target] == OPEN else "guess;"
        return ['type = "text"', f'constant = "{ASSUMED[target]}"  # {question} one of {", ".join(WORDS[target])}']
    return ['type = "text"']


def _typed(target: str, source: str, seen: Evidence, kind: str) -> list[str]:
    if kind == "timestamp":
        formats = f'"{seen.formats[0]}"' if len(seen.formats) == 1 else f'"{OPEN}"'
        choice = "" if len(seen.formats) == 1 else "  # settle: " + " or ".join(f'"{one}"' for one in seen.formats)
        offset = ['offset = "required"'] if seen.has_offset else []
        return ['type = "timestamp"', f"formats = [{formats}]{choice}", *offset]
    if kind == "duration":
        decimals = ["decimals = true"] if seen.type == "decimal" else []
        return ['type = "duration"', *decimals, _unit(source, seen)]
    if target in WORDS:
        codes = seen.codes or (OPEN,)
        listed = ", ".join(_code(target, source, word) for word in codes)
        return ['type = "code"', f"codes = {{ {listed} }}  # guess; one of {', '.join(WORDS[target])}"]
    return [f'type = "{kind}"']


def _unit(source: str, seen: Evidence) -> str:
    if seen.type == "clock_duration":
        return 'unit = "s"  # written h:mm:ss'
    for unit, pattern in UNITS.items():
        if re.search(pattern, _words(source)) or re.search(pattern, folded(source)):
            return f'unit = "{unit}"  # by the column\'s name'
    return f'unit = "{OPEN}"  # settle: "s", "ms" or "min"; {seen.says}'


def _code(target: str, source: str, word: str) -> str:
    ours = next((ours for ours, pattern in WORDS[target].items() if re.search(pattern, word.lower())), OPEN)
    if "abandon" in _words(source) and word.lower() in YES + NO:
        ours = "abandoned" if word.lower() in YES else "answered"
    return f'"{_quotable(word)}" = "{ours}"'


def _identifier(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "my_export"


def _quotable(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", " ")


def open_questions(layout: Mapping[str, Any], place: str = "") -> list[str]:
    """The places of a layout that still say `?`."""
    found: list[str] = []
    for name, value in layout.items():
        here = f"{place}.{name}" if place else name
        if isinstance(value, dict):
            found += open_questions(value, here)
        elif value == OPEN or (isinstance(value, list) and OPEN in value):
            found.append(here)
    return found


def draft_for(header: Sequence[str], folder: Path) -> tuple[Path, list[str]] | None:
    """The unsettled draft of a centre whose columns this header has, and its open questions."""
    names = {folded(spelling.removeprefix("\ufeff")) for spelling in header}
    for path in sorted((folder / "layouts").glob("*.toml")):
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError:
            continue
        sources = {
            folded(one["source"]) for one in content.get("columns", {}).values() if one.get("source", OPEN) != OPEN
        }
        questions = open_questions(content)
        if questions and sources and sources <= names:
            return path, questions
    return None
