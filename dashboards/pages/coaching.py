"""Coaching: the open actions of everybody in view, and one agent's notes, actions and commendations."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.aria import around
from dashboards.desk import coaching
from dashboards.desk.controls import (
    DATE,
    choice,
    days_late,
    days_left,
    deed,
    evaluation_link,
    field,
    grid,
    heading,
    when,
    words_field,
)
from dashboards.desk.rights import Desk, Seen
from metrics import Period, WrongUse, day_from_text, quality, text
from metrics.language import N_, _, n_, spoken

KINDS = {"note": N_("Note"), "action": N_("Action"), "commendation": N_("Commendation")}


def page(desk: Desk, asked: dict[str, str]) -> Seen:
    """One agent of the address, or everybody's open actions."""
    agents = _agents(desk)
    agent = asked.get("agent", "")
    if not agent:
        return Seen(_everybody(desk, agents, asked))
    if agent not in agents:
        raise WrongUse(
            _("There is no agent {agent!r} on today's roster that you may see. Choose one under Coaching.").format(
                agent=agent
            )
        )
    return Seen(_one(desk, agents, agent, asked.get("evaluation", "")), about=agent)


def _agents(desk: Desk) -> dict[str, str]:
    """The agents whom the viewer may see today, by name."""
    spells = desk.answers.roster(Period.day(desk.today()))
    named = {row["agent_id"]: desk.person(row["agent_id"]) for row in spells.iter_rows(named=True)}
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))


def _everybody(desk: Desk, agents: dict[str, str], asked: dict[str, str]) -> list[Component]:
    actions = [row for row in coaching.open_actions(desk.store) if row["agent_id"] in agents]
    late = sum(row["due_on"] < desk.today() for row in actions)
    if late:
        told = n_("{n} open action, {late} of them overdue.", "{n} open actions, {late} of them overdue.", len(actions))
    else:
        told = n_("{n} open action.", "{n} open actions.", len(actions))
    lead = told.format(n=text.count(len(actions)), late=text.count(late))
    rows = [
        [
            dcc.Link(agents[row["agent_id"]], href="/coaching?" + urlencode({"agent": row["agent_id"]})),
            row["text"],
            due(desk, row["due_on"]),
            _finish(desk, row),
        ]
        for row in actions
    ]
    names = [html.Li(dcc.Link(name, href="/coaching?" + urlencode({"agent": agent}))) for agent, name in agents.items()]
    return [
        heading(desk, "/coaching", _("Coaching"), lead),
        grid(
            _("Open actions"),
            [_("Agent"), _("What"), _("Due"), ""],
            rows,
            empty=_("No action is open. Choose somebody below to write a note, an action or a commendation."),
        ),
        *([html.Section([html.H2(_("Agents")), html.Ul(names, className="facts")])] if names else []),
        _training(desk, asked),
    ]


def _training(desk: Desk, asked: dict[str, str]) -> Component:
    """Whether a team passes an item more often since a training, against everybody else in the same days."""
    answers = desk.answers
    forms = quality.newest(answers.kept("forms", lambda: quality.forms(answers.centre)), on=desk.today())
    items = {item.id: _(item.text) for form in forms for item in form.items if item.is_scored}
    teams = {team: team for team in answers.values("team")}
    item, team = asked.get("item", ""), asked.get("team", "")
    fields = [
        choice(_("Item"), "item", items, item),
        choice(_("Team that was trained"), "team", teams, team),
        field(_("Day of the training"), "on", DATE, asked.get("on", "")),
    ]
    form = html.Form([*fields, html.Button(_("Compare"), type="submit")], action="/coaching", className="asks")
    found = html.P(_effect(desk, item, team, day_from_text(asked["on"]))) if asked.get("on") and item in items else None
    return html.Section([html.H2(_("Did a training help?")), form, found], className="parts")


def _effect(desk: Desk, item: str, team: str, on: date) -> str:
    """Before against after, in a sentence with its interval."""
    spells = desk.answers.roster(Period.day(on)).filter(team=team)
    trained = spells["agent_id"].to_list()
    found = quality.training_effect(desk.answers.centre, item, trained=trained, on=on, scope=desk.answers.scope)
    told = f"{found.reading[:1].upper()}{found.reading[1:]}."
    if found.difference is None:
        return told
    if found.low is None or found.high is None:
        effect = _("{points} points in the share passed").format(points=_signed(found.difference))
    else:
        effect = _("{points} points in the share passed (likely {low} to {high})").format(
            points=_signed(found.difference), low=_signed(found.low), high=_signed(found.high)
        )
    trained_ones = n_("{n} agent trained", "{n} agents trained", found.agents).format(n=text.count(found.agents))
    others = n_("{n} other", "{n} others", found.others).format(n=text.count(found.others))
    return _("{reading} {effect}; {trained}, {others}, 60 days either side.").format(
        reading=told, effect=effect, trained=trained_ones, others=others
    )


def _signed(share: float) -> str:
    """A difference in points with its sign."""
    return f"{'+' if share >= 0 else ''}{text.count(100 * share)}"


def _one(desk: Desk, agents: dict[str, str], agent: str, evaluation: str) -> list[Component]:
    notes = coaching.notes_of(desk.store, agent)
    actions = sum(row["kind"] == "action" and row["done_at"] is None for row in notes)
    entries = n_("{n} entry", "{n} entries", len(notes)).format(n=text.count(len(notes)))
    open_ones = n_("{n} open action.", "{n} open actions.", actions).format(n=text.count(actions))
    lead = f"{entries}, {open_ones}"
    about = evaluation if evaluation and desk.seen(evaluation)["agent_id"] == agent else ""
    link = evaluation_link({"evaluation_id": about}, _("this evaluation")) if about else None
    form = deed("note", _("Write down"),
        choice(_("Kind"), "kind", {kind: _(words) for kind, words in KINDS.items()}),
        words_field(_("What"), "text", hint=_("The agent reads it.")),
        field(_("Done by (for an action)"), "due_on", DATE),
        agent=agent, evaluation=about,
    )  # fmt: skip
    return [
        heading(desk, "/coaching", _("Coaching {agent}").format(agent=agents[agent]), lead),
        html.Section([html.H2(_("Write")), html.P(around(_("About {link}."), link)) if link else None, form]),
        notes_table(desk, notes),
    ]


def notes_table(desk: Desk, notes: list[dict[str, Any]]) -> Component:
    """Notes, actions and commendations, the newest first; an action says when it is due, or when it was done."""
    rows = [
        [
            spoken(KINDS[row["kind"]]),
            [row["text"], html.Small(evaluation_link(row, _("about an evaluation"))) if row["evaluation_id"] else None],
            f"{desk.person(row['written_by'])}, {when(desk, row['written_at'])}",
            _state(desk, row),
            _finish(desk, row),
        ]
        for row in notes
    ]
    return grid(
        _("Notes, actions and commendations"),
        [_("Kind"), _("What"), _("Written"), _("Due"), ""],
        rows,
        empty=_("Nothing yet. What is written in coaching stands here, for both to read."),
    )


def _state(desk: Desk, row: dict[str, Any]) -> Component | str:
    if row["kind"] != "action":
        return ""
    if row["done_at"] is not None:
        return _("done {moment} ({person})").format(
            moment=when(desk, row["done_at"]), person=desk.person(row["done_by"])
        )
    return due(desk, row["due_on"])


def due(desk: Desk, on: date) -> Component:
    """The day by which an action is done, and in words whether it has passed."""
    days = (on - desk.today()).days
    if days < 0:
        return html.Span([text.plain_day(on), html.Strong(days_late(-days))], className="attention")
    return html.Span([text.plain_day(on), html.Small(days_left(days))])


def _finish(desk: Desk, row: dict[str, Any]) -> Component | str:
    is_open = row["kind"] == "action" and row["done_at"] is None
    if not (is_open and desk.may("finish")):
        return ""
    return deed("finish", _("Done"), about=row["text"][:60], quiet=True, note=row["note_id"])
