"""Targets that somebody set: what a figure should reach, for whom, from which day on, and who said so; never undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Date, DateTime, Float, Integer, String, Table, insert

from dashboards.desk.handover import put_into
from dashboards.desk.store import Row, Store, new_id, newest_first, record, stored
from dashboards.desk.tables import METADATA
from metrics.settings import MEANT_FOR
from metrics.target_trial import Aim

FILE = "desk_targets.csv"
COLUMNS = ("metric", "meant_for", "name", "goal", "within_seconds", "valid_from")
# what tells one target from another: of those that begin on one day the last word counts
KEY = ("metric", "queue", "request_type", "department", "valid_from")

# one row per deed, never changed
SET_TARGET = Table(
    "set_target",
    METADATA,
    Column("target_id", String(40), primary_key=True),
    Column("metric", String(200), nullable=False),
    Column("queue", String(200)),
    Column("request_type", String(200)),
    Column("department", String(200)),
    Column("goal", Float, nullable=False),
    Column("within_seconds", Integer),
    Column("valid_from", Date, nullable=False),
    Column("set_by", String(200), nullable=False),
    Column("set_at", DateTime, nullable=False),
)


@dataclass(frozen=True)
class DatedAim:
    """A target, and the day from which it holds."""

    aim: Aim
    valid_from: date


def set_target(store: Store, inbox: Path, one: DatedAim, *, by: str, at: datetime) -> Path:
    """Set a target and hand it to the warehouse, where it holds from its day on once it is loaded."""
    aim = one.aim
    row = {
        "target_id": new_id(),
        "metric": aim.metric,
        **aim.whose,
        "goal": aim.goal,
        "within_seconds": aim.within_seconds,
        "valid_from": one.valid_from,
        "set_by": by,
        "set_at": stored(at),
    }
    with store.changing() as connection:
        connection.execute(insert(SET_TARGET).values(row))
        record(connection, who=by, what="set a target", subject=str(row["target_id"]), at=at)
    return hand_over_targets(store, inbox)


def targets_set(store: Store) -> list[Row]:
    """What counts of all that was set: of targets for the same that begin on one day the last; the newest first."""
    last: dict[tuple[Any, ...], Row] = {}
    with store.reading() as connection:
        for row in connection.execute(newest_first(SET_TARGET, SET_TARGET.c.target_id)).mappings():
            last.setdefault(tuple(row[name] for name in KEY), dict(row))
    return list(last.values())


def hand_over_targets(store: Store, inbox: Path) -> Path:
    """Write all that counts to the inbox as the plain file `plain_targets`, whole or not at all."""
    rows = sorted(targets_set(store), key=lambda row: [str(row[name]) for name in KEY])
    return put_into(inbox, FILE, COLUMNS, (_said(row) for row in rows))


def _said(row: Row) -> Row:
    """A target as a line of the plain file."""
    kind = next((one for one in MEANT_FOR if row[one] is not None), None)
    said = row | {"meant_for": kind or "centre", "name": row[kind] if kind else None}
    return {name: "" if said[name] is None else said[name] for name in COLUMNS}
