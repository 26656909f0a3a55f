"""The comparison itself, from a frame of contacts to each agent's verdict; reads nothing and knows no warehouse."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl
import scipy
from numpy.typing import NDArray

from metrics import text
from metrics.compare.circumstances import Contacts, alone_in, contacts, linked, severity_error
from metrics.compare.decision import (
    FEWEST_AGENTS,
    LEAST_PART,
    SURE_PART,
    TOLERATED_PART,
    Outcome,
    Tested,
    is_cleared,
    more_needed,
    put_to_test,
    share_chance,
)
from metrics.compare.model import Equations, Estimates, Floats, equations, estimate
from metrics.compare.rules import Rule
from metrics.compare.spread import ordinary_spread, shrunken, shrunken_share
from metrics.language import N_, _, n_

# the yardstick's own idea of how agents spread, as a part of the difference one would act on: wide, so that few who
# truly stand out in a small team do not become the team's yardstick
YARDSTICK_PART = 0.25
# not knowing the evaluators may add at most this part of it to a standard error
MOST_SEVERITY = 0.5
# an estimate must be worth this part of the least number of contacts, once the work is adjusted for
LEAST_COMPARABLE = 0.5
CONFUSED = N_(
    "The evaluators and agents cannot be told apart: too few reviews cross from one team to another. "
    "Let evaluators review other teams as well, or score some contacts together."
)
CONFUSED_ABOUT_ONE = N_(
    "The evaluators and this agent cannot be told apart: too few reviews cross from one team to another. "
    "Let evaluators review other teams as well, or score some contacts together."
)


@dataclass(frozen=True)
class Verdict:
    """One agent's comparison. `difference`, `low` and `high` (95 %) are on the comparison's scale.

    A logarithmic scale gives parts (0.19 is 19 % more), a share gives a share (-0.1 is 10 points less), a score points.
    `value`, `expected` and `shrunken` are in the metric's unit: what it was, what others would have had on the same
    contacts, and what it would be after chance is allowed for. Null is "cannot be said".
    """

    agent_id: str
    n: int
    value: float | None
    expected: float | None
    difference: float | None
    low: float | None
    high: float | None
    shrunken: float | None
    q: float | None
    verdict: Outcome
    more_needed: int | None
    reason: str = ""
    p: float | None = None


@dataclass(frozen=True)
class Judgement:
    """All verdicts of a comparison, sorted by agent, with what they rest on."""

    verdicts: tuple[Verdict, ...]
    spread: float = 0.0
    scatter: float = 0.0
    drawn_in: int = 0
    design_effect: float = 1.0
    refusal: str = ""
    errors: dict[str, float] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Asked:
    """How differences are tested.

    With `strict` an agent is flagged only where the difference is surely more than half of what one would act on.
    `only` names those who are tested at all (null: everybody), `worse_only` says that nobody can be found better.
    """

    strict: bool = False
    only: frozenset[str] | None = None
    worse_only: bool = False


EVERYBODY = Asked()


@dataclass(frozen=True)
class _Case:
    """A comparison with its contacts, and what was found out about them before anybody is tested."""

    rule: Rule
    contacts: Contacts
    equations: Equations
    counts: Floats
    means: Floats
    told_apart: NDArray[np.bool_]

    @property
    def act_on(self) -> float:
        return scaled_act_on(self.rule)

    @property
    def has_contacts(self) -> NDArray[np.bool_]:
        return self.counts >= self.rule.minimum


@dataclass(frozen=True)
class _Round:
    """Estimates, the spread that is tolerated, who can be judged and how the tests came out."""

    estimates: Estimates
    spread: float
    apart: NDArray[np.bool_]
    enough: NDArray[np.bool_]
    result: Tested


def judge(rule: Rule, frame: pl.DataFrame, test: Asked = EVERYBODY) -> Judgement:
    """Compare the agents of a frame: `agent`, `day`, `value`, the adjusters' columns.

    Rows with a `unit` belong to no agent; they only tell evaluators apart.
    """
    frame = frame.filter(pl.col("value").is_not_null() & pl.col("value").is_finite())
    figures = _plain_figures(frame)
    if figures.is_empty():
        return Judgement((), refusal=_("There are no contacts to compare in this period."))
    reason = _why_not_at_all(rule, frame, figures)
    if reason:
        return _nobody(rule, figures, reason)
    frame, too_short = on_scale(rule, frame)
    found = contacts(rule, frame)
    counts, means = figures["n"].to_numpy().astype(float), figures["mean"].to_numpy()
    case = _Case(rule, found, equations(found.design), counts, means, linked(found))
    last = _settled(case, test)
    if last.enough.sum() < FEWEST_AGENTS:
        confused = case.has_contacts.any() and not (last.apart & case.has_contacts).any()
        reason = _(CONFUSED) if confused else _too_few_agents(int(last.enough.sum()))
        return _nobody(rule, figures, reason)
    verdicts = tuple(_verdict(case, last, place) for place in range(len(found.agents)))
    errors = dict(zip(found.agents, last.estimates.se.tolist(), strict=True))
    drawn_in = last.estimates.drawn_in + too_short
    scatter = float(np.sqrt(last.estimates.sigma2 * last.estimates.design_effect))
    return Judgement(verdicts, last.spread, scatter, drawn_in, last.estimates.design_effect, "", errors)


def _settled(case: _Case, test: Asked) -> _Round:
    """Two rounds: those who stand out in the first are no yardstick for the others in the second."""
    free = np.zeros(case.contacts.design.agents, dtype=bool)
    last = _round(case, test, free)
    standing_out = last.result.flag != 0
    return _round(case, test, standing_out) if standing_out.any() else last


def _round(case: _Case, test: Asked, free: NDArray[np.bool_]) -> _Round:
    rule, act_on = case.rule, case.act_on
    draw_in = rule.scale == "log"
    estimates = estimate(case.equations, case.contacts.y, spread=YARDSTICK_PART * act_on, free=free, draw_in=draw_in)
    apart = case.told_apart & (severity_error(case.contacts, estimates.sigma2) <= MOST_SEVERITY * act_on)
    comparable = estimates.comparable >= LEAST_COMPARABLE * rule.minimum
    enough = case.has_contacts & apart & comparable & np.isfinite(estimates.se)
    usable = replace(estimates, se=np.where(enough, estimates.se, np.inf))
    asked = enough if test.only is None else enough & np.isin(case.contacts.agents, sorted(test.only))
    # those who were picked out beforehand say nothing about how people ordinarily spread
    ordinary = enough if test.only is None else enough & ~asked
    spread = ordinary_spread(
        usable.theta[ordinary], usable.se[ordinary], least=SURE_PART * act_on, most=TOLERATED_PART * act_on
    )
    chance = None
    if rule.scale == "share":
        worth = estimates.comparable / estimates.design_effect
        chance = share_chance(case.means, case.means - estimates.theta, worth, spread)
    side = 0
    if test.worse_only:
        side = -1 if rule.better == "higher" else 1
    least = LEAST_PART * act_on
    result = put_to_test(
        usable, spread=spread, enough=asked, least=least, chance_of=chance, strict=test.strict, side=side
    )
    return _Round(estimates, spread, apart, enough, result)


def _verdict(case: _Case, last: _Round, place: int) -> Verdict:
    agent, n, mean = case.contacts.agents[place], int(case.counts[place]), float(case.means[place])
    if not case.has_contacts[place]:
        return _without_estimate(agent, n, mean, Outcome.too_few, case.rule.minimum - n)
    if not last.enough[place]:
        reason = _(CONFUSED_ABOUT_ONE) if not last.apart[place] else _why_alone(case.contacts, place)
        return _without_estimate(agent, n, mean, Outcome.refused, None, reason)
    rule, estimates = case.rule, last.estimates
    theta, se = float(estimates.theta[place]), float(estimates.se[place])
    reach = float(scipy.stats.t.ppf(0.975, estimates.df[place])) * se
    outcome, more = _outcome(case, last, place)
    expected = mean / np.exp(theta) if rule.scale == "log" else _within(rule, mean - theta)
    return Verdict(
        agent_id=agent,
        n=n,
        value=_rounded(mean),
        expected=_rounded(expected),
        difference=_rounded(_part(rule, theta)),
        low=_rounded(_part(rule, theta - reach)),
        high=_rounded(_part(rule, theta + reach)),
        shrunken=_rounded(_drawn_toward(case, last, place, expected)),
        q=_rounded(float(last.result.q[place])),
        verdict=outcome,
        more_needed=more,
        p=_rounded(float(last.result.p[place])),
    )


def _outcome(case: _Case, last: _Round, place: int) -> tuple[Outcome, int | None]:
    flag = int(last.result.flag[place])
    if flag:
        is_good = (flag > 0) == (case.rule.better == "higher")
        return (Outcome.better if is_good else Outcome.worse), None
    if is_cleared(last.estimates, case.act_on)[place]:
        return Outcome.cleared, None
    return Outcome.inconclusive, int(more_needed(last.estimates.n, last.estimates.se, case.act_on)[place])


def scaled_act_on(rule: Rule) -> float:
    """The difference that one would act on, on the scale of the model."""
    return float(np.log1p(rule.act_on)) if rule.scale == "log" else rule.act_on


def _drawn_toward(case: _Case, last: _Round, place: int, expected: float) -> float:
    """The agent's value, drawn toward the expected one as far as chance could have made the difference."""
    rule, theta, se = case.rule, last.estimates.theta[place : place + 1], last.estimates.se[place : place + 1]
    if rule.scale == "share":
        worth = float(last.estimates.comparable[place]) / last.estimates.design_effect
        return shrunken_share(_within(rule, expected + float(theta[0])), expected, worth, last.spread)
    drawn = float(shrunken(theta, se, last.spread)[0])
    return float(expected * np.exp(drawn)) if rule.scale == "log" else _within(rule, expected + drawn)


def _within(rule: Rule, number: float) -> float:
    """A share or score kept to what there can be."""
    return min(max(number, 0.0), 1.0 if rule.scale == "share" else 100.0)


def _part(rule: Rule, theta: float) -> float:
    return float(np.expm1(theta)) if rule.scale == "log" else theta


def _plain_figures(frame: pl.DataFrame) -> pl.DataFrame:
    """Every agent's number of contacts and plain mean, as the metric's own figure has them, by agent."""
    own = frame.filter(pl.col("unit").is_null()) if "unit" in frame.columns else frame
    return own.group_by("agent").agg(pl.len().alias("n"), pl.col("value").mean().alias("mean")).sort("agent")


def on_scale(rule: Rule, frame: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """Durations as logarithms, those too short to be real drawn in to the shortest that is, and their number."""
    if rule.scale != "log":
        return frame, 0
    too_short = int((frame["value"] < rule.shortest).sum())
    return frame.with_columns(pl.col("value").clip(rule.shortest).log()), too_short


def _why_not_at_all(rule: Rule, frame: pl.DataFrame, figures: pl.DataFrame) -> str:
    if figures.height == 1:
        return _("There is only one agent: nobody to compare with.")
    if figures["n"].max() >= rule.minimum and frame["value"].n_unique() == 1:  # type: ignore[operator]
        return _("All {counted} have the same value: there is no difference to compare.").format(
            counted=text.number_of(frame.height, rule.counted)
        )
    with_enough = int((figures["n"] >= rule.minimum).sum())
    return _too_few_agents(with_enough) if with_enough < FEWEST_AGENTS else ""


def _too_few_agents(number: int) -> str:
    told = n_(
        "Only one agent has enough to compare; others are the yardstick, and at least {fewest} are needed.",
        "Only {n} agents have enough to compare; others are the yardstick, and at least {fewest} are needed.",
        number,
    )
    if number == 0:
        told = _("No agent has enough to compare; others are the yardstick, and at least {fewest} are needed.")
    return told.format(n=number, fewest=FEWEST_AGENTS)


def _why_alone(found: Contacts, place: int) -> str:
    term = alone_in(found, place)
    if term:
        words = text.listed([text.plain_words(part) for part in term.split(" * ")])
        return _(
            "No colleague had contacts of the same {words}: the agent and the {words} cannot be told apart."
        ).format(words=words)
    return _("Too few of the contacts are like any that colleagues had: the agent and the work cannot be told apart.")


def _nobody(rule: Rule, figures: pl.DataFrame, reason: str) -> Judgement:
    """Everybody refused for one reason, or too few where that is the truth of the single agent."""
    verdicts = []
    for agent, n, mean in figures.select("agent", "n", "mean").iter_rows():
        few = n < rule.minimum
        outcome = Outcome.too_few if few else Outcome.refused
        more = rule.minimum - n if few else None
        verdicts.append(_without_estimate(agent, n, mean, outcome, more, "" if few else reason))
    return Judgement(tuple(verdicts), refusal=reason)


def _without_estimate(agent: str, n: int, mean: float, outcome: Outcome, more: int | None, reason: str = "") -> Verdict:
    return Verdict(agent, n, _rounded(mean), None, None, None, None, None, None, outcome, more, reason)


def _rounded(number: float | Floats) -> float | None:
    """Six decimals, so that a run again gives the same bytes; null for what is no number."""
    found = float(number)
    return round(found, 6) + 0.0 if np.isfinite(found) else None
