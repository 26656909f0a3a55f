"""What the dashboard's tests share: the small city behind its gate, people of every role, and a browser to look at it."""

from __future__ import annotations

import shutil
import threading
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest
import waitress
from dash import Dash
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page, expect

import metrics as m
from dashboards.access import Access, Viewer, accounts, sessions
from dashboards.access.demo import add_demo_accounts
from dashboards.access.keys import Keys
from dashboards.access.settings import AccessSettings
from dashboards.answers import Answers
from dashboards.app import create_app
from dashboards.desk import open_store
from dashboards.live import LiveCentre

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# nothing is looked up outside: the network of a test machine may be closed
PATIENCE_MS = 60_000
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SECRET = "a secret of the tests, 0123456789, not of anybody else"
MANAGER = Viewer("m", "morgan", "manager")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium in place of a download; skips where it is absent."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed; scripts/system-packages test installs it")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture(scope="session", autouse=True)
def no_answer_waits_for_itself() -> Iterator[None]:
    """Watch every page that any test makes: answers that need each other would make two readers wait for ever.

    `sql.waits` says in which order locks are taken; of answers only the answers themselves can tell.
    """
    needs: dict[Hashable, set[Hashable]] = defaultdict(set)
    asked, kept = threading.local(), Answers.kept

    def watched(answers: Answers, question: Hashable, ask: Callable[[], Any], **more: Any) -> Any:
        under: list[Hashable] = asked.__dict__.setdefault("under", [])

        def watched_ask() -> Any:
            needs[under[-1] if under else None].add(question)
            under.append(question)
            try:
                return ask()
            finally:
                under.pop()

        return kept(answers, question, watched_ask, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Answers, "kept", watched)
        yield
    # raises CycleError, with the answers that need each other
    TopologicalSorter(needs).prepare()


def access_of(folder: Path, store: Path, settings: AccessSettings | None = None, *, is_demo: bool = True) -> Access:
    """The gate of a centre folder whose accounts and log are kept elsewhere, so that the folder stays as it is."""
    return Access(folder, open_store(store), Keys(SECRET.encode()), settings or AccessSettings(), is_demo)


@pytest.fixture(scope="session")
def access(loaded_city: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Access]:
    """The gate of the small city, with an account for every role."""
    found = access_of(loaded_city, tmp_path_factory.mktemp("access"))
    with m.open_centre(loaded_city) as centre:
        add_demo_accounts(found, centre)
    yield found
    found.store.close()


@pytest.fixture(scope="session")
def app(loaded_city: Path, access: Access) -> Dash:
    """The application of the small city."""
    return create_app(loaded_city, access, made)


def made(_: m.Centre, agent: str, __: m.Period, folder: Path, *, scope: m.Scope) -> list[Path]:
    """A packet without its paper, which the reports' own tests look at: whose it is, and for which scope."""
    path = folder / "packet.pdf"
    path.write_text(f"made of {agent} for {scope}")
    return [path]


def token_of(access: Access, role: str) -> str:
    """A session of the demo's account of a role."""
    row = accounts.named(access.store, f"demo-{role.replace('_', '-')}")
    assert row is not None, role
    return sessions.begin(access.store, access.keys, row["account_id"], at=access.clock())


def viewer_in(access: Access, role: str) -> Viewer:
    """The demo's account of a role, as whoever is signed in."""
    found = sessions.viewer_of(access.store, access.keys, token_of(access, role), at=access.clock())
    assert found is not None
    return found


Client = Callable[[str], FlaskClient]


@pytest.fixture
def client(app: Dash, access: Access) -> Client:
    """A browser without a screen, signed in as the demo's account of a role; nobody for an empty word."""

    def one(role: str) -> FlaskClient:
        found: FlaskClient = app.server.test_client()
        if role:
            found.set_cookie(access.cookie, token_of(access, role))
        return found

    return one


@pytest.fixture(scope="session")
def address(app: Dash) -> Iterator[str]:
    """The address at which the small city is served."""
    yield from served(app)


def served(app: Dash) -> Iterator[str]:
    """Serve an application in a thread of this process for as long as the caller needs it."""
    server = waitress.create_server(app.server, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.fixture(scope="session")
def window(browser: Any, address: str, access: Access) -> Iterator[BrowserContext]:
    """One window of a browser for all tests, signed in as a manager: what does not change is fetched once."""
    context = browser.new_context()
    # a loaded machine is slow, which is no fault of a page's
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    context.add_cookies([{"name": access.cookie, "value": token_of(access, "manager"), "url": address}])
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    """A tab of that window."""
    tab = window.new_page()
    yield tab
    tab.close()


@pytest.fixture(scope="session")
def live(loaded_city: Path) -> Iterator[LiveCentre]:
    """The small city as pages read it; its answers are kept from test to test, as they are between readers."""
    centre = LiveCentre(loaded_city)
    yield centre
    centre.close()


def at_noon(access: Access, day: date) -> Access:
    """The same gate at another time."""
    return replace(access, clock=lambda: datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
