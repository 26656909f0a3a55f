"""The desk in a real browser: by keyboard alone, nothing lost when it goes down, one evaluation of two submits."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserType, Page, expect

from dashboards.access import Access
from metrics.sampling import Draw
from tests.dashboards.desk.conftest import SignedIn, in_window
from tests.dashboards.fits import misfits
from tests.dashboards.test_browser import barriers, opened

pytestmark = pytest.mark.browser


def begun(page: Page, address: str, *, place: int = 0) -> str:
    """Begin an evaluation from the work list; gives its address."""
    opened(page, address, "/desk")
    page.get_by_role("button", name="Evaluate").nth(place).click()
    page.wait_for_selector("#sheet")
    return page.url.removeprefix(address)


def answer_all(page: Page, **otherwise: str) -> None:
    """Answer the items that are asked, one key each: 1, or another key for some."""
    page.locator("#sheet .item button").first.focus()
    for _ in range(40):
        item = page.evaluate("(document.activeElement.closest('.item') || {dataset: {}}).dataset.item")
        if item is None or page.evaluate("document.activeElement.matches('textarea')"):
            return
        page.keyboard.press(otherwise.get(item, "1"))


def saved(page: Page) -> None:
    """Wait until the desk has everything."""
    expect(page.locator("#saved")).to_contain_text("Saved at")


def test_an_evaluation_by_keyboard_alone(signed_in: SignedIn, address: str, drawn: Draw) -> None:
    assert drawn.contacts.height
    page = signed_in("quality_analyst")
    opened(page, address, "/desk")
    assert barriers(page) == []
    page.get_by_role("button", name="Evaluate").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#sheet")
    # at the end of the form, where the line that stays at the window's foot covers no answer in part
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    assert barriers(page) == []
    # an item that depends on another is asked once that one was answered so, and its answer goes with it
    conditional = page.locator("#item-emergency")
    page.locator("#item-emergency_present button").first.focus()
    page.keyboard.press("1")
    expect(conditional).to_be_visible()
    expect(conditional.locator("button").first).to_be_focused()
    page.keyboard.press("2")
    page.locator("#item-emergency_present button").first.focus()
    page.keyboard.press("2")
    expect(conditional).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#refused")).to_contain_text("Answer what is not answered yet")
    expect(page.locator("#item-greeting button").first).to_be_focused()
    answer_all(page, emergency_present="2", privacy="2", location="3")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#refused")).to_contain_text(
        "Say in the comment what happened: “Kept personal, health and card"
    )
    page.locator("#comment textarea").focus()
    page.keyboard.type("The card number is in the note.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".value-words")).to_contain_text(" of 100 (")
    main = page.locator("main")
    expect(main).to_contain_text("before auto-fails")
    expect(main).to_contain_text("▲ Auto-fail: “Kept personal, health and card data out of the notes")
    expect(main).to_contain_text("was missed and fails its section")
    assert barriers(page) == []


def test_the_form_takes_keys_at_once_but_none_that_are_typed(signed_in: SignedIn, address: str, drawn: Draw) -> None:
    assert drawn.contacts.height
    page = signed_in("quality_analyst")
    begun(page, address, place=4)
    items = page.locator("#sheet .item:visible")
    chosen = page.locator("#sheet .item [aria-checked=true]")
    # as soon as it is there
    expect(items.first.locator("button").first).to_be_focused()
    page.keyboard.press("1")
    expect(items.first.locator("[aria-checked=true]")).to_have_text("1Yes")
    # beside the form too, where a click took the focus away
    page.locator("h1").click()
    page.keyboard.press("2")
    expect(items.nth(1).locator("[aria-checked=true]")).to_have_text("2No")
    # what is typed into a field stays there
    page.locator("#comment textarea").click()
    page.keyboard.type("12n")
    expect(page.locator("#comment textarea")).to_have_value("12n")
    expect(chosen).to_have_count(2)
    # turned off, keys answer only the item in focus
    page.get_by_role("switch").click()
    page.locator("h1").click()
    page.keyboard.press("1")
    expect(chosen).to_have_count(2)


def test_a_browser_that_goes_down_loses_nothing(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], address: str, access: Access, drawn: Draw
) -> None:
    assert drawn.contacts.height
    first = browser_type.launch(**browser_type_launch_args)
    page = in_window(first, address, access, "quality_analyst").new_page()
    where = begun(page, address, place=1)
    page.locator("#item-greeting button").first.focus()
    page.keyboard.press("2")
    page.locator("#comment textarea").fill("In the middle of a sen")
    saved(page)
    with pytest.raises(Exception, match=r"closed|crash"):
        first.new_browser_cdp_session().send("Browser.crash")
    second = browser_type.launch(**browser_type_launch_args)
    try:
        again = in_window(second, address, access, "quality_analyst").new_page()
        opened(again, address, where)
        expect(again.locator("#item-greeting [aria-checked=true]")).to_have_text("2No")
        expect(again.locator("#comment textarea")).to_have_value("In the middle of a sen")
    finally:
        second.close()


def test_what_cannot_be_saved_is_kept_and_sent_again(signed_in: SignedIn, address: str, drawn: Draw) -> None:
    assert drawn.contacts.height
    page = signed_in("quality_analyst")
    where = begun(page, address, place=2)
    page.route("**/desk/save", lambda route: route.abort())
    page.locator("#item-greeting button").first.focus()
    page.keyboard.press("1")
    expect(page.locator("#saved")).to_contain_text("Not saved yet: Fairline does not answer")
    # the page is gone before the server was there again: the browser still has it
    other = page.context.new_page()
    page.close()
    opened(other, address, where)
    expect(other.locator("#item-greeting [aria-checked=true]")).to_have_text("1Yes")
    other.locator("#item-needs button").first.focus()
    other.keyboard.press("1")
    saved(other)


def test_of_two_windows_that_submit_at_once_one_counts(signed_in: SignedIn, address: str, drawn: Draw) -> None:
    assert drawn.contacts.height
    page = signed_in("quality_analyst")
    where = begun(page, address, place=3)
    answer_all(page, emergency_present="2", location="4")
    saved(page)
    windows = [page, page.context.new_page()]
    opened(windows[1], address, where)
    said = windows[0].evaluate(
        """async () => {
            const data = document.getElementById("sheet").dataset;
            const token = decodeURIComponent(document.cookie.split("_csrf_token=")[1].split(";")[0]);
            const answers = Array.from(document.querySelectorAll("#sheet .item:not([hidden]) [aria-checked=true]")).map(
                one => Object.assign({item: one.closest(".item").dataset.item}, JSON.parse(one.dataset.said)));
            const body = JSON.stringify({evaluation: data.evaluation, revision: Number(data.revision), answers});
            const send = () => fetch("/desk/submit", {method: "POST", body,
                headers: {"Content-Type": "application/json", "X-CSRFToken": token}});
            const both = await Promise.all([send(), send()]);
            return Promise.all(both.map(async one => [one.status, (await one.json()).words || ""]));
        }"""
    )
    assert sorted(status for status, _ in said) == [200, 400]
    refused = next(words for status, words in said if status == 400)
    assert "stays as it is" in refused or "changed in another window" in refused
    windows[1].locator("#submit").click()
    expect(windows[1].locator("#refused")).to_contain_text("This evaluation was submitted at")


PAGES = {
    "quality_analyst": ["/desk", "/decisions", "/calibration"],
    "manager": ["/coaching", "/coaching?agent=A1005", "/calibration"],
    "agent": ["/my-record"],
}


def test_the_desks_pages_have_no_barrier_and_are_cut_off_nowhere(
    signed_in: SignedIn, address: str, drawn: Draw
) -> None:
    assert drawn.contacts.height
    for role, paths in PAGES.items():
        page = signed_in(role)
        for path in paths:
            page.set_viewport_size({"width": 1280, "height": 900})
            opened(page, address, path)
            assert barriers(page) == [], f"{role} at {path}"
            assert misfits(page) == {}, f"{role} at {path}"
