"""What a draft guessed and what it asks, as a person reads it in one look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

SECTION = re.compile(r"\[(?:columns\.)?(\w+)\]")
TAKEN = re.compile(r'source = "(.*)"  # guess by its name; (.*)')
UNUSED = re.compile(r"#   (.+?): ")
CRITERION = re.compile(r"#  \* (.+?): ")
KIND = re.compile(r"# A draft, made by fairline inspect from .*: (.+?)\. Answer")
ASKS = '"?"'
WIDEST = 40


class Line(NamedTuple):
    """A line of a draft, its number from 1, and the section in which it stands."""

    number: int
    section: str
    text: str


def _lines(draft: str) -> Iterator[Line]:
    section = ""
    for number, text in enumerate(draft.splitlines(), 1):
        if found := SECTION.fullmatch(text):
            section = found[1]
        yield Line(number, section, text)


def draft_summary(draft: str) -> str:
    """The columns with what was taken of each, and every open question with the line of the draft that asks it."""
    lines = list(_lines(draft))
    taken = [(found[1], line.section, found[2]) for line in lines if (found := TAKEN.match(line.text))]
    asked = [line for line in lines if ASKS in line.text and not line.text.startswith("#")]
    unused = [found[1] for line in lines if (found := UNUSED.match(line.text))]
    criteria = [found[1] for line in lines if (found := CRITERION.match(line.text))]
    kind = KIND.match(draft)
    width = min(max((len(source) for source, _, _ in taken), default=0), WIDEST)
    target = max((len(ours) for _, ours, _ in taken), default=0)
    shown = (
        [f"It reads like {kind[1]}; if it is something else, delete the draft and fill a plain file"] if kind else []
    )
    shown += (
        ["(fairline template NAME: plain_evaluations, plain_surveys, plain_schedule, plain_agents)."] if kind else []
    )
    shown += ["", "Guessed from names and values; correct in the draft what is wrong:"]
    shown += [f"  {source:<{width}} -> {ours:<{target}}  {says}" for source, ours, says in taken]
    shown += [f"  not used: {', '.join(unused)}"] if unused else []
    shown += [f"  criteria: {', '.join(criteria)}"] if criteria else []
    if asked:
        shown += ["", f"To settle, {len(asked)} in all; the number is the draft's line:"]
        shown += [f"  {line.number:>3}  {line.section + ': ' if line.section else ''}{line.text}" for line in asked]
    return "\n".join(shown)
