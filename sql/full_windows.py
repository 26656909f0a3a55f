"""Deletions: what a declared full export no longer holds of its span of time was deleted in its source.

Nothing else deletes. A deleted row leaves the facts and is kept in `deleted_row`, without what may tell of a person.
The spans are remembered, so that an older export that arrives late does not bring a deleted row back, and the facts
are the same in whatever order.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sql.conversion import quoted
from sql.statements import statement
from sql.touched_days import EVALUATED_BY, touch, touch_evaluations
from sql.warehouse import LAKE, Warehouse

# the warehouse keeps instants in UTC without a zone
EVER = (datetime.min, datetime.max)  # noqa: DTZ901
# by table: its key and the moment that places a row in a span; what has no moment goes only with a whole export
LEADING = {
    "source_record": ("record_id", "happened_at"),
    "contact": ("contact_id", "entered_at"),
    "leg": ("leg_id", "queue_enter_at"),
    "interval_stat": ("stat_id", "interval_start_at"),
    "agent_state": ("state_id", "start_at"),
    "case_change": ("case_change_id", "happened_at"),
    "evaluation": ("evaluation_id", "coalesce(submitted_at, contact_at)"),
    "dispute": ("dispute_id", "opened_at"),
    "schedule": ("schedule_id", "start_at"),
    "survey": ("survey_id", "coalesce(answered_at, sent_at)"),
    "alias": ("alias_id", "null::timestamp"),
    "stated_target": ("stated_target_id", "null::timestamp"),
    "team_member": ("(agent_id, valid_from)", "null::timestamp"),
}
# what goes with a row of another table, by the column that names it
FOLLOWING = {
    "contact": ("contact_id", ("leg", "contact_case")),
    "evaluation": ("evaluation_id", ("answer",)),
    "survey": ("survey_id", ("survey_answer",)),
}


# what may tell of a person is not kept of a row that its source deleted
PERSONAL = (
    "caller_key", "dnis", "requester_id", "title", "description", "text", "comment", "wrap_note", "value", "fields",
    "extra",
)  # fmt: skip


@dataclass(frozen=True)
class FullWindow:
    """An export of a layout that holds every row of some spans of time (UTC, half open)."""

    load_id: int
    exported_at: datetime
    spans: Sequence[tuple[datetime, datetime]]


def days_in_rows(warehouse: Warehouse, moment: str, zone: str) -> list[tuple[datetime, datetime]]:
    """The local days on which `typed_row` has a row, as spans; for exports that hold whole days."""
    text = statement("facts/day_of_row").replace("$moment", f'"{moment}"')
    return [(first, last) for first, last in warehouse.connection.execute(text, {"zone": zone}).fetchall()]


def _leading(tables: Sequence[str]) -> list[str]:
    followers = {name for table in tables for name in FOLLOWING.get(table, ("", ()))[1]}
    return [table for table in tables if table in LEADING and table not in followers]


def _is_within(moment: str, spans: str) -> str:
    return (
        f"exists (select 1 from {spans} where coalesce({moment}, timestamp '0001-01-01') >= from_at "
        f"and coalesce({moment}, timestamp '0001-01-01') < until_at)"
    )


def drop_outdated(warehouse: Warehouse, tables: Sequence[str], source_id: str, layout: str) -> None:
    """Take staged rows away that a newer full export no longer held; call before they are merged."""
    own = f"source_id = {quoted(source_id)} and layout = {quoted(layout)}"
    if not warehouse.has_rows(f"{LAKE}.full_window", own):
        return
    spans = f"(select * from {LAKE}.full_window where {own} and not is_ahead(exported_at)) as spans"
    for table in _leading(tables):
        key, moment = LEADING[table]
        warehouse.execute(
            f"create or replace temp table outdated as select {key} as key from staged_{table} as staged "
            f"where {key} not in (select {key} from {LAKE}.{table}) "
            f"and {_is_within(moment, spans)[:-1]} and spans.exported_at > staged.exported_at)"
        )
        if warehouse.has_rows("outdated"):
            parent, followers = FOLLOWING.get(table, ("", ()))
            for name, column in ((table, key), *((one, parent) for one in followers if one in tables)):
                warehouse.execute(
                    f"create or replace temp table remaining as from staged_{name} "
                    f"where {column} not in (select key from outdated)"
                )
                warehouse.take_place("remaining", f"staged_{name}")


def find_gone(
    warehouse: Warehouse, tables: Sequence[str], source_id: str, layout: str, window: FullWindow | None
) -> None:
    """Make `gone_<table>` of the keys that a full export no longer holds; without one they are empty."""
    if window is None:
        if "source_record" in tables:
            warehouse.execute("create or replace temp table gone_source_record (key bigint)")
        return
    warehouse.execute("create or replace temp table window_span (from_at timestamp, until_at timestamp)")
    for span in window.spans:
        warehouse.execute("insert into window_span values ($from, $until)", {"from": span[0], "until": span[1]})
    about = {"source": source_id, "layout": layout, "exported_at": window.exported_at}
    for table in _leading(tables):
        key, moment = LEADING[table]
        warehouse.execute(
            f"""
            create or replace temp table gone_{table} as
            select {key} as key
            from {LAKE}.{table}
            where source_id = $source
                and load_id in (select load_id from {LAKE}.load_file where layout = $layout)
                and exported_at < $exported_at
                and {key} not in (select {key} from staged_{table})
                and {_is_within(moment, "window_span")}
            """,
            about,
        )
    if "case_version" in tables:
        gone = statement("facts/gone_case")
        warehouse.execute(
            f"create or replace temp table gone_case_version as {gone}", {**about, "load_id": window.load_id}
        )
        warehouse.execute(
            "create or replace temp table remaining as from staged_case_version "
            "union all by name select * exclude (deleted_seen_at) from gone_case_version"
        )
        warehouse.take_place("remaining", "staged_case_version")


def delete_gone(
    warehouse: Warehouse, tables: Sequence[str], source_id: str, layout: str, window: FullWindow
) -> dict[str, int]:
    """Take what is gone out of the facts, keep it as deleted, and remember the spans; says how many rows by table.

    Call inside the transaction that merges the export, before its records are derived.
    """
    counts: dict[str, int] = {}
    for table in _leading(tables):
        if not warehouse.has_rows(f"gone_{table}"):
            continue
        counts[table] = int(warehouse.first(f"select count(*) from gone_{table}"))
        key, _ = LEADING[table]
        parent, followers = FOLLOWING.get(table, ("", ()))
        if table in EVALUATED_BY:
            touch_evaluations(warehouse, f"{EVALUATED_BY[table]} in (select key from gone_{table})")
        for name, column in (*((one, parent) for one in followers), (table, key)):
            _delete(warehouse, name, f"{column} in (select key from gone_{table})", window)
    if "case_version" in tables and warehouse.has_rows("gone_case_version"):
        counts["case_version"] = int(warehouse.first("select count(*) from gone_case_version"))
    warehouse.append_rows(
        "full_window",
        [(source_id, layout, *span, window.exported_at, window.load_id) for span in window.spans],
    )
    return counts


def _delete(warehouse: Warehouse, table: str, which: str, window: FullWindow) -> None:
    touch(warehouse, table, f"{LAKE}.{table} where {which}")
    warehouse.execute(
        f"insert into {LAKE}.deleted_row by name "
        f"select {quoted(table)} as table_name, source_id, source_key, load_id, line_no, exported_at, "
        "$seen::timestamp as deleted_seen_at, $load_id::integer as deleted_by_load, "
        "json_merge_patch(to_json(gone), $personal::json)::varchar as content "
        f"from {LAKE}.{table} as gone where {which}",
        {
            "seen": window.exported_at,
            "load_id": window.load_id,
            "personal": json.dumps(dict.fromkeys(PERSONAL)),
        },
    )
    warehouse.execute(f"delete from {LAKE}.{table} where {which}")
