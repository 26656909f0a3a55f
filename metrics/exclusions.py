"""What a figure leaves out, with how many that were: each exclusion is a visible count where a figure counts it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from metrics.asker import Asker, Where
from metrics.catalogue import Metric
from metrics.grid import Figure
from metrics.period import Period

COUNTED = Path(__file__).parent / "exclusions.toml"


@dataclass(frozen=True)
class Exclusion:
    """One thing that a figure leaves out, and the figure that counts it where there is one."""

    words: str
    figure: Figure | None = None

    @property
    def number(self) -> float | None:
        """How many were left out."""
        return None if self.figure is None or self.figure.value is None else self.figure.numerator


@cache
def counted_by() -> dict[str, str]:
    """The figure that counts what is left out, by the words in which definitions name it."""
    return tomllib.loads(COUNTED.read_text(encoding="utf-8"))


def exclusions(ask: Asker, metric: Metric, during: Period, where: Where) -> list[Exclusion]:
    """Everything that a metric leaves out; counted where the count can be narrowed to the same choices."""
    names = {words: counted_by().get(words, "") for words in metric.excludes}
    possible = [
        name
        for name in dict.fromkeys(names.values())
        if name in ask.centre.catalogue.metrics
        and name != metric.name
        and set(where) <= {*ask.fact(name).dimensions, "interval"}
    ]
    found = ask.total(possible, during, where) if possible else {}
    return [Exclusion(words, found.get(name)) for words, name in names.items()]
