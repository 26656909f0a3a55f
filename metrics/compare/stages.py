"""Quality in two stages: a routine sample of everybody names a watch list, fresh reviews of those on it decide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import scipy

from metrics.compare.decision import Outcome
from metrics.compare.judgement import EVERYBODY, Asked, Judgement, Verdict, judge
from metrics.compare.rules import Rule
from metrics.language import _

ROUTINE, FOLLOW_UP = "routine", "follow_up"
# an agent is watched whose routine reviews would be as poor as this once in five times by chance
WATCHED_BELOW = 0.2
# how many fresh reviews are asked for where the routine ones would do by themselves
ROUTINE_ENOUGH = 8
# no agent's name ends so
MARK = "\x1f"


def watch_list(rule: Rule, frame: pl.DataFrame) -> list[str]:
    """The agents whom fresh reviews should decide about, from the routine reviews in a frame (see `judge`)."""
    found = judge(rule, frame)
    sign = -1 if rule.better == "higher" else 1
    return [one.agent_id for one in found.verdicts if _poorness(rule, found, one, sign) < WATCHED_BELOW]


def _poorness(rule: Rule, found: Judgement, one: Verdict, sign: int) -> float:
    """How often chance alone would make the agent's reviews so poor; 1 where nothing can be said."""
    if one.difference is None:
        return 1.0
    theta = float(np.log1p(one.difference)) if rule.scale == "log" else one.difference
    scale = float(np.hypot(found.errors[one.agent_id], found.spread))
    return float(scipy.stats.norm.sf(sign * theta / scale))


def judge_in_stages(
    rule: Rule, frame: pl.DataFrame, test: Asked = EVERYBODY, *, listed: frozenset[str] | None = None
) -> Judgement:
    """As `judge`, for a frame whose column `stage` says which reviews are routine and which follow-up.

    Agents with follow-up reviews are judged by those alone, tested among themselves; nobody else is flagged. `listed`
    are those for whom follow-ups were drawn, whether or not they are in. Without a follow-up all are judged by what
    there is.
    """
    if listed is None and ("stage" not in frame.columns or frame.filter(stage=FOLLOW_UP).is_empty()):
        return judge(rule, frame, test)
    fresh = (pl.col("stage") == FOLLOW_UP) & pl.col("agent").is_not_null()
    parted = frame.with_columns(agent=pl.when(fresh).then(pl.col("agent") + MARK).otherwise(pl.col("agent")))
    decisive = frozenset(name for name in parted["agent"].drop_nulls().unique() if name.endswith(MARK))
    found = judge(rule, parted, replace(test, only=decisive, worse_only=True))
    decided = {one.agent_id.removesuffix(MARK): one for one in found.verdicts if one.agent_id in decisive}
    routine = {one.agent_id: one for one in found.verdicts if one.agent_id not in decisive}
    agents = sorted({*decided, *routine})
    verdicts = tuple(_of_agent(agent, decided, routine, listed or frozenset()) for agent in agents)
    errors = {agent: found.errors.get(agent + MARK, found.errors.get(agent, np.inf)) for agent in agents}
    return replace(found, verdicts=verdicts, errors=errors)


def _of_agent(agent: str, decided: dict[str, Verdict], routine: dict[str, Verdict], listed: frozenset[str]) -> Verdict:
    """The verdict on fresh reviews where there are enough of them, else the one on routine reviews."""
    fresh = decided.get(agent)
    if fresh is not None and (agent not in routine or fresh.verdict is not Outcome.too_few):
        return replace(fresh, agent_id=agent)
    own = routine[agent]
    if (fresh is None and agent not in listed) or own.verdict in (Outcome.too_few, Outcome.refused):
        return own
    waiting = _("On the watch list, decided by fresh reviews: {n} are in.").format(n=fresh.n if fresh else 0)
    more = own.more_needed or ROUTINE_ENOUGH
    return replace(own, verdict=Outcome.inconclusive, more_needed=more, reason=waiting)
