"""Coaching: notes, actions with a day by which they are done, and commendations; written once, never overwritten."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import insert, select, update

from dashboards.desk.store import Row, Store, new_id, record, stored
from dashboards.desk.tables import NOTE
from metrics import WrongUse
from metrics.language import _

KINDS = ("note", "action", "commendation")


def write_note(
    store: Store,
    agent: str,
    kind: str,
    text: str,
    *,
    by: str,
    at: datetime,
    due_on: date | None = None,
    evaluation_id: str | None = None,
) -> str:
    """Write something of KINDS about an agent; an action says by when."""
    if not text.strip():
        raise WrongUse(_("An empty note says nothing. Write a sentence."))
    if (kind == "action") != (due_on is not None):
        raise WrongUse(_("An action says the day by which it is done; a note and a commendation have none."))
    row = {
        "note_id": new_id(),
        "agent_id": agent,
        "evaluation_id": evaluation_id,
        "kind": kind,
        "text": text.strip(),
        "written_by": by,
        "written_at": stored(at),
        "due_on": due_on,
    }
    with store.changing() as connection:
        connection.execute(insert(NOTE).values(row))
        record(connection, who=by, what=f"wrote {kind}", subject=str(row["note_id"]), at=at)
    return str(row["note_id"])


def finish_action(store: Store, note_id: str, *, by: str, at: datetime) -> None:
    """Say that an action is done; raises WrongUse where there is no open one."""
    with store.changing() as connection:
        changed = connection.execute(
            update(NOTE)
            .where(NOTE.c.note_id == note_id, NOTE.c.kind == "action", NOTE.c.done_at.is_(None))
            .values(done_at=stored(at), done_by=by)
        )
        if changed.rowcount != 1:
            raise WrongUse(_("There is no such open action. Load the page again."))
        record(connection, who=by, what="finished", subject=note_id, at=at)


def note(store: Store, note_id: str) -> Row:
    """One note, action or commendation; raises WrongUse where there is none."""
    with store.reading() as connection:
        found = connection.execute(select(NOTE).where(NOTE.c.note_id == note_id)).mappings().first()
    if found is None:
        raise WrongUse(_("There is no such note. Load the page again."))
    return dict(found)


def open_actions(store: Store) -> list[Row]:
    """Everybody's actions that are not done, by the day on which they are due."""
    wanted = select(NOTE).where(NOTE.c.kind == "action", NOTE.c.done_at.is_(None)).order_by(NOTE.c.due_on)
    with store.reading() as connection:
        return [dict(row) for row in connection.execute(wanted).mappings()]


def notes_of(store: Store, agent: str, *, kind: str | None = None, is_open: bool = False) -> list[Row]:
    """An agent's notes, actions and commendations, the newest first; only open actions where that is wanted."""
    wanted = select(NOTE).where(NOTE.c.agent_id == agent)
    if kind is not None:
        wanted = wanted.where(NOTE.c.kind == kind)
    if is_open:
        wanted = wanted.where(NOTE.c.kind == "action", NOTE.c.done_at.is_(None))
    with store.reading() as connection:
        return [dict(row) for row in connection.execute(wanted.order_by(NOTE.c.written_at.desc())).mappings()]
