"""What one caller's rows hold of the person, taken out of the warehouse and of everything behind it; totals stay."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sql.place import place_of
from sql.turns import session
from sql.warehouse import Warehouse

# by table: which of its rows are a caller's, and the columns that may tell of the person
OF_CONTACT = "contact_id in (from erased_contact)"
OF_CASE = "case_id in (from erased_case)"
OF_EITHER = f"({OF_CONTACT} or {OF_CASE})"
TELLING: dict[str, tuple[str, tuple[str, ...]]] = {
    "contact": (OF_CONTACT, ("dnis", "extra")),
    "leg": (OF_CONTACT, ("wrap_note", "extra")),
    "leg_event": (OF_CONTACT, ("value", "extra")),
    "contact_case": (OF_EITHER, ("extra",)),
    "service_case": (OF_CASE, ("title", "description", "requester_id", "extra")),
    "case_version": (OF_CASE, ("title", "description", "requester_id", "extra")),
    "case_event": (OF_CASE, ("text", "extra")),
    "case_change": (OF_CASE, ("text", "extra")),
    "survey": (OF_EITHER, ("extra",)),
    "survey_answer": (f"survey_id in (select survey_id from lake.survey where {OF_EITHER})", ("value_text", "extra")),
    "evaluation": (OF_EITHER, ("comment", "extra")),
    "answer": (
        f"evaluation_id in (select evaluation_id from lake.evaluation where {OF_EITHER})",
        ("value_text", "comment", "extra"),
    ),
}
# a number stands where one is counted by, and only so its repeat contacts stay repeat contacts
KEYED = ("contact", "service_case", "case_version")
# free text of records from which facts are derived again
TEXTS = ("wrap_note", "note", "notes", "text", "comment", "description", "title", "value", "requester_id", "dnis")
# the rows whose line in an export is a caller's
LINED = (
    "contact",
    "leg",
    "leg_event",
    "service_case",
    "case_version",
    "case_event",
    "case_change",
    "survey",
    "evaluation",
)
# the files behind the tables, written anew without what is gone; in this order
REWRITTEN = (
    "call ducklake_flush_inlined_data('lake')",
    "call ducklake_rewrite_data_files('lake', delete_threshold => 0.0)",
    "call ducklake_merge_adjacent_files('lake')",
    # all but the newest, whatever the clock says: some may have been made while it was ahead
    "call ducklake_expire_snapshots('lake', older_than => timestamptz '9999-12-31 00:00:00+00')",
    "call ducklake_cleanup_old_files('lake', cleanup_all => true)",
    "call ducklake_delete_orphaned_files('lake', cleanup_all => true)",
)


@dataclass(frozen=True)
class Erased:
    """How many rows of each table were the caller's, and the hashes of the files that told of them."""

    rows: dict[str, int]
    files: frozenset[str]


def erase(warehouse: Warehouse, number: str, stand_in: str) -> Erased:
    """Take a caller's rows apart from the person; call inside a transaction, with `caller_key` defined.

    What was counted by the number is counted by the stand-in, which says nothing of it.
    """
    run = warehouse.execute
    run("create or replace temp table erased_key as select caller_key($number) as caller_key", {"number": number})
    run(
        "create or replace temp table erased_contact as "
        "select contact_id from lake.contact where caller_key = (from erased_key)"
    )
    run(
        "create or replace temp table erased_case as "
        "select case_id from lake.service_case where caller_key = (from erased_key) "
        "union select case_id from lake.contact_case where contact_id in (from erased_contact) and case_id is not null"
    )
    loads = _loads(warehouse)
    counts = {}
    for table, (condition, columns) in TELLING.items():
        counts[table] = int(warehouse.first(f"select count(*) from lake.{table} where {condition}") or 0)
        if counts[table]:
            nothing = ", ".join(f"{column} = null" for column in columns)
            run(f"update lake.{table} set {nothing} where {condition}")
    for table in KEYED:
        condition = "caller_key = (from erased_key)"
        if warehouse.has_rows(f"lake.{table}", condition):
            run(f"update lake.{table} set caller_key = $stand_in where {condition}", {"stand_in": stand_in})
    _forget_records(warehouse, stand_in)
    _forget_lines(warehouse, loads)
    text = f"select sha256 from lake.load_file where load_id in ({_listed(loads)}) and sha256 is not null"
    files = frozenset(row[0] for row in warehouse.connection.execute(text).fetchall())
    return Erased({table: rows for table, rows in counts.items() if rows}, files)


def _listed(loads: Sequence[int]) -> str:
    return ", ".join(map(str, loads)) or "null"


def _loads(warehouse: Warehouse) -> tuple[int, ...]:
    """The loads with a line of the caller's."""
    parts = [f"select load_id from lake.{table} where {TELLING[table][0]}" for table in LINED]
    parts.append("select load_id from lake.source_record where contains(fields, (select caller_key from erased_key))")
    text = f"select distinct load_id from ({' union all '.join(parts)}) order by load_id"
    # on the connection itself: a cursor of its own would not know the tables of this one
    return tuple(row[0] for row in warehouse.connection.execute(text).fetchall())


def _forget_records(warehouse: Warehouse, stand_in: str) -> None:
    """Of the records of the caller's group keep what is counted; their free text goes."""
    of_caller = "select group_key from lake.source_record where contains(fields, (select caller_key from erased_key))"
    mine = f"group_key in ({of_caller})"
    if not warehouse.has_rows("lake.source_record", mine):
        return
    patch = "{" + ", ".join(f'"{name}": null' for name in TEXTS) + "}"
    warehouse.execute(
        "update lake.source_record set extra = null, fields = json_merge_patch("
        "replace(fields, (select caller_key from erased_key), $stand_in)::json, $patch::json)::varchar "
        f"where {mine}",
        {"stand_in": stand_in, "patch": patch},
    )


def _forget_lines(warehouse: Warehouse, loads: Sequence[int]) -> None:
    """Lines put aside of the same files, or that name a row of the caller: place and reason stay, the text goes."""
    keys = (
        "select chain_key from lake.contact where contact_id in (from erased_contact) "
        "union select source_key from lake.contact where contact_id in (from erased_contact) "
        "union select number from lake.service_case where case_id in (from erased_case)"
    )
    # a short key would be found in lines of anybody
    names = f"exists (from ({keys}) as named (word) where length(word) >= 4 and contains(raw, word))"
    condition = f"raw is not null and (load_id in ({_listed(loads)}) or {names})"
    if warehouse.has_rows("lake.quarantine", condition):
        warehouse.execute(f"update lake.quarantine set raw = null where {condition}")


def rewrite(warehouse: Warehouse) -> None:
    """Write the tables' files anew, so that nothing deleted stays in them; earlier snapshots end."""
    for statement in REWRITTEN:
        warehouse.execute(statement)


def clear_catalogue(folder: Path) -> None:
    """Overwrite what the catalogue has deleted; call after the warehouse is closed."""
    place = place_of(folder)
    if place.is_shared:
        with closing(session(place)) as catalogue:
            catalogue.run("vacuum full")
        return
    with sqlite3.connect(place.catalogue) as connection:
        connection.execute("pragma secure_delete = on")
    connection.close()
    vacuuming = sqlite3.connect(place.catalogue, isolation_level=None)
    try:
        vacuuming.execute("vacuum")
        vacuuming.execute("pragma wal_checkpoint(truncate)")
    finally:
        vacuuming.close()
