"""A figure beside another: the period before, a year ago, its own trend, the team, the goal, an earlier snapshot."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from metrics import Asked, Period, Scope, WrongUse, attainment, compared, measure_asked
from metrics.listing import figures_table
from tests.metrics.town import at, call, calls, days, town

NINE = at("2026-11-03T09:00")


def beside(centre: Any, against: str, **options: Any) -> pl.DataFrame:
    asked = Asked(
        options.pop("metrics", ["answer_rate"]),
        options.pop("by", []),
        options.pop("during", days("2026-11-03")),
        scope=Scope.whole_centre(),
    )
    return compared(centre, asked, against)


def answered(*shares: tuple[timedelta, int, int]) -> list[Any]:
    """So many answered of so many calls, so long before 3 November at nine."""
    made: list[Any] = []
    for before, part, whole in shares:
        made += [call(len(made) + n, NINE - before, answered=n < part, wait=30) for n in range(whole)]
    return made


def test_the_period_before_and_the_year_before() -> None:
    centre = town(**calls(*answered((timedelta(0), 1, 2), (timedelta(days=1), 3, 4), (timedelta(days=365), 4, 4))))
    assert beside(centre, "previous").select("value", "beside", "difference").row(0) == (0.5, 0.75, -0.25)
    assert beside(centre, "last-year")["beside"].to_list() == [1]


def test_a_whole_month_stands_beside_the_month_before() -> None:
    centre = town(**calls(*answered((timedelta(0), 1, 2), (timedelta(days=20), 3, 4), (timedelta(days=31), 1, 1))))
    during = Period.month(2026, 11)
    assert beside(centre, "previous", during=during)["beside"].to_list() == [4 / 5]


def test_the_trend_is_a_ratio_of_sums_on_the_same_days_of_the_week() -> None:
    weeks = [
        (timedelta(weeks=n), part, whole) for n, (part, whole) in enumerate(((1, 2), (9, 10), (1, 10), (0, 0), (1, 1)))
    ]
    centre = town(**calls(*answered(*weeks, (timedelta(days=1), 0, 50))))
    assert beside(centre, "trend")["beside"].to_list() == [11 / 21]
    assert beside(centre, "trend", metrics=["contacts_offered"])["beside"].to_list() == [21 / 4]


def test_days_stand_beside_the_days_of_the_period_before_in_their_order() -> None:
    centre = town(
        **calls(
            *answered(
                (timedelta(0), 1, 2), (timedelta(days=1), 1, 1), (timedelta(days=2), 1, 4), (timedelta(days=3), 3, 4)
            )
        )
    )
    frame = beside(centre, "previous", by=["day"], during=days("2026-11-02", 2))
    assert frame.select("day", "value", "beside").rows() == [
        (date(2026, 11, 2), 1, 0.75),
        (date(2026, 11, 3), 0.5, 0.25),
    ]


def test_an_agent_beside_the_team() -> None:
    teams = [{"agent_id": agent, "team_id": "Day", "valid_from": date(2026, 1, 1)} for agent in ("A1", "A2")]
    made = [call(1, NINE, talk=100), call(2, NINE, talk=300, agent_id="A2")]
    centre = town(**calls(*made), team_member=teams)
    frame = beside(centre, "team", metrics=["average_handle_time"], by=["agent"])
    assert frame.select("agent", "team", "value", "beside").rows() == [("A1", "Day", 100, 200), ("A2", "Day", 300, 200)]
    with pytest.raises(WrongUse, match="--by agent"):
        beside(centre, "team")


GOALS = {
    "target": [
        {"metric": "answer_rate", "goal": 0.8},
        {"metric": "answer_rate", "goal": 0.4, "queue": "water", "from": "2026-11-01", "to": "2026-12-01"},
        {"metric": "abandon_rate", "goal": 0.1},
    ],
    "request_target": [{"metric": "on_time_closure_rate", "goal": 0.9, "request_type": "Pothole"}],
}


def test_a_goal_is_that_of_the_queue_and_the_day() -> None:
    made = [
        *answered((timedelta(0), 1, 2)),
        call(90, NINE, queue_id="water"),
        call(91, NINE, queue_id="water", answered=False, wait=60),
    ]
    centre = town(GOALS, **calls(*made))
    frame = beside(centre, "goal", by=["queue"])
    assert frame.select("queue", "value", "beside", "met").rows() == [
        ("general", 0.5, 0.8, False),
        ("water", 0.5, 0.4, True),
    ]
    lower = beside(centre, "goal", metrics=["abandon_rate"])
    assert lower.select("value", "met").rows() == [(0.5, False)]
    asked = Asked(["answer_rate"], ["queue"], days("2026-11-03"), scope=Scope.whole_centre())
    assert "not met" in figures_table(centre, asked, frame)


def test_attainment_counts_the_days_on_which_a_goal_was_met() -> None:
    centre = town(
        GOALS, **calls(*answered((timedelta(0), 1, 2), (timedelta(days=1), 9, 10), (timedelta(days=2), 4, 5)))
    )
    found = attainment(centre, "answer_rate", during=days("2026-11-01", 3), scope=Scope.whole_centre())
    assert found.rows() == [("answer_rate", 2, 3)]


def test_what_there_is_to_compare_with_is_told() -> None:
    with pytest.raises(WrongUse, match="Did you mean trend"):
        beside(town(**calls(call(1, NINE))), "trent")


@pytest.mark.parametrize(
    ("where", "answer"),
    [
        ({"queue": ["genral"]}, r"No queue is called 'genral' .* Did you mean general\?.*--by queue"),
        ({"channel": ["voice"], "language": ["english"]}, r"No language is called 'english'.*--by language"),
    ],
)
def test_a_value_that_occurs_nowhere_is_no_empty_answer(where: dict[str, list[str]], answer: str) -> None:
    centre = town(**calls(call(1, at("2026-11-03T09:00"))))
    asked = Asked(["contacts_offered"], [], days("2026-11-03"), where, scope=Scope.whole_centre())
    with pytest.raises(WrongUse, match=answer):
        measure_asked(centre, asked)


def test_a_value_without_data_in_the_period_is_no_data() -> None:
    centre = town(**calls(call(1, at("2026-11-03T09:00"))))
    for where in ({"queue": ["general"]}, {"queue": ["(none)"]}, {"weekday": ["7"]}):
        asked = Asked(["contacts_offered"], [], days("2026-11-10"), where, scope=Scope.whole_centre())
        assert measure_asked(centre, asked)["value"].to_list() == [0]
