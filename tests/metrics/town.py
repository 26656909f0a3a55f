"""A town in memory: exactly the rows that a test writes down, in the warehouse's own tables, asked by the product itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from etl.centre import Settings, keep_settings
from metrics import Centre, Period, Scope, measure, rows
from metrics.centre import prepare
from sql.blank import blank_warehouse

CUTOFF = datetime.fromisoformat("2026-12-31T12:00")
SETTINGS: dict[str, Any] = {"centre": {"name": "Town", "timezone": "America/Denver"}}
EVERYONE = Scope.whole_centre()
Row = Mapping[str, object]


def at(text: str, zone: str = "America/Denver") -> datetime:
    """A local time as the instant that is stored; `-07:00` at its end where it would be ambiguous."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC).replace(tzinfo=None)


def town(settings: Mapping[str, Any] | None = None, *, cutoff: datetime = CUTOFF, **tables: Any) -> Centre:
    """A centre with these rows and nothing else."""
    warehouse = blank_warehouse(Path("town"))
    keep_settings(warehouse, Settings.model_validate({**SETTINGS, **(settings or {})}), "settings")
    loaded = {"load_id": 1, "source_id": "test", "file_name": "test.csv", "verdict": "accepted", "exported_at": cutoff}
    put(warehouse.connection, "load_file", [{**loaded, "loaded_at": cutoff}])
    for name, given in tables.items():
        put(warehouse.connection, name, [{**provenance(number), **row} for number, row in enumerate(given, start=1)])
    return prepare(Path("town"), warehouse)


def provenance(number: int) -> dict[str, object]:
    return {
        "source_id": "test",
        "source_key": str(number),
        "load_id": 1,
        "line_no": number,
        "exported_at": CUTOFF,
        "time_q": "exact",
        "row_hash": number,
    }


def put(connection: Any, table: str, given: Sequence[Row]) -> None:
    """Insert rows by the names of their columns."""
    if not given:
        return
    known = {row[0] for row in connection.execute(f"describe lake.{table}").fetchall()}
    names = [name for name in dict.fromkeys(name for row in given for name in row) if name in known]
    frame = pl.DataFrame([{name: row.get(name) for name in names} for row in given], infer_schema_length=None)
    put_frame(connection, table, frame)


def put_frame(connection: Any, table: str, frame: pl.DataFrame) -> None:
    """Insert the rows of a frame by the names of its columns."""
    connection.register("given", frame.to_arrow())
    connection.execute(f"insert into lake.{table} by name select * from given")
    connection.unregister("given")


def call(
    number: int,
    start: datetime,
    *,
    wait: float = 0,
    talk: float | None = 60,
    hold: float | None = 0,
    wrap: float | None = 0,
    answered: bool = True,
    **more: Any,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A contact with one visit to a queue, in seconds: its contact row and its leg row."""
    answer = start + timedelta(seconds=wait) if answered else None
    released = start + timedelta(seconds=wait + ((talk or 0) + (hold or 0) if answered else 0))
    contact = {
        "contact_id": number,
        "chain_key": f"c{number}",
        "channel": more.get("channel", "voice"),
        "direction": more.get("direction", "inbound"),
        "entered_at": start,
        "ended_at": released,
        "first_queue_id": more.get("queue_id", "general"),
        "language": more.get("language", "en"),
        "request_type": more.get("request_type"),
        "caller_key": more.get("caller_key"),
        "outcome": "answered" if answered else "abandoned",
        "is_test": more.get("is_test", False),
        "wrap_code": more.get("wrap_code"),
    }
    leg = {
        "leg_id": number,
        "contact_id": number,
        "visit_no": 1,
        "leg_type": "queue",
        "queue_id": "general",
        "agent_id": "A1" if answered else None,
        "queue_enter_at": start,
        "answered_at": answer,
        "released_at": released,
        "acw_end_at": released + timedelta(seconds=wrap or 0) if answered else None,
        "wait_ms": int(wait * 1000),
        "talk_ms": None if talk is None or not answered else int(talk * 1000),
        "hold_ms": None if hold is None or not answered else int(hold * 1000),
        "acw_ms": None if wrap is None or not answered else int(wrap * 1000),
        "end_reason": "caller" if answered else "abandon",
    }
    return contact, {**leg, **{name: value for name, value in more.items() if name not in contact or name in leg}}


def calls(*given: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
    """Calls as the tables of a town."""
    return {"contact": [contact for contact, _ in given], "leg": [leg for _, leg in given]}


def value(centre: Centre, name: str, during: Period, **options: Any) -> float | None:
    """One figure."""
    return measure(centre, [name], during=during, scope=EVERYONE, **options)["value"][0]  # type: ignore[no-any-return]


def days(first: str, number: int = 1) -> Period:
    """A period from a day on."""
    start = date.fromisoformat(first)
    return Period(start, start + timedelta(days=number))


def counted(centre: Centre, name: str, during: Period, **options: Any) -> float:
    """What the rows behind a figure add up to."""
    return float(rows(centre, name, during=during, scope=EVERYONE, **options)["counted"].sum())
