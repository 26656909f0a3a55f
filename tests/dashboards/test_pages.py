"""Pages as functions: what an address shows, what it says where there is nothing, and what it never lets through."""

from __future__ import annotations

from datetime import UTC, date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

import metrics as m
from dashboards.access import accounts
from dashboards.app import create_app
from dashboards.live import LiveCentre
from dashboards.pages import day
from dashboards.shown import PAGES, WHOLE, Page
from dashboards.shown import shown as shown_to
from dashboards.view import View
from etl.centre import create_centre
from etl.load import load
from tests.conftest import NOW
from tests.dashboards.conftest import MANAGER, Client, access_of, token_of
from tests.dashboards.shown_text import links_of, text_of

EVERYONE = m.Scope.whole_centre()
DAY = date(2026, 11, 10)
DURING = m.Period.day(DAY)

CARDS = [name for family in (day.ACCESS, day.HANDLING, day.REQUESTS) for name in family]


def shown(live: LiveCentre, path: str, search: str) -> tuple[Any, Any]:
    """The bar and the page, as a manager sees them."""
    found = shown_to(live, None, MANAGER, path, search, WHOLE)
    return found.bar, found.page


def page(live: LiveCentre, path: str, **query: str) -> str:
    """The text of a page."""
    return text_of(shown(live, path, "?" + urlencode(query))[1])


@pytest.mark.parametrize("name", CARDS)
def test_a_card_says_what_the_one_question_answers(live: LiveCentre, city: m.Centre, name: str) -> None:
    value = m.measure(city, [name], during=DURING, scope=EVERYONE)["value"][0]
    assert m.text.value(city.catalogue.metric(name), value) in page(live, "/", day=DAY.isoformat())


@pytest.mark.parametrize("name", [*CARDS, "service_level_sl1", "wait_p90", "legs_handled", "requests_late_open"])
def test_a_figure_opens_with_its_two_numbers_and_its_definition(live: LiveCentre, city: m.Centre, name: str) -> None:
    metric = city.catalogue.metric(name)
    frame = m.measure(city, [name], during=DURING, scope=EVERYONE)
    told = page(live, "/figure", day=DAY.isoformat(), metric=name)
    assert m.text.value(metric, frame["value"][0]) in told
    assert m.text.ratio(metric, frame["numerator"][0], frame["denominator"][0]) in told
    assert f"{metric.id}, version {metric.version}" in told
    assert f'from "{live.answers(EVERYONE).fact(name).name}"' in told.replace("\n", " ").lower()


@pytest.mark.parametrize("name", [name for name in CARDS if name != "average_handle_time"])
def test_the_rows_of_a_figure_count_to_it(live: LiveCentre, city: m.Centre, name: str) -> None:
    figure = m.measure(city, [name], during=DURING, scope=EVERYONE).row(0, named=True)
    base = figure["denominator"] if figure["denominator"] is not None else figure["value"]
    told = page(live, "/contacts", day=DAY.isoformat(), metric=name)
    assert f": {m.text.number_of(round(base), 'row')}" in told


@pytest.mark.parametrize(
    ("show", "column"), [("counted", "numerator"), ("missed", "denominator")], ids=["counted", "not counted"]
)
def test_the_rows_counted_and_the_others_are_told_apart(
    live: LiveCentre, city: m.Centre, show: str, column: str
) -> None:
    figure = m.measure(city, ["service_level"], during=DURING, scope=EVERYONE).row(0, named=True)
    expected = figure["numerator"] if show == "counted" else figure["denominator"] - figure["numerator"]
    told = page(live, "/contacts", day=DAY.isoformat(), metric="service_level", show=show)
    assert f"{m.text.number_of(round(expected), 'row')}, those " in told
    assert column


@pytest.mark.parametrize(
    "path",
    [path for path in PAGES if path in MANAGER.may.pages and path not in ("/contact", "/agent", "/data", "/my-record")],
)
def test_every_link_of_a_page_leads_to_a_page(live: LiveCentre, path: str) -> None:
    _, content = shown(live, path, f"?day={DAY}&metric=service_level")
    targets = sorted({href for _, href in links_of(content) if "/contacts." not in href})
    assert targets
    for href in targets[:: max(1, len(targets) // 8)]:
        where, _, search = href.partition("?")
        told = text_of(shown(live, where, f"?{search}")[1])
        assert "This page failed" not in told, href
        assert "This cannot be shown" not in told, href


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"queue": "water"}, {"queue": ["water"]}),
        ({"language": "es"}, {"language": ["es"]}),
        ({"queue": "water", "channel": "voice"}, {"queue": ["water"], "channel": ["voice"]}),
    ],
)
def test_a_choice_narrows_the_figures(
    live: LiveCentre, city: m.Centre, chosen: dict[str, str], expected: dict[str, list[str]]
) -> None:
    value = m.measure(city, ["contacts_offered"], during=DURING, where=expected, scope=EVERYONE)["value"][0]
    told = page(live, "/figure", day=DAY.isoformat(), metric="contacts_offered", **chosen)
    assert f" {m.text.count(value)} " in told


def test_a_choice_that_a_figure_cannot_follow_is_said(live: LiveCentre) -> None:
    assert "Of every team" in page(live, "/figure", day=DAY.isoformat(), metric="service_level", team="Day A")


def test_an_interval_opens_its_contacts_and_no_others(live: LiveCentre, city: m.Centre) -> None:
    frame = m.measure(city, ["contacts_offered"], by=["interval"], during=DURING, scope=EVERYONE)
    busiest = frame.sort("value").row(-1, named=True)
    name = busiest["interval"].astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    told = page(live, "/contacts", day=DAY.isoformat(), metric="contacts_offered", interval=name)
    assert f": {round(busiest['value'])} rows" in told


def test_a_contact_tells_its_story_down_to_the_line(live: LiveCentre, city: m.Centre) -> None:
    rows = m.rows(city, "contacts_abandoned", during=DURING, scope=EVERYONE)
    row = rows.row(0, named=True)
    told = page(live, "/contact", contact=str(row["contact_id"]))
    assert f"Contact {row['contact_key']}" in told
    assert f"{row['source_file']}, line {row['line']:,}" in told
    assert "waited" in told


WRONG = [
    ("/figure", {"metric": "servce_level"}, "Did you mean service_level"),
    ("/figure", {}, "names no figure"),
    ("/contacts", {"metric": "service_level", "show": "some"}, "Expected counted, missed"),
    ("/contact", {"contact": "1"}, "no contact 1 that you may see"),
    ("/contact", {"contact": "x' or 1=1"}, "names no contact"),
    ("/", {"day": "13.11.2026"}, "is not a day"),
    ("/contacts", {"metric": "service_level", "interval": "noon"}, "not the start of an interval"),
    ("/nothing", {}, "There is no page at /nothing"),
]


@pytest.mark.parametrize(("path", "query", "words"), WRONG)
def test_a_wrong_address_is_answered_with_a_sentence(
    live: LiveCentre, path: str, query: dict[str, str], words: str
) -> None:
    told = page(live, path, **query)
    assert words in told
    assert "Traceback" not in told


def test_what_nobody_foresaw_becomes_a_number_and_no_row_is_logged(
    live: LiveCentre, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    row = "Jane Roe, 303-555-0100"

    def fails(*_: object) -> list[Any]:
        raise RuntimeError(row)

    monkeypatch.setitem(PAGES, "/", Page(fails))
    told = page(live, "/", day=DAY.isoformat())
    assert "This page failed" in told
    assert "Jane" not in told + caplog.text
    assert "fails" in caplog.text


def test_a_day_without_data_says_so(live: LiveCentre) -> None:
    told = page(live, "/", day="2025-01-01")
    assert "No live contacts are on record." in told
    assert "no data" in told


def test_an_empty_centre_says_what_to_do(tmp_path: Path) -> None:
    create_centre(tmp_path / "empty", name="Empty 311", timezone="America/Denver")
    told = text_of(shown(LiveCentre(tmp_path / "empty"), "/", "")[1])
    assert "fairline load" in told


def test_a_new_load_appears_without_a_restart(own_city: Path) -> None:
    phone = sorted((own_city / "inbox").glob("phone_*.csv"))
    load(own_city, phone[:-1], now=NOW)
    live = LiveCentre(own_city, look_every=0)
    before = live.answers(EVERYONE)
    assert before is live.answers(EVERYONE)
    load(own_city, phone[-1:], now=NOW)
    after = live.answers(EVERYONE)
    assert after.last_day() > before.last_day()
    live.close()


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "R&amp;D &lt;b&gt;",
    "{{7*7}}",
    "=HYPERLINK(1)",
    "\u0639\u0645\u0631 \u05e2\u05d3\u05d9",
    "x" * 200,
    "\U0001f4de phone",
]


def test_hostile_names_stay_text(empty_centre: Path, tmp_path: Path) -> None:
    lines = [
        "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller"
    ]
    lines += [
        f'C{number},"{name}",A{number},voice,inbound,2026-11-10T09:00:00,5,60,0,10,answered,'
        for number, name in enumerate(HOSTILE)
    ]
    path = tmp_path / "calls.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert load(empty_centre, [path], now=NOW)[0].good == len(HOSTILE)
    live = LiveCentre(empty_centre)
    bar, content = shown(live, "/", "?day=2026-11-10")
    told = text_of(bar) + text_of(content)
    assert all(name in told for name in HOSTILE)
    access = access_of(empty_centre, tmp_path)
    accounts.add(access.store, "demo-manager", "manager", at=NOW)
    client = create_app(empty_centre, access).server.test_client()
    client.set_cookie(access.cookie, token_of(access, "manager"))
    csv = client.get("/contacts.csv?day=2026-11-10&metric=contacts_offered").text
    assert "'=HYPERLINK(1)" in csv
    live.close()


def test_rows_are_taken_away_as_csv_and_xlsx(client: Client, city: m.Centre, tmp_path: Path) -> None:
    manager = client("manager")
    address = f"/contacts.{{}}?day={DAY}&metric=service_level"
    expected = m.rows(city, "service_level", during=DURING, scope=EVERYONE)
    csv = manager.get(address.format("csv"))
    assert pl.read_csv(csv.data)["counted"].sum() == expected["counted"].sum()
    (tmp_path / "rows.xlsx").write_bytes(manager.get(address.format("xlsx")).data)
    sheet = CalamineWorkbook.from_path(str(tmp_path / "rows.xlsx")).get_sheet_by_index(0).to_python()
    assert len(sheet) == expected.height + 1
    assert manager.get("/contacts.exe").status_code == 404
    assert manager.get("/contacts.csv?metric=nothing").status_code == 400


def test_every_answer_forbids_framing_and_sniffing(client: Client) -> None:
    for path in ("/", "/_dash-layout", f"/contacts.csv?day={DAY}&metric=contacts_offered"):
        headers = client("manager").get(path).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in headers["Cache-Control"]


def test_a_view_comes_back_from_its_own_address() -> None:
    view = View(DAY, (("queue", "water"), ("interval", "2026-11-10T17:00Z")), metric="service_level", show="missed")
    assert View.from_search(view.search, otherwise=date(2000, 1, 1)) == view
