"""All measures of the catalogue, and not only those that are stored, as statements by fact and interval key."""

from __future__ import annotations

from metrics.catalogue import Catalogue, Fact, Measure


def families(catalogue: Catalogue) -> dict[tuple[str, str], list[Measure]]:
    """The measures that belong together."""
    found: dict[tuple[str, str], list[Measure]] = {}
    for measure in catalogue.measures.values():
        found.setdefault((measure.fact, measure.key), []).append(measure)
    return found


def with_dimensions(fact: Fact) -> Fact:
    """A fact of which nothing is stored, as if some of its dimensions were."""
    return fact if fact.stored else fact.model_copy(update={"stored": fact.dimensions[:3] or ("source_id",)})
