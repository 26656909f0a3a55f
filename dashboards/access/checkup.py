"""Can people sign in, and nobody else? The secret of sessions, the settings of the web, the accounts."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from dashboards.access import accounts
from dashboards.access.keys import VARIABLE, secret_file, web_keys
from dashboards.access.roles import role_named
from dashboards.access.settings import client_secret, read_access
from dashboards.desk.store import ADDRESS, Row, open_store
from metrics import FairlineError, open_centre
from metrics.checkup import Finding, looked_at, ok, warning, wrong
from metrics.text import listed, number_of


def checkup(folder: Path) -> list[Finding]:
    """Look at what signing in stands on."""
    return looked_at(
        [
            ("web address", partial(_address, folder)),
            ("web key", partial(_web_key, folder)),
            ("accounts", partial(_accounts, folder)),
        ]
    )


def _has_store(folder: Path) -> bool:
    return ADDRESS in os.environ or (folder / "desk" / "desk.sqlite").exists()


def _address(folder: Path) -> Finding:
    settings = read_access(folder)
    if settings.oidc is not None:
        client_secret(folder)
    by = "at the provider" if settings.oidc else "with a password"
    if not settings.web.public_url:
        return ok(f"this machine only, signing in {by}")
    if not settings.web.is_encrypted:
        return wrong(
            f"{settings.web.public_url} is not encrypted",
            'Let a proxy end TLS, and write public_url = "https://..." into access.toml (docs/deploy.md shows how).',
        )
    return ok(f"{settings.web.public_url}, signing in {by}")


def _web_key(folder: Path) -> Finding:
    is_told = VARIABLE in os.environ or f"{VARIABLE}_FILE" in os.environ
    if not is_told and not secret_file(folder).exists() and not _has_store(folder):
        return ok("made with the first account")
    web_keys(folder)
    return ok("strong, only its owner reads it")


def _accounts(folder: Path) -> Finding:
    """Whether anybody can sign in, and everybody who does will see something."""
    add = f"fairline user add NAME --role administrator --centre {folder}"
    if not _has_store(folder):
        return warning("nobody can sign in yet, but to a demo", add)
    store = open_store(folder)
    rows = [row for row in accounts.accounts(store) if not row["is_disabled"]]
    store.close()
    if not rows:
        return warning("nobody can sign in yet, but to a demo", add)
    blind = [row["name"] for row in rows if role_named(row["role"]).sees in ("own", "teams") and _sees_nobody(row)]
    if blind:
        return warning(
            f"{listed(blind)} will see nothing: no id of the roster, no team",
            f"fairline user role NAME --role ROLE --person ID --centre {folder}, with the id that the roster has.",
        )
    strangers = _strangers(folder, rows)
    if strangers:
        return warning(
            f"no roster knows {listed(strangers)}, so who signs in there sees nothing",
            "Their ids and teams: fairline export team_member. Then fairline user role NAME --role ROLE --person ID.",
        )
    return ok(f"{number_of(len(rows), 'account')} can sign in")


def _strangers(folder: Path, rows: Sequence[Row]) -> list[str]:
    """Whom accounts name that no roster does: "S-99 (sam)", "team Daay A (joe)"; none while nothing is loaded."""
    try:
        with open_centre(folder) as centre:
            spells = centre.table("team_member")
    except FairlineError:
        return []  # another finding says what is wrong with the warehouse
    people, teams = {*spells["agent_id"], *spells["supervisor_id"]}, {*spells["team_id"]}
    named = [row for row in rows if role_named(row["role"]).sees in ("own", "teams")]
    found = [f"{row['person']} ({row['name']})" for row in named if row["person"] and row["person"] not in people]
    asked = [(team, row["name"]) for row in named for team in row["teams"].split("\n") if team]
    return found + [f"team {team} ({name})" for team, name in asked if team not in teams]


def _sees_nobody(row: dict[str, object]) -> bool:
    return not row["person"] and not row["teams"]
