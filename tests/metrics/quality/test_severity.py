"""Evaluators' severity: planted strictness is found, teams that nobody crosses are refused, other computations agree."""

from __future__ import annotations

import warnings
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import statsmodels.formula.api as smf  # type: ignore[import-untyped, unused-ignore]
from statsmodels.stats.proportion import proportion_confint  # type: ignore[import-untyped, unused-ignore]

from metrics.quality.not_applicable import na_by_item, na_rates
from metrics.quality.severity import adjusted, drift, leniency_of_calibration, leniency_of_draws

STRICT = {"E1": -0.06, "E2": 0.0, "E3": 0.02, "E4": 0.04}
FIRST = date(2026, 1, 1)


def draws(
    seed: int = 1, *, each: int = 20, agents: int = 20, crossing: bool = True, noise: float = 0.08
) -> pl.DataFrame:
    """Drawn scores of agents by evaluators with planted severity; without crossing every evaluator has a team."""
    chance = np.random.default_rng(seed)
    skill = chance.normal(0.85, 0.03, agents)
    names = list(STRICT)
    rows = []
    for agent in range(agents):
        for number in range(each):
            judge = names[chance.integers(4)] if crossing else names[agent % 4]
            score = skill[agent] + STRICT[judge] + chance.normal(0, noise)
            rows.append(
                (f"A{agent:02d}", judge, agent * 1000 + number, float(score), FIRST + timedelta(days=number * 4))
            )
    schema = {
        "agent": pl.String,
        "evaluator": pl.String,
        "contact_id": pl.Int64,
        "raw_score": pl.Float64,
        "held_on": pl.Date,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def sessions(seed: int = 2, *, contacts: int = 24, noise: float = 0.03) -> pl.DataFrame:
    """Calibration scores: every evaluator on the same contacts."""
    chance = np.random.default_rng(seed)
    rows = []
    for contact in range(contacts):
        level = chance.normal(0.8, 0.1)
        rows += [
            ("A00", judge, 10**6 + contact, float(level + bias + chance.normal(0, noise)), FIRST)
            for judge, bias in STRICT.items()
        ]
    return pl.DataFrame(rows, schema=draws(each=1).schema, orient="row")


def planted(frame: pl.DataFrame) -> list[float]:
    """The planted severities, less their usual value over the draws."""
    usual = float(np.mean([STRICT[name] for name in frame["evaluator"]]))
    return [bias - usual for bias in STRICT.values()]


def test_planted_severity_is_found_within_its_interval() -> None:
    drawn = draws()
    found = adjusted(drawn, sessions()).evaluators
    for row, truth in zip(found.iter_rows(named=True), planted(drawn), strict=True):
        assert row["low"] - 0.01 < truth < row["high"] + 0.01
        assert row["se"] < 0.01


def test_an_agent_is_not_charged_with_a_strict_evaluator() -> None:
    """Two alike agents, one mostly with the strict evaluator, one with the lenient one."""
    drawn = draws(each=30, agents=12, noise=0.04)
    skewed = drawn.with_columns(
        evaluator=pl.when((pl.col("agent") == "A00") & (pl.col("contact_id") % 10 < 8)).then(pl.lit("E1"))
        .when((pl.col("agent") == "A01") & (pl.col("contact_id") % 10 < 8)).then(pl.lit("E4"))
        .otherwise("evaluator")
    )  # fmt: skip
    chance = np.random.default_rng(5)
    bias = skewed["evaluator"].replace_strict(STRICT, return_dtype=pl.Float64).to_numpy()
    same = skewed.with_columns(raw_score=pl.Series(0.85 + bias + chance.normal(0, 0.04, skewed.height)))
    raw = dict(same.group_by("agent").agg(pl.col("raw_score").mean()).iter_rows())
    fair = dict(adjusted(same, sessions()).agents.select("agent", "effect").iter_rows())
    assert raw["A01"] - raw["A00"] > 0.05
    assert abs(fair["A01"] - fair["A00"]) < 0.025


def test_adjusting_leaves_the_mean_of_all_draws_where_it_was() -> None:
    drawn = draws()
    agents = adjusted(drawn, sessions()).agents
    assert np.average(agents["effect"], weights=agents["n"]) == pytest.approx(drawn["raw_score"].mean(), abs=0.002)


def test_the_model_is_ordinary_least_squares_of_a_textbook() -> None:
    drawn = draws(each=6, agents=8)
    found = adjusted(drawn, drawn.clear())
    model = smf.ols("raw_score ~ C(agent) + C(evaluator)", drawn.to_pandas()).fit()
    gap = found.evaluators["effect"] - found.evaluators["effect"][0]
    assert gap[1:].to_list() == pytest.approx([model.params[f"C(evaluator)[T.{name}]"] for name in ("E2", "E3", "E4")])
    between = found.agents["effect"] - found.agents["effect"][0]
    assert between[1:].to_list() == pytest.approx([model.params[f"C(agent)[T.A0{n}]"] for n in range(1, 8)])


def test_teams_that_no_evaluator_crosses_are_refused_and_calibration_opens_them() -> None:
    drawn = draws(crossing=False)
    alone = adjusted(drawn, drawn.clear()).agents
    assert alone["is_linked"].sum() == 5
    assert alone.filter(~pl.col("is_linked"))["effect"].null_count() == 15
    together = adjusted(drawn, sessions()).agents
    assert together["is_linked"].all()
    assert leniency_of_draws(drawn)["effect"].null_count() == 4


@pytest.mark.slow
def test_identical_agents_are_not_told_apart_by_their_evaluators() -> None:
    """No crossing, all agents alike: raw means differ with the evaluator, adjusted ones do not."""
    false = 0
    for seed in range(12):
        chance = np.random.default_rng(seed)
        drawn = draws(seed, crossing=False, each=12)
        bias = drawn["evaluator"].replace_strict(STRICT, return_dtype=pl.Float64).to_numpy()
        alike = drawn.with_columns(raw_score=pl.Series(0.85 + bias + chance.normal(0, 0.08, drawn.height)))
        agents = adjusted(alike, sessions(seed + 100)).agents
        false += int(((agents["low"] > 0.86) | (agents["high"] < 0.84)).sum())
    assert false / (12 * 20) < 0.05


def test_too_little_says_so() -> None:
    one = draws(each=1, agents=2)
    found = adjusted(one, one.clear())
    assert found.reason == "too few evaluations to tell agents from evaluators"
    assert found.agents["effect"].null_count() == 2


def test_draws_and_calibration_tell_the_same_severity() -> None:
    by_draws = leniency_of_draws(draws(each=40))
    by_sessions = leniency_of_calibration(sessions())
    mean = np.mean(list(STRICT.values()))
    for row, name in zip(by_draws.iter_rows(named=True), STRICT, strict=True):
        assert row["low"] - 0.005 < STRICT[name] - mean < row["high"] + 0.005
    for row, name in zip(by_sessions.iter_rows(named=True), STRICT, strict=True):
        others = np.mean([bias for other, bias in STRICT.items() if other != name])
        assert row["low"] - 0.005 < STRICT[name] - others < row["high"] + 0.005
    assert by_sessions.filter(pl.col("q") <= 0.05)["evaluator"].to_list()[0] == "E1"


def test_leniency_of_calibration_by_hand() -> None:
    frame = pl.DataFrame({
        "contact_id": [1, 1, 1, 2, 2, 3], "evaluator": ["a", "b", "c", "a", "b", "a"], "raw_score": [0.9, 0.8, 0.7, 0.6, 0.7, 0.1],
    })  # fmt: skip
    found = leniency_of_calibration(frame)
    assert found["n"].to_list() == [2, 2, 1]
    assert found["effect"].to_list() == pytest.approx([(0.15 - 0.1) / 2, (0.0 + 0.1) / 2, -0.15])
    assert found["low"][2] is None


def test_an_evaluator_who_grows_stricter_is_seen_to_drift() -> None:
    drawn = draws(each=40, noise=0.04)
    days = (pl.col("held_on") - pl.lit(FIRST)).dt.total_days()
    stricter = drawn.with_columns(
        raw_score=pl.when(pl.col("evaluator") == "E2")
        .then(pl.col("raw_score") - 0.02 * days / 30)
        .otherwise("raw_score")
    )
    found = drift(stricter)
    worst = found.filter(pl.col("q") <= 0.05)
    assert "E2" in worst["evaluator"].to_list()
    effect = dict(found.select("evaluator", "effect").iter_rows())
    assert effect["E2"] == pytest.approx(-0.015, abs=0.006)
    assert effect["E2"] == min(effect.values())
    assert drift(drawn).filter(pl.col("q") <= 0.05).is_empty()


def test_na_rates_are_held_against_the_others_on_the_same_items() -> None:
    rows = [
        ("F", item, judge, number % 10 < (5 if judge == "c" else 2 if item == "rare" else 0), True)
        for item in ("rare", "often")
        for judge in ("a", "b", "c")
        for number in range(60)
    ]
    frame = answered(rows)
    found = na_rates(frame)
    assert found["rate"].to_list() == pytest.approx([0.1, 0.1, 0.5])
    assert found["expected"].to_list() == pytest.approx([0.3, 0.3, 0.1])
    assert found["q"][2] < 1e-6
    assert na_rates(frame.clear()).is_empty()


def answered(rows: list[tuple[str, str, str, bool, bool]]) -> pl.DataFrame:
    """Answers as the warehouse gives them, each to a contact of its own."""
    frame = pl.DataFrame(rows, schema=["form", "item", "evaluator", "is_na", "is_scored"], orient="row")
    return frame.with_columns(contact_id=pl.int_range(pl.len()), text=pl.col("item"))


def test_answers_that_go_together_are_one_witness() -> None:
    """Six items that all do not apply to one contact in four: an evaluator who drew more of those says it no oftener."""
    chance = np.random.default_rng(3)
    flags = 0
    for _number in range(20):
        rows = [
            (f"{judge}{contact}", "F", f"item {item}", f"item {item}", judge, bool(is_na), True)
            for judge in "abcdefgh"
            for contact, is_na in enumerate(chance.random(30) < 0.25)
            for item in range(6)
        ]
        frame = pl.DataFrame(
            rows, schema=["contact_id", "form", "item", "text", "evaluator", "is_na", "is_scored"], orient="row"
        )
        flags += na_rates(frame).filter(pl.col("q") <= 0.05).height
    assert flags <= 4  # of 160


def test_an_item_that_is_used_differently_is_found_and_the_others_are_not() -> None:
    rows = [
        ("F", item, judge, number % 10 < (6 if judge == "c" and item == "hold" else 2), True)
        for item in ("greeting", "hold", "number")
        for judge in ("a", "b", "c")
        for number in range(60)
    ]
    found = na_by_item(answered([*rows, ("F", "rare", "a", False, True)]))
    assert found["item"].to_list() == ["hold", "greeting", "number", "rare"]
    assert found["rate"].to_list() == pytest.approx([60 / 180, 0.2, 0.2, 0.0])
    assert found["evaluators"].to_list() == [3, 3, 3, 0]
    assert [q is not None and q <= 0.05 for q in found["q"]] == [True, False, False, False]
    assert found["q"][3] is None
    low, high = found.row(0, named=True)["low"], found.row(0, named=True)["high"]
    assert (low, high) == pytest.approx(proportion_confint(60, 180, method="wilson"))


@pytest.mark.slow
def test_real_raters_of_people_are_measured_as_a_mixed_model_does(public_data: Path) -> None:
    """InstEval: students as raters of lecturers. The thirty busiest, held against statsmodels' formula and plain least squares."""
    everything = pl.read_csv(public_data / "ratings_by_person" / "insteval_dept_1-8.csv.gz")
    busiest = everything.group_by("s").len().sort(["len", "s"], descending=[True, False]).head(30)["s"]
    rated = everything.filter(pl.col("s").is_in(busiest.to_list()))
    frame = rated.select(
        agent=pl.format("d{}", "d"), evaluator=pl.format("s{}", "s"), contact_id=pl.int_range(pl.len()),
        raw_score=(pl.col("y") - 1) / 4, held_on=pl.lit(FIRST),
    )  # fmt: skip
    mixed, fixed = leniency_of_draws(frame), adjusted(frame, frame.clear())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = smf.mixedlm("raw_score ~ C(evaluator, Sum)", frame.to_pandas(), groups="agent").fit()
    expected = [model.params[f"C(evaluator, Sum)[S.{name}]"] for name in mixed["evaluator"][:-1]]
    assert mixed["effect"][:-1].to_list() == pytest.approx(expected, abs=2e-3)
    both = mixed.join(fixed.evaluators, on="evaluator", suffix="_fixed").drop_nulls("effect_fixed")
    assert both.height == 30
    correlation = np.corrcoef(both["effect"], both["effect_fixed"])[0, 1]
    assert correlation > 0.9
