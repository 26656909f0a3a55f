"""Derive facts from records that tell them only together: the events of a call, the rows of several tables.

The records are kept as they came (`source_record`), so facts are the same whatever order or split the files come in.
A system's statements lie in `records/<system>/`: `part` (a contact's parts, most of them legs), `leg_event`,
`state_moment`.
"""

from __future__ import annotations

from sql.conversion import quoted
from sql.statements import names, statement
from sql.warehouse import LAKE, Warehouse

# what a system's statement says row by row, the table that takes it up, and the facts that are made of it
DERIVED = {
    "part": ("contact_part", ("contact", "leg", "contact_case")),
    "state_moment": ("state_moment", ("agent_state",)),
}
EVENTS = "leg_event"
STATES = "agent_state"


def stage(warehouse: Warehouse, system: str, source_id: str) -> None:
    """Make `staged_<fact>` for the contacts and agents whose records the staged ones change; call before the merge."""
    source = {"source": source_id}
    warehouse.execute(statement("records/changed"))
    warehouse.execute(statement("records/touched_group"))
    warehouse.execute(statement("records/touched_record"), source)
    known = names(f"records/{system}")
    for name, (table, facts) in DERIVED.items():
        if name in known:
            warehouse.execute(statement(f"records/{table}"))
            warehouse.execute(f"insert into {table} by name {statement(f'records/{system}/{name}')}")
            for fact in facts:
                _stage_fact(warehouse, fact, statement(f"records/{fact}"), source_id)
    if EVENTS in known:
        _stage_fact(warehouse, EVENTS, statement(f"records/{system}/{EVENTS}"), source_id)


def _stage_fact(warehouse: Warehouse, fact: str, text: str, source_id: str) -> None:
    warehouse.execute(f"create or replace temp table staged_{fact} as {text}", {"source": source_id})


def targets(system: str) -> tuple[str, ...]:
    """The fact tables that a system's records fill."""
    known = names(f"records/{system}")
    facts = [fact for name, (_, made) in DERIVED.items() if name in known for fact in made]
    return (*facts, *((EVENTS,) if EVENTS in known else ()))


def merge(warehouse: Warehouse, system: str, source_id: str) -> None:
    """Put the staged facts in the place of what was stored of the same contacts and agents; inside a transaction."""
    for table in targets(system):
        if table == STATES:
            warehouse.execute(statement("records/outdated_state"), {"source": source_id})
        else:
            warehouse.execute(
                f"delete from {LAKE}.{table} where source_id = $source and contact_id in "
                "(select key_id($source, group_key) from touched_group where about = 'contact')",
                {"source": source_id},
            )
        warehouse.execute(f"insert into {LAKE}.{table} by name select * from staged_{table}")


def touched_rows(table: str, source_id: str) -> str:
    """The stored rows of the touched contacts or agents, as what follows `from`."""
    source = quoted(source_id)
    if table == STATES:
        return (
            f"{LAKE}.{table} where source_id = {source} and exists (select 1 from touched_group "
            "where about = 'agent' and group_key = coalesce(as_named ->> '$.agent_id', agent_id) "
            "and start_at between from_at and to_at)"
        )
    return (
        f"{LAKE}.{table} where source_id = {source} and contact_id in "
        f"(select key_id({source}, group_key) from touched_group where about = 'contact')"
    )
