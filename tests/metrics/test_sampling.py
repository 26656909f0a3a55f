"""The evaluators' work list: fair shares, the same draw again, and the two stages on a loaded centre."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import metrics as m
from etl.ledger import FileResult
from fairline import app
from metrics import sampling
from metrics.compare import compare, drawn_sample
from sql import WrongUse

EVERYONE = m.Scope.whole_centre()
Offer = Callable[..., FileResult]
TWO_WEEKS = m.Period(date(2026, 10, 31), date(2026, 11, 14))


@pytest.mark.parametrize(
    ("sizes", "wanted", "expected"),
    [
        ({"a": 70, "b": 25, "c": 5}, 10, {"a": 7, "b": 2, "c": 1}),
        ({"a": 97, "b": 2, "c": 1}, 10, {"a": 8, "b": 1, "c": 1}),
        ({"a": 97, "b": 2, "c": 1}, 2, {"a": 2, "b": 0, "c": 0}),
        ({"a": 2, "b": 2}, 4, {"a": 2, "b": 2}),
        ({"a": 5}, 3, {"a": 3}),
    ],
)
def test_shares_by_largest_remainder(sizes: dict[str, int], wanted: int, expected: dict[str, int]) -> None:
    assert sampling.allocated(sizes, wanted) == expected


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 500), min_size=1), st.integers(1, 80))
def test_shares_add_up_and_take_no_more_than_there_are(sizes: dict[str, int], wanted: int) -> None:
    wanted = min(wanted, sum(sizes.values()))
    found = sampling.allocated(sizes, wanted)
    assert sum(found.values()) == wanted
    assert all(0 <= found[name] <= sizes[name] for name in sizes)
    if wanted >= len(sizes):
        assert min(found.values()) >= 1


@pytest.fixture
def centre(loaded_city: Path, tmp_path: Path) -> Iterator[m.Centre]:
    """The city, with a folder of its own for what is written down."""
    with m.open_centre(loaded_city) as city:
        city.folder = tmp_path
        yield city


def test_the_draw_is_the_order_of_a_keyed_hash(centre: m.Centre) -> None:
    draw = sampling.sample(centre, during=TWO_WEEKS, scope=EVERYONE, per_month=6, seed="winter")
    frame = centre.named("facts/sample_frame", first=TWO_WEEKS.first, until=TWO_WEEKS.until)
    per_group = draw.contacts.group_by("agent_id", "month").len()["len"]
    assert per_group.max() == 6
    agent = draw.contacts["agent_id"][0]
    of_stratum = frame.filter(pl.col("agent_id") == agent, pl.col("month") == draw.contacts["month"][0])
    for (queue, channel, language), group in of_stratum.group_by("queue", "channel", "language"):
        drawn = draw.contacts.filter(
            pl.col("agent_id") == agent, pl.col("month") == draw.contacts["month"][0],
            pl.col("queue") == queue, pl.col("channel") == channel, pl.col("language") == language,
        )  # fmt: skip
        ordered = sorted(
            group["contact_key"], key=lambda key: hmac.new(b"routine:winter", key.encode(), hashlib.sha256).hexdigest()
        )
        calls = dict(group.select("contact_key", "call_id").iter_rows())
        assert set(drawn["call_id"]) == {calls[key] for key in ordered[: drawn.height]}
        if drawn.height:
            chances = drawn["inclusion_probability"].unique().to_list()
            assert chances == [pytest.approx(drawn.height / group.height, abs=1e-6)]


def test_the_same_question_gives_the_same_list_and_one_entry_in_the_log(centre: m.Centre) -> None:
    one, other = (sampling.sample(centre, during=TWO_WEEKS, scope=EVERYONE, seed="x") for _ in range(2))
    assert one.contacts.equals(other.contacts)
    assert [path.name for path in (centre.folder / "samples").iterdir()] == ["2026-10-31_2026-11-14_routine_v1.json"]
    different = sampling.sample(centre, during=TWO_WEEKS, scope=EVERYONE, seed="y")
    assert different.version == 2
    assert not different.contacts.equals(one.contacts)
    logged = json.loads((centre.folder / "samples" / "2026-10-31_2026-11-14_routine_v1.json").read_text())
    assert logged["seed_sha256"] == hashlib.sha256(b"x").hexdigest()
    assert logged["seed_committed_before"] is False
    assert len(logged["contacts"]) == one.contacts.height


def test_a_committed_seed_is_chosen_once_and_used(centre: m.Centre) -> None:
    published = sampling.commit(centre.folder, TWO_WEEKS)
    assert sampling.commit(centre.folder, TWO_WEEKS) == published
    draw = sampling.sample(centre, during=TWO_WEEKS, scope=EVERYONE)
    assert draw.seed_hash == published
    assert draw.committed
    assert "Seed committed beforehand" in draw.summary


def test_the_follow_up_takes_fresh_contacts_of_those_on_the_watch_list(centre: m.Centre) -> None:
    routine = drawn_sample(centre, during=TWO_WEEKS, scope=EVERYONE, seed="x")
    fresh = drawn_sample(centre, during=TWO_WEEKS, scope=EVERYONE, stage="follow_up", seed="x")
    assert not set(routine.contacts["contact_id"]) & set(fresh.contacts["contact_id"])
    reviewed = set(centre.table("evaluation")["contact_id"].drop_nulls())
    assert not reviewed & set(fresh.contacts["contact_id"])
    again = drawn_sample(centre, during=TWO_WEEKS, scope=EVERYONE, stage="follow_up", seed="x")
    assert again.contacts.equals(fresh.contacts)
    listed = set(fresh.contacts["agent_id"])
    waiting = compare(centre, "quality_score", during=TWO_WEEKS, scope=EVERYONE)
    assert {one.agent_id for one in waiting.verdicts if one.reason.startswith("On the watch list")} == listed
    assert not waiting.flagged


@pytest.mark.parametrize(
    ("options", "says"),
    [({"stage": "second"}, "There is no stage 'second'"), ({"per_month": 0}, "at least 1 is needed")],
)
def test_wrong_questions(centre: m.Centre, options: dict[str, object], says: str) -> None:
    with pytest.raises(WrongUse, match=says):
        sampling.sample(centre, during=TWO_WEEKS, scope=EVERYONE, **options)  # type: ignore[arg-type]


def test_an_evaluator_may_be_shown_one_agents_part(centre: m.Centre) -> None:
    whole = sampling.sample(centre, during=TWO_WEEKS, scope=EVERYONE, seed="x")
    agent = whole.contacts["agent_id"][0]
    part = sampling.sample(centre, during=TWO_WEEKS, scope=m.Scope.of_agent(agent), seed="x")
    assert part.contacts.equals(whole.contacts.filter(pl.col("agent_id") == agent))


def test_a_period_without_contacts_gives_an_empty_list(centre: m.Centre) -> None:
    draw = sampling.sample(centre, during=m.Period.day(date(2020, 1, 1)), scope=EVERYONE)
    assert draw.contacts.is_empty()
    assert draw.summary.startswith("0 contacts of 0 agents")


def test_the_command_line(own_city: Path, loaded_city: Path) -> None:
    period = ["--from", "2026-10-31", "--to", "2026-11-14", "--centre", str(loaded_city)]
    committed = CliRunner().invoke(app, ["sample", *period, "--commit"]).stdout
    assert committed.startswith("SHA-256 of the seed for 2026-10-31 to 2026-11-14: ")
    printed = [CliRunner().invoke(app, ["sample", *period, "--format", "json"]).stdout for _ in range(2)]
    assert printed[0] == printed[1]
    assert json.loads(printed[0])["seed_committed_before"]
    own = CliRunner().invoke(app, ["sample", *period, "--evaluator", "A1005", "--format", "json"]).stdout
    everybody = {row["agent_id"] for row in json.loads(printed[0])["contacts"]}
    assert {row["agent_id"] for row in json.loads(own)["contacts"]} == everybody - {"A1005"}
    assert "reviews of an agent tell the score to about" in CliRunner().invoke(app, ["sample", *period]).stdout
    for path in (loaded_city / "samples").iterdir():
        path.unlink()
    assert own_city.exists()


# ---- the whole plan, from the first draw to the decision -------------------------------------------------------------


def calls_of_ten() -> str:
    """A month's calls of ten agents, 150 each."""
    lines = [
        "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller"
    ]
    lines += [
        f"c{number},{('general', 'water')[number % 2]},A{number % 10},voice,inbound,"
        f"2026-01-{1 + number % 28:02}T{8 + number % 9:02}:00:00,5,{60 + number % 200},0,10,answered,"
        for number in range(1500)
    ]
    return "\n".join(lines) + "\n"


def reviews_of(draw: sampling.Draw, *, poor: str, unlucky: str = "") -> str:
    """Every drawn contact reviewed by one of three evaluators; one agent is poor, another only in this draw."""
    rng = Random(draw.stage)
    header = (
        "evaluation_id,form_id,form_version,call_id,agent_id,evaluator_id,type,selection,contact_at,submitted_at,score"
    )
    lines = [header]
    for row in draw.contacts.iter_rows(named=True):
        evaluator = rng.randrange(3)
        low = 20 * (row["agent_id"] == poor) + 12 * (row["agent_id"] == unlucky)
        score = min(100.0, max(0.0, rng.gauss(84 + 4 * evaluator - low, 9)))
        at = f"{row['completed_local']:%Y-%m-%dT%H:%M:%S}"
        lines.append(
            f"{draw.stage}-{row['call_id']},phone,1,{row['call_id']},{row['agent_id']},E{evaluator},standard,random,{at},"
            f"2026-02-02T12:00:00,{score:.1f}"
        )
    return "\n".join(lines) + "\n"


def test_the_plan_from_the_first_draw_to_the_decision(offer: Offer, empty_centre: Path) -> None:
    january = m.Period(date(2026, 1, 1), date(2026, 2, 1))
    assert offer("calls.csv", calls_of_ten()).verdict == "accepted"
    with m.open_centre(empty_centre) as centre:
        routine = drawn_sample(centre, during=january, scope=EVERYONE)
    assert routine.contacts.height == 100
    assert offer("routine.csv", reviews_of(routine, poor="A3", unlucky="A6")).verdict == "accepted"
    with m.open_centre(empty_centre) as centre:
        fresh = drawn_sample(centre, during=january, scope=EVERYONE, stage="follow_up")
    listed = set(fresh.contacts["agent_id"])
    assert {"A3", "A6"} <= listed
    assert len(listed) < 7
    assert fresh.contacts.height == 30 * len(listed)
    assert offer("fresh.csv", reviews_of(fresh, poor="A3")).verdict == "accepted"
    with m.open_centre(empty_centre) as centre:
        found = compare(centre, "quality_score", during=january, scope=EVERYONE)
        again = drawn_sample(centre, during=january, scope=EVERYONE, stage="follow_up")
    by_agent = {one.agent_id: one for one in found.verdicts}
    assert [one.agent_id for one in found.flagged] == ["A3"]
    assert by_agent["A3"].n == 30
    assert by_agent["A6"].n == 30
    # what was drawn stays drawn, once it is reviewed as well
    assert again.contacts.equals(fresh.contacts)
