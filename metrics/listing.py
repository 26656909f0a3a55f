"""Figures and definitions as a terminal shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from metrics import text
from metrics.catalogue import Catalogue, Metric
from metrics.export import aligned
from metrics.period import Period
from metrics.query import Question, quantile, sums
from metrics.scope import Scope

A_DAY = Period(date(2026, 1, 1), date(2026, 1, 2))


def figures_table(catalogue: Catalogue, frame: pl.DataFrame, by: Sequence[str]) -> str:
    """Figures in words: metric, dimensions, value, how it came about, n."""
    cells = [
        [
            catalogue.metric(row["metric"]).title,
            *(_dimension(row[name]) for name in by),
            text.value(catalogue.metric(row["metric"]), row["value"]),
            _parts(catalogue.metric(row["metric"]), row),
            text.count(row["n"]),
        ]
        for row in frame.iter_rows(named=True)
    ]
    return aligned(["metric", *by, "value", "from", "n"], cells, [False, *[False] * len(by), True, True, True]).rstrip()


def _dimension(value: object) -> str:
    if value is None:
        return "(none)"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M %Z}"
    return str(value)


def _parts(metric: Metric, row: dict[str, Any]) -> str:
    """Numerator and denominator of a ratio, as numbers that can be divided again."""
    if metric.denominator is None or row["denominator"] is None:
        return ""
    return f"{row['numerator']:,.0f} / {row['denominator']:,.0f}"


def metric_list(catalogue: Catalogue) -> pl.DataFrame:
    """All metrics with id, title, unit and interval key."""
    return pl.DataFrame(
        [
            {"name": one.name, "id": one.id, "title": one.title, "unit": one.unit, "by": one.key}
            for one in catalogue.metrics.values()
        ]
    )


@dataclass(frozen=True)
class DefinitionCard:
    """A metric's definition with the SQL that computes it for the whole centre."""

    metric: Metric
    grain: str
    dimensions: tuple[str, ...]
    measures: dict[str, str]
    sql: str

    def as_dict(self) -> dict[str, object]:
        """Plain data, for JSON."""
        return {
            **self.metric.model_dump(exclude_none=True),
            "grain": self.grain,
            "dimensions": self.dimensions,
            "measures": self.measures,
            "sql": self.sql,
        }

    def as_text(self) -> str:
        """What a person reads."""
        one = self.metric
        lines = [f"{one.id}  {one.title}", ""]
        if one.is_distribution:
            lines.append(f"Point      {one.quantile:.0%} of {one.value} where {one.where or 'any'}")
        else:
            lines.append(
                f"Value      {one.numerator}" + (f"  divided by  {one.denominator}" if one.denominator else "")
            )
        lines += [
            f"Unit       {one.unit}; {one.better} is better" if one.better != "neither" else f"Unit       {one.unit}"
        ]
        lines += [f"Counted by {one.key}", f"Excludes   {', '.join(one.excludes) or 'nothing'}"]
        lines += [f"Note       {one.note}"] if one.note else []
        lines += [f"Variants   {', '.join(one.variants)}"] if one.variants else []
        lines += [f"Version    {one.version}", f"Source     {one.source}", f"One row    {self.grain}"]
        lines += [f"Dimensions {', '.join(self.dimensions)}", ""]
        lines += [f"  {name}: {condition}" for name, condition in self.measures.items()]
        return "\n".join([*lines, "", self.sql])


def definition_card(catalogue: Catalogue, name: str) -> DefinitionCard:
    """A metric's card; raises WrongUse for an unknown name."""
    import sqlglot

    metric = catalogue.metric(name)
    question = Question(A_DAY, scope=Scope.whole_centre())
    if metric.is_distribution:
        fact = catalogue.facts[metric.fact or ""]
        measures: dict[str, str] = {}
        query = quantile(fact, metric, question)
    else:
        formulas = [formula for formula in (metric.numerator, metric.denominator) if formula]
        used = list({one.name: one for formula in formulas for _, one in catalogue.terms(formula)}.values())
        fact = catalogue.facts[used[0].fact]
        measures = {
            one.name: f"{'count' if one.sum is None else f'sum of {one.sum}'} where {one.condition}" for one in used
        }
        query = sums(fact, used[0].key, used, question)
    sql = sqlglot.transpile(query.text, read="duckdb", write="duckdb", pretty=True)[0]
    return DefinitionCard(metric, fact.grain, fact.dimensions, measures, sql)
