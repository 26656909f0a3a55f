"""Disputes: opened by the agent in time, decided by somebody else; a re-score is appended and the first one stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from dashboards.desk.evaluations import ACKNOWLEDGED, RELEASED, RESCORE, STATE_WORDS, find, keep_score
from dashboards.desk.store import Row, Store, new_id, record, stored, utc
from dashboards.desk.tables import DISPUTE, EVALUATION
from metrics import WrongUse
from metrics.language import N_, _, spoken
from metrics.quality import Answer, Form

DAYS_TO_DISPUTE = 14
DAYS_TO_DECIDE = 10
CHANGED, UPHELD, WITHDRAWN = "changed", "upheld", "withdrawn"
DECISIONS = (CHANGED, UPHELD)
DECISION_WORDS = {CHANGED: N_("changed"), UPHELD: N_("upheld"), WITHDRAWN: N_("withdrawn")}


def dispute(
    store: Store,
    evaluation_id: str,
    *,
    by: str,
    reason: str,
    items: Iterable[str] = (),
    at: datetime,
    days: int = DAYS_TO_DISPUTE,
) -> Row:
    """The agent's dispute of a released evaluation, with the day by which it is to be decided.

    Raises WrongUse for anybody else, without a reason, after the days allowed, and while another dispute is open.
    """
    if not reason.strip():
        raise WrongUse(_("Say what is not right, in a sentence or two: the one who decides reads it."))
    with store.changing() as connection:
        row = find(connection, evaluation_id, to_change=True)
        if row["agent_id"] != by:
            raise WrongUse(_("Only the agent of this evaluation can dispute it."))
        if row["state"] not in (RELEASED, ACKNOWLEDGED):
            raise WrongUse(
                _("This evaluation is {state}; it can be disputed once it is released.").format(
                    state=spoken(STATE_WORDS[row["state"]])
                )
            )
        until = row["released_at"] + timedelta(days=days)
        if stored(at) >= until:
            raise WrongUse(
                _("This evaluation could be disputed until {moment} ({n} days).").format(moment=utc(until), n=days)
            )
        if connection.execute(
            select(EVALUATION.c.evaluation_id).where(EVALUATION.c.supersedes == evaluation_id)
        ).first():
            raise WrongUse(_("This score was changed after a dispute. Dispute the new score, which counts instead."))
        if _open_dispute(connection, evaluation_id) is not None:
            raise WrongUse(_("A dispute of this evaluation is open. Wait for its decision, or withdraw it."))
        made = {
            "dispute_id": new_id(),
            "evaluation_id": evaluation_id,
            "opened_at": stored(at),
            "opened_by": by,
            "reason": reason.strip(),
            "items": " ".join(items),
            "decide_by": stored(at + timedelta(days=DAYS_TO_DECIDE)),
        }
        connection.execute(insert(DISPUTE).values(made))
        record(connection, who=by, what="disputed", subject=evaluation_id, at=at, detail=str(made["dispute_id"]))
    return made


def evaluation_of(store: Store, dispute_id: str) -> str:
    """The evaluation that a dispute is about; an empty word where there is no such dispute."""
    with store.reading() as connection:
        wanted = select(DISPUTE.c.evaluation_id).where(DISPUTE.c.dispute_id == dispute_id)
        return str(connection.execute(wanted).scalar() or "")


def _open_dispute(connection: Connection, evaluation_id: str) -> Row | None:
    found = connection.execute(
        select(DISPUTE).where(DISPUTE.c.evaluation_id == evaluation_id, DISPUTE.c.decision.is_(None))
    ).mappings().first()  # fmt: skip
    return None if found is None else dict(found)


def decide(
    store: Store,
    dispute_id: str,
    decision: str,
    *,
    by: str,
    note: str,
    at: datetime,
    form: Form | None = None,
    answers: Iterable[Answer] = (),
) -> str | None:
    """Decide a dispute; `changed` brings the new answers, kept as a re-score that counts instead. Gives its id.

    `decision` is one of DECISIONS. Raises WrongUse for the agent, for the evaluator of the disputed score, without a
    note, and for the second of two.
    """
    if not note.strip():
        raise WrongUse(_("Say why, in a sentence or two: the agent reads it."))
    with store.changing() as connection:
        found = _undecided(connection, dispute_id)
        first = find(connection, found["evaluation_id"])
        if by in (first["agent_id"], first["evaluator_id"]):
            raise WrongUse(
                _("A dispute is decided by neither its agent nor the evaluator of the score. Ask another lead.")
            )
        rescore = None
        if decision == CHANGED:
            if form is None:
                raise WrongUse(_("A changed score needs the new answers on the form of the first one."))
            rescore = _rescore(connection, form, first, list(answers), by=by, at=at)
        _settle(connection, dispute_id, decision, by=by, note=note.strip(), at=at, rescore=rescore)
        record(connection, who=by, what=decision, subject=found["evaluation_id"], at=at, detail=dispute_id)
    return rescore


def withdraw(store: Store, dispute_id: str, *, by: str, at: datetime) -> None:
    """The agent takes the dispute back."""
    with store.changing() as connection:
        found = _undecided(connection, dispute_id)
        if found["opened_by"] != by:
            raise WrongUse(_("Only who opened a dispute can withdraw it."))
        _settle(connection, dispute_id, WITHDRAWN, by=by, note="", at=at, rescore=None)
        record(connection, who=by, what=WITHDRAWN, subject=found["evaluation_id"], at=at, detail=dispute_id)


def _undecided(connection: Connection, dispute_id: str) -> Row:
    wanted = select(DISPUTE).where(DISPUTE.c.dispute_id == dispute_id).with_for_update()
    found = connection.execute(wanted).mappings().first()
    if found is None:
        raise WrongUse(_("There is no such dispute. Load the page again."))
    if found["decision"] is not None:
        when = utc(found["decided_at"])
        raise WrongUse(
            _("This dispute was settled at {moment} ({decision}). A decision stays as it is.").format(
                moment=when, decision=spoken(DECISION_WORDS[found["decision"]])
            )
        )
    return dict(found)


def _settle(
    connection: Connection, dispute_id: str, decision: str, *, by: str, note: str, at: datetime, rescore: str | None
) -> None:
    values = {"decision": decision, "decided_at": stored(at), "decided_by": by, "note": note, "rescore_id": rescore}
    connection.execute(update(DISPUTE).where(DISPUTE.c.dispute_id == dispute_id).values(values))


def _rescore(connection: Connection, form: Form, first: Row, answers: list[Answer], *, by: str, at: datetime) -> str:
    """Append the new score; the first evaluation and its answers are not touched."""
    same = (
        "form_id",
        "form_version",
        "contact_source",
        "contact_key",
        "contact_at",
        "agent_id",
        "selection",
        "session_id",
    )
    row = {name: first[name] for name in same} | {
        "evaluation_id": new_id(),
        "evaluator_id": by,
        "type": RESCORE,
        "supersedes": first["evaluation_id"],
        "state": RELEASED,
        "revision": 0,
        "draft": "[]",
        "comment": "",
        **dict.fromkeys(("opened_at", "saved_at", "submitted_at", "released_at"), stored(at)),
    }
    connection.execute(insert(EVALUATION).values(row))
    found = keep_score(connection, form, row, answers)
    connection.execute(
        update(EVALUATION)
        .where(EVALUATION.c.evaluation_id == row["evaluation_id"])
        .values(raw_score=found.raw, final_score=found.final)
    )
    record(connection, who=by, what="rescored", subject=first["evaluation_id"], at=at, detail=str(row["evaluation_id"]))
    return str(row["evaluation_id"])
