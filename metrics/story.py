"""What happened to one resident's contact: its legs, its cases and their events, and where every line came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from metrics.centre import Centre
from metrics.scope import Scope
from sql import WrongUse


@dataclass(frozen=True)
class Story:
    """A contact with its legs, case events and evaluations (times local) and the files and lines behind it."""

    contact: dict[str, Any]
    legs: list[dict[str, Any]]
    case_events: list[dict[str, Any]]
    evaluations: list[dict[str, Any]]
    sources: list[tuple[str, int]]


def contact(centre: Centre, contact_id: int, *, scope: Scope) -> Story:
    """The story of a contact; raises WrongUse where it is unknown or not the asker's to see."""
    found = _named(centre, "facts/contact_story", contact_id)
    legs = _named(centre, "facts/leg_story", contact_id)
    if not found or not _may_see(centre, legs, scope):
        raise WrongUse(f"There is no contact {contact_id} that you may see. Follow a link from a list of contacts.")
    events = _named(centre, "facts/case_story", contact_id)
    lines = {(row["file_name"], row["line_no"]) for row in [*found, *legs, *events]}
    return Story(found[0], legs, events, _named(centre, "facts/evaluation_story", contact_id), sorted(lines))


def _may_see(centre: Centre, legs: list[dict[str, Any]], scope: Scope) -> bool:
    limits = scope.limits()
    agents = {leg["agent_id"] for leg in legs}
    if "agent" in limits and not agents & limits["agent"]:
        return False
    if "team" not in limits:
        return True
    from metrics.people import roster
    from metrics.period import Period

    return any(
        not roster(centre, during=Period.day(leg["queue_enter_at"].date()), scope=scope)
        .filter(agent_id=leg["agent_id"])
        .is_empty()
        for leg in legs
        if leg["agent_id"]
    )


def _named(centre: Centre, statement: str, contact_id: int) -> list[dict[str, Any]]:
    frame = centre.named(statement, contact_id=contact_id)
    return [
        {name: _local(value, centre) if isinstance(value, datetime) else value for name, value in row.items()}
        for row in frame.iter_rows(named=True)
    ]


def _local(instant: datetime, centre: Centre) -> datetime:
    return instant.replace(tzinfo=UTC).astimezone(centre.timezone)
