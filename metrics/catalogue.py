"""The catalogue: every fact, measure and metric as data, read from TOML and checked before anything is asked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import sqlglot
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from sql import WrongUse, nearest

HERE = Path(__file__).parent
Unit = Literal["count", "share", "seconds", "days"]
SCALE: dict[Unit, float] = {"count": 1.0, "share": 1.0, "seconds": 1_000.0, "days": 86_400_000.0}
TERM = re.compile(r"\s*([+-]?)\s*([a-z][a-z0-9_]*)")


class Fact(BaseModel):
    """What measures count: one view, the instants that can place a row in time, and its dimensions."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    grain: str
    keys: dict[str, str]
    dimensions: tuple[str, ...]
    stored: tuple[str, ...]
    identity: tuple[str, ...]


class Measure(BaseModel):
    """An additive quantity of one fact: a count of rows, or a sum over them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    fact: str
    key: str
    count: str | None = None
    sum: str | None = None
    where: str | None = None

    @model_validator(mode="after")
    def _is_one_thing(self) -> Measure:
        if (self.count is None) == (self.sum is None):
            raise ValueError("a measure is either a count or a sum")
        return self

    @property
    def condition(self) -> str:
        """Which rows it takes."""
        return (self.count if self.count is not None else self.where) or "true"

    @property
    def contribution(self) -> str:
        """What one row that it takes adds."""
        return "1" if self.sum is None else self.sum


class Metric(BaseModel):
    """A figure's definition: a count, a ratio of measures, or a point of a distribution."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    id: str
    title: str
    unit: Unit
    better: Literal["higher", "lower", "neither"]
    version: int
    source: str
    numerator: str | None = None
    denominator: str | None = None
    fact: str | None = None
    key: str = ""
    value: str | None = None
    quantile: float | None = None
    where: str | None = None
    happened: str | None = None
    excludes: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    note: str = ""

    @model_validator(mode="after")
    def _is_one_kind(self) -> Metric:
        if (self.numerator is None) == (self.quantile is None):
            raise ValueError("a metric has a numerator or a quantile, and not both")
        if self.quantile is not None and not (self.fact and self.key and self.value):
            raise ValueError("a quantile names its fact, key and value")
        return self

    @property
    def label(self) -> str:
        """Title with what must not be missed: the interval key and the exclusions."""
        parts = [f"by {self.key}", *(f"{thing} out" for thing in self.excludes)]
        return f"{self.title} ({', '.join(parts)})"

    @property
    def is_distribution(self) -> bool:
        """Whether it comes from the rows themselves and can never be added up."""
        return self.quantile is not None


class Catalogue(BaseModel):
    """All facts, measures and metrics that a centre knows, each by name."""

    model_config = ConfigDict(frozen=True)

    facts: dict[str, Fact]
    measures: dict[str, Measure]
    metrics: dict[str, Metric]

    def metric(self, name: str) -> Metric:
        """A metric by its name or id; raises WrongUse with the nearest known names."""
        found = self.metrics.get(name) or self._by_id().get(name.upper())
        if found is None:
            known = [*self.metrics, *self._by_id()]
            raise WrongUse(f"There is no metric {name!r}.{nearest(name, known)} fairline define lists all of them.")
        return found

    def _by_id(self) -> dict[str, Metric]:
        return {metric.id.upper(): metric for metric in self.metrics.values()}

    def families(self) -> dict[tuple[str, str], list[Measure]]:
        """The measures by fact and interval key, as they are stored together."""
        found: dict[tuple[str, str], list[Measure]] = {}
        for measure in self.measures.values():
            found.setdefault((measure.fact, measure.key), []).append(measure)
        return found

    def terms(self, formula: str) -> list[tuple[int, Measure]]:
        """A formula as signed measures."""
        return [(sign, self.measures[name]) for sign, name in signed_names(formula)]


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
    return read([HERE / "facts.toml"], sorted((HERE / "definitions").glob("*.toml")))


@cache
def catalogue_of(folder: Path) -> Catalogue:
    """The catalogue of a centre: the shipped one and the centre's own definitions in `metrics/`."""
    own = sorted((folder / "metrics").glob("*.toml"))
    if not own:
        return shipped()
    return read([HERE / "facts.toml"], [*sorted((HERE / "definitions").glob("*.toml")), *own])


def read(fact_files: Iterable[Path], definition_files: Iterable[Path]) -> Catalogue:
    """Read and check definitions; raises WrongUse naming file, entry and fault."""
    facts = {name: Fact(name=name, **entry) for path in fact_files for name, entry in _toml(path).items()}
    measures: dict[str, Measure] = {}
    metrics: dict[str, Metric] = {}
    files: dict[str, str] = {}
    for path in definition_files:
        content = _toml(path)
        for name, entry in content.get("measure", {}).items():
            measures[name] = _checked(Measure, path, name, entry)
        for name, entry in content.get("metric", {}).items():
            metrics[name] = _checked(Metric, path, name, entry)
            files[name] = path.name
    for name, metric in metrics.items():
        metrics[name] = _completed(metric, measures, facts, files[name])
    _check_ids(metrics)
    return Catalogue(facts=facts, measures=measures, metrics=metrics)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise WrongUse(f"{path.name} cannot be read: {error}. Correct that line.") from None


Entry = TypeVar("Entry", bound=BaseModel)


def _checked(kind: type[Entry], path: Path, name: str, entry: dict[str, Any]) -> Entry:
    try:
        return kind(name=name, **entry)
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"])
        raise WrongUse(f"{path.name}: {name}: {place} {fault['msg']}. Correct that entry.") from None


def _completed(metric: Metric, measures: dict[str, Measure], facts: dict[str, Fact], file: str) -> Metric:
    """The metric with its interval key, once every name in it is known to exist and every expression to parse."""
    try:
        names = [
            name for formula in (metric.numerator, metric.denominator) if formula for _, name in signed_names(formula)
        ]
        used = [measures[name] for name in names]
        for measure in used:
            facts[measure.fact].keys[measure.key]
            for expression in (measure.contribution, measure.condition):
                sqlglot.parse_one(expression, dialect="duckdb")
        if metric.is_distribution:
            facts[metric.fact or ""].keys[metric.key]
            return metric
    except KeyError as error:
        hint = nearest(str(error.args[0]), [*measures, *facts])
        raise WrongUse(f"{file}: {metric.name} uses the unknown name {error.args[0]!r}.{hint}") from None
    except (ValueError, sqlglot.ParseError) as error:
        raise WrongUse(f"{file}: {metric.name}: {str(error).splitlines()[0]}") from None
    return metric.model_copy(update={"key": used[0].key})


def _check_ids(metrics: dict[str, Metric]) -> None:
    seen: dict[str, str] = {}
    for metric in metrics.values():
        if metric.id.upper() in seen:
            raise WrongUse(
                f"{metric.name} and {seen[metric.id.upper()]} share the id {metric.id}. Give one another id."
            )
        seen[metric.id.upper()] = metric.name
