"""The pages in a real browser: what is seen equals what is asked, by keyboard alone, and without a barrier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
import plotly.offline
import pytest
from playwright.sync_api import BrowserContext, Page, expect

import metrics as m
from dashboards.app import BUNDLE, BUNDLE_ADDRESS
from metrics import typeface
from tests.dashboards.fits import misfits
from tests.dashboards.test_pages import DAY, DURING, EVERYONE

pytestmark = pytest.mark.browser

AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = (320, 768, 1280)


def opened(page: Page, address: str, path: str) -> Page:
    """The page at a path, once its heading and all that comes later are there."""
    page.goto(address + path)
    page.wait_for_selector("main h1")
    expect(page.get_by_text("Being worked out")).to_have_count(0)
    return page


@pytest.fixture
def contact_path(city: m.Centre) -> str:
    """The address of a contact that has a case."""
    rows = m.rows(city, "contacts_answered", during=DURING, scope=EVERYONE)
    return f"/contact?contact={rows['contact_id'][0]}"


PATHS = {
    "day": f"/?day={DAY}",
    "figure": f"/figure?day={DAY}&metric=service_level",
    "contacts": f"/contacts?day={DAY}&metric=service_level&show=missed",
    "queues": f"/queues?day={DAY}",
    "requests": f"/requests?day={DAY}",
    "team": f"/team?day={DAY}",
    "agent": f"/agent?day={DAY}&agent=A1005",
    "quality": f"/quality?day={DAY}",
    "staffing": f"/staffing?day={DAY}",
    "month": f"/month?day={DAY}",
    "month's subject": f"/month?day={DAY}&show=access",
    "dates": f"/figure?day={DAY}&metric=service_level&span=dates&since=2026-11-01&against=year",
    "data": "/data",
    "definitions": "/definitions",
    "nothing": "/?day=2025-01-01",
    "wrong": "/figure?metric=servce_level",
}


def barriers(page: Page) -> list[str]:
    """What axe-core finds, rule by rule; by night only colours are others."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = _found(page, RULES)
    page.emulate_media(color_scheme="dark")
    found += [f"by night, {one}" for one in _found(page, {"runOnly": ["color-contrast"]})]
    page.emulate_media(color_scheme="light")
    return found


def _found(page: Page, rules: dict[str, list[str]]) -> list[str]:
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", rules)
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]


@pytest.mark.parametrize("name", [*PATHS, "contact"])
def test_a_page_has_no_barrier_and_fits_every_window(page: Page, address: str, contact_path: str, name: str) -> None:
    opened(page, address, PATHS.get(name, contact_path))
    if name == "day":
        page.wait_for_selector(".plot .main-svg")
    assert barriers(page) == []
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    assert barriers(page) == []
    assert misfits(page) == {}


# where each entry of a list begins, and how high it is: one of each where all stand in one line
IN_LINE = (
    """name => [...document.querySelectorAll(`nav .${name} a`)].map(one => `${one.offsetTop} ${one.offsetHeight}`)"""
)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_pages_stand_in_one_line_at_a_laptops_width(page: Page, address: str, language: str) -> None:
    page.goto(f"{address}{PATHS['data']}?lang={language}")
    page.wait_for_selector("main h1")
    for width in (1024, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for part in ("aside", "work"):
            places = page.evaluate(IN_LINE, part)
            assert len(places) > 1
            assert len(set(places)) == 1, f"{part} at {width}"


def test_a_head_sorts_its_column_by_keyboard_and_a_field_narrows_the_rows(page: Page, address: str) -> None:
    opened(page, address, PATHS["queues"])
    table = page.locator("table", has=page.locator("caption", has_text="Queues")).first
    head = table.get_by_role("button", name="Offered")
    for way in ("ascending", "descending"):
        head.focus()
        page.keyboard.press("Enter")
        expect(table.get_by_role("columnheader", name="Offered")).to_have_attribute("aria-sort", way)
        shown = [int(words.replace(",", "")) for words in table.locator("tbody td:nth-child(2) a").all_inner_texts()]
        assert shown == sorted(shown, reverse=way == "descending")
    opened(page, address, "/data")
    files = page.locator(".framed", has=page.locator("caption", has_text="The last"))
    files.get_by_role("searchbox").fill("schedule")
    expect(files.get_by_role("status")).to_contain_text("of")
    assert all("schedule" in words for words in files.locator("tbody tr:visible").all_inner_texts())


def test_the_way_back_leads_through_the_views(page: Page, address: str) -> None:
    opened(page, address, PATHS["queues"])
    page.get_by_role("combobox", name="Span", exact=True).select_option("week")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".lead")).to_contain_text("9 November 2026 to")
    page.get_by_role("link", name="Requests", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Service requests")
    # what was chosen goes along
    assert "span=week" in page.url
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Queues and channels")
    expect(page.get_by_role("combobox", name="Span", exact=True)).to_have_value("week")
    page.go_back()
    expect(page.get_by_role("combobox", name="Span", exact=True)).to_have_value("4weeks")


def test_what_only_a_screen_needs_is_not_printed(page: Page, address: str) -> None:
    opened(page, address, PATHS["queues"])
    page.emulate_media(media="print")
    hidden = ["nav", ".filters", ".leave", ".narrows", ".files", "details"]
    shown = {name: page.locator(name).filter(visible=True).count() for name in hidden}
    assert shown == dict.fromkeys(hidden, 0)
    # how far the data reach is printed with the figures
    assert page.locator(".as-of").is_visible()
    assert page.locator("main table").first.is_visible()


LETTERED = """() => [...document.querySelectorAll("img.wide-chart")].some(
    one => atob(one.src.split(",")[1]).includes("@font-face"))"""


def test_letters_are_our_own_and_figures_of_one_width(window: BrowserContext, address: str) -> None:
    if not typeface.faces():
        pytest.skip("Public Sans was not fetched here (scripts/fonts); pages are set in the next family of the list")
    page = window.new_page()
    opened(page, address, "/data")
    loaded = page.evaluate("document.fonts.ready.then(all => [...all].filter(one => one.status === 'loaded').length)")
    widths = page.evaluate(
        """() => ["1111", "8888"].map(words => {
            const span = document.body.appendChild(document.createElement("span"));
            span.textContent = words;
            return span.getBoundingClientRect().width;
        })"""
    )
    # a picture has them in itself
    opened(page, address, PATHS["staffing"])
    page.wait_for_function(LETTERED)
    page.close()
    assert loaded >= 2
    assert widths[0] == widths[1]


def test_no_error_in_the_console_and_nothing_from_outside(page: Page, address: str) -> None:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    opened(page, address, PATHS["day"])
    page.wait_for_selector(".plot .main-svg")
    assert said == []
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
    # Plotly comes from where its smaller bundle stands, once
    assert [url for url in asked if "plotly" in url.rpartition("/")[2]] == [address + BUNDLE_ADDRESS]


def test_from_the_card_to_the_line_of_the_file(page: Page, address: str, city: m.Centre) -> None:
    level = m.measure(city, ["service_level"], during=DURING, scope=EVERYONE).row(0, named=True)
    missed = round(level["denominator"] - level["numerator"])
    opened(page, address, PATHS["day"])
    card = page.get_by_role("listitem").filter(has=page.get_by_role("link", name="Service level", exact=True))
    expect(card).to_contain_text(m.text.share(level["value"]))
    page.evaluate("window.wasNeverLeft = true")
    card.get_by_role("link").click()
    page.get_by_role("link", name=f"the {missed:,} others").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{missed:,} row")
    expect(page.locator("table.rows tbody tr")).to_have_count(missed)
    page.locator("table.rows tbody a").first.click()
    expect(page.get_by_role("heading", name="Where this comes from")).to_be_visible()
    assert ", line " in page.locator("main").inner_text()
    # links of cards, sentences and cells lead on without the document being loaded again
    assert page.evaluate("window.wasNeverLeft")
    page.go_back()
    expect(page.locator("table.rows tbody tr")).to_have_count(missed)


def test_a_choice_goes_into_the_address_and_comes_back_from_it(page: Page, address: str, city: m.Centre) -> None:
    where = {"queue": ["water"]}
    offered = m.measure(city, ["contacts_offered"], during=DURING, where=where, scope=EVERYONE)["value"][0]
    opened(page, address, PATHS["day"])
    page.get_by_role("combobox", name="Queue", exact=True).select_option("water")
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".lead")).to_contain_text(f"of {offered:,.0f} contacts offered")
    assert "queue=water" in page.url
    again = page.context.new_page()
    opened(again, "", page.url)
    expect(again.locator(".lead")).to_contain_text(f"of {offered:,.0f} contacts offered")
    expect(again.get_by_role("combobox", name="Queue", exact=True)).to_have_value("water")


def test_another_day_is_chosen_in_the_bar(page: Page, address: str) -> None:
    opened(page, address, PATHS["day"])
    page.get_by_label("Day", exact=True).fill("2026-11-09")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Monday 9 November 2026")
    page.get_by_title("After").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tuesday 10 November 2026")


def test_the_keyboard_alone_reaches_a_contact(page: Page, address: str) -> None:
    opened(page, address, PATHS["contacts"])
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('tbody') !== null"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Where this comes from")).to_be_visible()
    expect(page.locator("#page")).to_be_focused()


def test_a_half_hour_on_the_chart_opens_its_contacts(page: Page, address: str, city: m.Centre) -> None:
    frame = m.measure(city, ["contacts_offered"], by=["interval"], during=DURING, scope=EVERYONE)
    opened(page, address, PATHS["day"])
    page.wait_for_selector(".plot .barlayer .point")
    bars = page.locator(".plot .barlayer .point path")
    sizes = [box["height"] if (box := bar.bounding_box()) else 0 for bar in bars.all()]
    bars.nth(sizes.index(max(sizes))).click(force=True)
    expect(page.get_by_role("heading", level=1)).to_contain_text("rows")
    assert "interval=" in page.url
    busiest = round(frame["value"].max())  # type: ignore[arg-type]
    assert busiest > 0


def test_the_smaller_plotly_is_of_the_very_version_that_is_installed() -> None:
    if not BUNDLE.exists():
        pytest.skip("npm was not there when the environment was made; Dash's own bundle serves")
    assert f"v{plotly.offline.get_plotlyjs_version()}" in BUNDLE.read_text(encoding="utf-8")[:400]
