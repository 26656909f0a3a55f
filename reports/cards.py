"""The card of a figure: its value with what it rests on, its target and its change, ready to print."""

from __future__ import annotations

from metrics import Target, text
from reports.figures import Figure, difference
from reports.parts import Card, Chart


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
    change = text.change(figure.metric, difference(figure, before))
    return Card(
        whose=whose,
        figure=figure,
        basis=basis(figure),
        target=text.against_target(figure.metric, figure.value, target),
        met=text.is_met(figure.value, target),
        change=f"{change} ({before.words} {compared_with})" if before.value is not None else change,
        note=note,
        course=course,
    )


def basis(figure: Figure) -> str:
    """How many a figure rests on; a count rests on itself."""
    if figure.is_counted:
        return ""
    if figure.metric.unit == "share" and figure.numerator is not None:
        return f"{text.count(figure.numerator)} of {text.count(figure.denominator)}"
    return f"n {text.count(figure.n)}"
