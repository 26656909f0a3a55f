"""Staffing: Erlang B, C and A against published examples, other people's tables and a simulation of the queue itself."""

from __future__ import annotations

import csv
import heapq
from math import exp
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.staffing import Serving, erlang_b, erlang_c, required_agents, serving, target_from_text
from sql import WrongUse

A_CALL_CENTRE = {"calls": 100, "handle_seconds": 180, "interval_seconds": 1800}


def read(path: Path) -> list[dict[str, float]]:
    with path.open(encoding="utf-8") as file:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]


def test_the_published_example_of_two_other_packages() -> None:
    found = serving(**A_CALL_CENTRE, agents=14, within_seconds=20)
    assert found.erlangs == 10
    assert found.probability_of_wait == pytest.approx(0.1741319, abs=5e-8)
    assert found.service_level == pytest.approx(0.8883500191794669, rel=1e-12)
    assert found.average_speed_of_answer_seconds == pytest.approx(7.83593701177724, rel=1e-12)
    assert found.occupancy == pytest.approx(10 / 14)
    assert erlang_c(10, 11) == pytest.approx(0.6821182, abs=5e-8)


def test_the_published_number_of_agents_with_shrinkage() -> None:
    found = required_agents(**A_CALL_CENTRE, share=0.8, within_seconds=20, most_occupied=0.85, shrinkage=0.3)
    assert (found.agents, found.scheduled_agents) == (14, 20)


def test_the_reference_table_of_erlang_b_and_c(public_data: Path) -> None:
    for row in read(public_data / "erlang_reference" / "erlang_b_c_table.csv"):
        load, agents = row["offered_erlangs"], int(row["agents"])
        assert erlang_b(load, agents) == pytest.approx(row["erlang_b"], rel=1e-6)
        assert erlang_c(load, agents) == pytest.approx(row["erlang_c"], rel=1e-6)


def test_the_reference_cases_of_a_waiting_line(public_data: Path) -> None:
    for row in read(public_data / "erlang_reference" / "mmc_cases.csv"):
        asked = {
            "calls": row["calls"],
            "handle_seconds": row["aht_s"],
            "interval_seconds": row["interval_s"],
            "agents": int(row["agents"]),
        }
        found = serving(**asked)  # type: ignore[arg-type]
        assert found.erlangs == pytest.approx(row["erlangs"], rel=1e-6)
        assert found.probability_of_wait == pytest.approx(row["p_wait"], rel=1e-5)
        assert found.average_speed_of_answer_seconds == pytest.approx(row["asa_s"], rel=1e-4)
        assert found.mean_queue_length == pytest.approx(row["queue_len"], rel=1e-4)
        assert found.occupancy == pytest.approx(row["occupancy"], rel=1e-5)
        for seconds in (15, 20, 60):
            level = serving(**asked, within_seconds=seconds).service_level  # type: ignore[arg-type]
            assert level == pytest.approx(row[f"sl_{seconds}s"], rel=1e-5)


def simulated(load: float, agents: int, patience: float, within: float, calls: int = 120_000) -> dict[str, float]:
    """A queue played call by call: handle times of mean 1, callers with a patience of their own."""
    chance = Random(311)
    now, free_at = 0.0, [0.0] * agents
    heapq.heapify(free_at)
    lost = in_time = waited = 0
    wait_of_answered = 0.0
    for _ in range(calls):
        now += chance.expovariate(load)
        wait = max(0.0, free_at[0] - now)
        waited += wait > 0
        if wait > chance.expovariate(1 / patience):
            lost += 1
            continue
        heapq.heapreplace(free_at, now + wait + chance.expovariate(1.0))
        in_time += wait <= within
        wait_of_answered += wait
    answered = calls - lost
    return {
        "probability_of_wait": waited / calls,
        "abandon_rate": lost / calls,
        "service_level": in_time / calls,
        "average_speed_of_answer_seconds": wait_of_answered / answered,
    }


@pytest.mark.parametrize(("load", "agents", "patience"), [(10, 11, 1.0), (12, 10, 0.5), (4, 5, 3.0)])
def test_erlang_a_is_what_a_simulated_queue_does(load: float, agents: int, patience: float) -> None:
    found = serving(
        calls=load, handle_seconds=1, interval_seconds=1, agents=agents, within_seconds=0.2, patience_seconds=patience
    )
    for name, value in simulated(load, agents, patience, 0.2).items():
        assert getattr(found, name) == pytest.approx(value, abs=0.012), name


def test_endless_patience_is_erlang_c() -> None:
    patient = serving(**A_CALL_CENTRE, agents=14, patience_seconds=1e9)
    plain = serving(**A_CALL_CENTRE, agents=14)
    for name in ("probability_of_wait", "service_level", "average_speed_of_answer_seconds", "mean_queue_length"):
        assert getattr(patient, name) == pytest.approx(getattr(plain, name), rel=1e-4), name


@pytest.mark.parametrize("agents", [0, 5, 10])
def test_more_load_than_agents_is_unstable_and_never_a_negative_wait(agents: int) -> None:
    found = serving(**A_CALL_CENTRE, agents=agents)
    assert found.state == "unstable"
    assert (found.average_speed_of_answer_seconds, found.service_level, found.occupancy) == (None, 0.0, 1.0)
    assert "grows without end" in found.as_text()


@given(load=st.floats(0.01, 200), agents=st.integers(1, 220))
def test_an_agent_more_never_makes_callers_wait_longer(load: float, agents: int) -> None:
    def at(count: int) -> Serving:
        return serving(calls=load, handle_seconds=60, interval_seconds=60, agents=count)

    fewer, more = at(agents), at(agents + 1)
    assert 0 <= more.probability_of_wait <= fewer.probability_of_wait <= 1
    assert fewer.service_level <= more.service_level + 1e-12
    assert fewer.average_speed_of_answer_seconds is None or fewer.average_speed_of_answer_seconds >= 0


@given(calls=st.integers(1, 2000), share=st.sampled_from([0.5, 0.8, 0.95]), seconds=st.sampled_from([0, 20, 120]))
def test_required_agents_are_the_fewest_that_meet_the_target(calls: int, share: float, seconds: int) -> None:
    asked = {"calls": calls, "handle_seconds": 240, "interval_seconds": 1800}
    found = required_agents(**asked, share=share, within_seconds=seconds)
    assert found.service_level >= share
    fewer = serving(**asked, agents=found.agents - 1, within_seconds=seconds)
    assert fewer.state == "unstable" or fewer.service_level < share


def test_a_single_agent_can_be_reckoned_by_hand() -> None:
    # M/M/1 at half load: half wait, and those who wait do so for a handle time over the spare half
    found = serving(calls=1, handle_seconds=60, interval_seconds=120, agents=1, within_seconds=60)
    assert found.probability_of_wait == pytest.approx(0.5)
    assert found.average_speed_of_answer_seconds == pytest.approx(60)
    assert found.service_level == pytest.approx(1 - 0.5 * exp(-0.5))


WRONG = [
    ({"calls": -1}, "-1 came for calls"),
    ({"handle_seconds": 0}, "0 came for the handle time"),
    ({"interval_seconds": 0}, "the interval"),
    ({"agents": -2}, "agents"),
    ({"patience_seconds": 0}, "the patience"),
]


@pytest.mark.parametrize(("change", "answer"), WRONG)
def test_what_cannot_be_is_refused(change: dict[str, float], answer: str) -> None:
    with pytest.raises(WrongUse, match=answer):
        serving(**{**A_CALL_CENTRE, "agents": 3, **change})  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["80", "100/20", "x/20", "80/-1", "80/"])
def test_a_target_is_written_as_80_over_20(text: str) -> None:
    with pytest.raises(WrongUse, match="80/20"):
        target_from_text(text)
