"""The catalogue: every fact, measure and metric as data. `metrics.definition_files` reads and checks it."""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from metrics.language import N_, _
from sql import WrongUse, nearest

HERE = Path(__file__).parent
Unit = Literal["count", "share", "seconds", "days", "hours", "points", "per_hour", "number"]
SCALE: dict[Unit, float] = {
    "count": 1.0,
    "share": 1.0,
    "seconds": 1_000.0,
    "days": 86_400_000.0,
    "hours": 3_600_000.0,
    "points": 1.0,
    "per_hour": 1.0,
    "number": 1.0,
}
AN_HOUR = 3_600_000.0
IS_TIME = re.compile(r"(?:^|_)ms\b")
WORD, QUOTED = re.compile(r"[a-z_]\w*"), re.compile(r"'[^']*'")
TERM = re.compile(r"\s*([+-]?)\s*([a-z][a-z0-9_]*)")
# below this many there is no colour and no comparison
FLOOR = 30
KEY_WORDS = {
    "arrival": N_("by arrival"),
    "answer": N_("by answer"),
    "completion": N_("by completion"),
    "split": N_("split over intervals"),
    "event": N_("by event"),
    "cohort": N_("by day of creation"),
    "due": N_("by due date"),
    "promised": N_("by promised date"),
    "as_of": N_("as of the end"),
    "shift": N_("by shift"),
}


class Fact(BaseModel):
    """What measures count: one view, span or stock, the instants that can place a row in time, and its dimensions.

    `days` names the column that holds the operating day of a key's instant, where the fact has one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    grain: str
    keys: dict[str, str]
    days: dict[str, str] = {}
    dimensions: tuple[str, ...]
    stored: tuple[str, ...]
    sketched: tuple[str, ...] = ()
    identity: tuple[str, ...]
    shape: Literal["view", "span", "stock"] = "view"
    whole_days: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    ratios: tuple[str, ...] = ()

    def day(self, key: str) -> str:
        """The operating day to which a key's instant belongs."""
        return self.days.get(key) or f"operating_day({self.keys[key]})"


class Need(BaseModel):
    """What must have been loaded for a figure to be available, and what is answered otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    table: str
    where: str | None = None
    otherwise: str


class Measure(BaseModel):
    """A quantity of one fact: a count of rows, a sum over them, or how many different things they name.

    The last kind does not add up over groups and is never stored; one that takes hardly any row need not be.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    fact: str
    key: str
    count: str | None = None
    sum: str | None = None
    distinct: str | None = None
    where: str | None = None
    plain_mean: bool = False
    stored: bool = True

    @model_validator(mode="after")
    def _is_one_thing(self) -> Measure:
        if sum(part is not None for part in (self.count, self.sum, self.distinct)) != 1:
            raise ValueError("a measure is either a count, a sum or a distinct count")
        return self

    @property
    def condition(self) -> str:
        """Which rows it takes."""
        return (self.count if self.count is not None else self.where) or "true"

    @property
    def contribution(self) -> str:
        """What one row that it takes adds."""
        return "1" if self.sum is None else self.sum

    @property
    def is_time(self) -> bool:
        """Whether it adds up milliseconds."""
        return self.sum is not None and IS_TIME.search(self.sum) is not None

    @property
    def words(self) -> str:
        """What it is, for people."""
        if self.distinct is not None:
            return f"different {self.distinct} where {self.condition}"
        return f"{'count' if self.sum is None else f'sum of {self.sum}'} where {self.condition}"


class Metric(BaseModel):
    """A figure's definition: a count, a ratio of measures, or a point of a distribution.

    Its words are read in the language that is spoken: `title`, `note`, `mixes` and `excludes`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    id: str
    written_title: str = Field(alias="title")
    unit: Unit
    better: Literal["higher", "lower", "neither"]
    version: int
    source: str
    numerator: str | None = None
    denominator: str | None = None
    fact: str | None = None
    key: str = ""
    keys: tuple[str, ...] = ()
    written_mixes: str = Field("", alias="mixes")
    value: str | None = None
    quantile: float | None = None
    where: str | None = None
    happened: str | None = None
    written_excludes: tuple[str, ...] = Field((), alias="excludes")
    variants: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    floor: int = FLOOR
    written_note: str = Field("", alias="note")
    base_is_time: bool = False

    @model_validator(mode="after")
    def _is_one_kind(self) -> Metric:
        if (self.numerator is None) == (self.quantile is None):
            raise ValueError("a metric has a numerator or a quantile, and not both")
        if self.quantile is not None and not (self.fact and self.key and self.value):
            raise ValueError("a quantile names its fact, key and value")
        return self

    @property
    def title(self) -> str:
        """What people call it."""
        return _(self.written_title)

    @property
    def note(self) -> str:
        """What else a reader must know."""
        return _(self.written_note)

    @property
    def mixes(self) -> str:
        """Why its two parts may belong to different intervals."""
        return _(self.written_mixes)

    @property
    def excludes(self) -> tuple[str, ...]:
        """What is left out."""
        return tuple(_(thing) for thing in self.written_excludes)

    @property
    def label(self) -> str:
        """Title with what must not be missed: the interval key and the exclusions."""
        by = _(KEY_WORDS.get(self.key, f"by {self.key}"))
        parts = [by, *(_("{things} out").format(things=things) for things in self.excludes)]
        return f"{self.title} ({', '.join(parts)})"

    @property
    def scales(self) -> tuple[float, float, float]:
        """By what the stored numerator and denominator are divided, and by what their ratio is multiplied.

        Durations are stored in milliseconds and shown in seconds, days or hours; a base of time is shown in hours.
        """
        base = AN_HOUR if self.base_is_time else 1.0
        top = base if self.unit == "share" else SCALE[self.unit]
        return top, base, 100.0 if self.unit == "points" else 1.0

    @property
    def is_distribution(self) -> bool:
        """Whether it comes from the rows themselves and can never be added up."""
        return self.quantile is not None

    @property
    def observes(self) -> str:
        """What tells the observations of one distribution from those of another of its fact."""
        return f"{self.value} where {self.where or 'true'}, complete where {self.happened or 'true'}"

    @property
    def kind(self) -> str:
        """What kind of figure it is, in the words of the catalogue's conventions."""
        if self.is_distribution:
            return "distribution"
        if self.key == "as_of":
            return "stock"
        return "ratio" if self.denominator else "sum"

    def by_key(self, key: str) -> Metric:
        """The same metric by another interval key; raises WrongUse where its definition does not offer it."""
        if key == self.key:
            return self
        if key not in self.keys:
            offered = ", ".join(dict.fromkeys([self.key, *self.keys]))
            raise WrongUse(f"{self.name} cannot be counted by {key!r}.{nearest(key, self.keys)} It can by: {offered}.")
        return self.model_copy(update={"key": key})


class Catalogue(BaseModel):
    """All facts, measures and metrics that a centre knows, each by name.

    `replaced` names those of the centre's own that stand in place of shipped ones.
    """

    model_config = ConfigDict(frozen=True)

    facts: dict[str, Fact]
    measures: dict[str, Measure]
    metrics: dict[str, Metric]
    needs: dict[str, Need] = {}
    replaced: frozenset[str] = frozenset()

    def metric(self, name: str) -> Metric:
        """A metric by its name or id; raises WrongUse with the nearest known names."""
        found = self.metrics.get(name) or self._by_id.get(name.upper())
        if found is None:
            known = [*self.metrics, *self._by_id]
            raise WrongUse(f"There is no metric {name!r}.{nearest(name, known)} fairline define lists all of them.")
        return found

    @cached_property
    def _by_id(self) -> dict[str, Metric]:
        return {metric.id.upper(): metric for metric in self.metrics.values()}

    def families(self) -> dict[tuple[str, str], list[Measure]]:
        """The measures by fact and interval key, as they are stored together."""
        return self._families

    @cached_property
    def _families(self) -> dict[tuple[str, str], list[Measure]]:
        found: dict[tuple[str, str], list[Measure]] = {}
        for measure in self.measures.values():
            if self.facts[measure.fact].stored and measure.stored:
                found.setdefault((measure.fact, measure.key), []).append(measure)
        return found

    def words_of(self, fact: Fact) -> set[str]:
        """Every word of the expressions by which a fact is counted; all columns that they use are among them."""
        used = [
            part
            for one in self.measures.values()
            if one.fact == fact.name
            for part in (one.condition, one.contribution, one.distinct)
        ]
        used += [
            part
            for one in self.metrics.values()
            if one.fact == fact.name
            for part in (one.value, one.where, one.happened)
        ]
        used += ["is_day_only", *fact.keys.values(), *fact.days.values()]
        return set(WORD.findall(QUOTED.sub("", " ".join(filter(None, used)).lower())))

    def distributions(self) -> dict[tuple[str, str], list[Metric]]:
        """The percentiles that can be sketched, by fact and interval key; of each distribution one."""
        found: dict[tuple[str, str], list[Metric]] = {}
        for metric in self.metrics.values():
            if metric.is_distribution and metric.quantile != 1 and self.facts[metric.fact or ""].sketched:
                alike = found.setdefault((metric.fact or "", metric.key), [])
                if not any(one.observes == metric.observes for one in alike):
                    alike.append(metric)
        return found

    def terms(self, formula: str) -> list[tuple[int, Measure]]:
        """A formula as signed measures."""
        return [(sign, self.measures[name]) for sign, name in signed_names(formula)]

    def parts(self, metric: Metric, formula: str | None) -> list[tuple[int, Measure]]:
        """A part of a metric as signed measures, by the interval key that the metric stands for now."""
        default = self.metrics[metric.name].key if metric.name in self.metrics else metric.key
        found = self.terms(formula) if formula else []
        if metric.key == default:
            return found
        return [(sign, measure.model_copy(update={"key": metric.key})) for sign, measure in found]

    def facts_of(self, metric: Metric) -> list[Fact]:
        """The facts that a metric is counted from, each once."""
        if metric.is_distribution:
            return [self.facts[metric.fact or ""]]
        formulas = [formula for formula in (metric.numerator, metric.denominator) if formula]
        names = [measure.fact for formula in formulas for _, measure in self.terms(formula)]
        return [self.facts[name] for name in dict.fromkeys(names)]

    def needs_of(self, metric: Metric) -> list[Need]:
        """What must have been loaded for a metric, each once."""
        names = [name for fact in self.facts_of(metric) for name in fact.needs]
        return [self.needs[name] for name in dict.fromkeys([*names, *metric.needs])]


def signed_names(formula: str) -> list[tuple[int, str]]:
    """The names of a formula with their signs.

    >>> signed_names("offered - short + late")
    [(1, 'offered'), (-1, 'short'), (1, 'late')]
    """
    names: list[tuple[int, str]] = []
    position = 0
    while position < len(formula.rstrip()):
        term = TERM.match(formula, position)
        if term is None or (names and not term.group(1)):
            raise ValueError(f"{formula!r} is not a sum of measures")
        names.append((-1 if term.group(1) == "-" else 1, term.group(2)))
        position = term.end()
    return names


@cache
def shipped() -> Catalogue:
    """The catalogue that comes with Fairline."""
    from metrics.definition_files import read

    return read([HERE / "facts.toml"], sorted((HERE / "definitions").glob("*.toml")))


@cache
def catalogue_of(folder: Path) -> Catalogue:
    """The catalogue of a centre: the shipped one and the centre's own definitions in `metrics/`."""
    from metrics.definition_files import read

    own = sorted((folder / "metrics").glob("*.toml"))
    if not own or (folder / "metrics").resolve() == HERE:
        return shipped()
    return read([HERE / "facts.toml"], sorted((HERE / "definitions").glob("*.toml")), own)
