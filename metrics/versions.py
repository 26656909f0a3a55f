"""Which definition a figure was built by: kept with the figures, so that a change shows and never passes unnoticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from metrics.catalogue import Catalogue, Measure, Metric
from metrics.centre import Centre
from metrics.language import _


def formula_of(catalogue: Catalogue, metric: Metric) -> str:
    """Everything that decides a metric's value, in words that a person can compare."""
    if metric.is_distribution:
        rows = f" where {metric.where}" if metric.where else ""
        ended = f", complete where {metric.happened}" if metric.happened else ""
        return f"{metric.quantile:g} of {metric.fact}.{metric.value}{rows}{ended}, by {metric.key}"
    parts = {name: f"{one.fact} by {one.key}: {one.words}" for name, one in _measures(catalogue, metric).items()}
    ratio = f" / ({metric.denominator})" if metric.denominator else ""
    return f"({metric.numerator}){ratio}; " + "; ".join(f"{name} = {words}" for name, words in sorted(parts.items()))


def _measures(catalogue: Catalogue, metric: Metric) -> dict[str, Measure]:
    formulas = [formula for formula in (metric.numerator, metric.denominator) if formula]
    return {one.name: one for formula in formulas for _, one in catalogue.terms(formula)}


def fingerprint(catalogue: Catalogue, metric: Metric) -> str:
    """What tells one definition from another; titles and notes may change without it."""
    return hashlib.sha256(json.dumps([metric.unit, formula_of(catalogue, metric)]).encode()).hexdigest()[:16]


def keep_definitions(centre: Centre) -> int:
    """Note the definitions that are new or changed since the last build; inside a transaction. Says how many."""
    known = {row["metric"]: row for row in centre.named("facts/definition").iter_rows(named=True)}
    since: datetime | None = centre.named("facts/last_loaded")["loaded_at"][0]
    rows = []
    for metric in centre.catalogue.metrics.values():
        mark, last = fingerprint(centre.catalogue, metric), known.get(metric.name)
        if since is not None and (last is None or (last["version"], last["fingerprint"]) != (metric.version, mark)):
            words = formula_of(centre.catalogue, metric)
            # it follows the one whose place it takes, though a clock was set back meanwhile
            at = since if last is None else max(since, last["since"] + timedelta(microseconds=1))
            rows.append((metric.name, metric.id, metric.version, mark, metric.title, words, at))
    centre.warehouse.append_rows("definition", rows)
    return len(rows)


def definition_changes(centre: Centre, *, since: datetime | None = None) -> pl.DataFrame:
    """Definitions that took the place of another (after a moment): `metric`, both versions and formulas, `since`.

    `is_versioned` is false where the formula changed and the version did not.
    """
    frame = centre.named("facts/definition").with_columns(
        pl.col("version").shift().over("metric").alias("version_before"),
        pl.col("formula").shift().over("metric").alias("formula_before"),
    )
    changed = frame.filter(pl.col("version_before").is_not_null())
    if since is not None:
        changed = changed.filter(pl.col("since") > since)
    return changed.select(
        "metric",
        "metric_id",
        "title",
        "version_before",
        "version",
        "formula_before",
        "formula",
        "since",
        (pl.col("version") > pl.col("version_before")).alias("is_versioned"),
    )


def definition_notes(centre: Centre, metrics: Sequence[str], *, since: datetime | None = None) -> list[str]:
    """Sentences for the notes of a report: which of its figures are counted otherwise than before (since a moment).

    `since` is when the report before it was made; a report that was issued keeps the figures and words of its day.
    """
    changes = definition_changes(centre, since=since)
    wanted = [centre.catalogue.metric(name).name for name in metrics]
    return [_note(row) for row in changes.sort("since", "metric_id").iter_rows(named=True) if row["metric"] in wanted]


def _note(row: dict[str, Any]) -> str:
    versions = (
        _("version {version} in place of {before}").format(version=row["version"], before=row["version_before"])
        if row["is_versioned"]
        else _("still called version {version}").format(version=row["version"])
    )
    return _(
        "{title} ({id}) is counted otherwise since {since:%Y-%m-%d} ({versions}): before, {before}; now, {now}."
    ).format(
        title=_(row["title"]),
        id=row["metric_id"],
        since=row["since"],
        versions=versions,
        before=row["formula_before"],
        now=row["formula"],
    )
