"""Sessions: kept here and not in the browser, so that they can be ended; of a token only a keyed hash is kept."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from dashboards.access.keys import Keys
from dashboards.access.roles import Viewer
from dashboards.access.tables import ACCOUNT, SESSION, SPOKEN
from dashboards.desk.store import Store, stored

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
# a request need not write when the last one was a moment ago
NOTED_EVERY = timedelta(minutes=1)
# by so much the clocks of web machines may differ; what lies further ahead began before the clock was set back
AHEAD = timedelta(minutes=5)


def begin(store: Store, keys: Keys, account_id: str, *, at: datetime) -> str:
    """Begin a session; gives the token, which is never seen again."""
    token = secrets.token_urlsafe(32)
    row = {"token_hash": keys.hashed("session", token), "account_id": account_id}
    with store.changing() as connection:
        connection.execute(insert(SESSION).values(**row, started_at=stored(at), seen_at=stored(at)))
    return token


def viewer_of(store: Store, keys: Keys, token: str, *, at: datetime) -> Viewer | None:
    """Who holds a token; nobody where the session ended, idled, grew too old, or the account was disabled.

    Nobody either where it says that it began later than now: it would last until that moment has come.
    """
    now, hashed = stored(at), keys.hashed("session", token)
    wanted = (
        select(SESSION.c.seen_at, SESSION.c.started_at, SPOKEN.c.language, ACCOUNT)
        .join(ACCOUNT, ACCOUNT.c.account_id == SESSION.c.account_id)
        .outerjoin(SPOKEN, SPOKEN.c.account_id == SESSION.c.account_id)
        .where(SESSION.c.token_hash == hashed, SESSION.c.ended_at.is_(None), ACCOUNT.c.is_disabled.is_(False))
    )
    with store.reading() as connection:
        row = connection.execute(wanted).mappings().first()
    if row is None or not _lasts(now - row["seen_at"], IDLE) or not _lasts(now - row["started_at"], LONGEST):
        return None
    if now - row["seen_at"] >= NOTED_EVERY:
        with store.changing() as connection:
            connection.execute(update(SESSION).where(SESSION.c.token_hash == hashed).values(seen_at=now))
    teams = frozenset(filter(None, row["teams"].split("\n")))
    return Viewer(row["account_id"], row["name"], row["role"], row["person"], teams, row["language"])


def _lasts(since: timedelta, longest: timedelta) -> bool:
    return -AHEAD <= since < longest


def end(store: Store, keys: Keys, token: str, *, why: str, at: datetime) -> None:
    """End one session."""
    with store.changing() as connection:
        connection.execute(
            update(SESSION)
            .where(SESSION.c.token_hash == keys.hashed("session", token), SESSION.c.ended_at.is_(None))
            .values(ended_at=stored(at), ended_why=why)
        )


def end_all(connection: Connection, account_id: str, *, why: str, at: datetime) -> None:
    """End all sessions of an account."""
    connection.execute(
        update(SESSION)
        .where(SESSION.c.account_id == account_id, SESSION.c.ended_at.is_(None))
        .values(ended_at=stored(at), ended_why=why)
    )
