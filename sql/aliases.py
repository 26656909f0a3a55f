"""The names by which sources call people, queues and departments, resolved through the dated aliases.

Facts hold whom a name stood for at the time, and in `as_named` the source's own word where that is another; cases are
derived from exports that are kept as they came. So a name that is settled later needs no file again, and the same
files and aliases give the same facts in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Sequence

from sql.conversion import quoted
from sql.statements import statement
from sql.warehouse import LAKE, Warehouse

LEG_BEGINS = ("queue_enter_at", "offered_at", "answered_at", "released_at")
STATED = ("updated_at", "exported_at")
# by fact: its key, and of each column that names what it names, and the moments of which the first known dates it
NAMES: dict[str, tuple[str, dict[str, tuple[str, Sequence[str]]]]] = {
    "contact": ("contact_id", {"first_queue_id": ("queue", ("entered_at",))}),
    "leg": ("leg_id", {"agent_id": ("agent", LEG_BEGINS), "queue_id": ("queue", LEG_BEGINS)}),
    "leg_event": ("leg_event_id", {"agent_id": ("agent", ("start_at",)), "queue_id": ("queue", ("start_at",))}),
    "agent_state": ("state_id", {"agent_id": ("agent", ("start_at",)), "queue_id": ("queue", ("start_at",))}),
    "interval_stat": (
        "stat_id",
        {"agent_id": ("agent", ("interval_start_at",)), "queue_id": ("queue", ("interval_start_at",))},
    ),
    "evaluation": (
        "evaluation_id",
        {"agent_id": ("agent", ("contact_at", "submitted_at")), "evaluator_id": ("agent", ("submitted_at",))},
    ),
    "schedule": ("schedule_id", {"agent_id": ("agent", ("start_at",))}),
    "survey": (
        "survey_id",
        {"agent_id": ("agent", ("answered_at", "sent_at")), "queue_id": ("queue", ("answered_at", "sent_at"))},
    ),
}
# these are not facts themselves: what is derived from them bears the resolved names
CASE_NAMES: dict[str, dict[str, tuple[str, Sequence[str]]]] = {
    "case_version": {
        "department": ("department", STATED),
        "owner_id": ("agent", STATED),
        "created_by": ("agent", ("created_at",)),
    },
    "case_change": {"department": ("department", ("happened_at",)), "done_by": ("agent", ("happened_at",))},
}


def know(warehouse: Warehouse, source_id: str | None = None) -> bool:
    """Make `alias_span`, by which names are resolved; says whether there is any alias at all."""
    if not warehouse.has_rows(f"{LAKE}.alias"):
        # what asks later asks this table, which is quicker than the lake
        warehouse.execute("create or replace temp table alias_span (name varchar)")
        return False
    warehouse.execute(statement("facts/alias_span"), {"source": source_id})
    return True


def resolve_staged(warehouse: Warehouse, table: str) -> None:
    """Put those whom the names stand for in the place of the names in `staged_<table>`; call after `know`."""
    if table not in NAMES:
        return
    _, columns = NAMES[table]
    staged = f"staged_{table}"
    present = _columns_of(warehouse, staged)
    text = resolved(staged, {name: how for name, how in columns.items() if name in present}, present)
    warehouse.execute(f"create or replace temp table resolved as {text}")
    warehouse.take_place("resolved", staged)


def resolve_cases(warehouse: Warehouse) -> None:
    """Do so in the states and changes of cases from which facts are derived; whoever loads has made `alias_span`."""
    if not warehouse.has_rows("alias_span"):
        return
    for table, columns in CASE_NAMES.items():
        touched = f"touched_{table}"
        text = resolved(touched, columns, _columns_of(warehouse, touched), keeps_names=False)
        warehouse.execute(f"create or replace temp table resolved as {text}")
        warehouse.take_place("resolved", touched)


def resolved(
    rows: str, columns: dict[str, tuple[str, Sequence[str]]], present: Sequence[str], *, keeps_names: bool = True
) -> str:
    """Rows with resolved names, as a select; a name that nobody settled stands for itself."""
    joins = []
    for column, (kind, moments) in columns.items():
        dates = [f"named.{moment}" for moment in (*moments, "exported_at") if moment in present]
        moment = f"coalesce({', '.join(dates)})"
        joins.append(
            f"left join alias_span as {column}_is on {column}_is.kind = {quoted(kind)} "
            f"and {column}_is.source_id = named.source_id and {column}_is.name = named.{column} "
            f"and {moment} >= {column}_is.from_at and {moment} < {column}_is.until_at"
        )
    meant = ", ".join(f"coalesce({column}_is.entity_id, named.{column}) as {column}" for column in columns)
    words = ", ".join(
        f"{quoted(column)}, case when {column}_is.entity_id <> named.{column} then named.{column} end"
        for column in columns
    )
    another = " or ".join(f"{column}_is.entity_id <> named.{column}" for column in columns) or "false"
    kept = f", case when {another} then json_object({words})::varchar end as as_named" if keeps_names else ""
    return f"select named.* replace ({meant}){kept} from {rows} as named {' '.join(joins)}"


def _columns_of(warehouse: Warehouse, table: str) -> list[str]:
    return [str(column[0]) for column in warehouse.connection.execute(f"from {table} limit 0").description]
