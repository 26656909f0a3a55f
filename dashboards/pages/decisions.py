"""What waits for a decision: evaluations to release, disputes to decide in time, and how they were decided."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboards.desk.controls import deed, evaluation_link, grid, heading, scores, until, when
from dashboards.desk.listing import disputed, not_acknowledged, waiting_for_release
from dashboards.desk.rights import Desk, Seen
from dashboards.questions_shown import to_answer
from metrics import text
from metrics.language import N_, _, n_, spoken

MOST = 60
WORDS = {"changed": N_("score changed"), "upheld": N_("score stays"), "withdrawn": N_("withdrawn")}


def page(desk: Desk, asked: dict[str, str]) -> Seen:  # noqa: ARG001
    """All that waits, of whoever the viewer may see."""
    waiting = [row for row in waiting_for_release(desk.store) if desk.sees(row)]
    unsigned = [row for row in not_acknowledged(desk.store) if desk.sees(row)]
    undecided = [pair for pair in disputed(desk.store, is_open=True) if desk.sees(pair[1])]
    settled = [pair for pair in disputed(desk.store, is_open=False)[:MOST] if desk.sees(pair[1])]
    late = sum(one["decide_by"] < desk.at.replace(tzinfo=None) for one, _row in undecided)
    if late:
        told = n_(
            "{n} dispute to decide, {late} of them late", "{n} disputes to decide, {late} of them late", len(undecided)
        )
    else:
        told = n_("{n} dispute to decide", "{n} disputes to decide", len(undecided))
    release = n_("{n} evaluation to release", "{n} evaluations to release", len(waiting))
    lead = f"{told.format(n=text.count(len(undecided)), late=late)}; {release.format(n=text.count(len(waiting)))}."
    return Seen(
        [
            heading(desk, "/decisions", _("Decisions"), lead),
            _undecided(desk, undecided),
            *to_answer(desk),
            _to_release(desk, waiting),
            _unsigned(desk, unsigned),
            _settled(desk, settled),
        ]
    )


def _undecided(desk: Desk, pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> Component:
    rows = [
        [
            evaluation_link(row),
            desk.person(row["agent_id"]),
            desk.person(row["evaluator_id"]),
            scores(row),
            one["reason"],
            until(desk, one["decide_by"]),
        ]
        for one, row in pairs
    ]
    heads = [_("Contact"), _("Agent"), _("Evaluator"), _("Score"), _("What is not right"), _("Decide by")]
    return grid(
        _("Disputes to decide"),
        heads,
        rows,
        empty=_("No dispute waits. An agent opens one on an evaluation of their own, and it stands here."),
    )


def _to_release(desk: Desk, waiting: list[dict[str, Any]]) -> Component:
    rows = [
        [
            evaluation_link(row),
            desk.person(row["agent_id"]),
            desk.person(row["evaluator_id"]),
            scores(row),
            when(desk, row["submitted_at"]),
            deed("release", _("Release"), about=row["contact_key"], quiet=True,
                evaluation=row["evaluation_id"], back="/decisions",
            ),
        ]
        for row in waiting[:MOST]
    ]  # fmt: skip
    heads = [_("Contact"), _("Agent"), _("Evaluator"), _("Score"), _("Submitted"), ""]
    return grid(
        _("To release"),
        heads,
        rows,
        empty=_("Nothing waits for release. What an evaluator submits stands here until somebody releases it."),
    )


def _unsigned(desk: Desk, unsigned: list[dict[str, Any]]) -> Component:
    rows = [
        [evaluation_link(row), desk.person(row["agent_id"]), scores(row), when(desk, row["released_at"])]
        for row in unsigned[:MOST]
    ]
    heads = [_("Contact"), _("Agent"), _("Score"), _("Released")]
    return grid(
        _("Released, not acknowledged yet"), heads, rows, empty=_("Everything that was released is acknowledged.")
    )


def _settled(desk: Desk, pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> Component:
    rows = [
        [
            evaluation_link(row),
            desk.person(row["agent_id"]),
            spoken(WORDS[one["decision"]]),
            f"{desk.person(one['decided_by'])}, {when(desk, one['decided_at'])}",
            one["note"],
            text.days((one["decided_at"] - one["opened_at"]).total_seconds() / 86_400),
        ]
        for one, row in pairs
    ]
    heads = [_("Contact"), _("Agent"), _("Decision"), _("By"), _("Why"), _("Took")]
    return html.Div(grid(_("Decided"), heads, rows, empty=_("No dispute was decided yet.")))
