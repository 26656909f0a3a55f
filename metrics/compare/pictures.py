"""A comparison as a funnel, and one agent's weeks as a control chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from markupsafe import Markup

from metrics import text
from metrics.charts.people import Dot, Limits, control, funnel, usual_sentence
from metrics.compare import words
from metrics.compare.circumstances import contacts
from metrics.compare.comparison import Comparison
from metrics.compare.control import Usual, individuals, shares
from metrics.compare.funnel import decisive_p, normal_limits
from metrics.compare.judgement import YARDSTICK_PART, on_scale, scaled_act_on
from metrics.compare.model import equations, estimate
from metrics.compare.placebo import FLAGS
from metrics.compare.rules import Rule

# a week with fewer contacts is no point of a chart
LEAST_A_WEEK = 10
UNITS = {"log": "seconds", "share": "share", "points": "count"}


def funnel_of(comparison: Comparison) -> Markup:
    """All judged agents by how many contacts their difference rests on, with the 95 % lines and the deciding ones."""
    rule = comparison.rule
    judged = [one for one in comparison.verdicts if one.difference is not None]
    dots = [Dot(one.agent_id, one.n, one.difference or 0.0, one.verdict in FLAGS) for one in judged]
    most = max([dot.n for dot in dots], default=1.0)
    at = np.linspace(max(most / 60, rule.minimum / 2), most * 1.05, 60)
    deciding = decisive_p(np.array([one.p for one in judged if one.p is not None]))
    limits = []
    for name, p in (("95 %", 0.05), ("all agents at once", deciding)) if judged else ():
        reach = normal_limits(at, comparison.scatter, comparison.spread, p)
        low, high = (np.expm1(-reach), np.expm1(reach)) if rule.scale == "log" else (-reach, reach)
        limits.append(Limits(name, low.tolist(), high.tolist()))
    return funnel(
        f"{rule.title}: difference from what others had on the same contacts",
        dots,
        at.tolist(),
        limits,
        y_title=f"difference ({'%' if rule.scale == 'log' else 'points'})",
        x_title=f"{rule.counted}s",
        words=lambda tick: words.signed(tick * (1 if rule.scale == "points" else 100)),
    )


@dataclass(frozen=True)
class Weeks:
    """An agent's weeks: `values` are adjusted for the work, on the metric's scale; `usual` is null for under ten."""

    rule: Rule
    agent: str
    weeks: tuple[date, ...]
    n: tuple[int, ...]
    values: tuple[float, ...]
    usual: Usual | None

    @property
    def unit(self) -> str:
        """What the values are, for the formatter."""
        return UNITS[self.rule.scale]

    @property
    def sentence(self) -> str:
        """What the agent reads."""
        if self.usual is None:
            return f"{text.number_of(len(self.weeks), 'week')} with enough contacts; ten show what is usual."
        return usual_sentence(self.values[-1], self.usual.low[-1], self.usual.high[-1], self)

    def picture(self) -> Markup | None:
        """The control chart; null where there are too few weeks."""
        if self.usual is None:
            return None
        return control(
            f"{self.rule.title} by week, adjusted for the work",
            [text.narrow_day(week) for week in self.weeks],
            self.values,
            centre=self.usual.centre,
            low=self.usual.low,
            high=self.usual.high,
            outside=self.usual.outside,
            metric=self,
            axis_title=f"{self.rule.title} ({text.AXIS_UNITS[self.unit]})",
            x_title="week",
        )


def weeks_of(rule: Rule, frame: pl.DataFrame, agent: str) -> Weeks:
    """An agent's weeks, each contact brought to what it would have been on the centre's average work."""
    scaled, _ = on_scale(rule, frame.filter(pl.col("value").is_not_null()))
    found = contacts(rule, scaled)
    if agent not in found.agents:
        return Weeks(rule, agent, (), (), (), None)
    eqs = equations(found.design)
    nobody = np.zeros(found.design.agents, dtype=bool)
    spread = YARDSTICK_PART * scaled_act_on(rule)
    estimates = estimate(eqs, found.y, spread=spread, free=nobody, draw_in=rule.scale == "log")
    place = found.agents.index(agent)
    own = found.design.unit == place
    adjusted = estimates.residual[own] + estimates.effects[place] + float(np.mean(found.y))
    by_week = (
        scaled.filter(pl.Series(own))
        .select(week=pl.col("day").dt.truncate("1w"), adjusted=pl.Series(adjusted))
        .group_by("week")
        .agg(n=pl.len(), mean=pl.col("adjusted").mean())
        .filter(pl.col("n") >= LEAST_A_WEEK)
        .sort("week")
    )
    n, mean = by_week["n"].to_list(), by_week["mean"].to_numpy()
    if rule.scale == "share":
        values = np.clip(mean, 0, 1)
        usual = shares((values * by_week["n"].to_numpy()).tolist(), n)
    else:
        values = np.exp(mean) if rule.scale == "log" else mean
        usual = individuals(values.tolist())
    return Weeks(rule, agent, tuple(by_week["week"]), tuple(n), tuple(values.tolist()), usual)
