"""What a comparison answers: good and bad input, the sentences, the placebo and the audit, on contacts made for it."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import fields
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.compare import comparisons, sentence
from metrics.compare.audit import audit
from metrics.compare.decision import Outcome
from metrics.compare.judgement import Asked, Judgement, Verdict, judge
from metrics.compare.placebo import placebo
from metrics.compare.rules import Rule
from metrics.compare.stages import FOLLOW_UP, ROUTINE, judge_in_stages, watch_list
from metrics.compare.weeks import weeks_of
from metrics.period import Period

HANDLE, SHARE, SCORE = (comparisons()[name] for name in ("average_handle_time", "resolved_at_311", "quality_score"))
FIRST = date(2026, 1, 5)
QUARTER = Period(date(2026, 1, 1), date(2026, 4, 1))


def work(
    agents: int = 12, each: int = 300, *, seed: int = 1, slow: tuple[str, ...] = (), days: int = 30, **same: object
) -> pl.DataFrame:
    """Contacts of agents who do the same work, but for those who take half as long again; `same` overrides columns."""
    rng = np.random.default_rng(seed)
    n = agents * each
    agent = np.array([f"A{number:02}" for number in range(agents)])[np.arange(n) % agents]
    pace = np.where(np.isin(agent, slow), 1.5, 1.0)
    frame = pl.DataFrame(
        {
            "agent": agent,
            "day": [FIRST + timedelta(days=int(number)) for number in rng.integers(0, days, n)],
            "value": np.exp(rng.normal(5.7, 0.7, n)) * pace,
            "request_type": rng.choice(["pothole", "trash", "noise"], n),
            "channel": rng.choice(["voice", "email"], n),
            "language": rng.choice(["en", "es"], n, p=[0.8, 0.2]),
            "hour": rng.integers(8, 18, n),
            "queue": rng.choice(["general", "streets"], n),
            "site": "north",
            "shift": "day",
        }
    )
    return frame.with_columns(**{name: pl.lit(value) for name, value in same.items()})


def reviews(
    teams: int = 4, each: int = 20, *, crossing: float = 1.0, seed: int = 2, poor: tuple[str, ...] = ()
) -> pl.DataFrame:
    """Reviews of teams of six; an evaluator per team, of very different severity."""
    rng = np.random.default_rng(seed)
    frame = work(teams * 6, each, seed=seed)
    team = frame["agent"].str.slice(1).cast(pl.Int64).to_numpy() % teams
    other = rng.integers(0, teams, frame.height)
    evaluator = np.where(rng.random(frame.height) < crossing, other, team)
    score = 85 + rng.normal(0, 10, frame.height) + np.linspace(-12, 12, teams)[evaluator]
    score -= 20 * np.isin(frame["agent"].to_numpy(), poor)
    return frame.with_columns(
        value=pl.Series(np.clip(score, 0, 100)),
        evaluator=pl.Series([f"E{number}" for number in evaluator]),
        form=pl.lit("phone 1"),
        hour_band=pl.col("hour") // 6,
        month=pl.col("day").dt.truncate("1mo"),
    )


def outcomes(found: Judgement) -> Counter[str]:
    """How many agents have each verdict."""
    return Counter(one.verdict.value for one in found.verdicts)


def sane(found: Judgement) -> None:
    """No number that is none; words wherever there is no verdict; a verdict with all its parts."""
    for one in found.verdicts:
        for part in fields(one):
            value = getattr(one, part.name)
            assert not isinstance(value, float) or math.isfinite(value), (one.agent_id, part.name)
        if one.verdict is Outcome.refused:
            assert one.reason
        if one.verdict in (Outcome.too_few, Outcome.inconclusive):
            assert one.more_needed
            assert one.more_needed > 0
        if one.difference is not None:
            assert one.low is not None
            assert one.high is not None
            assert one.low <= one.difference <= one.high
        assert sentence(HANDLE, one, QUARTER)


def test_the_slow_one_is_found_and_nobody_else() -> None:
    found = judge(HANDLE, work(slow=("A03",)))
    sane(found)
    assert outcomes(found) == {"worse": 1, "cleared": 11}
    flagged = next(one for one in found.verdicts if one.verdict is Outcome.worse)
    assert flagged.agent_id == "A03"
    assert flagged.difference == pytest.approx(0.5, abs=0.1)
    assert flagged.value is not None
    assert flagged.expected is not None
    assert flagged.value / flagged.expected - 1 == pytest.approx(flagged.difference, abs=1e-5)
    # drawn toward what was expected, never past it
    assert flagged.shrunken is not None
    assert flagged.expected < flagged.shrunken < flagged.value


def test_the_fast_one_is_better_by_the_same_rule() -> None:
    quick = work().with_columns(value=pl.when(pl.col("agent") == "A05").then(pl.col("value") / 1.5).otherwise("value"))
    assert {one.agent_id: one.verdict.value for one in judge(HANDLE, quick).verdicts}["A05"] == "better"


def test_a_bad_queue_is_not_charged_to_those_who_work_it() -> None:
    frame = work(agents=20)
    night = pl.col("agent") < "A05"
    frame = frame.with_columns(
        queue=pl.when(night & (pl.col("hour") < 16)).then(pl.lit("water")).otherwise("queue"),
    ).with_columns(value=pl.when(pl.col("queue") == "water").then(pl.col("value") * 1.8).otherwise("value"))
    assert outcomes(judge(HANDLE, frame)).keys() <= {"cleared", "inconclusive"}


def test_one_strange_colleague_does_not_make_the_others_strange() -> None:
    """In a queue of three, two are compared with the third; a third who is slow is not held against the two."""
    frame = work(agents=20, each=500, slow=("A02",)).with_columns(
        queue=pl.when(pl.col("agent") < "A03").then(pl.lit("water")).otherwise("queue")
    )
    found = {one.agent_id: one.verdict.value for one in judge(HANDLE, frame).verdicts}
    assert "better" not in (found["A00"], found["A01"])


# ---- bad input -------------------------------------------------------------------------------------------------------

ALONE = work(agents=12).with_columns(
    queue=pl.when(pl.col("agent") == "A04").then(pl.lit("water")).otherwise("queue"),
)
BAD = [
    ("no contacts", HANDLE, work().head(0), {}, "no contacts"),
    ("one agent only", HANDLE, work(agents=1), {"refused": 1}, "only one agent"),
    ("two agents", HANDLE, work(agents=2), {"refused": 2}, "Only 2 agents"),
    ("ten contacts", HANDLE, work(agents=5, each=2), {"too_few": 5}, "No agent has"),
    ("no variation", HANDLE, work(value=300.0), {"refused": 12}, "same value"),
    ("everything resolved", SHARE, work(value=1.0), {"refused": 12}, "same value"),
    ("one has enough", HANDLE, pl.concat([work(agents=1), work(agents=8, each=10, seed=3)]), {"refused": 1, "too_few": 7}, "Only one agent"),
    ("missing values", HANDLE, work().with_columns(value=pl.lit(None, pl.Float64)), {}, "no contacts"),
    ("infinite and missing values beside good ones", HANDLE, work().with_columns(value=pl.when(pl.col("hour") == 8).then(math.inf).when(pl.col("hour") == 9).then(math.nan).otherwise("value")), {"cleared": 12}, ""),
    ("all contacts in one cell", HANDLE, work(queue="general", hour=9, day=FIRST, request_type="trash", channel="voice", language="en"), {"cleared": 12}, ""),
    ("missing language, hour and shift", HANDLE, work().with_columns(language=pl.lit(None, pl.String), hour=pl.lit(None, pl.Int64), shift=pl.lit(None, pl.String)), {"cleared": 12}, ""),
    ("language missing for some", HANDLE, work().with_columns(language=pl.when(pl.col("hour") < 12).then("language")), {"cleared": 12}, ""),
    ("a queue with one agent", HANDLE, ALONE, {"cleared": 11, "refused": 1}, ""),
    ("everybody has a queue of their own", HANDLE, work().with_columns(queue=pl.col("agent")), {"refused": 12}, "No agent has"),
    ("durations of 0", HANDLE, work(agents=8).with_columns(value=pl.when(pl.col("hour") == 8).then(0.0).otherwise("value")), {"cleared": 8}, ""),
    ("every value the same but one", SHARE, work(value=1.0).with_columns(value=pl.when(pl.int_range(pl.len()) == 7).then(0.0).otherwise("value")), {"cleared": 12}, ""),
    ("one type per contact", HANDLE, work(agents=8).with_columns(request_type=pl.int_range(pl.len()).cast(pl.String)), None, ""),
    ("one day", HANDLE, work(days=1, seed=2), {"cleared": 12}, ""),
]  # fmt: skip


@pytest.mark.parametrize(("case", "rule", "frame", "expected", "refusal"), BAD, ids=[case for case, *_ in BAD])
def test_an_answer_or_a_refusal_in_words(
    case: str, rule: Rule, frame: pl.DataFrame, expected: dict[str, int] | None, refusal: str
) -> None:
    found = judge(rule, frame)
    sane(found)
    if expected is not None:
        assert outcomes(found) == expected, case
    assert refusal in found.refusal
    assert not placebo(rule, frame, seed=1, shuffles=1).flags


def test_the_reason_names_what_the_agent_cannot_be_told_from() -> None:
    refused = next(one for one in judge(HANDLE, ALONE).verdicts if one.verdict is Outcome.refused)
    assert refused.agent_id == "A04"
    assert (
        refused.reason
        == "No colleague had contacts of the same queue and day: the agent and the queue and day cannot be told apart."
    )


def test_an_agent_alone_on_a_shift_is_refused() -> None:
    frame = work().with_columns(shift=pl.when(pl.col("agent") == "A04").then(pl.lit("night")).otherwise("shift"))
    refused = [one for one in judge(HANDLE, frame).verdicts if one.verdict is Outcome.refused]
    assert [one.agent_id for one in refused] == ["A04"]
    assert "same shift" in refused[0].reason


@pytest.mark.slow
def test_a_million_contacts() -> None:
    found = judge(HANDLE, work(agents=400, each=2500, slow=("A03", "A77"), days=90))
    sane(found)
    assert [one.agent_id for one in found.verdicts if one.verdict is Outcome.worse] == ["A03", "A77"]


@settings(max_examples=25, deadline=None)
@given(
    agents=st.integers(1, 9),
    each=st.integers(1, 90),
    queues=st.integers(1, 9),
    missing=st.booleans(),
    seed=st.integers(0, 1_000),
    rule=st.sampled_from([HANDLE, SHARE]),
)
def test_whatever_comes_the_answer_is_sane(
    agents: int, each: int, queues: int, missing: bool, seed: int, rule: Rule
) -> None:
    frame = work(agents, each, seed=seed, days=3)
    rng = np.random.default_rng(seed)
    frame = frame.with_columns(queue=pl.Series([f"Q{number}" for number in rng.integers(0, queues, frame.height)]))
    if rule is SHARE:
        frame = frame.with_columns(value=(pl.col("value") > 100).cast(pl.Float64))
    if missing:
        frame = frame.with_columns(hour=pl.when(pl.col("hour") > 12).then("hour"), language=pl.lit(None, pl.String))
    found = judge(rule, frame)
    sane(found)
    assert len(found.verdicts) == agents
    assert (
        judge(rule, frame.sample(fraction=1.0, shuffle=True, seed=1)).verdicts == found.verdicts
        or agents < 0
        or close(judge(rule, frame.sample(fraction=1.0, shuffle=True, seed=1)), found)
    )


def close(one: Judgement, other: Judgement) -> bool:
    """Whether two answers say the same, but for the last digits."""
    for left, right in zip(one.verdicts, other.verdicts, strict=True):
        if (left.agent_id, left.n, left.verdict) != (right.agent_id, right.n, right.verdict):
            return False
        if (left.difference is None) != (right.difference is None):
            return False
        if left.difference is not None and abs(left.difference - (right.difference or 0)) > 2e-5:
            return False
    return True


# ---- evaluators ------------------------------------------------------------------------------------------------------


def test_evaluators_who_never_leave_their_team_make_a_comparison_impossible() -> None:
    found = judge(SCORE, reviews(crossing=0.0, poor=("A01",)))
    assert outcomes(found) == {"refused": 24}
    assert "evaluators and agents cannot be told apart" in found.refusal


def test_a_single_stray_review_is_no_bridge() -> None:
    frame = reviews(crossing=0.0)
    stray = frame.with_columns(evaluator=pl.when(pl.int_range(pl.len()) < 3).then(pl.lit("E3")).otherwise("evaluator"))
    assert outcomes(judge(SCORE, stray)) == {"refused": 24}


def test_with_crossing_severity_is_not_the_agents_fault() -> None:
    found = judge(SCORE, reviews(crossing=0.4, each=40, poor=("A01",)))
    assert [one.agent_id for one in found.verdicts if one.verdict in (Outcome.worse, Outcome.better)] == ["A01"]


def test_contacts_that_all_evaluators_scored_are_a_bridge() -> None:
    apart = reviews(crossing=0.0, each=40, poor=("A01",)).with_columns(unit=pl.lit(None, pl.String))
    rng = np.random.default_rng(4)
    shared = pl.concat(
        [
            apart.head(4).with_columns(
                unit=pl.lit(f"C{number}"),
                evaluator=pl.Series(["E0", "E1", "E2", "E3"]),
                value=pl.Series(80 + rng.normal(0, 5) + np.linspace(-12, 12, 4) + rng.normal(0, 4, 4)),
            )
            for number in range(30)
        ]
    )
    found = judge(SCORE, pl.concat([apart, shared]))
    assert {one.agent_id: one.n for one in found.verdicts}["A00"] == 40
    assert [one.agent_id for one in found.verdicts if one.verdict in (Outcome.worse, Outcome.better)] == ["A01"]


# ---- two stages ------------------------------------------------------------------------------------------------------


def test_fresh_reviews_decide_and_only_about_those_on_the_list() -> None:
    routine = reviews(each=12, poor=("A01", "A09")).with_columns(stage=pl.lit(ROUTINE))
    listed = watch_list(SCORE, routine)
    assert {"A01", "A09"} <= set(listed)
    assert len(listed) < 14
    fresh = (
        reviews(each=40, seed=9, poor=("A01",))
        .filter(pl.col("agent").is_in(listed))
        .with_columns(stage=pl.lit(FOLLOW_UP))
    )
    found = judge_in_stages(SCORE, pl.concat([routine, fresh]))
    by_agent = {one.agent_id: one for one in found.verdicts}
    assert len(by_agent) == 24
    assert [agent for agent, one in by_agent.items() if one.verdict in (Outcome.worse, Outcome.better)] == ["A01"]
    assert by_agent["A01"].n == 40
    # poor by chance on routine reviews, and cleared by fresh ones
    assert by_agent["A09"].verdict in (Outcome.cleared, Outcome.inconclusive)


def test_who_waits_for_fresh_reviews_is_told_so() -> None:
    routine = reviews(each=12, poor=("A01",)).with_columns(stage=pl.lit(ROUTINE))
    found = {one.agent_id: one for one in judge_in_stages(SCORE, routine, listed=frozenset({"A01"})).verdicts}
    assert found["A01"].verdict is Outcome.inconclusive
    assert found["A01"].reason == "On the watch list, decided by fresh reviews: 0 are in."
    assert not [one for one in found.values() if one.verdict is Outcome.worse]


# ---- what surrounds the verdicts -------------------------------------------------------------------------------------


def verdict(outcome: Outcome, **changed: object) -> Verdict:
    """A verdict to be put into words."""
    usual = {"n": 1310, "value": 340.0, "expected": 286.0, "difference": 0.19, "low": 0.14, "high": 0.24}
    rest = {"shrunken": 330.0, "q": 0.001, "more_needed": None}
    return Verdict(**{"agent_id": "A1", "verdict": outcome, **usual, **rest, **changed})  # type: ignore[arg-type]


POINTS = {"n": 18, "value": 86.0, "expected": 85.0, "difference": 1.0, "low": -5.0, "high": 7.0}
SENTENCES = [
    (HANDLE, verdict(Outcome.worse), "Handle time is about 19 % longer than other agents had on the same kinds of contacts (likely 14 to 24 %). 1,310 contacts, 1 January 2026 to 31 March 2026. Chance and case mix were checked; a person must look before anything is decided."),
    (HANDLE, verdict(Outcome.better, difference=-0.19, low=-0.24, high=-0.14), "Handle time is about 19 % shorter than other agents had on the same kinds of contacts (likely 14 to 24 %). 1,310 contacts, 1 January 2026 to 31 March 2026. Chance and case mix were checked; it is worth finding out what they do, and saying so."),
    (SHARE, verdict(Outcome.worse, difference=-0.11, low=-0.15, high=-0.07, n=400), "Resolution at 311 is about 11 points lower than other agents had on the same kinds of contacts (likely 7 to 15 points). 400 closed cases, 1 January 2026 to 31 March 2026. Chance and case mix were checked; a person must look before anything is decided."),
    (SCORE, verdict(Outcome.cleared, **POINTS), "No sign of a problem: a difference of 8 points is ruled out. 18 reviews, 1 January 2026 to 31 March 2026."),
    (SCORE, verdict(Outcome.inconclusive, **POINTS, more_needed=30), "18 reviews cannot tell 80 from 92. About 30 more would."),
    (SCORE, verdict(Outcome.too_few, n=6), "Too few to tell: 6 reviews, and at least 8 are needed."),
    (SHARE, verdict(Outcome.inconclusive, n=60, value=0.8, expected=0.79, difference=0.01, low=-0.08, high=0.1, more_needed=240), "60 closed cases cannot tell 71 % from 89 %. About 240 more would."),
    (HANDLE, verdict(Outcome.refused, reason="There is only one agent: nobody to compare with."), "Cannot be compared. There is only one agent: nobody to compare with."),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "one", "expected"), SENTENCES)
def test_sentences(rule: Rule, one: Verdict, expected: str) -> None:
    assert sentence(rule, one, QUARTER) == expected


def test_the_placebo_finds_nobody_where_the_comparison_finds_somebody() -> None:
    frame = work(agents=15, slow=("A03", "A07"))
    assert outcomes(judge(HANDLE, frame))["worse"] == 2
    found = placebo(HANDLE, frame, seed=311)
    assert found.flags == 0
    assert found.judged == 15 * found.shuffles
    assert found.moved > 0.8
    assert placebo(HANDLE, frame, seed=311) == found


def test_the_audit_counts_flags_by_group() -> None:
    frame = work(agents=20, slow=("A03", "A07")).with_columns(
        shift=pl.when(pl.col("agent") < "A10").then(pl.lit("day")).otherwise(pl.lit("night")),
        language=pl.when(pl.col("agent").is_in(["A01", "A11"])).then("language").otherwise(pl.lit("en")),
    )
    found = judge(HANDLE, frame)
    hired = {"A00": date(2026, 1, 1), "A01": date(2024, 1, 1)}
    groups = {f"A{number:02}": "one" if number < 10 else "two" for number in range(20)}
    lines, ratios = audit(found.verdicts, frame, hired, date(2026, 4, 1), groups)
    counts = {(line.by, line.group): (line.agents, line.judged, line.worse) for line in lines}
    assert counts["shift", "day"] == (10, 10, 2)
    assert counts["shift", "night"] == (10, 10, 0)
    assert counts["language duty", "yes"][0] == 2
    assert counts["tenure", "under 1 year"][0] == 1
    assert counts["tenure", "not known"][0] == 18
    # 8 of 10 favourable against 10 of 10: four fifths exactly, and Fisher's p is 0.474
    assert [(one.group, one.ratio, round(one.p, 3)) for one in ratios] == [("one", 0.8, 0.474)]
    assert ratios[0].says == "no sign of a difference"


def test_strict_flags_only_what_is_surely_more_than_half() -> None:
    frame = work(agents=12, each=150).with_columns(
        value=pl.when(pl.col("agent") == "A03").then(pl.col("value") * 1.32).otherwise("value")
    )
    usual, strict = judge(HANDLE, frame), judge(HANDLE, frame, Asked(strict=True))
    assert outcomes(usual)["worse"] == 1
    assert outcomes(strict)["worse"] == 0


def test_weeks_are_adjusted_and_need_ten() -> None:
    frame = work(agents=8, each=1200, days=91).with_columns(
        value=pl.when(pl.col("request_type") == "noise").then(pl.col("value") * 2).otherwise("value")
    )
    weeks = weeks_of(HANDLE, frame)["A02"]
    assert len(weeks.values) == 13
    assert weeks.usual is not None
    # on the scale of averages, as everything beside it is: the typical contact is shorter than the average one
    assert weeks.usual.centre == pytest.approx(frame["value"].mean(), rel=0.05)
    assert "usual range" in weeks.sentence
    picture = weeks.picture()
    assert picture is not None
    assert "<title>Handle time by week, adjusted for the work: 13 weeks" in picture
    unmarked = weeks.picture(names_outside=False)
    assert unmarked is not None
    assert "at first" in unmarked
    assert "outside" not in unmarked
    few = weeks_of(HANDLE, work(agents=8))["A02"]
    assert few.picture() is None
    assert few.sentence.endswith("ten show what is usual.")
    assert sorted(weeks_of(HANDLE, frame)) == [f"A{number:02d}" for number in range(8)]
    assert weeks_of(HANDLE, frame.clear()) == {}


def test_the_limits_of_a_quarter_are_those_of_the_textbook_whatever_the_work_was() -> None:
    """Three months of A02, who in the last four weeks has long contacts only: by hand, and not set apart by the work."""
    late = (pl.col("agent") == "A02") & (pl.col("day") >= FIRST + timedelta(days=63))
    frame = work(agents=8, each=1200, days=91).with_columns(
        request_type=pl.when(late).then(pl.lit("noise")).otherwise("request_type")
    )
    frame = frame.with_columns(
        value=pl.when(pl.col("request_type") == "noise").then(pl.col("value") * 3).otherwise("value"),
        held=(pl.col("value") > 500).cast(pl.Float64),
    )
    found = weeks_of(HANDLE, frame)["A02"]
    assert found.usual is not None
    values = list(found.values)
    moved = [abs(later - earlier) for earlier, later in pairwise(values)]
    centre, reach = sum(values) / 13, 2.66 * sum(moved) / 12
    assert found.usual.centre == pytest.approx(centre)
    assert found.usual.low == pytest.approx([centre - reach] * 13)
    assert found.usual.high == pytest.approx([centre + reach] * 13)
    raw = frame.filter(pl.col("agent") == "A02").group_by(week=pl.col("day").dt.truncate("1w")).agg(
        pl.col("value").log().mean().exp()
    ).sort("week")["value"].to_list()  # fmt: skip
    assert min(raw[9:]) > 1.4 * max(raw[:9])
    assert max(values[9:]) < 1.25 * min(values[:9])

    rule = SHARE.model_copy(update={"adjusters": HANDLE.adjusters})
    share = weeks_of(rule, frame.with_columns(value="held"))["A02"]
    assert share.usual is not None
    whole = sum(value * n for value, n in zip(share.values, share.n, strict=True)) / sum(share.n)
    sigma = [(whole * (1 - whole) / n) ** 0.5 for n in share.n]
    z = [(value - whole) / one for value, one in zip(share.values, sigma, strict=True)]
    spread = max(1.0, sum(abs(b - a) for a, b in pairwise(z)) / 12 / 1.128)
    assert share.usual.centre == pytest.approx(whole)
    assert share.usual.low == pytest.approx([max(whole - 3 * spread * one, 0) for one in sigma])
    assert share.usual.high == pytest.approx([min(whole + 3 * spread * one, 1) for one in sigma])
