"""The desk as one person uses it: what of it they may see, and what they may do there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from dash.development.base_component import Component

import metrics
from dashboards.access import Viewer
from dashboards.answers import Answers
from dashboards.desk.evaluations import ACKNOWLEDGED, CALIBRATION, DRAFT, RELEASED, Contact, Evaluator, evaluation
from dashboards.desk.sessions import open_sessions_of, part_of, sessions
from dashboards.desk.store import Row, Store
from metrics import Period, Scope, Story, WrongUse, quality
from metrics.language import N_, _
from metrics.quality import Form

SHOWN_TO_AGENT = (RELEASED, ACKNOWLEDGED)
NOT_YOURS = N_("There is no such evaluation that you may see. Open it from the desk.")


@dataclass(frozen=True)
class Desk:
    """The desk's store with whoever sits at it, what they may see of the warehouse, and what time it is."""

    store: Store
    viewer: Viewer
    answers: Answers
    at: datetime

    @property
    def me(self) -> str:
        """The id by which the desk knows the viewer: the roster's, else the account's name."""
        return self.viewer.person or self.viewer.name

    @property
    def is_agent(self) -> bool:
        """Whether the viewer sees the own work alone."""
        return self.viewer.may.sees == "own"

    def may(self, deed: str) -> bool:
        """Whether the viewer's role does something at all; of whose work is asked besides."""
        return deed in self.viewer.may.does

    def today(self) -> date:
        """Today, where the centre is."""
        return self.at.astimezone(self.answers.centre.timezone).date()

    def local(self, instant: datetime) -> datetime:
        """An instant of the store in the centre's time."""
        return instant.replace(tzinfo=UTC).astimezone(self.answers.centre.timezone)

    def person(self, name: str) -> str:
        """What people call an agent, evaluator or lead."""
        return self.answers.called("agent", name)

    def form(self, row: Row) -> Form:
        """The form version of an evaluation."""
        return quality.form(self.answers.centre, row["form_id"], row["form_version"])

    def sees_agent(self, agent: str, on: date) -> bool:
        """Whether an agent's work of a day is the viewer's to see, by the roster of that day."""
        scope = self.answers.scope
        if not scope.limits():
            return True
        spells = metrics.roster(self.answers.centre, during=Period.day(on), scope=scope)
        return not spells.filter(agent_id=agent).is_empty()

    def sees(self, row: Row) -> bool:
        """Whether an evaluation is the viewer's to see: the own, or a finished one of somebody in scope.

        An agent sees released ones only; a calibration is its evaluator's alone until the session is closed.
        """
        if self.is_agent:
            return bool(row["agent_id"] == self.viewer.person and row["state"] in SHOWN_TO_AGENT)
        if row["evaluator_id"] == self.me:
            return True
        if row["state"] == DRAFT:
            return False
        if row["type"] == CALIBRATION:
            return self._is_revealed(row["session_id"])
        return self.sees_agent(row["agent_id"], self.local(row["contact_at"]).date())

    def _is_revealed(self, name: str) -> bool:
        """Whether a calibration session is closed and the viewer took part in it, or leads calibration."""
        session = next((one for one in sessions(self.store) if one["session_id"] == name), None)
        is_closed = session is not None and session["closed_at"] is not None
        return is_closed and session is not None and (self.may("reveal") or self.me in session["evaluators"])

    def seen(self, evaluation_id: str) -> Row:
        """An evaluation; raises WrongUse where there is none that the viewer may see."""
        try:
            row = evaluation(self.store, evaluation_id)
        except WrongUse:
            raise WrongUse(_(NOT_YOURS)) from None
        if not self.sees(row):
            raise WrongUse(_(NOT_YOURS))
        return row

    def story(self, contact_id: int) -> Story:
        """A contact that is in scope, or that a calibration session hands to the viewer."""
        handed = {part_of(one)[0] for session in open_sessions_of(self.store, self.me) for one in session["contacts"]}
        if contact_id in handed:
            return metrics.contact(self.answers.centre, contact_id, scope=Scope.whole_centre())
        return self.answers.contact(contact_id)

    def story_of(self, row: Row) -> Story | None:
        """The contact of an evaluation that the viewer may see; none where the warehouse no longer has it."""
        number = metrics.contact_number(self.answers.centre, row["contact_source"], row["contact_key"])
        if number is None:
            return None
        scope = Scope.of_agent(str(self.viewer.person)) if self.is_agent else Scope.whole_centre()
        return metrics.contact(self.answers.centre, number, scope=scope)

    def contact_of(self, story: Story, agent: str) -> Contact:
        """A contact as the store keeps it; raises WrongUse where the agent took no part in it."""
        one = story.contact
        if agent not in {leg["agent_id"] for leg in story.legs}:
            raise WrongUse(
                _("{agent} took no part in contact {contact}. Choose one of its agents.").format(
                    agent=agent, contact=one["source_key"]
                )
            )
        held = one["ended_at"] or one["entered_at"]
        team = quality.team_of(self._spells(held.date()), agent, held.date())
        return Contact(one["source_id"], one["source_key"], held, agent, team)

    def evaluator(self, on: date) -> Evaluator:
        """The viewer with the teams that are their own on a day, by the roster and by their account."""
        return Evaluator(self.me, quality.own_teams(self._spells(on), self.me, on) | self.viewer.teams)

    def _spells(self, on: date) -> list[dict[str, Any]]:
        spells = metrics.roster(self.answers.centre, during=Period.day(on), scope=Scope.whole_centre())
        return spells.rows(named=True)


@dataclass(frozen=True)
class Seen:
    """What a page of the desk shows, and whose record that is."""

    parts: Sequence[Component]
    about: str = ""


DeskPage = Callable[[Desk, dict[str, str]], Seen]
