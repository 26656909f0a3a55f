"""What became of requests, by department and by type within it: created, closed, open and overdue in one table each."""

from __future__ import annotations

from metrics import Grid, Key
from metrics.answers import Answer, table
from metrics.language import N_, _
from metrics.month.figures import MonthFigures
from metrics.parts import Table

STATUS = {
    "requests_created": N_("Created"),
    "requests_closed": N_("Closed"),
    "requests_net_closed": N_("Closed and still closed"),
    "requests_reopened": N_("Re-opened"),
    "open_backlog": N_("Open"),
    "overdue_backlog": N_("Past their date"),
    "on_time_closure_rate": N_("On time, of those due"),
    "average_time_to_close": N_("Mean of closed"),
}
# a department's types beyond these stand in its total alone
MOST_TYPES = 15


def within_departments(month: MonthFigures) -> list[Table]:
    """A table for each department, its types by the number that came in."""
    whole = month.ask(STATUS, "department")
    types = month.asker.by(tuple(STATUS), ["department", "request_type"], month.month)
    return [_table(month, whole, key, types.of(key[0])) for key in whole.keys if _has_any(whole, key)]


def _has_any(whole: Answer, key: Key) -> bool:
    return key[0] is not None and any(whole.figure(name, *key).n for name in ("requests_created", "open_backlog"))


def _table(month: MonthFigures, whole: Answer, key: Key, types: Grid) -> Table:
    answer = _asked_together(month, whole, key, types)
    keys = answer.largest("requests_created", MOST_TYPES)
    name = whole.called(key)
    caption = name
    if len(answer.keys) > len(keys):
        caption = _("{name}: the {most} most frequent of {n} types").format(
            name=name, most=len(keys), n=len(answer.keys)
        )
    return table(
        caption,
        answer.columns({**STATUS, "open_backlog": _("Open {then}").format(then=month.at_the_end)}),
        keys=keys,
        heading=_("Request type"),
        total=_("All types"),
    )


def _asked_together(month: MonthFigures, whole: Answer, key: Key, types: Grid) -> Answer:
    """A department's answer out of those of all: one question for a city's departments and not one for each."""
    where = {"department": [str(key[0])]}
    together = whole.grid
    total = Grid(
        together.metrics,
        {name: {(): together.figure(name, *key)} for name in STATUS if name not in together.absent},
        together.counts_zero,
        together.absent,
    )
    month.pool.keep(types, "request_type", month.month, where)
    month.pool.keep(total, "", month.month, where)
    return month.ask(STATUS, "request_type", where=where)
