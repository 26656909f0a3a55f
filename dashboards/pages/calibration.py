"""Calibration: evaluators score the same contacts unseen; once a session is closed, how far they agreed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.access.accounts import accounts
from dashboards.access.roles import roles
from dashboards.desk.controls import (
    DATE,
    choice,
    deed,
    evaluation_link,
    field,
    grid,
    heading,
    left,
    number_field,
    points,
    until,
    when,
)
from dashboards.desk.evaluations import DRAFT
from dashboards.desk.listing import calibrations_of
from dashboards.desk.rights import Desk, Seen
from dashboards.desk.sessions import part_of, progress, scores_said, sessions
from dashboards.desk.store import Row
from dashboards.pages.quality import agreed
from dashboards.tables import listing
from metrics import WrongUse, quality, text
from metrics.language import _, n_, p_
from metrics.quality import Calibration, Form

DAYS_TO_SCORE = 7


def page(desk: Desk, asked: dict[str, str]) -> Seen:
    """The session of the address, or all sessions that are the viewer's to see."""
    seen = [one for one in sessions(desk.store) if sees_session(desk, one)]
    if "session" in asked:
        found = next((one for one in seen if one["session_id"] == asked["session"]), None)
        if found is None:
            raise WrongUse(_("You take part in no calibration session {session!r}.").format(session=asked["session"]))
        return Seen(_one(desk, found))
    mine = sum(one["closed_at"] is None and desk.me in one["evaluators"] for one in seen)
    lead = n_(
        "{n} open session for you. Everybody scores the same contacts and sees nobody's score.",
        "{n} open sessions for you. Everybody scores the same contacts and sees nobody's score.",
        mine,
    ).format(n=text.count(mine))
    rows = [
        [
            dcc.Link(one["session_id"], href="/calibration?" + urlencode({"session": one["session_id"]})),
            one["form_id"],
            text.count(len(one["contacts"])),
            text.count(len(one["evaluators"])),
            until(desk, one["due_at"])
            if one["closed_at"] is None
            else _("closed {moment}").format(moment=when(desk, one["closed_at"])),
        ]
        for one in seen
    ]
    heads = [_("Session"), _("Form"), _("Contacts"), _("Evaluators"), _("State")]
    table = grid(
        _("Sessions"),
        heads,
        rows,
        empty=_("There was no session yet. Who convenes one opens it below, and everybody scores the same contacts."),
    )
    return Seen(
        [
            heading(desk, "/calibration", _("Calibration"), lead),
            table,
            *([_convene(desk)] if desk.may("convene") else []),
        ]
    )


def sees_session(desk: Desk, session: Row) -> bool:
    """Whether a session is the viewer's: one takes part, or leads calibration."""
    return desk.may("reveal") or desk.me in session["evaluators"]


def _convene(desk: Desk) -> Component:
    """Open a session: a form, some contacts drawn by the session's name, and who scores them."""
    may_evaluate = {name for name, role in roles().items() if "open" in role.does}
    people = {
        row["person"] or row["name"]: desk.person(row["person"] or row["name"])
        for row in accounts(desk.store)
        if row["role"] in may_evaluate and not row["is_disabled"]
    }
    judges = html.Label(
        [
            _("Evaluators (several with Ctrl)"),
            html.Select(
                [html.Option(name, value=person) for person, name in sorted(people.items(), key=lambda one: one[1])],
                name="evaluator",
                multiple=True,
                size="6",
            ),
        ],
        className="field",
    )
    forms = quality.newest(quality.forms(desk.answers.centre), on=desk.today())
    form = deed("convene", _("Open the session"),
        field(_("Name"), "session", "text"),
        choice(_("Form"), "form", {one.id: _(one.title) for one in forms}),
        number_field(_("Contacts"), "number", "5"),
        judges,
        field(_("Scored by"), "due", DATE, (desk.today() + timedelta(days=DAYS_TO_SCORE)).isoformat()),
    )  # fmt: skip
    note = _(
        "The contacts are drawn by the name of the session from the last four weeks: the "
        "evaluators' own and those evaluated already are left out. Agreement on an item is told "
        "from 20 contacts on, on the score from 30."
    )
    return html.Section([html.H2(_("Open a session")), html.P(note, className="muted note"), form])


def _one(desk: Desk, session: Row) -> list[Component]:
    form = quality.form(desk.answers.centre, session["form_id"], session["form_version"])
    is_open = session["closed_at"] is None
    state = p_("a session", "open") if is_open else _("closed {moment}").format(moment=when(desk, session["closed_at"]))
    number = len(session["contacts"])
    contacts = n_("{n} contact", "{n} contacts", number).format(n=text.count(number))
    lead = f"{_(form.title)}, {contacts}; {state}."
    parts = [heading(desk, "/calibration", _("Calibration {session}").format(session=session["session_id"]), lead)]
    if is_open:
        return [*parts, *_unseen(desk, session)]
    return [*parts, _scores(desk, session), *_agreement(desk, session, form)]


def _unseen(desk: Desk, session: Row) -> list[Component]:
    """While it is open: the own contacts to score, and of others only how far they are."""
    own = {
        (row["contact_key"], row["agent_id"]): row
        for row in calibrations_of(desk.store, desk.me, session["session_id"])
    }
    takes_part = desk.me in session["evaluators"]
    rows: list[list[Any]] = []
    for number, name in enumerate(session["contacts"], start=1):
        contact, agent = part_of(name)
        key = str(desk.story(contact).contact["source_key"]) if takes_part else ""
        row = own.get((key, agent))
        act: Any = deed("open", p_("deed", "Score"), about=_("contact {number}").format(number=number), quiet=True,
            contact=contact, agent=agent, session=session["session_id"],
        )  # fmt: skip
        state = _("not begun")
        if row is not None:
            state = (
                _("begun") if row["state"] == DRAFT else _("submitted: {score}").format(score=points(row["raw_score"]))
            )
            act = evaluation_link(row, _("Go on") if row["state"] == DRAFT else _("Look at it"))
        rows.append([_("Contact {number}").format(number=number), desk.person(agent), state, act])
    said = progress(desk.store, session["session_id"])
    people = [
        [
            desk.person(name),
            _("{n} of {all} submitted").format(n=said.get(name, 0), all=len(session["contacts"])),
        ]
        for name in session["evaluators"]
    ]
    return [
        *([grid(_("To score"), [_("Contact"), _("Agent"), _("Yours"), ""], rows, empty="")] if takes_part else []),
        html.P(_("To be scored by {moment}.").format(moment=left(desk, session["due_at"]))),
        listing(_("How far everybody is"), [_("Evaluator"), _("Done")], people, of_people=True),
        *([_reveal(session)] if desk.may("reveal") else []),
    ]


def _reveal(session: Row) -> Component:
    words = _("Closing shows all scores to all who took part. What is not submitted by then stays out.")
    form = deed("reveal", _("Close and reveal"), session=session["session_id"])
    return html.Section([html.H2(_("Reveal")), html.P(words, className="muted"), form])


def _scores(desk: Desk, session: Row) -> Component:
    """Everybody's score of every contact, side by side."""
    rated, _said = scores_said(desk.store, session["session_id"])
    by_contact: dict[str, dict[str, Row]] = {}
    for row in rated:
        by_contact.setdefault(row["contact_key"], {})[row["evaluator_id"]] = row
    judges = session["evaluators"]
    rows = [
        [
            key,
            *(
                evaluation_link(said[one], points(said[one]["raw_score"])) if one in said else _("none")
                for one in judges
            ),
            _gap(said),
        ]
        for key, said in sorted(by_contact.items())
    ]
    if not rows:
        return html.P(_("Nobody submitted a score."), className="muted")
    heads = [_("Contact"), *(desk.person(one) for one in judges), _("Widest gap")]
    note = _("Scores before auto-fails. A calibration enters nobody's score.")
    return listing(_("Scores"), heads, rows, numbers=len(judges) + 1, note=note, of_people=True)


def _gap(said: dict[str, Row]) -> str:
    known = [row["raw_score"] for row in said.values() if row["raw_score"] is not None]
    return _(text.NO_DATA) if len(known) < 2 else text.points(100 * (max(known) - min(known)))


def agreement_of(desk: Desk, session: Row, form: Form) -> Calibration:
    """The agreement figures of a session as it stands on the desk; the warehouse gives the same after the next load."""
    rated, said = scores_said(desk.store, session["session_id"])
    evaluations = {row["evaluation_id"]: row for row in rated}
    scored = {item.id: item for item in form.items if item.is_scored}
    frame = pl.DataFrame(
        [
            {
                "form": form.id,
                "contact_id": row["contact_key"],
                "evaluator": row["evaluator_id"],
                "raw_score": row["raw_score"],
            }
            for row in rated
        ],
        schema={"form": pl.String, "contact_id": pl.String, "evaluator": pl.String, "raw_score": pl.Float64},
    )
    answers = pl.DataFrame(
        [
            {
                "form": form.id,
                "item": row["item_id"],
                "text": scored[row["item_id"]].text,
                "contact_id": evaluations[row["evaluation_id"]]["contact_key"],
                "evaluator": evaluations[row["evaluation_id"]]["evaluator_id"],
                "points": row["points"],
                "is_scored": True,
                "is_na": row["is_na"],
                "is_applicable": not row["is_na"] and row["points"] is not None,
                "failed": row["failed"],
            }
            for row in said
            if row["item_id"] in scored
        ],
        schema={
            **dict.fromkeys(("form", "item", "text", "contact_id", "evaluator"), pl.String),
            "points": pl.Float64,
            **dict.fromkeys(("is_scored", "is_na", "is_applicable", "failed"), pl.Boolean),
        },
    )
    order = ["contact_id", "evaluator"]
    return quality.agreed(
        session["session_id"], frame.sort(order), answers.sort("item", *order), tells_evaluators=desk.may("reveal")
    )


def _agreement(desk: Desk, session: Row, form: Form) -> list[Component]:
    found = agreement_of(desk, session, form)
    return [
        html.H2(_("Do evaluators agree?")),
        *(part for part in agreed(desk.answers, found) if part is not None),
    ]
