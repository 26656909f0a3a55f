"""The 24 classes of flaws that trusted dashboards had once, each tried here; numbers as in docs/security.md."""

from __future__ import annotations

import ast
import json
import logging
import re
import socket
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from dash import Dash
from flask.testing import FlaskClient

import metrics as m
from dashboards.access import Access, accounts, entries, sessions
from dashboards.access.gate import own_path
from dashboards.access.keys import web_keys
from dashboards.access.roles import role_named
from dashboards.app import create_app
from dashboards.live import LiveCentre
from dashboards.pages import day
from dashboards.shown import shown
from dashboards.view import View
from metrics import WrongUse
from metrics.export import frame_text, write_workbook
from tests.dashboards.access.conftest import PASSWORD
from tests.dashboards.conftest import SECRET, Client, access_of, token_of, viewer_in
from tests.dashboards.shown_text import text_of
from tests.dashboards.test_pages import DAY, DURING, EVERYONE

OURS = ("dashboards", "metrics", "reports", "sql", "etl")
ROOT = Path(__file__).parents[3]
SHOW = "..pages.children...bar.children...page.children.."
HTML = {"Accept": "text/html"}


def token_for_forms(client: FlaskClient) -> str:
    """The token that pages hand out and callbacks send back."""
    client.get("/", headers=HTML)
    cookie = client.get_cookie("_csrf_token")
    assert cookie is not None
    return str(cookie.value)


def call(client: FlaskClient, path: str = "/", search: str = f"?day={DAY}", **headers: str) -> Any:
    """The callback that shows a page, as the browser sends it."""
    inputs = [
        {"id": "address", "property": "pathname", "value": path},
        {"id": "address", "property": "search", "value": search},
    ]
    outputs = [{"id": name, "property": "children"} for name in ("pages", "bar", "page")]
    body = {"output": SHOW, "outputs": outputs, "inputs": inputs, "changedPropIds": ["address.pathname"]}
    return client.post("/_dash-update-component", json=body, headers=headers)


def source_files() -> list[Path]:
    return [path for folder in OURS for path in (ROOT / folder).rglob("*.py")]


# 1, 2, 5 and 17 besides: test_sign_in.py (weak secret, ends of a session), test_matrix.py (strangers, roles)


def test_01_no_application_without_a_strong_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FAIRLINE_SECRET", raising=False)
    with pytest.raises(WrongUse, match="no secret"):
        web_keys(tmp_path)


def test_02_the_first_account_cannot_be_made_over_the_web(app: Dash, client: Client) -> None:
    rules = " ".join(rule.rule for rule in app.server.url_map.iter_rules())
    assert not re.search(r"setup|install|register|signup|token|snapshot|avatar", rules)
    assert client("").get("/health").text == "OK"


def test_03_no_word_of_a_request_widens_what_is_seen(client: Client, access: Access, city: m.Centre) -> None:
    own = viewer_in(access, "agent").person
    wide = client("agent").get(
        f"/contacts.csv?day={DAY}&metric=legs_handled&role=manager&scope=all&agents=*&team=&viewer=demo-manager",
        headers={"X-Remote-User": "demo-manager", "X-Forwarded-User": "demo-manager"},
    )
    mine = m.rows(city, "legs_handled", during=DURING, scope=m.Scope.of_agent(str(own)))
    assert len(wide.text.splitlines()) == mine.height + 1


def test_04_a_guessed_id_is_refused_and_stands_in_the_log(access: Access, client: Client) -> None:
    agent = client("agent")
    token = token_for_forms(agent)
    for search in ("?contact=1", "?contact=-1", "?contact=1%20or%201=1"):
        answer = call(agent, "/contact", search, **{"X-CSRFToken": token})
        assert "This cannot be shown" in json.dumps(answer.json)
        assert entries(access.store, most=1)[0]["what"] == "refused /contact"


@pytest.mark.parametrize("order", [("agent", "manager"), ("manager", "agent")])
def test_05_two_who_ask_the_same_never_share_an_answer(
    live: LiveCentre, access: Access, order: tuple[str, str]
) -> None:
    search = f"?day={DAY}&metric=legs_handled"
    told = {role: text_of(shown(live, access, viewer_in(access, role), "/figure", search).page) for role in order}
    assert told["agent"] != told["manager"]
    again = {role: text_of(shown(live, access, viewer_in(access, role), "/figure", search).page) for role in order}
    assert again == told


def test_06_and_07_no_page_sends_mail_and_nothing_is_public(app: Dash) -> None:
    rules = " ".join(rule.rule for rule in app.server.url_map.iter_rules())
    assert not re.search(r"share|public|embed|subscri|mail", rules)
    # scheduled mail is a command of its own, which attaches no paper that names people (tests/reports/test_deliver.py)
    senders = {path.name for path in source_files() if imports(path) & {"smtplib", "aiosmtplib", "flask_mail"}}
    assert senders == {"post.py"}
    assert not any("reports" in imports(path) for path in source_files() if "dashboards" in path.parts)


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


INJECTED = ["water' or '1'='1", 'water"; drop table lake.contact; --', "$allowed_team", "'); copy (select 1) to 'x"]


@pytest.mark.parametrize("value", INJECTED)
def test_08_a_value_is_bound_and_a_name_is_checked(city: m.Centre, value: str) -> None:
    narrowed = m.measure(city, ["contacts_offered"], during=DURING, where={"queue": [value]}, scope=EVERYONE)
    assert narrowed["value"][0] in (None, 0)
    with pytest.raises(WrongUse):
        m.measure(city, [value], during=DURING, scope=EVERYONE)
    with pytest.raises(WrongUse):
        m.measure(city, ["contacts_offered"], by=[value], during=DURING, scope=EVERYONE)


def test_08_a_nul_does_not_reach_the_catalogue(city: m.Centre) -> None:
    with pytest.raises(WrongUse, match="NUL"):
        m.measure(city, ["contacts_offered"], during=DURING, where={"queue": ["water\0' or 1=1"]}, scope=EVERYONE)


# what the engine of the web could be told to do to the machine
TOLD = [
    "from read_csv('{root}/README.md')",
    "from read_text('{root}/README.md')",
    "from glob('{root}/*')",
    "from sniff_csv('{root}/README.md')",
    "from read_text('{secret}')",
    "copy (select 1) to '{root}/taken.csv'",
    "attach '{root}/other.db'",
    "install httpfs",
    "load httpfs",
    "set memory_limit = '99GB'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "set allowed_directories = ['/']",
    "create secret s (type s3)",
    "create table lake.mine (a integer)",
    "delete from lake.contact",
]


def test_08_and_22_the_engine_of_the_web_reads_the_warehouse_and_nothing_else(live: LiveCentre) -> None:
    centre = live.answers(EVERYONE).centre
    places = {"root": ROOT, "secret": centre.folder / "secrets" / "caller.key"}
    for told in TOLD:
        with pytest.raises(duckdb.Error):
            centre.warehouse.frame(told.format(**places))
    assert m.rows(centre, "service_level", during=DURING, scope=EVERYONE).height > 0


TEMPLATES = ["{{7*7}}", "{% for x in ().__class__.__base__.__subclasses__() %}", "${7*7}", "<%= 7*7 %>", "#{7*7}"]
SCRIPTS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "</title><svg onload=alert(1)>",
]


@pytest.mark.parametrize("name", [*TEMPLATES, *SCRIPTS])
def test_09_and_10_what_is_typed_is_text_at_the_door(client: Client, name: str) -> None:
    stranger = client("")
    form = stranger.get("/sign-in").text
    token = re.search(r'csrf_token" value="([^"]+)', form)
    assert token is not None
    answer = stranger.post("/sign-in", data={"name": name, "password": "x", "next": name, "csrf_token": token[1]})
    assert answer.status_code == 401
    assert "49" not in re.sub(r"csrf_token[^>]+", "", answer.text)
    assert name not in answer.text


def test_10_nothing_written_by_people_is_taken_for_html() -> None:
    dangerous = re.compile(r"dangerously_allow_html|Markdown\(|innerHTML|document\.write|eval\(|\|\s*safe\b|Markup\(")
    found = [
        f"{path.name}: {hit}"
        for path in [
            *(ROOT / "dashboards").rglob("*.py"),
            *(ROOT / "dashboards").rglob("*.js"),
            *(ROOT / "dashboards").rglob("*.html"),
        ]
        for hit in dangerous.findall(path.read_text(encoding="utf-8"))
    ]
    assert found == []


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("headers", FOREIGN)
def test_11_another_site_changes_nothing_even_with_the_token(client: Client, headers: dict[str, str]) -> None:
    manager = client("manager")
    token = token_for_forms(manager)
    assert call(manager, **{"X-CSRFToken": token}).status_code == 200
    assert call(manager, **{"X-CSRFToken": token, **headers}).status_code == 403
    assert manager.post("/sign-out", data={"csrf_token": token}, headers=headers).status_code == 403


def test_11_nothing_is_done_without_the_token_or_with_anothers(client: Client) -> None:
    manager, other = client("manager"), client("supervisor")
    foreign = token_for_forms(other)
    assert call(manager).status_code == 400
    assert call(manager, **{"X-CSRFToken": foreign}).status_code == 400
    assert manager.post("/sign-out").status_code == 400
    assert client("").post("/sign-in", data={"name": "a", "password": "b"}).status_code == 400


def test_12_no_request_goes_out(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise AssertionError("something was asked for over the network")

    monkeypatch.setattr(socket.socket, "connect", refuses)
    manager = client("manager")
    token = token_for_forms(manager)
    assert call(manager, **{"X-CSRFToken": token}).status_code == 200
    assert manager.get(f"/contacts.xlsx?day={DAY}&metric=service_level").status_code == 200


CLIMBING = [
    "/assets/../app.py", "/assets/..%2fapp.py", "/assets/%2e%2e/app.py", "/assets//etc/passwd", "/assets/%00", "/assets/..\\app.py",
    "/_dash-component-suites/dash/../../app.py", "/_dash-component-suites/dashboards/app.py", "/contacts.csv%00.txt",
    "/contacts.../../x",
]  # fmt: skip


@pytest.mark.parametrize("path", CLIMBING)
def test_13_no_path_climbs_out(client: Client, path: str) -> None:
    answer = client("manager").get(path)
    assert "import annotations" not in answer.text
    assert "root:" not in answer.text
    assert answer.status_code in (200, 400, 404, 500)
    if answer.status_code == 200:  # Dash's own document, which knows no such page
        assert "_dash-app-content" in answer.text or "react-entry-point" in answer.text
    assert "Traceback" not in answer.text


NEXT = [
    ("//evil.example", "/"), ("/\\evil.example", "/"), ("https://evil.example", "/"), ("\\\\evil.example", "/"),
    ("javascript:alert(1)", "/"), ("/\t/evil.example", "/"), (" /team", "/"), ("", "/"), (None, "/"), ("evil", "/"),
    ("/team?day=2026-11-10", "/team?day=2026-11-10"),
]  # fmt: skip


@pytest.mark.parametrize(("target", "expected"), NEXT)
def test_14_after_signing_in_one_stays_here(target: str | None, expected: str) -> None:
    assert own_path(target) == expected


def test_14_another_host_is_not_believed(tmp_path: Path, loaded_city: Path) -> None:
    access = access_of(loaded_city, tmp_path, is_demo=False)
    served = create_app(loaded_city, access).server.test_client()
    assert served.get("/sign-in").status_code == 200
    for host in ("evil.example", "[::1", "127.0.0.1.evil.example", "evil@127.0.0.1:x"):
        assert served.get("/sign-in", headers={"Host": host}).status_code == 400, host
    access.store.close()


# 15 and 16: test_oidc.py and test_sign_in.py (identity is issuer and subject; nobody who signs in elsewhere has a password)


def test_17_signing_out_ends_the_session_and_not_only_the_cookie(client: Client, access: Access) -> None:
    manager = client("manager")
    token = token_for_forms(manager)
    cookie = manager.get_cookie(access.cookie)
    assert cookie is not None
    assert manager.post("/sign-out", data={"csrf_token": token}).status_code == 302
    manager.set_cookie(access.cookie, cookie.value)
    assert manager.get("/_dash-layout").status_code == 401


def test_17_signing_in_begins_under_a_new_token(gate: Access) -> None:
    account = accounts.add(gate.store, "ann", "manager", at=gate.clock(), password=PASSWORD)
    tokens = {sessions.begin(gate.store, gate.keys, account, at=gate.clock()) for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) >= 43 for token in tokens)


def test_18_no_secret_and_no_row_stands_in_an_answer_or_in_the_log(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, access: Access
) -> None:
    caplog.set_level(logging.DEBUG)
    planted = "Jane Roe, 303-555-0100"

    def fails(*_: object, **__: object) -> Any:
        raise RuntimeError(planted)

    monkeypatch.setattr(View, "from_search", fails)
    manager = client("manager")
    token = token_for_forms(manager)
    answers = [
        call(manager, **{"X-CSRFToken": token}),
        manager.get(f"/contacts.csv?day={DAY}"),
        manager.get("/_dash-layout"),
        manager.post(
            "/_dash-update-component", data="{", headers={"X-CSRFToken": token, "Content-Type": "application/json"}
        ),
        manager.post("/_dash-update-component", json={"output": planted}, headers={"X-CSRFToken": token}),
    ]
    told = " ".join([caplog.text, *(answer.text for answer in answers), *(str(answer.headers) for answer in answers)])
    for word in (planted, SECRET, access.keys.of("forms").hex()):
        assert word not in told
    assert "Traceback" not in " ".join(answer.text for answer in answers)
    assert [answer.status_code for answer in answers[3:]] == [400, 400]
    assert answers[1].status_code == 500


@pytest.mark.parametrize("role", ["auditor", "administrator", "records_officer"])
def test_19_who_sees_no_people_is_told_no_names(client: Client, city: m.Centre, role: str) -> None:
    signed_in = client(role)
    told = signed_in.get("/_dash-layout").text + signed_in.get("/_dash-dependencies").text
    home = call(signed_in, "/", "", **{"X-CSRFToken": token_for_forms(signed_in)}).text
    people = m.roster(city, during=DURING, scope=EVERYONE)
    for column in ("name", "team"):
        assert [name for name in set(people[column]) if name in told + home] == []


# 20: test_audit.py (names that end a line or colour it)


def test_20_a_path_that_is_logged_stays_in_its_line(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(day, "page", None)
    monkeypatch.setattr(View, "from_search", lambda *_, **__: 1 / 0)
    client("manager").get("/contacts.csv?x=1")
    call(client("manager"), "/team\nERROR forged")
    assert "\nERROR forged" not in caplog.text


def test_21_nothing_is_unpickled() -> None:
    forbidden = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "jsonpickle", "diskcache", "joblib"}
    found = {path.name: hit for path in source_files() if (hit := imports(path) & forbidden)}
    assert found == {}


def test_23_a_hundred_at_once_each_get_their_own(app: Dash, access: Access) -> None:
    names = ["manager", "supervisor", "agent", "auditor", "records_officer"]
    tokens = {role: token_of(access, role) for role in names}

    def ask(number: int) -> tuple[str, str]:
        role = names[number % len(names)]
        client = app.server.test_client()
        client.set_cookie(access.cookie, tokens[role])
        form = token_for_forms(client)
        return role, call(client, "/my-record", "", **{"X-CSRFToken": form}).text

    with ThreadPoolExecutor(20) as pool:
        for role, told in pool.map(ask, range(100)):
            # who is signed in stands above the page; on the page of the agent's record stand those who opened it
            signed_in = re.findall(r"(Manager|Supervisor|Agent|Auditor|Records officer) \(demo\)", told)
            assert signed_in == [role_named(role).title]


def test_24_no_cell_of_an_export_is_a_formula(tmp_path: Path) -> None:
    cells = ["=1+1", "+1+1", "-1+1", "@sum(1)", "\t=1", "=HYPERLINK(1)", " =1", "|cmd"]
    frame = pl.DataFrame({"name": cells})
    assert pl.read_csv(frame_text(frame, "csv").encode())["name"].to_list() == [f"'{cell}" for cell in cells]
    write_workbook(frame, tmp_path / "rows.xlsx")
    with zipfile.ZipFile(tmp_path / "rows.xlsx") as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
