"""From export lines to figures about people: what counts, what is set aside and why, sessions, disputes, training."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

import metrics as m
from etl.centre import create_centre
from etl.load import load
from metrics import quality
from metrics.build import bring_up_to_date
from metrics.language import speaking
from metrics.quality.calibration import form_reading, item_reading
from metrics.quality.person import critical_sentences, score_sentence
from metrics.quality.whole import stratified
from sql import WrongUse
from tests.conftest import NOW

EVERYONE = m.Scope.whole_centre()
NOVEMBER = m.Period.month(2026, 11)

FORM = """\
form = "desk"
version = "1"
title = "Desk form"
own_team = "refused"

[[section]]
id = "work"

[[section.item]]
id = "greeting"
text = "Greets"
weight = 20
na = true

[[section.item]]
id = "answer"
text = "Is right"
type = "scale"
most = 4
passes = 3
weight = 60
critical = "customer"

[[section.item]]
id = "privacy"
text = "Keeps data private"
weight = 20
critical = "compliance"
autofail = "form"
na = true
"""
AGENTS = """\
agent_id,name,team,role,site,shift,languages,hired_on,valid_from,valid_to
A1,Ada One,Red,agent,,,en,,2026-01-01,
A2,Ben Two,Red,agent,,,en,,2026-01-01,
A3,Cy Three,Blue,agent,,,en,,2026-01-01,
L1,Lee Lead,Red,lead,,,en,,2026-01-01,
"""
CALLS = (
    "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller\n"
    + "".join(
        f"C{n},general,A{1 + n % 3},voice,inbound,2026-11-{2 + n // 3:02d}T09:{n:02d}:00,5,100,0,20,answered,\n"
        for n in range(30)
    )
)

# id, form version, call, agent, evaluator, type, selection, session, supersedes; then points of greeting, answer, privacy
MADE = [
    ("Q1", "1", "C0", "A1", "E1", "standard", "random", "", "", (1, 4, 1)),
    ("Q2", "1", "C3", "A1", "E2", "standard", "random", "", "", ("na", 2, 1)),
    ("Q3", "1", "C6", "A1", "E1", "standard", "targeted", "", "", (0, 0, 1)),
    ("Q4", "1", "C1", "A2", "E1", "standard", "random", "", "", (1, 3, 0)),
    ("Q5", "1", "C4", "A2", "E2", "standard", "random", "", "", (1, 1, 1)),
    ("Q6", "1", "C4", "A2", "E2", "rescore", "random", "", "Q5", (1, 3, 1)),
    ("Q7", "1", "C2", "A3", "E2", "standard", "random", "", "", (1, 4, "na")),
    ("K1", "1", "C5", "A3", "E1", "calibration", "random", "S1", "", (1, 4, 1)),
    ("K2", "1", "C5", "A3", "E2", "calibration", "random", "S1", "", (0, 3, 1)),
    ("K3", "1", "C8", "A3", "E1", "calibration", "random", "S1", "", (1, 2, "na")),
    ("K4", "1", "C8", "A3", "E2", "calibration", "random", "S1", "", (1, 2, 1)),
    # what something speaks against
    ("B1", "1", "C9", "A9", "E1", "standard", "random", "", "", (1, 4, 1)),
    ("B2", "1", "C99", "A1", "E1", "standard", "random", "", "", (1, 4, 1)),
    ("B3", "1", "C10", "A1", "E1", "standard", "random", "", "", (1, 4, 1)),
    ("B4", "1", "C12", "A1", "A1", "standard", "random", "", "", (1, 4, 1)),
    ("B5", "1", "C15", "A1", "L1", "standard", "random", "", "", (1, 4, 1)),
    ("B6", "1", "C18", "A1", "E1", "standard", "random", "", "", (1, 5, 1)),
    ("B7", "1", "C21", "A1", "E1", "standard", "random", "", "", (1, None, 1)),
    ("B8", "9", "C24", "A1", "E1", "standard", "random", "", "", (1, 4, 1)),
]  # fmt: skip
DISPUTES = """\
dispute_id,evaluation_id,opened_at,opened_by,decided_at,decided_by,decision,items,score_before,score_after
D1,Q5,2026-11-12T09:00:00,A2,2026-11-14T09:00:00,L9,changed,answer,35,65
D2,Q4,2026-11-12T09:00:00,A2,2026-11-13T09:00:00,L9,upheld,"privacy, answer",,
D3,Q1,2026-11-20T09:00:00,A1,,,,,,
D4,Q1,2026-11-20T09:00:00,A1,2026-11-19T09:00:00,L9,upheld,,,
D5,Q1,2026-11-20T09:00:00,A1,2026-11-21T09:00:00,L9,changed,,50,
"""
HEADER = "evaluation_id,form_id,form_version,call_id,agent_id,evaluator_id,type,selection,session_id,supersedes,contact_at,submitted_at,score"
MOST = {"greeting": 1, "answer": 4, "privacy": 1}


def exported(folder: Path) -> list[Path]:
    """The export files of the little centre."""
    files = {"agents.csv": AGENTS, "calls.csv": CALLS, "disputes.csv": DISPUTES}
    lines, answers = [HEADER], ["evaluation_id,item_id,points,max_points,is_na,failed"]
    for name, version, call, agent, judge, kind, selection, session, replaced, points in MADE:
        day = 2 + int(call[1:]) // 3 % 25
        at = f"2026-11-{day:02d}T09:00:00,2026-11-{day + 1:02d}T09:00:00"
        lines.append(
            f"{name},desk,{version},{call},{agent},{judge},{kind},{selection},{session},{replaced},{at},{100 if version == '9' else ''}"
        )
        for (item, most), point in zip(MOST.items(), points, strict=True):
            if point is not None:
                # a scale of five where the form has four is another form's
                scale = max(most, point) if isinstance(point, int) else most
                answers.append(
                    f"{name},{item},{'' if point == 'na' else point},{scale},{'yes' if point == 'na' else 'no'},no"
                )
    files |= {"evaluations.csv": "\n".join(lines) + "\n", "answers.csv": "\n".join(answers) + "\n"}
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [folder / name for name in files]


@pytest.fixture(scope="module")
def desk_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre with a form of its own, three agents and evaluations of every kind, loaded; tests only read it."""
    folder = tmp_path_factory.mktemp("desk")
    create_centre(folder / "centre", name="Desk 311", timezone="America/Denver")
    (folder / "centre" / "forms" / "desk.toml").write_text(FORM, encoding="utf-8")
    results = {
        one.file: one
        for one in load(folder / "centre", exported(folder), now=NOW, as_of=datetime(2026, 11, 22, tzinfo=UTC))
    }
    assert {one.verdict for one in results.values()} == {"accepted"}
    assert results["disputes.csv"].reasons == {"decided_before_it_was_opened": 1, "overturned_without_both_scores": 1}
    bring_up_to_date(folder / "centre")
    return folder / "centre"


@pytest.fixture(scope="module")
def desk(desk_folder: Path) -> Iterator[m.Centre]:
    with m.open_centre(desk_folder) as centre:
        yield centre


def figures(centre: m.Centre, *names: str, **where: list[str]) -> dict[str, float | None]:
    frame = m.measure(centre, list(names), during=NOVEMBER, where=where, scope=EVERYONE)
    return dict(zip(frame["metric"], frame["value"], strict=True))


def test_only_what_was_drawn_at_random_and_stands_enters_the_score(desk: m.Centre) -> None:
    # by hand: Q1 1.0; Q2 (30 + 20) / 80; Q4 raw (20 + 45) / 100, auto-failed; Q6 for Q5 0.85; Q7 1.0; B8 as reported 1.0
    raws = [1.0, 50 / 80, 0.65, 0.85, 1.0, 1.0]
    finals = [1.0, 50 / 80, 0.0, 0.85, 1.0, 1.0]
    found = figures(
        desk,
        "quality_score",
        "quality_score_raw",
        "evaluation_score",
        "auto_fail_rate",
        "random_share",
        "evaluations_done",
    )
    assert found == pytest.approx({
        "quality_score": sum(finals) / 6,
        "quality_score_raw": sum(raws) / 6,
        "evaluation_score": (sum(finals) + 0.2) / 7,
        "auto_fail_rate": 1 / 6,
        "random_share": 6 / 7,
        "evaluations_done": 7,
    })  # fmt: skip


def test_critical_errors_are_rates_beside_the_score(desk: m.Centre) -> None:
    found = figures(desk, "customer_critical_accuracy", "compliance_critical_accuracy", "business_critical_accuracy")
    # customer: Q1 Q4 Q6 Q7 right of five; compliance applied in Q1 Q2 Q4 Q6, wrong in Q4; no business item on the form
    assert found == {
        "customer_critical_accuracy": pytest.approx(4 / 5),
        "compliance_critical_accuracy": pytest.approx(3 / 4),
        "business_critical_accuracy": None,
    }


def test_item_figures_by_hand(desk: m.Centre) -> None:
    frame = m.measure(desk, ["item_pass_rate", "item_na_rate"], by=["item"], during=NOVEMBER, scope=EVERYONE)
    found = {
        (row["metric"], row["item"]): (row["numerator"], row["denominator"]) for row in frame.iter_rows(named=True)
    }
    assert found["item_pass_rate", "answer"] == (4, 5)
    assert found["item_pass_rate", "greeting"] == (4, 4)
    assert found["item_na_rate", "greeting"] == (1, 6)
    assert found["item_na_rate", "privacy"] == (1, 6)


FAULTS = [
    ("B1", "unknown_agent", "The agent A9 is in no roster."),
    ("B2", "unknown_contact", "The contact is not in the warehouse."),
    ("B3", "agent_not_on_contact", "The agent A1 took no part in the contact."),
    ("B4", "evaluated_own_work", "The evaluator A1 scored own work."),
    ("B5", "evaluated_own_team", "The evaluator L1 scored the own team, which the form refuses."),
    ("B6", "answer_outside_scale", "The answer to item answer is outside its scale on the form version."),
    ("B7", "incomplete", "Item answer was left unanswered; that is not the same as not applicable."),
    ("B8", "unknown_form", "The form version desk 9 is not known, so its reported score stands."),
]


@pytest.mark.parametrize(("evaluation", "reason", "message"), FAULTS, ids=[row[1] for row in FAULTS])
def test_what_speaks_against_an_evaluation_is_listed_with_file_and_line(
    desk: m.Centre, evaluation: str, reason: str, message: str
) -> None:
    found = quality.faults(desk, during=NOVEMBER, scope=EVERYONE).filter(pl.col("evaluation_key") == evaluation)
    row = found.filter(pl.col("reason") == reason).row(0, named=True)
    line = 2 + [made[0] for made in MADE].index(evaluation)
    assert row["message"].startswith(message)
    assert (row["source_file"], row["line"]) == ("evaluations.csv", line)
    standing = quality.evaluations(desk, during=NOVEMBER, scope=EVERYONE).filter(
        pl.col("evaluation_key") == evaluation
    )["standing"][0]
    assert standing == ("counted" if reason == "unknown_form" else "set aside")


def test_nothing_else_is_set_aside(desk: m.Centre) -> None:
    found = quality.faults(desk, during=NOVEMBER, scope=EVERYONE)
    assert set(found["evaluation_key"]) == {row[0] for row in FAULTS}


def test_a_rescore_is_appended_and_the_first_score_stays(desk: m.Centre) -> None:
    frame = quality.evaluations(desk, during=NOVEMBER, scope=EVERYONE)
    found = {row["evaluation_key"]: (row["standing"], row["raw_score"]) for row in frame.iter_rows(named=True)}
    assert found["Q5"] == ("superseded", pytest.approx(0.55))
    assert found["Q6"] == ("counted", pytest.approx(0.85))


def test_answers_are_scored_not_applicable_not_scored_or_missing(desk: m.Centre) -> None:
    """Identity I11."""
    frame = quality.answers(desk, during=NOVEMBER, scope=EVERYONE)
    with (desk.folder.parent / "answers.csv").open(encoding="utf-8") as file:
        assert frame.height == len(list(csv.DictReader(file)))
    outcomes = desk.warehouse.frame("select outcome, count(*) as n from answer group by outcome")
    assert dict(outcomes.iter_rows()) == {"scored": 50, "not applicable": 3, "not scored": 3}


def test_scores_of_people_say_how_far_they_can_be_trusted(desk: m.Centre) -> None:
    frame = quality.quality_scores(desk, during=NOVEMBER, scope=EVERYONE)
    assert frame.select("agent", "n", "standing").rows() == [
        ("A1", 3, "too_few"),
        ("A2", 2, "too_few"),
        ("A3", 1, "too_few"),
    ]
    row = frame.row(0, named=True)
    assert score_sentence(row) == "Too few to tell: 3 contacts drawn at random, 5 more are needed for a score."
    assert critical_sentences(row) == [
        "Customer: 1 of 2 contacts had a critical error (could be 9 % to 91 %).",
        "Compliance: none of 2 contacts had a critical error (could be 0 % to 66 %).",
    ]


@pytest.mark.parametrize(
    ("scope", "agents"),
    [(m.Scope.of_teams("Red"), ["A1", "A2"]), (m.Scope.of_agent("A3"), ["A3"]), (m.Scope.of_teams("Green"), [])],
)
def test_everybody_sees_no_more_than_their_own(desk: m.Centre, scope: m.Scope, agents: list[str]) -> None:
    assert quality.quality_scores(desk, during=NOVEMBER, scope=scope)["agent"].to_list() == agents
    seen = {
        *quality.evaluations(desk, during=NOVEMBER, scope=scope)["agent"],
        *quality.answers(desk, during=NOVEMBER, scope=scope)["agent"],
        *quality.disputes(desk, during=NOVEMBER, scope=scope)["agent"],
    }
    assert seen <= {*agents}
    assert quality.disputes_by_evaluator(desk, during=NOVEMBER, scope=scope).is_empty()
    assert quality.calibration(desk, session="S1", scope=scope).leniency.is_empty()


def test_a_session_tells_agreement_by_item_and_form(desk: m.Centre) -> None:
    assert quality.sessions(desk)["session"].to_list() == ["S1"]
    found = quality.calibration(desk, session="S1", scope=EVERYONE)
    form, items = found.forms[0], {one.item: one for one in found.items}
    # raw scores: C5 1.0 and (0 + 45 + 20) / 100; C8 (20 + 30) / 80 and 0.7
    assert (form.contacts, form.evaluators) == (2, 2)
    assert form.gap == pytest.approx((0.35 + 0.075) / 2)
    assert form.within_ten == pytest.approx(0.5)
    assert {name: one.exact for name, one in items.items()} == {"greeting": 0.5, "answer": 0.5, "privacy": 0.5}
    assert items["answer"].scale == "ordinal"
    assert items["privacy"].scale == "nominal"
    assert items["answer"].reading == "too few to tell: 2 of 20 contacts"
    gaps = dict(found.leniency.select("evaluator", "effect").iter_rows())
    assert gaps == pytest.approx({"E1": (0.35 - 0.075) / 2, "E2": (0.075 - 0.35) / 2})
    assert "evaluator" in quality.calibration_text(found)
    with pytest.raises(WrongUse, match=r"no calibration session 'S2'\. Known: S1\."):
        quality.calibration(desk, session="S2", scope=EVERYONE)


def test_disputes_are_counted_by_evaluator_and_item(desk: m.Centre) -> None:
    by_evaluator = quality.disputes_by_evaluator(desk, during=NOVEMBER, scope=EVERYONE)
    columns = ("evaluator", "released", "disputed", "decided", "overturned", "days")
    assert by_evaluator.select(columns).rows() == [("E1", 4, 2, 1, 0, 1.0), ("E2", 3, 1, 1, 1, 2.0)]
    by_item = quality.disputes_by_item(desk, during=NOVEMBER, scope=EVERYONE)
    assert by_item.select("item", "answers", "disputed", "overturned").rows() == [
        ("answer", 6, 2, 1),
        ("privacy", 6, 1, 0),
        ("greeting", 6, 0, 0),
    ]
    found = figures(desk, "dispute_rate", "overturn_rate", "days_to_decide")
    assert found == pytest.approx({"dispute_rate": 3 / 7, "overturn_rate": 1 / 2, "days_to_decide": 1.5})


def test_the_centre_weighs_agents_by_what_they_handled() -> None:
    drawn = pl.DataFrame({"agent": ["a"] * 2 + ["b"] * 4, "final_score": [0.6, 0.8, 0.9, 1.0, 0.9, 1.0]})
    sizes = pl.DataFrame({"agent": ["a", "b", "c"], "handled": [300, 100, 50]})
    found = stratified(drawn, sizes)
    se = ((0.75**2) * (1 - 2 / 300) * 0.02 / 2 + (0.25**2) * (1 - 4 / 100) * (0.01 / 3) / 4) ** 0.5
    assert found.score == pytest.approx(0.75 * 0.7 + 0.25 * 0.95)
    assert (found.low, found.high) == pytest.approx((found.score - 1.959964 * se, found.score + 1.959964 * se))
    assert (found.n, found.agents) == (6, 2)
    assert found.covered == pytest.approx(400 / 450)
    assert stratified(drawn.clear(), sizes).score is None


def test_coverage_is_evaluated_over_handled(desk: m.Centre) -> None:
    frame = quality.coverage(desk, during=NOVEMBER, scope=EVERYONE)
    assert frame.select("agent", "handled", "evaluated", "drawn").rows() == [
        ("A1", 10, 4, 3),
        ("A2", 10, 2, 2),
        ("A3", 10, 1, 1),
    ]
    assert frame["half_width"].null_count() == 0


@pytest.mark.parametrize(
    ("exact", "alpha", "gwet", "failed", "contacts", "reading"),
    [
        (0.9, 0.85, 0.9, 0.3, 40, "evaluators agree (alpha)"),
        (0.8, 0.70, 0.9, 0.3, 40, "evaluators agree roughly (alpha)"),
        (0.7, 0.20, 0.9, 0.3, 40, "evaluators do not agree enough (alpha)"),
        (0.94, -0.02, 0.94, 0.03, 40, "evaluators agree (AC1, the error is rare)"),
        (1.0, None, None, 0.0, 40, "all alike: nothing was rated differently"),
        (0.9, 0.85, 0.9, 0.3, 19, "too few to tell: 19 of 20 contacts"),
    ],
)
def test_agreement_is_read_in_words(
    exact: float, alpha: float | None, gwet: float | None, failed: float, contacts: int, reading: str
) -> None:
    assert item_reading(exact, alpha, gwet, failed, contacts) == reading


@pytest.mark.parametrize(
    ("icc", "contacts", "evaluators", "reading"),
    [
        (0.95, 30, 3, "excellent"),
        (0.8, 30, 3, "good"),
        (0.6, 30, 3, "moderate"),
        (0.4, 30, 3, "poor"),
        (-0.1, 30, 3, "poor"),
        (0.9, 29, 2, "too few to tell: 29 of 30 contacts, 2 of 3 evaluators"),
        (None, 30, 3, "cannot be said"),
    ],
)
def test_a_scores_reliability_is_read_in_words(icc: float | None, contacts: int, evaluators: int, reading: str) -> None:
    assert form_reading(icc, contacts, evaluators) == reading


def test_readings_are_said_in_the_readers_language() -> None:
    with speaking("es"):
        assert form_reading(0.95, 30, 3) == "excelente"
        assert item_reading(0.9, 0.85, 0.9, 0.3, 40) == "los evaluadores concuerdan (alfa)"


def test_the_score_that_points_make_differs_from_the_mean_of_scores(desk: m.Centre) -> None:
    found = figures(desk, "quality_score_by_points", "quality_score_raw")
    assert found["quality_score_by_points"] == pytest.approx((100 + 50 + 65 + 85 + 80) / (100 + 80 + 100 + 100 + 80))


# ---- on the simulated city, whose truth is known -------------------------------------------------------------------


def test_the_citys_scores_are_those_that_its_quality_tool_reported(city: m.Centre) -> None:
    during = m.Period(date(2026, 10, 31), date(2026, 11, 14))
    frame = m.measure(city, ["quality_score", "quality_score_reported"], by=["agent"], during=during, scope=EVERYONE)
    ours, theirs = (
        frame.filter(pl.col("metric") == name)["value"].to_list()
        for name in ("quality_score", "quality_score_reported")
    )
    assert len(ours) >= 10
    assert ours == pytest.approx(theirs, abs=1e-4)
    assert quality.faults(city, during=during, scope=EVERYONE).is_empty()


def test_a_training_that_helped_is_told_from_one_that_did_not(city: m.Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    on = date(2026, 6, 1)
    rows = [
        (f"A{agent}", date(2026, 5 if number < 10 else 6, 1 + number % 10), item, not _fails(agent, number, item))
        for agent in range(12)
        for number in range(20)
        for item in ("taught", "other")
    ]
    frame = pl.DataFrame(rows, schema=["agent", "held_on", "item", "passed"], orient="row").with_columns(
        failed=~pl.col("passed"), is_in_sample=pl.lit(True), is_applicable=pl.lit(True)
    )
    monkeypatch.setattr("metrics.quality.training.answers", lambda *_, **__: frame)
    trained = [f"A{agent}" for agent in range(6)]
    helped = quality.training_effect(city, "taught", trained=trained, on=on, scope=EVERYONE)
    assert helped.reading == "better, against the change of the others in the same days"
    assert helped.difference == pytest.approx(0.3, abs=0.05)
    assert helped.low is not None
    assert helped.low > 0
    same = quality.training_effect(city, "other", trained=trained, on=on, scope=EVERYONE)
    assert same.reading == "no change that could be told from chance, against the change of the others in the same days"
    few = quality.training_effect(city, "taught", trained=["A0"], on=on, scope=EVERYONE)
    assert few.reading == "too few to tell: 1 of 3 trained agents have answers on both sides of the day"
    alone = quality.training_effect(city, "taught", trained=[f"A{n}" for n in range(12)], on=on, scope=EVERYONE)
    assert alone.reading.endswith("so something else may have brought the change about")


def _fails(agent: int, number: int, item: str) -> bool:
    """Half of the answers fail; from June on two in ten of the taught item for the trained; a little of everybody's own."""
    rate = 2 if item == "taught" and agent < 6 and number >= 10 else 5
    return (number + agent) % 10 < rate + (1 if (agent + number // 10) % 4 == 0 else 0)


def test_needs_and_strengths_survive_many_looks(city: m.Centre) -> None:
    during = m.Period(date(2026, 10, 31), date(2026, 11, 14))
    cells = quality.training_needs(city, during=during, scope=EVERYONE)
    assert set(cells["verdict"]) <= {"as_others", "too_few"}
    assert (cells["n"] + cells["others_n"]).n_unique() <= cells["item"].n_unique() + 1
    agent = cells.height and quality.quality_scores(city, during=during, scope=EVERYONE)["agent"][0]
    own = quality.strengths_and_needs(city, str(agent), during=during, scope=EVERYONE)
    assert set(own["verdict"]) == {"too_few"}
