"""What needs attention on a day, by rules that are data: each finding says why and what would make it go away."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

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
    severity: Literal[1, 2, 3]
    when: Literal["missed", "at_least", "at_most"]
    says: str
    until: str
    by: str = ""
    limit: float = 0
    fewest: int = 1
    show: str = ""
    gathers: bool = False
    page: str = ""
    set_by: str = ""
    otherwise: float = 0
    says_one: str = ""

    def speaks(self, figure: Figure, target: Target | None) -> bool:
        """Whether a figure needs attention."""
        if figure.value is None or figure.n < self.fewest:
            return False
        if self.when == "missed":
            return text.is_met(figure.value, target) is False
        return figure.value >= self.limit if self.when == "at_least" else figure.value <= self.limit


class DoubtRule(BaseModel):
    """When the data themselves need attention, and how that is said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    severity: Literal[1, 2, 3]
    says: str
    until: str
    hours: float = 0
    fewest: int = 0
    weeks: int = 0


@dataclass(frozen=True)
class Finding:
    """One thing that needs attention: the sentence, its rows, what ends it, and how many it concerns.

    `value` is the value of the rule's dimension that it is about; one that gathers has all of them, each with its name,
    in `named`, and its sentence without them in `lead`.
    """

    rule: Rule
    sentence: str
    figure: Figure
    value: str | None
    concerns: float
    lead: str = ""
    named: tuple[tuple[str, str], ...] = ()


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads(RULES.read_text(encoding="utf-8"))


@cache
def rules() -> dict[str, Rule]:
    """The rules by name."""
    return {name: Rule(**entry) for name, entry in _content().items() if name != "doubt"}


@cache
def doubt_rules() -> dict[str, DoubtRule]:
    """The rules about the data by name."""
    return {name: DoubtRule(**entry) for name, entry in _content()["doubt"].items()}


def findings(ask: Asker, during: Period, *, most: int | None = MOST) -> list[Finding]:
    """What needs attention in a period, most severe first: at most ten, or all of it.

    Of equal severity the largest of every rule come before the second largest of any: no rule drowns another.
    """
    ranked: list[tuple[int, int, float, Finding]] = []
    for rule in rules().values():
        found = sorted(_of_rule(ask, rule, during), key=lambda one: -one.concerns)
        ranked += [(-rule.severity, place, -one.concerns, one) for place, one in enumerate(found)]
    return [one for *_, one in sorted(ranked, key=lambda entry: entry[:3])][:most]


def _of_rule(ask: Asker, rule: Rule, during: Period) -> Iterator[Finding]:
    grid = ask.by([rule.metric], [rule.by] if rule.by else [], during)
    told: list[tuple[str | None, Figure, Target | None]] = []
    for key in grid.keys if rule.by else [()]:
        figure = grid.figure(rule.metric, *key)
        value = str(key[0]) if key and key[0] is not None else None
        target = ask.target(rule.metric, during.first, value if rule.by == "queue" else None)
        if rule.speaks(figure, target) and not (rule.by and value is None):
            told.append((value, figure, target))
    if not rule.gathers:
        for value, figure, target in told:
            yield Finding(rule, _sentence(ask, rule, figure, value, target), figure, value, _concerns(figure))
    elif told:
        named = sorted(
            ((str(value), ask.called(rule.by, value)) for value, _figure, _target in told), key=lambda one: one[1]
        )
        lead = _(rule.says).format(count=text.count(len(named)))
        words = f"{lead}: {text.listed([name for _value, name in named])}"
        yield Finding(rule, words, told[0][1], None, len(named), lead, tuple(named))


def _sentence(ask: Asker, rule: Rule, figure: Figure, value: str | None, target: Target | None) -> str:
    base = figure.denominator if figure.denominator is not None else figure.value
    says = rule.says_one if rule.says_one and figure.is_counted and figure.value == 1 else rule.says
    return _(says).format(
        name=ask.called(rule.by, value) if rule.by else "",
        value=figure.words,
        n=text.count(base),
        counted=text.count(figure.numerator),
        others=text.count((base or 0) - (figure.numerator or 0)),
        goal=text.goal(figure.metric, target),
        limit=_limit(ask, rule),
    )


def _limit(ask: Asker, rule: Rule) -> str:
    """The number of the centre's rules by which the metric judges."""
    number = ask.centre.rules.get(rule.set_by, rule.otherwise)
    return text.duration(number) if rule.set_by.endswith("_seconds") else text.count(number)


def _concerns(figure: Figure) -> float:
    """How many contacts, requests or hours a finding is about."""
    if figure.metric.unit == "share" and figure.denominator is not None:
        missed = (figure.denominator or 0) - (figure.numerator or 0)
        return missed if figure.metric.better == "higher" else figure.numerator or 0
    return figure.value if figure.metric.unit == "count" and figure.value is not None else 1
