"""The figures add up: every metric against an independent computation, its rows, its parts and its stored measures."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

import metrics as m
from metrics.grid import Figure
from metrics.query import Question, quantile
from metrics.stored import is_up_to_date

EVERYONE = m.Scope.whole_centre()
TWO_WEEKS = m.Period(date(2026, 10, 31), date(2026, 11, 14))
CLOCK_CHANGE = m.Period.day(date(2026, 11, 1))
STORM = m.Period.day(date(2026, 11, 2))
PERIODS = [TWO_WEEKS, CLOCK_CHANGE, STORM]
DENVER = ZoneInfo("America/Denver")
NAMES = sorted(m.catalogue_of(Path()).metrics)
SHIPPED = m.catalogue_of(Path())
# what is kept by day; every other metric, by every dimension, is opened on towns made by chance (test_adding_up.py)
COUNTED = [
    name
    for name in NAMES
    if not SHIPPED.metrics[name].is_distribution and all(f.stored for f in SHIPPED.facts_of(SHIPPED.metrics[name]))
]


def value(centre: m.Centre, metric: str, during: m.Period = TWO_WEEKS, **where: list[str]) -> float | None:
    """One figure."""
    return m.measure(centre, [metric], during=during, where=where, scope=EVERYONE)["value"][0]  # type: ignore[no-any-return]


# ---- against an independent computation from the export files ------------------------------------------------------


@pytest.fixture(scope="module")
def calls(city_folder: Path) -> pl.DataFrame:
    """The call files themselves, read by polars, with local days; Fairline has no part in it."""
    files = [
        *(city_folder / "inbox").glob("phone_*.csv"),
        *(city_folder / "inbox").glob("counter_and_mail_*.csv"),
    ]
    frame = pl.concat([pl.read_csv(file, infer_schema=False) for file in files])
    seconds = [pl.col(name).cast(pl.Int64) for name in ("wait_seconds", "talk_seconds", "hold_seconds", "wrap_seconds")]
    start = pl.col("start_time").str.to_datetime("%Y-%m-%dT%H:%M:%S%z").dt.convert_time_zone("America/Denver")
    frame = frame.with_columns(*seconds, start=start)
    ended = pl.col("start") + pl.duration(
        seconds=pl.col("wait_seconds") + pl.col("talk_seconds") + pl.col("hold_seconds") + pl.col("wrap_seconds")
    )
    return frame.with_columns(day=pl.col("start").dt.date(), done=ended.dt.date(), live=pl.col("channel") == "voice")


def by_hand(frame: pl.DataFrame) -> dict[str, float]:
    """The access metrics of live contacts, computed row by row."""
    live = frame.filter("live").iter_rows(named=True)
    targets = {"general": 30, "spanish": 30, "streets": 30, "water": 45}
    counts = dict.fromkeys(("offered", "answered", "lost", "short", "in_time", "waited", "wait_lost"), 0)
    for row in live:
        wait = row["wait_seconds"]
        counts["offered"] += 1
        if row["outcome"] != "abandoned":
            counts["answered"] += 1
            counts["waited"] += wait
            counts["in_time"] += wait <= targets[row["queue"]]
        elif wait <= 5:
            counts["short"] += 1
        else:
            counts["lost"] += 1
            counts["wait_lost"] += wait
    counted = counts["offered"] - counts["short"]
    return {
        "contacts_offered": counts["offered"],
        "contacts_answered": counts["answered"],
        "contacts_abandoned": counts["lost"],
        "short_abandons": counts["short"],
        "answer_rate": counts["answered"] / counts["offered"],
        "abandon_rate": counts["lost"] / counted,
        "average_speed_of_answer": counts["waited"] / counts["answered"],
        "average_wait": (counts["waited"] + counts["wait_lost"]) / counted,
        "average_time_to_abandon": counts["wait_lost"] / counts["lost"],
        "service_level": counts["in_time"] / counted,
    }


@pytest.mark.parametrize("during", PERIODS, ids=["two weeks", "clock change", "storm"])
def test_access_metrics_equal_a_count_by_hand(city: m.Centre, calls: pl.DataFrame, during: m.Period) -> None:
    expected = by_hand(calls.filter(pl.col("day").is_between(during.first, during.last)))
    frame = m.measure(city, list(expected), during=during, scope=EVERYONE)
    assert dict(zip(frame["metric"], frame["value"], strict=True)) == pytest.approx(expected)


@pytest.mark.parametrize("during", PERIODS, ids=["two weeks", "clock change", "storm"])
def test_handling_metrics_equal_a_count_by_hand(city: m.Centre, calls: pl.DataFrame, during: m.Period) -> None:
    done = calls.filter(pl.col("outcome") != "abandoned").filter(pl.col("done").is_between(during.first, during.last))
    handle = done["talk_seconds"] + done["hold_seconds"] + done["wrap_seconds"]
    held = done.filter(pl.col("hold_seconds") > 0)
    expected = {
        "legs_handled": done.height,
        "average_talk_time": done["talk_seconds"].mean(),
        "average_hold_time": done["hold_seconds"].mean(),
        "average_hold_time_held": held["hold_seconds"].mean(),
        "average_after_call_work": done["wrap_seconds"].mean(),
        "average_handle_time": handle.mean(),
        "handle_time_p50": handle.median(),
        "handle_time_p90": handle.quantile(0.9, "linear"),
    }
    frame = m.measure(city, list(expected), during=during, scope=EVERYONE)
    assert dict(zip(frame["metric"], frame["value"], strict=True)) == pytest.approx(expected)


# ---- the parts make the whole --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dimension", ["day", "queue", "week", "interval", "hour", "channel", "language"])
@pytest.mark.parametrize("metric", ["service_level", "contacts_offered", "average_handle_time", "abandon_rate"])
def test_parts_add_up_to_the_whole(city: m.Centre, metric: str, dimension: str) -> None:
    whole = m.measure(city, [metric], during=TWO_WEEKS, scope=EVERYONE)
    parts = m.measure(city, [metric], by=[dimension], during=TWO_WEEKS, scope=EVERYONE)
    assert parts["numerator"].sum() == pytest.approx(whole["numerator"][0])
    assert parts["n"].sum() == whole["n"][0]


def test_teams_are_their_members_by_the_day(city: m.Centre) -> None:
    roster = m.roster(city, during=TWO_WEEKS, scope=EVERYONE)
    by_agent = m.measure(city, ["legs_handled"], by=["day", "agent"], during=TWO_WEEKS, scope=EVERYONE)
    spells = by_agent.join(roster, left_on="agent", right_on="agent_id").filter(
        (pl.col("day") >= pl.col("valid_from")) & (pl.col("day") < pl.col("valid_to").fill_null(date(9999, 1, 1)))
    )
    expected = dict(spells.group_by("team").agg(pl.col("value").sum()).iter_rows())
    by_team = m.measure(city, ["legs_handled"], by=["team"], during=TWO_WEEKS, scope=EVERYONE)
    assert dict(zip(by_team["team"], by_team["value"], strict=True)) == expected


@pytest.mark.parametrize("name", COUNTED)
def test_the_rows_behind_a_figure_are_the_figure(city: m.Centre, name: str) -> None:
    figure = m.measure(city, [name], during=STORM, scope=EVERYONE).row(0, named=True)
    behind = m.rows(city, name, during=STORM, scope=EVERYONE)
    if figure["reason"] and figure["reason"].startswith("not available"):
        assert figure["value"] is None
        return
    top, base, _ = city.catalogue.metric(name).scales
    assert behind["counted"].sum() == pytest.approx(figure["numerator"] * top)
    if figure["denominator"] is not None:
        if len(city.catalogue.facts_of(city.catalogue.metric(name))) > 1:
            behind = m.rows(city, name, during=STORM, scope=EVERYONE, of_denominator=True)
        assert behind["in_base"].sum() == pytest.approx(figure["denominator"] * base)
    assert behind.is_empty() or behind["source_file"].null_count() == 0


def test_stored_measures_say_what_the_facts_say(city: m.Centre) -> None:
    families = city.catalogue.families()
    assert all(is_up_to_date(city, fact, key) for fact, key in families)
    stored = m.measure(city, COUNTED, by=["day"], during=TWO_WEEKS, scope=EVERYONE)
    city.known = (city.snapshot, {"stored": ({}, {})})
    from_facts = m.measure(city, COUNTED, by=["day"], during=TWO_WEEKS, scope=EVERYONE)
    assert stored.equals(from_facts)


def test_every_identity_closes(city: m.Centre) -> None:
    assert [identity.name for identity in m.identities(city) if not identity.closes] == []


# ---- distributions -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "p"), [("wait_p50", 0.5), ("wait_p80", 0.8), ("wait_p90", 0.9)])
def test_wait_percentiles_are_those_of_scipys_product_limit_curve(
    city: m.Centre, calls: pl.DataFrame, name: str, p: float
) -> None:
    live = calls.filter("live", pl.col("day") == STORM.first)
    answered = live["outcome"] != "abandoned"
    waits = live["wait_seconds"].cast(pl.Float64)
    curve = ecdf(CensoredData(waits.filter(answered).to_numpy(), right=waits.filter(~answered).to_numpy())).sf
    expected = next((x for x, s in zip(curve.quantiles, curve.probabilities, strict=True) if s <= 1 - p + 1e-12), None)
    assert value(city, name, STORM) == expected


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    observed=st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=25),
    p=st.sampled_from([0.5, 0.9]),
)
def test_product_limit_points_equal_scipys(city: m.Centre, observed: list[tuple[int, bool]], p: float) -> None:
    metric = city.catalogue.metric("wait_p50").model_copy(update={"quantile": p})
    question = Question(TWO_WEEKS, scope=EVERYONE)
    text = quantile(city.catalogue.facts["visit"], metric, question).text
    rows = ", ".join(f"({x}, {happened})" for x, happened in observed)
    curve_part = text[text.index("steps as (") :]
    found = city.warehouse.frame(f"with observed(x, happened) as (values {rows}), {curve_part}")["value"][0]
    happened = np.array([x for x, yes in observed if yes], dtype=float)
    censored = np.array([x for x, yes in observed if not yes], dtype=float)
    if not len(happened):
        assert found is None
        return
    curve = ecdf(CensoredData(happened, right=censored)).sf
    expected = next((x for x, s in zip(curve.quantiles, curve.probabilities, strict=True) if s <= 1 - p + 1e-9), None)
    assert found == expected


WORDS_WITHOUT_A_VALUE = [
    ("wait_p90", 12, None, "not reached"),
    ("wait_p90", 0, None, "no data"),
    ("wait_p90", 12, "nobody told", "not available"),
    ("service_level", 12, None, "no data"),
]


@pytest.mark.parametrize(("name", "n", "reason", "words"), WORDS_WITHOUT_A_VALUE)
def test_why_there_is_no_value_is_said(city: m.Centre, name: str, n: int, reason: str | None, words: str) -> None:
    """A percentile past all that ended, as where a tenth of the requests are open, is unknown, not without data."""
    assert Figure(city.catalogue.metric(name), n=n, reason=reason).words == words


# ---- time ----------------------------------------------------------------------------------------------------------


def test_the_day_on_which_clocks_go_back_has_25_hours(city: m.Centre, calls: pl.DataFrame) -> None:
    """That both passings of the repeated hour stay apart is shown call by call in tests/soundness."""
    frame = m.measure(city, ["contacts_received"], by=["interval"], during=CLOCK_CHANGE, scope=EVERYONE)
    starts = frame["interval"].to_list()
    assert len(set(starts)) == len(starts) <= 50
    assert all(start.minute in (0, 30) for start in starts)
    assert frame["value"].sum() == calls.filter(pl.col("day") == CLOCK_CHANGE.first).height


def test_an_interval_holds_its_first_instant_and_not_its_last(city: m.Centre, calls: pl.DataFrame) -> None:
    start = datetime(2026, 11, 2, 9, 0, tzinfo=DENVER)
    inside = calls.filter(
        "live", pl.col("start").is_between(start, start + timedelta(minutes=30), closed="left")
    ).height
    frame = m.measure(city, ["contacts_offered"], by=["interval"], during=STORM, scope=EVERYONE)
    assert frame.filter(pl.col("interval") == start)["value"][0] == inside


# ---- what is not there ---------------------------------------------------------------------------------------------


def test_an_empty_denominator_is_no_data(city: m.Centre) -> None:
    long_ago = m.Period.day(date(2001, 1, 1))
    frame = m.measure(city, NAMES, during=long_ago, scope=EVERYONE)
    ratios = [one.name for one in city.catalogue.metrics.values() if one.denominator or one.is_distribution]
    assert frame["metric"].to_list() == NAMES
    assert frame.filter(pl.col("metric").is_in(ratios))["value"].to_list() == [None] * len(ratios)


WRONG: list[tuple[str, Callable[[m.Centre], object], str]] = [
    ("a metric", lambda c: value(c, "servce_level"), "Did you mean service_level"),
    ("a dimension", lambda c: m.measure(c, ["M20"], by=["ques"], during=STORM, scope=EVERYONE), "Did you mean queue"),
    ("a dimension of another fact", lambda c: m.measure(c, ["M20"], by=["department"], during=STORM, scope=EVERYONE), "It has: queue"),
    ("a filter", lambda c: value(c, "M20", departmnt=["Water"]), "no dimension"),
    ("a period that ends before it starts", lambda c: m.Period(date(2026, 1, 2), date(2026, 1, 2)), "holds no day"),
    ("a contact", lambda c: m.contact(c, 1, scope=EVERYONE), "no contact 1"),
]  # fmt: skip


@pytest.mark.parametrize(("ask", "answer"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_name_is_answered_with_the_nearest(
    city: m.Centre, ask: Callable[[m.Centre], object], answer: str
) -> None:
    with pytest.raises(m.WrongUse, match=answer):
        ask(city)


# ---- who may see what ----------------------------------------------------------------------------------------------


def test_a_scope_of_a_team_sees_its_members_work_only(city: m.Centre) -> None:
    by_team = m.measure(city, ["legs_handled"], by=["team"], during=TWO_WEEKS, scope=EVERYONE)
    expected = by_team.filter(team="Night")["value"][0]
    scope = m.Scope.of_teams("Night")
    assert m.measure(city, ["legs_handled"], during=TWO_WEEKS, scope=scope)["value"][0] == expected
    assert set(m.roster(city, during=TWO_WEEKS, scope=scope)["team"]) == {"Night"}
    assert m.rows(city, "legs_handled", during=TWO_WEEKS, scope=scope).height == expected


def test_a_scope_of_an_agent_cannot_be_widened_by_a_filter(city: m.Centre) -> None:
    agents = m.dimension_values(city, "agent", during=TWO_WEEKS, scope=EVERYONE)
    mine, other = agents[0], agents[1]
    frame = m.measure(city, ["legs_handled"], during=TWO_WEEKS, where={"agent": [other]}, scope=m.Scope.of_agent(mine))
    assert frame["n"][0] == 0


def test_an_agent_may_not_open_a_colleagues_contact(city: m.Centre) -> None:
    contact = m.rows(city, "legs_handled", during=STORM, scope=EVERYONE, limit=1).row(0, named=True)
    assert m.contact(city, contact["contact_id"], scope=m.Scope.of_agent(contact["agent"])).contact
    with pytest.raises(m.WrongUse):
        m.contact(city, contact["contact_id"], scope=m.Scope.of_agent("nobody"))


# ---- an earlier snapshot -------------------------------------------------------------------------------------------


def test_a_named_snapshot_gives_the_figures_of_its_day(own_city: Path) -> None:
    from etl.load import load
    from tests.conftest import NOW

    first, second = (own_city / "inbox" / f"phone_2026-11-0{day}.csv" for day in (2, 3))
    load(own_city, [first], now=NOW)
    with m.open_centre(own_city) as centre:
        snapshot, before = centre.snapshot, value(centre, "contacts_offered")
    load(own_city, [second], now=NOW)
    with m.open_centre(own_city) as centre:
        assert value(centre, "contacts_offered") != before
    with m.open_centre(own_city, snapshot) as centre:
        assert (centre.snapshot, value(centre, "contacts_offered")) == (snapshot, before)
