"""From typed rows to facts: stage a layout's rows, then merge them so that the newest export of a row wins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sql import aliases, case_facts, full_windows, records
from sql.checked_rows import layouts_expressions
from sql.conversion import quoted
from sql.full_windows import FullWindow
from sql.renaming import changing
from sql.statements import names, statement
from sql.touched_days import (
    EVALUATED_BY,
    TOUCH_ALL,
    begin_touching,
    keep_touched,
    touch,
    touch_evaluations,
    touch_everything,
)
from sql.warehouse import LAKE, Warehouse

RECORDS = "source_record"
# what a staging statement does that is dearer to do again than to keep; mere projections of the typed rows stay views
COSTLY = re.compile(r"\b(join|union|group by|over|qualify|unnest|lambda|to_json|json_object|regexp_\w+)\b")
IDENTITY = {
    "agent": ("source_id", "agent_id"),
    "alias": ("alias_id",),
    "agent_state": ("state_id",),
    "answer": ("evaluation_id", "item_id", "occurrence"),
    "case_change": ("case_change_id",),
    "case_version": ("case_id", "exported_at"),
    "contact": ("contact_id",),
    "contact_case": ("contact_id", "case_number"),
    "dispute": ("dispute_id",),
    "evaluation": ("evaluation_id",),
    "form_item": ("form_id", "form_version", "item_id"),
    "interval_stat": ("stat_id",),
    "leg": ("leg_id",),
    "source_record": ("record_id",),
    "schedule": ("schedule_id",),
    "stated_target": ("stated_target_id",),
    "survey": ("survey_id",),
    "survey_answer": ("survey_id", "question_key"),
    "team_member": ("source_id", "agent_id", "valid_from"),
}
MOMENTS = {
    "contact": "entered_at",
    "case_change": "happened_at",
    "case_version": "exported_at",
    "interval_stat": "interval_start_at",
    "agent_state": "end_at",
    "source_record": "happened_at",
    "schedule": "start_at",
    "survey": "answered_at",
    "evaluation": "submitted_at",
}


def targets(staging_folder: str) -> tuple[str, ...]:
    """The fact tables that a layout's staging statements fill."""
    return names(f"staging/{staging_folder}")


def type_rows(warehouse: Warehouse, folder: Path, derived: Mapping[str, str]) -> None:
    """Make `typed_row` of the Parquet files that the reader wrote, with the columns that the layout derives."""
    parts = ", ".join(quoted(str(part)) for part in sorted(folder.glob("*.parquet")))
    read = f"read_parquet([{parts}], union_by_name = true)"
    present = columns_of(warehouse, read) if derived else []
    replaced = ", ".join(f'{expression} as "{name}"' for name, expression in derived.items() if name in present)
    added = "".join(f', {expression} as "{name}"' for name, expression in derived.items() if name not in present)
    columns = "*" + (f" replace ({replaced})" if replaced else "") + added
    with layouts_expressions("derived columns"):
        warehouse.execute(f"create or replace temp view typed_row as select {columns} from {read}")


@dataclass(frozen=True)
class Staged:
    """The batch that is staged and merged: its staging folder, source, system and layout, and what it holds in full."""

    folder: str
    source_id: str
    system: str
    layout: str
    window: FullWindow | None = None

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that its staging statements fill."""
        return targets(self.folder)


def stage(warehouse: Warehouse, batch: Staged) -> None:
    """Make `staged_<table>` for each target from `typed_row`, one row per identity, the newest export's.

    With a `window` also `gone_<table>`: what the export, which is full there, no longer holds.
    Where every identity stands but once, as in most files, nothing is sorted and nothing is copied.
    """
    source_id, tables = batch.source_id, batch.tables
    has_aliases = aliases.know(warehouse, source_id)
    for table in tables:
        identity = ", ".join(IDENTITY[table])
        # the reader reckoned this id already, once for all tables
        text = statement(f"staging/{batch.folder}/{table}").replace("key_id($source, source_key)", "row_id")
        warehouse.forget(f"staged_{table}")
        kind = "table" if COSTLY.search(text) else "view"
        warehouse.execute(
            f"create temp {kind} staged_{table} as with staged as ({text.replace('$source', quoted(source_id))}) "
            f"select *, {quoted(source_id)} as source_id from staged"
        )
        repeated = f"select count(*) > count(distinct {_as_one(table)}) from staged_{table}"
        if warehouse.first(repeated):
            order = f"partition by {identity} order by exported_at desc, load_id desc, line_no"
            warehouse.execute(
                f"create or replace temp table newest as select * from staged_{table} "
                f"qualify row_number() over ({order}) = 1"
            )
            warehouse.take_place("newest", f"staged_{table}")
        if has_aliases:
            aliases.resolve_staged(warehouse, table)
    full_windows.drop_outdated(warehouse, tables, source_id, batch.layout)
    full_windows.find_gone(warehouse, tables, source_id, batch.layout, batch.window)
    if RECORDS in tables:
        records.stage(warehouse, batch.system, source_id)
        for table in records.targets(batch.system) if has_aliases else ():
            aliases.resolve_staged(warehouse, table)


def _as_one(table: str) -> str:
    columns = IDENTITY[table]
    return columns[0] if len(columns) == 1 else f"({', '.join(columns)})"


def forget_rows(warehouse: Warehouse, staging_folder: str) -> None:
    """Drop what a batch staged, before its files go."""
    for name in ("typed_row", *(f"staged_{table}" for table in targets(staging_folder))):
        warehouse.forget(name)


def merge(warehouse: Warehouse, batch: Staged) -> dict[str, int]:
    """Merge the staged tables into the lake and note the days that change; call inside a transaction.

    A row that is already there in the same words stays untouched, an older export never overwrites a newer one. Says
    how many rows of which tables a full export showed to be deleted.
    """
    deleted: dict[str, int] = {}
    tables, source_id, system = batch.tables, batch.source_id, batch.system
    filled = {*tables, *(records.targets(system) if RECORDS in tables else ())}
    begin_touching(warehouse)
    if TOUCH_ALL & set(tables) or _judges_anew(warehouse, tables):
        touch_everything(warehouse)
    if "case_version" in tables:
        warehouse.execute(statement("facts/newly_due"), {"source": source_id})
    is_evaluated = "evaluation" in tables or warehouse.has_rows(f"{LAKE}.evaluation")
    _touch_what_follows(warehouse, tables, source_id, system, is_evaluated=is_evaluated)
    case_facts.forget_inferred(warehouse, filled)
    for table in tables:
        if table == "alias":
            with changing(warehouse):
                _merge_newest(warehouse, table)
        elif table != "case_version":
            _merge_newest(warehouse, table)
    if batch.window:
        deleted = full_windows.delete_gone(warehouse, tables, source_id, batch.layout, batch.window)
    if RECORDS in tables:
        records.merge(warehouse, system, source_id)
    case_facts.derive(warehouse, filled)
    _touch_what_follows(warehouse, tables, source_id, system, is_evaluated=is_evaluated)
    keep_touched(warehouse)
    return deleted


def _judges_anew(warehouse: Warehouse, tables: tuple[str, ...]) -> bool:
    """Whether staged targets say in what time calls are to be answered, by which stored measures count."""
    return "stated_target" in tables and warehouse.has_rows("staged_stated_target", "within_ms is not null")


def _merge_newest(warehouse: Warehouse, table: str) -> None:
    """Insert what is new, update what is known in older or other words."""
    if not warehouse.has_rows(f"staged_{table}"):
        return
    identity = ", ".join(IDENTITY[table])
    warehouse.execute(
        f"create or replace temp table known as "
        f"select {identity} from {LAKE}.{table} where {_as_one(table)} in (select {_as_one(table)} from staged_{table})"
    )
    is_new = "true"
    if warehouse.has_rows("known"):
        is_new = f"{_as_one(table)} not in (select {_as_one(table)} from known)"
        _update_known(warehouse, table)
    touch(warehouse, table, f"staged_{table} where {is_new}")
    listed = ", ".join(columns_of(warehouse, f"staged_{table}"))
    warehouse.execute(f"insert into {LAKE}.{table} ({listed}) select {listed} from staged_{table} where {is_new}")


def _update_known(warehouse: Warehouse, table: str) -> None:
    """Update what a newer export tells in other words; what it tells in the same words is known to be newer, no more.

    Without that, a row that went from one state to another and back would depend on the order of its exports.
    """
    same = " and ".join(f"stored.{name} = staged.{name}" for name in IDENTITY[table])
    warehouse.execute(f"""
        create or replace temp table changed as
        select staged.*, staged.row_hash = stored.row_hash and stored.deleted_seen_at is null as is_same
        from (select * from staged_{table} where {_as_one(table)} in (select {_as_one(table)} from known)) as staged
        join {LAKE}.{table} as stored on {same}
        where staged.exported_at > stored.exported_at or is_ahead(stored.exported_at)
            or staged.exported_at = stored.exported_at and staged.row_hash <> stored.row_hash
    """)
    if warehouse.has_rows("changed", "is_same"):
        warehouse.execute(
            f"merge into {LAKE}.{table} as stored using (from changed where is_same) as staged on {same} "
            "when matched then update set exported_at = staged.exported_at"
        )
        warehouse.execute("delete from changed where is_same")
    if not warehouse.has_rows("changed"):
        return
    warehouse.execute("alter table changed drop column is_same")
    touch(warehouse, table, f"{LAKE}.{table} where {_as_one(table)} in (select {_as_one(table)} from changed)")
    touch(warehouse, table, "changed where true")
    updates = ", ".join(f"{name} = staged.{name}" for name in columns_of(warehouse, "changed"))
    warehouse.execute(
        f"merge into {LAKE}.{table} as stored using changed as staged on {same} "
        f"when matched then update set {updates}, deleted_seen_at = null"
    )


def _touch_what_follows(
    warehouse: Warehouse, tables: tuple[str, ...], source_id: str, system: str, *, is_evaluated: bool
) -> None:
    """Note the days of facts that are derived from the staged rows; called before the merge and after it."""
    for cases in sorted(case_facts.SOURCES_OF_CASES & set(tables)):
        for table in ("service_case", "case_event"):
            touch(warehouse, table, f"{LAKE}.{table} where case_id in (select case_id from staged_{cases})")
    for table in records.targets(system) if RECORDS in tables else ():
        touch(warehouse, table, records.touched_rows(table, source_id))
    if is_evaluated:
        _touch_evaluated(warehouse, tables)


def _touch_evaluated(warehouse: Warehouse, tables: tuple[str, ...]) -> None:
    """Note the days of the evaluations whose scores the staged rows may change."""
    keys = {table: EVALUATED_BY[table] for table in tables if table in EVALUATED_BY}
    which = [f"{key} in (select {key} from staged_{table})" for table, key in keys.items()]
    which += ["evaluation_id in (select supersedes_id from staged_evaluation)"] if "evaluation" in tables else []
    if which:
        touch_evaluations(warehouse, " or ".join(which))


def columns_of(warehouse: Warehouse, table: str) -> list[str]:
    """The column names of a temporary table or view, in order."""
    described = warehouse.connection.execute(f"select * from {table} limit 0").description
    return [str(column[0]) for column in described]


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


def keep_source(warehouse: Warehouse, source_id: str, *, vendor: str, product: str, about: str) -> None:
    """Remember what a source's exports are about, once for each subject."""
    known = f"source_id = {quoted(source_id)} and kind = {quoted(about)}"
    if not warehouse.has_rows(f"{LAKE}.source_system", known):
        warehouse.append_rows("source_system", [(source_id, vendor, product, about, None, None, None)])
