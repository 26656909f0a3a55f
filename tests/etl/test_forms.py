"""Forms as data: the three that come along, what a file may say, and that a version that was used never changes."""

from __future__ import annotations

from pathlib import Path

import pytest

import metrics as m
from etl.forms import form_files, read_form
from etl.load import load
from metrics.build import bring_up_to_date
from metrics.quality.form import form, forms
from metrics.stored import is_up_to_date
from sql import WrongUse
from tests.conftest import NOW, Offer

GOOD = """\
form = "own"
version = "1"
title = "Own form"

[scoring]
method = "fairline"

[[section]]
id = "work"

[[section.item]]
id = "greeting"
text = "Greets"
weight = 40

[[section.item]]
id = "answer"
text = "Answers"
type = "scale"
least = 0
most = 4
passes = 3
weight = 60
critical = "customer"

[[section.item]]
id = "why"
text = "Why"
type = "choice"
scored = false
options = [{ value = "agent" }, { value = "system" }]
shown_if = { item = "greeting", is = ["no"] }
"""


def read(tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    read_form(path)


def test_the_example_of_these_tests_is_a_form(tmp_path: Path) -> None:
    read(tmp_path, GOOD)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('version = "1"\n', "", "own.toml cannot be used. version is missing. Add it."),
        ("weight = 40", "weight = 30", "own.toml cannot be used. The item weights add up to 90; 100 was expected. Change them so that they do."),
        ("weight = 40", "wieght = 40", "own.toml cannot be used. line 11: section.item.wieght is not known. Did you mean weight?"),
        ("weight = 40", "weight = -40", "own.toml cannot be used. line 11: section.item.weight: -40 came. Input should be greater than or equal to 0."),
        ("passes = 3", "passes = 5", "own.toml cannot be used. line 16: Item answer: it is passed from 5 points, which is outside its scale (0 to 4)."),
        ("passes = 3", "", "own.toml cannot be used. line 16: Item answer: say from how many points it is passed: `passes`."),
        ("most = 4\n", "", "own.toml cannot be used. line 16: Item answer: a scale says its `most` (and its `least`, else 0). line 16: Item answer: the best answer is worth None, more than 0 was expected. Say its `most`, or its points."),
        ('id = "answer"', 'id = "greeting"', "own.toml cannot be used. The item 'greeting' is there 2 times. Give each its own id."),
        ('item = "greeting", is', 'item = "greting", is', "own.toml cannot be used. line 26: Item why: it is shown by 'greting', which is no item above it. Did you mean greeting?"),
        ('is = ["no"]', 'is = ["never"]', "own.toml cannot be used. line 26: Item why: greeting is never answered with 'never'. It has: yes, no."),
        ('method = "fairline"', 'method = "amazon"', "own.toml cannot be used. There is no scoring method 'amazon'. Did you mean amazon_connect? Known: fairline,"),
        ('type = "choice"\nscored = false', 'type = "choice"\nscored = false\nweight = 3', "own.toml cannot be used. line 26: Item why: it is not scored, so it has no weight, no critical class and no autofail."),
        ('critical = "customer"', 'critical = "customers"', "own.toml cannot be used. line 16: section.item.critical: 'customers' came. Input should be 'none', 'customer', 'business' or 'compliance'."),
        ('[{ value = "agent" }, { value = "system" }]', "[]", "own.toml cannot be used. line 26: Item why: a choice has two options or more."),
        ('method = "fairline"', 'method = "section_then_form"', "own.toml cannot be used. line 8: Section work has no weight; section_then_form weighs sections. The section weights add up to 0; 100 was expected."),
        ("title = ", "title ", "own.toml cannot be read: Expected '=' after a key in a key/value pair (at line 3, column 7). Correct that line."),
        ("[[section]]", '[[band]]\nname = "low"\nfrom = 10\n\n[[section]]', "own.toml cannot be used. Bands begin at 0 and each begins higher than the one before it."),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place_and_the_way_out(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in GOOD
    with pytest.raises(WrongUse) as refused:
        read(tmp_path, GOOD.replace(old, new, 1))
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("path", form_files(Path("nowhere")), ids=lambda path: path.stem)
def test_a_ready_form_asks_for_what_agents_must_do(path: Path) -> None:
    ready = read_form(path)
    classes = {item.critical for _, item in ready.items()}
    assert classes == {"none", "customer", "business", "compliance"}
    assert [section.id for section in ready.section] == ["instructions", "accuracy", "completeness", "conformance"]
    assert {"emergency", "answer", "department", "reference", "promise", "privacy"} <= {
        item.id for _, item in ready.items()
    }
    assert {"yes_no", "choice", "text"} <= {item.type for _, item in ready.items()}


def put(centre: Path, text: str, name: str = "own.toml") -> None:
    (centre / "forms" / name).write_text(text, encoding="utf-8")


def kept(centre: Path) -> dict[str, str]:
    """Load nothing but the centre's forms; says what was refused."""
    return {result.file: result.message for result in load(centre, [], now=NOW)}


EVALUATION = (
    "evaluation_id,form_id,form_version,call_id,agent_id,evaluator_id,type,selection,contact_at,submitted_at,score\n"
    "Q1,own,1,C1,A1,E1,standard,random,2026-11-10T09:00:00,2026-11-12T09:00:00,\n"
)
ANSWERS = "evaluation_id,item_id,points,max_points,is_na,failed\nQ1,greeting,1,1,no,no\nQ1,answer,2,4,no,yes\n"


def quality_score(centre: Path) -> float | None:
    with m.open_centre(centre) as one:
        during = m.Period.month(2026, 11)
        return m.measure(one, ["quality_score"], during=during, scope=m.Scope.whole_centre())["value"][0]  # type: ignore[no-any-return]


def test_a_form_goes_into_the_warehouse_as_it_was_written(empty_centre: Path, offer: Offer) -> None:
    put(empty_centre, GOOD)
    offer("evaluations.csv", EVALUATION)
    with m.open_centre(empty_centre) as one:
        assert {known.id for known in forms(one)} == {"own", "phone-311", "written-311", "counter-311"}
        own = form(one, "own", "1")
        assert [(item.id, item.type, item.weight, item.most, item.passing) for item in own.items] == [
            ("greeting", "yes_no", 40, 1, 1),
            ("answer", "scale", 60, 4, 3),
            ("why", "choice", 0, None, None),
        ]
        assert (own.items[2].shown_by, own.items[2].shown_for) == ("greeting", ("no",))
        with pytest.raises(WrongUse, match=r"no version '2' of a form 'own'\. Did you mean own 1\?"):
            form(one, "own", "2")


def test_a_used_version_is_never_changed_and_its_evaluations_keep_it(empty_centre: Path, offer: Offer) -> None:
    put(empty_centre, GOOD)
    offer("evaluations.csv", EVALUATION)
    offer("answers.csv", ANSWERS)
    assert quality_score(empty_centre) == pytest.approx(0.7)
    changed = GOOD.replace("weight = 40", "weight = 90").replace("weight = 60", "weight = 10")
    put(empty_centre, changed)
    assert kept(empty_centre) == {
        "own.toml": "own.toml: version 1 of form own was changed after 1 evaluations were made with it. Undo the change, "
        "or give it a new version; those evaluations keep the old one."
    }
    assert quality_score(empty_centre) == pytest.approx(0.7)
    put(empty_centre, changed.replace('version = "1"', 'version = "2"'))
    assert kept(empty_centre) == {}
    assert quality_score(empty_centre) == pytest.approx(0.7)


def test_an_unused_version_may_still_be_corrected(empty_centre: Path, offer: Offer) -> None:
    put(empty_centre, GOOD)
    assert kept(empty_centre) == {}
    put(empty_centre, GOOD.replace("weight = 40", "weight = 90").replace("weight = 60", "weight = 10"))
    assert kept(empty_centre) == {}
    offer("evaluations.csv", EVALUATION)
    offer("answers.csv", ANSWERS)
    assert quality_score(empty_centre) == pytest.approx(0.95)


def test_a_bad_form_is_reported_by_the_load_and_does_not_stop_it(empty_centre: Path, tmp_path: Path) -> None:
    put(empty_centre, GOOD.replace("weight = 40", "weight = 30"))
    file = tmp_path / "evaluations.csv"
    file.write_text(EVALUATION, encoding="utf-8")
    taken, refused = load(empty_centre, [file], now=NOW)
    assert (taken.verdict, taken.good) == ("accepted", 1)
    assert (refused.verdict, refused.source, refused.reasons) == ("rejected", "forms", {"form_refused": 1})
    assert "add up to 90" in refused.message


def test_two_files_cannot_be_the_same_version(empty_centre: Path) -> None:
    put(empty_centre, GOOD)
    put(empty_centre, GOOD, "own_copy.toml")
    assert kept(empty_centre) == {
        "own_copy.toml": "own_copy.toml: version 1 of form own is in own.toml already. Give this one another version."
    }


EXPORTED = "form_id,form_version,item_id,section,text,weight,max_points,critical_class\n"


def test_an_exported_form_is_not_changed_after_use_either(offer: Offer) -> None:
    offer("form.csv", EXPORTED + "own,1,greeting,work,Greets,40,1,none\nown,1,answer,work,Answers,60,4,customer\n")
    offer("evaluations.csv", EVALUATION)
    again = offer(
        "form_again.csv",
        EXPORTED
        + "own,1,greeting,work,Greets,10,1,none\nown,1,answer,work,Answers,60,4,customer\nown,1,new,work,New,5,1,none\n"
        + "own,,lost,work,No version,5,1,none\nown,2,greeting,work,Greets,10,1,none\n",
        as_of="2026-11-21T00:00:00+00:00",
    )
    assert (again.good, again.quarantined) == (2, 3)
    assert again.reasons == {"form_changed_after_use": 2, "form_version:missing": 1}


def test_an_answer_outside_its_own_scale_is_put_aside_line_by_line(offer: Offer) -> None:
    header = "evaluation_id,item_id,points,max_points,is_na,failed,value\n"
    lines = "Q1,a,4,4,no,no,\nQ1,b,5,4,no,no,\nQ1,c,-1,4,no,yes,\nQ1,d,,4,yes,yes,\nQ1,e,,,no,no,in words\nQ1,f,,4,yes,no,\n"
    result = offer("answers.csv", header + lines)
    assert (result.good, result.quarantined) == (3, 3)
    assert result.reasons == {
        "answer_outside_the_scale": 1,
        "failed_though_not_applicable": 1,
        "points:not_a_number_in_range": 1,
    }


CALL = (
    "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller\n"
    "{},general,A1,voice,inbound,2026-11-10T09:00:00,5,60,0,5,answered,\n"
)
LATE = {
    "evaluations.csv": EVALUATION.replace(",\n", ",50\n"),
    "answers.csv": ANSWERS,
    "calls.csv": CALL.format("C1"),
    "rescore.csv": EVALUATION.splitlines()[0]
    + ",supersedes\nQ2"
    + EVALUATION.splitlines()[1][2:].replace("standard", "rescore")
    + "90,Q1\n",
}


def test_stored_figures_follow_whatever_comes_late(empty_centre: Path, offer: Offer) -> None:
    """The reported score, then answers, the form, a roster of calls, and a re-score: each changes the day that it is about."""
    steps: list[tuple[str, float | None]] = []
    offer("other_call.csv", CALL.format("C0"))
    for name in ("evaluations.csv", "calls.csv", "answers.csv", "form", "rescore.csv"):
        if name == "form":
            put(empty_centre, GOOD)
            load(empty_centre, [], now=NOW)
        else:
            offer(name, LATE[name])
        bring_up_to_date(empty_centre)
        with m.open_centre(empty_centre) as one:
            assert is_up_to_date(one, "evaluation", "event")
        steps.append((name, quality_score(empty_centre)))
    assert steps == [
        ("evaluations.csv", None),
        ("calls.csv", 0.5),
        ("answers.csv", 0.5),
        ("form", pytest.approx(0.7)),
        ("rescore.csv", pytest.approx(0.9)),
    ]
