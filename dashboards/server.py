"""Serve the dashboard: gunicorn where it runs, waitress elsewhere; one port, one address, printed when it answers."""

from __future__ import annotations

import logging
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dash import Dash

from dashboards.access import open_access
from dashboards.access.accounts import number
from dashboards.access.demo import add_demo_accounts
from dashboards.access.settings import check_host
from dashboards.app import Packet, create_app
from metrics import WrongUse, open_centre

WORKERS = 2
THREADS = 4


def serve(
    folder: Path,
    *,
    host: str,
    port: int,
    announce: Callable[[str], None],
    is_demo: bool = False,
    packet: Packet | None = None,
) -> None:
    """Serve a centre folder until stopped; a demo signs anybody in, as made-up people.

    Raises WrongUse where the port is taken, the host is not here or not safe, or the secret is missing or weak.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    listening = _listening(host, port)
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host
    words = f"Fairline serves {folder} at http://{shown}:{listening.getsockname()[1]}/  (stop with Ctrl+C)"
    words += _who_signs_in(folder, host, is_demo=is_demo)

    def make() -> Dash:
        """The application; each worker makes its own."""
        return create_app(folder, open_access(folder, is_demo=is_demo), packet)

    if sys.platform == "win32":
        _with_waitress(make, listening, lambda: announce(words))
    else:
        _with_gunicorn(make, listening, lambda: announce(words))


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


def _listening(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=128)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise WrongUse(
            f"Port {port} of {host} cannot be listened on ({reason}). "
            f"Stop what listens there, or choose another: --port {port + 1 if 0 < port < 65_535 else 8311}"
        ) from None


def _with_waitress(make: Callable[[], Dash], listening: socket.socket, announce: Callable[[], None]) -> None:
    import waitress

    server = waitress.create_server(make().server, sockets=[listening], threads=WORKERS * THREADS)
    announce()
    server.run()


def _with_gunicorn(make: Callable[[], Dash], listening: socket.socket, announce: Callable[[], None]) -> None:
    from gunicorn.app.base import BaseApplication

    class Dashboard(BaseApplication):  # type: ignore[misc]
        """Each worker opens the warehouse for itself: an open engine does not survive a fork."""

        def load_config(self) -> None:
            settings: dict[str, Any] = {
                "bind": f"fd://{listening.fileno()}",
                "workers": WORKERS,
                "threads": THREADS,
                "worker_class": "gthread",
                "timeout": 60,
                "graceful_timeout": 5,
                "loglevel": "warning",
                "control_socket_disable": True,
                "when_ready": lambda _: announce(),
                # the engine's threads are not joined by an interpreter that shuts down: nothing is open for writing
                "worker_exit": lambda _server, _worker: os._exit(0),
            }
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            return make().server

    Dashboard().run()
