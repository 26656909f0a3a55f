"""Figures and definitions as a terminal shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from metrics import text
from metrics.availability import unavailable
from metrics.beside import Asked
from metrics.catalogue import KEY_WORDS, Catalogue, Metric
from metrics.centre import Centre
from metrics.coverage import data_span
from metrics.grid import Figure
from metrics.period import Period
from metrics.query import TIME_DIMENSIONS, Question, quantile, sums
from metrics.scope import Scope
from metrics.terminal import aligned

A_DAY = Period(date(2026, 1, 1), date(2026, 1, 2))


def figures_table(centre: Centre, asked: Asked, frame: pl.DataFrame, width: int | None = None) -> str:
    """Figures in words: metric, dimensions, value, how it came about, n; beneath, what cannot be had and why.

    It keeps to the `width` of a terminal where one is given.
    """
    by = [name for name in frame.columns if name in {*asked.by, "team"}]
    extra = [name for name in ("beside", "difference", "met") if name in frame.columns]
    cells = []
    for row in frame.iter_rows(named=True):
        metric = centre.catalogue.metric(row["metric"])
        few = " (few)" if row["value"] is not None and metric.denominator and row["n"] < metric.floor else ""
        rounded = row["value"] is not None and row["reason"]
        found = Figure(metric, row["value"], n=row["n"] or 0)
        value = f"{found.words}{f' ({rounded})' if rounded else ''}"
        cells.append(
            [
                metric.title,
                *(_dimension(row[name]) for name in by),
                value,
                _parts(metric, row),
                f"{text.count(row['n'])}{few}",
                *(_beside(metric, name, row[name]) for name in extra),
            ]
        )
    right = [False, *[False] * len(by), True, True, True, *[True] * len(extra)]
    table = aligned(["metric", *by, "value", "from", "n", *extra], cells, right, width).rstrip()
    keys = [f"{one.title}: {KEY_WORDS.get(one.key, one.key)}" for one in _chosen(centre.catalogue, asked)]
    lacking = [f"{centre.catalogue.metric(n).title}: {why}" for n, why in unavailable(centre, asked.metrics).items()]
    return "\n".join([table, "", *keys, *lacking, *_outside(centre, asked, frame)])


def _outside(centre: Centre, asked: Asked, frame: pl.DataFrame) -> list[str]:
    """Where a metric has no value because the data end before, or begin after, the days that were asked for."""
    told = []
    valued = set(frame.filter(pl.col("value").is_not_null())["metric"])
    for metric in _chosen(centre.catalogue, asked):
        if metric.name in valued:
            continue
        parts = centre.catalogue.parts(metric, metric.numerator)
        span = data_span(centre, metric.fact or parts[0][1].fact)
        if span is not None and not (span.first < asked.during.until and asked.during.first < span.until):
            told.append(f"{metric.title}: no data in these days; the data go from {span.first} to {span.last}")
    return told


def _chosen(catalogue: Catalogue, asked: Asked) -> list[Metric]:
    found = [catalogue.metric(name) for name in asked.metrics]
    return [one.by_key(asked.key) if asked.key else one for one in found]


def _beside(metric: Metric, name: str, value: Any) -> str:
    if name == "met":
        return {True: "met", False: "not met", None: "no goal"}[value]
    return text.change(metric, value) if name == "difference" else text.value(metric, value)


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
    whole = row["numerator"] == round(row["numerator"]) and row["denominator"] == round(row["denominator"])
    return " / ".join(f"{row[part]:,.{0 if whole else 1}f}" for part in ("numerator", "denominator"))


def metric_list(catalogue: Catalogue, *, is_brief: bool = False) -> pl.DataFrame:
    """All metrics with id, title, unit, interval key and kind; where it is to be brief, by name, title and unit."""
    listed = pl.DataFrame(
        [
            {"name": one.name, "id": one.id, "title": one.title, "unit": one.unit, "by": one.key, "kind": one.kind}
            for one in catalogue.metrics.values()
        ]
    )
    return listed.select("name", "title", "unit") if is_brief else listed


@dataclass(frozen=True)
class DefinitionCard:
    """A metric's definition with the SQL that computes it for the whole centre."""

    metric: Metric
    grain: str
    dimensions: tuple[str, ...]
    measures: dict[str, str]
    needs: tuple[str, ...]
    sql: str
    replaced: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Plain data, for JSON."""
        return {
            **self.metric.model_dump(exclude_none=True, by_alias=True),
            "grain": self.grain,
            "dimensions": self.dimensions,
            "measures": self.measures,
            "needs": self.needs,
            "replaced": self.replaced,
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
        keys = [KEY_WORDS.get(key, key) for key in dict.fromkeys([one.key, *one.keys])]
        lines += [f"Counted    {', or '.join(keys)}", f"Excludes   {', '.join(one.excludes) or 'nothing'}"]
        lines += [f"Mixes      {one.mixes}"] if one.mixes else []
        lines += [f"Not had    where {need}" for need in self.needs]
        lines += (
            [f"Your own   {', '.join(self.replaced)}, in place of what comes with Fairline"] if self.replaced else []
        )
        lines += [f"Few below  {one.floor}"] if one.denominator or one.is_distribution else []
        lines += [f"Note       {one.note}"] if one.note else []
        lines += [f"Variants   {', '.join(one.variants)}"] if one.variants else []
        lines += [f"Version    {one.version}", f"Source     {one.source}", f"One row    {self.grain}"]
        lines += [f"Dimensions {', '.join(self.dimensions)}", f"Times      {', '.join(TIME_DIMENSIONS)}", ""]
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
        measures = {one.name: one.words for one in used}
        query = sums(fact, used[0].key, [one for one in used if one.fact == fact.name], question)
    sql = sqlglot.transpile(query.text, read="duckdb", write="duckdb", pretty=True)[0]
    needs = tuple(need.otherwise for need in catalogue.needs_of(metric))
    replaced = tuple(one for one in dict.fromkeys([metric.name, *measures]) if one in catalogue.replaced)
    return DefinitionCard(metric, fact.grain, fact.dimensions, measures, needs, sql, replaced)
