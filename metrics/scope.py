"""Who is asking, and whose figures they may see. Every question takes a scope; none is ever assumed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scope:
    """Which teams' and agents' work may be seen; null means all of them."""

    teams: frozenset[str] | None = None
    agents: frozenset[str] | None = None

    @classmethod
    def whole_centre(cls) -> Scope:
        """Everything: for the centre's own command line and for management."""
        return cls()

    @classmethod
    def of_teams(cls, *teams: str) -> Scope:
        """The work of the members of teams, for the days on which they were in them."""
        return cls(teams=frozenset(teams))

    @classmethod
    def of_agent(cls, agent: str) -> Scope:
        """One agent's own work."""
        return cls(agents=frozenset({agent}))

    def limits(self) -> dict[str, frozenset[str]]:
        """The dimensions that it narrows, with the values that may be seen."""
        narrowed = {"team": self.teams, "agent": self.agents}
        return {name: values for name, values in narrowed.items() if values is not None}
