"""Who may write: one process at a time, on this machine by a locked file, on all of them by a lock in the catalogue."""

from __future__ import annotations

import fcntl
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from sql.errors import LoadRunning, WarehouseUnreachable, WrongUse
from sql.place import Place, place_of

# the name under which the lock stands in Postgres: any number that nobody else takes
LOCK = 311_311_311
TRY = f"select pg_try_advisory_lock({LOCK})"
WAIT = f"select pg_advisory_lock({LOCK})"
HELD = f"select count(*) from pg_locks where locktype = 'advisory' and objid = {LOCK} and pid = pg_backend_pid()"
HOLDER = (
    "select application_name from pg_stat_activity join pg_locks using (pid) "
    f"where locktype = 'advisory' and objid = {LOCK} and granted"
)
MAY_WRITE = (
    "select to_regclass('ducklake_snapshot') is null or has_table_privilege(to_regclass('ducklake_snapshot'), 'insert')"
)
# by folder, the session that holds the lock of a shared catalogue for this process
_sessions: dict[Path, Any] = {}


@contextmanager
def loading(folder: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the right to write; while another load has it, wait for its end or raise LoadRunning (exit 75)."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "loading.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError:
            lock.seek(0)
            raise _running(f"process {lock.read().strip() or 'unknown'}") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        with _among_machines(place_of(folder), wait=wait):
            yield
        lock.truncate(0)


def _running(holder: str) -> LoadRunning:
    return LoadRunning(
        f"Another load is running on this warehouse ({holder}). Run this again when it has ended, or with --wait."
    )


@contextmanager
def _among_machines(place: Place, *, wait: bool) -> Iterator[None]:
    """Hold the lock of a shared catalogue, which ends with the session whatever becomes of this process."""
    if place.address is None:
        yield
        return
    keeper = session(place)
    try:
        if not keeper.run(MAY_WRITE)[0][0]:
            raise WrongUse(
                f"The account in FAIRLINE_WAREHOUSE may read {place.shown} and not write to it. Load with the account "
                "that made the warehouse."
            )
        if wait:
            keeper.run(WAIT)
        elif not keeper.run(TRY)[0][0]:
            holders = keeper.run(HOLDER)
            raise _running(holders[0][0] if holders else "of another machine")
        _sessions[place.folder] = keeper
        yield
    finally:
        _sessions.pop(place.folder, None)
        with suppress(Exception):  # one that broke has nothing left to close
            keeper.close()


def check_turn(place: Place) -> None:
    """Before a commit: raise LoadRunning where the connection broke that held this process's turn to write."""
    if place.folder not in _sessions:
        return
    try:
        is_held = _sessions[place.folder].run(HELD)[0][0] > 0
    except Exception:  # whatever the driver calls it, the lock went with the session
        is_held = False
    if not is_held:
        raise LoadRunning(
            f"The connection to {place.shown} that kept other loads away was lost, so another may have begun. Nothing "
            "of this one was kept since its last finished file. Run it again."
        )


def session(place: Place) -> Any:
    """A session of its own in the catalogue's database; raises WarehouseUnreachable."""
    from pg8000.exceptions import DatabaseError, InterfaceError
    from pg8000.native import Connection

    parts = urlsplit(place.address or "")
    try:
        return Connection(
            unquote(parts.username or os.environ.get("PGUSER", "")),
            password=unquote(parts.password or "") or os.environ.get("PGPASSWORD"),
            host=parts.hostname or os.environ.get("PGHOST", "localhost"),
            port=parts.port or 5432,
            database=parts.path.strip("/"),
            ssl_context=_ssl(parts),
            application_name=f"fairline on {socket.gethostname()}, process {os.getpid()}",
        )
    except (DatabaseError, InterfaceError, OSError):
        raise unreachable(place) from None


def _ssl(parts: SplitResult) -> Any:
    """What the address asks of the line: sslmode as Postgres's own tools read it; where it says nothing, if it can."""
    options = dict(parse_qsl(parts.query))
    mode = options.get("sslmode", "prefer")
    if mode == "disable":
        return False
    if not mode.startswith("verify"):
        return None
    context = ssl.create_default_context(cafile=options.get("sslrootcert"))
    context.check_hostname = mode == "verify-full"
    return context


def unreachable(place: Place) -> WarehouseUnreachable:
    """The catalogue's server does not answer, or lets nobody in."""
    return WarehouseUnreachable(
        f"The warehouse's catalogue {place.shown} does not answer or does not let this account in. Check that its "
        "server runs, that it can be reached from here, and the account in FAIRLINE_WAREHOUSE; then run this again."
    )
