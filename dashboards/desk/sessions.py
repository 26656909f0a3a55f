"""Calibration sessions: everybody scores the same contacts, and nobody sees another's score before it is closed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from dashboards.desk.evaluations import CALIBRATION, DRAFT
from dashboards.desk.store import Row, Store, record, stored
from dashboards.desk.tables import ANSWER, EVALUATION, SESSION
from metrics import WrongUse
from metrics.language import _
from metrics.quality import Form


def open_session(
    store: Store,
    name: str,
    form: Form,
    *,
    contacts: Iterable[str],
    evaluators: Iterable[str],
    due_at: datetime,
    by: str,
    at: datetime,
) -> None:
    """Open a session on some contacts for some evaluators; raises WrongUse for a name that was used."""
    judges, keys = sorted(set(evaluators)), sorted(set(contacts))
    if len(judges) < 2 or not keys:
        raise WrongUse(_("A calibration session needs two evaluators or more, and a contact."))
    row = {
        "session_id": name,
        "form_id": form.id,
        "form_version": form.version,
        "evaluators": json.dumps(judges),
        "contacts": json.dumps(keys),
        "due_at": stored(due_at),
    }
    try:
        with store.changing() as connection:
            connection.execute(insert(SESSION).values(row))
            record(connection, who=by, what="session opened", subject=name, at=at)
    except IntegrityError:
        raise WrongUse(
            _("There is a calibration session {name!r} already. Give this one another name.").format(name=name)
        ) from None


def sessions(store: Store) -> list[Row]:
    """All sessions, the open ones first and of each kind the newest first; `evaluators` and `contacts` are lists."""
    with store.reading() as connection:
        rows = [dict(row) for row in connection.execute(select(SESSION)).mappings()]
    found = [{**row, **{name: json.loads(row[name]) for name in ("evaluators", "contacts")}} for row in rows]
    found.sort(key=lambda row: row["due_at"], reverse=True)
    return sorted(found, key=lambda row: row["closed_at"] is not None)


def open_sessions_of(store: Store, evaluator: str) -> list[Row]:
    """The open sessions that somebody takes part in."""
    return [row for row in sessions(store) if row["closed_at"] is None and evaluator in row["evaluators"]]


def session_part(contact_id: int, agent: str) -> str:
    """How a session names a contact and whose part in it is scored."""
    return f"{contact_id}:{agent}"


def part_of(name: str) -> tuple[int, str]:
    """The contact and agent that a session names."""
    number, _, agent = name.partition(":")
    return int(number), agent


def scores_said(store: Store, name: str) -> tuple[list[Row], list[Row]]:
    """The submitted evaluations of a session and their answers; for figures about a closed session, never before."""
    submitted = (EVALUATION.c.session_id == name, EVALUATION.c.type == CALIBRATION, EVALUATION.c.state != DRAFT)
    with store.reading() as connection:
        rated = [dict(row) for row in connection.execute(select(EVALUATION).where(*submitted)).mappings()]
        ids = [row["evaluation_id"] for row in rated]
        wanted = select(ANSWER).where(ANSWER.c.evaluation_id.in_(ids))
        return rated, [dict(row) for row in connection.execute(wanted).mappings()]


def progress(store: Store, name: str) -> dict[str, int]:
    """How many evaluations of a session each evaluator has submitted: what an open session tells of others."""
    rated, _ = scores_said(store, name)
    return dict(Counter(row["evaluator_id"] for row in rated))


def close_session(store: Store, name: str, *, by: str, at: datetime) -> None:
    """Close a session: its scores become visible to all who took part, and go into the warehouse at the next load."""
    with store.changing() as connection:
        changed = connection.execute(
            update(SESSION)
            .where(SESSION.c.session_id == name, SESSION.c.closed_at.is_(None))
            .values(closed_at=stored(at))
        )
        if changed.rowcount != 1:
            raise WrongUse(_("There is no open calibration session {name!r}.").format(name=name))
        record(connection, who=by, what="session closed", subject=name, at=at)


def scores_of_session(store: Store, name: str, *, seen_by: str) -> list[Row]:
    """The scores that an evaluator may see: the own ones while the session is open, everybody's once it is closed."""
    with store.reading() as connection:
        session = connection.execute(select(SESSION).where(SESSION.c.session_id == name)).mappings().first()
        if session is None or seen_by not in json.loads(session["evaluators"]):
            raise WrongUse(_("You take part in no calibration session {name!r}.").format(name=name))
        wanted = select(EVALUATION).where(
            EVALUATION.c.session_id == name, EVALUATION.c.type == CALIBRATION, EVALUATION.c.state != DRAFT
        )
        if session["closed_at"] is None:
            wanted = wanted.where(EVALUATION.c.evaluator_id == seen_by)
        rows = connection.execute(wanted.order_by(EVALUATION.c.contact_key, EVALUATION.c.evaluator_id))
        return [dict(row) for row in rows.mappings()]
