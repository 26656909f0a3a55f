"""One of each report, of the newest data: what a demo shows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import metrics
from metrics import Asker, Centre, Period, Scope, WrongUse
from reports.daily_sheet import daily
from reports.monthly_report import monthly
from reports.review_packet import packet


def samples(centre: Centre, out: Path, *, scope: Scope, created_at: datetime | None = None) -> list[Path]:
    """Write the sheet of the last day, the newest month that the data cover well, and a packet of that month."""
    month = metrics.month_to_report(centre)
    agent = typical_agent(centre, month, scope=scope)
    return [
        *daily(centre, metrics.last_day(centre), out, scope=scope, created_at=created_at),
        *packet(centre, agent, month, out, scope=scope, created_at=created_at),
        *monthly(centre, month.first, out, scope=scope, created_at=created_at),
    ]


def typical_agent(centre: Centre, during: Period, *, scope: Scope) -> str:
    """The agent in the middle by legs handled on the phone, of all channels where nobody was on the phone.

    Raises WrongUse where nobody handled anything.
    """
    ask = Asker(centre, scope)
    for where in ({"channel": ["voice"]}, {}):
        grid = ask.by(("legs_handled",), ["agent"], during, where)
        known = [key for key in grid.keys if key[0] is not None]
        if known:
            ordered = sorted(known, key=lambda key: (grid.figure("legs_handled", *key).n, str(key[0])))
            return str(ordered[len(ordered) // 2][0])
    last = metrics.last_day(centre)
    raise WrongUse(f"Nobody handled a contact from {during.first} to {during.last}; the last contacts are of {last}.")
