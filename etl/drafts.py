"""Draft a layout for an export that no layout knows: what is certain is written, what is not is asked as `?`.

Calls, service requests and evaluations are drafted, whichever the columns tell of. A draft loads nothing. A person
answers each `?` (the order of day and month, the zone, a unit, the meaning of a word); with the last one answered, the
file is a layout like any other. What the columns of each kind are usually called stands in `drafts.toml`.
"""

from __future__ import annotations

import csv
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from etl.draft_columns import OPEN, column_lines, quotable, words_of
from etl.evidence import Evidence, evidence
from etl.layout import Layout, folded
from etl.text_rows import TextRows

MOST_ROWS = 200_000
# types of evidence that a column of ours can be made from
FITTING = {
    "timestamp": ("timestamp",),
    "duration": ("whole", "decimal", "clock_duration"),
    "text": ("text", "id", "whole"),
    "code": ("text", "whole"),
    "free_text": ("text", "free_text"),
    # a key of Asterisk reads like a number with a point
    "id": ("text", "id", "whole", "phone", "decimal"),
    "phone": ("text", "id", "whole", "phone"),
    "decimal": ("whole", "decimal"),
}
NAMED_DATE = re.compile(r"\b(date|day|dt)\b")
# so many telling columns make a file calls, requests or evaluations, one more where none says when; else it is another
FEWEST_TELLING = 2
# how a column tells that it holds the clock of a beginning, the surest first
MIDNIGHTS = {"0:00:00", "00:00:00", "00:00", "0:00"}
BEGINS = ("start", "begin", "open", "arriv", "entry", "creat", "time")


@cache
def kinds() -> dict[str, dict[str, Any]]:
    """The kinds of exports that are drafted, and what their columns are usually called."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Guess:
    """What a file seems to be: its kind, the file's column for each of ours, and date and clock of a moment apart."""

    kind: dict[str, Any]
    chosen: dict[str, str]
    clock: str | None = None

    @property
    def telling(self) -> int:
        """How many of the columns are there that tell this kind from others."""
        return len(set(self.kind["told_by"]) & set(self.chosen))

    @property
    def says_when(self) -> bool:
        """Whether a column was found that places a row in time."""
        return any(self.kind["columns"][target]["type"] == "timestamp" for target in self.chosen)


def extending(name: str, guess: Guess, found: Mapping[str, Evidence], shipped: Layout, delimiter: str) -> str:
    """A draft that says which columns of the file are those of a shipped layout; what is left over are criteria."""
    moment = str(shipped.moment)
    lines = [
        f"# A draft, made by fairline inspect from {name}: {guess.kind['title']}. Answer every {OPEN}, then load.",
        f'extends = "{shipped.name}"',
        f'name = "{_identifier(Path(name).stem)}"',
        f'title = "{quotable(Path(name).stem)}"',
        'vendor = "our own"',
        'product = "our own export"',
        'evidence = "drafted from one file"',
        f'delimiters = ["{quotable(delimiter)}"]',
        _zone(found.get(guess.chosen.get(moment, ""))),
    ]
    for target, column in shipped.columns.items():
        source = guess.chosen.get(target)
        if source is not None:
            lines += [
                "",
                f"[columns.{target}]",
                f'source = "{quotable(source)}"  # guess by its name; {found[source].says}',
            ]
            lines += _formats(found[source]) if column.type == "timestamp" else []
        elif column.required:
            lines += ["", f"[columns.{target}]", f'source = "{OPEN}"  # settle: {guess.kind["asks"][target]}']
    left = [one for one in found if one not in guess.chosen.values()]
    lines += ["", "# Criteria, one a column (marks or yes and no); name another column under one of the above:"]
    lines += [f"#  * {quotable(one)}: {found[one].says}" for one in left]
    return "\n".join(lines) + "\n"


def _formats(seen: Evidence) -> list[str]:
    if len(seen.formats) == 1:
        return [f'formats = ["{seen.formats[0]}"]']
    return [f'formats = ["{OPEN}"]  # settle: ' + " or ".join(f'"{one}"' for one in seen.formats)]


def draft(name: str, rows: TextRows, shipped: Mapping[str, Layout]) -> str:
    """A draft layout, as TOML, whose facts are those of a plain layout; empty where the file tells of neither kind."""
    columns = zip(rows.header, _columns(rows), strict=True)
    found = {
        spelling: evidence(values, is_named_date=NAMED_DATE.search(words_of(spelling)) is not None)
        for spelling, values in columns
        if spelling
    }
    guess = max((_guess(kind, found) for kind in kinds().values()), key=lambda one: one.telling)
    if guess.telling < FEWEST_TELLING + (not guess.says_when):
        return ""
    if "extends" in guess.kind:
        return extending(name, guess, found, shipped[guess.kind["extends"]], rows.delimiter or ",")
    plain = shipped[guess.kind["plain"]]
    moment, (key,) = str(plain.moment), plain.key
    lines = [
        f"# A draft, made by fairline inspect from {name}: {guess.kind['title']}. Answer every {OPEN}, then load.",
        f'name = "{_identifier(Path(name).stem)}"',
        f'title = "{quotable(Path(name).stem)}"',
        'vendor = "our own"',
        'product = "our own export"',
        f'kind = "{plain.kind}"',
        'evidence = "drafted from one file"',
        f"yields = {json.dumps(plain.yields)}",
        f'staging = "{plain.staging_folder}"',
        'formats = ["delimited", "workbook", "json"]',
        f'delimiters = ["{quotable(rows.delimiter or ",")}"]',
        _zone(found.get(guess.chosen.get(moment, ""))),
        f'moment = "{moment}"',
        f'key = ["{key}"]'
        if key in guess.chosen
        else f"key = []  # guess: no column tells {guess.kind['title']} apart, so equal rows count as different ones",
    ]
    derived = {ours: column for ours, column in plain.derived.items() if column in guess.chosen or column == moment}
    if derived:
        lines += ["", "[derived]", *(f'{ours} = "{column}"' for ours, column in derived.items())]
    for target, setting in guess.kind["columns"].items():
        written = column_lines(target, setting, guess.chosen.get(target), found, plain, guess.clock)
        lines += ["", f"[columns.{target}]", *written] if written else []
    unused = [one for one in found if one not in (*guess.chosen.values(), guess.clock)]
    lines += ["", "# Columns not used:", *(f"#   {quotable(one)}: {found[one].says}" for one in unused)]
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


def _guess(kind: dict[str, Any], found: Mapping[str, Evidence]) -> Guess:
    """The file's column for each of ours: the best spelling among those of a fitting type, each used once."""
    chosen: dict[str, str] = {}
    for target, setting in kind["columns"].items():
        free = {one: seen for one, seen in found.items() if one not in chosen.values() and _may_be(setting, seen)}
        spellings = setting["spelled"].split("|")
        # a number is a name only where no words are
        worded = {one: seen for one, seen in free.items() if setting["type"] != "text" or seen.type != "whole"}
        fits = _by_name(worded, spellings) or _by_name(free, spellings)
        if not fits and setting.get("anywhere"):
            fits = [one for one, seen in found.items() if seen.codes and _has_words(setting, seen)]
        if fits:
            chosen[target] = fits[0]
    key = next(iter(kind["columns"]))
    unique = [one for one, seen in found.items() if seen.is_unique and one not in chosen.values()]
    if key not in chosen and unique and "extends" not in kind:
        chosen[key] = unique[0]
    moment = next(target for target, setting in kind["columns"].items() if setting["type"] == "timestamp")
    clock = None
    if moment not in chosen and (parts := _date_and_clock(found, kind["columns"][moment]["spelled"].split("|"))):
        chosen[moment], clock = parts
    return Guess(kind, chosen, clock)


def _by_name(free: Mapping[str, Evidence], spellings: Sequence[str]) -> list[str]:
    words = {one: words_of(one) for one in free}
    fits = [one for spelling in spellings for one in free if words[one] == spelling]
    return fits + [one for spelling in spellings for one in free if f" {spelling} " in f" {words[one]} "]


def _may_be(setting: dict[str, Any], seen: Evidence) -> bool:
    """Whether values can be of one of our columns; what is a code must hold one of its words, or be settled anyhow."""
    if seen.type not in FITTING[setting["type"]] and not (setting.get("empty") and seen.is_empty):
        return False
    return setting["type"] != "code" or setting.get("must", False) or _has_words(setting, seen)


def _has_words(setting: dict[str, Any], seen: Evidence) -> bool:
    patterns = setting["words"].values()
    return any(re.search(pattern, words_of(code)) for code in seen.codes for pattern in patterns)


def _date_and_clock(found: Mapping[str, Evidence], spellings: Sequence[str]) -> tuple[str, str] | None:
    """The columns of a moment whose day and time of day stand apart."""
    days = {one: seen for one, seen in found.items() if seen.type == "date"}
    clocks = [one for one, seen in found.items() if seen.clocks]
    if not days or not clocks:
        return None
    day = next(iter(_by_name(days, spellings)), next(iter(days)))
    # a clock that often shows midnight tells of something that did not happen to everybody
    always = [one for one in clocks if not MIDNIGHTS & set(found[one].often)] or clocks
    begins = [one for sign in BEGINS for one in always if sign in words_of(one)]
    return day, (begins or always)[0]


def _zone(moment: Evidence | None) -> str:
    if moment is not None and moment.has_offset:
        return 'timezone = "centre"'
    return (
        f'timezone = "{OPEN}"  # settle: the times carry no offset. "centre" for this centre\'s own time, "UTC", or a '
        'zone as "America/Denver"'
    )


def _identifier(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "my_export"


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


def number_of_questions(questions: Sequence[str]) -> str:
    """How many questions are open, in words."""
    return f"{len(questions)} open question{'' if len(questions) == 1 else 's'}"


def draft_for(header: Sequence[str], folder: Path) -> tuple[Path, list[str]] | None:
    """The unsettled draft of a centre whose columns this header has, and its open questions.

    A slip made while answering is a question too: a draft that is no TOML any more and names these columns.
    """
    names = {folded(spelling.removeprefix("\ufeff")) for spelling in header}
    for path in sorted((folder / "layouts").glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            if sum(f'source = "{name}"' in text.lower() for name in names) >= FEWEST_TELLING:
                return path, [str(error)]
            continue
        sources = {
            folded(one["source"]) for one in content.get("columns", {}).values() if one.get("source", OPEN) != OPEN
        }
        questions = open_questions(content)
        if questions and sources and sources <= names:
            return path, questions
    return None
