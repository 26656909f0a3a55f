"""How strict each evaluator is, and what agents' scores are once that is taken out.

One linear model: a drawn score is its agent plus its evaluator, a calibration score its contact plus its evaluator, so
that calibration tells evaluators apart and never enters anyone's score. Where evaluators never share agents or contacts
the model cannot separate them from their teams, and says so instead of picking a solution.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import scipy

from metrics.language import _

Array = npt.NDArray[np.float64]
CONFIDENCE = 0.95
LEAST_FREEDOM = 5
EFFECT = {"effect": pl.Float64, "se": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Int64}


@cache
def _models() -> Any:
    """What fits linear models, loaded where one is first fitted: that takes a server as long as all else it loads."""
    import statsmodels.api as sm  # type: ignore[import-untyped, unused-ignore]

    return sm


@dataclass(frozen=True)
class Adjusted:
    """Agents' scores at the centre's usual severity, and the evaluators' effects (above nought is lenient).

    `agents`: agent, effect (the adjusted mean), se, low, high, n, is_linked. `evaluators`: evaluator, effect, se, low,
    high, n. Those who are not linked to the rest have null effects; `reason` says why nobody has one.
    """

    agents: pl.DataFrame
    evaluators: pl.DataFrame
    reason: str | None = None


def adjusted(drawn: pl.DataFrame, calibration: pl.DataFrame, *, score: str = "raw_score") -> Adjusted:
    """Separate agents from evaluators; `drawn` and `calibration` have agent, evaluator, contact_id and the score."""
    rows = _rows(drawn, calibration, score)
    linked = rows.filter(pl.col("component") == _largest(rows))
    random = linked.filter("is_drawn")
    freedom = linked.height - linked["unit"].n_unique() - linked["evaluator"].n_unique() + 1
    if random.is_empty() or freedom < LEAST_FREEDOM:
        return _nothing(drawn, _("too few evaluations to tell agents from evaluators"))
    units = linked["unit"].unique(maintain_order=True).to_list()
    judges = sorted(linked["evaluator"].unique().to_list())
    design = np.hstack([_dummies(linked["unit"], units), _dummies(linked["evaluator"], judges)[:, 1:]])
    model = _fit(design, linked)
    usual = np.array([random.filter(pl.col("evaluator") == judge).height for judge in judges]) / random.height
    shift = np.concatenate([np.zeros(len(units)), usual[1:]])
    agents = [unit for unit in units if unit.startswith(AGENT)]
    contrasts = np.array([np.eye(design.shape[1])[units.index(agent)] + shift for agent in agents])
    named = _effects(model, contrasts, freedom).with_columns(agent=pl.Series([a.removeprefix(AGENT) for a in agents]))
    places = np.vstack([np.zeros(design.shape[1]), np.eye(design.shape[1])[len(units) :]])
    severities = _effects(model, places - shift, freedom).with_columns(evaluator=pl.Series(judges))
    everyone = drawn.drop_nulls(score).group_by("agent").agg(n=pl.len().cast(pl.Int64))
    strict = rows.group_by("evaluator").agg(n=pl.len().cast(pl.Int64))
    return Adjusted(
        agents=everyone.join(named, on="agent", how="left")
        .with_columns(is_linked=pl.col("effect").is_not_null())
        .sort("agent"),
        evaluators=strict.join(severities, on="evaluator", how="left").sort("evaluator"),
    )


AGENT, CONTACT = "agent ", "contact "


def _rows(drawn: pl.DataFrame, calibration: pl.DataFrame, score: str) -> pl.DataFrame:
    """Scores with what they are scores of, the evaluator, and the component of the graph that links them."""
    parts = [
        frame.drop_nulls([score, "evaluator"]).select(
            unit=pl.format(f"{kind}{{}}", name), evaluator="evaluator", score=pl.col(score), is_drawn=pl.lit(is_drawn)
        )
        for frame, kind, name, is_drawn in [(drawn, AGENT, "agent", True), (calibration, CONTACT, "contact_id", False)]
    ]
    rows = pl.concat(parts).sort("unit", "evaluator")
    if rows.is_empty():
        return rows.with_columns(component=pl.lit(0))
    unit = rows["unit"].rank("dense").to_numpy().astype(int) - 1
    judge = rows["evaluator"].rank("dense").to_numpy().astype(int) + unit.max()
    size = int(judge.max()) + 1
    _, labels = scipy.sparse.csgraph.connected_components(
        scipy.sparse.coo_matrix((np.ones(len(unit)), (unit, judge)), shape=(size, size)), directed=False
    )
    return rows.with_columns(component=pl.Series(labels[unit]))


def _largest(rows: pl.DataFrame) -> int:
    """The component with the most drawn scores."""
    sizes = (
        rows.filter("is_drawn").group_by("component").agg(n=pl.len()).sort(["n", "component"], descending=[True, False])
    )
    return int(sizes["component"][0]) if sizes.height else -1


def _dummies(column: pl.Series, names: list[str]) -> Array:
    places = {name: place for place, name in enumerate(names)}
    table = np.zeros((len(column), len(names)))
    table[np.arange(len(column)), [places[name] for name in column]] = 1
    return table


def _fit(design: Array, rows: pl.DataFrame) -> Any:
    """Least squares, then again with each kind of score weighted by its own scatter.

    The contact itself is taken out of calibration scores, so they scatter less than drawn ones do.
    """
    y, is_drawn = rows["score"].to_numpy(), rows["is_drawn"].to_numpy()
    plain = _models().OLS(y, design).fit()
    free = 1 - plain.get_influence().hat_matrix_diag
    scatter = np.ones(len(y))
    for kind in (is_drawn, ~is_drawn):
        if kind.any() and free[kind].sum() > 1:
            scatter[kind] = (plain.resid[kind] ** 2).sum() / free[kind].sum()
    if scatter.min() <= 0:
        return plain
    return _models().WLS(y, design, weights=1 / scatter).fit()


def _effects(model: Any, contrasts: Array, freedom: int) -> pl.DataFrame:
    """Contrasts of a model with their intervals."""
    effect = contrasts @ model.params
    se = np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", contrasts, model.cov_params(), contrasts), 0))
    reach = scipy.stats.t.ppf(1 - (1 - CONFIDENCE) / 2, freedom) * se
    return pl.DataFrame({"effect": effect, "se": se, "low": effect - reach, "high": effect + reach})


def _nothing(drawn: pl.DataFrame, reason: str) -> Adjusted:
    nothing = [pl.lit(None, pl.Float64).alias(name) for name in ("effect", "se", "low", "high")]
    counted = {
        name: drawn.group_by(name).agg(n=pl.len().cast(pl.Int64)).sort(name).with_columns(nothing)
        for name in ("agent", "evaluator")
    }
    return Adjusted(counted["agent"].with_columns(is_linked=pl.lit(False)), counted["evaluator"], reason)


def leniency_of_draws(drawn: pl.DataFrame, *, score: str = "raw_score") -> pl.DataFrame:
    """Evaluators' effects by a mixed model on random draws: evaluators fixed, agents random (Bates et al. 2015).

    `evaluator`, `effect` (its score above the mean of evaluators), `se`, `low`, `high`, `n`, `q` (Benjamini & Hochberg
    over the evaluators); null where the draws do not link evaluators through agents. Calibration takes no part, so the
    two can be held against each other.
    """
    rows = _rows(drawn, drawn.clear(), score)
    counted = rows.group_by("evaluator").agg(n=pl.len().cast(pl.Int64)).sort("evaluator")
    linked = rows.filter(pl.col("component") == _largest(rows))
    judges = sorted(linked["evaluator"].unique().to_list())
    if len(judges) < 2 or linked["unit"].n_unique() < 3 or linked.height < 3 * len(judges):
        nothing = ("effect", "se", "low", "high", "q")
        return counted.with_columns(pl.lit(None, pl.Float64).alias(name) for name in nothing)
    dummies = _dummies(linked["evaluator"], judges)
    contrasts = np.eye(len(judges)) - 1 / len(judges)
    with warnings.catch_warnings():  # no spread between agents puts their variance on its boundary, which is an answer
        warnings.simplefilter("ignore")
        model = _models().MixedLM(linked["score"].to_numpy(), dummies, groups=linked["unit"].to_numpy()).fit(reml=True)
    covariance = np.asarray(model.cov_params())[: len(judges), : len(judges)]
    effect = contrasts @ np.asarray(model.fe_params)
    se = np.sqrt(np.einsum("ij,jk,ik->i", contrasts, covariance, contrasts))
    reach = scipy.stats.norm.ppf(1 - (1 - CONFIDENCE) / 2) * se
    found = {"evaluator": judges, "effect": effect, "se": se, "low": effect - reach, "high": effect + reach}
    found["q"] = _q(2 * scipy.stats.norm.sf(np.abs(effect / np.where(se > 0, se, np.nan))))
    return counted.join(pl.DataFrame(found), on="evaluator", how="left").sort("evaluator")


def leniency_of_calibration(calibration: pl.DataFrame, *, score: str = "raw_score") -> pl.DataFrame:
    """Each evaluator's score less the mean of the others on the same contacts, with a t interval (M70c)."""
    rated = calibration.drop_nulls([score, "evaluator"]).unique(
        ["contact_id", "evaluator"], keep="last", maintain_order=True
    )
    others = (pl.col(score).sum().over("contact_id") - pl.col(score)) / (pl.len().over("contact_id") - 1)
    gaps = rated.with_columns(gap=pl.when(pl.len().over("contact_id") > 1).then(pl.col(score) - others)).drop_nulls(
        "gap"
    )
    found = gaps.group_by("evaluator").agg(
        n=pl.len().cast(pl.Int64), effect=pl.col("gap").mean(), sd=pl.col("gap").std()
    )
    n = found["n"].to_numpy()
    se = found["sd"].to_numpy() / np.sqrt(np.maximum(n, 1))
    reach = scipy.stats.t.ppf(1 - (1 - CONFIDENCE) / 2, np.maximum(n - 1, 1)) * se
    return (
        found.with_columns(
            se=pl.Series(se, dtype=pl.Float64).fill_nan(None), reach=pl.Series(reach, dtype=pl.Float64).fill_nan(None)
        )
        .with_columns(low=pl.col("effect") - pl.col("reach"), high=pl.col("effect") + pl.col("reach"))
        .select(
            "evaluator", "effect", "se", "low", "high", "n", q=pl.Series(_q_of_t(found["effect"].to_numpy(), se, n))
        )
        .sort("evaluator")
    )


def _q_of_t(effect: Array, se: Array, n: Array) -> list[float | None]:
    """Benjamini & Hochberg over the evaluators whose difference can be tested."""
    testable = (n > 1) & (se > 0)
    p = np.full(len(n), np.nan)
    p[testable] = 2 * scipy.stats.t.sf(np.abs(effect[testable] / se[testable]), n[testable] - 1)
    return _q(p)


def _q(p: Array) -> list[float | None]:
    """Benjamini & Hochberg over what could be tested; nothing for what could not."""
    testable = ~np.isnan(p)
    corrected = iter(scipy.stats.false_discovery_control(p[testable]) if testable.any() else [])
    return [float(next(corrected)) if can else None for can in testable]


def drift(drawn: pl.DataFrame, *, score: str = "raw_score") -> pl.DataFrame:
    """Whether evaluators became stricter or milder: per evaluator the change of the score per 30 days.

    `evaluator`, `effect` (change per 30 days, agents and evaluators taken out), `se`, `low`, `high`, `n`, `q`
    (Benjamini & Hochberg over the evaluators); nothing for an evaluator with fewer than eight scores or all on one day.
    """
    rows = drawn.drop_nulls([score, "evaluator", "held_on"])
    names = {name: sorted(rows[name].unique().to_list()) for name in ("agent", "evaluator")}
    if rows.height < 8:
        return pl.DataFrame(schema={"evaluator": pl.String, **EFFECT, "q": pl.Float64})
    design = np.hstack([_dummies(rows["agent"], names["agent"]), _dummies(rows["evaluator"], names["evaluator"])])
    y = rows[score].to_numpy()
    residual = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    months = rows["held_on"].cast(pl.Date).to_physical().to_numpy() / 30.0
    found = []
    for judge in names["evaluator"]:
        own = (rows["evaluator"] == judge).to_numpy()
        if own.sum() < 8 or np.ptp(months[own]) == 0:
            continue
        line = scipy.stats.linregress(months[own], residual[own])
        reach = scipy.stats.t.ppf(1 - (1 - CONFIDENCE) / 2, own.sum() - 2) * line.stderr
        found.append(
            (judge, line.slope, line.stderr, line.slope - reach, line.slope + reach, int(own.sum()), line.pvalue)
        )
    frame = pl.DataFrame(found, schema={"evaluator": pl.String, **EFFECT, "q": pl.Float64}, orient="row")
    if frame.is_empty():
        return frame
    return frame.with_columns(q=pl.Series(scipy.stats.false_discovery_control(frame["q"].to_numpy())))
