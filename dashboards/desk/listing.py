"""What stands on the desk: evaluations by state, what is evaluated already, disputes with their evaluations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from dashboards.desk.evaluations import CALIBRATION, DRAFT, RELEASED, STANDARD, SUBMITTED
from dashboards.desk.store import Row, Store
from dashboards.desk.tables import DISPUTE, EVALUATION


def drafts_of(store: Store, evaluator: str) -> list[Row]:
    """What an evaluator began and did not submit, the one saved last first."""
    mine = (EVALUATION.c.evaluator_id == evaluator, EVALUATION.c.state == DRAFT)
    return _evaluations(store, *mine, order=EVALUATION.c.saved_at.desc())


def waiting_for_release(store: Store) -> list[Row]:
    """Submitted evaluations that their agents cannot see yet, the oldest first."""
    wanted = (EVALUATION.c.state == SUBMITTED, EVALUATION.c.type != CALIBRATION)
    return _evaluations(store, *wanted, order=EVALUATION.c.submitted_at)


def of_agent(store: Store, agent: str, *, states: Sequence[str]) -> list[Row]:
    """An agent's evaluations in some states, the newest first; a calibration is nobody's."""
    wanted = (
        EVALUATION.c.agent_id == agent,
        EVALUATION.c.type != CALIBRATION,
        EVALUATION.c.state.in_(list(states)),
    )
    return _evaluations(store, *wanted, order=EVALUATION.c.submitted_at.desc())


def not_acknowledged(store: Store) -> list[Row]:
    """Released evaluations that their agents have not signed yet, the oldest first."""
    return _evaluations(store, EVALUATION.c.state == RELEASED, order=EVALUATION.c.released_at)


def taken(store: Store) -> list[Row]:
    """Every standard evaluation that was begun: its contact, agent, evaluator and state."""
    return _evaluations(store, EVALUATION.c.type == STANDARD, order=EVALUATION.c.opened_at)


def calibrations_of(store: Store, evaluator: str, session: str) -> list[Row]:
    """What an evaluator began in a calibration session."""
    own = (EVALUATION.c.evaluator_id == evaluator, EVALUATION.c.session_id == session)
    return _evaluations(store, *own, order=EVALUATION.c.opened_at)


def rescore_of(store: Store, evaluation_id: str) -> Row | None:
    """The evaluation that counts in place of one; null where it stands."""
    found = _evaluations(store, EVALUATION.c.supersedes == evaluation_id, order=EVALUATION.c.opened_at)
    return found[0] if found else None


def _evaluations(store: Store, *wanted: ColumnElement[bool], order: ColumnElement[Any]) -> list[Row]:
    with store.reading() as connection:
        rows = connection.execute(select(EVALUATION).where(*wanted).order_by(order, EVALUATION.c.evaluation_id))
        return [dict(row) for row in rows.mappings()]


def disputes_of(store: Store, evaluation_id: str) -> list[Row]:
    """The disputes of an evaluation, in order."""
    with store.reading() as connection:
        wanted = select(DISPUTE).where(DISPUTE.c.evaluation_id == evaluation_id).order_by(DISPUTE.c.opened_at)
        return [dict(row) for row in connection.execute(wanted).mappings()]


def disputed(store: Store, *, is_open: bool) -> list[tuple[Row, Row]]:
    """Disputes with their evaluations: the open ones by their deadline, or the settled ones, the newest first."""
    settled = DISPUTE.c.decision.is_(None) if is_open else DISPUTE.c.decision.is_not(None)
    order = DISPUTE.c.decide_by if is_open else DISPUTE.c.decided_at.desc()
    with store.reading() as connection:
        disputes = [dict(row) for row in connection.execute(select(DISPUTE).where(settled).order_by(order)).mappings()]
        about = [row["evaluation_id"] for row in disputes]
        rows = connection.execute(select(EVALUATION).where(EVALUATION.c.evaluation_id.in_(about))).mappings()
        by_id = {row["evaluation_id"]: dict(row) for row in rows}
    return [(row, by_id[row["evaluation_id"]]) for row in disputes]
