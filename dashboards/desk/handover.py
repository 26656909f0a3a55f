"""What the desk hands to the warehouse: plain files for the inbox, taken at the next load like any other source."""

from __future__ import annotations

import csv
import filecmp
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select

from dashboards.desk.evaluations import ACKNOWLEDGED, CALIBRATION, RELEASED
from dashboards.desk.store import Row, Store
from dashboards.desk.tables import ANSWER, DISPUTE, EVALUATION, SESSION

EVALUATIONS = (
    "evaluation_id form_id form_version call_id agent_id evaluator_id type selection contact_at submitted_at score "
    "session_id supersedes contact_source"
).split()
ANSWERS = "evaluation_id item_id points max_points is_na failed value".split()
DISPUTES = (
    "dispute_id evaluation_id opened_at opened_by decided_at decided_by decision items score_before score_after".split()
)

A_DAY_NS = 86_400 * 10**9


def hand_over(store: Store, inbox: Path) -> list[Path]:
    """Write what stands to the inbox: released evaluations, closed calibration sessions, disputes. Gives the files.

    Everything is written each time; intake takes a row once, by its key, and an unchanged file not at all.
    """
    with store.reading() as connection:
        closed = select(SESSION.c.session_id).where(SESSION.c.closed_at.is_not(None))
        stands = or_(
            EVALUATION.c.state.in_([RELEASED, ACKNOWLEDGED]),
            (EVALUATION.c.type == CALIBRATION)
            & EVALUATION.c.submitted_at.is_not(None)
            & EVALUATION.c.session_id.in_(closed),
        )
        wanted = select(EVALUATION).where(stands).order_by(EVALUATION.c.submitted_at, EVALUATION.c.evaluation_id)
        made = [dict(row) for row in connection.execute(wanted).mappings()]
        scores = {row["evaluation_id"]: row["final_score"] for row in made}
        said = [
            dict(row)
            for row in connection.execute(select(ANSWER).order_by(ANSWER.c.evaluation_id, ANSWER.c.item_id)).mappings()
        ]
        disputed = [dict(row) for row in connection.execute(select(DISPUTE).order_by(DISPUTE.c.opened_at)).mappings()]
    parts: list[tuple[str, list[str], Iterable[Row]]] = [
        ("desk_evaluations.csv", EVALUATIONS, (_evaluation(row) for row in made)),
        ("desk_answers.csv", ANSWERS, (_answer(row) for row in said if row["evaluation_id"] in scores)),
        ("desk_disputes.csv", DISPUTES, (_dispute(row, scores) for row in disputed)),
    ]
    return list(_written(inbox, parts))


def _written(inbox: Path, parts: list[tuple[str, list[str], Iterable[Row]]]) -> Iterator[Path]:
    for name, header, rows in parts:
        kept = list(rows)
        if kept:
            yield put_into(inbox, name, header, kept)


def put_into(inbox: Path, name: str, header: Sequence[str], rows: Iterable[Row]) -> Path:
    """Write a file into the inbox, whole or not at all: a watcher of the inbox must not take half a file."""
    inbox.mkdir(parents=True, exist_ok=True)
    unfinished = inbox / f".{name}.part"
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)
    there = inbox / name
    if there.exists() and filecmp.cmp(unfinished, there, shallow=False):
        # a watcher of the inbox takes a file written anew for an arrival
        unfinished.unlink()
        return there
    if there.exists():
        _make_newer(unfinished, there)
    return unfinished.replace(there)


def _make_newer(path: Path, before: Path) -> None:
    """Date a file after the one whose place it takes, though the clock was set back: the newest export wins by it.

    Not by a day or more: intake knows what was written while a clock was ahead, and lets it yield.
    """
    since = before.stat().st_mtime_ns - path.stat().st_mtime_ns
    if 0 <= since < A_DAY_NS:
        later = before.stat().st_mtime_ns + 1_000_000
        os.utime(path, ns=(later, later))


def _evaluation(row: Row) -> Row:
    same = (
        "evaluation_id",
        "form_id",
        "form_version",
        "agent_id",
        "evaluator_id",
        "type",
        "selection",
        "session_id",
        "contact_source",
    )
    return {name: row[name] for name in same} | {
        "call_id": row["contact_key"],
        "contact_at": _instant(row["contact_at"]),
        "submitted_at": _instant(row["submitted_at"]),
        "score": _points(row["final_score"]),
        "supersedes": row["supersedes"] or "",
    }


def _answer(row: Row) -> Row:
    words = {"is_na": "yes" if row["is_na"] else "no", "failed": "yes" if row["failed"] else "no"}
    return {name: "" if row[name] is None else row[name] for name in ANSWERS} | words


def _dispute(row: Row, scores: dict[str, float | None]) -> Row:
    is_changed = row["decision"] == "changed"
    same = ("dispute_id", "evaluation_id", "opened_by", "items")
    return {name: row[name] for name in same} | {
        "opened_at": _instant(row["opened_at"]),
        "decided_at": _instant(row["decided_at"]),
        "decided_by": row["decided_by"] or "",
        "decision": row["decision"] or "",
        "score_before": _points(scores.get(row["evaluation_id"])) if is_changed else "",
        "score_after": _points(scores.get(row["rescore_id"])) if is_changed else "",
    }


def _instant(at: datetime | None) -> str:
    return "" if at is None else at.replace(tzinfo=UTC).isoformat(timespec="seconds")


def _points(share: Any) -> str:
    return "" if share is None else f"{100 * share:.6f}"
