"""Who works here, in which team and when."""

from __future__ import annotations

import polars as pl

from metrics.centre import Centre
from metrics.period import Period
from metrics.scope import Scope


def roster(centre: Centre, *, during: Period, scope: Scope) -> pl.DataFrame:
    """Spells of agents in teams that touch a period, by name: `agent_id`, `name`, `team`, `shift`, `languages`."""
    frame = centre.named("facts/roster", first=during.first, until=during.until)
    columns = {"team": "team", "agent": "agent_id"}
    for dimension, allowed in scope.limits().items():
        frame = frame.filter(pl.col(columns[dimension]).is_in(sorted(allowed)))
    return frame


def evaluation_counts(centre: Centre, *, during: Period, scope: Scope) -> dict[str, int]:
    """Per agent how many evaluations of contacts of a period count for the person; calibrations never do."""
    limits = {f"{name}s": sorted(values) for name, values in scope.limits().items()}
    chosen = {"teams": limits.get("teams"), "agents": limits.get("agents")}
    frame = centre.named("facts/evaluation_count", first=during.first, until=during.until, **chosen)
    return dict(frame.iter_rows())
