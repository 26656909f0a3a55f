"""What is part, awaited or restated is said before the first figure, and nothing whole is compared with a part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from zlib import crc32

import pytest

import metrics as m
from dashboards.live import LiveCentre
from dashboards.shown import PAGES, WHOLE, shown
from dashboards.view import View
from etl.load import load
from sql import TooSlow, Warehouse
from tests.conftest import NOW
from tests.dashboards.conftest import MANAGER
from tests.dashboards.shown_text import text_of
from tests.dashboards.test_pages import DAY, EVERYONE, HOSTILE
from tests.etl.sources.twin_city import load_twins

CALLS = "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller\n"
CASES = "case_number,opened_at,status,channel,request_type,department,due_at,closed_at\n"
LAST = date(2026, 11, 10)
# the pages of the warehouse; those of the desk and of access have tests of their own
STANDING = [path for path, page in PAGES.items() if page.parts is not None and path in MANAGER.may.pages]


def calls(day: date, hours: range, *, queue: str = "general", agent: str = "ana") -> str:
    """One answered call every half hour."""
    return "".join(
        f'{crc32(queue.encode())}-{day}-{hour}-{minute},"{queue}","{agent}",voice,inbound,{day}T{hour:02}:{minute:02}:00-07:00,5,120,0,10,answered,\n'
        for hour in hours
        for minute in (0, 30)
    )


def cases(*days: date, department: str = "Streets") -> str:
    return "".join(f'P-{day},{day}T09:00:00-07:00,open,phone,Pothole,"{department}",,\n' for day in days)


def told(folder: Path, path: str, search: str) -> str:
    live = LiveCentre(folder)
    found = text_of(shown(live, None, MANAGER, path, search, WHOLE).page)
    live.close()
    return found


@pytest.fixture(scope="module")
def unfinished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five weeks of Tuesdays until six, the last until half past eleven; cases stop two days earlier; one day came again."""
    folder = tmp_path_factory.mktemp("states") / "centre"
    weeks = [LAST - timedelta(days=7 * number) for number in range(5)]
    files = {f"calls-{day}.csv": CALLS + calls(day, range(8, 18)) for day in weeks[1:]}
    load_twins(folder, files)
    load_twins(
        folder,
        {"cases.csv": CASES + cases(LAST - timedelta(days=9), LAST - timedelta(days=2))},
        as_of="2026-11-08T16:00:00+00:00",
    )
    load_twins(
        folder,
        {
            "today.csv": CALLS
            + calls(LAST, range(8, 11))
            + f"x,general,ana,voice,inbound,{LAST}T11:00:00-07:00,5,60,0,0,answered,\n"
        },
    )
    again = CALLS + calls(weeks[1], range(8, 18), agent="ben")
    load(folder, [_written(folder / "again.csv", again)], now=NOW + timedelta(days=1), as_of=NOW)
    return folder


def _written(path: Path, content: str) -> Path:
    path.write_text(content, encoding="utf-8")
    return path


def test_a_day_that_is_not_over_says_up_to_when_and_is_compared_with_nothing(unfinished: Path) -> None:
    found = told(unfinished, "/", f"?day={LAST}")
    assert "contacts are on record to 10 Nov 2026, 11:30 only" in found
    assert "no comparison with whole periods" in found


def test_a_whole_day_says_nothing_of_the_kind(unfinished: Path) -> None:
    found = told(unfinished, "/", f"?day={LAST - timedelta(days=7)}")
    assert "Part of the period" not in found
    assert "whole periods" not in found


def test_a_period_whose_data_begin_late_says_which_days_and_not_up_to_when(unfinished: Path) -> None:
    found = told(unfinished, "/queues", f"?day={LAST - timedelta(days=7)}&span=13weeks")
    assert "Contacts are on record for 13 October 2026 to 3 November 2026 only." in found
    assert "Part of the period" not in found


def test_a_source_that_lags_is_waited_for(unfinished: Path) -> None:
    assert "Waiting for cases since 8 Nov 2026, 09:00." in told(unfinished, "/requests", f"?day={LAST}&span=week")


def test_days_that_came_again_are_said_to_be_restated(unfinished: Path) -> None:
    search = f"?day={LAST - timedelta(days=7)}"
    assert "Restated on 25 Nov 2026" in told(unfinished, "/", search)
    assert "Restated" not in told(unfinished, "/", f"?day={LAST - timedelta(days=14)}")
    with m.open_centre(unfinished) as centre:
        assert m.restated_loads(centre)["file"].to_list() == ["again.csv"]


COMPARED = [
    ("", "Tuesday before"),
    ("before", "Monday 9 November 2026"),
    ("year", "Tuesday 11 November 2025"),
]


@pytest.mark.parametrize(("against", "words"), COMPARED)
def test_a_day_is_compared_with_what_was_chosen(live: LiveCentre, against: str, words: str) -> None:
    view = View.from_search(f"?day={DAY}&against={against}", otherwise=DAY)
    answers = live.answers(EVERYONE)
    assert view.compared(answers, ("contacts_offered",), {})["contacts_offered"].name == words


SPANS = [
    ("dates", "2026-11-01", (date(2026, 11, 1), date(2026, 11, 11))),
    ("dates", "2026-11-30", (DAY, date(2026, 11, 11))),
    ("month", "", (date(2026, 11, 1), date(2026, 12, 1))),
]


@pytest.mark.parametrize(("span", "since", "days"), SPANS, ids=["from a day", "a first day after the last", "month"])
def test_a_period_is_chosen_by_name_or_by_its_days(span: str, since: str, days: tuple[date, date]) -> None:
    view = View.from_search(f"?day={DAY}&span={span}" + (f"&since={since}" if since else ""), otherwise=DAY)
    assert (view.period.first, view.period.until) == days
    again = View.from_search(view.search, otherwise=date(2000, 1, 1))
    assert again.period == view.period


def test_a_question_that_takes_too_long_is_stopped_with_advice(loaded_city: Path) -> None:
    with Warehouse.open(loaded_city / "warehouse") as warehouse:
        warehouse.limit_seconds = 0.05
        with pytest.raises(TooSlow, match="Ask for fewer days"):
            warehouse.frame("select count(*) from range(1000000) a, range(1000000) b where a.range * b.range % 7 = 1")
        assert warehouse.frame("select 1 as n")["n"].to_list() == [1]


ONE_SOURCE: dict[str, Callable[[], dict[str, str]]] = {
    "calls": lambda: {"calls.csv": CALLS + "".join(calls(LAST, range(9, 11), queue=name.replace('"', ""), agent=name.replace('"', "")) for name in HOSTILE)},
    "cases": lambda: {"cases.csv": CASES + "".join(cases(LAST - timedelta(days=number), department=name) for number, name in enumerate(HOSTILE))},
}  # fmt: skip


@pytest.fixture(scope="module", params=ONE_SOURCE)
def one_source(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveCentre]:
    """A centre that has one source only, and in it names that try to be something else."""
    folder = tmp_path_factory.mktemp("one") / "centre"
    results = load_twins(folder, ONE_SOURCE[request.param]())
    assert {result.verdict for result in results.values()} == {"accepted"}
    live = LiveCentre(folder)
    yield live
    live.close()


@pytest.mark.parametrize("path", STANDING)
def test_every_page_stands_on_one_source_and_hostile_names(one_source: LiveCentre, path: str) -> None:
    found = shown(one_source, None, MANAGER, path, f"?day={LAST}&span=week&metric=contacts_offered", WHOLE)
    words = text_of(found.page)
    assert "This page failed" not in words
    assert found.outcome == "saw" or path in ("/contact", "/agent")


@pytest.mark.parametrize("path", STANDING)
def test_every_page_of_an_empty_warehouse_says_what_to_do(blank_centre: Path, path: str) -> None:
    live = LiveCentre(blank_centre)
    words = text_of(shown(live, None, MANAGER, path, "", WHOLE).page)
    live.close()
    assert "This page failed" not in words
    assert "fairline load" in words or path == "/definitions"


def test_what_a_moment_is_written_in_is_the_centres_zone(unfinished: Path) -> None:
    with m.open_centre(unfinished) as centre:
        reached = next(one.data_to for one in m.freshness(centre) if one.about == "phone")
    assert isinstance(reached, datetime)
    assert str(reached.tzinfo) == "America/Denver"
