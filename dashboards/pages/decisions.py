"""What waits for a decision: evaluations to release, disputes to decide in time, and how they were decided."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboards.desk.controls import deed, evaluation_link, grid, heading, scores, until, when
from dashboards.desk.listing import disputed, not_acknowledged, waiting_for_release
from dashboards.desk.rights import Desk, Seen
from metrics import text

MOST = 60
WORDS = {"changed": "score changed", "upheld": "score stays", "withdrawn": "withdrawn"}


def page(desk: Desk, asked: dict[str, str]) -> Seen:  # noqa: ARG001
    """All that waits, of whoever the viewer may see."""
    waiting = [row for row in waiting_for_release(desk.store) if desk.sees(row)]
    unsigned = [row for row in not_acknowledged(desk.store) if desk.sees(row)]
    undecided = [pair for pair in disputed(desk.store, is_open=True) if desk.sees(pair[1])]
    settled = [pair for pair in disputed(desk.store, is_open=False)[:MOST] if desk.sees(pair[1])]
    late = sum(one["decide_by"] < desk.at.replace(tzinfo=None) for one, _ in undecided)
    lead = (
        f"{text.number_of(len(undecided), 'dispute')} to decide{f', {late} of them late' if late else ''}; "
        f"{text.number_of(len(waiting), 'evaluation')} to release."
    )
    return Seen(
        [
            heading(desk, "/decisions", "Decisions", lead),
            _undecided(desk, undecided),
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
    heads = ["Contact", "Agent", "Evaluator", "Score", "What is not right", "Decide by"]
    return grid(
        "Disputes to decide",
        heads,
        rows,
        empty="No dispute waits. An agent opens one on an evaluation of their own, and it stands here.",
    )


def _to_release(desk: Desk, waiting: list[dict[str, Any]]) -> Component:
    rows = [
        [
            evaluation_link(row),
            desk.person(row["agent_id"]),
            desk.person(row["evaluator_id"]),
            scores(row),
            when(desk, row["submitted_at"]),
            deed("release", "Release", about=row["contact_key"], quiet=True,
                evaluation=row["evaluation_id"], back="/decisions",
            ),
        ]
        for row in waiting[:MOST]
    ]  # fmt: skip
    heads = ["Contact", "Agent", "Evaluator", "Score", "Submitted", ""]
    return grid(
        "To release",
        heads,
        rows,
        empty="Nothing waits for release. What an evaluator submits stands here until somebody releases it.",
    )


def _unsigned(desk: Desk, unsigned: list[dict[str, Any]]) -> Component:
    rows = [
        [evaluation_link(row), desk.person(row["agent_id"]), scores(row), when(desk, row["released_at"])]
        for row in unsigned[:MOST]
    ]
    heads = ["Contact", "Agent", "Score", "Released"]
    return grid("Released, not acknowledged yet", heads, rows, empty="Everything that was released is acknowledged.")


def _settled(desk: Desk, pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> Component:
    rows = [
        [
            evaluation_link(row),
            desk.person(row["agent_id"]),
            WORDS[one["decision"]],
            f"{desk.person(one['decided_by'])}, {when(desk, one['decided_at'])}",
            one["note"],
            text.days((one["decided_at"] - one["opened_at"]).total_seconds() / 86_400),
        ]
        for one, row in pairs
    ]
    heads = ["Contact", "Agent", "Decision", "By", "Why", "Took"]
    return html.Div(grid("Decided", heads, rows, empty="No dispute was decided yet."))
