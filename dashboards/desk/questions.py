"""Figures that somebody says are not right: what was said of one's own figure, and what was answered."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import insert, select, update

from dashboards.desk.store import Row, Store, new_id, record, stored
from dashboards.desk.tables import QUESTION
from metrics import WrongUse
from metrics.language import _


def question_figure(
    store: Store, agent: str, metric: str, *, first: date, until: date, value: str, reason: str, at: datetime
) -> str:
    """Say that a figure of the own work is not right; `value` is what it read then, which restating may change."""
    if not reason.strip():
        raise WrongUse(_("Say what is not right, in a sentence or two: the one who answers reads it."))
    row = {
        "question_id": new_id(),
        "agent_id": agent,
        "metric": metric,
        "first_on": first,
        "until_on": until,
        "value": value,
        "reason": reason.strip(),
        "asked_at": stored(at),
    }
    with store.changing() as connection:
        connection.execute(insert(QUESTION).values(row))
        record(connection, who=agent, what="questioned", subject=str(row["question_id"]), at=at, detail=metric)
    return str(row["question_id"])


def answer_question(store: Store, question_id: str, answer: str, *, by: str, at: datetime) -> None:
    """Answer it, once; raises WrongUse for an empty answer and for a question that has one."""
    if not answer.strip():
        raise WrongUse(_("An empty answer says nothing. Write what was found, and what follows from it."))
    with store.changing() as connection:
        changed = connection.execute(
            update(QUESTION)
            .where(QUESTION.c.question_id == question_id, QUESTION.c.answered_at.is_(None))
            .values(answer=answer.strip(), answered_at=stored(at), answered_by=by)
        )
        if changed.rowcount != 1:
            raise WrongUse(_("There is no such open question. Load the page again."))
        record(connection, who=by, what="answered", subject=question_id, at=at)


def question(store: Store, question_id: str) -> Row:
    """One question; raises WrongUse where there is none."""
    with store.reading() as connection:
        found = connection.execute(select(QUESTION).where(QUESTION.c.question_id == question_id)).mappings().first()
    if found is None:
        raise WrongUse(_("There is no such open question. Load the page again."))
    return dict(found)


def questions(store: Store, *, agent: str | None = None, is_open: bool = False) -> list[Row]:
    """Everybody's questions or one agent's, the newest first; only those without an answer where that is wanted."""
    wanted = select(QUESTION)
    if agent is not None:
        wanted = wanted.where(QUESTION.c.agent_id == agent)
    if is_open:
        wanted = wanted.where(QUESTION.c.answered_at.is_(None))
    with store.reading() as connection:
        return [dict(row) for row in connection.execute(wanted.order_by(QUESTION.c.asked_at.desc())).mappings()]
