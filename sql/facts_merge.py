"""From typed rows to facts: stage a layout's rows, then merge them so that the newest export of a row wins."""

from __future__ import annotations

from typing import Any

from sql.statements import names, statement
from sql.warehouse import LAKE, Warehouse

IDENTITY = {
    "agent": ("source_id", "agent_id"),
    "agent_state": ("state_id",),
    "answer": ("evaluation_id", "item_id", "occurrence"),
    "case_version": ("case_id", "exported_at"),
    "contact": ("contact_id",),
    "contact_case": ("contact_id", "case_number"),
    "evaluation": ("evaluation_id",),
    "form_item": ("form_id", "form_version", "item_id"),
    "interval_stat": ("stat_id",),
    "leg": ("leg_id",),
    "schedule": ("schedule_id",),
    "team_member": ("source_id", "agent_id", "valid_from"),
}


def targets(staging_folder: str) -> tuple[str, ...]:
    """The fact tables that a layout's staging statements fill."""
    return names(f"staging/{staging_folder}")


def stage(warehouse: Warehouse, staging_folder: str, source_id: str) -> None:
    """Make `staged_<table>` for each target from `typed_row`, one row per identity, the newest export's."""
    for table in targets(staging_folder):
        identity = ", ".join(IDENTITY[table])
        warehouse.execute(
            f"create or replace temp table staged_{table} as "
            f"with staged as ({statement(f'staging/{staging_folder}/{table}')}) "
            "select *, $source as source_id from staged "
            f"qualify row_number() over (partition by {identity} order by exported_at desc, load_id desc, line_no) = 1",
            {"source": source_id},
        )


def merge(warehouse: Warehouse, staging_folder: str) -> None:
    """Merge the staged tables into the lake; call inside a transaction.

    A row that is already there in the same words stays untouched, an older export never overwrites a newer one.
    """
    for table in targets(staging_folder):
        if table == "case_version":
            _append_versions(warehouse)
        else:
            _merge_newest(warehouse, table)


def _merge_newest(warehouse: Warehouse, table: str) -> None:
    columns = columns_of(warehouse, f"staged_{table}")
    same = " and ".join(f"stored.{name} = staged.{name}" for name in IDENTITY[table])
    listed = ", ".join(columns)
    warehouse.execute(f"""
        merge into {LAKE}.{table} as stored
        using staged_{table} as staged
        on {same}
        when matched and staged.exported_at >= stored.exported_at and staged.row_hash <> stored.row_hash
            then update set {", ".join(f"{name} = staged.{name}" for name in columns)}
        when not matched
            then insert ({listed}) values ({", ".join(f"staged.{name}" for name in columns)})
    """)


def _append_versions(warehouse: Warehouse) -> None:
    """Keep each new state of a case, then derive the touched cases and their events anew from all their states."""
    columns = ", ".join(columns_of(warehouse, "staged_case_version"))
    warehouse.execute(statement("facts/new_case_version"))
    warehouse.execute(f"insert into {LAKE}.case_version ({columns}) select {columns} from new_case_version")
    for table in ("service_case", "case_event"):
        warehouse.execute(f"create or replace temp table derived_{table} as {statement(f'facts/{table}')}")
        warehouse.execute(f"delete from {LAKE}.{table} where case_id in (select case_id from new_case_version)")
        warehouse.execute(f"insert into {LAKE}.{table} by name select * from derived_{table}")


def columns_of(warehouse: Warehouse, table: str) -> list[str]:
    """The column names of a temporary table, in order."""
    rows: list[tuple[Any, ...]] = warehouse.connection.execute(
        "select column_name from duckdb_columns() "
        "where table_name = $table and database_name = 'temp' order by column_index",
        {"table": table},
    ).fetchall()
    return [str(row[0]) for row in rows]


# which stored measures a changed row puts out of date: the fact they are counted from, and the instant that places it
TOUCHES = {
    "contact": (("contact", "entered_at"),),
    "leg": (("visit", "queue_enter_at"), ("handled_leg", "coalesce(acw_end_at, released_at)")),
    "service_case": (("request", "created_at"), ("request", "due_at")),
    "case_event": (("request_event", "happened_at"),),
    "interval_stat": (("reported_day", "interval_start_at"),),
    # a spell may go on for days
    "agent_state": (("agent_time", "unnest(generate_series(start_at, end_at + interval 1 day, interval 1 day))"),),
}
TOUCH_ALL = frozenset({"team_member", "agent"})
MOMENTS = {
    "contact": "entered_at",
    "case_version": "exported_at",
    "interval_stat": "interval_start_at",
    "agent_state": "end_at",
    "schedule": "start_at",
    "evaluation": "submitted_at",
}


def touch(warehouse: Warehouse, staging_folder: str, source_id: str) -> None:
    """Note the days of the rows that a batch is about to change (called before the merge) or has changed (after it)."""
    tables = targets(staging_folder)
    if TOUCH_ALL & set(tables):
        touch_everything(warehouse)
    if "case_version" in tables:
        warehouse.execute(statement("facts/newly_overdue"), {"source": source_id})
    stored = ["service_case", "case_event"] if "case_version" in tables else [t for t in tables if t in TOUCHES]
    for table in stored:
        identity = "case_id" if table in ("service_case", "case_event") else IDENTITY[table][0]
        staged = "staged_case_version" if identity == "case_id" else f"staged_{table}"
        for fact, instant in TOUCHES[table]:
            warehouse.execute(
                f"insert into {LAKE}.touched_day "
                f"select distinct $fact, day from (select operating_day({instant}) as day from {LAKE}.{table} "
                f"where {identity} in (select {identity} from {staged})) where day is not null",
                {"fact": fact},
            )


def touch_everything(warehouse: Warehouse) -> None:
    """Note that every stored measure is out of date, as after a change of teams or targets."""
    warehouse.execute(f"insert into {LAKE}.touched_day values ('*', null)")


def data_spans(warehouse: Warehouse, staging_folder: str) -> dict[int, tuple[Any, Any]]:
    """First and last instant of the staged rows, by load."""
    spans: dict[int, tuple[Any, Any]] = {}
    for table in targets(staging_folder):
        if table in MOMENTS:
            rows = warehouse.connection.execute(
                f"select load_id, min({MOMENTS[table]}), max({MOMENTS[table]}) from staged_{table} group by load_id"
            ).fetchall()
            spans |= {int(load_id): (first, last) for load_id, first, last in rows}
    return spans
