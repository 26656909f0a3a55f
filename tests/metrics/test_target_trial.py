"""The last months under a target that is thought of: counted by hand, and as if it had held all along."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from metrics import Asker, Centre, Scope, WrongUse
from metrics.target_trial import Aim, met_of, tried
from tests.metrics.town import at, call, calls, town

TARGETS: dict[str, Any] = {
    "target": [
        {"metric": "service_level", "goal": 0.8, "within_seconds": 20},
        {"metric": "service_level", "goal": 0.9, "within_seconds": 10, "queue": "water", "from": "2026-11-01"},
        {"metric": "abandon_rate", "goal": 0.05, "from": "2026-11-01"},
    ],
    "request_target": [{"metric": "on_time_closure_rate", "goal": 0.9, "request_type": "Pothole"}],
}
# by month and queue: how long each call waited, the last number how many gave up after a minute
WAITS = {
    ("2026-09-02", "general"): ([15] * 30 + [45] * 10, 0),
    ("2026-10-02", "general"): ([15] * 20 + [45] * 10, 10),
    ("2026-11-02", "general"): ([15] * 32, 8),
    ("2026-11-03", "water"): ([5] * 4 + [15] * 6, 0),
}


@cache
def centre(**targets: Any) -> Centre:
    made: list[Any] = []
    for (day, queue), (waits, lost) in WAITS.items():
        for wait, answered in [*((wait, True) for wait in waits), *([(60, False)] * lost)]:
            made.append(call(len(made) + 1, at(f"{day}T09:00"), wait=wait, answered=answered, queue_id=queue))
    return town(targets or TARGETS, **calls(*made))


def under(aim: Aim) -> list[tuple[float | None, float | None, bool | None, bool | None]]:
    """By month: the figure as it was and as it would be, and whether the target was met and would be."""
    months = tried(Asker(centre(), Scope.whole_centre()), aim)
    return [(one.figure.value, one.tried.value, one.was_met, one.would_be_met) for one in months]


CASES = [
    # of the queue: what it would be under another limit
    (Aim("service_level", 0.75, 50, "general"), [(0.75, 1, False, True), (0.5, 0.75, False, True), (0.8, 0.8, True, True)]),
    (Aim("service_level", 0.76, 20, "general"), [(0.75, 0.75, False, False), (0.5, 0.5, False, False), (0.8, 0.8, True, True)]),
    # ten calls are too few to tell
    (Aim("service_level", 0.4, 10, "water"), [(None, None, None, None), (None, None, None, None), (0.4, 0.4, None, None)]),
    # of the centre: what its queues set for themselves stays
    (Aim("service_level", 0.7, 50), [(0.75, 1, False, True), (0.5, 0.75, False, True), (0.72, 0.72, False, True)]),
    # the lower the better, and no target before November
    (Aim("abandon_rate", 0.2), [(0, 0, None, True), (0.25, 0.25, None, False), (0.16, 0.16, False, True)]),
    (Aim("abandon_rate"), [(0, 0, None, None), (0.25, 0.25, None, None), (0.16, 0.16, False, None)]),
]  # fmt: skip


@pytest.mark.parametrize(("aim", "expected"), CASES)
def test_the_months_under_a_target(aim: Aim, expected: list[tuple[Any, ...]]) -> None:
    assert under(aim) == [pytest.approx(row) for row in expected]


@pytest.mark.parametrize("limit", [5, 15, 44, 45])
@pytest.mark.parametrize("queue", [None, "general", "water"])
def test_a_limit_that_is_tried_gives_what_it_gives_where_it_held(limit: int, queue: str | None) -> None:
    others = [one for one in TARGETS["target"] if one["metric"] != "service_level" or one.get("queue") != queue]
    own = {"metric": "service_level", "goal": 0.8, "within_seconds": limit} | ({"queue": queue} if queue else {})
    rows: Any = {name: centre().table(name).rows(named=True) for name in ("contact", "leg")}
    held = Asker(town({"target": [*others, own]}, **rows), Scope.whole_centre())
    for one in tried(Asker(centre(), Scope.whole_centre()), Aim("service_level", 0.8, limit, queue)):
        then = held.total(["service_level"], one.month, {"queue": [queue]} if queue else {})
        assert one.tried.value == then["service_level"].value


def test_in_how_many_months_it_would_have_been_met() -> None:
    assert met_of(tried(Asker(centre(), Scope.whole_centre()), Aim("service_level", 0.75, 20, "general"))) == (2, 3)
    assert met_of(tried(Asker(centre(), Scope.whole_centre()), Aim("service_level", 0.1, 20, "water"))) == (0, 0)


def test_a_target_of_a_request_type_holds_for_it_alone() -> None:
    asker = Asker(centre(), Scope.whole_centre())
    on = at("2026-11-03T09:00").date()
    own = asker.target("on_time_closure_rate", on, request_type="Pothole")
    assert own is not None
    assert own.goal == 0.9
    assert asker.target("on_time_closure_rate", on) is None


@pytest.mark.parametrize("metric", ["contacts_offered", "average_handle_time"])
def test_what_nobody_can_be_better_at_has_no_target(metric: str) -> None:
    with pytest.raises(WrongUse, match="can have no target"):
        tried(Asker(centre(), Scope.whole_centre()), Aim(metric, 1))
