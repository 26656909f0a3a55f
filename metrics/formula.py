"""A formula with its numbers filled in: "1,843 answered within target ÷ 2,214 visits offered"."""

from __future__ import annotations

from collections.abc import Mapping

from metrics import text
from metrics.catalogue import Metric, signed_names
from metrics.language import _


def filled(metric: Metric, terms: Mapping[str, float]) -> str:
    """The formula of a metric with what each of its measures adds up to; empty where it has none."""
    if metric.is_distribution or not terms:
        return ""
    above = _sum(metric, metric.numerator or "", terms, of_time=metric.unit in ("seconds", "hours", "days"))
    if metric.denominator is None:
        return above
    return f"{above} ÷ {_sum(metric, metric.denominator, terms, of_time=False)}"


def _sum(metric: Metric, formula: str, terms: Mapping[str, float], *, of_time: bool) -> str:
    parts: list[str] = []
    for sign, name in signed_names(formula):
        joined = f"{text.MINUS} " if sign < 0 else ("+ " if parts else "")
        parts.append(f"{joined}{_number(metric, terms[name], of_time=of_time)} {_(text.plain_words(name))}")
    written = " ".join(parts)
    return f"({written})" if len(parts) > 1 and metric.denominator else written


def _number(metric: Metric, number: float, *, of_time: bool) -> str:
    if metric.base_is_time:
        return text.hours(number)
    return text.value(metric, number) if of_time else text.count(number)
