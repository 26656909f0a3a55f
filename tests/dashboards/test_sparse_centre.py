"""A centre that has loaded little: every page shows something true, or says in one sentence what it would need."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

import metrics as m
from dashboards.access import Viewer
from dashboards.access.roles import scope_of
from dashboards.live import LiveCentre
from dashboards.needed import NEEDED
from dashboards.shown import WHOLE, shown
from metrics.gaps import gaps
from metrics.month import month_cards
from metrics.month.figures import MonthFigures
from metrics.reach import coverage
from tests.dashboards.conftest import MANAGER
from tests.dashboards.shown_text import text_of
from tests.dashboards.test_states import CALLS, CASES, STANDING, calls, cases
from tests.etl.sources.twin_city import load_twins

EVERYONE = m.Scope.whole_centre()
AUGUST, OCTOBER = date(2026, 8, 3), date(2026, 10, 1)
AGENT_OFF = date(2026, 8, 10)


def days(first: date, until: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((until - first).days)]


@pytest.fixture(scope="module")
def calls_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Calls of August and of October without those of September, of two people on no roster; nothing but talk is known."""
    folder = tmp_path_factory.mktemp("sparse") / "centre"
    lines = "".join(
        calls(day, range(9, 11)) for day in [*days(AUGUST, date(2026, 9, 1)), *days(OCTOBER, date(2026, 11, 1))]
    )
    lines += "".join(calls(day, range(12, 13), agent="ben", queue="night") for day in days(AUGUST, AGENT_OFF))
    load_twins(folder, {"calls.csv": CALLS + lines.replace(",0,10,answered", ",,,answered")})
    return folder


@pytest.fixture(scope="module")
def cases_only(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two weeks of service requests and not a call."""
    folder = tmp_path_factory.mktemp("sparse") / "centre"
    load_twins(folder, {"cases.csv": CASES + cases(*days(OCTOBER, date(2026, 10, 15)))})
    return folder


def told(folder: Path, path: str, search: str = "") -> str:
    live = LiveCentre(folder)
    found = shown(live, None, MANAGER, path, search, WHOLE)
    live.close()
    assert found.outcome == "saw", text_of(found.page)
    return text_of(found.page)


# a figure that each centre has
ABOUT = {"calls_only": "contacts_offered", "cases_only": "requests_created"}
# which page of which centre has nothing to show, and what it says instead
NOTHING = [
    ("calls_only", "/requests", "no cases were loaded. An export of the case system"),
    ("calls_only", "/quality", "no evaluations were loaded. On the page Desk"),
    ("calls_only", "/staffing", "no loaded source reports talk, hold and after-call work together, no agent states"),
    ("cases_only", "/queues", "no calls were loaded"),
    ("cases_only", "/team", "no calls were loaded"),
    ("cases_only", "/quality", "no evaluations were loaded"),
]


@pytest.mark.parametrize(("centre", "path", "words"), NOTHING)
def test_what_a_page_would_need(centre: str, path: str, words: str, request: pytest.FixtureRequest) -> None:
    page = told(request.getfixturevalue(centre), path)
    assert f"This page has nothing to show: {words.split('. ')[0]}" in page
    assert words in page
    assert "Nothing is on record here" not in page


@pytest.mark.parametrize("centre", ["calls_only", "cases_only"])
@pytest.mark.parametrize("path", [path for path in STANDING if path not in ("/agent", "/contact")])
def test_no_page_is_made_of_empty_frames(centre: str, path: str, request: pytest.FixtureRequest) -> None:
    page = told(request.getfixturevalue(centre), path, f"?metric={ABOUT[centre]}")
    assert page.count("Nothing is on record here") <= 1
    assert path in NEEDED or "nothing to show" not in page


def test_a_day_without_a_case_system_says_so_once(calls_only: Path) -> None:
    page = told(calls_only, "/")
    assert "Not in the data: Requests created, Requests closed and On-time closure rate; no cases were loaded." in page
    assert "not available" not in page


def test_a_day_of_cases_alone_is_told_by_them(cases_only: Path) -> None:
    page = told(cases_only, "/", "?day=2026-10-14")
    assert "1 were created and 0 closed" in page
    assert "Queues" not in page


# a month that was never loaded is no month without a call
PERIODS = [
    (m.Period.month(2026, 8), "Contacts are on record for 3 August 2026 to 31 August 2026 only."),
    (m.Period.month(2026, 9), "No contacts of September 2026 are on record."),
    (m.Period(date(2026, 9, 20), date(2026, 10, 10)), "No contacts of 20 September 2026 to 30 September 2026 are on record."),
    (m.Period.month(2026, 10), ""),
]  # fmt: skip


@pytest.mark.parametrize(("during", "words"), PERIODS)
def test_what_is_on_record_amid_the_data(calls_only: Path, during: m.Period, words: str) -> None:
    with m.open_centre(calls_only) as centre:
        assert gaps(centre, "contact") == (m.Period.month(2026, 9),)
        assert coverage(m.Asker(centre, EVERYONE), "contact", during).words == words


def test_nothing_is_compared_with_what_was_never_loaded(calls_only: Path) -> None:
    with m.open_centre(calls_only) as centre:
        month = MonthFigures.of(centre, OCTOBER, scope=EVERYONE)
        assert not month.is_comparable("contact")
        assert {card.figure.metric.name for card in month_cards(month)} == {
            "contacts_received", "service_level", "abandon_rate", "average_speed_of_answer",
        }  # fmt: skip
        counted = month.ask(("contacts_received",), "month", month.year)
        # 29 and 31 days of four calls, with seven of two
        assert counted.grid.values("contacts_received", month.months) == (29 * 4 + 7 * 2, None, 31 * 4)
        usual = month.asker.usual(["contacts_received"], date(2026, 10, 16))["contacts_received"]
        assert (usual.name, usual.figure.value) == ("last 2 Fridays", 4)
        before = month.asker.before(["contacts_received"], m.Period(date(2026, 10, 4), date(2026, 11, 1)))
        assert before["contacts_received"].figure.value is None


def test_a_day_that_was_never_loaded_leads_to_the_nearest(calls_only: Path) -> None:
    page = told(calls_only, "/", "?day=2026-09-03")
    assert "Show 31 August 2026, the nearest day on record" in page
    assert "every rule is kept" not in page


def test_who_is_on_no_roster_has_a_page(calls_only: Path) -> None:
    page = told(calls_only, "/team")
    assert "2 people answered contacts; no roster says in which team" in page
    assert "How long contacts take" in told(calls_only, "/agent", "?agent=ana")


# whose own work somebody sees by an account alone: of who still takes contacts when the data end, and of nobody else
@pytest.mark.parametrize(("person", "sees"), [("ana", {"ana"}), ("ben", set()), ("nobody", set())])
def test_an_agent_without_a_roster_sees_the_own_work(calls_only: Path, person: str, sees: set[str]) -> None:
    viewer = Viewer("v", "v", "agent", person=person)
    with m.open_centre(calls_only) as centre:
        scope = scope_of(viewer, centre, on=date(2027, 1, 1))
        assert set(m.roster(centre, during=m.Period(AUGUST, OCTOBER), scope=scope)["agent_id"]) == sees
        # a team's lead sees nobody who is in no team
        assert m.roster(centre, during=m.Period(AUGUST, OCTOBER), scope=m.Scope.of_teams("North")).is_empty()
