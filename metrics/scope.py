"""Who is asking, and whose figures they may see. Every question takes a scope; none is ever assumed."""

from __future__ import annotations

from dataclasses import dataclass

# the dimensions of a fact that part people; asked by one of them, a figure says something about a person
OF_PEOPLE = frozenset({"agent", "team", "shift", "site", "tenure"})


@dataclass(frozen=True)
class Scope:
    """Which teams' and agents' work may be seen; null means all of them.

    Work is credited by the dated roster: of a team, what its members did on the days on which they were in it. With
    `sees_totals` the centre's own totals may be seen besides: figures that part no people and rows that credit nobody.
    """

    teams: frozenset[str] | None = None
    agents: frozenset[str] | None = None
    sees_totals: bool = False

    @classmethod
    def whole_centre(cls) -> Scope:
        """Everything: for the centre's own command line and for management."""
        return cls()

    @classmethod
    def of_teams(cls, *teams: str, sees_totals: bool = False) -> Scope:
        """The work of the members of teams, for the days on which they were in them."""
        return cls(teams=frozenset(teams), sees_totals=sees_totals)

    @classmethod
    def of_agent(cls, agent: str) -> Scope:
        """One agent's own work."""
        return cls(agents=frozenset({agent}))

    @classmethod
    def of_nobody(cls) -> Scope:
        """Nobody's work and no totals: for those who keep the system and not the people."""
        return cls(teams=frozenset(), agents=frozenset())

    def limits(self) -> dict[str, frozenset[str]]:
        """The dimensions that it narrows, with the values that may be seen."""
        narrowed = {"team": self.teams, "agent": self.agents}
        return {name: values for name, values in narrowed.items() if values is not None}
