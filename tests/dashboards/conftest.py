"""What the dashboard's tests share: the small city served on a port of its own, and a browser to look at it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import waitress
from playwright.sync_api import expect

from dashboards import create_app
from dashboards.live import LiveCentre

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# nothing is looked up outside: the network of a test machine may be closed
PATIENCE_MS = 60_000
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium in place of a download; skips where it is absent."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; scripts/system-packages test installs it")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture(autouse=True)
def patience(request: pytest.FixtureRequest) -> None:
    """A loaded machine is slow, which is no fault of a page's."""
    if "page" in request.fixturenames:
        expect.set_options(timeout=PATIENCE_MS)
        request.getfixturevalue("context").set_default_timeout(PATIENCE_MS)


@pytest.fixture(scope="session")
def address(loaded_city: Path) -> Iterator[str]:
    """The address at which the small city is served."""
    yield from served(loaded_city)


def served(folder: Path) -> Iterator[str]:
    """Serve a centre folder in a thread of this process for as long as the caller needs it."""
    server = waitress.create_server(create_app(folder).server, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.fixture
def live(loaded_city: Path) -> Iterator[LiveCentre]:
    """The small city as pages read it."""
    centre = LiveCentre(loaded_city)
    yield centre
    centre.close()
