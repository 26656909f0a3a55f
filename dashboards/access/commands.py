"""What the command line does about access; whoever owns the centre folder may, and it stands in the log."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

import polars as pl

from dashboards.access import accounts, audit
from dashboards.access.gate import Access, open_access
from dashboards.access.keys import make_secret
from metrics import WrongUse


@contextmanager
def opened(folder: Path) -> Iterator[Access]:
    """The gate of a centre, for as long as a command needs it; raises WrongUse where the folder is no centre."""
    if not (folder / "centre.toml").is_file():
        raise WrongUse(f"{folder} is not a centre folder. Make one: fairline init {folder}")
    make_secret(folder)
    access = open_access(folder)
    try:
        yield access
    finally:
        access.store.close()


def _note(access: Access, what: str, name: str) -> None:
    access.write_of(f"{getpass.getuser()} (command line)", "", what, about=f"account {name}")


def add(
    folder: Path,
    name: str,
    role: str,
    *,
    ask: Callable[[], str] | None,
    person: str | None = None,
    teams: Sequence[str] = (),
) -> None:
    """Add an account; `ask` gives its password once all else is right, and without it it signs in at the proxy."""
    with opened(folder) as access:
        accounts.check_new(access.store, name, role, person)
        password = ask() if ask else None
        accounts.add(access.store, name, role, at=access.clock(), password=password, person=person, teams=teams)
        _note(access, "account added", name)


def change(folder: Path, name: str, what: str, **values: Any) -> None:
    """Change an account, which ends its sessions."""
    with opened(folder) as access:
        accounts.change(access.store, name, at=access.clock(), why=what, **values)
        _note(access, what, name)


def set_role(folder: Path, name: str, role: str, *, person: str | None, teams: Sequence[str]) -> None:
    """Give an account another role; person and teams stay as they are where none are named."""
    given = {"person": person, "teams": "\n".join(sorted(teams))}
    change(folder, name, "role changed", role=role, **{key: value for key, value in given.items() if value})


def set_password(folder: Path, name: str, ask: Callable[[], str]) -> None:
    """Give an account another password, which `ask` gives once the account is known."""
    with opened(folder) as access:
        accounts.check_known(access.store, name)
        accounts.set_password(access.store, name, ask(), at=access.clock())
        _note(access, "password changed", name)


def listed(folder: Path) -> pl.DataFrame:
    """All accounts: name, role, person, teams, where they sign in, and whether they are disabled."""
    with opened(folder) as access:
        rows = [
            {
                "name": row["name"],
                "role": row["role"],
                "person": row["person"],
                "teams": row["teams"].replace("\n", ", ") or None,
                "signs_in": row["issuer"] or "here",
                "is_disabled": bool(row["is_disabled"]),
                "changed_at": row["changed_at"].replace(microsecond=0, tzinfo=UTC),
            }
            for row in accounts.accounts(access.store)
        ]
    texts = dict.fromkeys(("name", "role", "person", "teams", "signs_in"), pl.String)
    return pl.DataFrame(rows, schema={**texts, "is_disabled": pl.Boolean, "changed_at": pl.Datetime("us", "UTC")})


def verified(folder: Path, anchor: str) -> audit.Verified:
    """Whether the log is whole."""
    with opened(folder) as access:
        return audit.verify(access.store, access.keys, anchor)
