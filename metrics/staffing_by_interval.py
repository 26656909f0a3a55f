"""Load against people, interval by interval: agents that calls needed, agents planned, agents who were there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from metrics.asker import NO_CHOICE, Asker, Where
from metrics.catalogue import AN_HOUR
from metrics.grid import Figure, Grid
from metrics.period import Period
from metrics.scope import Scope
from metrics.settings import Target
from metrics.staffing import erlangs, required_agents

# where a centre has set no target of its own for the service level
USUAL_SHARE, USUAL_SECONDS = 0.80, 20


@dataclass(frozen=True)
class Slot:
    """One interval: `offered` calls, their load in `erlangs`, and agents `required`, `planned` and `present`.

    Planned agents are in paid time, whatever they were planned to do in it; those present take or await contacts.
    Null is what no source tells.
    """

    at: datetime
    offered: Figure
    erlangs: float | None
    required: int | None
    planned: float | None
    present: float | None

    @property
    def gap(self) -> float | None:
        """Agents present beyond those required; negative where some were missing."""
        return None if self.required is None or self.present is None else self.present - self.required


@dataclass(frozen=True)
class StaffedDay:
    """A day's intervals, with what the requirement rests on.

    `handle_seconds` is the day's handle time of calls, `patience_seconds` the mean time that callers are ready to wait
    (all waiting over the number who gave up; null where nobody did), `goal` the share to be answered `within_seconds`.
    """

    slots: Sequence[Slot]
    handle_seconds: float | None
    patience_seconds: float | None
    goal: float
    within_seconds: int


def staffed_day(asker: Asker, during: Period, where: Where = NO_CHOICE) -> StaffedDay:
    """The intervals of a period of calls; people are those who took any call in it.

    Required agents by Erlang A with the callers' own patience, by Erlang C where nobody gave up
    (Garnett, Mandelbaum and Reiman 2002); the handle time is the whole period's, since an interval's own is mostly
    chance.
    """
    # numbers of agents name nobody: whoever may see the page sees the whole floor, as the calls are the whole centre's
    asker = Asker(asker.centre, Scope.whole_centre())
    calls = {**where, "channel": ["voice"]}
    whole = asker.total(("average_handle_time", "average_wait", "contacts_abandoned"), during, calls)
    handle = whole["average_handle_time"].value
    patience = _patience(whole["average_wait"], whole["contacts_abandoned"])
    share, within = _target(asker, during, calls)
    offered = asker.by(["contacts_offered"], ["interval"], during, calls)
    people = _people(asker, during, calls)
    present = asker.by(["occupancy"], ["interval"], during, people)
    planned = asker.by(["utilisation"], ["interval"], during, people)
    length = asker.centre.interval_ms

    def slot(key: tuple[object, ...]) -> Slot:
        figure = offered.figure("contacts_offered", *key)
        needed = required = None
        if handle and figure.value is not None:
            needed = erlangs(figure.value, handle, length / 1000)
            required = required_agents(
                calls=figure.value,
                handle_seconds=handle,
                interval_seconds=length / 1000,
                share=share,
                within_seconds=within,
                patience_seconds=patience,
            ).agents
        return Slot(
            asker.local(key),
            figure,
            needed,
            required,
            _agents(planned, "utilisation", key, length),
            _agents(present, "occupancy", key, length),
        )

    return StaffedDay([slot(key) for key in asker.intervals(offered)], handle, patience, share, within)


def _people(asker: Asker, during: Period, calls: Where) -> Where:
    """Those who took a call: agents of other work alone are no staff of the phones."""
    grid = asker.by(["legs_handled"], ["agent"], during, calls)
    return {"agent": [str(agent) for (agent,) in grid.keys if agent is not None]}


def _patience(wait: Figure, abandoned: Figure) -> float | None:
    """All time waited over the number who gave up, the estimate for a constant rate of giving up."""
    if not abandoned.value or not wait.numerator:
        return None
    return wait.numerator / abandoned.value


def _target(asker: Asker, during: Period, calls: Where) -> tuple[float, int]:
    """The target of the queues that had calls (the middle one where they differ), else what is usual."""
    queues = asker.by(["contacts_offered"], ["queue"], during, calls).keys
    found = [asker.target("service_level", during.last, None if queue is None else str(queue)) for (queue,) in queues]
    known: list[Target] = [one for one in found if one is not None and one.goal is not None]
    seconds = [one.within_seconds for one in known if one.within_seconds is not None]
    return (
        float(median(one.goal for one in known if one.goal is not None)) if known else USUAL_SHARE,
        int(median(seconds)) if seconds else USUAL_SECONDS,
    )


def _agents(grid: Grid, name: str, key: tuple[object, ...], interval_ms: int) -> float | None:
    """Hours of all agents in an interval as a number of agents: 0 where others have hours, null where nobody has."""
    hours = grid.figure(name, *key).denominator
    if hours is None:
        return 0.0 if grid.days_with(name) else None
    return hours * AN_HOUR / interval_ms
