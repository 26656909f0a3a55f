"""What an export was declared to hold in full: all there is, some days, or the days on which it has rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from etl.layout import Layout
from sql import Warehouse, WrongUse
from sql.full_windows import EVER, days_in_rows

HOW = "Write FIRST:END, two days such as 2026-11-01:2026-12-01 of which the second is not part of it, or all."


@dataclass(frozen=True)
class Declared:
    """From one day to another (exclusive), or, with neither, all there is."""

    first: date | None = None
    until: date | None = None


def declared(text: str | None) -> Declared | None:
    """What --full-window says; raises WrongUse where it is neither `all` nor two days.

    >>> declared("2026-11-01:2026-11-08")
    Declared(first=datetime.date(2026, 11, 1), until=datetime.date(2026, 11, 8))
    """
    if text is None:
        return None
    if text == "all":
        return Declared()
    try:
        first, until = (date.fromisoformat(day) for day in text.split(":"))
    except ValueError:
        raise WrongUse(f"--full-window {text!r} cannot be understood. {HOW}") from None
    if until <= first:
        raise WrongUse(f"--full-window {text!r} ends before it begins. {HOW}")
    return Declared(first, until)


def spans(warehouse: Warehouse, layout: Layout, said: Declared | None, zone: str) -> list[tuple[datetime, datetime]]:
    """The spans of time (UTC) that the rows in `typed_row` hold in full; none where nothing was declared."""
    if said is None and layout.full_window is None:
        return []
    if said is None and layout.full_window == "days":
        return days_in_rows(warehouse, layout.moment, zone) if layout.moment else []
    if said is None or said.first is None or said.until is None:
        return [EVER]
    return [(_midnight(said.first, zone), _midnight(said.until, zone))]


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
