"""Quality in two stages: a routine sample of everybody names a watch list, fresh reviews of those on it decide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
from scipy import stats

from metrics.compare.decision import Outcome
from metrics.compare.judgement import Judgement, Test, Verdict, judge
from metrics.compare.rules import Comparison

ROUTINE, FOLLOW_UP = "routine", "follow_up"
# an agent is watched whose routine reviews would be as poor as this once in five times by chance
WATCHED_BELOW = 0.2
# no agent's name ends so
MARK = "\x1f"


def watch_list(comparison: Comparison, frame: pl.DataFrame) -> list[str]:
    """The agents whom fresh reviews should decide about, from the routine reviews in a frame (see `judge`)."""
    found = judge(comparison, frame)
    sign = -1 if comparison.better == "higher" else 1
    return [one.agent_id for one in found.verdicts if _poorness(comparison, found, one, sign) < WATCHED_BELOW]


def _poorness(comparison: Comparison, found: Judgement, one: Verdict, sign: int) -> float:
    """How often chance alone would make the agent's reviews so poor; 1 where nothing can be said."""
    if one.difference is None:
        return 1.0
    theta = float(np.log1p(one.difference)) if comparison.scale == "log" else one.difference
    scale = float(np.hypot(found.errors[one.agent_id], found.spread))
    return float(stats.norm.sf(sign * theta / scale))


def judge_in_stages(comparison: Comparison, frame: pl.DataFrame, test: Test | None = None) -> Judgement:
    """As `judge`, for a frame whose column `stage` says which reviews are routine and which follow-up.

    Agents with follow-up reviews are judged by those alone, tested among themselves; nobody else is flagged. Without
    follow-up reviews all are judged by what there is.
    """
    wanted = test or Test()
    if "stage" not in frame.columns or frame.filter(stage=FOLLOW_UP).is_empty():
        return judge(comparison, frame, wanted)
    fresh = pl.col("stage") == FOLLOW_UP
    parted = frame.with_columns(
        agent=pl.when(fresh & pl.col("agent").is_not_null()).then(pl.col("agent") + MARK).otherwise(pl.col("agent"))
    )
    listed = frozenset(name for name in parted["agent"].drop_nulls().unique() if name.endswith(MARK))
    found = judge(comparison, parted, replace(wanted, only=listed, worse_only=True))
    decided = {one.agent_id.removesuffix(MARK): one for one in found.verdicts if one.agent_id in listed}
    routine = {one.agent_id: one for one in found.verdicts if one.agent_id not in listed}
    verdicts = tuple(_of_agent(agent, decided, routine) for agent in sorted({*decided, *routine}))
    errors = {agent: found.errors.get(agent + MARK, found.errors.get(agent, np.inf)) for agent in {*decided, *routine}}
    return replace(found, verdicts=verdicts, errors=dict(sorted(errors.items())))


def _of_agent(agent: str, decided: dict[str, Verdict], routine: dict[str, Verdict]) -> Verdict:
    """The verdict on fresh reviews where there are enough of them, else the one on routine reviews."""
    fresh = decided.get(agent)
    if fresh is None:
        return routine[agent]
    if fresh.verdict is Outcome.too_few and agent in routine:
        reason = f"On the watch list: {fresh.n} of the fresh reviews that decide are in."
        return replace(routine[agent], reason=reason)
    return replace(fresh, agent_id=agent)


