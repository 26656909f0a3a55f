"""The people of a demo: one account per role, of made-up people, that need no password."""

from __future__ import annotations

from dashboards.access import accounts
from dashboards.access.gate import Access
from dashboards.access.roles import roles
from dashboards.access.sign_in import DEMO_ISSUER
from metrics import Centre, Period, Scope, last_day, roster


def add_demo_accounts(access: Access, centre: Centre) -> None:
    """One account per role, those of agent and supervisor for the first team of the roster."""
    people = roster(centre, during=Period.day(last_day(centre)), scope=Scope.whole_centre())
    teams = people.drop_nulls(["team", "supervisor"]).sort("team", "agent_id")
    first = teams.row(0, named=True) if teams.height else {}
    persons = {"agent": first.get("agent_id"), "supervisor": first.get("supervisor")}
    for role in roles():
        name = f"demo-{role.replace('_', '-')}"
        if accounts.named(access.store, name) is None and not (role in persons and persons[role] is None):
            accounts.add(
                access.store,
                name,
                role,
                at=access.clock(),
                person=persons.get(role),
                identity=(DEMO_ISSUER, name),
            )
