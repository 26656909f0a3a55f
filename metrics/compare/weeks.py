"""Each agent's weeks, adjusted for the work, with the range that is usual for that agent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock

import numpy as np
import polars as pl
from markupsafe import Markup

from metrics import text
from metrics.centre import Centre
from metrics.charts.people import control, usual_sentence
from metrics.compare.circumstances import contacts
from metrics.compare.comparison import people_seen
from metrics.compare.control import LEAST_POINTS, Usual, individuals, shares
from metrics.compare.judgement import YARDSTICK_PART, on_scale, scaled_act_on
from metrics.compare.model import Floats, equations, estimate
from metrics.compare.reading import read_contacts
from metrics.compare.rules import Rule, comparison_of
from metrics.language import _
from metrics.period import Period
from metrics.scope import Scope

# a week with fewer contacts is no point of a chart
LEAST_A_WEEK = 10
UNITS = {"log": "seconds", "share": "share", "points": "count"}


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
            return _("{weeks} with enough contacts; ten show what is usual.").format(
                weeks=text.number_of(len(self.weeks), "week")
            )
        return usual_sentence(self.values[-1], self.usual.low[-1], self.usual.high[-1], self)

    @property
    def title(self) -> str:
        """What the chart shows."""
        return _("{title} by week, adjusted for the work").format(title=self.rule.title)

    def picture(self, *, names_outside: bool = True, height: float = 220) -> Markup | None:
        """The control chart; null where there are too few weeks.

        Without `names_outside` no week is set apart: on a personnel paper a signal, which chance brings too, is none.
        """
        if self.usual is None:
            return None
        return control(
            self.title,
            [text.narrow_day(week) for week in self.weeks],
            self.values,
            centre=self.usual.centre,
            low=self.usual.low,
            high=self.usual.high,
            outside=self.usual.outside if names_outside else None,
            metric=self,
            axis_title=f"{self.rule.title} ({_(text.AXIS_UNITS[self.unit])})",
            x_title=_("week beginning"),
            height=height,
        )


def weeks_of(rule: Rule, frame: pl.DataFrame) -> dict[str, Weeks]:
    """Each agent's weeks, each contact brought to what it would have been on the centre's average work."""
    scaled, _too_short = on_scale(rule, frame.filter(pl.col("value").is_not_null()))
    enough = (
        scaled.filter(pl.col("unit").is_null() if "unit" in scaled.columns else pl.lit(value=True))
        .group_by("agent", week=pl.col("day").dt.truncate("1w"))
        .agg(n=pl.len())
        .filter(pl.col("n") >= LEAST_A_WEEK)
    )
    if enough["week"].n_unique() < LEAST_POINTS:
        # nobody has a chart, so nothing is adjusted
        return {str(key[0]): _uncharted(rule, str(key[0]), rows) for key, rows in enough.group_by("agent")}
    found = contacts(rule, scaled)
    eqs = equations(found.design)
    nobody = np.zeros(found.design.agents, dtype=bool)
    spread = YARDSTICK_PART * scaled_act_on(rule)
    estimates = estimate(eqs, found.y, spread=spread, free=nobody, draw_in=rule.scale == "log")
    own = found.design.unit < found.design.agents
    adjusted = estimates.residual[own] + estimates.effects[found.design.unit[own]] + float(np.mean(found.y))
    by_week = (
        scaled.filter(pl.Series(own))
        .select("agent", week=pl.col("day").dt.truncate("1w"), adjusted=pl.Series(adjusted))
        .group_by("agent", "week")
        .agg(n=pl.len(), mean=pl.col("adjusted").mean())
        .filter(pl.col("n") >= LEAST_A_WEEK)
        .sort("agent", "week")
    )
    scale = _smearing(adjusted) if rule.scale == "log" else 1.0
    return {str(key[0]): _weeks(rule, str(key[0]), rows, scale) for key, rows in by_week.group_by("agent")}


def _smearing(adjusted: Floats) -> float:
    """By how much contacts last longer on average than the typical one, so that weeks are told as averages are.

    Source: Duan 1983, Smearing estimate. One number for everybody, so that nobody's weeks stand otherwise for it.
    """
    return float(np.mean(np.exp(adjusted)) / np.exp(np.mean(adjusted)))


def _uncharted(rule: Rule, agent: str, by_week: pl.DataFrame) -> Weeks:
    """Too few weeks for a chart: how many there are, and no value."""
    weeks = by_week.sort("week")
    return Weeks(rule, agent, tuple(weeks["week"]), tuple(weeks["n"]), (), None)


def _weeks(rule: Rule, agent: str, by_week: pl.DataFrame, scale: float) -> Weeks:
    n, mean = by_week["n"].to_list(), by_week["mean"].to_numpy()
    if rule.scale == "share":
        values = np.clip(mean, 0, 1)
        usual = shares((values * by_week["n"].to_numpy()).tolist(), n)
    else:
        values = scale * np.exp(mean) if rule.scale == "log" else mean
        usual = individuals(values.tolist())
    return Weeks(rule, agent, tuple(by_week["week"]), tuple(n), tuple(values.tolist()), usual)


def all_adjusted_weeks(
    centre: Centre, names: Sequence[str], *, during: Period, scope: Scope
) -> dict[str, dict[str, Weeks]]:
    """By metric each agent's weeks, adjusted for the work, as far as the asker may see them; see `Weeks`.

    What rests on the same rows reads them once, and a snapshot works each metric out once. Raises WrongUse where one
    cannot be compared.
    """
    known = {name: comparison_of(centre.folder, centre.catalogue, name) for name in names}

    def ask(own: Centre, rule: Rule) -> dict[str, Weeks]:
        return weeks_of(rule, read_contacts(own, rule, during).contacts)

    with _ONE_AT_A_TIME, centre.keeping() as own:
        found = {
            name: centre.once(("adjusted weeks", name, during), lambda rule=rule: ask(own, rule))  # type: ignore[misc]
            for name, rule in known.items()
        }
    if scope == Scope.whole_centre():
        return found
    seen = people_seen(centre, during, scope)
    return {name: {agent: one for agent, one in weeks.items() if agent in seen} for name, weeks in found.items()}


_ONE_AT_A_TIME = Lock()
