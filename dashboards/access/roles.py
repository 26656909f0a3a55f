"""Roles: what each may open, and whose work it may see, by the dated roster and never by what a request says."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from metrics import Centre, Scope, WrongUse, is_on_roster, supervised_teams

ROLES = Path(__file__).parent / "roles.toml"


class Role(BaseModel):
    """What a role may open, take away and do, and whose work it sees."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    sees: Literal["own", "teams", "all", "totals", "nobody"]
    pages: tuple[str, ...]
    takes_away: tuple[str, ...]
    does: tuple[str, ...] = ()

    @property
    def home(self) -> str:
        """Where the role arrives."""
        return self.pages[0]


@cache
def roles() -> dict[str, Role]:
    """The roles by name."""
    return {name: Role(**entry) for name, entry in tomllib.loads(ROLES.read_text(encoding="utf-8")).items()}


def role_named(name: str) -> Role:
    """A role; raises WrongUse for an unknown name."""
    if name not in roles():
        raise WrongUse(f"{name!r} is not a role. Expected one of {', '.join(roles())}.")
    return roles()[name]


@dataclass(frozen=True)
class Viewer:
    """Who is signed in."""

    account_id: str
    name: str
    role: str
    person: str | None = None
    teams: frozenset[str] = frozenset()

    @property
    def may(self) -> Role:
        """What the viewer may open."""
        return roles()[self.role]


def scope_of(viewer: Viewer, centre: Centre, *, on: date) -> Scope:
    """Whose work somebody may see on a day; nobody's where the roster does not know them on it."""
    match viewer.may.sees:
        case "all":
            return Scope.whole_centre()
        case "teams":
            led = supervised_teams(centre, viewer.person, on=on) if viewer.person else frozenset()
            teams = led | viewer.teams
            return Scope.of_teams(*sorted(teams), sees_totals=True) if teams else Scope.of_nobody()
        case "own":
            known = viewer.person is not None and is_on_roster(centre, viewer.person, on=on)
            return Scope.of_agent(str(viewer.person)) if known else Scope.of_nobody()
        case "totals":
            return Scope.of_teams(sees_totals=True)
        case _:
            return Scope.of_nobody()
