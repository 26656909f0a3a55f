"""Keep a warehouse quick that many small loads have written to: the table format's own maintenance, in one order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sql.warehouse import Warehouse

# how long a file that no snapshot names any more is kept for whoever reads it still, or writes it just now
GRACE = timedelta(days=1)
# small rows out of the catalogue, rows that were deleted out of the files, small files together
IN_ORDER = (
    "call ducklake_flush_inlined_data('lake', table_name => $table)",
    "call ducklake_rewrite_data_files('lake', $table)",
    "call ducklake_merge_adjacent_files('lake', $table)",
)
REMOVED = (
    "call ducklake_cleanup_old_files('lake', older_than => $moment::timestamptz)",
    "call ducklake_delete_orphaned_files('lake', older_than => $moment::timestamptz)",
)


@dataclass(frozen=True)
class Kept:
    """What the warehouse consists of: data files, their bytes, and snapshots that can be asked for."""

    files: int
    size: int
    snapshots: int


def kept(warehouse: Warehouse) -> Kept:
    """What the warehouse consists of now."""
    files, size, snapshots = warehouse.fetch("lake/kept")[0]
    return Kept(int(files), int(size), int(snapshots))


def compact(warehouse: Warehouse, *, now: datetime, ends: timedelta | None = None) -> tuple[Kept, Kept]:
    """Bring the files in order, and let snapshots end that are older than `ends`; gives what there was, and what is.

    Only while no other may write. Every snapshot that has not ended says what it said before.
    """
    before = kept(warehouse)
    for (table,) in warehouse.fetch("lake/scattered"):
        for one in IN_ORDER:
            warehouse.execute(one, {"table": table})
    if ends is not None:
        warehouse.execute(
            "call ducklake_expire_snapshots('lake', older_than => $moment::timestamptz)", {"moment": now - ends}
        )
    for one in REMOVED:
        warehouse.execute(one, {"moment": now - GRACE})
    return before, kept(warehouse)
