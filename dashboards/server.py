"""Serve the dashboard: gunicorn where it runs, waitress elsewhere; one port, one address, printed when it answers."""

from __future__ import annotations

import errno
import json
import logging
import os
import socket
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from dash import Dash

from dashboards.access import open_access
from dashboards.access.accounts import number
from dashboards.access.demo import add_demo_accounts
from dashboards.access.settings import check_host
from dashboards.app import Packet, create_app
from metrics import FairlineError, WrongUse, open_centre

ROOT = Path(__file__).parents[1]
LAST_PORT = 65_535
THREADS = 8


def serve(
    folder: Path,
    *,
    host: str,
    port: int,
    announce: Callable[[str], None],
    is_demo: bool = False,
    packet: str = "",
) -> None:
    """Serve a centre folder until stopped; a demo signs anybody in, as made-up people.

    `packet` names what makes review packets (module:function), in whichever process serves. Raises WrongUse where the
    port is taken, the host is not here or not safe, or the secret is missing or weak.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    listening = _listening(host, port)
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host
    words = f"Fairline serves {folder} at http://{shown}:{listening.getsockname()[1]}/  (stop with Ctrl+C)"
    words += _who_signs_in(folder, host, is_demo=is_demo) + _what_there_is(folder)
    if sys.platform == "win32":
        app = create_app(folder, open_access(folder, is_demo=is_demo), made_by(packet))
        _with_waitress(app, listening, lambda: announce(words))
    else:
        order = {"folder": str(folder), "words": words, "is_demo": is_demo, "packet": packet}
        _with_gunicorn(order, listening)


def _who_signs_in(folder: Path, host: str, *, is_demo: bool) -> str:
    """Check before any worker starts that sign-in can be trusted, and say who can sign in."""
    access = open_access(folder, is_demo=is_demo)
    check_host(access.settings, host, is_demo=is_demo)
    if is_demo:
        with open_centre(folder) as centre:
            add_demo_accounts(access, centre)
        words = "\nThis is a demo: anybody who reaches it signs in with one click, as one of its made-up people."
    elif number(access.store) or access.settings.oidc:
        words = ""
    else:
        words = "\nNobody can sign in yet. Make the first account: fairline user add NAME --role administrator"
    access.store.close()
    return words


def _what_there_is(folder: Path) -> str:
    """Why pages will show nothing, where that is known before anybody opens one."""
    try:
        open_centre(folder).close()
    except FairlineError as error:
        return f"\nPages show no figures yet. {error}"
    return ""


def _listening(host: str, port: int) -> socket.socket:
    if not 0 <= port <= LAST_PORT:
        raise WrongUse(f"{port} is not a port; 0 to {LAST_PORT} are: --port 8311")
    try:
        return socket.create_server((host, port), backlog=128)
    except OSError as error:
        if error.errno in (errno.EADDRNOTAVAIL, socket.EAI_NONAME):
            raise WrongUse(f"This machine has no address {host}. Serve on its own: --host 127.0.0.1") from None
        reason = (error.strerror or str(error)).partition(" (while")[0]
        raise WrongUse(
            f"Port {port} of {host} cannot be listened on ({reason}). "
            f"Stop what listens there, or choose another: --port {port + 1 if 0 < port < LAST_PORT else 8311}"
        ) from None


def made_by(name: str) -> Packet | None:
    """What makes packets, by the name under which it was handed over (module:function); none for an empty one."""
    if not name:
        return None
    module, _, function = name.partition(":")
    found: Packet = getattr(import_module(module), function)
    return found


def _with_waitress(app: Dash, listening: socket.socket, announce: Callable[[], None]) -> None:
    import waitress

    server = waitress.create_server(app.server, sockets=[listening], threads=THREADS)
    announce()
    server.run()


def _with_gunicorn(order: dict[str, Any], listening: socket.socket) -> None:
    """Go on as a new program that serves: nothing of this one may be there when it forks its workers.

    Whoever has asked polars or the engine anything has threads, and a fork has their locks without them.
    """
    os.set_inheritable(listening.fileno(), True)
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    sys.stdout.flush()
    program = [sys.executable, "-m", "dashboards.workers", json.dumps({**order, "socket": listening.fileno()})]
    # threads that each keep freed memory to themselves would hold on to half as much again
    memory = {"MALLOC_ARENA_MAX": os.environ.get("MALLOC_ARENA_MAX", "2")}
    os.execve(sys.executable, program, {**os.environ, **memory, "PYTHONPATH": paths})
