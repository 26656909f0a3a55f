"""The door in a real browser: a stranger is led to it, signs in, sees what is theirs, and leaves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboards.access import Access
from tests.dashboards.conftest import PATIENCE_MS, token_of
from tests.dashboards.test_browser import WIDTHS, barriers, opened

pytestmark = pytest.mark.browser


@pytest.fixture
def stranger(browser: Any) -> Iterator[Page]:
    """A window of somebody who has not signed in."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    yield context.new_page()
    context.close()


def test_a_stranger_signs_in_goes_where_they_wanted_and_leaves(stranger: Page, address: str) -> None:
    said: list[str] = []
    stranger.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    stranger.goto(f"{address}/queues?day=2026-11-10")
    expect(stranger.get_by_role("heading", name="This is a demo")).to_be_visible()
    assert barriers(stranger) == []
    for width in WIDTHS:
        stranger.set_viewport_size({"width": width, "height": 900})
        assert stranger.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
    stranger.get_by_role("button", name="Supervisor").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Queues and channels")
    assert stranger.url == f"{address}/queues?day=2026-11-10"
    expect(stranger.get_by_text("Supervisor (demo)")).to_be_visible()
    assert said == []
    stranger.get_by_role("button", name="Change role").click()
    expect(stranger.get_by_role("heading", name="This is a demo")).to_be_visible()
    stranger.goto(f"{address}/queues")
    expect(stranger.get_by_role("heading", name="This is a demo")).to_be_visible()


@pytest.mark.parametrize(
    ("role", "path"), [("auditor", "/audit"), ("agent", "/my-record"), ("records_officer", "/records")]
)
def test_axe_finds_no_barrier_on_the_pages_of_access(
    stranger: Page, address: str, access: Access, role: str, path: str
) -> None:
    stranger.context.add_cookies([{"name": access.cookie, "value": token_of(access, role), "url": address}])
    opened(stranger, address, path)
    assert barriers(stranger) == []
    assert stranger.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_session_that_has_ended_leads_back_to_the_door(stranger: Page, address: str, access: Access) -> None:
    stranger.context.add_cookies([{"name": access.cookie, "value": token_of(access, "auditor"), "url": address}])
    opened(stranger, address, "/audit")
    stranger.context.clear_cookies(name=access.cookie)
    stranger.get_by_role("link", name="Your record").click()
    expect(stranger.get_by_role("heading", name="This is a demo")).to_be_visible()
    assert "next=%2Fmy-record" in stranger.url
