"""The matrix of who may see what, tried: every page, address, export and callback by every role, own and foreign."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient

import metrics as m
from dashboards import desk
from dashboards.access import Access, roles
from dashboards.access.audit import entries
from dashboards.app import BUNDLE_ADDRESS
from dashboards.desk.deeds import DEEDS
from dashboards.live import LiveCentre
from dashboards.pages import my_record
from dashboards.shown import PAGES, WHOLE, Shown, shown
from metrics import quality
from metrics.quality import Answer
from tests.dashboards.conftest import Client, viewer_in
from tests.dashboards.shown_text import text_of
from tests.dashboards.test_pages import DAY, DURING, EVERYONE

MATRIX: dict[str, Any] = tomllib.loads((Path(__file__).parents[2] / "access_matrix.toml").read_text(encoding="utf-8"))
HTML = {"Accept": "text/html"}
# addresses that Fairline has only where its smaller Plotly bundle was fetched
SOMETIMES = {BUNDLE_ADDRESS}


@dataclass(frozen=True)
class Person:
    """Somebody with a contact that they alone took, and a released evaluation of it."""

    agent: str
    contact: str
    evaluation: str


@dataclass(frozen=True)
class People:
    """Somebody of the demo's team, and somebody of another with the name."""

    mine: Person
    theirs: Person
    foreign_name: str

    @property
    def own(self) -> str:
        """The demo's agent."""
        return self.mine.agent

    @property
    def foreign(self) -> str:
        """Somebody of another team."""
        return self.theirs.agent


@pytest.fixture(scope="module")
def people(loaded_city: Path, access: Access) -> People:
    """Taken from the roster and the contacts of the day."""
    with m.open_centre(loaded_city) as city:
        own = str(viewer_in(access, "agent").person)
        everybody = m.roster(city, during=DURING, scope=EVERYONE)
        team = everybody.filter(agent_id=own)["team"][0]
        # whoever was in the team before is no stranger to it
        ever = m.roster(city, during=m.data_span(city) or DURING, scope=EVERYONE)
        others = set(everybody["agent_id"]) - set(ever.filter(ever["team"] == team)["agent_id"])
        taken = m.rows(city, "contacts_answered", during=DURING, scope=EVERYONE)
        per_contact = {number: set(part["agent"]) for (number,), part in taken.group_by(["contact_id"])}
        mine = next(number for number, agents in per_contact.items() if agents == {own})
        foreign, theirs = next(
            (next(iter(agents)), number)
            for number, agents in per_contact.items()
            if agents <= others and _told_of(city, number) <= others
        )
        name = everybody.filter(agent_id=foreign)["name"][0]
        return People(
            Person(own, str(mine), released(access, city, mine, own)),
            Person(str(foreign), str(theirs), released(access, city, theirs, str(foreign))),
            str(name),
        )


def released(access: Access, city: m.Centre, number: Any, agent: str) -> str:
    """A released evaluation of somebody's part in a contact, by an evaluator who is none of them."""
    one = m.contact(city, number, scope=EVERYONE).contact
    contact = desk.Contact(one["source_id"], one["source_key"], one["ended_at"], agent)
    form = quality.form(city, "phone-311", "1")
    best = [Answer(item.id, item.most) for item in form.items if item.is_scored and item.id != "emergency"]
    row = desk.open_evaluation(
        access.store, form, contact, desk.Evaluator("E-9"), selection="random", at=access.clock()
    )
    kept = desk.save(
        access.store, row["evaluation_id"], [*best, Answer("emergency_present", value="no")],
        revision=row["revision"], by="E-9", at=access.clock(),
    )  # fmt: skip
    desk.submit(access.store, form, row["evaluation_id"], revision=kept, by="E-9", at=access.clock())
    desk.release(access.store, row["evaluation_id"], by="lead", at=access.clock())
    return str(row["evaluation_id"])


def _told_of(city: m.Centre, number: Any) -> set[str]:
    return {leg["agent_id"] for leg in m.contact(city, number, scope=EVERYONE).legs if leg["agent_id"]}


# ---- the matrix is whole ---------------------------------------------------------------------------------------------


def test_every_page_export_callback_and_address_has_its_line(app: Dash) -> None:
    rules = {rule.rule for rule in app.server.url_map.iter_rules()}
    exports = {rule for rule in rules if rule.startswith(("/contacts.", "/records.", "/packet.", "/table."))}
    there = {
        "page": set(PAGES), "export": exports, "callback": set(app.callback_map), "address": rules | SOMETIMES,
        "deed": {"/settle-name", *(f"/desk/{name}" for name in DEEDS)},
    }  # fmt: skip
    for kind, names in there.items():
        assert set(MATRIX[kind]) == names, f"tests/access_matrix.toml does not name each {kind} once"


def test_every_line_has_a_word_for_every_role() -> None:
    lines = [(name, line) for kind in ("page", "export", "callback", "deed") for name, line in MATRIX[kind].items()]
    assert [name for name, line in lines if set(line) not in ({*roles()}, {"everybody"})] == []


# ---- strangers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", MATRIX["address"])
def test_a_stranger_is_let_in_nowhere_but_at_the_door(client: Client, rule: str) -> None:
    expected = MATRIX["address"][rule]["nobody"]
    path = rule.replace("<form>", "csv").replace("<path:path>", "team").replace("<name>", "demo-manager")
    path = (
        path.replace("<deed>", "release")
        .replace("<path:filename>", "fairline.js")
        .replace("<string:package_name>", "dash")
    )
    stranger = client("")
    posts = rule in (
        "/_dash-update-component",
        "/sign-out",
        "/language",
        "/demo/<name>",
        "/desk/<deed>",
        *MATRIX["deed"],
    )
    answer = stranger.post(path, json={}) if posts else stranger.get(path, headers=HTML if expected == 302 else {})
    assert answer.status_code == expected
    if expected == 302:
        assert answer.headers["Location"].startswith("/sign-in")


# ---- pages -----------------------------------------------------------------------------------------------------------

CASES = [(path, role, word) for path, line in MATRIX["page"].items() for role, word in line.items()]
# what an address asks for, of somebody's own or of somebody else
ASKS = {
    "/": "?day={day}",
    "/team": "?day={day}&span=day",
    "/agent": "?day={day}&span=day&agent={agent}",
    "/figure": "?day={day}&metric=legs_handled&agent={agent}",
    "/contacts": "?day={day}&metric=legs_handled&agent={agent}",
    "/contact": "?day={day}&contact={contact}",
    "/evaluation": "?evaluation={evaluation}",
    "/coaching": "?agent={agent}",
}


def at(live: LiveCentre, access: Access, role: str, path: str, one: Person) -> Shown:
    search = ASKS.get(path, "?day={day}").format(
        day=DAY, agent=one.agent, contact=one.contact, evaluation=one.evaluation
    )
    return shown(live, access, viewer_in(access, role), path, search, WHOLE)


@pytest.mark.parametrize(("path", "role", "word"), CASES, ids=[f"{path} {role}" for path, role, _ in CASES])
def test_a_page_opens_to_whom_the_matrix_says(
    live: LiveCentre, access: Access, people: People, path: str, role: str, word: str
) -> None:
    own, foreign = (at(live, access, role, path, one) for one in (people.mine, people.theirs))
    told = text_of(foreign.page)
    if word == "no":
        assert (own.outcome, foreign.outcome) == ("refused", "refused")
        assert "Not yours to see" in told
        return
    assert own.outcome == "saw"
    if word == "home":
        home = at(live, access, role, roles()[role].home, people.mine)
        assert text_of(own.page[0]).split()[:2] == text_of(home.page[0]).split()[:2]
    elif word == "own":
        assert people.foreign_name not in told
        assert SAYS_NOTHING.get(path, "") in told
    elif word == "all":
        assert foreign.outcome == "saw"
        assert path not in SAYS_NOTHING or SAYS_NOTHING[path] not in told


# what a page says of somebody of whom it may say nothing
SAYS_NOTHING = {
    "/agent": "that you may see",
    "/evaluation": "that you may see",
    "/coaching": "that you may see",
    "/contact": "that you may see",
    "/contacts": ": 0 rows",
    "/figure": "no data",
}


@pytest.mark.parametrize("role", [role for role, word in MATRIX["page"]["/"].items() if word == "own"])
def test_names_of_others_stand_in_no_list(live: LiveCentre, access: Access, city: m.Centre, role: str) -> None:
    viewer = viewer_in(access, role)
    everybody = m.roster(city, during=DURING, scope=EVERYONE)
    led = everybody.filter(supervisor=viewer.person)
    strangers = set(everybody["name"]) - set(led["name"])
    for path in ("/", "/team"):
        found = shown(live, access, viewer, path, f"?day={DAY}&span=day", WHOLE)
        told = text_of([*found.bar, *found.page])
        assert [name for name in strangers if name in told] == []
        assert [team for team in set(everybody["team"]) - set(led["team"]) if team in text_of(found.bar)] == []


# ---- exports and callbacks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", MATRIX["export"]["/contacts.<form>"])
def test_an_export_holds_what_the_matrix_says(client: Client, people: People, access: Access, role: str) -> None:
    word = MATRIX["export"]["/contacts.<form>"][role]
    ask = f"/contacts.csv?day={DAY}&metric=legs_handled&agent="
    own, foreign = client(role).get(ask + people.own), client(role).get(ask + people.foreign)
    if word == "no":
        assert (own.status_code, foreign.status_code) == (403, 403)
        assert "refused contacts" in {row["what"] for row in entries(access.store, most=3)}
        return
    assert len(own.text.splitlines()) > 1
    assert (len(foreign.text.splitlines()) > 1) is (word == "all")
    last = entries(access.store, most=1)[0]
    assert (last["what"], last["about"], last["count"]) == (
        "took contacts.csv", people.foreign, len(foreign.text.splitlines()) - 1,
    )  # fmt: skip


@pytest.mark.parametrize("role", MATRIX["export"]["/packet.pdf"])
def test_a_packet_is_made_for_whom_the_matrix_says_and_its_agent_sees_that(
    client: Client, people: People, access: Access, role: str
) -> None:
    word = MATRIX["export"]["/packet.pdf"][role]
    ask = f"/packet.pdf?day={DAY}&span=week&agent="
    own, foreign = client(role).get(ask + people.own), client(role).get(ask + people.foreign)
    if word == "no":
        assert (own.status_code, foreign.status_code) == (403, 403)
        return
    assert (own.status_code, own.data[:4]) == (200, b"made")
    assert foreign.status_code == (200 if word == "all" else 400)
    written = {(row["what"], row["about"]) for row in entries(access.store, most=2)}
    outcome = "took packet.pdf" if word == "all" else "refused packet"
    assert written == {("took packet.pdf", people.own), (outcome, people.foreign)}
    seen = text_of(my_record.page(access, viewer_in(access, "agent")))
    assert role == "agent" or f"demo-{role}" in seen


@pytest.mark.parametrize("role", MATRIX["export"]["/records.zip"])
def test_the_public_record_is_handed_to_records_officers(client: Client, role: str) -> None:
    expected = 200 if MATRIX["export"]["/records.zip"][role] == "yes" else 403
    assert client(role).get("/records.zip").status_code == expected


@pytest.mark.parametrize("role", roles())
def test_a_later_part_and_a_table_open_to_whom_their_page_does(client: Client, role: str) -> None:
    caller = client(role)
    answer = caller.post(
        "/_dash-update-component", json=_part("/team", "compared"), headers={"X-CSRFToken": _token(caller)}
    )
    table = caller.get(f"/table.csv?page=/team&table=everybody-by-name&day={DAY}&span=day")
    if MATRIX["page"]["/team"][role] == "no":
        assert "Not yours to see" in answer.text
        assert table.status_code == 403
    else:
        assert "Everybody, by name" in answer.text
        assert table.text.lstrip("\ufeff").startswith("Agent,Team")


def test_whose_first_page_is_another_is_written_down_there(client: Client, access: Access) -> None:
    caller = client("agent")
    caller.post("/_dash-update-component", json=_part("/", "compared"), headers={"X-CSRFToken": _token(caller)})
    assert entries(access.store, most=1)[0]["what"] == "saw /agent: compared"


def _token(caller: FlaskClient) -> str:
    caller.get("/", headers=HTML)
    token = caller.get_cookie("_csrf_token")
    assert token is not None
    return token.value


def _part(path: str, name: str) -> dict[str, Any]:
    place = {"part": name}
    return {
        "output": '{"part":["MATCH"]}.children',
        "outputs": {"id": place, "property": "children"},
        "inputs": [{"id": place, "property": "id", "value": place}],
        "state": [
            {"id": "address", "property": "pathname", "value": path},
            {"id": "address", "property": "search", "value": f"?day={DAY}&span=day"},
        ],
        "changedPropIds": [],
    }


@pytest.mark.parametrize("role", MATRIX["deed"]["/settle-name"])
def test_a_name_is_settled_by_whom_the_matrix_says(client: Client, role: str) -> None:
    caller = client(role)
    form = {"csrf_token": _token(caller), "name": "queue:nowhere", "stands_for": "queue:water"}
    answer = caller.post("/settle-name", data=form)
    # nobody may say of a name that the data does not hold
    expected = (
        (400, "not among the names") if MATRIX["deed"]["/settle-name"][role] == "yes" else (403, "does not settle")
    )
    assert (answer.status_code, expected[1] in answer.text) == (expected[0], True)


# ---- deeds at the desk -----------------------------------------------------------------------------------------------

DEED_CASES = [
    (name.removeprefix("/desk/"), role, word)
    for name, line in MATRIX["deed"].items()
    if name.startswith("/desk/")
    for role, word in line.items()
]
# deeds about somebody: what they are sent of another's record, and what is answered to whom may not
ABOUT: dict[str, dict[str, str]] = {
    "open": {"contact": "{contact}", "agent": "{agent}"},
    "release": {"evaluation": "{evaluation}"},
    "acknowledge": {"evaluation": "{evaluation}"},
    "dispute": {"evaluation": "{evaluation}", "reason": "no"},
    "save": {"evaluation": "{evaluation}", "revision": "0"},
    "submit": {"evaluation": "{evaluation}", "revision": "0"},
    "note": {"agent": "{agent}", "kind": "note", "text": ""},
}


@pytest.mark.parametrize(("deed", "role", "word"), DEED_CASES, ids=[f"{name} {role}" for name, role, _ in DEED_CASES])
def test_a_deed_is_done_for_whom_the_matrix_says(
    client: Client, people: People, access: Access, deed: str, role: str, word: str
) -> None:
    one = people.theirs
    sent = {name: value.format(**one.__dict__) for name, value in ABOUT.get(deed, {}).items()}
    answer = posted(client(role), deed, sent)
    if word == "no":
        assert (answer.status_code, answer.json["words"]) == (403, "Your role does not do this.")
        assert entries(access.store, most=1)[0]["what"] == f"refused {deed}"
        return
    # nothing that is sent here is enough to be done: it is refused, but not for what the role is
    assert answer.status_code == 400
    if deed in ABOUT:
        assert ("that you may see" in answer.json["words"]) is (word == "own")


def posted(caller: FlaskClient, deed: str, sent: dict[str, Any]) -> Any:
    """What is answered to a deed, sent as the pages send it."""
    return caller.post(f"/desk/{deed}", json=sent, headers={"X-CSRFToken": _token(caller)})


def test_a_deed_without_the_token_of_the_form_is_refused(client: Client, people: People) -> None:
    caller = client("manager")
    caller.get("/", headers=HTML)
    assert caller.post("/desk/release", json={"evaluation": people.mine.evaluation}).status_code == 400
    assert posted(caller, "nothing", {}).status_code == 404
