"""What the last months would have looked like under a target that is thought of, beside the one that held."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from metrics import text
from metrics.asker import Asker, Where
from metrics.catalogue import Catalogue, Measure, Metric
from metrics.centre import Centre
from metrics.coverage import data_span
from metrics.figures import measures_of
from metrics.grid import Figure, Grid
from metrics.language import _
from metrics.period import Period, divmod_month
from metrics.reach import coverage, subject_of
from metrics.settings import MEANT_FOR, Target
from sql import WrongUse
from sql.conversion import quoted

MONTHS = 12
# the one metric whose target says besides in what time a call is to be answered
WITH_A_LIMIT = "service_level"
# by what the facts call the limit that held for a visit
LIMIT = re.compile(r"\btarget_ms\b")


@dataclass(frozen=True)
class Aim:
    """A target that is thought of: what a metric should reach, for whom; of calls also within how many seconds.

    Without a goal it only says whose months are looked at.
    """

    metric: str
    goal: float | None = None
    within_seconds: int | None = None
    queue: str | None = None
    request_type: str | None = None
    department: str | None = None

    @property
    def whose(self) -> dict[str, str | None]:
        """For whom it is meant; all null: the whole centre."""
        return {name: getattr(self, name) for name in MEANT_FOR}

    @property
    def where(self) -> Where:
        """The contacts or requests that it judges."""
        return {name: [value] for name, value in self.whose.items() if value is not None}


@dataclass(frozen=True)
class MonthTried:
    """A month with its figure under the target that held and under the one that is thought of.

    The two figures differ where another limit counts other calls as in time. `part` is a month that the data do not
    hold whole; `is_few` one with fewer than the metric's floor, of which nothing is said.
    """

    month: Period
    held: Target | None
    figure: Figure
    tried: Figure
    aim: Target
    is_part: bool

    @property
    def is_few(self) -> bool:
        """Whether too few were counted to tell."""
        return self.tried.n < self.tried.metric.floor

    @property
    def was_met(self) -> bool | None:
        """Whether the target that held was met; null where there was none, or where it cannot be told."""
        return None if self.is_few else text.is_met(self.figure.value, self.held)

    @property
    def would_be_met(self) -> bool | None:
        """Whether the one that is thought of would have been met; null where it cannot be told."""
        return None if self.is_few else text.is_met(self.tried.value, self.aim)


def settable(metric: Metric) -> bool:
    """Whether a metric can have a goal: one side of it is better, and it does not grow with the length of a month."""
    return metric.better != "neither" and metric.kind != "sum"


def tried(asker: Asker, aim: Aim) -> list[MonthTried]:
    """The months of the last year that have data under a target that is thought of, the newest last.

    Raises WrongUse for a metric that can have no goal, and for one that cannot be asked of a queue, request type or
    department.
    """
    metric = asker.metric(aim.metric)
    if not settable(metric):
        words = _("{figure} can have no target: nothing says that more, or less, of it is better.")
        raise WrongUse(words.format(figure=metric.title))
    months = _months(asker, metric)
    if not months:
        return []
    during = Period(months[0].first, months[-1].until)
    figures = asker.by([metric.name], ["month"], during, aim.where)
    then = figures if aim.within_seconds is None else _recounted(asker, aim, during)
    better = metric.better
    return [
        MonthTried(
            month,
            asker.target(metric.name, month.last, **aim.whose),
            figures.figure(metric.name, month.first),
            then.figure(metric.name, month.first),
            Target(aim.goal, aim.within_seconds, better),
            is_part=not coverage(asker, subject_of(asker, metric.name), month).is_whole,
        )
        for month in months
    ]


def met_of(months: Sequence[MonthTried]) -> tuple[int, int]:
    """In how many months a target would have been met, of how many of which that can be told."""
    told = [one.would_be_met for one in months if one.would_be_met is not None]
    return sum(told), len(told)


def _months(asker: Asker, metric: Metric) -> list[Period]:
    """The calendar months of the last year that have data, the one that is not over among them."""
    span = data_span(asker.centre, asker.fact(metric.name).name)
    if span is None:
        return []
    year, month = span.last.year, span.last.month
    known = [Period.month(*divmod_month(year, month - back)) for back in range(MONTHS - 1, -1, -1)]
    return [one for one in known if one.until > span.first]


def _recounted(asker: Asker, aim: Aim, during: Period) -> Grid:
    """The figures as they would be, had another limit held for the calls that the target is meant for."""
    meant = f"queue = {quoted(aim.queue)}" if aim.queue is not None else "not has_own_target"
    limit = f"(case when {meant} then {1000 * (aim.within_seconds or 0)} else target_ms end)"
    catalogue = asker.centre.catalogue
    metric = catalogue.metric(aim.metric)
    judged = {one.name: _judged_by(one, limit) for one in measures_of(catalogue, [metric])}
    other = Catalogue(
        facts=catalogue.facts,
        measures={**catalogue.measures, **judged},
        metrics=catalogue.metrics,
        needs=catalogue.needs,
    )
    centre: Centre = replace(asker.centre, catalogue=other)
    return Asker(centre, asker.scope).by([metric.name], ["month"], during, aim.where)


def _judged_by(measure: Measure, limit: str) -> Measure:
    parts = {name: getattr(measure, name) for name in ("count", "sum", "where")}
    return measure.model_copy(update={name: LIMIT.sub(limit, part) for name, part in parts.items() if part})
