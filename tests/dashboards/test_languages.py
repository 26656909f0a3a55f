"""Pages speak the language of whoever reads them: as the address says, as they chose, or as the centre does."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

import metrics as m
from dashboards.access import Access, Viewer, accounts, open_access
from dashboards.access.languages import COOKIE, keep, spoken_by
from dashboards.access.tables import ENTRY, SPOKEN
from dashboards.deeds_said import deed_said
from dashboards.desk.store import Store
from dashboards.desk.tables import METADATA
from dashboards.live import LiveCentre
from dashboards.shown import PAGES, WHOLE, navigation
from dashboards.shown import shown as shown_to
from metrics.language import PSEUDO, language, speaking
from tests.dashboards.conftest import MANAGER, Client
from tests.dashboards.shown_text import Element, sent, text_of
from tests.dashboards.test_pages import DAY, EVERYONE

HTML = {"Accept": "text/html"}
DASHBOARDS = Path(__file__).parents[2] / "dashboards"


@pytest.fixture
def own(access: Access) -> Iterator[str]:
    """The auditor's account, which forgets afterwards what it chose."""
    row = accounts.named(access.store, "demo-auditor")
    assert row is not None
    yield row["account_id"]
    with access.store.changing() as connection:
        connection.execute(delete(SPOKEN))


def spoken_in(page: str) -> str:
    """The language that a document names."""
    found = re.search(r'<html lang="([^"]+)"', page)
    assert found is not None
    return found[1]


# address, account, browser, centre; who comes first decides
ORDER = [
    ("", None, None, "en", "en"),
    ("", None, None, "es-MX", "es-MX"),
    ("", None, "es", "en", "es"),
    ("", "en", "es", "es", "en"),
    ("?lang=en", "es", "es", "es", "en"),
    ("?lang=es", "en", "en", "es-MX", "es-MX"),
    ("?lang=xy", None, None, "es", "es"),
    ("", None, "xy", "en", "en"),
]


@pytest.mark.parametrize(("address", "account", "cookie", "centre", "expected"), ORDER)
def test_the_address_comes_before_the_account_the_browser_and_the_centre(
    client: Client, access: Access, own: str, monkeypatch: pytest.MonkeyPatch,
    address: str, account: str | None, cookie: str | None, centre: str, expected: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(access, "language", centre)
    caller = client("auditor")
    if account:
        keep(access.store, own, account)
    if cookie:
        caller.set_cookie(COOKIE, cookie)
    assert spoken_in(caller.get(f"/audit{address}", headers=HTML).text) == expected
    # nothing of a request is left in the thread that answered it
    assert language() == "en"


def test_a_centre_names_its_language(tmp_path: Path) -> None:
    (tmp_path / "centre.toml").write_text('[centre]\nname = "X"\ntimezone = "America/Denver"\nlanguage = "es-MX"\n')
    found = open_access(tmp_path, is_demo=True)
    found.store.close()
    assert found.language == "es-MX"


def form_token(caller: FlaskClient) -> str:
    caller.get("/", headers=HTML)
    token = caller.get_cookie("_csrf_token")
    assert token is not None
    return token.value


def test_a_choice_is_kept_with_the_account_and_in_the_browser(client: Client, access: Access, own: str) -> None:
    caller = client("auditor")
    form = {"csrf_token": form_token(caller), "language": "es", "next": "/audit?day=2026-11-10&lang=en"}
    answer = caller.post("/language", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/audit?day=2026-11-10")
    assert spoken_by(access.store, own) == "es"
    cookie = caller.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.value == "es"
    # another browser of the same person
    assert spoken_in(client("auditor").get("/audit", headers=HTML).text) == "es"
    assert caller.post("/language", data={**form, "language": "xx"}).status_code == 400
    assert caller.post("/language", data={**form, "next": "https://elsewhere.example"}).headers["Location"] == "/"


def test_the_door_and_what_it_refuses_speak_too(client: Client) -> None:
    stranger = client("")
    stranger.set_cookie(COOKIE, "es")
    door = stranger.get("/sign-in?next=/data").text
    assert spoken_in(door) == "es"
    assert "Esto es una demostración" in door
    assert '<button type="submit" name="language" value="en" lang="en">English</button>' in door
    token = re.search(r'csrf_token" value="([^"]+)', door)
    assert token is not None
    answer = stranger.post("/language", data={"csrf_token": token[1], "language": "en", "next": "/sign-in?next=/data"})
    assert answer.headers["Location"] == "/sign-in?next=%2Fdata"
    assert spoken_in(stranger.get("/sign-in").text) == "en"
    reader = client("records_officer")
    assert "Su rol no se lleva esto" in reader.get("/contacts.csv?lang=es").text
    assert "Your role does not take this away" in reader.get("/contacts.csv").text


def shown_of(caller: FlaskClient, path: str, search: str, asked_from: str) -> str:
    """What the browser is sent for a page, asked from an address."""
    body = {
        "output": "..pages.children...bar.children...page.children..",
        "outputs": [{"id": name, "property": "children"} for name in ("pages", "bar", "page")],
        "inputs": [
            {"id": "address", "property": "pathname", "value": path},
            {"id": "address", "property": "search", "value": search},
        ],
        "changedPropIds": ["address.pathname"],
    }
    headers = {"X-CSRFToken": form_token(caller), "Referer": f"http://localhost{asked_from}"}
    answer = caller.post("/_dash-update-component", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_threads_answer_each_in_its_own_language(client: Client) -> None:
    def ask(code: str) -> str:
        caller = client("auditor")
        caller.set_cookie(COOKIE, code)
        return shown_of(caller, "/nowhere", "", "/nowhere")

    codes = ["es", "en"] * 6
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(ask, codes))
    for code, answer in zip(codes, answers, strict=True):
        assert ("Esa p" in answer, "No such page" in answer) == (code == "es", code == "en")


def test_a_page_that_an_address_asks_for_in_a_language_asks_on_in_it(client: Client) -> None:
    caller = client("auditor")
    assert "Esa p" in shown_of(caller, "/nowhere", "?lang=es", "/nowhere?lang=es")
    # another site's address says nothing about ours
    caller.get("/audit", headers={**HTML, "Referer": "http://elsewhere.example/?lang=es"})
    assert "No such page" in shown_of(caller, "/nowhere", "", "/nowhere")


def test_an_answer_with_words_is_kept_for_each_language(live: LiveCentre) -> None:
    answers = live.answers(EVERYONE)
    for code in ("en", "es", "en"):
        with speaking(code):
            assert answers.kept("a test of words", language) == code
            assert answers.kept("a test of figures", language, has_words=False) == "en"


@pytest.mark.parametrize("path", ["/", "/month", "/quality", "/team"])
def test_two_languages_never_share_a_page(live: LiveCentre, path: str) -> None:
    def page(code: str) -> str:
        with speaking(code):
            found = shown_to(live, None, MANAGER, path, f"?day={DAY}", WHOLE)
            assert found.outcome == "saw"
            return text_of([found.bar, found.page])

    spanish, english = page("es"), page("en")
    assert (page("es"), page("en")) == (spanish, english)
    assert spanish != english
    assert "Rows with" not in spanish + page("es")


# ---- everything is said by the catalogue -----------------------------------------------------------------------------

DRAWN = "data:image/svg+xml;base64,"
# what a browser shows or reads aloud beside the text itself
SAID = ("title", "alt", "label", "placeholder", "aria-label")
# what the catalogue does not say: files, accounts, ids and codes; units and zones; months and days, which the locale has
NAMES = re.compile(
    r"\b(?:[\w.-]*[\d_][\w./-]*|[\w-]+\.(?:csv|toml|md)|demo-[a-z-]+|[A-Z]{2,}-[A-Z]+|Fairline|csv|xlsx|n|s|M[DS]T|C[DS]T|"
    r"Jan\w*|Feb\w*|Mar(?:ch)?|Apr\w*|May|June?|July?|Aug\w*|Sep\w*|Oct\w*|Nov\w*|Dec\w*|"
    r"(?:Mon|Tue|Tues|Wed|Wednes|Thu|Thurs|Fri|Sat|Satur|Sun)(?:day)?)\b"
)
ELSEWHERE = {"pre", "code"}
# what a chart of Plotly's says, and which of its settings are no words
OF_A_CHART = ("text", "hovertext", "ticktext")
DRAWN_WORDS = re.compile(r"<(?:text|tspan|title|desc)\b[^>]*>([^<]+)<")


def said_by(part: Element | str) -> Iterator[str]:
    """Everything that a person reads of an element, or hears."""
    if isinstance(part, str):
        yield part
    elif part.tag not in ELSEWHERE:
        source = part.attributes.get("src", "")
        if source.startswith(DRAWN):
            yield from DRAWN_WORDS.findall(base64.b64decode(source.removeprefix(DRAWN)).decode())
        yield from written_on(json.loads(part.attributes.get("figure", "null")))
        yield from (part.attributes[name] for name in SAID if name in part.attributes)
        for one in part.inside:
            yield from said_by(one)


def written_on(figure: Any) -> Iterator[str]:
    """The words of a chart of Plotly's: titles, labels and what a pointer finds."""
    if isinstance(figure, list | tuple):
        for one in figure:
            yield from written_on(one)
    elif isinstance(figure, dict):
        for name, one in figure.items():
            words = one if isinstance(one, list | tuple) else [one]
            if name in OF_A_CHART:
                yield from (re.sub(r"</?\w+>", " ", word) for word in words if isinstance(word, str))
            yield from written_on(one)


# what is written in the made-up language; all other letters no message of the catalogue says
WIDE_LETTERS = re.compile("[Ａ-Ｚａ-ｚ]+")


def plain_in(words: str) -> str:
    """What of a text no message of the catalogue says, also where it stands within one."""
    return WIDE_LETTERS.sub(" ", words)


@pytest.fixture(scope="module")
def data_names(live: LiveCentre) -> re.Pattern[str]:
    """The names that the data bring: people, teams, queues, kinds of requests."""
    answers = live.answers(EVERYONE)
    span = answers.span()
    assert span is not None
    roster = answers.roster(span)
    names = {
        str(value) for name in ("agent_id", "name", "team", "site", "shift") for value in roster[name].drop_nulls()
    }
    names |= {*answers.queue_names, *answers.queue_names.values(), str(answers.centre.timezone), answers.centre.name}
    for counted in ("requests_created", "contacts_received"):
        names |= {str(key[0]) for key in answers.by([counted], ["request_type"], span).keys}
    names |= {name for dimension in ("queue", "team", "department") for name in answers.values(dimension)}
    return re.compile("|".join(re.escape(name) for name in sorted(filter(None, names), key=len, reverse=True)))


def typed_at(store: Store) -> set[str]:
    """What people have typed at the desk."""
    with store.reading() as connection:
        rows = [row for table in METADATA.sorted_tables for row in connection.execute(select(table))]
    return {value for row in rows for value in row if isinstance(value, str)}


def logged_at(store: Store) -> set[str]:
    """What the log says that somebody did, and about whom or what."""
    with store.reading() as connection:
        rows = connection.execute(select(ENTRY.c.what, ENTRY.c.about)).all()
    return {words for row in rows for words in row}


ASKED = {
    "/figure": [
        {"metric": "service_level"},
        {"metric": "wait_p90"},
        {"metric": "average_handle_time", "span": "4weeks"},
    ],
    "/contacts": [{"metric": "service_level", "show": "counted"}, {"metric": "requests_created"}],
    "/agent": [{"agent": "A1005"}],
    "/month": [{}, *({"show": show} for show in ("demand", "access", "service-requests", "quality", "the-data"))],
}


def reader_of(path: str) -> Viewer:
    """Somebody whose role opens a page."""
    for role in ("manager", "quality_analyst", "records_officer", "auditor", "administrator", "agent"):
        viewer = replace(MANAGER, role=role, person="A1005" if role == "agent" else None)
        if path in viewer.may.pages:
            return viewer
    raise AssertionError(path)


@pytest.mark.parametrize("path", PAGES)
def test_every_word_of_a_page_is_in_the_catalogue(
    live: LiveCentre, access: Access, city: m.Centre, data_names: re.Pattern[str], path: str
) -> None:
    wanted = ASKED.get(path, [{}])
    if path == "/contact":
        number = m.rows(city, "contacts_answered", during=m.Period.day(DAY), scope=EVERYONE)["contact_id"][0]
        wanted = [{"contact": str(number)}]
    viewer = reader_of(path)
    left = set()
    for asked in wanted:
        search = "?" + "&".join(f"{name}={value}" for name, value in {"day": DAY.isoformat(), **asked}.items())
        with speaking(PSEUDO):
            found = shown_to(live, access, viewer, path, search, WHOLE)
            top = navigation(viewer, path, search, form_token="", is_demo=True)
        said = {*said_by(sent([found.bar, found.page, top]))} - typed_at(access.store)
        left |= {words for words in said if _has_letters(words, data_names)}
    # of an entry of the log the address or name at its end, and no entry as a whole
    logged = logged_at(access.store) if path == "/audit" else set()
    left = {words for words in left if not any(_ends(entry, plain_in(words).strip()) for entry in logged)}
    assert not left, f"Give these to the catalogue, with _() or n_(): {sorted(left)[:20]}"


def _ends(entry: str, words: str) -> bool:
    return entry.endswith(f" {words}")


def _has_letters(words: str, data_names: re.Pattern[str]) -> bool:
    # another language is called by its own name
    if words in ("English", "Español"):
        return False
    return re.search(r"[^\W\d_]", NAMES.sub("", data_names.sub("", plain_in(words)))) is not None


LOGGED = [
    # how the log has it, and how it reads in Spanish
    ("signed in", "inició sesión"),
    ("took contacts.csv", "se llevó contacts.csv"),
    ("refused contacts", "rechazado: contactos"),
    ("refused release", "rechazado: publicó una evaluación"),
    ("saw /team", "vio /team"),
]


@pytest.mark.parametrize(("entry", "told"), LOGGED)
def test_the_log_is_read_in_the_readers_language(entry: str, told: str) -> None:
    with speaking("es"):
        assert deed_said(entry) == told


IN_A_STRING = re.compile(r"f[\"'][^\n]*\{[^}\n]*\b[_n]_?\([\"']")


def test_no_message_hides_within_another_string_where_it_is_not_collected() -> None:
    hidden = [
        f"{path.relative_to(DASHBOARDS.parent)}: {found[0]}"
        for path in DASHBOARDS.rglob("*.py")
        for found in IN_A_STRING.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not hidden, "Put the message into a name before the string that holds it"


# ---- in a browser ----------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_a_reader_chooses_a_language_by_keyboard_and_it_stays(page: Page, address: str, access: Access) -> None:
    page.goto(f"{address}/queues?day={DAY}&lang=en")
    heading = page.locator("main h1")
    expect(heading).to_have_text("Queues and channels")
    try:
        page.get_by_role("button", name="Español").press("Enter")
        expect(heading).to_have_text("Colas y canales")
        assert page.url == f"{address}/queues?day={DAY}"
        assert page.evaluate("document.documentElement.lang") == "es"
        expect(page.locator("th").first).to_contain_text("Cola")
        # without the document being asked for again
        page.get_by_role("link", name="Dotación", exact=True).click()
        expect(heading).to_have_text("Dotación")
        assert page.evaluate("document.documentElement.lang") == "es"
        page.get_by_role("button", name="English").click()
        expect(heading).to_have_text("Staffing")
        assert page.evaluate("document.documentElement.lang") == "en"
    finally:
        page.context.clear_cookies(name=COOKIE)
        with access.store.changing() as connection:
            connection.execute(delete(SPOKEN))
