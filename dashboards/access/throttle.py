"""How often somebody may try to sign in: few times for one name from one place, more for a name or a place alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, not_, select

from dashboards.access.keys import Keys
from dashboards.access.tables import FAILURE
from dashboards.desk.store import Store, stored

WINDOW = timedelta(minutes=15)


def _limits(keys: Keys, name: str, place: str) -> dict[str, int]:
    """The most failures within the window: nobody can lock a colleague out, and nobody can try all names."""
    kinds = {f"name and place\n{name}\n{place}": 5, f"name\n{name}": 30, f"place\n{place}": 60}
    return {keys.hashed("throttle", what): most for what, most in kinds.items()}


def _counts(at: datetime) -> ColumnElement[bool]:
    """Whether a failure still counts: not what a clock noted that was ahead, which would lock out until then."""
    return FAILURE.c.happened_at.between(stored(at - WINDOW), stored(at + WINDOW))


def may_try(store: Store, keys: Keys, name: str, place: str, *, at: datetime) -> bool:
    """Whether another attempt is let through."""
    limits = _limits(keys, name.casefold(), place)
    wanted = select(FAILURE.c.key, func.count()).where(FAILURE.c.key.in_(limits), _counts(at)).group_by(FAILURE.c.key)
    with store.reading() as connection:
        return all(number < limits[key] for key, number in connection.execute(wanted))


def failed(store: Store, keys: Keys, name: str, place: str, *, at: datetime) -> None:
    """Note a failed attempt, and forget those that no longer count."""
    rows = [{"key": key, "happened_at": stored(at)} for key in _limits(keys, name.casefold(), place)]
    with store.changing() as connection:
        connection.execute(delete(FAILURE).where(not_(_counts(at))))
        connection.execute(insert(FAILURE), rows)
