"""Who is signed in, in which role, and whose work that person may see, by the dated roster and never by a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from metrics import Centre, Scope, is_on_roster, supervised_teams
from metrics.roles import Role, role_named, roles

__all__ = ["Role", "Viewer", "role_named", "roles", "scope_of"]


@dataclass(frozen=True)
class Viewer:
    """Who is signed in."""

    account_id: str
    name: str
    role: str
    person: str | None = None
    teams: frozenset[str] = frozenset()
    # as chosen; null for the centre's own
    language: str | None = None

    @property
    def may(self) -> Role:
        """What the viewer may open."""
        return roles()[self.role]


def scope_of(viewer: Viewer, centre: Centre, *, on: date) -> Scope:
    """Whose work somebody may see on a day; nobody's where the roster does not know them on it."""
    role, person = viewer.may, viewer.person
    if role.sees == "teams":
        led = supervised_teams(centre, person, on=on) if person else frozenset()
        return role.scope(teams=led | viewer.teams)
    if role.sees == "own" and person is not None and not is_on_roster(centre, person, on=on):
        return role.scope()
    return role.scope(person=person)
