"""An evaluation from the first mark to the agent's signature: opened, saved, submitted, released, acknowledged."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from dashboards.desk.store import Row, Store, new_id, record, stored, utc
from dashboards.desk.tables import ANSWER, EVALUATION
from metrics import WrongUse
from metrics.language import N_, _, spoken
from metrics.quality import Answer, Form, Score, score

DRAFT, SUBMITTED, RELEASED, ACKNOWLEDGED = "draft", "submitted", "released", "acknowledged"
STATE_WORDS = {
    DRAFT: N_("a draft"),
    SUBMITTED: N_("submitted"),
    RELEASED: N_("released"),
    ACKNOWLEDGED: N_("acknowledged"),
}
STANDARD, CALIBRATION, RESCORE = "standard", "calibration", "rescore"


class Unfinished(WrongUse):
    """An evaluation that cannot be submitted yet, with the `items` that it waits for."""

    def __init__(self, words: str, items: tuple[str, ...]) -> None:
        super().__init__(f"{words}: {', '.join(items)}.")
        self.words, self.items = words, items


@dataclass(frozen=True)
class Contact:
    """Which contact is evaluated, and whose part in it; `team` is the agent's on that day."""

    source: str
    key: str
    held_at: datetime
    agent: str
    team: str | None = None


@dataclass(frozen=True)
class Evaluator:
    """Who evaluates; `teams` are those that the evaluator belongs to or leads."""

    id: str
    teams: frozenset[str] = frozenset()


def open_evaluation(
    store: Store, form: Form, contact: Contact, by: Evaluator, *, selection: str, at: datetime, session: str = ""
) -> Row:
    """The evaluator's draft for a contact: a new one, or the one that was begun before, with all that was saved.

    Raises WrongUse for own work, for the own team where the form refuses that, and where another evaluates the contact.
    """
    if by.id == contact.agent:
        raise WrongUse(_("You took this contact yourself. Choose another contact."))
    # a calibration enters nobody's score, so those who lead a team score its contacts there like everybody else
    if not session and not form.may_score_own_team and contact.team is not None and contact.team in by.teams:
        raise WrongUse(
            _("{team} is your own team, which form {form} does not let you score. Choose another.").format(
                team=contact.team, form=form.id
            )
        )
    kind = CALIBRATION if session else STANDARD
    row = _new(form, contact, by.id, kind=kind, selection=selection, session=session, at=at)
    try:
        with store.changing() as connection:
            connection.execute(insert(EVALUATION).values(row))
            record(connection, who=by.id, what="opened", subject=row["evaluation_id"], at=at)
    except IntegrityError:  # begun before: in another window, before the browser went down, or by somebody else
        return _begun(store, row)
    return row


def _new(form: Form, contact: Contact, evaluator: str, *, kind: str, selection: str, session: str, at: datetime) -> Row:
    return {
        "evaluation_id": new_id(),
        "form_id": form.id,
        "form_version": form.version,
        "contact_source": contact.source,
        "contact_key": contact.key,
        "contact_at": stored(contact.held_at),
        "agent_id": contact.agent,
        "evaluator_id": evaluator,
        "type": kind,
        "selection": selection,
        "session_id": session,
        "supersedes": None,
        "state": DRAFT,
        "revision": 0,
        "draft": "[]",
        "comment": "",
        "opened_at": stored(at),
        "saved_at": stored(at),
    }


def _begun(store: Store, row: Row) -> Row:
    same = [
        EVALUATION.c[name] == row[name] for name in ("contact_source", "contact_key", "agent_id", "type", "session_id")
    ]
    with store.reading() as connection:
        found = [dict(one) for one in connection.execute(select(EVALUATION).where(*same)).mappings()]
    for one in found:
        if one["evaluator_id"] == row["evaluator_id"]:
            return one
    who, when = found[0]["evaluator_id"], utc(found[0]["opened_at"])
    raise WrongUse(_("{who} evaluates this contact (begun {when}). Choose another one.").format(who=who, when=when))


def evaluation(store: Store, evaluation_id: str) -> Row:
    """One evaluation; raises WrongUse where there is none."""
    with store.reading() as connection:
        return find(connection, evaluation_id)


def find(connection: Connection, evaluation_id: str, *, to_change: bool = False) -> Row:
    """One evaluation, within a transaction; nobody else changes it meanwhile where it is found `to_change`."""
    wanted = select(EVALUATION).where(EVALUATION.c.evaluation_id == evaluation_id)
    found = connection.execute(wanted.with_for_update() if to_change else wanted).mappings().first()
    if found is None:
        raise WrongUse(_("There is no such evaluation. Open the contact from the work list again."))
    return dict(found)


def draft_of(row: Row) -> list[Answer]:
    """The answers that were saved so far."""
    return [Answer(**answer) for answer in json.loads(row["draft"])]


def save(
    store: Store,
    evaluation_id: str,
    answers: Iterable[Answer],
    *,
    revision: int,
    by: str,
    at: datetime,
    comment: str = "",
) -> int:
    """Keep a draft as it is now, however unfinished; gives the new revision.

    `revision` is the one that the window shows. Raises WrongUse where another window saved since, so that nothing is
    overwritten, and where the evaluation was submitted.
    """
    draft = json.dumps([asdict(answer) for answer in answers])
    with store.changing() as connection:
        changed = connection.execute(
            update(EVALUATION)
            .where(EVALUATION.c.evaluation_id == evaluation_id, EVALUATION.c.evaluator_id == by)
            .where(EVALUATION.c.state == DRAFT, EVALUATION.c.revision == revision)
            .values(draft=draft, comment=comment, revision=revision + 1, saved_at=stored(at))
        )
        if changed.rowcount != 1:
            raise _refused(find(connection, evaluation_id), by)
    return revision + 1


def _refused(row: Row, by: str) -> WrongUse:
    """Why a draft can be changed no more, or not from here."""
    if row["evaluator_id"] != by:
        return WrongUse(_("This evaluation is another evaluator's. Open the contact from your own work list."))
    if row["state"] != DRAFT:
        return WrongUse(
            _("This evaluation was submitted at {moment} and stays as it is.").format(moment=utc(row["submitted_at"]))
        )
    return WrongUse(
        _("This evaluation was changed in another window. Load the page again; what was saved there is kept.")
    )


def submit(store: Store, form: Form, evaluation_id: str, *, revision: int, by: str, at: datetime) -> Score:
    """Submit a draft: its answers and score are kept for good, with the form version that it was opened with.

    Raises Unfinished while an item is unanswered or a failed critical one has no comment, and WrongUse where an answer
    is outside its scale and for the second of two submits.
    """
    with store.changing() as connection:
        row = find(connection, evaluation_id, to_change=True)
        if row["state"] != DRAFT or row["revision"] != revision or row["evaluator_id"] != by:
            raise _refused(row, by)
        found = keep_score(connection, form, row, draft_of(row))
        grave = tuple(name for name in found.failed if form.item(name).critical_class != "none")
        if grave and not row["comment"].strip():
            raise Unfinished(_("A critical item failed. Say in the comment what happened"), grave)
        connection.execute(
            update(EVALUATION)
            .where(EVALUATION.c.evaluation_id == evaluation_id)
            .values(state=SUBMITTED, submitted_at=stored(at), raw_score=found.raw, final_score=found.final)
        )
        record(connection, who=by, what="submitted", subject=evaluation_id, at=at)
    return found


def keep_score(connection: Connection, form: Form, row: Row, answers: list[Answer]) -> Score:
    """Check a whole set of answers and write them down; gives their score."""
    if (form.id, form.version) != (row["form_id"], row["form_version"]):
        raise WrongUse(
            _("This evaluation was opened with form {form}, version {version}. It is submitted with that one.").format(
                form=row["form_id"], version=row["form_version"]
            )
        )
    found = score(form, answers)
    if found.missing:
        raise Unfinished(_("Answer what is not answered yet, or say that it does not apply"), found.missing)
    failed, critical = set(found.failed), {item.id: item for item in form.items}
    rows = [
        {
            "evaluation_id": row["evaluation_id"],
            "item_id": answer.item,
            "points": _points(form, answer),
            "max_points": critical[answer.item].most if critical[answer.item].is_scored else None,
            "is_na": answer.is_na,
            "failed": answer.item in failed,
            "value": answer.value,
        }
        for answer in answers
    ]
    if rows:
        connection.execute(insert(ANSWER), rows)
    return found


def _points(form: Form, answer: Answer) -> float | None:
    """The points of an answer, also of one that came as a word."""
    item = form.item(answer.item)
    if answer.points is not None or answer.is_na or answer.value is None or not item.is_scored:
        return answer.points
    worth = {option.value: option.points for option in item.options} or {"yes": item.most, "no": item.least}
    return worth[answer.value]


def release(store: Store, evaluation_id: str, *, by: str, at: datetime) -> None:
    """Show a submitted evaluation to its agent, who may dispute it from now on; calibration is never released."""
    with store.changing() as connection:
        row = find(connection, evaluation_id)
        if row["type"] == CALIBRATION:
            raise WrongUse(_("A calibration evaluation is never released to an agent."))
        _step(connection, row, SUBMITTED, {"state": RELEASED, "released_at": stored(at)})
        record(connection, who=by, what="released", subject=evaluation_id, at=at)


def acknowledge(store: Store, evaluation_id: str, *, by: str, at: datetime) -> None:
    """The agent has read it; only the agent can say so."""
    with store.changing() as connection:
        row = find(connection, evaluation_id)
        if row["agent_id"] != by:
            raise WrongUse(_("Only the agent of this evaluation can acknowledge it."))
        _step(connection, row, RELEASED, {"state": ACKNOWLEDGED, "acknowledged_at": stored(at)})
        record(connection, who=by, what="acknowledged", subject=evaluation_id, at=at)


def _step(connection: Connection, row: Row, state: str, values: dict[str, Any]) -> None:
    """Go from one state to the next; raises WrongUse where it is in another."""
    changed = connection.execute(
        update(EVALUATION)
        .where(EVALUATION.c.evaluation_id == row["evaluation_id"], EVALUATION.c.state == state)
        .values(**values)
    )
    if changed.rowcount != 1:
        raise WrongUse(
            _("This evaluation is {state}; it would have to be {wanted}. Load the page again.").format(
                state=spoken(STATE_WORDS[row["state"]]), wanted=_(STATE_WORDS[state])
            )
        )


def answers_of(store: Store, evaluation_id: str) -> list[Row]:
    """The answers of a submitted evaluation."""
    with store.reading() as connection:
        rows = connection.execute(
            select(ANSWER).where(ANSWER.c.evaluation_id == evaluation_id).order_by(ANSWER.c.item_id)
        )
        return [dict(row) for row in rows.mappings()]
