"""What a sampling plan still asks of whoever sits at the desk, and how far it is worked off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from dashboards.desk.evaluations import DRAFT
from dashboards.desk.listing import taken
from dashboards.desk.rights import Desk
from metrics import quality

# how long after the last day of a plan its contacts are worth evaluating: people remember a fortnight
DAYS_TO_EVALUATE = 14


@dataclass(frozen=True)
class Work:
    """A plan as far as the viewer may see it: all its contacts, what is done of them, what is left for the viewer.

    `left` holds no contact that somebody began, and none that the viewer may not score.
    """

    plan: quality.Plan
    contacts: pl.DataFrame
    done: frozenset[quality.Part]
    left: pl.DataFrame

    @property
    def due(self) -> date:
        """The day by which it is to be done."""
        return self.plan.during.last + timedelta(days=DAYS_TO_EVALUATE)


def work_of(desk: Desk, plan: quality.Plan) -> Work:
    """The work of a plan for whoever sits at the desk."""
    contacts = _kept(plan.contacts, [_is_seen(desk, row) for row in plan.contacts.iter_rows(named=True)])
    begun = {(row["contact_key"], row["agent_id"]): row["state"] for row in taken(desk.store)}
    states = [begun.get(pair) for pair in contacts.select("call_id", "agent_id").iter_rows()]
    parts = list(contacts.select("contact_id", "agent_id").iter_rows())
    # what was evaluated elsewhere and came in by a load counts like what was submitted here a moment ago
    ask = lambda: quality.evaluated(desk.answers.centre, during=plan.during)  # noqa: E731
    elsewhere = desk.answers.kept(("evaluated", plan.during), ask)
    done = {
        part
        for part, state in zip(parts, states, strict=True)
        if part in elsewhere or (state is not None and state != DRAFT)
    }
    is_left = [part not in done and state is None for part, state in zip(parts, states, strict=True)]
    left = quality.without_conflicts(desk.answers.centre, _kept(contacts, is_left), desk.me, teams=desk.viewer.teams)
    return Work(plan, contacts, frozenset(done), left)


def _is_seen(desk: Desk, row: dict[str, object]) -> bool:
    """Whether a contact's agent is the viewer's to see; asked of the roster only where the viewer is limited."""
    held: object = row["completed_local"]
    return not desk.answers.scope.limits() or desk.sees_agent(str(row["agent_id"]), held.date())  # type: ignore[attr-defined]


def _kept(frame: pl.DataFrame, is_kept: list[bool]) -> pl.DataFrame:
    return frame.filter(pl.Series(is_kept, dtype=pl.Boolean))
