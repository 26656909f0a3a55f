"""One's own record: evaluations and what can be said against them, coaching, and who opened it."""

from __future__ import annotations

from datetime import timedelta

from dash import html
from dash.development.base_component import Component

from dashboards.access import Access, Viewer, entries
from dashboards.deeds_said import deed_said, role_said
from dashboards.desk import coaching, disputes
from dashboards.desk.controls import STATES, evaluation_link, grid, scores, until, when
from dashboards.desk.listing import disputes_of, of_agent, rescore_of
from dashboards.desk.rights import SHOWN_TO_AGENT, Desk
from dashboards.desk.store import Row
from dashboards.pages import audit
from dashboards.pages.coaching import notes_table
from dashboards.questions_shown import own as own_questions
from dashboards.tables import listing
from metrics import text
from metrics.language import _, n_, spoken


def page(access: Access, viewer: Viewer, desk: Desk | None = None) -> list[Component]:
    """The viewer's evaluations and coaching, whoever opened the record, and what the own account did last."""
    others = [
        row
        for row in (entries(access.store, about=viewer.person) if viewer.person else [])
        if row["who"] != viewer.name
    ]
    own = entries(access.store, who=viewer.name, most=50)
    opened = n_("Others opened your record {n} time.", "Others opened your record {n} times.", len(others))
    lead = opened.format(n=text.count(len(others))) if others else _("Nobody else opened your record.")
    parts: list[Component] = [html.Header([html.H1(_("Your record")), html.P(lead, className="lead")])]
    if desk is not None and desk.is_agent:
        questioned = own_questions(desk)
        parts += [_evaluations(desk), *([questioned] if questioned is not None else [])]
        parts.append(notes_table(desk, coaching.notes_of(desk.store, desk.me)))
    if others:
        rows = [
            [audit.when(row["at"]), row["who"], role_said(row["role"]), deed_said(row["what"]), row["period"]]
            for row in others
        ]
        parts.append(
            listing(_("Who opened your record"), [_("When (UTC)"), _("Who"), _("Role"), _("What"), _("Period")], rows)
        )
    mine = [[audit.when(row["at"]), deed_said(row["what"]), deed_said(row["about"]), row["period"]] for row in own]
    parts.append(
        listing(_("What your account did last"), [_("When (UTC)"), _("What"), _("Whose record"), _("Period")], mine)
    )
    return parts


def _evaluations(desk: Desk) -> Component:
    """The released evaluations, the newest first, each with its state and what can still be done about it."""
    rows = [
        [
            evaluation_link(row),
            text.short_moment(desk.local(row["contact_at"])),
            scores(row),
            _state(desk, row),
            _last_day(desk, row),
        ]
        for row in of_agent(desk.store, desk.me, states=SHOWN_TO_AGENT)
    ]
    heads = [_("Contact"), _("Held"), _("Score"), _("State"), _("Can be disputed")]
    return grid(_("Your evaluations"), heads, rows, empty=_("No evaluation of yours was released here yet."))


def _state(desk: Desk, row: Row) -> str:
    found = disputes_of(desk.store, row["evaluation_id"])
    if found and found[-1]["decision"] is None:
        return _("disputed, decided by {moment}").format(moment=when(desk, found[-1]["decide_by"]))
    if rescore_of(desk.store, row["evaluation_id"]) is not None:
        return _("changed: the new score counts")
    told = _("re-scored after a dispute") if row["supersedes"] else spoken(STATES[row["state"]])
    return (
        _("{state}; dispute {decision}").format(
            state=told, decision=spoken(disputes.DECISION_WORDS[found[-1]["decision"]])
        )
        if found
        else told
    )


def _last_day(desk: Desk, row: Row) -> Component | str:
    last = row["released_at"] + timedelta(days=disputes.DAYS_TO_DISPUTE)
    if rescore_of(desk.store, row["evaluation_id"]) is not None:
        return ""
    return (
        until(desk, last)
        if last > desk.at.replace(tzinfo=None)
        else _("until {moment}: passed").format(moment=when(desk, last))
    )
