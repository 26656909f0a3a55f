"""Definitions from TOML: read, and checked against each other and the columns of the facts; a fault has its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import sqlglot
from pydantic import BaseModel, ValidationError
from sqlglot import exp

from metrics.catalogue import Catalogue, Fact, Measure, Metric, Need, signed_names
from sql import WrongUse, nearest
from sql.blank import fact_columns
from sql.settings_faults import fault_words, first_fault

Entry = TypeVar("Entry", bound=BaseModel)


class Fault(ValueError):
    """What is wrong with an entry, before it is known where it stands."""


def read(fact_files: Iterable[Path], shipped_files: Iterable[Path], own_files: Iterable[Path] = ()) -> Catalogue:
    """Read and check definitions; raises WrongUse naming file, line, entry and fault.

    A centre's own files may add entries or put their own in place of shipped ones of the same name; a metric that does
    so keeps the id. Every expression of theirs is parsed and held against its fact's columns; for the shipped ones a
    test does that once and for all.
    """
    facts = {name: Fact(name=name, **entry) for path in fact_files for name, entry in _toml(path).items()}
    measures: dict[str, Measure] = {}
    metrics: dict[str, Metric] = {}
    needs: dict[str, Need] = {}
    places: dict[tuple[str, str], Path] = {}
    replaced: set[str] = set()
    own = set(own_files)
    for path in [*shipped_files, *own_files]:
        content = _toml(path)
        _check_sections(content, path)
        for name, entry in content.get("need", {}).items():
            needs[name] = _checked(Need, path, "need", name, entry)
        for name, entry in content.get("measure", {}).items():
            found = _checked(Measure, path, "measure", name, entry)
            if name in measures and path in own:
                replaced.add(name)
            measures[name], places["measure", name] = found, path
        for name, entry in content.get("metric", {}).items():
            one = _checked(Metric, path, "metric", name, entry)
            if name in metrics and path in own:
                _check_keeps_id(metrics[name], one, path)
                replaced.add(name)
            metrics[name], places["metric", name] = one, path
    catalogue = Catalogue(facts=facts, measures=measures, metrics=metrics, needs=needs, replaced=frozenset(replaced))
    _check_together(catalogue, places, own)
    _check_ids(metrics, places)
    return catalogue


def _check_together(catalogue: Catalogue, places: dict[tuple[str, str], Path], own: set[Path]) -> None:
    """Complete each metric, and hold entries against each other and the centre's own against their facts' columns."""
    facts, measures, metrics = catalogue.facts, catalogue.measures, catalogue.metrics
    for (kind, name), path in places.items():
        try:
            if kind == "metric":
                metrics[name] = _completed(metrics[name], measures, facts, catalogue.needs)
            if path in own:
                _check_own(kind, name, measures, metrics, facts)
        except Fault as fault:
            broken = metrics.get(name) if path not in own else None
            raise _placed(fault, broken, (kind, name), places, catalogue.replaced) from None


def _check_keeps_id(shipped: Metric, own: Metric, path: Path) -> None:
    """Raise WrongUse where a name that is taken was given to another metric without anybody meaning to replace it."""
    if own.id.upper() != shipped.id.upper():
        raise WrongUse(
            f"{path.name}, line {line_of(path, 'metric', own.name)}: {own.name} is taken: {shipped.title} "
            f"({shipped.id}) comes with Fairline. Give yours another name; to take its place, keep its id."
        )


def _placed(
    fault: Fault,
    broken: Metric | None,
    entry: tuple[str, str],
    places: dict[tuple[str, str], Path],
    replaced: frozenset[str],
) -> WrongUse:
    """A fault with its place: that of the entry, or of the measure by which a shipped metric is `broken`."""
    path = places[entry]
    if broken is None:
        return WrongUse(f"{path.name}, line {line_of(path, *entry)}: {entry[1]}: {fault}")
    formulas = [formula for formula in (broken.numerator, broken.denominator) if formula]
    name = min({name for formula in formulas for _, name in signed_names(formula)} & replaced, default="")
    path = places.get(("measure", name), path)
    return WrongUse(
        f"{path.name}, line {line_of(path, 'measure', name)}: {name} takes the place of a measure that comes with "
        f"Fairline, and {broken.name} can no longer be made of it: {fault}. Give yours another name."
    )


def line_of(path: Path, kind: str, name: str, field: str = "") -> int:
    """The line on which an entry, or one field of it, stands."""
    lines = path.read_text(encoding="utf-8").splitlines()
    header = re.compile(rf"\s*\[\s*{kind}\s*\.\s*[\"']?{re.escape(name)}[\"']?\s*\]")
    start = next((number for number, line in enumerate(lines) if header.match(line)), 0)
    if field:
        for number in range(start + 1, len(lines)):
            if lines[number].lstrip().startswith("["):
                break
            if re.match(rf"\s*[\"']?{re.escape(field)}[\"']?\s*=", lines[number]):
                return number + 1
    return start + 1


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise WrongUse(f"{path.name} cannot be read: {error}. Correct that line.") from None


def _check_sections(content: dict[str, Any], path: Path) -> None:
    known = ["need", "measure", "metric"]
    for name, entries in content.items():
        if name not in known or not isinstance(entries, dict):
            raise WrongUse(f"{path.name}: [{name}] is not known.{nearest(name, known)} Write [metric.NAME] entries.")


def _checked(kind: type[Entry], path: Path, section: str, name: str, entry: object) -> Entry:
    if not isinstance(entry, dict):
        raise WrongUse(f"{path.name}: {section}.{name} is no table. Write [{section}.{name}] and its fields beneath.")
    try:
        return kind(name=name, **entry)
    except ValidationError as error:
        line = line_of(path, section, name, str(first_fault(error)["loc"][0]) if first_fault(error)["loc"] else "")
        raise WrongUse(f"{path.name}, line {line}: {name}: {fault_words(error, kind)} Correct that entry.") from None


def _completed(metric: Metric, measures: dict[str, Measure], facts: dict[str, Fact], needs: dict[str, Need]) -> Metric:
    """The metric with its interval key, once every name in it is known to exist and its parts go together."""
    for name in metric.needs:
        if name not in needs:
            raise Fault(f"needs names {name!r}, which is not known.{nearest(name, list(needs))}")
    if metric.is_distribution:
        _check_fact(metric.fact or "", metric.key, facts)
        return metric
    numerator, denominator = (
        [_named(name, measures) for _, name in _names(formula)]
        for formula in (metric.numerator or "", metric.denominator or "")
    )
    for measure in (*numerator, *denominator):
        _check_fact(measure.fact, measure.key, facts)
    for part, used in (("numerator", numerator), ("denominator", denominator)):
        if len({(measure.fact, measure.key) for measure in used}) > 1:
            raise Fault(f"its {part} adds up measures of different facts or interval keys, whose rows cannot be shown")
    if denominator and denominator[0].key != numerator[0].key and not metric.mixes:
        keys = f"{numerator[0].key} and {denominator[0].key}"
        raise Fault(f'numerator and denominator belong to different intervals ({keys}); say why with mixes = "..."')
    for key in metric.keys:
        for measure in (*numerator, *denominator):
            _check_fact(measure.fact, key, facts)
    base_is_time = bool(denominator) and all(measure.is_time for measure in denominator) and metric.unit != "seconds"
    return metric.model_copy(update={"key": numerator[0].key, "base_is_time": base_is_time})


def _names(formula: str) -> list[tuple[int, str]]:
    try:
        return signed_names(formula)
    except ValueError:
        raise Fault(
            f"{formula!r} is not a sum of measures. Write names with + and - between them; the one division is that of "
            "the numerator by the denominator, after summing"
        ) from None


def _named(name: str, measures: dict[str, Measure]) -> Measure:
    if name not in measures:
        raise Fault(f"it uses the unknown name {name!r}.{nearest(name, list(measures))}")
    return measures[name]


def _check_fact(fact: str, key: str, facts: dict[str, Fact]) -> None:
    if fact not in facts:
        raise Fault(f"there is no fact {fact!r}.{nearest(fact, list(facts))} Known are: {', '.join(facts)}")
    if key not in facts[fact].keys:
        raise Fault(f"{fact} has no interval key {key!r}.{nearest(key, list(facts[fact].keys))}")


def _check_own(
    kind: str, name: str, measures: dict[str, Measure], metrics: dict[str, Metric], facts: dict[str, Fact]
) -> None:
    """Everything that needs an expression to be read."""
    if kind == "measure":
        _check_measure(measures[name], facts)
        return
    metric = metrics[name]
    for expression in (metric.value, metric.where, metric.happened):
        if metric.is_distribution and expression:
            _check_expression(expression, metric.fact or "")
    formulas = [formula for formula in (metric.numerator, metric.denominator) if formula]
    _check_plain_means(metric, [measures[part] for formula in formulas for _, part in signed_names(formula)], facts)


def _check_measure(measure: Measure, facts: dict[str, Fact]) -> None:
    _check_fact(measure.fact, measure.key, facts)
    if measure.distinct is not None and facts[measure.fact].stored:
        raise Fault(f"different things cannot be added up over days, and measures of {measure.fact} are kept by day")
    expressions = [measure.contribution, measure.condition, *([measure.distinct] if measure.distinct else [])]
    for expression in expressions:
        _check_expression(expression, measure.fact)
    if measure.sum is not None and _parsed(measure.sum).find(exp.Div, exp.IntDiv):
        raise Fault(
            "it sums a ratio of each row, which makes a mean of ratios. Make two measures of it, and a metric that "
            "divides one by the other after summing"
        )


def _check_plain_means(metric: Metric, used: list[Measure], facts: dict[str, Fact]) -> None:
    """A mean of ratios is refused unless the definition says, in its title, that it is one."""
    for measure in used:
        named = {column.name for column in _parsed(measure.contribution).find_all(exp.Column)}
        ratios = named & set(facts[measure.fact].ratios)
        weighed = bool(_parsed(measure.contribution).find(exp.Mul))
        if ratios and not weighed and not (measure.plain_mean and "plain mean" in metric.title.lower()):
            raise Fault(
                f"{measure.name} adds up {', '.join(sorted(ratios))}, a ratio already: that is a mean of ratios. Weigh "
                'it (ratio * its base), or own up with plain_mean = true and "plain mean" in the title'
            )


def _check_expression(expression: str, fact: str) -> None:
    found = _parsed(expression)
    aggregate = found.find(exp.AggFunc)
    if aggregate is not None:
        raise Fault(f"{aggregate.sql()} is a figure of many rows; an expression here is about one row")
    if found.find(exp.Select, exp.Subquery):
        raise Fault("an expression here may only use the columns of its fact, no query of its own")
    columns = fact_columns(fact)
    for column in found.find_all(exp.Column):
        if column.name not in columns:
            raise Fault(f"{fact} has no column {column.name!r}.{nearest(column.name, list(columns))}")


@cache
def _parsed(expression: str) -> exp.Expr:
    try:
        return sqlglot.parse_one(expression, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise Fault(f"{expression!r} cannot be read: {str(error).splitlines()[0]}") from None


def _check_ids(metrics: dict[str, Metric], places: dict[tuple[str, str], Path]) -> None:
    seen: dict[str, str] = {}
    for metric in metrics.values():
        if metric.id.upper() in seen:
            path = places["metric", metric.name]
            raise WrongUse(
                f"{path.name}, line {line_of(path, 'metric', metric.name, 'id')}: {metric.name} and "
                f"{seen[metric.id.upper()]} share the id {metric.id}. Give one another id."
            )
        seen[metric.id.upper()] = metric.name
    for metric in metrics.values():
        for name in metric.variants:
            if name not in metrics:
                path = places["metric", metric.name]
                raise WrongUse(
                    f"{path.name}: {metric.name} names the unknown variant {name}.{nearest(name, list(metrics))}"
                )
