"""Whose packet to show where nobody was named."""

from __future__ import annotations

import metrics
from metrics import Asker, Centre, Period, Scope, WrongUse


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
