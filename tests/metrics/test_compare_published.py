"""The parts of fair comparison against published figures, other programs and arithmetic done by hand."""

from __future__ import annotations

from dataclasses import replace
from math import comb, sqrt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from scipy import stats

from metrics.compare.circumstances import _codes
from metrics.compare.control import individuals, shares
from metrics.compare.decision import more_needed, put_to_test, share_chance
from metrics.compare.funnel import binomial_limit, decisive_p, normal_limits, share_limits
from metrics.compare.model import (
    Design,
    Equations,
    Estimates,
    _inverse,
    _residuals,
    design_effect,
    equations,
    estimate,
    inverse_trigamma,
    moderated,
    without_skew,
)
from metrics.compare.spread import additive, over_dispersion, paule_mandel, shrunken, shrunken_share

# statsmodels carries no types
MixedLM = pytest.importorskip("statsmodels.regression.mixed_linear_model").MixedLM
multipletests = pytest.importorskip("statsmodels.stats.multitest").multipletests
FIXTURES = Path(__file__).parents[1] / "fairness"
Floats = NDArray[np.float64]


# ---- the model against lme4 and statsmodels --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def contacts() -> pl.DataFrame:
    """Contacts on which lme4 was run (see lme4_fixture.R)."""
    return pl.read_csv(FIXTURES / "lme4_contacts.csv")


@pytest.fixture(scope="module")
def eqs(contacts: pl.DataFrame) -> Equations:
    """Their equations."""
    terms = (("type", "channel"), ("language",), ("hour",), ("site",))
    factors = tuple(_codes(contacts, term) for term in terms)
    unit, cells = _codes(contacts, ("agent",)), _codes(contacts, ("queue", "day"))
    return equations(Design(unit, 20, cells, factors, _codes(contacts, ("agent", "day"))))


def test_effects_are_those_of_lme4(contacts: pl.DataFrame, eqs: Equations) -> None:
    theirs = pl.read_csv(FIXTURES / "lme4_estimates.csv").sort("agent")
    sigma2, spread = theirs["residual_sd"][0] ** 2, theirs["agent_sd"][0]
    inverse, _ = _inverse(eqs, sigma2, spread, np.zeros(20, dtype=bool))
    _, ours = _residuals(eqs, contacts["y"].to_numpy(), inverse)
    assert ours == pytest.approx(theirs["effect"].to_numpy(), abs=1e-8)


def dense(contacts: pl.DataFrame) -> Floats:
    """All nuisance as independent columns."""
    y = [
        _codes(contacts, term) for term in (("type", "channel"), ("language",), ("hour",), ("site",), ("queue", "day"))
    ]
    columns = np.hstack([np.eye(int(codes.max()) + 1)[codes] for codes in y])
    directions, sizes, _ = np.linalg.svd(columns, full_matrices=False)
    return np.asarray(directions[:, sizes > 1e-9 * sizes[0]])


def test_effects_are_those_of_statsmodels(contacts: pl.DataFrame, eqs: Equations) -> None:
    y = 10 * contacts["y"].to_numpy()
    fitted = MixedLM(y, dense(contacts), groups=contacts["agent"].to_numpy()).fit(reml=True)
    sigma2, spread = float(fitted.scale), sqrt(float(fitted.cov_re[0, 0]))
    inverse, _ = _inverse(eqs, sigma2, spread, np.zeros(20, dtype=bool))
    _, ours = _residuals(eqs, y, inverse)
    theirs = [float(fitted.random_effects[f"A{number:02}"].iloc[0]) for number in range(20)]
    assert ours == pytest.approx(theirs, abs=1e-6)


def test_an_agents_estimate_is_that_of_the_model_in_which_the_agent_is_fixed(
    contacts: pl.DataFrame, eqs: Equations
) -> None:
    """Generalised least squares written out, one agent's indicator among the fixed columns."""
    y, spread = contacts["y"].to_numpy(), 0.08
    found = estimate(eqs, y, spread=spread, free=np.zeros(20, dtype=bool), draw_in=False)
    who = np.eye(20)[_codes(contacts, ("agent",))]
    for agent in (0, 7, 19):
        others = np.delete(who, agent, axis=1)
        v = found.sigma2 * np.eye(len(y)) + spread**2 * others @ others.T
        x = np.column_stack([dense(contacts), who[:, agent]])
        information = x.T @ np.linalg.solve(v, x)
        solution = np.linalg.pinv(information, hermitian=True) @ x.T @ np.linalg.solve(v, y)
        assert found.theta[agent] == pytest.approx(solution[-1], abs=1e-4)
        variance = np.linalg.pinv(information, hermitian=True)[-1, -1]
        # the part that the agent's own contacts scatter is the agent's own, with days as clusters
        own = np.diag(eqs.information)[agent]
        assert found.se[agent] ** 2 >= variance - found.sigma2 / own
        assert found.se[agent] ** 2 == pytest.approx(variance, rel=0.5)


# ---- spread, shrinkage -----------------------------------------------------------------------------------------------


def test_over_dispersion_is_spiegelhalters_formula_by_hand() -> None:
    """Equal errors of 2, phi 3, k 4: (4 * 3 - 3) / (4/4 - (4/16) / 1) = 9 / 0.75 = 12."""
    assert additive(3.0, np.full(4, 2.0)) == pytest.approx(12.0)


def test_over_dispersion_finds_no_spread_where_there_is_none_and_some_where_there_is() -> None:
    rng = np.random.default_rng(5)
    se = rng.uniform(0.8, 1.5, 4000)
    assert sqrt(over_dispersion(rng.normal(0, se), se)) < 0.25
    assert sqrt(over_dispersion(rng.normal(0, np.hypot(se, 2.0)), se)) == pytest.approx(2.0, rel=0.05)


def test_paule_mandel_makes_the_weighted_squares_as_large_as_chance_does() -> None:
    theta, se = np.array([0.0, 1.0, 4.0, -3.0, 2.0]), np.array([1.0, 0.5, 1.0, 2.0, 1.0])
    weights = 1 / (se**2 + paule_mandel(theta, se))
    mean = (weights @ theta) / weights.sum()
    assert (weights * (theta - mean) ** 2).sum() == pytest.approx(4.0)
    assert paule_mandel(np.array([0.1, 0.0, -0.1]), np.ones(3)) == 0.0


def test_efron_and_morris_stein_estimates() -> None:
    """Eighteen batters of 1970: with c = .212 Clemente's .400 becomes .294 and Alvis's .156 becomes .242."""
    mean, c, sigma = 0.265, 0.212, 1.0
    spread = sigma * sqrt(c / (1 - c))
    drawn = mean + shrunken(np.array([0.400 - mean, 0.156 - mean]), np.full(2, sigma), spread)
    assert drawn.round(3).tolist() == [0.294, 0.242]


def test_robinsons_empirical_bayes_batting_averages() -> None:
    """With the prior Beta(78.661, 224.875), 4 of 10 becomes .264 and 300 of 1000 becomes .2905."""
    a, b = 78.661, 224.875
    expected, spread = a / (a + b), sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))
    assert shrunken_share(0.4, expected, 10, spread) == pytest.approx((4 + a) / (10 + a + b), abs=1e-12)
    assert round(shrunken_share(0.4, expected, 10, spread), 3) == 0.264
    assert round(shrunken_share(0.3, expected, 1000, spread), 4) == 0.2905


def test_moderated_variances_follow_smyth() -> None:
    """Variances that scatter as much as chance makes them are drawn all the way; others keep their own."""
    rng = np.random.default_rng(1)
    df = np.full(500, 9.0)
    drawn, freedom = moderated(4 * rng.chisquare(9, 500) / 9, df, 4.0)
    assert drawn == pytest.approx(np.full(500, 4.0), rel=0.25)
    assert freedom.min() > 50
    prior = 4 * 6 / rng.chisquare(6, 4000)
    _, freedom = moderated(prior * rng.chisquare(9, 4000) / 9, np.full(4000, 9.0), 4.0)
    assert freedom[0] - 9 == pytest.approx(6, rel=0.15)
    assert inverse_trigamma(1.6449340668) == pytest.approx(1.0, abs=1e-8)


def test_the_design_effect_counts_days_that_resemble_themselves() -> None:
    """Two agents, each two days of two equal contacts: the four contacts of an agent are worth two."""
    unit, day = np.array([0, 0, 0, 0, 1, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2, 3, 3])
    within = np.array([1.0, 1.0, -1.0, -1.0, 2.0, 2.0, -2.0, -2.0])
    # squares of day sums (4 + 4) * 2 / 1 = 16 against 4 * 4 / 3; the other agent likewise
    assert design_effect(unit, day, within, 2) == pytest.approx(3.0)
    assert design_effect(unit, np.arange(8), np.array([1.0, -1.0] * 4), 2) == 1.0


# ---- testing all at once ---------------------------------------------------------------------------------------------

# Benjamini and Hochberg (1995), section 3.2: fifteen p-values, of which four survive at 5 %
P_VALUES = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip


def estimates_with(p: list[float]) -> Estimates:
    """Estimates whose two-sided p-values are given."""
    theta = stats.norm.isf(np.array(p) / 2)
    ones = np.ones(len(p))
    return Estimates(theta, ones, 100 * ones, 100 * ones, 1e9 * ones, theta, theta, 1.0, 1.0, 0.0, 0)


def test_four_survive_in_the_paper_of_benjamini_and_hochberg() -> None:
    found = put_to_test(estimates_with(P_VALUES), spread=0, enough=np.ones(15, dtype=bool), least=0)
    assert found.p == pytest.approx(P_VALUES, abs=1e-6)
    assert found.flag.tolist() == [1] * 4 + [0] * 11
    assert found.q == pytest.approx(multipletests(P_VALUES, method="fdr_bh")[1], abs=1e-6)
    assert decisive_p(np.array(P_VALUES)) == pytest.approx(0.05 * 4 / 15)


@pytest.mark.parametrize(
    ("case", "changed", "flags"),
    [
        ("a difference smaller than half of what one would act on is none", {"least": 3.5}, 2),
        ("people's ordinary spread is tolerated", {"spread": 1.0}, 0),
        ("who has not enough is left out of all", {"enough": np.array([True] * 4 + [False] * 11)}, 4),
        ("surely more than half: nobody", {"strict": True, "least": 2.0}, 0),
        ("only one side, and not this one", {"side": -1}, 0),
        ("a second, larger p counts", {"chance_of": np.full(15, 0.5)}, 0),
    ],
)
def test_what_a_flag_needs(case: str, changed: dict[str, object], flags: int) -> None:
    usual = {"spread": 0.0, "enough": np.ones(15, dtype=bool), "least": 0.0}
    found = put_to_test(estimates_with(P_VALUES), **{**usual, **changed})  # type: ignore[arg-type]
    assert int((found.flag != 0).sum()) == flags, case


def test_who_was_not_tested_has_neither_p_nor_flag() -> None:
    one = replace(estimates_with([1e-9, 0.5]), se=np.array([np.inf, 1.0]))
    found = put_to_test(one, spread=0.0, enough=np.array([False, True]), least=0.0)
    assert np.isnan([found.p[0], found.q[0]]).all()
    assert found.flag.tolist() == [0, 0]


def test_more_needed_is_the_formula() -> None:
    """18 reviews with an error of 3.06, to tell 8 points: 18 ((4.28 * 3.06 / 8)^2 - 1) = 30.2."""
    assert more_needed(np.array([18.0]), np.array([3.06]), 8.0).tolist() == [31.0]


def test_the_chance_of_a_share_is_exact() -> None:
    """3 of 50 where 5 % are expected: the probability of 3 or more, twice."""
    tail = 1 - sum(comb(50, x) * 0.05**x * 0.95 ** (50 - x) for x in range(3))
    ours = share_chance(np.array([0.06]), np.array([0.05]), np.array([50.0]), 0.0)
    assert ours[0] == pytest.approx(min(1.0, 2 * tail))
    # spread between people makes a given count less surprising
    assert (
        share_chance(np.array([0.2]), np.array([0.05]), np.array([50.0]), 0.03)[0]
        > share_chance(np.array([0.2]), np.array([0.05]), np.array([50.0]), 0.0)[0]
    )


def test_the_long_tail_counts_for_less_and_the_short_one_for_no_more() -> None:
    z = without_skew(np.array([-3.5, 3.5, -0.5]), np.full(3, 30.0), -1.0)
    assert z[0] == pytest.approx(-3.5 + (3.5**2 - 1) / (6 * sqrt(30)))
    assert z[1:].tolist() == [3.5, -0.5]


# ---- funnels and control charts --------------------------------------------------------------------------------------


def test_exact_funnel_limits_are_interpolated_binomial_quantiles() -> None:
    """By hand for 100 contacts and a share of 10 %: P(X <= 4) = .0237, P(X <= 5) = .0576, so r = 5 and
    the limit is 5 - (.0576 - .025) / .0339, of 100.
    """
    law = [comb(100, x) * 0.1**x * 0.9 ** (100 - x) for x in range(6)]
    at, below = sum(law), sum(law[:5])
    assert (round(below, 4), round(at, 4)) == (0.0237, 0.0576)
    assert binomial_limit(100, 0.1, 0.025) == pytest.approx((5 - (at - 0.025) / (at - below)) / 100)


def test_funnel_limits_widen_with_spread_and_stay_within_0_and_1() -> None:
    n = np.array([20.0, 2000.0])
    assert normal_limits(n, 0.7, 0.0, 0.05) == pytest.approx(1.959964 * 0.7 / np.sqrt(n))
    assert normal_limits(n, 0.7, 0.1, 0.05)[1] > 1.959964 * 0.1
    low, high = share_limits(n, 0.97, 0.0, 0.002)
    assert low.min() >= 0
    assert high.max() <= 1
    assert low[0] < 0.80


def test_individuals_by_hand() -> None:
    """Ten values alternating 10 and 12: mean 11, every range 2, limits 11 +- 5.32, range limit 6.534."""
    found = individuals([10, 12] * 5)
    assert found is not None
    assert (found.centre, found.low[0], found.high[0]) == pytest.approx((11, 5.68, 16.32))
    assert found.range_limit == pytest.approx(6.534)
    assert found.outside == ()
    by_median = individuals([10, 12] * 5, by_median=True)
    assert by_median is not None
    assert by_median.high[0] == pytest.approx(11 + 3.145 * 2)
    frozen = individuals([10, 12] * 5 + [40], frozen=10)
    assert frozen is not None
    assert frozen.outside == (10,)
    assert individuals([1.0] * 9) is None


def test_laney_by_hand() -> None:
    """Shares .4 and .6 in turn of 400: sigma .0245, z -4.08 and 4.08, sigma_z 8.165 / 1.128 = 7.24."""
    found = shares([160, 240] * 5, [400] * 10)
    assert found is not None
    z = 0.1 / sqrt(0.25 / 400)
    assert found.spread == pytest.approx(2 * z / 1.128)
    assert found.high[0] == pytest.approx(min(1.0, 0.5 + 3 * sqrt(0.25 / 400) * found.spread))
    assert found.outside == ()
    # a p chart without Laney would call every week a signal; less scatter than chance never narrows the limits
    assert abs(0.4 - 0.5) > 3 * sqrt(0.25 / 400)
    calm = shares([200] * 12, [400] * 12)
    assert calm is not None
    assert calm.spread == 1.0
    assert shares([0] * 12, [400] * 12) is not None
