"""What is done at the desk from the buttons of its pages: each deed, what it changes, and what everybody then sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from dash import Dash

import metrics as m
from dashboards import desk
from dashboards.access import Access, entries
from dashboards.desk.listing import of_agent
from dashboards.live import LiveCentre
from dashboards.shown import shown
from metrics import quality
from metrics.quality import Form
from metrics.sampling import Draw
from tests.dashboards.conftest import Client, viewer_in
from tests.dashboards.desk.conftest import EVERYONE, posted
from tests.dashboards.shown_text import text_of

PHONE = "phone-311"


@dataclass
class Town:
    """The small city's desk: who asks, what is answered, and what a page then says."""

    client: Client
    live: LiveCentre
    access: Access

    def does(self, role: str, deed: str, **sent: Any) -> Any:
        """What is answered to a deed, which is done."""
        answer = posted(self.client(role), deed, **sent)
        assert answer.status_code == 200, answer.text
        return answer.json

    def refused(self, role: str, deed: str, **sent: Any) -> str:
        """Why a deed is refused."""
        answer = posted(self.client(role), deed, **sent)
        assert answer.status_code in (400, 409), answer.text
        return str(answer.json["words"])

    def sees(self, role: str, path: str, search: str = "") -> str:
        """What a page says to somebody of a role."""
        return text_of(shown(self.live, self.access, viewer_in(self.access, role), path, search).page)


@pytest.fixture
def town(client: Client, live: LiveCentre, access: Access, app: Dash, drawn: Draw) -> Town:
    """A desk with a drawn sample."""
    assert app.server
    assert drawn.contacts.height
    return Town(client, live, access)


@pytest.fixture(scope="module")
def form(loaded_city: Any) -> Form:
    """The form for phone contacts."""
    with m.open_centre(loaded_city) as city:
        return quality.form(city, PHONE, "1")


def whole(form: Form, **otherwise: str) -> list[dict[str, Any]]:
    """The best answers to all that is asked, but for some."""
    said = [
        {"item": item.id, "value": otherwise.get(item.id, "yes")}
        if item.type == "yes_no"
        else {"item": item.id, "points": item.most}
        for item in form.items
        if item.is_scored and item.id != "emergency"
    ]
    return [*said, {"item": "emergency_present", "value": "no"}]


def number_of(address: str) -> str:
    """The evaluation that an address leads to."""
    return address.partition("evaluation=")[2]


def begun(town: Town, drawn: Draw, *, agent: str | None = None, role: str = "quality_analyst") -> str:
    """An evaluation of a phone contact that was drawn and that nobody began."""
    taken = {row["contact_key"] for row in desk.listing.taken(town.access.store)}
    for row in drawn.contacts.iter_rows(named=True):
        if row["channel"] == "voice" and row["call_id"] not in taken and agent in (None, row["agent_id"]):
            return number_of(town.does(role, "open", contact=str(row["contact_id"]), agent=row["agent_id"])["to"])
    raise AssertionError("every drawn contact was begun")


def submitted(town: Town, drawn: Draw, form: Form, **otherwise: str) -> str:
    """A submitted evaluation of the demo's agent."""
    agent = viewer_in(town.access, "agent").person
    name = begun(town, drawn, agent=agent)
    town.does(
        "quality_analyst", "submit", evaluation=name, revision=0, answers=whole(form, **otherwise), comment="seen"
    )
    return name


def test_what_is_drawn_is_random_and_what_is_chosen_is_not(town: Town, drawn: Draw) -> None:
    name = begun(town, drawn)
    assert desk.evaluation(town.access.store, name)["selection"] == "random"
    with m.open_centre(town.access.folder) as city:
        frame = city.named("facts/sample_frame", first=drawn.during.first, until=drawn.during.until)
    chosen = frame.filter(~frame["contact_id"].is_in(drawn.contacts["contact_id"].to_list()))
    row = chosen.filter(channel="voice").row(0, named=True)
    to = town.does("manager", "open", contact=str(row["contact_id"]), agent=row["agent_id"], selection="random")["to"]
    assert desk.evaluation(town.access.store, number_of(to))["selection"] == "targeted"
    again = town.refused("quality_analyst", "open", contact=str(row["contact_id"]), agent=row["agent_id"])
    assert again.startswith("demo-manager evaluates this contact")


def test_bad_input_is_refused_with_the_way_out(town: Town, drawn: Draw, form: Form) -> None:
    name = begun(town, drawn)
    row = drawn.contacts.row(0, named=True)
    best = whole(form)
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("open", {"contact": "17", "agent": "A1005"}, "no contact 17 that you may see"),
        ("open", {"contact": str(row["contact_id"]), "agent": "A9999"}, "A9999 took no part in contact"),
        ("open", {"contact": str(row["contact_id"]), "agent": row["agent_id"], "form": "fone"}, "no form 'fone'"),
        ("save", {"evaluation": name, "revision": "x", "answers": best}, "'x' is not a revision"),
        ("save", {"evaluation": name, "revision": 7, "answers": best}, "changed in another window"),
        ("submit", {"evaluation": name, "revision": 0, "answers": [*best, {"item": "greting", "value": "yes"}]}, "Did you mean greeting"),
        # what was refused was saved all the same, and the window goes on from there
        ("submit", {"evaluation": name, "revision": 1, "answers": [one | {"points": 9} if one["item"] == "location" else one for one in best]}, "given 9 points, outside its scale of 0 to 4"),
        ("draw", {"month": "2026-13", "per_month": "4"}, "2026-13"),
        ("draw", {"month": "2026-11", "per_month": "0"}, "at least 1 is needed"),
        ("convene", {"session": "S", "form": PHONE, "number": "2", "due": "2030-01-01", "evaluator": "A1"}, "two evaluators or more"),
        ("convene", {"session": "S", "form": PHONE, "number": "9999999", "due": "2030-01-01", "evaluator": ["A", "B"]}, "fit form phone-311"),
    ]  # fmt: skip
    for deed, sent, reason in cases:
        assert reason in town.refused("quality_analyst", deed, **sent), deed
    assert entries(town.access.store, most=1)[0]["what"] == "refused convene"


def test_from_the_form_to_the_agents_record_and_back(town: Town, drawn: Draw, form: Form) -> None:
    name = submitted(town, drawn, form, greeting="no", privacy="no")
    key = desk.evaluation(town.access.store, name)["contact_key"]
    search = f"?evaluation={name}"
    assert "that you may see" in town.sees("agent", "/evaluation", search)
    assert key in town.sees("supervisor", "/decisions")
    town.does("supervisor", "release", evaluation=name)
    told = town.sees("agent", "/evaluation", search)
    assert "▲ Auto-fail" in told
    assert "before auto-fails" in told
    assert key in town.sees("agent", "/my-record")
    town.does("agent", "acknowledge", evaluation=name)
    town.does("agent", "dispute", evaluation=name, reason="I did greet", item=["greeting", "nothing"])
    (dispute,) = desk.listing.disputes_of(town.access.store, name)
    assert dispute["items"] == "greeting"
    assert "I did greet" in town.sees("manager", "/decisions")
    own = town.refused("quality_analyst", "decide", dispute=dispute["dispute_id"], decision="upheld", note="no")
    assert "neither its agent nor the evaluator" in own
    town.does(
        "manager", "decide", dispute=dispute["dispute_id"], decision="changed", note="heard it",
        answers=whole(form, privacy="no"),
    )  # fmt: skip
    first, second = of_agent_both(town, name)
    assert second["raw_score"] > first["raw_score"]
    record = town.sees("agent", "/my-record")
    assert "changed: the new score counts" in record
    assert "re-scored after a dispute" in record
    again = town.refused("agent", "dispute", evaluation=name, reason="again")
    assert "Dispute the new score" in again
    assert {"released an evaluation", "decided a dispute"} <= {
        row["what"] for row in entries(town.access.store, about=first["agent_id"])
    }


def of_agent_both(town: Town, name: str) -> tuple[Any, Any]:
    """An evaluation and the one that counts in its place."""
    first = desk.evaluation(town.access.store, name)
    rows = of_agent(town.access.store, first["agent_id"], states=("released", "acknowledged"))
    return first, next(row for row in rows if row["supersedes"] == name)


def test_a_dispute_is_taken_back_by_its_agent_and_has_its_days(town: Town, drawn: Draw, form: Form) -> None:
    name = submitted(town, drawn, form)
    town.does("manager", "release", evaluation=name)
    town.does("agent", "dispute", evaluation=name, reason="no")
    (dispute,) = desk.listing.disputes_of(town.access.store, name)
    days = dispute["decide_by"] - dispute["opened_at"]
    assert days == timedelta(days=10)
    town.does("agent", "withdraw", evaluation=name, dispute=dispute["dispute_id"])
    assert "Withdrawn by the agent" in town.sees("agent", "/evaluation", f"?evaluation={name}")
    assert "upheld" in town.refused("manager", "decide", dispute=dispute["dispute_id"], decision="no", note="x")


def test_coaching_reaches_its_agent_and_is_done_once(town: Town) -> None:
    agent = str(viewer_in(town.access, "agent").person)
    sent: dict[str, Any] = {"agent": agent, "kind": "action", "text": "Listen to C1 together"}
    assert "says the day" in town.refused("supervisor", "note", **sent)
    assert "has passed" in town.refused("supervisor", "note", **sent, due_on="2020-01-01")
    town.does("supervisor", "note", **sent, due_on="2099-01-01")
    town.does("manager", "note", agent=agent, kind="commendation", text="Stayed calm")
    told = town.sees("agent", "/my-record")
    assert "Listen to C1 together" in told
    assert "Commendation" in told
    assert "Listen to C1 together" in town.sees("supervisor", "/coaching")
    (action,) = desk.notes_of(town.access.store, agent, is_open=True)
    town.does("agent", "finish", note=action["note_id"])
    assert "no such open action" in town.refused("supervisor", "finish", note=action["note_id"])


def test_a_figure_is_questioned_by_whom_it_is_of_and_answered_once(town: Town) -> None:
    day, metric = town.live.answers(EVERYONE).last_day(), "average_handle_time"
    sent = {"metric": metric, "first": day.isoformat(), "until": (day + timedelta(days=1)).isoformat()}
    assert "This is not right" in town.sees("agent", "/figure", f"?metric={metric}&day={day}")
    assert "This is not right" not in town.sees("supervisor", "/figure", f"?metric={metric}&day={day}")
    assert "This is not right" not in town.sees("agent", "/figure", f"?metric=requests_created&day={day}")
    assert "Say what is not right" in town.refused("agent", "question", **sent, reason=" ")
    assert "no figure of one person" in town.refused(
        "agent", "question", **{**sent, "metric": "requests_created"}, reason="x"
    )
    town.does("agent", "question", **sent, reason="The transfer at ten counts twice")
    agent = str(viewer_in(town.access, "agent").person)
    (asked,) = desk.questions.questions(town.access.store, agent=agent)
    during = m.Period.day(day)
    value = town.live.answers(EVERYONE).total([metric], during, {"agent": [agent]})[metric]
    assert asked["value"] == value.words
    assert "waits for an answer" in town.sees("agent", "/my-record")
    assert "The transfer at ten counts twice" in town.sees("supervisor", "/decisions")
    assert "The transfer at ten counts twice" not in town.sees("quality_analyst", "/decisions")
    assert "Write what was found" in town.refused("supervisor", "answer", question=asked["question_id"], answer="")
    town.does("supervisor", "answer", question=asked["question_id"], answer="It does: line 12 is a copy")
    assert "no such open question" in town.refused("manager", "answer", question=asked["question_id"], answer="Again")
    assert "It does: line 12 is a copy" in town.sees("agent", "/my-record")
    assert "No figure is questioned." in town.sees("supervisor", "/decisions")
    assert "questioned a figure" in {row["what"] for row in entries(town.access.store, about=agent)}


def test_a_session_is_blind_until_it_is_revealed(town: Town, form: Form) -> None:
    people = {role: viewer_in(town.access, role) for role in ("quality_analyst", "manager")}
    names = [one.person or one.name for one in people.values()]
    town.does(
        "manager", "convene", session="Blind", form=PHONE, number="2", due="2099-01-01", evaluator=names
    )  # fmt: skip
    (session,) = (one for one in desk.sessions.sessions(town.access.store) if one["session_id"] == "Blind")
    for role, otherwise in (("quality_analyst", {"greeting": "no"}), ("manager", {})):
        for part in session["contacts"]:
            number, agent = part.split(":")
            to = town.does(role, "open", contact=number, agent=agent, session="Blind")["to"]
            sent = {"evaluation": number_of(to), "revision": 0, "answers": whole(form, **otherwise), "comment": "seen"}
            town.does(role, "submit", **sent)
    strict = town.sees("quality_analyst", "/calibration", "?session=Blind")
    assert "submitted: 96 of 100" in strict
    assert "100 of 100" not in strict
    theirs = next(row for row in rated(town, "Blind") if row["evaluator_id"] == names[1])
    assert "that you may see" in town.sees("quality_analyst", "/evaluation", f"?evaluation={theirs['evaluation_id']}")
    assert "You take part in no" in town.sees("supervisor", "/calibration", "?session=Blind")
    assert "never released" in town.refused("quality_analyst", "release", evaluation=mine(town, names[0]))
    town.does("quality_analyst", "reveal", session="Blind")
    told = town.sees("quality_analyst", "/calibration", "?session=Blind")
    assert "100 of 100" in told
    assert "Do evaluators agree?" in told
    assert "too few to tell: 2 of 30 contacts" in told
    assert "Evaluation of" in town.sees("quality_analyst", "/evaluation", f"?evaluation={theirs['evaluation_id']}")


def rated(town: Town, session: str) -> list[Any]:
    """The submitted evaluations of a session."""
    return desk.sessions.scores_said(town.access.store, session)[0]


def mine(town: Town, name: str) -> str:
    """Somebody's own evaluation in the blind session."""
    return str(next(row for row in rated(town, "Blind") if row["evaluator_id"] == name)["evaluation_id"])


def test_the_plan_leaves_out_the_own_work_and_what_others_began(town: Town, drawn: Draw) -> None:
    name = begun(town, drawn)
    row = desk.evaluation(town.access.store, name)
    assert row["contact_key"] in town.sees("quality_analyst", "/desk")
    listed = town.sees("manager", "/desk").partition("The plan by agent")[0].split()
    assert row["contact_key"] not in listed
    with m.open_centre(town.access.folder) as city:
        agent = drawn.contacts["agent_id"][0]
        left = quality.without_conflicts(city, drawn.contacts, agent)
        assert agent not in set(left["agent_id"])
        assert left.height == drawn.contacts.filter(drawn.contacts["agent_id"] != agent).height
        assert m.roster(city, during=drawn.during, scope=EVERYONE).height
