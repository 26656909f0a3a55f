"""Who a packet is about: the person, the teams of the period, and what supervisors wrote down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

import metrics
from metrics import Centre, Period, Scope, text


@dataclass(frozen=True)
class Spell:
    """A time in one team."""

    team: str
    shift: str
    site: str
    first: date
    until: date | None
    supervisor: str = ""


@dataclass(frozen=True)
class Person:
    """Who the packet is about."""

    agent: str
    name: str
    languages: str
    hired_on: date | None
    spells: tuple[Spell, ...]

    @property
    def teams(self) -> list[str]:
        """Every team of the period, in order."""
        return list(dict.fromkeys(spell.team for spell in self.spells))


@dataclass(frozen=True)
class Note:
    """What a supervisor wrote: a commendation, an action with its day, or a note."""

    kind: str
    text: str
    written_on: date
    written_by: str
    due_on: date | None = None
    done_on: date | None = None


Notes = Mapping[str, tuple[Note, ...]]
NO_NOTES: Notes = {}


def notes(rows: Iterable[Mapping[str, Any]]) -> Notes:
    """The desk's notes by agent, oldest first, whoever keeps them."""
    found: dict[str, list[Note]] = {}
    for row in sorted(rows, key=lambda one: (one["written_at"], str(one["note_id"]))):
        done = row["done_at"]
        note = Note(
            str(row["kind"]),
            str(row["text"]),
            _day(row["written_at"]),
            str(row["written_by"]),
            row["due_on"],
            _day(done) if done else None,
        )
        found.setdefault(str(row["agent_id"]), []).append(note)
    return {agent: tuple(written) for agent, written in found.items()}


def _day(at: datetime) -> date:
    return at.date()


def people_of(centre: Centre, agents: Iterable[str], during: Period, scope: Scope) -> dict[str, Person]:
    """The people of a period by agent, as the roster has them."""
    roster = metrics.roster(centre, during=during, scope=scope).filter(pl.col("agent_id").is_in(list(agents)))
    found: dict[str, Person] = {}
    for row in roster.sort("valid_from", maintain_order=True).iter_rows(named=True):
        spell = Spell(
            row["team"],
            row["shift"] or text.NOT_RECORDED,
            row["site"] or text.NOT_RECORDED,
            row["valid_from"],
            row["valid_to"],
            row["supervisor"] or "",
        )
        known = found.get(row["agent_id"])
        spells = (*(known.spells if known else ()), *([spell] if row["team"] else []))
        found[row["agent_id"]] = Person(
            agent=row["agent_id"],
            name=row["name"] or row["agent_id"],
            languages=row["languages"] or "",
            hired_on=row["hired_on"],
            spells=spells,
        )
    return found
