"""What tests of the desk's pages share: a drawn sample, people at the desk, and what they do there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page

import metrics as m
from dashboards.access import Access
from metrics import sampling
from tests.dashboards.conftest import PATIENCE_MS, token_of

NOVEMBER = m.Period.month(2026, 11)
EVERYONE = m.Scope.whole_centre()
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def drawn(loaded_city: Path) -> Iterator[sampling.Draw]:
    """The routine sample of November, taken away again afterwards."""
    with m.open_centre(loaded_city) as city:
        yield sampling.sample(city, during=NOVEMBER, scope=EVERYONE, per_month=8)
    for path in (loaded_city / "samples").iterdir():
        path.unlink()


def posted(caller: FlaskClient, deed: str, **sent: Any) -> Any:
    """What is answered to a deed, sent as the pages send it."""
    caller.get("/", headers=HTML)
    token = caller.get_cookie("_csrf_token")
    assert token is not None
    return caller.post(f"/desk/{deed}", json=sent, headers={"X-CSRFToken": token.value})


SignedIn = Callable[[str], Page]


@pytest.fixture
def signed_in(browser: Browser, address: str, access: Access) -> Iterator[SignedIn]:
    """A tab of a browser in which somebody of a role is signed in."""
    opened: list[BrowserContext] = []

    def one(role: str) -> Page:
        opened.append(in_window(browser, address, access, role))
        return opened[-1].new_page()

    yield one
    for window in opened:
        window.close()


def in_window(browser: Browser, address: str, access: Access, role: str) -> BrowserContext:
    """A window of a browser in which somebody of a role is signed in."""
    window = browser.new_context()
    window.set_default_timeout(PATIENCE_MS)
    window.add_cookies([{"name": access.cookie, "value": token_of(access, role), "url": address}])
    return window
