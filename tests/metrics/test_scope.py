"""Whose work may be seen: what the roster of the day credits, totals without their people, and nothing by default."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import polars as pl
import pytest

import metrics as m
from metrics.people import FEWEST_IN_TEAM
from tests.metrics.test_figures import TWO_WEEKS
from tests.metrics.town import at, call, town

EVERYONE = m.Scope.whole_centre()


@pytest.fixture(scope="module")
def team(loaded_city: object) -> Iterator[tuple[m.Scope, set[str], str]]:
    """A supervisor's scope, its members, and the supervisor."""
    from pathlib import Path

    with m.open_centre(Path(str(loaded_city))) as city:
        people = m.roster(city, during=TWO_WEEKS, scope=EVERYONE).drop_nulls("supervisor")
        busiest = m.measure(city, ["contacts_answered"], by=["team"], during=TWO_WEEKS, scope=EVERYONE)
        supervisor = str(people.filter(team=busiest.sort("value")["team"][-1])["supervisor"][0])
        teams = m.supervised_teams(city, supervisor, on=TWO_WEEKS.last)
        members = set(people.filter(pl.col("team").is_in(sorted(teams)))["agent_id"])
        yield m.Scope.of_teams(*teams, sees_totals=True), members, supervisor


def test_nothing_is_assumed(city: m.Centre) -> None:
    nobody = m.Scope.of_nobody()
    for name in ("legs_handled", "contacts_offered", "requests_created", "service_level"):
        figure = m.measure(city, [name], during=TWO_WEEKS, scope=nobody).row(0, named=True)
        assert not figure["n"], name
        assert m.rows(city, name, during=TWO_WEEKS, scope=nobody).is_empty()
    assert m.roster(city, during=TWO_WEEKS, scope=nobody).is_empty()


def test_a_supervisor_sees_the_centres_totals_and_the_teams_people(
    city: m.Centre, team: tuple[m.Scope, set[str], str]
) -> None:
    scope, members, _ = team
    for name in ("service_level", "contacts_offered", "requests_created"):
        mine = m.measure(city, [name], during=TWO_WEEKS, scope=scope)
        assert mine.equals(m.measure(city, [name], during=TWO_WEEKS, scope=EVERYONE)), name
    for name in ("legs_handled", "contacts_answered"):
        by_agent = m.measure(city, [name], by=["agent"], during=TWO_WEEKS, scope=scope)
        assert set(by_agent["agent"]) <= members
        assert by_agent.height > 0


@pytest.mark.parametrize("by", ["agent", "team", "shift", "tenure", "site"])
def test_no_total_is_parted_by_people_of_others(city: m.Centre, team: tuple[m.Scope, set[str], str], by: str) -> None:
    scope, _, _ = team
    parted = m.measure(city, ["contacts_answered"], by=[by], during=TWO_WEEKS, scope=scope)
    own = m.measure(city, ["contacts_answered"], by=["team"], during=TWO_WEEKS, scope=m.Scope(teams=scope.teams))
    assert parted["value"].sum() == own["value"].sum()


def test_the_rows_of_a_total_are_the_teams_and_nobodys(city: m.Centre, team: tuple[m.Scope, set[str], str]) -> None:
    scope, members, _ = team
    during = m.Period.day(TWO_WEEKS.last)
    rows = m.rows(city, "contacts_offered", during=during, scope=scope)
    everything = m.rows(city, "contacts_offered", during=during, scope=EVERYONE)
    assert set(rows["agent"].drop_nulls()) <= members
    assert rows["agent"].null_count() == everything["agent"].null_count() > 0
    foreign = next(iter(set(everything["agent"].drop_nulls()) - members))
    asked = {"agent": [foreign]}
    assert m.rows(city, "contacts_offered", during=during, where=asked, scope=scope).is_empty()
    assert not m.measure(city, ["contacts_offered"], during=during, where=asked, scope=scope)["n"][0]


def test_a_contact_of_two_agents_tells_no_name_of_the_other() -> None:
    one, first = call(1, at("2026-11-03T09:00"), agent_id="A1")
    _, second = call(1, at("2026-11-03T09:05"), agent_id="A2")
    agents = [{"agent_id": agent, "display_name": f"Name of {agent}"} for agent in ("A1", "A2")]
    evaluations = [
        {"evaluation_id": number, "contact_id": 1, "agent_id": agent, "type": "standard", "status": status}
        for number, (agent, status) in enumerate([("A1", "released"), ("A1", "submitted"), ("A2", "released")], 1)
    ]
    legs = [{**first, "leg_id": 1, "agent_id": "A1"}, {**second, "leg_id": 2, "agent_id": "A2"}]
    centre = town(contact=[one], leg=legs, agent=agents, evaluation=evaluations)
    story = m.contact(centre, 1, scope=m.Scope.of_agent("A1"))
    assert [(leg["agent_id"], leg["agent_name"]) for leg in story.legs] == [("A1", "Name of A1"), ("a colleague", None)]
    assert [one["evaluation_id"] for one in story.evaluations] == [1]
    whole = m.contact(centre, 1, scope=EVERYONE)
    assert [leg["agent_id"] for leg in whole.legs] == ["A1", "A2"]
    assert len(whole.evaluations) == 3


def test_a_team_has_an_average_where_five_stand_behind_it(city: m.Centre, team: tuple[m.Scope, set[str], str]) -> None:
    agent = min(team[1])
    scope = m.Scope.of_teams(*m.roster(city, during=TWO_WEEKS, scope=m.Scope.of_agent(agent))["team"])
    found = m.team_averages(city, ["average_handle_time"], agent=agent, during=TWO_WEEKS)["average_handle_time"]
    own = m.measure(city, ["average_handle_time"], during=TWO_WEEKS, scope=m.Scope(teams=scope.teams))["value"][0]
    by_agent = m.measure(
        city, ["average_handle_time"], by=["agent"], during=TWO_WEEKS, scope=m.Scope(teams=scope.teams)
    )
    assert found == (own if by_agent.filter(pl.col("n") > 0).height >= FEWEST_IN_TEAM else None)


def test_who_left_the_roster_supervises_nobody(city: m.Centre, team: tuple[m.Scope, set[str], str]) -> None:
    _, members, supervisor = team
    long_ago = TWO_WEEKS.first - timedelta(days=20_000)
    assert m.supervised_teams(city, supervisor, on=long_ago) == frozenset()
    assert not m.is_on_roster(city, next(iter(members)), on=long_ago)
    assert m.supervised_teams(city, "nobody", on=TWO_WEEKS.last) == frozenset()
