"""Facts that follow from cases: their events, their newest state, the contacts that only they know, links to calls."""

from __future__ import annotations

from collections.abc import Collection
from string import Template

from sql import aliases
from sql.statements import statement
from sql.touched_days import touch
from sql.warehouse import LAKE, Warehouse

SOURCES_OF_CASES = frozenset({"case_version", "case_change"})
NAMING = ("survey", "evaluation")
# the statement that fills in what is named, and which rows wait for it: an update costs a load a tenth of a second
NAMED = {
    "named_contact": "contact_key is not null and contact_id is null",
    "named_case": "case_number is not null and case_id is null",
}
SOURCES_OF_LINKS = SOURCES_OF_CASES | {"contact_case", "leg"}
CASE_CONTACTS = (
    f"contact_id in (select contact_id from {LAKE}.contact_case "
    "where method = 'derived' and case_id in (select case_id from linkable_case))"
)
DAYS_OF_CASE_CONTACTS = (
    f"insert into {LAKE}.touched_day select distinct 'contact', operating_day(entered_at) from {LAKE}.contact "
    f"where {CASE_CONTACTS}"
)
GUESSED = "method in ('cti', 'agent_time_phone', 'agent_time')"
INFERRED = "method in ('cti', 'agent_time_phone', 'agent_time', 'derived')"


def forget_inferred(warehouse: Warehouse, tables: Collection[str]) -> None:
    """Drop links that were inferred for cases which contacts now name themselves; call before these are merged."""
    if "contact_case" in tables and warehouse.has_rows("staged_contact_case"):
        warehouse.execute(
            f"delete from {LAKE}.contact_case where {GUESSED} "
            "and case_number in (select case_number from staged_contact_case)"
        )


def derive(warehouse: Warehouse, tables: Collection[str]) -> None:
    """Derive anew what follows from the staged tables; call in a transaction, after everything else was merged."""
    _derive_from_cases_and_calls(warehouse, tables)
    if {"contact", *SOURCES_OF_CASES, *NAMING} & set(tables):
        for table in NAMING:
            if not warehouse.has_rows(f"{LAKE}.{table}", " or ".join(f"({waiting})" for waiting in NAMED.values())):
                continue
            for name, waiting in NAMED.items():
                if warehouse.has_rows(f"{LAKE}.{table}", waiting):
                    warehouse.execute(Template(statement(f"facts/{name}")).substitute(table=table))


def _derive_from_cases_and_calls(warehouse: Warehouse, tables: Collection[str]) -> None:
    if not SOURCES_OF_LINKS & set(tables):
        return
    if not SOURCES_OF_CASES & set(tables) and not warehouse.has_rows(f"{LAKE}.service_case"):
        return
    _stage_nothing(warehouse, SOURCES_OF_LINKS - set(tables))
    if SOURCES_OF_CASES & set(tables):
        warehouse.execute(statement("facts/new_case_version"))
        warehouse.execute(f"insert into {LAKE}.case_version by name select * from new_case_version")
        warehouse.execute(statement("facts/touched_case"))
        _derive_cases(warehouse)
    else:
        warehouse.execute(
            f"create or replace temp table touched_case as select case_id from {LAKE}.service_case limit 0"
        )
    _link_cases(warehouse)


def _stage_nothing(warehouse: Warehouse, tables: Collection[str]) -> None:
    for table in tables:
        warehouse.execute(f"create or replace temp table staged_{table} as from {LAKE}.{table} limit 0")


def derive_touched_again(warehouse: Warehouse) -> None:
    """Derive the cases of `touched_case` anew, and what follows from them, though no export brought them."""
    _touch_cases(warehouse)
    _stage_nothing(warehouse, SOURCES_OF_LINKS)
    _derive_cases(warehouse)
    _link_cases(warehouse)
    _touch_cases(warehouse)
    for table in SOURCES_OF_LINKS:
        warehouse.forget(f"staged_{table}")


def _touch_cases(warehouse: Warehouse) -> None:
    for table in ("service_case", "case_event"):
        touch(warehouse, table, f"{LAKE}.{table} where case_id in (select case_id from touched_case)")


def _derive_cases(warehouse: Warehouse) -> None:
    """Derive the touched cases and their events anew from all that is known of them."""
    for table in SOURCES_OF_CASES:
        warehouse.execute(
            f"create or replace temp table touched_{table} as "
            f"from {LAKE}.{table} where case_id in (select case_id from touched_case)"
        )
    aliases.resolve_cases(warehouse)
    for table in ("case_event", "service_case"):
        warehouse.execute(f"create or replace temp table derived_{table} as {statement(f'facts/{table}')}")
        warehouse.execute(f"delete from {LAKE}.{table} where case_id in (select case_id from touched_case)")
        warehouse.execute(f"insert into {LAKE}.{table} by name select * from derived_{table}")


def _link_cases(warehouse: Warehouse) -> None:
    warehouse.execute(statement("facts/linkable_case"))
    if warehouse.has_rows("linkable_case"):
        _derive_contacts_and_links(warehouse)


def _derive_contacts_and_links(warehouse: Warehouse) -> None:
    """Contacts that live only in the case system, and links that nobody wrote down, for the linkable cases."""
    warehouse.execute(DAYS_OF_CASE_CONTACTS)
    warehouse.execute(f"delete from {LAKE}.contact where {CASE_CONTACTS}")
    warehouse.execute(
        f"delete from {LAKE}.contact_case where {INFERRED} and case_id in (select case_id from linkable_case)"
    )
    warehouse.execute(f"create or replace temp table derived_contact as {statement('facts/case_contact')}")
    warehouse.execute(f"insert into {LAKE}.contact by name select * exclude (case_id, role) from derived_contact")
    for name in ("case_contact_link", "inferred_link"):
        warehouse.execute(f"insert into {LAKE}.contact_case by name {statement(f'facts/{name}')}")
    warehouse.execute(DAYS_OF_CASE_CONTACTS)
