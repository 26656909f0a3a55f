"""Which stored measures may be used: those built by today's definitions, of facts that no load has changed since."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from metrics.catalogue import Catalogue, Measure
from metrics.centre import Centre
from metrics.query import day_measures, stored_table
from sql.fact_views import fact_text


def definition_hash(catalogue: Catalogue, fact: str, key: str) -> str:
    """What tells the measures of today's definitions from those of others."""
    text = day_measures(catalogue.facts[fact], key, catalogue.families()[fact, key])
    return hashlib.sha256(f"{text}\n{fact_text(fact)}".encode()).hexdigest()


def can_answer(centre: Centre, fact: str, key: str, measures: Sequence[Measure]) -> bool:
    """Whether measures are among those stored for a fact and interval key, and these are up to date."""
    family = centre.catalogue.families().get((fact, key), [])
    return {one.name for one in measures} <= {one.name for one in family} and is_up_to_date(centre, fact, key)


def is_up_to_date(centre: Centre, fact: str, key: str) -> bool:
    """Whether the stored measures of a fact and interval key stand for what the facts say now."""
    built, touched = stored_state(centre)
    if touched & {fact, "*"}:
        return False
    return built.get(stored_table(fact, key)) == definition_hash(centre.catalogue, fact, key)


def stored_state(centre: Centre) -> tuple[dict[str, str], set[str]]:
    """The stored tables with the hash of their definitions, and the facts that changed since they were built."""
    snapshot = centre.snapshot
    if centre.stored_at is None or centre.stored_at[0] != snapshot:
        built = dict(centre.named("facts/stored_measure").iter_rows())
        touched = set(centre.named("facts/touched_fact")["fact"].to_list())
        centre.stored_at = (snapshot, built, touched)
    return centre.stored_at[1], centre.stored_at[2]
