"""What the city is for: its calendar, the storm, people who differ and who do not, the lives of cases."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import fmean

import pytest

from etl.demo_city import build
from etl.demo_city.arrivals import Arrivals
from etl.demo_city.city import read_city
from etl.load import load
from tests.etl.demo_city.exported import (
    STORM,
    Exports,
    Row,
    abandon_rate,
    handling,
    instant,
    on_days,
    service_level,
)

WEEK_BEFORE = (date(2026, 10, 26), date(2026, 11, 1))


# ---- seeds and size --------------------------------------------------------------------------------------------------


def contents(folder: Path) -> dict[str, tuple[bytes, float]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime // 1 * is_export(path))
        for path in files
    }


def is_export(path: Path) -> bool:
    return path.parent.name == "inbox"


@pytest.mark.parametrize(("seed", "is_same"), [(311, True), (312, False)])
def test_a_seed_decides_every_byte(tmp_path: Path, seed: int, is_same: bool) -> None:
    for name, its_seed in (("one", 311), ("other", seed)):
        build(tmp_path / name, days=3, agents=16, seed=its_seed)
    assert (contents(tmp_path / "one") == contents(tmp_path / "other")) is is_same


def test_a_small_city_is_quick_and_its_summary_counts_the_rows(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    started = time.process_time()
    summary = build(tmp_path, days=7, agents=16, progress=lambda done, total: told.append((done, total)))
    assert time.process_time() - started < 5
    city = Exports(tmp_path)
    assert told == [(day, 7) for day in range(1, 8)]
    assert summary.days == 7
    assert summary.agents == len({row["agent_id"] for row in city.roster}) == 16
    assert summary.contacts == len(city.contacts)
    assert summary.evaluations == len(city.evaluations)
    assert summary.files == len(list((tmp_path / "inbox").iterdir()))
    assert {row["file"][-14:-4] for row in city.calls} == {str(date(2026, 11, 7) + timedelta(days=d)) for d in range(7)}


@pytest.mark.parametrize("agents", [8, 16, 30])
def test_no_size_leaves_a_letter_for_more_than_a_day(tmp_path: Path, agents: int) -> None:
    build(tmp_path, days=21, agents=agents, seed=5)
    assert max(int(row["wait_seconds"]) for row in Exports(tmp_path).contacts) <= 86_400


def test_the_exports_load_without_a_row_put_aside(tmp_path: Path) -> None:
    build(tmp_path, days=2, agents=16)
    results = load(tmp_path, [], now=datetime(2026, 11, 24, tzinfo=UTC))
    assert {(result.verdict, result.quarantined, result.duplicate, result.blank) for result in results} == {
        ("accepted", 0, 0, 0)
    }


# ---- calendar --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 10, 31), 24), (date(2026, 11, 1), 25), (date(2026, 11, 2), 24), (date(2027, 3, 14), 23)],
)
def test_a_day_has_the_hours_of_its_clock(day: date, hours: int) -> None:
    contacts = Arrivals(read_city(), 2000, Random(1)).of_day(day)
    assert len({contact.at // 3600 for contact in contacts}) == hours


def test_the_hour_that_comes_twice_is_told_apart(town: Exports) -> None:
    twice = [row["start_time"] for row in town.states if row["start_time"].startswith("2026-11-01T01")]
    assert {text[-6:] for text in twice} == {"-06:00", "-07:00"}


def test_a_night_shift_crosses_midnight(town: Exports) -> None:
    night = {row["agent_id"] for row in town.roster if row["shift"] == "night"}
    dates: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in town.schedule:
        if row["agent_id"] in night and row["activity"] == "queue":
            dates[row["agent_id"], row["shift_date"]] |= {row["start_time"][:10], row["end_time"][:10]}
    assert dates
    assert {len(days) for days in dates.values()} == {2}


def test_the_first_night_has_its_people(town: Exports) -> None:
    first_hours = [row for row in town.calls if row["start_time"] < "2026-10-19T05"]
    assert any(row["outcome"] == "answered" for row in first_hours)


# ---- the storm and usual days ----------------------------------------------------------------------------------------

WORSE: list[tuple[str, Callable[[list[Row]], float], Callable[[float, float], bool]]] = [
    ("service level", service_level, lambda storm, usual: storm < usual - 0.15),
    ("abandon rate", abandon_rate, lambda storm, usual: storm > usual + 0.05),
    (
        "calls about streets",
        lambda rows: sum(r["queue"] == "streets" for r in rows),
        lambda s, u: s > 1.4 * u,
    ),
    ("calls about water", lambda rows: sum(r["queue"] == "water" for r in rows), lambda s, u: s > 1.4 * u),
]


@pytest.mark.parametrize(("figure", "is_worse"), [row[1:] for row in WORSE], ids=[row[0] for row in WORSE])
def test_the_storm_week_is_worse(
    town: Exports, figure: Callable[[list[Row]], float], is_worse: Callable[[float, float], bool]
) -> None:
    assert is_worse(figure(on_days(town.calls, *STORM)), figure(on_days(town.calls, *WEEK_BEFORE)))


def occupancy(city: Exports) -> float:
    """Time with contacts over time with contacts or ready for one, of those on the phones."""
    phones = {row["agent_id"] for row in city.roster if row["team"] != "Mail and Counter"}
    seconds: Counter[str] = Counter()
    for row in city.states:
        if row["agent_id"] in phones:
            seconds[row["state"]] += instant(row["end_time"]) - instant(row["start_time"])
    busy = seconds["handling"] + seconds["acw"]
    return busy / (busy + seconds["available"])


def weekday_calls(city: Exports) -> float:
    return fmean(Counter(row["start_time"][:10] for row in city.calls).values())


def short_abandons(city: Exports) -> float:
    lost = [row for row in city.calls if row["outcome"] == "abandoned"]
    return sum(int(row["wait_seconds"]) < 5 for row in lost) / len(city.calls)


USUAL: list[tuple[str, Callable[[Exports], float], float, float]] = [
    ("calls a day", weekday_calls, 2100, 2700),
    ("service level", lambda city: service_level(city.calls), 0.75, 0.90),
    ("abandon rate", lambda city: abandon_rate(city.calls), 0.02, 0.07),
    ("short abandons", short_abandons, 0.002, 0.03),
    ("occupancy", occupancy, 0.65, 0.85),
    ("transfers to 911", lambda city: fmean(r["transferred_to"] == "911" for r in city.calls), 0.003, 0.02),
]


@pytest.fixture(scope="module")
def usual_days(tmp_path_factory: pytest.TempPathFactory) -> Exports:
    """Five usual weekdays at full size."""
    folder = tmp_path_factory.mktemp("usual")
    build(folder, days=5, agents=80, until=date(2026, 10, 10))
    return Exports(folder)


@pytest.mark.parametrize(("figure", "low", "high"), [row[1:] for row in USUAL], ids=[row[0] for row in USUAL])
def test_usual_weekdays_are_plausible(
    usual_days: Exports, figure: Callable[[Exports], float], low: float, high: float
) -> None:
    assert low <= figure(usual_days) <= high


# ---- people ----------------------------------------------------------------------------------------------------------


def pace(city: Exports, agent: str) -> float:
    """An agent's time on usual calls against the mean of the same queue, request and language."""
    cells = defaultdict(list)
    for row in city.calls:
        if row["outcome"] == "answered":
            # a call about a case that is known is shorter, and who takes those is chance
            key = row["queue"], row["service_type"], row["language"], bool(row["case_number"])
            cells[key].append((row["agent_id"], handling(row)))
    own = [(seconds, fmean(s for _, s in cell)) for cell in cells.values() for who, seconds in cell if who == agent]
    return sum(seconds for seconds, _ in own) / sum(expected for _, expected in own)


def test_those_who_differ_do_and_most_do_not(town: Exports) -> None:
    paces = {agent: truth["pace"] for agent, truth in town.truth.items() if truth["pace"] != 1.0}
    cares = [truth["care"] for truth in town.truth.values() if truth["care"] != 0.0]
    assert sorted(paces.values()) == [0.8, 1.25, 1.25]
    assert sorted(care > 0 for care in cares) == [False, False, True]
    assert len(town.truth) < 0.2 * len({row["agent_id"] for row in town.roster})
    for agent, expected in paces.items():
        assert pace(town, agent) == pytest.approx(expected, abs=0.12)


def test_the_others_have_the_same_pace(town: Exports) -> None:
    calls = Counter(row["agent_id"] for row in town.calls if row["outcome"] == "answered")
    others = [agent for agent, n in calls.items() if agent not in town.truth and n >= 150]
    assert len(others) > 15
    assert max(abs(pace(town, agent) - 1) for agent in others) < 0.13


def test_two_move_one_leaves_one_joins(town: Exports) -> None:
    spells = defaultdict(list)
    for row in town.roster:
        spells[row["agent_id"]].append(row)
    moves = [rows for rows in spells.values() if len(rows) == 2]
    assert len(moves) == 2
    for before, after in moves:
        assert before["team"] != after["team"]
        assert before["valid_to"] == after["valid_from"]
    assert sum(bool(rows[-1]["valid_to"]) for rows in spells.values()) == 1
    assert sum(rows[0]["valid_from"] == rows[0]["hired_on"] for rows in spells.values()) == 1


def test_every_team_has_a_supervisor_and_a_shift(town: Exports) -> None:
    teams = {(row["team"], row["supervisor"], row["shift"]) for row in town.roster}
    assert len(teams) == len({team for team, _, _ in teams}) == len({supervisor for _, supervisor, _ in teams}) == 8
    assert {shift for _, _, shift in teams} == {"early", "day", "late", "night"}


def test_spanish_calls_go_to_those_who_speak_it_and_take_longer(town: Exports) -> None:
    speaks = {row["agent_id"] for row in town.roster if "es" in row["languages"].split()}
    usual = [row for row in town.calls if row["outcome"] == "answered" and row["service_type"] == "Missed trash pickup"]
    spanish = [row for row in usual if row["language"] == "es"]
    assert {row["agent_id"] for row in town.calls if row["language"] == "es"} - {""} <= speaks
    longer = fmean(map(handling, spanish)) / fmean(handling(row) for row in usual if row["language"] == "en")
    assert 1.03 < longer < 1.22


# ---- cases -----------------------------------------------------------------------------------------------------------


def test_cases_wait_from_before_the_first_day(town: Exports) -> None:
    before = [rows[0] for rows in town.cases.values() if rows[0]["open_dt"] < "2026-10-19"]
    assert {row["file"] for row in before} == {"crm_2026-10-19.csv"}
    assert any(row["case_status"] == "Open" for row in before)


def test_some_cases_are_closed_open_and_closed_again(town: Exports) -> None:
    lives = Counter("".join(row["case_status"][0] for row in rows) for rows in town.cases.values())
    assert sum(n for life, n in lives.items() if "COC" in life) > 5
    # the state of an export follows from nothing but the exports before
    assert not any("CC" in life for life in lives)


def test_one_department_closes_many_within_the_hour(town: Exports) -> None:
    quick, all_of = Counter[str](), Counter[str]()
    for rows in town.cases.values():
        closed = next((row for row in rows if row["closed_dt"]), None)
        if closed and 8 <= int(closed["open_dt"][11:13]) < 16:
            spent = datetime.fromisoformat(closed["closed_dt"]) - datetime.fromisoformat(closed["open_dt"])
            all_of[closed["department"]] += 1
            quick[closed["department"]] += spent < timedelta(minutes=15) and "uplicate" not in closed["closure_reason"]
    shares = {department: quick[department] / n for department, n in all_of.items()}
    assert len(shares) == 5
    assert max(shares, key=lambda one: shares[one]) == "Code Enforcement"
    assert shares["Code Enforcement"] > 5 * max(share for name, share in shares.items() if name != "Code Enforcement")


def test_duplicates_are_some_and_not_many(town: Exports) -> None:
    last = [rows[-1]["closure_reason"] for rows in town.cases.values()]
    assert 0.01 < fmean("uplicate of" in reason for reason in last) < 0.15


def test_redaction_has_work(town: Exports) -> None:
    reasons = {row["closure_reason"] for rows in town.cases.values() for row in rows}
    assert any("303-555-0" in reason for reason in reasons)
    assert any("@" in reason for reason in reasons)


def test_callers_are_nobody_and_seldom_the_same_by_chance(town: Exports) -> None:
    numbers = [row["caller"] for row in town.calls]
    assert all(len(number) == 12 and number[5:9] == "5550" for number in numbers)
    # whoever calls again mostly asks about the same
    last: dict[str, str] = {}
    again = []
    for row in sorted(town.calls, key=lambda one: instant(one["start_time"])):
        if row["caller"] in last:
            again.append(last[row["caller"]] == row["service_type"])
        last[row["caller"]] = row["service_type"]
    assert fmean(again) > 0.6


def test_a_known_case_is_asked_about_after_it_was_opened(town: Exports) -> None:
    asked = Counter(row["case_number"] for row in town.calls if row["case_number"])
    assert sum(n > 1 for n in asked.values()) > 20


# ---- quality ---------------------------------------------------------------------------------------------------------


def test_evaluators_share_the_calibration_contacts(town: Exports) -> None:
    by_contact = defaultdict(set)
    for row in town.evaluations:
        if row["type"] == "calibration":
            by_contact[row["call_id"]].add(row["evaluator_id"])
    assert max(len(evaluators) for evaluators in by_contact.values()) == 5


def test_evaluators_of_one_contact_hear_the_same_call(town: Exports) -> None:
    """What does not apply is the same for all, and on the rest they agree more often than strangers would."""
    given = defaultdict(lambda: defaultdict(list))  # type: ignore[var-annotated]
    for row in town.evaluations:
        if row["type"] == "calibration":
            for one in town.answers[row["evaluation_id"]]:
                given[row["call_id"]][one["item_id"]].append((one["is_na"], one["points"]))
    cells = [answers for items in given.values() for answers in items.values() if len(answers) > 1]
    assert all(len({is_na for is_na, _ in answers}) == 1 for answers in cells)
    scored = [answers for answers in cells if answers[0][0] == "0"]
    missed = [answers for answers in scored if ("0", "0") in answers]
    # of two who hear a call on which somebody sees a miss, the other mostly sees it too
    assert fmean(answers.count(("0", "0")) / len(answers) for answers in missed) > 0.3


def test_evaluators_differ_and_reach_across_teams(town: Exports) -> None:
    teams = defaultdict(set)
    for row in town.evaluations:
        teams[row["evaluator_id"]].update(town.team_members(row["agent_id"], row["contact_at"][:10]))
    assert len(teams) == 5
    assert min(len(of) for of in teams.values()) >= 4


def test_most_agents_have_their_random_evaluations(town: Exports) -> None:
    drawn = Counter(
        row["agent_id"] for row in town.evaluations if (row["type"], row["selection"]) == ("standard", "random")
    )  # fmt: skip
    handled = {row["agent_id"] for row in town.handled}
    assert len(drawn) > 0.9 * len(handled)
    assert 2 <= fmean(drawn.values()) <= 9
