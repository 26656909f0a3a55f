"""The sampling plan as evaluators work it off: what was drawn, what is done of it, and what is left for whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from metrics.centre import Centre
from metrics.people import roster
from metrics.period import Period
from metrics.quality.form import Form, forms, forms_for
from metrics.quality.frames import evaluations
from metrics.sampling import STAGES, draws, keyed_order, reach
from metrics.scope import Scope
from sql import WrongUse

EVER = Period(date(1900, 1, 1), date(9999, 12, 31))
# a contact and the agent whose part in it is evaluated
Part = tuple[int, str]


@dataclass(frozen=True)
class Plan:
    """A draw that is worked off: its stage, its period, and its contacts in the order of agents and places."""

    stage: str
    during: Period
    contacts: pl.DataFrame

    @property
    def name(self) -> str:
        """How an address names it."""
        return f"{self.during.first}_{self.during.until}_{self.stage}"


def plans(folder: Path) -> list[Plan]:
    """The draws of a centre, the newest period first; of several draws of a stage and period the newest version."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for stage in STAGES:
        for draw in draws(folder, EVER, stage):
            key = (draw["from"], draw["to"], stage)
            if key not in found or found[key]["version"] < draw["version"]:
                found[key] = draw
    return [_plan(found[key]) for key in sorted(found, reverse=True)]


def _plan(draw: dict[str, Any]) -> Plan:
    contacts = pl.DataFrame(draw["contacts"], infer_schema_length=None)
    if contacts.height:
        contacts = contacts.with_columns(pl.col("completed_local").str.to_datetime("%Y-%m-%dT%H:%M:%S%.f"))
    during = Period(date.fromisoformat(draw["from"]), date.fromisoformat(draw["to"]))
    return Plan(draw["stage"], during, contacts)


def is_drawn(folder: Path, contact_id: int, agent: str) -> bool:
    """Whether a contact was drawn by chance to tell about an agent; any other choice is a targeted one."""
    return any(
        row["contact_id"] == contact_id and row["agent_id"] == agent
        for stage in STAGES
        for draw in draws(folder, EVER, stage)
        for row in draw["contacts"]
    )


def without_conflicts(
    centre: Centre, contacts: pl.DataFrame, evaluator: str, *, teams: Collection[str] = ()
) -> pl.DataFrame:
    """A work list without what an evaluator may not score: own contacts, and the own team's where the form refuses it.

    The own teams are those that somebody leads or is in on the day of the contact, by the roster, and `teams` besides.
    """
    if contacts.is_empty():
        return contacts
    days = contacts["completed_local"].dt.date()
    during = Period(days.min(), date.fromordinal(days.max().toordinal() + 1))  # type: ignore[arg-type, union-attr]
    spells = roster(centre, during=during, scope=Scope.whole_centre()).rows(named=True)
    known = forms(centre)
    free = [
        row["agent_id"] != evaluator
        and not (
            team_of(spells, row["agent_id"], on) in {*teams, *own_teams(spells, evaluator, on)}
            and refuses_own_team(known, row["channel"], on)
        )
        for row, on in zip(contacts.iter_rows(named=True), days, strict=True)
    ]
    return contacts.filter(pl.Series(free, dtype=pl.Boolean))


def team_of(spells: list[dict[str, Any]], agent: str, on: date) -> str | None:
    """The team that an agent is in on a day, of the spells of a roster."""
    return next((spell["team"] for spell in spells if spell["agent_id"] == agent and _holds(spell, on)), None)


def own_teams(spells: list[dict[str, Any]], person: str, on: date) -> frozenset[str]:
    """The teams that somebody leads or is in on a day."""
    own = (spell for spell in spells if person in (spell["agent_id"], spell["supervisor"]) and _holds(spell, on))
    return frozenset(spell["team"] for spell in own if spell["team"])


def _holds(spell: dict[str, Any], on: date) -> bool:
    return bool(spell["valid_from"] <= on and (spell["valid_to"] is None or on < spell["valid_to"]))


def refuses_own_team(known: list[Form], channel: str | None, on: date) -> bool:
    """Whether every form that a contact could be scored with refuses the evaluator's own team."""
    usable = forms_for(known, channel, on=on)
    return bool(usable) and not any(form.may_score_own_team for form in usable)


def for_calibration(
    centre: Centre, form: Form, number: int, *, seed: str, during: Period, without: Collection[str]
) -> pl.DataFrame:
    """Contacts for evaluators to score alike, one an agent as far as that goes: `contact_id`, `agent_id`.

    Drawn by a keyed hash of the seed from the contacts that the form is made for, but for those of `without` (the
    evaluators: nobody scores their own work) and those evaluated already. Raises WrongUse where there are fewer.
    """
    frame = centre.named("facts/sample_frame", first=during.first, until=during.until)
    fits = pl.col("channel").is_in(list(form.channels)) if form.channels else pl.lit(True)
    frame = frame.filter(fits & ~pl.col("is_reviewed") & ~pl.col("agent_id").is_in(list(without)))
    if not 1 <= number <= frame.height:
        raise WrongUse(
            f"{number} contacts were asked for; 1 to {frame.height} fit form {form.id} in {during.days} days."
        )
    ordered = frame.with_columns(order=keyed_order(seed, frame["contact_key"])).sort("order")
    nth = ordered.with_columns(round=pl.int_range(pl.len()).over("agent_id"))
    return nth.sort("round", "order").head(number).select("contact_id", "agent_id")


def evaluated(centre: Centre, *, during: Period) -> set[Part]:
    """The parts of contacts of a period that an evaluation in the warehouse is about, calibrations left out."""
    frame = evaluations(centre, during=during, scope=Scope.whole_centre()).filter(pl.col("type") != "calibration")
    return set(frame.select("contact_id", "agent").drop_nulls().iter_rows())


def quota(contacts: pl.DataFrame, done: Collection[Part]) -> pl.DataFrame:
    """Per agent `needed`, `done`, `remaining`, and the points either way to which all of them tell the score."""
    is_done = pl.Series(
        [part in done for part in contacts.select("contact_id", "agent_id").iter_rows()], dtype=pl.Boolean
    )
    frame = contacts.select("agent_id").with_columns(is_done=is_done)
    found = frame.group_by("agent_id").agg(needed=pl.len().cast(pl.Int64), done=pl.col("is_done").sum().cast(pl.Int64))
    return found.with_columns(
        remaining=pl.col("needed") - pl.col("done"),
        reach=pl.Series([reach(needed) for needed in found["needed"]], dtype=pl.Float64),
    ).sort("agent_id")
