"""The glossary: every metric in words that a person reads, as markdown, made from the definitions themselves."""

from __future__ import annotations

from metrics.catalogue import KEY_WORDS, Catalogue, Metric

HEAD = """\
# Metrics

Made from `metrics/definitions/*.toml` by `fairline define --glossary`; a test keeps it true. A ratio is formed after
summing, an empty base is "no data", and what was never loaded is "not available" with the reason.
`fairline define NAME` also prints the SQL. Percentiles are exact, from the rows; where more than 2,000,000 waits or
handle times are behind one, it comes from counts per bucket that are kept by day, to within 1 %, and says so.
"""
UNITS = {
    "count": "a number",
    "share": "a share",
    "seconds": "seconds",
    "days": "days",
    "hours": "hours",
    "points": "points from -100 to 100",
    "per_hour": "a number per hour",
    "number": "a mean number",
}


def glossary(catalogue: Catalogue) -> str:
    """All metrics by their id."""
    ordered = sorted(
        catalogue.metrics.values(), key=lambda metric: (metric.id[:3], metric.id != metric.id[:3], metric.id)
    )
    return "\n".join([HEAD, *(entry(catalogue, metric) for metric in ordered)])


def entry(catalogue: Catalogue, metric: Metric) -> str:
    """One metric: title, value, and all that must be known to read it."""
    keys = [KEY_WORDS.get(key, key) for key in dict.fromkeys([metric.key, *metric.keys])]
    direction = "" if metric.better == "neither" else f"; {metric.better} is better"
    facts = [
        ("Value", value_in_words(metric)),
        ("Unit", f"{UNITS[metric.unit]}{direction}"),
        ("Counted", ", or ".join(keys) + (f" ({metric.mixes})" if metric.mixes else "")),
        ("Left out", ", ".join(metric.excludes)),
        ("Not available when", "; ".join(need.otherwise for need in catalogue.needs_of(metric))),
        ("Variants", ", ".join(f"`{name}`" for name in metric.variants)),
        ("Note", metric.note),
        ("Few below", str(metric.floor) if metric.denominator or metric.is_distribution else ""),
        ("Source", f"{metric.source}; version {metric.version}"),
    ]
    lines = [f"- {name}: {words}" for name, words in facts if words]
    return "\n".join([f"\n## {metric.id} {metric.title}\n", f"`{metric.name}`\n", *lines])


def value_in_words(metric: Metric) -> str:
    """The formula, as names of measures."""
    if metric.is_distribution:
        point = "the largest" if metric.quantile == 1 else f"the {100 * (metric.quantile or 0):g} % point"
        rows = f" where `{metric.where}`" if metric.where else ""
        return f"{point} of `{metric.value}` over `{metric.fact}`{rows}"
    above = f"`{metric.numerator}`"
    return f"{above} divided by `{metric.denominator}`" if metric.denominator else above
