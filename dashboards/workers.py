"""The program that serves: gunicorn and its workers, started by `dashboards.serve` in a process of its own."""

from __future__ import annotations

import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

WORKERS = 2
# some of them wait for a page that another makes
THREADS = 8


class Dashboard(BaseApplication):  # type: ignore[misc]
    """Each worker opens the warehouse for itself: an open engine does not survive a fork."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.order = order
        super().__init__()

    def load_config(self) -> None:
        """The settings of gunicorn."""
        settings: dict[str, Any] = {
            "bind": f"fd://{self.order['socket']}",
            "workers": WORKERS,
            "threads": THREADS,
            "worker_class": "gthread",
            "timeout": 60,
            "graceful_timeout": 5,
            "loglevel": "warning",
            "control_socket_disable": True,
            # files handed to the system for sending never arrived where nobody asked for them compressed
            "sendfile": False,
            "when_ready": lambda _: _say(self.order["words"]),
            # the engine's threads are not joined by an interpreter that shuts down: nothing is open for writing
            "worker_exit": lambda _server, _worker: os._exit(0),
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, once in each worker."""
        from dashboards.access import open_access
        from dashboards.app import create_app
        from dashboards.server import made_by

        folder = Path(self.order["folder"])
        access = open_access(folder, is_demo=self.order["is_demo"])
        return create_app(folder, access, made_by(self.order["packet"]), warms=True).server


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    Dashboard(json.loads(sys.argv[1])).run()
