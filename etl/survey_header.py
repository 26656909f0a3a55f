"""What the header lines of a survey export say of the columns that differ from survey to survey."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Literal

OPEN_ANSWER = {"", "response", "open-ended response"}


def other_columns(
    lines: Sequence[Sequence[str]],
    labels: Literal["names", "ids_and_texts", "questions_and_choices"],
    *,
    taken: Set[int],
) -> tuple[tuple[str, str, int], ...]:
    """Key, text and position (from 0) of each column that is not `taken`.

    >>> other_columns([["Id", "Q1"], ["Response", "How was it?"]], "ids_and_texts", taken={0})
    (('Q1', 'How was it?', 1),)
    >>> other_columns([["Id", "Reason", ""], ["", "Parking", "Water"]], "questions_and_choices", taken={0})
    (('Reason: Parking', 'Reason', 1), ('Reason: Water', 'Reason', 2))
    """
    first = [name.strip().removeprefix("\ufeff") for name in lines[0]]
    second = [*(lines[1] if len(lines) > 1 else ()), *[""] * len(first)]
    found: list[tuple[str, str, int]] = []
    question = ""
    for position, name in enumerate(first):
        question = name or question
        beneath = " ".join(second[position].split())
        if position in taken or not (question if labels == "questions_and_choices" else name):
            continue
        if labels == "questions_and_choices":
            key = question if beneath.lower() in OPEN_ANSWER else f"{question}: {beneath}"
            found.append((key, question, position))
        else:
            found.append((name, beneath if labels == "ids_and_texts" and beneath else name, position))
    return tuple(found)
