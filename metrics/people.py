"""Who works here, in which team and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from metrics.centre import Centre
from metrics.coverage import data_span
from metrics.figures import measure
from metrics.period import Period
from metrics.scope import Scope

# a team's average that fewer stand behind would tell of a person
FEWEST_IN_TEAM = 5
# who stands on no roster and had no contact for so many days of data has left
LEFT_AFTER = 31


def roster(centre: Centre, *, during: Period, scope: Scope) -> pl.DataFrame:
    """Spells of agents in teams that touch a period, by name: `agent_id`, `name`, `team`, `shift`, `languages`.

    Whoever handled contacts and stands on no roster has a spell without a team: from the first of them on, and to the
    last where the data go on for a month without any.
    """
    frame = centre.asked("facts/roster", first=during.first, until=during.until)
    beside = _unlisted(centre).filter((pl.col("valid_from") < during.until) & (pl.col("gone_on") > during.first))
    if not beside.is_empty():
        frame = pl.concat([frame, beside.drop("gone_on")], how="diagonal_relaxed")
    columns = {"team": "team", "agent": "agent_id"}
    for dimension, allowed in scope.limits().items():
        frame = frame.filter(pl.col(columns[dimension]).is_in(sorted(allowed)))
    return frame


def _unlisted(centre: Centre) -> pl.DataFrame:
    """Whom no roster has, as spells without a team; `gone_on` is the end of each, far ahead where it is open."""

    def spells() -> pl.DataFrame:
        found, span = centre.named("facts/unlisted_agent"), data_span(centre, "contact")
        left_before = span.last - timedelta(days=LEFT_AFTER) if span is not None else date.min
        ends = pl.when(pl.col("last_day") < left_before).then(pl.col("last_day").dt.offset_by("1d"))
        return found.sort("agent_id").select(
            "agent_id",
            valid_from=pl.col("first_day"),
            valid_to=ends,
            gone_on=ends.fill_null(date.max),
        )

    return centre.once("unlisted agents", spells)


def evaluation_counts(centre: Centre, *, during: Period, scope: Scope) -> dict[str, int]:
    """Per agent how many evaluations of contacts of a period count for the person; calibrations never do."""
    limits = {f"{name}s": sorted(values) for name, values in scope.limits().items()}
    chosen = {"teams": limits.get("teams"), "agents": limits.get("agents")}
    frame = centre.named("facts/evaluation_count", first=during.first, until=during.until, **chosen)
    return dict(frame.iter_rows())


def supervised_teams(centre: Centre, supervisor: str, *, on: date) -> frozenset[str]:
    """The teams that somebody supervises on a day, by the roster."""
    spells = roster(centre, during=Period.day(on), scope=Scope.whole_centre())
    return frozenset(spells.filter(supervisor=supervisor)["team"].drop_nulls().to_list())


def is_on_roster(centre: Centre, agent: str, *, on: date) -> bool:
    """Whether somebody takes contacts here on a day."""
    return not roster(centre, during=Period.day(on), scope=Scope.of_agent(agent)).is_empty()


def team_averages(centre: Centre, names: Sequence[str], *, agent: str, during: Period) -> dict[str, float | None]:
    """Metrics of the teams that an agent was in, all members together; null where fewer than five have part in it."""
    teams = roster(centre, during=during, scope=Scope.of_agent(agent))["team"].drop_nulls().unique().to_list()
    if not teams:
        return dict.fromkeys(names)
    members = Scope.of_teams(*teams)
    people = measure(centre, names, by=["agent"], during=during, scope=members)
    having = dict(people.filter(pl.col("n") > 0).group_by("metric").agg(pl.col("agent").n_unique()).iter_rows())
    together = dict(measure(centre, names, during=during, scope=members).select("metric", "value").iter_rows())
    return {name: together[name] if having.get(name, 0) >= FEWEST_IN_TEAM else None for name in names}
