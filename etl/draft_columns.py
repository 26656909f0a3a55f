"""One column of a draft: where it seems to stand in the file, what its values say, and what a person has to settle."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product
from typing import Any

from etl.evidence import Evidence
from etl.layout import Layout, folded

OPEN = "?"
UNITS = {"ms": r"\bms\b|millis", "min": r"\bmin(ute)?s?\b", "s": r"\bsecs?\b|seconds|\(s\)"}
YES, NO = ("y", "yes", "true", "t", "1"), ("n", "no", "false", "f", "0")
# what systems write where nobody answered
NOBODY = re.compile(r"(no|none|not|un)[ _-]?(server|agent|user|operator|assigned|answered|known)?", re.IGNORECASE)
CLOCK = "clock_of"


def words_of(spelling: str) -> str:
    """A column's name as plain words.

    >>> words_of("QueueTime_(s)")
    'queue time s'
    """
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", spelling)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", folded(parted)).split())


def quotable(text: str) -> str:
    """A text as it may stand between quotes in TOML."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", " ")


def column_lines(
    target: str,
    setting: Mapping[str, Any],
    source: str | None,
    found: Mapping[str, Evidence],
    plain: Layout,
    clock: str | None,
) -> list[str]:
    """What a draft says of one of our columns; nothing of one that its facts can do without."""
    is_moment = target == plain.moment
    if source is None:
        return _absent(target, setting, plain, found)
    seen = found[source]
    head = [f'source = "{quotable(source)}"  # guess by its name; {seen.says}', "required = true"]
    if is_moment or target in plain.key:
        head.append("nullable = false")
    nulls = [*seen.nulls, *_nobody(target, seen)]
    if len(nulls) > 1:
        guess = "  # guess: so the system writes that there was nobody" if len(nulls) > len(seen.nulls) else ""
        head.append("nulls = [" + ", ".join(f'"{quotable(null)}"' for null in nulls) + "]" + guess)
    if setting["type"] == "timestamp":
        return head + _moment(target, setting, seen, found[clock] if clock and is_moment else None, clock)
    return head + _typed(source, setting, seen)


def _nobody(target: str, seen: Evidence) -> list[str]:
    return [word for word in seen.often if NOBODY.fullmatch(word)] if target == "agent_id" else []


def _absent(target: str, setting: Mapping[str, Any], plain: Layout, found: Mapping[str, Evidence]) -> list[str]:
    if target == plain.moment:
        parts = [one for one, seen in found.items() if seen.type == "date" or seen.clocks]
        hint = f"; {' and '.join(map(quotable, parts))} have parts of it" if parts else ""
        return ['type = "timestamp"', f'formats = ["{OPEN}"]', f'source = "{OPEN}"  # settle: when it began{hint}']
    if "words" in setting:
        assumed = setting.get("assumed", OPEN)
        question = "guess;" if assumed != OPEN else "settle: what is every row of this file?"
        return ['type = "text"', f'constant = "{assumed}"  # {question} one of {", ".join(setting["words"])}']
    if plain.name != "plain_calls":
        # its statement takes columns by name and misses none
        return []
    if setting["type"] == "duration":
        return ['type = "duration"', 'unit = "s"  # no column of the file was taken for it']
    return ['type = "text"']


def _moment(
    target: str, setting: Mapping[str, Any], seen: Evidence, clock: Evidence | None, clock_source: str | None
) -> list[str]:
    """A moment's formats; where day and time of day stand apart, those of both, and the column of the clock."""
    formats = [" ".join(pair) for pair in product(seen.formats, clock.clocks)] if clock else list(seen.formats)
    if not formats:
        # a column without values says nothing of its own
        formats = ["%Y-%m-%d %H:%M:%S"]
    settled = f'"{formats[0]}"' if len(formats) == 1 else f'"{OPEN}"'
    choice = "" if len(formats) == 1 else "  # settle: " + " or ".join(f'"{one}"' for one in formats)
    lines = ['type = "timestamp"', f"formats = [{settled}]{choice}"]
    lines += ['offset = "required"'] if seen.has_offset else []
    lines += ["future = true"] if setting.get("future") else []
    if clock and clock_source:
        lines += [f'clock = "{CLOCK}_{target}"', "", f"[columns.{CLOCK}_{target}]"]
        lines += [f'source = "{quotable(clock_source)}"  # guess by its name; {clock.says}', "required = true"]
        lines += ['type = "text"']
    return lines


def _typed(source: str, setting: Mapping[str, Any], seen: Evidence) -> list[str]:
    if setting["type"] == "duration":
        decimals = ["decimals = true"] if seen.type == "decimal" else []
        return ['type = "duration"', *decimals, _unit(source, seen)]
    if setting["type"] == "code":
        words = setting["words"]
        listed = ", ".join(_code(words, source, word) for word in seen.codes or (OPEN,))
        return [
            'type = "code"',
            f"codes = {{ {listed} }}  # guess: {', '.join(words)}; take a word out, and its rows are put aside",
        ]
    return [f'type = "{setting["type"]}"']


def _unit(source: str, seen: Evidence) -> str:
    if seen.type == "clock_duration":
        return 'unit = "s"  # written h:mm:ss'
    for unit, pattern in UNITS.items():
        if re.search(pattern, words_of(source)) or re.search(pattern, folded(source)):
            return f'unit = "{unit}"  # by the column\'s name'
    return f'unit = "{OPEN}"  # settle: "s", "ms" or "min"; {seen.says}'


def _code(words: Mapping[str, str], source: str, word: str) -> str:
    plainly = words_of(word)
    ours = next((ours for ours, pattern in words.items() if re.search(pattern, plainly)), OPEN)
    if "abandon" in words_of(source) and word.lower() in YES + NO:
        ours = "abandoned" if word.lower() in YES else "answered"
    return f'"{quotable(word)}" = "{ours}"'
