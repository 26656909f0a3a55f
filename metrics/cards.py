"""The card of a figure: its value with what it rests on, its target and its change, ready to print."""

from __future__ import annotations

from metrics import Figure, Target, text
from metrics.language import _
from metrics.parts import Card, Chart


def card(
    figure: Figure,
    *,
    before: Figure,
    compared_with: str,
    target: Target | None,
    course: Chart,
    note: str = "",
    whose: str = "",
) -> Card:
    """A figure beside the same figure of an earlier time."""
    change = figure.change_from(before)
    goal = text.against_target(figure.metric, figure.value, target)
    return Card(
        whose=whose,
        figure=figure,
        basis=figure.basis,
        target=_("too few to tell") if figure.is_few else goal,
        met=None if figure.is_few else text.is_met(figure.value, target),
        change=f"{change} ({before.words} {compared_with})" if before.value is not None else change,
        note=note,
        course=course,
    )
