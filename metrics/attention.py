"""What needs attention on a day, by rules that are data: each finding says why and what would make it go away."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from metrics import text
from metrics.asker import Asker
from metrics.grid import Figure
from metrics.language import _
from metrics.period import Period
from metrics.settings import Target

RULES = Path(__file__).parent / "attention.toml"
MOST = 10


class Rule(BaseModel):
    """When a metric's value needs attention, and how that is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    metric: str
    when: Literal["missed", "at_least", "at_most"]
    says: str
    until: str
    by: str = ""
    limit: float = 0
    fewest: int = 1
    show: str = ""

    def speaks(self, figure: Figure, target: Target | None) -> bool:
        """Whether a figure needs attention."""
        if figure.value is None or figure.n < self.fewest:
            return False
        if self.when == "missed":
            return text.is_met(figure.value, target) is False
        return figure.value >= self.limit if self.when == "at_least" else figure.value <= self.limit


@dataclass(frozen=True)
class Finding:
    """One thing that needs attention: the sentence, its rows, what ends it, and how many it concerns."""

    rule: Rule
    sentence: str
    figure: Figure
    value: str | None
    concerns: float


@cache
def rules() -> dict[str, Rule]:
    """The rules by name."""
    return {name: Rule(**entry) for name, entry in tomllib.loads(RULES.read_text(encoding="utf-8")).items()}


def findings(ask: Asker, during: Period) -> list[Finding]:
    """What needs attention in a period: at most ten, those first that concern most contacts or requests."""
    found = [one for rule in rules().values() for one in _of_rule(ask, rule, during)]
    return sorted(found, key=lambda one: -one.concerns)[:MOST]


def _of_rule(ask: Asker, rule: Rule, during: Period) -> Iterator[Finding]:
    grid = ask.by([rule.metric], [rule.by] if rule.by else [], during)
    for key in grid.keys if rule.by else [()]:
        figure = grid.figure(rule.metric, *key)
        value = str(key[0]) if key and key[0] is not None else None
        target = ask.target(rule.metric, during.first, value if rule.by == "queue" else None)
        if rule.speaks(figure, target) and not (rule.by and value is None):
            yield Finding(rule, _sentence(ask, rule, figure, value, target), figure, value, _concerns(figure))


def _sentence(ask: Asker, rule: Rule, figure: Figure, value: str | None, target: Target | None) -> str:
    base = figure.denominator if figure.denominator is not None else figure.value
    return _(rule.says).format(
        name=ask.called(rule.by, value) if rule.by else "",
        value=figure.words,
        n=text.count(base),
        counted=text.count(figure.numerator),
        others=text.count((base or 0) - (figure.numerator or 0)),
        goal=text.goal(figure.metric, target),
    )


def _concerns(figure: Figure) -> float:
    """How many contacts, requests or hours a finding is about."""
    if figure.metric.unit == "share" and figure.denominator is not None:
        missed = (figure.denominator or 0) - (figure.numerator or 0)
        return missed if figure.metric.better == "higher" else figure.numerator or 0
    return figure.value if figure.metric.unit == "count" and figure.value is not None else 1
