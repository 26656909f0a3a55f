"""Roles: what each may open, take away and be sent, and whose work it may see; the same on a page and by mail."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from metrics.language import _
from metrics.scope import Scope
from sql import WrongUse, nearest

ROLES = Path(__file__).parent / "roles.toml"


class Role(BaseModel):
    """What a role may open, take away and be sent, and whose work it sees."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    written_title: str = Field(alias="title")
    sees: Literal["own", "teams", "all", "totals", "nobody"]
    pages: tuple[str, ...]
    takes_away: tuple[str, ...]
    reports: tuple[str, ...]
    does: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What people call it."""
        return _(self.written_title)

    @property
    def home(self) -> str:
        """Where the role arrives."""
        return self.pages[0]

    def scope(self, *, teams: Collection[str] = (), person: str | None = None) -> Scope:
        """Whose work somebody in the role may see, who leads these teams or is this person; else nobody's."""
        match self.sees:
            case "all":
                return Scope.whole_centre()
            case "teams":
                return Scope.of_teams(*sorted(teams), sees_totals=True) if teams else Scope.of_nobody()
            case "own":
                return Scope.of_agent(person) if person else Scope.of_nobody()
            case "totals":
                return Scope.of_teams(sees_totals=True)
            case _:
                return Scope.of_nobody()


@cache
def roles() -> dict[str, Role]:
    """The roles by name."""
    return {name: Role(**entry) for name, entry in tomllib.loads(ROLES.read_text(encoding="utf-8")).items()}


def role_named(name: str) -> Role:
    """A role; raises WrongUse for an unknown name."""
    if name not in roles():
        raise WrongUse(f"{name!r} is not a role.{nearest(name, list(roles()))} Expected one of {', '.join(roles())}.")
    return roles()[name]
