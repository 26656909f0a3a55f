"""What a warehouse holds, as one text per table: equal whatever the order in which the same files came."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sql import Warehouse

PROVENANCE = {"load_id", "line_no", "exported_at"}
FACTS = (
    "agent",
    "contact",
    "contact_case",
    "leg",
    "service_case",
    "case_change",
    "case_event",
    "survey",
    "survey_answer",
    "interval_stat",
    "team_member",
    "evaluation",
    "answer",
)


def digest(folder: Path) -> dict[str, str]:
    """A hash of every fact table's rows, without what says which load brought them."""
    with Warehouse.open(folder / "warehouse") as warehouse:
        return {table: _of_table(warehouse, table) for table in FACTS}


def _of_table(warehouse: Warehouse, table: str) -> str:
    frame = warehouse.frame(f"from lake.{table}")
    frame = frame.select(name for name in frame.columns if name not in PROVENANCE)
    rows = sorted(repr(row) for row in frame.iter_rows())
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
