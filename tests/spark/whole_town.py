"""The town made by chance, and what it lacks: opening hours, reviews of its contacts by a form, and disputes of these."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from metrics.centre import Centre, prepare
from tests.metrics.made_town import made_town
from tests.metrics.town import provenance, put

FORM = {"form_id": "phone", "form_version": "1"}
RULES = {
    "title": "Phone", "own_team": "allowed", "method": "points", "inside": "weight", "across": "items", "na": "spread", "blank": "incomplete",
    "critical": "zero_section", "from_least": False, "pass_at": 80.0, "digest": "", "file_name": "phone.toml",
}  # fmt: skip
ITEMS: list[dict[str, Any]] = [
    {"item_id": "greeting", "section": "opening", "weight": 1.0, "max_points": 5.0, "passing_points": 3.0},
    {"item_id": "verified", "section": "opening", "weight": 2.0, "max_points": 1.0, "critical_class": "compliance"},
    {"item_id": "solved", "section": "answer", "weight": 3.0, "max_points": 10.0, "critical_class": "customer"},
]


def whole_town(seed: int) -> Centre:
    """A centre in memory in which every fact has rows but the published totals of a day."""
    town = made_town(seed)
    connection = town.warehouse.connection
    windows = [
        {"calendar_id": "all", "span_no": 1, "timezone": "America/Denver", "on_day": date(2026, 3, 1) + timedelta(days=day), "open_from": time(8, 30), "open_to": closes}
        for day, closes in enumerate([time(17), time(0), time(20, 15)] * 10)
    ]  # fmt: skip
    put(connection, "calendar", windows)
    put(
        connection,
        "calendar_use",
        [{"kind": kind, "name": None, "calendar_id": "all"} for kind in ("queue", "department")],
    )
    put(connection, "form", [{**FORM, **RULES}])
    put(
        connection,
        "form_item",
        [
            {**provenance(number), **FORM, "is_scored": True, "autofail_scope": "none", **item}
            for number, item in enumerate(ITEMS)
        ],
    )
    reviews = [_review(number, *row) for number, row in enumerate(_answered(connection), start=1)]
    put(connection, "evaluation", reviews)
    put(connection, "answer", [answer for review in reviews for answer in _answers(review)])
    put(connection, "dispute", [_dispute(review) for review in reviews if review["evaluation_id"] % 3 == 0])
    return prepare(Path("town"), town.warehouse)


def _answered(connection: Any) -> list[tuple[Any, ...]]:
    legs = (
        "select contact_id, agent_id, answered_at from lake.leg where answered_at is not null and agent_id is not null"
    )
    found: list[tuple[Any, ...]] = connection.execute(f"{legs} order by leg_id limit 60").fetchall()
    return found


def _review(number: int, contact: int, agent: str, answered: Any) -> dict[str, Any]:
    return {
        **provenance(number), **FORM, "evaluation_id": number, "contact_id": contact, "agent_id": agent, "evaluator_id": "E1", "type": "standard",
        "selection": "targeted" if number % 5 == 0 else "random", "status": "released", "submitted_at": answered + timedelta(days=1),
    }  # fmt: skip


def _answers(review: dict[str, Any]) -> list[dict[str, Any]]:
    number = review["evaluation_id"]
    return [
        {
            **provenance(number), "evaluation_id": number, "item_id": item["item_id"], "points": float((number * 7 + place) % 6) * item["max_points"] / 5,
            "max_points": item["max_points"], "is_na": (number + place) % 4 == 0,
        }
        for place, item in enumerate(ITEMS)
        if (number + place) % 11
    ]  # fmt: skip


def _dispute(review: dict[str, Any]) -> dict[str, Any]:
    number, opened = review["evaluation_id"], review["submitted_at"] + timedelta(hours=3)
    return {
        **provenance(number), "dispute_id": number, "evaluation_id": number, "opened_at": opened, "status": "decided", "opened_by": review["agent_id"],
        "decided_at": opened + timedelta(hours=20) if number % 2 else None, "decision": "changed" if number % 4 == 1 else "upheld",
    }  # fmt: skip
