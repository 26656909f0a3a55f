"""One agent's day: in which state every stretch was spent, what was planned for it, and where the two differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import polars as pl
from markupsafe import Markup

from metrics import figures, text
from metrics.asker import Asker
from metrics.charts import palette
from metrics.charts.strips import Look, Stretch, strips, strips_text
from metrics.language import N_, _
from metrics.period import Period

# shorter than this, a difference from the plan is the minute that a contact takes to end
SHORTEST_SECONDS = 120
LOOKS = {
    "handling": Look(N_("with a resident"), palette.ACCENT),
    "acw": Look(N_("after-call work"), palette.BAR, 0.75),
    "available": Look(N_("available"), palette.GOOD, 0.3),
    "not_ready": Look(N_("not ready"), palette.ATTENTION, 0.5),
    "queue": Look(N_("taking contacts"), palette.BAR),
    "break": Look(N_("break"), palette.SECOND_BAR, 0.35),
    "meal": Look(N_("meal"), palette.SECOND_BAR, 0.55),
    "meeting": Look(N_("meeting"), palette.INK, 0.7),
    "training": Look(N_("training"), palette.INK, 0.85),
    "other_work": Look(N_("other work"), palette.INK, 0.45),
    "time_off": Look(N_("time off"), palette.MUTED, 0.15),
    "unavailable": Look(N_("not to be there"), palette.MUTED, 0.2),
    "offline": Look(N_("not logged in"), palette.MUTED, 0.1),
    "apart": Look(N_("not as planned"), palette.ATTENTION, 0.6),
}
WHY = {
    "contact ran into it": N_("a contact ran into it"),
    "absent": N_("not logged in"),
    "not ready": N_("not ready"),
    "available instead": N_("available instead"),
}


@dataclass(frozen=True)
class Departure:
    """A stretch of the plan that was not kept: what was planned, in which state it was spent, and why that counts."""

    first: datetime
    until: datetime
    planned: str
    state: str
    why: str

    @property
    def seconds(self) -> float:
        """How long it lasted, by the clock of the world."""
        return self.until.timestamp() - self.first.timestamp()


@dataclass(frozen=True)
class AgentDay:
    """The states and the plan of one agent's operating day, and the departures from the plan of two minutes or more."""

    on: date
    states: tuple[Stretch, ...]
    plan: tuple[Stretch, ...]
    departures: tuple[Departure, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known of it."""
        return not self.states and not self.plan


def agent_day(ask: Asker, agent: str, on: date) -> AgentDay:
    """The day as the rows behind two figures tell it: staffed time (M35) and adherence (M42), cut at the day's ends."""
    during, where = Period.day(on), {"agent": [agent]}
    asked = {"during": during, "where": where, "scope": ask.scope}
    spent = figures.rows(ask.centre, "staffed_time", **asked)  # type: ignore[arg-type]
    planned = figures.rows(ask.centre, "adherence", key="split", **asked)  # type: ignore[arg-type]
    return AgentDay(
        on,
        tuple(Stretch(*one) for one in _joined(spent.select("started_at", "ended_at", "state"))),
        tuple(Stretch(*one) for one in _joined(planned.select("started_at", "ended_at", "activity"))),
        tuple(_departures(planned)),
    )


def _joined(pieces: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Pieces that follow each other and are alike in all else made one, in order of time."""
    last: list[Any] | None = None
    for first, until, *kind in pieces.sort("started_at").iter_rows():
        if last is not None and last[2:] == kind and last[1] == first:
            last[1] = until
            continue
        if last is not None:
            yield tuple(last)
        last = [first, until, *kind]
    if last is not None:
        yield tuple(last)


def _departures(planned: pl.DataFrame) -> Iterator[Departure]:
    apart = planned.filter(pl.col("exception").is_not_null() & pl.col("activity").is_not_null())
    for first, until, activity, state, why in _joined(
        apart.select("started_at", "ended_at", "activity", "state", "exception")
    ):
        found = Departure(first, until, activity, state, why)
        if found.seconds >= SHORTEST_SECONDS:
            yield found


def in_short(day: AgentDay) -> str:
    """The day in a sentence: from when to when, how much of the plan was not kept, and why."""
    if day.is_empty:
        return _("neither states nor a plan are on record")
    if not day.states:
        return _("a plan is on record, and no state of the phone system")
    there = _("there from {first} to {last}").format(
        first=text.clock(day.states[0].first), last=text.clock(day.states[-1].until)
    )
    if not day.plan:
        return _("{there}; no plan is on record").format(there=there)
    if not day.departures:
        return _("{there}, as planned but for moments").format(there=there)
    lasted: dict[str, float] = {}
    for one in day.departures:
        lasted[one.why] = lasted.get(one.why, 0.0) + one.seconds
    why = text.listed([f"{_(WHY.get(name, name))} {text.duration(seconds)}" for name, seconds in lasted.items()])
    return _("{there}; not as planned for {total}: {why}").format(
        there=there, total=text.duration(sum(lasted.values())), why=why
    )


def picture(day: AgentDay, *, width: float = 700) -> Markup:
    """The states over the plan, and beneath them where the two differ."""
    return strips(_title(day), _rows(day), _looks(), width=width)


def described(day: AgentDay) -> str:
    """What the picture shows, in words."""
    return strips_text(_title(day), _rows(day), _looks())


def _title(day: AgentDay) -> str:
    return _("{day}: states and plan").format(day=text.day(day.on))


def _rows(day: AgentDay) -> dict[str, tuple[Stretch, ...]]:
    apart = tuple(Stretch(one.first, one.until, "apart") for one in day.departures)
    return {_("Was"): day.states, _("Planned"): day.plan, _("Apart"): apart}


def _looks() -> dict[str, Look]:
    return {kind: replace(look, words=_(look.words)) for kind, look in LOOKS.items()}


def called(kind: str) -> str:
    """What people call a state or a planned activity."""
    return _(LOOKS[kind].words) if kind in LOOKS else text.plain_words(kind)
