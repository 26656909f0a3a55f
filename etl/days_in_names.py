"""The days that a file's name speaks of, against the days of its rows: another day's export is not taken unnoticed."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sql import FileRejected

WRITTEN = re.compile(r"(?<![0-9])(20[0-9]{2})([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12][0-9]|3[01])(?![0-9])")
# a name may give the day of the export, which can be a month after the last of its rows
LONGEST_DELAY = timedelta(days=62)
NEAR = timedelta(days=1)


def days_in(name: str) -> list[date]:
    """The dates written in a file's name, as 2026-11-13, 2026_11_13 or 20261113.

    >>> days_in("calls_2026-11-13.csv")
    [datetime.date(2026, 11, 13)]
    """
    found = []
    for year, _, month, day in WRITTEN.findall(name):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return found


def of_another_day(name: str, days: tuple[date, date] | None) -> FileRejected | None:
    """A rejection where all rows lie after the day in the name, or long before it; null where they may belong to it."""
    named = days_in(name)
    if not named or days is None:
        return None
    first, last = days
    if first <= max(named) + NEAR and last >= min(named) - LONGEST_DELAY:
        return None
    message = (
        f"The name says {' to '.join(sorted({day.isoformat() for day in named}))}, the rows are of {first} to {last}. "
        "Nothing was loaded: if the file is the right one, give it a name without that date."
    )
    return FileRejected("another_day", message)
