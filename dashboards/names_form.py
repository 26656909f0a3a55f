"""The form that says whom a name of an export stands for, and what it was told so far."""

from __future__ import annotations

from typing import Any

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component
from flask import has_request_context
from flask_wtf.csrf import generate_csrf

import metrics
from dashboards.access import Access
from dashboards.answers import Answers
from dashboards.desk.names import KINDS, SettledName, settled
from dashboards.desk.store import Row
from dashboards.tables import listing
from metrics import WrongUse, day_from_text, text
from metrics.language import N_, _, speaking, spoken

ADDRESS = "/settle-name"
# between a kind and a name in a value of the form; no kind holds it
PART = ":"
KIND_TITLES = {"agent": N_("People"), "queue": N_("Queues"), "department": N_("Departments")}
# a new centre knows nobody yet: a name may be one of its own, and so may all of a kind at once
OWN = {
    "agent": N_("a person of their own"),
    "queue": N_("a queue of its own"),
    "department": N_("a department of its own"),
}
ALL = {"agent": N_("all {n} people"), "queue": N_("all {n} queues"), "department": N_("all {n} departments")}
KIND_WORDS = {"agent": N_("agent"), "queue": N_("queue"), "department": N_("department")}


def names_form(answers: Answers, access: Access, *, sees_people: bool) -> Component:
    """Unknown names with a picker of those that are known, and below it what was settled here."""
    kinds = [kind for kind in KINDS if kind != "agent" or sees_people]
    unknown = {kind: [str(name) for name in metrics_unmapped(answers)[kind]["name"]] for kind in kinds}
    told = [row for row in settled(access.store) if row["kind"] in kinds]
    parts: list[Component] = [html.H2(_("Settle a name"))]
    if any(unknown.values()):
        parts.append(_form(unknown, {kind: known(answers, kind) for kind in kinds}))
    else:
        parts.append(html.P(_("Every name is known: there is nothing to settle.")))
    if told:
        parts.append(_told(answers, told))
    return html.Section(parts, id="settle-a-name", className="parts")


def metrics_unmapped(answers: Answers) -> dict[str, pl.DataFrame]:
    """Names that the centre does not know, asked once a snapshot."""
    return answers.kept("unmapped", lambda: metrics.unmapped(answers.centre), has_words=False)


def known(answers: Answers, kind: str) -> dict[str, str]:
    """Whom a name can stand for: ids with what people call them."""
    span = answers.span()
    if kind == "agent":
        if span is None:
            return {}
        rows = answers.roster(span).select("agent_id", "name").unique("agent_id").sort("agent_id").iter_rows()
        return {agent: f"{name or agent} ({agent})" for agent, name in rows}
    if kind == "queue":
        return answers.queue_names
    return {name: name for name in answers.values("department")}


def _form(unknown: dict[str, list[str]], stands_for: dict[str, dict[str, str]]) -> Component:
    token = generate_csrf() if has_request_context() else ""
    date_field: Any = "date"
    return html.Form(
        [
            dcc.Input(type="hidden", name="csrf_token", value=token),
            html.Label(
                [_("Name in the data"), _picker("name", {kind: _named(kind, names) for kind, names in unknown.items()})]
            ),
            html.Label(
                [
                    _("stands for"),
                    _picker(
                        "stands_for",
                        {kind: {"": _(OWN[kind]), **stands_for[kind]} for kind in unknown if unknown[kind]},
                    ),
                ]
            ),
            html.Label([_("From (empty: always)"), dcc.Input(type=date_field, name="valid_from", value="")]),
            html.Button(_("Settle"), type="submit"),
        ],
        action=ADDRESS,
        method="post",
        className="filters",
    )


def _named(kind: str, names: list[str]) -> dict[str, str]:
    """The names of a kind to choose from; where there are several, all of them at once besides."""
    every = {"": _(ALL[kind]).format(n=text.count(len(names)))} if len(names) > 1 else {}
    return {name: name for name in names} | every


def _picker(name: str, groups: dict[str, dict[str, str]]) -> Component:
    """One choice among all kinds, parted by kind; a value carries its kind."""
    shown = [
        html.Optgroup(
            [html.Option(words, value=f"{kind}{PART}{value}") for value, words in one.items()],
            label=_(KIND_TITLES[kind]),
        )
        for kind, one in groups.items()
        if one
    ]
    return html.Select(shown, name=name)


def _told(answers: Answers, told: list[Row]) -> Component:
    """What was settled here, and whether the warehouse has it yet."""
    frame = answers.kept("aliases", lambda: answers.centre.table("alias"), has_words=False)
    live = frame.filter(pl.col("deleted_seen_at").is_null())
    in_force = set(live.select("kind", "alias", "entity_id", "valid_from").iter_rows())
    rows = [
        [
            row["name"],
            spoken(KIND_WORDS[row["kind"]]),
            row["stands_for"],
            row["valid_from"] or _("always"),
            row["settled_by"],
            _("in force")
            if (row["kind"], row["name"], row["stands_for"], row["valid_from"]) in in_force
            else _("waits for the next load"),
        ]
        for row in told
    ]
    heads = [_("Name"), _("Kind"), _("Stands for"), _("From"), _("Settled by"), _("State")]
    note = _(
        "The next load credits anew what was counted under these names; no file is needed again. fairline watch loads "
        "by itself; otherwise run: fairline load."
    )
    return listing(_("Names settled here"), heads, rows, note=note)


def asked(form: dict[str, str], answers: Answers, *, sees_people: bool) -> list[SettledName]:
    """What a form says; raises WrongUse where it names nothing that is unknown, or nobody that is known."""
    kind, _sep, name = form.get("name", "").partition(PART)
    meant, _sep, stands_for = form.get("stands_for", "").partition(PART)
    kinds = [one for one in KINDS if one != "agent" or sees_people]
    if kind not in kinds or meant != kind:
        raise WrongUse(
            _(
                "A name stands for one of its own kind: a person's for a person, a queue's for a queue. "
                "Go back and choose both again."
            )
        )
    unknown = [str(one) for one in metrics_unmapped(answers)[kind]["name"]]
    if name and name not in unknown:
        raise WrongUse(_("{name!r} is not among the names that nobody settled. Load the page again.").format(name=name))
    if stands_for and stands_for not in known(answers, kind):
        raise WrongUse(_("{stands_for!r} is not known here. Choose from the list.").format(stands_for=stands_for))
    if not name and stands_for:
        raise WrongUse(_("All of them cannot be one and the same. Choose one name, or let each be one of its own."))
    since = day_from_text(form["valid_from"]) if form.get("valid_from") else None
    return [SettledName(kind, one, stands_for or one, since) for one in ([name] if name else unknown)]


def said(all_said: list[SettledName]) -> str:
    """What was settled, as the log names it, which speaks one language."""
    one = all_said[0]
    with speaking("en"):
        since = f" from {text.plain_day(one.valid_from)}" if one.valid_from else ""
    if len(all_said) > 1:
        return f"{len(all_said)} names of {one.kind}s stand for themselves{since}"
    return f"{one.kind} {one.name} stands for {one.stands_for}{since}"
