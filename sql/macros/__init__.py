"""Small functions that statements share, defined on a connection with the centre's own values filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from string import Template
from typing import Any

from duckdb import DuckDBPyConnection

from sql.statements import statement

WORDS = (
    "is_closed",
    "case_status",
    "contact_channel",
    "case_kind",
    "satisfaction",
    "survey_measure",
    "planned_activity",
)
# what a reader of files needs; each is defined before those that use it
READER = ("key_id", "passes_luhn", "without_cards", "redacted")
CLOCK = ("local_time", "operating_day", "near", "interval_start", "day_begins")
RECKONING = ("instant_of", "fiscal_year", "fiscal_quarter", "fiscal_period", "peak", "tenure", "rule")


def define(connection: DuckDBPyConnection, names: tuple[str, ...], values: Mapping[str, str]) -> None:
    """Define macros by name; `values` fills their `$placeholders` (never with text from an export)."""
    for name in names:
        text = Template(statement(f"macros/{name}")).safe_substitute(
            {key: value.replace("'", "''") for key, value in values.items()}
        )
        connection.execute(text)


def define_clock(connection: DuckDBPyConnection, *, timezone: str, day_starts_ms: int) -> None:
    """Define what turns instants into the centre's days and intervals."""
    define(connection, CLOCK, {"timezone": timezone, "day_starts_ms": str(day_starts_ms)})


def define_ahead(connection: DuckDBPyConnection, latest: datetime | None) -> None:
    """Define which exports are dated ahead: those after a moment; without one, none are."""
    until = "infinity" if latest is None else f"{latest.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    define(connection, ("is_ahead",), {"until": until})


def reckoning_values(
    *, timezone: str, day_starts_ms: int, rules: Mapping[str, float], peak_hours: Sequence[int]
) -> dict[str, str]:
    """What fills the macros of the clock and the reckoning.

    The rules stand in the macro itself: a query of their table in every fact would cost each question its time.
    """
    return {
        "timezone": timezone,
        "day_starts_ms": str(day_starts_ms),
        "fiscal_month": str(int(rules.get("fiscal_month", 1))),
        "peak_hours": f"{list(peak_hours)}::integer[]",
        "rule_names": " ".join(rules),
        "rule_numbers": f"{list(rules.values())}::double[]",
    }


def define_reckoning(connection: DuckDBPyConnection, values: Mapping[str, str]) -> None:
    """Define what figures need: the clock, fiscal periods, peak hours, tenure and the centre's own rules."""
    define(connection, (*CLOCK, *RECKONING), values)


def define_caller_key(connection: DuckDBPyConnection, secret: bytes) -> None:
    """Define `caller_key` with the centre's secret, padded as RFC 2104 says."""
    padded = secret.ljust(64, b"\0")
    pads = {
        "inner": bytes(byte ^ 0x36 for byte in padded).hex(),
        "outer": bytes(byte ^ 0x5C for byte in padded).hex(),
    }
    define(connection, ("caller_key",), pads)


def define_reading(
    connection: DuckDBPyConnection, *, secret: bytes, used_form_items: Sequence[Sequence[Any]] = ()
) -> None:
    """Define all that the conversion of a file's rows may use, where no warehouse is open.

    `used_form_items` are the rows of `facts/used_form_item`, for layouts that ask whether a form may still change.
    """
    define(connection, (*READER, *WORDS), {})
    define_caller_key(connection, secret)
    connection.execute(
        "create or replace temp table used_form_item (form_id varchar, form_version varchar, item_id varchar, "
        "section varchar, text varchar, weight double, max_points double, critical_class varchar)"
    )
    if used_form_items:
        connection.executemany("insert into used_form_item values (?, ?, ?, ?, ?, ?, ?, ?)", list(used_form_items))
    define(connection, ("form_item_stands",), {})
