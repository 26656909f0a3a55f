"""What happened to one resident's contact: its legs, its cases and their events, and where every line came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from metrics.centre import Centre
from metrics.language import N_, _
from metrics.people import roster
from metrics.period import Period
from metrics.scope import Scope
from sql import WrongUse

# what is told of somebody whom the asker may not see
COLLEAGUE = N_("a colleague")


@dataclass(frozen=True)
class Story:
    """A contact with its legs, case events and evaluations (times local) and the files and lines behind it.

    `links` are the contacts of the same cases, itself among them, with how each was brought together with its case.
    """

    contact: dict[str, Any]
    legs: list[dict[str, Any]]
    case_events: list[dict[str, Any]]
    links: list[dict[str, Any]]
    evaluations: list[dict[str, Any]]
    sources: list[tuple[str, int]]


def contact(centre: Centre, contact_id: int, *, scope: Scope) -> Story:
    """The story of a contact as far as the asker may see it; raises WrongUse where it is unknown or not theirs.

    A colleague outside the scope stays nameless. Evaluations are those of agents in scope; agents see released ones.
    """
    found = _named(centre, "facts/contact_story", contact_id)
    legs = _named(centre, "facts/leg_story", contact_id)
    own = _own_agents(centre, legs, scope)
    credits_nobody = not any(leg["agent_id"] for leg in legs)
    if not found or not (own or not scope.limits() or (credits_nobody and scope.sees_totals)):
        raise WrongUse(f"There is no contact {contact_id} that you may see. Follow a link from a list of contacts.")
    events = _named(centre, "facts/case_story", contact_id)
    evaluations = _named(centre, "facts/evaluation_story", contact_id)
    links = _named(centre, "facts/case_contact_story", contact_id)
    own_links = [one for one in links if one["contact_id"] == contact_id]
    lines = {(row["file_name"], row["line_no"]) for row in [*found, *legs, *events, *own_links] if row["file_name"]}
    if scope.limits():
        legs = [
            leg if leg["agent_id"] in {*own, None} else {**leg, "agent_id": _(COLLEAGUE), "agent_name": None}
            for leg in legs
        ]
        evaluations = [one for one in evaluations if one["agent_id"] in own]
    if scope.agents is not None:
        evaluations = [one for one in evaluations if one["is_released"]]
    return Story(found[0], legs, events, links, evaluations, sorted(lines))


def contact_number(centre: Centre, source: str, key: str) -> int | None:
    """The number of the contact that a source knows by a key; null where it is not in the warehouse."""
    found = centre.named("facts/contact_number", source=source, key=key)
    return int(found["contact_id"][0]) if found.height else None


def _own_agents(centre: Centre, legs: list[dict[str, Any]], scope: Scope) -> set[str]:
    """The agents of a contact whom the asker may see, by the roster of the day."""
    agents = {str(leg["agent_id"]) for leg in legs if leg["agent_id"]}
    if scope.agents is not None:
        agents &= scope.agents
    if scope.teams is None:
        return agents
    instants = {leg["agent_id"]: leg["queue_enter_at"] or leg["answered_at"] for leg in legs}
    return {
        agent
        for agent in agents
        if (at := instants[agent]) is not None
        and not roster(centre, during=Period.day(at.date()), scope=scope).filter(agent_id=agent).is_empty()
    }


def _named(centre: Centre, statement: str, contact_id: int) -> list[dict[str, Any]]:
    frame = centre.named(statement, contact_id=contact_id)
    return [
        {name: _local(value, centre) if isinstance(value, datetime) else value for name, value in row.items()}
        for row in frame.iter_rows(named=True)
    ]


def _local(instant: datetime, centre: Centre) -> datetime:
    return instant.replace(tzinfo=UTC).astimezone(centre.timezone)
