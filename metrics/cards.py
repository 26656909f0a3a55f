"""The card of a figure: its value with what it rests on, its target and its change, ready to print."""

from __future__ import annotations

from metrics import Figure, Target, text
from metrics.parts import Card, Chart

TOO_FEW = "too few to tell"


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
    is_judged = not figure.is_too_few
    goal = text.against_target(figure.metric, figure.value, target)
    return Card(
        whose=whose,
        figure=figure,
        basis=figure.basis,
        target=goal if is_judged else TOO_FEW,
        met=text.is_met(figure.value, target) if is_judged else None,
        change=f"{change} ({before.words} {compared_with})" if before.value is not None else change,
        note=note,
        course=course,
    )
