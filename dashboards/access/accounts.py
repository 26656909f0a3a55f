"""Accounts: who may sign in, in which role; every change ends the sessions that were begun before it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from dashboards.access import passwords
from dashboards.access.roles import role_named
from dashboards.access.sessions import end_all
from dashboards.access.tables import ACCOUNT
from dashboards.desk.store import Row, Store, new_id, stored
from metrics import WrongUse, nearest

NAME = re.compile(r"[\w.@+-]{1,100}")


def add(
    store: Store,
    name: str,
    role: str,
    *,
    at: datetime,
    password: str | None = None,
    person: str | None = None,
    teams: Iterable[str] = (),
    identity: tuple[str, str] | None = None,
) -> str:
    """Add an account that signs in with a password, or elsewhere under an identity (issuer, subject). Gives its id.

    Raises WrongUse for an unknown role, a name that is taken, a weak password, an agent without a roster id.
    """
    check_new(store, name, role, person)
    if identity is None and password is not None:
        passwords.check(password, name=name)
    row = {
        "account_id": new_id(),
        "name": name.casefold(),
        "role": role,
        "person": person,
        "teams": "\n".join(sorted(teams)),
        "password_hash": passwords.hashed(password) if password is not None else None,
        "issuer": identity[0] if identity else None,
        "subject": identity[1] if identity else None,
        "is_disabled": False,
        "created_at": stored(at),
        "changed_at": stored(at),
    }
    try:
        with store.changing() as connection:
            connection.execute(insert(ACCOUNT).values(row))
    except IntegrityError:
        raise _taken(name) from None
    return str(row["account_id"])


def check_new(store: Store, name: str, role: str, person: str | None) -> None:
    """Raise WrongUse for an unknown role, a name that is none or is taken, an agent without a roster id."""
    rule = role_named(role)
    if not NAME.fullmatch(name):
        raise WrongUse(f"{name!r} is not an account's name. Letters, digits and . _ @ + - are expected, up to 100.")
    if rule.sees == "own" and not person:
        raise WrongUse(f"An account of the role {role} needs the id that the roster knows the person by: --person ID")
    if named(store, name):
        raise _taken(name)


def check_known(store: Store, name: str) -> None:
    """Raise WrongUse where there is no account of a name."""
    with store.reading() as connection:
        _named(connection, name)


def _taken(name: str) -> WrongUse:
    return WrongUse(f"There is an account {name!r} already. fairline user list shows all.")


def change(store: Store, name: str, *, at: datetime, why: str, **values: Any) -> None:
    """Change an account and end its sessions; raises WrongUse where there is none of that name.

    Nobody who signs in elsewhere can be given a password: that would be a way around the other side's rules.
    """
    with store.changing() as connection:
        row = _named(connection, name)
        if "password_hash" in values and row["issuer"] is not None:
            raise WrongUse(f"{name} signs in elsewhere ({row['issuer']}) and has no password here.")
        if (
            "role" in values
            and role_named(values["role"]).sees == "own"
            and not (values.get("person") or row["person"])
        ):
            raise WrongUse("An agent's account needs the id that the roster knows the person by: --person ID")
        connection.execute(
            update(ACCOUNT).where(ACCOUNT.c.account_id == row["account_id"]).values(changed_at=stored(at), **values)
        )
        end_all(connection, row["account_id"], why=why, at=at)


def set_password(store: Store, name: str, password: str, *, at: datetime) -> None:
    """Give an account a new password."""
    passwords.check(password, name=name)
    change(store, name, at=at, why="password changed", password_hash=passwords.hashed(password))


def named(store: Store, name: str) -> Row | None:
    """The account of a name; null where there is none."""
    with store.reading() as connection:
        found = connection.execute(select(ACCOUNT).where(ACCOUNT.c.name == name.casefold())).mappings().first()
    return None if found is None else dict(found)


def identified(store: Store, issuer: str, subject: str) -> Row | None:
    """The account of somebody who signs in elsewhere."""
    wanted = select(ACCOUNT).where(ACCOUNT.c.issuer == issuer, ACCOUNT.c.subject == subject)
    with store.reading() as connection:
        found = connection.execute(wanted).mappings().first()
    return None if found is None else dict(found)


def accounts(store: Store) -> list[Row]:
    """All accounts by name, without their hashes."""
    shown = [column for column in ACCOUNT.c if column.name not in ("password_hash", "account_id")]
    with store.reading() as connection:
        return [dict(row) for row in connection.execute(select(*shown).order_by(ACCOUNT.c.name)).mappings()]


def number(store: Store) -> int:
    """How many accounts there are."""
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(ACCOUNT)).scalar_one())


def _named(connection: Connection, name: str) -> Row:
    found = connection.execute(select(ACCOUNT).where(ACCOUNT.c.name == name.casefold())).mappings().first()
    if found is None:
        near = nearest(name, connection.execute(select(ACCOUNT.c.name)).scalars())
        raise WrongUse(f"There is no account {name!r}.{near} fairline user list shows all.")
    return dict(found)
