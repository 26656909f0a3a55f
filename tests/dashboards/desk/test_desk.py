"""The evaluator's desk: nothing lost, nothing overwritten, nobody judges themselves, and all of it reaches the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import metrics as m
from etl.load import load
from metrics.quality import Answer, Form, quality_scores
from metrics.quality.form import Item, form, forms
from sql import WrongUse
from tests.conftest import NOW
from tests.servers import Postgres, binaries, postgres

pytest.importorskip("sqlalchemy", reason="the desk's store needs sqlalchemy")
from dashboards import desk

AT = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FORM = Form(
    "desk",
    "1",
    "Desk form",
    (
        Item("greeting", "Greets", weight=40, passing=1),
        Item("answer", "Is right", type="scale", weight=60, most=4, passing=3, critical_class="customer"),
    ),
    may_score_own_team=False,
)
ANN = desk.Evaluator("ann", frozenset({"Blue"}))
CONTACT = desk.Contact("plain_calls", "C1", AT - DAY, "A1", "Red")
GOOD = [Answer("greeting", 1), Answer("answer", 4)]
FAIR = [Answer("greeting", value="no"), Answer("answer", 3)]


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """A Postgres that these tests start for themselves; skips where it is not installed."""
    if binaries() is None:
        pytest.skip("Postgres is not installed; scripts/system-packages test installs it")
    with postgres() as running:
        yield running


@pytest.fixture(scope="module")
def emptied(server: Postgres) -> str:
    """The address of a database with the desk's tables and nothing in them."""
    address = server.database()
    desk.open_store(Path(), address).close()
    return address


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[desk.Store]:
    """A desk in the centre's folder, and one in a database of its own: both keep the same rules."""
    if request.param == "sqlite":
        found = desk.open_store(tmp_path)
    else:
        emptied, server = request.getfixturevalue("emptied"), request.getfixturevalue("server")
        found = desk.open_store(tmp_path, server.database(like=emptied))
    yield found
    found.close()


def opened(store: desk.Store, contact: desk.Contact = CONTACT, by: desk.Evaluator = ANN, session: str = "") -> str:
    return str(
        desk.open_evaluation(store, FORM, contact, by, selection="random", at=AT, session=session)["evaluation_id"]
    )


def submitted(store: desk.Store, answers: list[Answer] = FAIR, session: str = "") -> str:
    name = opened(store, session=session)
    revision = desk.save(store, name, answers, revision=0, by="ann", at=AT)
    desk.submit(store, FORM, name, revision=revision, by="ann", at=AT)
    return name


def released(store: desk.Store) -> str:
    name = submitted(store)
    desk.release(store, name, by="lead", at=AT)
    return name


def test_an_evaluation_from_the_first_mark_to_the_signature(store: desk.Store) -> None:
    name = released(store)
    desk.acknowledge(store, name, by="A1", at=AT + DAY)
    row = desk.evaluation(store, name)
    assert (row["state"], row["raw_score"], row["form_version"]) == ("acknowledged", pytest.approx(0.45), "1")
    assert [(a["item_id"], a["points"], a["failed"]) for a in desk.answers_of(store, name)] == [
        ("answer", 3, False),
        ("greeting", 0, True),
    ]
    assert [event["what"] for event in store.history(name)] == ["opened", "submitted", "released", "acknowledged"]


def test_a_browser_that_goes_down_loses_nothing(store: desk.Store) -> None:
    name = opened(store)
    desk.save(store, name, GOOD[:1], revision=0, by="ann", at=AT, comment="begun")
    again = desk.open_evaluation(store, FORM, CONTACT, ANN, selection="random", at=AT + DAY)
    assert again["evaluation_id"] == name
    assert (desk.draft_of(again), again["comment"], again["revision"]) == (GOOD[:1], "begun", 1)


def test_an_older_window_overwrites_nothing(store: desk.Store) -> None:
    name = opened(store)
    desk.save(store, name, GOOD, revision=0, by="ann", at=AT)
    with pytest.raises(WrongUse, match="changed in another window"):
        desk.save(store, name, FAIR, revision=0, by="ann", at=AT)
    assert desk.draft_of(desk.evaluation(store, name)) == GOOD


def test_of_two_submits_at_once_one_counts(store: desk.Store) -> None:
    name = opened(store)
    desk.save(store, name, FAIR, revision=0, by="ann", at=AT)

    def attempt(_: int) -> str:
        try:
            desk.submit(store, FORM, name, revision=1, by="ann", at=AT)
        except WrongUse as refused:
            return str(refused)
        return "submitted"

    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(pool.map(attempt, range(8)))
    assert outcomes == [*["This evaluation was submitted at 2026-11-10 15:00 UTC and stays as it is."] * 7, "submitted"]
    assert len(desk.answers_of(store, name)) == 2
    with pytest.raises(WrongUse, match="stays as it is"):
        desk.save(store, name, GOOD, revision=1, by="ann", at=AT)


def test_two_windows_that_open_at_once_share_one_draft(store: desk.Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: opened(store), range(8)))) == 1


REFUSED: list[tuple[str, Callable[[desk.Store], object], str]] = [
    ("own work", lambda s: opened(s, by=desk.Evaluator("A1")), "You took this contact yourself"),
    ("own team", lambda s: opened(s, by=desk.Evaluator("bob", frozenset({"Red"}))), "Red is your own team, which form desk does not let you score"),
    ("another's draft", lambda s: desk.save(s, opened(s), GOOD, revision=0, by="bob", at=AT), "another evaluator's"),
    ("unanswered", lambda s: submitted(s, GOOD[:1]), "not answered yet, or say that it does not apply: answer"),
    ("outside the scale", lambda s: submitted(s, [GOOD[0], Answer("answer", 5)]), "given 5 points, outside its scale of 0 to 4"),
    ("unknown item", lambda s: submitted(s, [*GOOD, Answer("greting", 1)]), "Did you mean greeting"),
    ("another version", lambda s: desk.submit(s, replace(FORM, version="2"), opened(s), revision=0, by="ann", at=AT), "opened with form desk, version 1"),
    ("no such evaluation", lambda s: desk.evaluation(s, "x"), "no such evaluation"),
    ("release of a draft", lambda s: desk.release(s, opened(s), by="lead", at=AT), "is a draft; it would have to be submitted"),
    ("release of calibration", lambda s: desk.release(s, submitted(s, session="S1"), by="lead", at=AT), "never released"),
    ("another acknowledges", lambda s: desk.acknowledge(s, released(s), by="A2", at=AT), "Only the agent"),
    ("another disputes", lambda s: desk.dispute(s, released(s), by="A2", reason="no", at=AT), "Only the agent"),
    ("dispute without reason", lambda s: desk.dispute(s, released(s), by="A1", reason=" ", at=AT), "Say what is not right"),
    ("dispute of a draft", lambda s: desk.dispute(s, opened(s), by="A1", reason="no", at=AT), "can be disputed once it is released"),
    ("dispute too late", lambda s: desk.dispute(s, released(s), by="A1", reason="no", at=AT + 14 * DAY), r"until 2026-11-24 15:00 UTC \(14 days\)"),
    ("action without a day", lambda s: desk.write_note(s, "A1", "action", "Read it", by="lead", at=AT), "says the day"),
    ("session of one", lambda s: desk.open_session(s, "S", FORM, contacts=["C1"], evaluators=["ann"], due_at=AT, by="lead", at=AT), "two evaluators or more"),
]  # fmt: skip


@pytest.mark.parametrize(("attempt", "reason"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_may_not_be_is_refused_with_the_way_out(
    store: desk.Store, attempt: Callable[[desk.Store], object], reason: str
) -> None:
    with pytest.raises(WrongUse, match=reason):
        attempt(store)


def test_a_changed_score_is_appended_and_the_first_stays(store: desk.Store) -> None:
    name = released(store)
    made = desk.dispute(store, name, by="A1", reason="I did greet", items=["greeting"], at=AT + DAY)
    assert made["decide_by"] == (AT + 11 * DAY).replace(tzinfo=None)
    with pytest.raises(WrongUse, match="A dispute of this evaluation is open"):
        desk.dispute(store, name, by="A1", reason="again", at=AT + DAY)
    for wrong in ("ann", "A1"):
        with pytest.raises(WrongUse, match="neither its agent nor the evaluator"):
            desk.decide(store, made["dispute_id"], "upheld", by=wrong, note="no", at=AT + DAY)
    rescore = desk.decide(
        store, made["dispute_id"], "changed", by="lead", note="heard it", at=AT + 2 * DAY, form=FORM, answers=GOOD
    )
    assert rescore is not None
    first, second = desk.evaluation(store, name), desk.evaluation(store, rescore)
    assert (first["raw_score"], second["raw_score"]) == (pytest.approx(0.45), 1.0)
    assert (second["type"], second["supersedes"]) == ("rescore", name)
    with pytest.raises(WrongUse, match=r"settled at 2026-11-12 15:00 UTC \(changed\)"):
        desk.decide(store, made["dispute_id"], "upheld", by="lead", note="no", at=AT + 3 * DAY)


def test_a_dispute_that_cannot_be_scored_leaves_nothing_half_done(store: desk.Store) -> None:
    name = released(store)
    made = desk.dispute(store, name, by="A1", reason="no", at=AT)
    with pytest.raises(WrongUse, match="not answered yet"):
        desk.decide(store, made["dispute_id"], "changed", by="lead", note="yes", at=AT, form=FORM, answers=GOOD[:1])
    desk.withdraw(store, made["dispute_id"], by="A1", at=AT)
    assert [event["what"] for event in store.history(name)][-2:] == ["disputed", "withdrawn"]


def test_calibration_is_blind_until_it_is_closed(store: desk.Store) -> None:
    desk.open_session(store, "S1", FORM, contacts=["C1"], evaluators=["ann", "bob"], due_at=AT + DAY, by="lead", at=AT)
    submitted(store, session="S1")
    other = opened(store, by=desk.Evaluator("bob"), session="S1")
    desk.submit(
        store, FORM, other, revision=desk.save(store, other, GOOD, revision=0, by="bob", at=AT), by="bob", at=AT
    )
    assert [row["evaluator_id"] for row in desk.scores_of_session(store, "S1", seen_by="bob")] == ["bob"]
    with pytest.raises(WrongUse, match="You take part in no calibration session"):
        desk.scores_of_session(store, "S1", seen_by="eve")
    desk.close_session(store, "S1", by="lead", at=AT + DAY)
    assert [row["evaluator_id"] for row in desk.scores_of_session(store, "S1", seen_by="bob")] == ["ann", "bob"]
    with pytest.raises(WrongUse, match="no open calibration session 'S1'"):
        desk.close_session(store, "S1", by="lead", at=AT + DAY)
    with pytest.raises(WrongUse, match="already"):
        desk.open_session(store, "S1", FORM, contacts=["C1"], evaluators=["ann", "bob"], due_at=AT, by="lead", at=AT)


def test_coaching_is_written_once_and_actions_are_finished_once(store: desk.Store) -> None:
    desk.write_note(store, "A1", "commendation", "Stayed calm", by="lead", at=AT)
    action = desk.write_note(store, "A1", "action", "Listen to C1", by="lead", at=AT + DAY, due_on=date(2026, 11, 20))
    assert [note["kind"] for note in desk.notes_of(store, "A1")] == ["action", "commendation"]
    assert [note["note_id"] for note in desk.notes_of(store, "A1", is_open=True)] == [action]
    desk.finish_action(store, action, by="A1", at=AT + 2 * DAY)
    assert desk.notes_of(store, "A1", is_open=True) == []
    with pytest.raises(WrongUse, match="no such open action"):
        desk.finish_action(store, action, by="A1", at=AT + 2 * DAY)


@pytest.mark.parametrize(
    "address", ["sqlite:////nowhere/secret/none.sqlite", "postgresql://me:secret@127.0.0.1:1/none"]
)
def test_a_database_that_does_not_answer_is_told_without_its_password(tmp_path: Path, address: str) -> None:
    with pytest.raises(WrongUse, match="does not answer") as refused:
        desk.open_store(tmp_path, address)
    assert "secret" not in str(refused.value)


CALL = (
    "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller\n"
    "C1,general,A1,voice,inbound,2026-11-09T09:00:00,5,60,0,5,answered,\nC2,general,A1,voice,inbound,2026-11-09T10:00:00,5,60,0,5,answered,\n"
)


def test_the_warehouse_takes_at_the_next_load_what_stands_on_the_desk(empty_centre: Path) -> None:
    (empty_centre / "inbox" / "calls.csv").write_text(CALL, encoding="utf-8")
    load(empty_centre, [], now=NOW)
    with m.open_centre(empty_centre) as one:
        phone = form(one, "phone-311", "1")
        assert phone in forms(one)
    store = desk.open_store(empty_centre)
    best = [Answer(item.id, item.most) for item in phone.items if item.is_scored and item.id != "emergency"]
    calm = [*best, Answer("emergency_present", value="no"), Answer("note", value="well done")]
    sent = desk.open_evaluation(store, phone, CONTACT, ANN, selection="random", at=AT)
    unsent = desk.open_evaluation(store, phone, replace(CONTACT, key="C2"), ANN, selection="random", at=AT)
    for row, answers in ((sent, [*calm[1:], Answer(calm[0].item, 0)]), (unsent, calm)):
        revision = desk.save(store, row["evaluation_id"], answers, revision=0, by="ann", at=AT)
        desk.submit(store, phone, row["evaluation_id"], revision=revision, by="ann", at=AT)
    desk.release(store, sent["evaluation_id"], by="lead", at=AT)
    first = desk.hand_over(store, empty_centre / "inbox")
    before = [file.stat().st_mtime_ns for file in first]
    assert [file.stat().st_mtime_ns for file in desk.hand_over(store, empty_centre / "inbox")] == before
    assert score_in_warehouse(store, empty_centre) == pytest.approx([1, 1 - 4 / 90])
    made = desk.dispute(store, sent["evaluation_id"], by="A1", reason="I did", items=[calm[0].item], at=AT + DAY)
    desk.decide(store, made["dispute_id"], "changed", by="lead", note="yes", at=AT + 2 * DAY, form=phone, answers=calm)
    assert score_in_warehouse(store, empty_centre) == pytest.approx([1, 1])
    with m.open_centre(empty_centre) as one:
        found = m.measure(
            one, ["dispute_rate", "overturn_rate"], during=m.Period.month(2026, 11), scope=m.Scope.whole_centre()
        )
        assert found["numerator"].to_list() == [1, 1]
    store.close()


def score_in_warehouse(store: desk.Store, centre: Path) -> list[float]:
    """Load what the desk hands over; the agent's number of evaluations and score in the warehouse."""
    desk.hand_over(store, centre / "inbox")
    assert {result.verdict for result in load(centre, [], now=NOW)} <= {"accepted", "unchanged"}
    with m.open_centre(centre) as one:
        row = quality_scores(one, during=m.Period.month(2026, 11), scope=m.Scope.whole_centre()).row(0, named=True)
        return [row["n"], row["final"]]
