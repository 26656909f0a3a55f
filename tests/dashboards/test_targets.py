"""The page of targets: tried on the months, set by who may, in force from its day once it is loaded, never before."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from playwright.sync_api import Page, expect
from typer.testing import CliRunner

import metrics as m
from dashboards.access import Access, accounts
from dashboards.access.audit import entries
from dashboards.app import create_app
from dashboards.desk.store import open_store
from dashboards.desk.targets import DatedAim, set_target, targets_set
from dashboards.live import LiveCentre
from dashboards.shown import WHOLE, shown
from etl.load import load
from fairline import app as command_line
from metrics.target_trial import Aim
from tests.conftest import NOW
from tests.dashboards.conftest import access_of, token_of, viewer_in
from tests.dashboards.desk.conftest import posted
from tests.dashboards.shown_text import text_of
from tests.dashboards.test_browser import barriers, opened
from tests.etl.sources.twin_city import load_twins, rows

HEADER = "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller"
# two thirds of October and none of November are answered within 20 seconds, all within 40
CALLS = [
    f"C-{number},general,ana,voice,inbound,2026-{10 + (number > 60)}-02T09:10:00-07:00,{10 if number <= 40 else 30},200,0,30,answered,"
    for number in range(1, 101)
]
SETTINGS = """
[[queue]]
id = "general"
name = "General"

[[target]]
metric = "service_level"
queue = "general"
goal = 0.9
within_seconds = 20
from = 2026-01-01
"""
TODAY = "2026-11-24"
ASKED = {"metric": "service_level", "for": "queue:general", "goal": "95", "within": "40"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre with one queue, whose target was met in no month."""
    found = tmp_path_factory.mktemp("targets") / "centre"
    load_twins(found, {})
    with (found / "centre.toml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    load_twins(found, {"calls.csv": "\n".join([HEADER, *CALLS, ""])})
    return found


@pytest.fixture(scope="module")
def door(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Access]:
    """Its gate, with a manager and a quality analyst, on a day in November."""
    access = access_of(folder, tmp_path_factory.mktemp("store"))
    access = Access(access.folder, access.store, access.keys, access.settings, is_demo=True, clock=lambda: NOW)
    for role in ("manager", "quality-analyst"):
        accounts.add(access.store, f"demo-{role}", role.replace("-", "_"), at=NOW)
    yield access
    access.store.close()


@pytest.fixture(scope="module")
def app_of(folder: Path, door: Access) -> Dash:
    return create_app(folder, door)


def sees(folder: Path, door: Access, role: str, search: str) -> str:
    """What the page says to somebody of a role."""
    live = LiveCentre(folder)
    try:
        return text_of(shown(live, door, viewer_in(door, role), "/targets", search, WHOLE).page)
    finally:
        live.close()


def test_the_months_are_shown_under_the_target_that_held_and_under_the_one_that_is_tried(
    folder: Path, door: Access
) -> None:
    told = sees(folder, door, "manager", "?metric=service_level&for=queue:general&goal=95&within=40")
    assert (
        "Service level, queue General: 95 % or more within 40 s would have been met in 2 of 2 months; the target that "
        "held was met in 0 of 2 months." in told
    )
    assert "Set this target" in told
    assert "Set this target" not in sees(folder, door, "quality_analyst", "?goal=95&within=40")
    assert "the target that held was met in 0 of 2 months." in sees(
        folder, door, "manager", "?metric=service_level&for=queue:general"
    )


def test_a_figure_is_that_of_fairline_query(folder: Path, door: Access) -> None:
    asked = ["--from", "2026-10-01", "--to", "2026-11-01", "--where", "queue=general", "--format", "csv"]
    answer = CliRunner().invoke(command_line, ["query", "service_level", *asked, "--centre", str(folder)])
    (row,) = csv.DictReader(answer.stdout.splitlines())
    told = sees(folder, door, "manager", "?metric=service_level&for=queue:general")
    assert f"October 2026 (in part) {m.text.share(float(row['value']))} ▲  not met 90 % or more within 20 s 60" in told


REFUSED = [
    ({"goal": ""}, "Say what the figure should reach"),
    ({"goal": "0.95"}, "Write 80 for 80 %"),
    ({"goal": "101"}, "from 0 to 100"),
    ({"goal": "nan"}, "is not a number"),
    ({"within": "1.5"}, "is not a limit"),
    ({"within": ""}, "within how many seconds"),
    ({"for": "queue:nowhere"}, "not known of 'nowhere'"),
    ({"for": "department:PW"}, "not known of 'PW'"),
    ({"metric": "contacts_offered"}, "can have no target"),
    ({"metric": "servce_level"}, "Did you mean service_level"),
    ({"from": "2026-11-23"}, "never changes what was reported"),
    ({"from": "soon"}, "is not a day"),
]


@pytest.mark.parametrize(("sent", "said"), REFUSED)
def test_what_cannot_be_a_target_is_told_so(app_of: Dash, door: Access, sent: dict[str, str], said: str) -> None:
    answer = posted(signed_in_client(app_of, door, "manager"), "set_target", **{**ASKED, "from": TODAY, **sent})
    assert (answer.status_code, said in answer.json["words"]) == (400, True), answer.json
    assert targets_set(door.store) == []


def signed_in_client(app_of: Dash, door: Access, role: str) -> Any:
    client = app_of.server.test_client()
    client.set_cookie(door.cookie, token_of(door, role))
    return client


def test_a_target_that_is_set_holds_from_its_day_on_and_changes_no_day_before(
    app_of: Dash, door: Access, folder: Path
) -> None:
    answer = posted(signed_in_client(app_of, door, "manager"), "set_target", **ASKED, **{"from": TODAY})
    assert (answer.status_code, answer.json["to"]) == (200, "/targets?metric=service_level&for=queue%3Ageneral")
    last = next(row for row in entries(door.store, most=5) if row["what"] == "set a target")
    assert (last["who"], last["about"]) == (
        "demo-manager",
        "service_level of queue General: 95 % or more within 40 s from 2026-11-24",
    )
    assert "demo-manager, 24 Nov 2026, 05:00 waits for the next load" in sees(folder, door, "manager", "")
    assert [result.verdict for result in load(folder, [], now=NOW) if result.file == "desk_targets.csv"] == ["accepted"]
    assert rows(folder, "stated_target", "metric", "queue_id", "goal", "within_ms", "valid_from") == [
        ("service_level", "general", 0.95, 40_000, date(2026, 11, 24))
    ]
    with m.open_centre(folder) as centre:
        before = m.target(centre, "service_level", on=date(2026, 11, 23), queue="general")
        since = m.target(centre, "service_level", on=date(2026, 11, 24), queue="general")
        level = m.measure(centre, ["service_level"], during=m.Period.month(2026, 11), scope=m.Scope.whole_centre())
    assert (before, since) == (m.Target(0.9, 20, "higher"), m.Target(0.95, 40, "higher"))
    # the calls of the second of November are judged as they were
    assert level["value"][0] == 0
    told = sees(folder, door, "manager", "")
    assert "95 % or more within 40 s 24 November 2026 demo-manager, 24 Nov 2026, 05:00 in force" in told


def test_the_last_word_on_a_day_counts_and_the_earlier_ones_are_kept(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    at = datetime(2026, 11, 24, tzinfo=UTC)
    for goal, limit in ((0.8, 20), (0.9, 30)):
        one = DatedAim(Aim("service_level", goal, limit), date(2026, 12, 1))
        path = set_target(store, tmp_path / "inbox", one, by="morgan", at=at)
    with path.open(encoding="utf-8") as file:
        assert [",".join(row.values()) for row in csv.DictReader(file)] == ["service_level,centre,,0.9,30,2026-12-01"]
    assert [row["goal"] for row in targets_set(store)] == [0.9]
    with store.reading() as connection:
        assert len(connection.exec_driver_sql("select * from set_target").fetchall()) == 2
    store.close()


@pytest.mark.browser
def test_a_target_is_tried_by_keyboard_and_without_a_barrier(page: Page, address: str) -> None:
    opened(page, address, "/targets?metric=abandon_rate")
    assert barriers(page) == []
    page.get_by_label("At most (%)").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    expect(page.locator(".lead")).to_contain_text("Abandon rate, whole centre: 30 % or less would have been met in")
    assert barriers(page) == []
    # a day that has passed is refused beneath the button, and what was tried stays
    page.get_by_label("From").fill("2026-01-01")
    page.get_by_role("button", name="Set this target").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("never changes what was reported")
    page.set_viewport_size({"width": 320, "height": 900})
    page.wait_for_function("() => document.documentElement.scrollWidth <= window.innerWidth")
