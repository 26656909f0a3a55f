"""Scores (M65): each vendor's published or worked example, the laws of a score, and the warehouse against Python."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import fields, replace
from statistics import fmean

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from statsmodels.stats.proportion import proportion_confint  # type: ignore[import-untyped, unused-ignore]

from etl.forms import methods
from metrics.quality.form import Form, Item, Option, Rules, Section
from metrics.quality.proportions import with_interval
from metrics.quality.scoring import Answer, Score, score
from sql import WrongUse, statement

NA = "n/a"
BLANK = "blank"


def rules(method: str, **changes: object) -> Rules:
    """The rules of a named method, as the warehouse keeps them."""
    named = methods()[method]
    words = {field.name: getattr(named, field.name) for field in fields(Rules) if field.name != "method"}
    return Rules(method=method, **{**words, **changes})


def form_of(method: str, items: Sequence[Item], sections: Sequence[Section] = (Section("", ""),)) -> Form:
    """A form with a method."""
    return Form("F", "1", "A form", tuple(items), tuple(sections), rules(method))


def scored(form: Form, *given: float | str) -> Score:
    """A form answered in its order."""
    pairs = zip(form.items, given, strict=True)
    answers = [
        Answer(item.id, is_na=True) if one == NA else Answer(item.id, float(one)) for item, one in pairs if one != BLANK
    ]
    return score(form, answers)


def q(name: str, weight: float = 1, most: float = 1, section: str = "", **more: object) -> Item:
    """A question passed by its best answer."""
    return Item(name, name, section=section, weight=weight, most=most, passing=most, **more)  # type: ignore[arg-type]


GENESYS = form_of(
    "genesys_cloud",
    [q("a", section="g1"), q("b", section="g1"), q("c", section="g2")],
    [Section("g1", "", 40), Section("g2", "", 20)],
)
GENESYS_SIZES = form_of(
    "genesys_cloud",
    [*(q(f"a{n}", section="g1") for n in range(4)), q("b", section="g2")],
    [Section("g1", "", 50), Section("g2", "", 50)],
)
SECTIONED = form_of("section_then_form", GENESYS_SIZES.items, GENESYS_SIZES.sections)
RECORDING = form_of("genesys_interaction_recording", [q("a", 40), q("b", 30), q("c", 30)], [Section("", "", 100)])
PROPORTIONAL = form_of("fairline", RECORDING.items)
AMAZON = form_of("amazon_connect", [q("a", 50, 10), q("b", 5, 10, autofail="form"), q("c", 45, 10)])
AMAZON_FINE = form_of("amazon_connect", [q("a", 50, 10), q("b", 5, 10), q("c", 45, 10)])
AMAZON_SECTIONS = form_of(
    "amazon_connect_sections",
    [q("a", section="s1"), q("b", section="s1"), q("c", section="s2")],
    [Section("s1", "", 60), Section("s2", "", 40)],
)
QUEUEMETRICS = form_of("queuemetrics", [q(name, 1, 100) for name in "abcd"])
NICE = form_of("nice_cxone", [q("a", most=9), q("b", most=1, critical_class="compliance")])
VERINT = form_of("verint", [q("a", most=10), q("b", most=10), q("c", most=10)])


@pytest.mark.parametrize(
    ("form", "answers", "expected"),
    [
        pytest.param(GENESYS, (1, 0, 1), 60.0, id="Genesys Cloud: weights 40 (1 of 2) and 20 (1 of 1)"),
        pytest.param(GENESYS, (1, NA, 1), 100.0, id="Genesys Cloud: not applicable is 0 of 0"),
        pytest.param(GENESYS_SIZES, (1, 1, 1, 1, 0), 80.0, id="Genesys Cloud: the bigger group outweighs its weight"),
        pytest.param(SECTIONED, (1, 1, 1, 1, 0), 50.0, id="sections first: the weight stands, whatever the size"),
        pytest.param(RECORDING, (1, 0, BLANK), 55.0, id="Genesys Interaction Recording: 40/30/30 becomes 55/45"),
        pytest.param(PROPORTIONAL, (1, 0, NA), 57.142857, id="proportional: 40/30/30 becomes 57.1/42.9"),
        pytest.param(AMAZON_FINE, (10, 0, 6), 77.0, id="Amazon Connect: 50/5/45 with 10, 0 and 6 of 10"),
        pytest.param(AMAZON, (10, 0, 6), 0.0, id="Amazon Connect: an auto-fail answer makes it 0"),
        pytest.param(AMAZON_FINE, (10, NA, 6), 81.052632, id="Amazon Connect: not applicable leaves both sums"),
        pytest.param(AMAZON_SECTIONS, (1, 0, 1), 70.0, id="Amazon Connect: weights by section, even inside"),
        pytest.param(AMAZON_SECTIONS, (NA, NA, 1), 100.0, id="Amazon Connect: a section in which nothing applied"),
        pytest.param(QUEUEMETRICS, (80, 100, BLANK, 60), 80.0, id="QueueMetrics: 80, 100, blank, 60"),
        pytest.param(NICE, (9, 0), 90.0, id="NICE CXone: 90 % but fail"),
        pytest.param(VERINT, (10, BLANK, NA), 50.0, id="Verint: unanswered is nought, not applicable leaves"),
    ],
)
def test_a_vendors_example_is_reproduced(form: Form, answers: tuple[float | str, ...], expected: float) -> None:
    final = scored(form, *answers).final
    assert final is not None
    assert 100 * final == pytest.approx(expected, abs=1e-6)


def test_zendesk_example_gives_its_internal_quality_score() -> None:
    form = form_of("zendesk_qa", [q("a", 100, 4, least=1.0), q("b", 10, 4, least=1.0), q("c", 1, 4, least=1.0)])
    critical = replace(form, items=(replace(form.items[0], critical_class="customer"), *form.items[1:]))
    reviews = [
        scored(form, 4, 4, 4),
        scored(form, 1, 4, 4),
        scored(form, 3, 2, 4),
        scored(form, 4, 1, 4),
        scored(critical, 2, 4, 4),
    ]
    assert [round(100 * (one.final or 0), 2) for one in reviews] == [100, 9.91, 63.96, 90.99, 0]
    assert 100 * fmean(one.final or 0 for one in reviews) == pytest.approx(52.97, abs=0.005)
    assert [one.is_passed for one in reviews] == [True, False, False, True, False]


FAILING = [q("a", 60, section="s"), q("b", 20, section="s", critical_class="compliance"), q("c", 20, section="t")]
PARTS = (Section("s", "", 80), Section("t", "", 20))


@pytest.mark.parametrize(
    ("rule", "mark", "raw", "final", "passed"),
    [
        ("none", "form", 0.8, 0.8, None),
        ("separate", "form", 0.8, 0.8, None),
        ("fail", "none", 0.8, 0.8, False),
        ("marked", "none", 0.8, 0.8, None),
        ("marked", "section", 0.8, 0.2, None),
        ("marked", "form", 0.8, 0.0, None),
        ("zero_section", "none", 0.8, 0.2, None),
        ("zero_form", "none", 0.8, 0.0, None),
        ("zero_below_half", "none", 0.8, 0.0, None),
    ],
)
def test_a_critical_failure_does_what_the_rule_says_and_the_raw_score_stays(
    rule: str, mark: str, raw: float, final: float, passed: bool | None
) -> None:
    items = (FAILING[0], replace(FAILING[1], autofail=mark), FAILING[2])
    form = Form("F", "1", "A form", items, PARTS, rules("fairline", critical=rule))
    found = scored(form, 1, 0, 1)
    assert [found.raw, found.final] == pytest.approx([raw, final])
    assert found.is_passed is passed
    assert found.critical == {"customer": None, "business": None, "compliance": False}


def test_nothing_applicable_is_no_score() -> None:
    found = scored(PROPORTIONAL, NA, NA, NA)
    assert (found.raw, found.final, found.missing) == (None, None, ())


def test_an_unanswered_item_is_not_one_that_does_not_apply() -> None:
    found = scored(PROPORTIONAL, 1, BLANK, 1)
    assert (found.raw, found.final, found.missing) == (None, None, ("b",))


CONDITIONAL = form_of(
    "fairline",
    [
        q("danger", is_scored=False),
        q("called_911", 40, shown_by="danger", shown_for=("yes",)),
        Item("how", "how", type="choice", weight=60, most=2, passing=1, may_not_apply=False,
             options=(Option("well", "", 2), Option("so_so", "", 1), Option("badly", "", 0))),
    ],
)  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([Answer("danger", value="no"), Answer("how", value="so_so")], 0.5),
        ([Answer("danger", value="yes"), Answer("called_911", 0), Answer("how", value="well")], 0.6),
        ([Answer("danger", value="yes"), Answer("how", value="well")], None),
        ([Answer("how", value="well")], 1.0),
    ],
)
def test_a_conditional_item_counts_only_where_it_is_asked(answers: list[Answer], expected: float | None) -> None:
    assert score(CONDITIONAL, answers).final == (None if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ([Answer("hwo", 1)], "Form F, version 1, has no item 'hwo'. Did you mean how?"),
        ([Answer("how", 3)], "Item how was given 3 points, outside its scale of 0 to 2."),
        ([Answer("how", -1)], "Item how was given -1 points, outside its scale of 0 to 2."),
        ([Answer("how", value="fine")], "Item how was answered with 'fine'; well, so_so, badly was expected."),
        ([Answer("how", 1), Answer("how", 2)], "Item how was answered twice. Keep one of the answers."),
        ([Answer("how", is_na=True)], 'Item how always applies; "not applicable" came. Answer it.'),
        ([Answer("danger", value="no"), Answer("called_911", 1)], "Item called_911 is not asked after what was answered to danger. Take its answer away."),
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_is_refused(answers: list[Answer], message: str) -> None:
    with pytest.raises(WrongUse) as refused:
        score(CONDITIONAL, answers)
    assert str(refused.value) == message


def test_bands_begin_where_they_say() -> None:
    form = replace(AMAZON_FINE, bands=((0, "low"), (77, "fair"), (90, "good")))
    assert [scored(form, *answers).band for answers in ((0, 0, 0), (10, 0, 6), (10, 10, 10))] == ["low", "fair", "good"]


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 4) | st.none()), min_size=1, max_size=8))
def test_a_score_lies_between_the_worst_and_the_best_answer(answered: list[tuple[int, int | None]]) -> None:
    form = form_of("fairline", [q(f"i{n}", weight, 4) for n, (weight, _) in enumerate(answered)])
    found = scored(form, *(NA if points is None else points for _, points in answered))
    shares = [points / 4 for _, points in answered if points is not None]
    if not shares:
        assert found.raw is None
    else:
        assert found.raw is not None
        assert min(shares) - 1e-9 <= found.raw <= max(shares) + 1e-9


# ---- the warehouse computes the same -------------------------------------------------------------------------------


def random_form(chance: random.Random, number: int) -> Form:
    """A form of any method with sections, critical and auto-fail items, conditions and different scales."""
    method = chance.choice(sorted(methods()))
    sections = [Section(f"s{n}", f"s{n}", chance.choice([10.0, 30.0, 60.0])) for n in range(chance.randint(1, 3))]
    items = []
    for n in range(chance.randint(1, 7)):
        least = chance.choice([0.0, 0.0, 1.0])
        most = least + chance.choice([1.0, 4.0])
        items.append(
            Item(
                f"i{n}", f"i{n}", chance.choice(sections).id, "scale", chance.choice([0.0, 5.0, 20.0]), least, most,
                most, chance.choice(["none", "none", "customer", "business", "compliance"]),
                chance.choice(["none", "none", "section", "form"]), chance.random() < 0.9,
            )
        )  # fmt: skip
    used = tuple(section for section in sections if any(item.section == section.id for item in items))
    return Form(f"F{number}", "1", "A form", tuple(items), used, rules(method))


def random_answers(chance: random.Random, form: Form) -> list[Answer]:
    """Answers on the scales, some not applicable, some left blank."""
    found = []
    for item in form.items:
        kind = chance.random()
        if kind < 0.2:
            found.append(Answer(item.id, is_na=True))
        elif kind < 0.95 or not item.is_scored:
            found.append(Answer(item.id, chance.randint(int(item.least), int(item.most or 0))))
    return found or [Answer(form.items[0].id, is_na=True)]


@pytest.fixture
def lake() -> duckdb.DuckDBPyConnection:
    """The tables and views of a warehouse, empty, without the lake."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as lake")
    for table in ("form", "form_item", "evaluation", "answer"):
        connection.execute(statement(f"tables/{table}"))
    for view in ("evaluated_item", "evaluation_score"):
        connection.execute(f"create view {view} as {statement(f'views/{view}')}")
    return connection


def insert(connection: duckdb.DuckDBPyConnection, table: str, **values: object) -> None:
    """A row with these values and harmless ones where the table wants something."""
    lineage = {} if table == "form" else {
        "source_id": "test", "source_key": "k", "load_id": 1, "line_no": 1, "exported_at": "2026-01-01", "time_q": "exact", "row_hash": 1
    }  # fmt: skip
    row = {**lineage, **values}
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    connection.execute(f"insert into lake.{table} ({names}) values ({marks})", list(row.values()))


def store(connection: duckdb.DuckDBPyConnection, number: int, form: Form, answers: list[Answer]) -> None:
    words = {field.name: getattr(form.rules, field.name) for field in fields(Rules)}
    insert(
        connection,
        "form",
        form_id=form.id,
        form_version="1",
        title="",
        own_team="allowed",
        digest="",
        file_name="",
        **words,
    )
    weights = {section.id: section.weight for section in form.sections}
    for item in form.items:
        insert(
            connection, "form_item", form_id=form.id, form_version="1", item_id=item.id, section=item.section,
            section_weight=weights[item.section], weight=item.weight, least_points=item.least, max_points=item.most,
            passing_points=item.passing, critical_class=item.critical_class, autofail_scope=item.autofail,
            is_scored=item.is_scored,
        )  # fmt: skip
    insert(connection, "evaluation", evaluation_id=number, form_id=form.id, form_version="1")
    for answer in answers:
        insert(
            connection, "answer", evaluation_id=number, item_id=answer.item, points=answer.points, is_na=answer.is_na
        )


def test_the_warehouse_and_python_give_the_same_scores(lake: duckdb.DuckDBPyConnection) -> None:
    chance = random.Random(311)
    forms = [random_form(chance, number) for number in range(150)]
    answers = [random_answers(chance, form) for form in forms]
    for number, (form, given_answers) in enumerate(zip(forms, answers, strict=True)):
        store(lake, number, form, given_answers)
    rows = lake.execute(
        "select evaluation_id, raw_score, final_score, is_passed, is_autofailed, missing, customer_applies, customer_failed "
        "from evaluation_score order by evaluation_id"
    ).fetchall()
    assert len(rows) == len(forms)
    for (number, raw, final, passed, autofailed, missing, applies, failed), form, given_answers in zip(
        rows, forms, answers, strict=True
    ):
        found = score(form, given_answers)
        where = (number, form, given_answers)
        assert raw == (None if found.raw is None else pytest.approx(found.raw)), where
        assert final == (None if found.final is None else pytest.approx(found.final)), where
        assert passed is found.is_passed, where
        assert (autofailed, missing) == (bool(found.autofailed_by), len(found.missing)), where
        assert (not failed if applies else None) == found.critical["customer"], where
    assert sum(raw is not None for _, raw, *_ in rows) > 75


def test_a_shares_interval_is_that_of_statsmodels() -> None:
    shares = [(count, n) for n in (1, 2, 9, 30, 1_000) for count in {0, 1, n // 3, n - 1, n}]
    frame = pl.DataFrame(shares, schema=["count", "n"], orient="row")
    low, high = proportion_confint(frame["count"].to_numpy(), frame["n"].to_numpy(), method="wilson")
    expected = pl.DataFrame({"low": low, "high": high})
    assert_frame_equal(with_interval(frame, "count", "n").select("low", "high"), expected, abs_tol=1e-12)
    assert with_interval(pl.DataFrame({"count": [0], "n": [0]}), "count", "n").row(0)[2:] == (None, None, None)
