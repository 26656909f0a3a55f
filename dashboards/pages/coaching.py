"""Coaching: the open actions of everybody in view, and one agent's notes, actions and commendations."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.desk import coaching
from dashboards.desk.controls import DATE, choice, deed, evaluation_link, field, grid, heading, when, words_field
from dashboards.desk.rights import Desk, Seen
from metrics import Period, WrongUse, day_from_text, quality, text

KINDS = {"note": "Note", "action": "Action", "commendation": "Commendation"}


def page(desk: Desk, asked: dict[str, str]) -> Seen:
    """One agent of the address, or everybody's open actions."""
    agents = _agents(desk)
    agent = asked.get("agent", "")
    if not agent:
        return Seen(_everybody(desk, agents, asked))
    if agent not in agents:
        raise WrongUse(f"There is no agent {agent!r} on today's roster that you may see. Choose one under Coaching.")
    return Seen(_one(desk, agents, agent, asked.get("evaluation", "")), about=agent)


def _agents(desk: Desk) -> dict[str, str]:
    """The agents whom the viewer may see today, by name."""
    spells = desk.answers.roster(Period.day(desk.today()))
    named = {row["agent_id"]: desk.person(row["agent_id"]) for row in spells.iter_rows(named=True)}
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))


def _everybody(desk: Desk, agents: dict[str, str], asked: dict[str, str]) -> list[Component]:
    actions = [row for row in coaching.open_actions(desk.store) if row["agent_id"] in agents]
    late = sum(row["due_on"] < desk.today() for row in actions)
    lead = f"{text.number_of(len(actions), 'open action')}{f', {late} of them overdue' if late else ''}."
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
        heading(desk, "/coaching", "Coaching", lead),
        grid(
            "Open actions",
            ["Agent", "What", "Due", ""],
            rows,
            empty="No action is open. Choose somebody below to write a note, an action or a commendation.",
        ),
        html.Section([html.H2("Agents"), html.Ul(names, className="facts")]),
        _training(desk, asked),
    ]


def _training(desk: Desk, asked: dict[str, str]) -> Component:
    """Whether a team passes an item more often since a training, against everybody else in the same days."""
    answers = desk.answers
    forms = quality.newest(answers.kept("forms", lambda: quality.forms(answers.centre)), on=desk.today())
    items = {item.id: item.text for form in forms for item in form.items if item.is_scored}
    teams = {team: team for team in answers.values("team")}
    item, team = asked.get("item", ""), asked.get("team", "")
    fields = [
        choice("Item", "item", items, item),
        choice("Team that was trained", "team", teams, team),
        field("Day of the training", "on", DATE, asked.get("on", "")),
    ]
    form = html.Form([*fields, html.Button("Compare", type="submit")], action="/coaching", className="asks")
    found = html.P(_effect(desk, item, team, day_from_text(asked["on"]))) if asked.get("on") and item in items else None
    return html.Section([html.H2("Did a training help?"), form, found], className="parts")


def _effect(desk: Desk, item: str, team: str, on: date) -> str:
    """Before against after, in a sentence with its interval."""
    spells = desk.answers.roster(Period.day(on)).filter(team=team)
    trained = spells["agent_id"].to_list()
    found = quality.training_effect(desk.answers.centre, item, trained=trained, on=on, scope=desk.answers.scope)
    told = f"{found.reading[:1].upper()}{found.reading[1:]}."
    if found.difference is None:
        return told
    likely = "" if found.low is None else f" (likely {100 * found.low:+.0f} to {100 * found.high:+.0f})"  # type: ignore[operator]
    people = f"{text.number_of(found.agents, 'agent')} trained, {text.number_of(found.others, 'other')}"
    return f"{told} {100 * found.difference:+.0f} points in the share passed{likely}; {people}, 60 days either side."


def _one(desk: Desk, agents: dict[str, str], agent: str, evaluation: str) -> list[Component]:
    notes = coaching.notes_of(desk.store, agent)
    actions = sum(row["kind"] == "action" and row["done_at"] is None for row in notes)
    lead = f"{text.number_of(len(notes), 'entry', 'entries')}, {text.number_of(actions, 'open action')}."
    about = evaluation if evaluation and desk.seen(evaluation)["agent_id"] == agent else ""
    link = evaluation_link({"evaluation_id": about}, "this evaluation") if about else None
    form = deed("note", "Write down",
        choice("Kind", "kind", KINDS),
        words_field("What", "text", hint="The agent reads it."),
        field("Done by (for an action)", "due_on", DATE),
        agent=agent, evaluation=about,
    )  # fmt: skip
    return [
        heading(desk, "/coaching", f"Coaching {agents[agent]}", lead),
        html.Section([html.H2("Write"), html.P(["About ", link, "."]) if link else None, form]),
        notes_table(desk, notes),
    ]


def notes_table(desk: Desk, notes: list[dict[str, Any]]) -> Component:
    """Notes, actions and commendations, the newest first; an action says when it is due, or when it was done."""
    rows = [
        [
            KINDS[row["kind"]],
            [row["text"], html.Small(evaluation_link(row, "about an evaluation")) if row["evaluation_id"] else None],
            f"{desk.person(row['written_by'])}, {when(desk, row['written_at'])}",
            _state(desk, row),
            _finish(desk, row),
        ]
        for row in notes
    ]
    return grid(
        "Notes, actions and commendations",
        ["Kind", "What", "Written", "Due", ""],
        rows,
        empty="Nothing yet. What is written in coaching stands here, for both to read.",
    )


def _state(desk: Desk, row: dict[str, Any]) -> Component | str:
    if row["kind"] != "action":
        return ""
    if row["done_at"] is not None:
        return f"done {when(desk, row['done_at'])} ({desk.person(row['done_by'])})"
    return due(desk, row["due_on"])


def due(desk: Desk, on: date) -> Component:
    """The day by which an action is done, and in words whether it has passed."""
    days = (on - desk.today()).days
    if days < 0:
        late = html.Strong(f"▲ {text.number_of(-days, 'day')} late")
        return html.Span([text.plain_day(on), late], className="attention")
    return html.Span([text.plain_day(on), html.Small("today" if not days else f"in {text.number_of(days, 'day')}")])


def _finish(desk: Desk, row: dict[str, Any]) -> Component | str:
    is_open = row["kind"] == "action" and row["done_at"] is None
    if not (is_open and desk.may("finish")):
        return ""
    return deed("finish", "Done", about=row["text"][:60], quiet=True, note=row["note_id"])
