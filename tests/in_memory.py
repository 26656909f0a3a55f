"""A loaded centre's tables in memory, where a question takes a tenth of what the lake takes to plan it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from metrics import Centre, identities
from metrics.centre import prepare
from sql import names
from sql.blank import blank_warehouse
from tests.metrics.town import put_frame

FILLED = """
    select table_name
    from __ducklake_metadata_lake.ducklake_table
    left join __ducklake_metadata_lake.ducklake_table_stats using (table_id)
    where end_snapshot is null and record_count is distinct from 0
"""


@contextmanager
def in_memory(centre: Centre) -> Iterator[Centre]:
    """Every row of an open centre's lake; without the note of what is stored, so that every figure comes from the facts."""
    filled = {row[0] for row in centre.warehouse.connection.execute(FILLED).fetchall()}
    with blank_warehouse(centre.folder) as warehouse:
        for name in filled & set(names("tables")) - {"stored_measure"}:
            put_frame(warehouse.connection, name, centre.table(name))
        yield prepare(centre.folder, warehouse)


def open_identities(centre: Centre) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """The identities that do not close on all days of a centre, each with the places where it does not."""
    with in_memory(centre) as copy:
        first, last = copy.named("facts/whole_span").row(0)
        days = [] if first is None else [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return [(one.name, one.open_places.rows()) for one in identities(copy, days=days) if not one.closes]
