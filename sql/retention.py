"""What is kept no longer than its class allows: text and numbers of old rows go, what is counted stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sql.warehouse import Warehouse

# by class: the tables, the instant that a row's age is told by, and the columns that go
CLASSES: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "notes": (
        ("leg", "queue_enter_at", ("wrap_note", "extra")),
        ("contact", "entered_at", ("extra",)),
        ("service_case", "created_at", ("title", "description", "extra")),
        ("case_version", "exported_at", ("title", "description", "extra")),
        ("case_event", "happened_at", ("text", "extra")),
        ("case_change", "happened_at", ("text", "extra")),
        ("evaluation", "coalesce(contact_at, submitted_at)", ("comment", "extra")),
        ("answer", "exported_at", ("comment", "extra")),
        ("survey_answer", "exported_at", ("value_text", "extra")),
    ),
    "callers": (
        ("contact", "entered_at", ("caller_key", "dnis")),
        ("service_case", "created_at", ("caller_key", "requester_id")),
        ("case_version", "exported_at", ("caller_key", "requester_id")),
    ),
    "put_aside": (
        ("quarantine", "(select loaded_at from lake.load_file where load_file.load_id = quarantine.load_id)", ("raw",)),
    ),
}
Span = tuple[date, date]


def retain(warehouse: Warehouse, before: Mapping[str, date], held: Sequence[Span]) -> dict[str, int]:
    """Empty what is older than its class's day and not held; gives the rows by class. Call inside a transaction."""
    return {name: sum(_empty(warehouse, part, day, held) for part in CLASSES[name]) for name, day in before.items()}


def _empty(warehouse: Warehouse, part: tuple[str, str, tuple[str, ...]], day: date, held: Sequence[Span]) -> int:
    table, instant, columns = part
    holds = "".join(f" and not ({instant} >= date '{first}' and {instant} < date '{until}')" for first, until in held)
    there = " or ".join(f"{column} is not null" for column in columns)
    condition = f"{instant} < date '{day}' and ({there}){holds}"
    count = int(warehouse.first(f"select count(*) from lake.{table} where {condition}") or 0)
    if count:
        nothing = ", ".join(f"{column} = null" for column in columns)
        warehouse.execute(f"update lake.{table} set {nothing} where {condition}")
    return count


def loaded_before(warehouse: Warehouse, day: date, held: Sequence[Span]) -> frozenset[str]:
    """The hashes of files loaded before a day whose data touch no day that is held."""
    holds = "".join(
        f" and not (coalesce(data_to, loaded_at) >= date '{first}' and coalesce(data_from, loaded_at) < date '{until}')"
        for first, until in held
    )
    text = f"select sha256 from lake.load_file where loaded_at < date '{day}' and sha256 is not null{holds}"
    return frozenset(row[0] for row in warehouse.connection.execute(text).fetchall())
