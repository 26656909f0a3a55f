"""The desk's store: opened by its address, changed in transactions, every change written down with who and when."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, Table, create_engine, event, func, insert, select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from dashboards.desk.tables import EVENT, METADATA, ONE_STANDARD
from metrics import FairlineError, WrongUse
from metrics.language import _

Row = dict[str, Any]
ADDRESS = "FAIRLINE_DESK"
# the driver that comes with Fairline, where an address of Postgres names none
DRIVER = "postgresql+pg8000"
# the name under which changes wait for each other in Postgres: any number that nobody else takes
LOCK = 311_311_312
# how databases say that there is no room left
FULL = ("full", "no space left", "disk i/o error")


class StoreFailed(FairlineError):
    """The desk's database took nothing, for want of an answer or of room; nothing was changed."""


@dataclass(frozen=True)
class Store:
    """An open store; safe to use from several threads and processes at once."""

    engine: Engine

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """All or nothing; two that change at once wait for each other. Raises StoreFailed."""
        with _told_when_it_fails(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read what is committed; holds up nobody who changes something. Raises StoreFailed."""
        with _told_when_it_fails(), self.engine.connect().execution_options(only_reads=True) as connection:
            yield connection

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def history(self, subject: str) -> list[Row]:
        """All that happened to one evaluation, dispute, session or note, in order."""
        with self.reading() as connection:
            rows = connection.execute(select(EVENT).where(EVENT.c.subject == subject).order_by(EVENT.c.event_id))
            return [dict(row) for row in rows.mappings()]


@contextmanager
def _told_when_it_fails() -> Iterator[None]:
    """Say so where the database is away or full: what was begun is not there, and whoever tries again may be lucky."""
    try:
        yield
    except (InterfaceError, OperationalError) as error:
        if any(words in str(error).lower() for words in FULL):
            words = _("There is no room for what is entered; nothing was changed. Tell whoever runs Fairline.")
        else:
            words = _("The desk's database does not answer; nothing was changed. Try again in a moment.")
        raise StoreFailed(words) from None


def open_store(folder: Path, address: str | None = None) -> Store:
    """The store of a centre: `desk/desk.sqlite` in its folder, or the database at an address (postgresql://...).

    Without an address that of FAIRLINE_DESK is taken: it may hold a password and so stands in no file. Raises WrongUse
    where the database does not answer or is none; the address is not repeated.
    """
    address = address or os.environ.get(ADDRESS)
    if address is None:
        (folder / "desk").mkdir(mode=0o700, parents=True, exist_ok=True)
        address = f"sqlite:///{(folder / 'desk' / 'desk.sqlite').resolve()}"
    # asked before it is used, a connection that broke while the server was away is made anew and fails nobody
    engine = create_engine(
        address.replace("postgresql://", f"{DRIVER}://", 1), pool_pre_ping=address.startswith("postgres")
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgres)
    try:
        METADATA.create_all(engine)
        # a store of an earlier Fairline has the table without it
        ONE_STANDARD.create(engine, checkfirst=True)
    except (InterfaceError, OperationalError):
        raise WrongUse(_("The desk's database does not answer. Check its address and that it runs.")) from None
    except DBAPIError:
        words = _("The desk's database cannot be read. Restore it from a backup, as docs/deploy.md shows.")
        raise WrongUse(words) from None
    return Store(engine)


def _prepare_sqlite(connection: Any, _: object) -> None:
    # our own begin below, not the driver's: it would begin as a reader and fail when two readers want to write
    connection.isolation_level = None
    for setting in ("journal_mode = wal", "synchronous = full", "foreign_keys = on", "busy_timeout = 10000"):
        connection.execute(f"pragma {setting}")


def _begin_sqlite(connection: Connection) -> None:
    only_reads = connection.get_execution_options().get("only_reads", False)
    connection.exec_driver_sql("begin" if only_reads else "begin immediate")


def _begin_postgres(connection: Connection) -> None:
    # as above: whoever changes something waits for whoever does so now, and then sees what became of it
    if not connection.get_execution_options().get("only_reads", False):
        connection.execute(select(func.pg_advisory_xact_lock(LOCK)))


def record(connection: Connection, *, who: str, what: str, subject: str, at: datetime, detail: str = "") -> None:
    """Write down what somebody did."""
    row = {"happened_at": stored(at), "who": who, "what": what, "subject": subject, "detail": detail}
    connection.execute(insert(EVENT).values(row))


def newest_first(table: Table, key: ColumnElement[str]) -> Select[Any]:
    """The rows of a table in the order in which they were written down, the last first: a clock may be set back."""
    return select(table).join(EVENT, EVENT.c.subject == key).order_by(EVENT.c.event_id.desc())


def new_id() -> str:
    """An id that nobody else gives."""
    return uuid.uuid4().hex


def utc(instant: datetime) -> str:
    """An instant of the store as a refusal names it, which knows of no centre's zone."""
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def stored(at: datetime) -> datetime:
    """An instant as the store keeps it: UTC without zone; raises ValueError for one that says no zone."""
    if at.tzinfo is None:
        raise ValueError("an instant carries its zone")
    return at.astimezone(UTC).replace(tzinfo=None)
