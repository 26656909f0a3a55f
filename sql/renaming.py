"""After aliases changed: the facts that bear a name of another meaning now are resolved anew, from what is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sql import case_facts
from sql.aliases import NAMES, resolved
from sql.statements import statement
from sql.touched_days import EVALUATED_BY, touch, touch_evaluations
from sql.warehouse import LAKE, Warehouse


@contextmanager
def changing(warehouse: Warehouse) -> Iterator[None]:
    """While the block changes aliases: afterwards all that bears a name of another meaning now is resolved anew.

    Inside a transaction, between `begin_touching` and `keep_touched`.
    """
    warehouse.execute(
        "create or replace temp table alias_before as select kind, of_source, alias, entity_id, valid_from, valid_to "
        f"from {LAKE}.alias where deleted_seen_at is null"
    )
    yield
    warehouse.execute(statement("facts/changed_name"))
    if warehouse.has_rows("changed_name"):
        warehouse.execute(statement("facts/alias_span"), {"source": None})
        for table in NAMES:
            _resolve_again(warehouse, table)
        warehouse.execute(statement("facts/renamed_case"))
        if warehouse.has_rows("touched_case"):
            case_facts.derive_touched_again(warehouse)


def _resolve_again(warehouse: Warehouse, table: str) -> None:
    """Resolve the changed names in a fact's stored rows, and note the days of those that mean another now."""
    key, columns = NAMES[table]
    words = {column: f"coalesce(as_named ->> '$.{column}', {column})" for column in columns}
    said = ", ".join(f"{word} as {column}, {column} as {column}_before" for column, word in words.items())
    moments = sorted({moment for _, dates in columns.values() for moment in dates})
    concerned = " or ".join(f"{word} in (select name from changed_name)" for word in words.values())
    present = [key, "source_id", "exported_at", *moments]
    moved = " or ".join(f"{column} is distinct from {column}_before" for column in columns)
    warehouse.execute(f"""
        create or replace temp table renamed as
        with said as (
            select {", ".join(present)}, {said}
            from {LAKE}.{table}
            where {concerned}
        ),
        resolved as ({resolved("said", columns, present)})
        select {key}, {", ".join(columns)}, as_named
        from resolved
        where {moved}
    """)
    if not warehouse.has_rows("renamed"):
        return
    touch(warehouse, table, f"{LAKE}.{table} where {key} in (select {key} from renamed)")
    if table in EVALUATED_BY:
        owner = EVALUATED_BY[table]
        touch_evaluations(
            warehouse,
            f"{owner} in (select {owner} from {LAKE}.{table} where {key} in (select {key} from renamed))",
        )
    updates = ", ".join(f"{column} = renamed.{column}" for column in (*columns, "as_named"))
    warehouse.execute(
        f"merge into {LAKE}.{table} as stored using renamed on stored.{key} = renamed.{key} "
        f"when matched then update set {updates}"
    )
