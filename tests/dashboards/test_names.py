"""A name settled on the data page: written to the log, handed to the inbox, and credited anew by the next load."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import metrics as m
from dashboards.access import Access, accounts
from dashboards.access.audit import entries
from dashboards.app import create_app
from dashboards.desk.names import SettledName, settle, settled
from dashboards.desk.store import open_store
from etl.load import load
from metrics import WrongUse
from tests.conftest import NOW
from tests.dashboards.conftest import access_of, token_of
from tests.etl.sources.twin_city import load_twins, rows

HEADER = "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller"
CALL = "{},{},{},voice,inbound,{}T09:10:00-07:00,10,200,0,30,answered,"
CALLS = [
    ("C-1", "Q1", "4711", "2026-10-30"),
    ("C-2", "general", "4711", "2026-11-02"),
    ("C-3", "general", "ben", "2026-11-03"),
]
FILES = {
    "calls.csv": "\n".join([HEADER, *(CALL.format(*call) for call in CALLS), "C-4,general,ben,voice,inbound,noon,1,1,1,1,answered,+13035550199", ""]),
    "roster.csv": "agent_id,name,team,valid_from,valid_to\nana,Ana,red,2026-01-01,\nben,Ben,blue,2026-01-01,\n",
}  # fmt: skip
QUEUE = '\n[[queue]]\nid = "general"\nname = "General"\n'
AT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture(scope="module")
def unsettled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre in which one log-in and one queue are unknown, and one line was put aside."""
    folder = tmp_path_factory.mktemp("names") / "centre"
    load_twins(folder, {})
    with (folder / "centre.toml").open("a", encoding="utf-8") as settings:
        settings.write(QUEUE)
    load_twins(folder, FILES)
    return folder


@pytest.fixture(scope="module")
def door(unsettled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Access]:
    """Its gate, with a manager and an administrator."""
    access = access_of(unsettled, tmp_path_factory.mktemp("store"))
    for role in ("manager", "administrator"):
        accounts.add(access.store, f"demo-{role}", role, at=NOW)
    yield access
    access.store.close()


@pytest.fixture(scope="module")
def server(unsettled: Path, door: Access) -> Any:
    return create_app(unsettled, door).server


def visitor(server: Any, door: Access, role: str) -> tuple[FlaskClient, str]:
    """Somebody signed in, and the token of their forms."""
    found = server.test_client()
    found.set_cookie(door.cookie, token_of(door, role))
    found.get("/", headers={"Accept": "text/html"})
    token = found.get_cookie("_csrf_token")
    assert token is not None
    return found, token.value


REFUSED = [
    ({"name": "agent:nobody", "stands_for": "agent:ana"}, "not among the names"),
    ({"name": "agent:4711", "stands_for": "agent:eve"}, "not known here"),
    ({"name": "agent:4711", "stands_for": "queue:general"}, "of its own kind"),
    ({"name": "agent:4711", "stands_for": "agent:ana", "valid_from": "soon"}, "is not a day"),
    ({}, "of its own kind"),
    ({"name": "agent:", "stands_for": "agent:ana"}, "cannot be one and the same"),
]


@pytest.mark.parametrize(("form", "said"), REFUSED)
def test_what_cannot_be_settled_is_told_so(server: Any, door: Access, form: dict[str, str], said: str) -> None:
    client, token = visitor(server, door, "manager")
    answer = client.post("/settle-name", data={"csrf_token": token, **form})
    assert (answer.status_code, said in answer.text) == (400, True)
    assert settled(door.store) == []


def test_who_sees_nobody_settles_no_name_of_a_person(server: Any, door: Access) -> None:
    client, token = visitor(server, door, "administrator")
    form = {"csrf_token": token, "name": "agent:4711", "stands_for": "agent:ana"}
    assert client.post("/settle-name", data=form).status_code == 400


def test_a_name_settled_on_the_page_is_credited_by_the_next_load(server: Any, door: Access, unsettled: Path) -> None:
    client, token = visitor(server, door, "manager")
    form = {"csrf_token": token, "name": "agent:4711", "stands_for": "agent:ana", "valid_from": "2026-11-01"}
    assert client.post("/settle-name", data=form).status_code == 302
    last = next(row for row in entries(door.store, most=5) if row["what"] == "settled name")
    assert (last["who"], last["about"]) == ("demo-manager", "agent 4711 stands for ana from 1 November 2026")
    assert [result.verdict for result in load(unsettled, [], now=NOW) if result.file == "desk_names.csv"] == [
        "accepted"
    ]
    assert rows(unsettled, "leg", "source_key", "agent_id") == [("C-1", "4711"), ("C-2", "ana"), ("C-3", "ben")]


def test_a_queue_of_its_own_is_known_from_the_next_load_on(server: Any, door: Access, unsettled: Path) -> None:
    client, token = visitor(server, door, "administrator")
    form = {"csrf_token": token, "name": "queue:", "stands_for": "queue:"}
    assert client.post("/settle-name", data=form).status_code == 302
    last = next(row for row in entries(door.store, most=5) if row["what"] == "settled name")
    assert last["about"] == "queue Q1 stands for Q1"
    load(unsettled, [], now=NOW)
    with m.open_centre(unsettled) as centre:
        assert m.unmapped(centre)["queue"].is_empty()
    assert rows(unsettled, "leg", "source_key", "queue_id")[0] == ("C-1", "Q1")


def test_the_last_word_on_a_name_counts_and_the_earlier_ones_are_kept(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    inbox = tmp_path / "inbox"
    for meant in ("ana", "ben"):
        path = settle(store, inbox, [SettledName("agent", "4711", meant, date(2026, 11, 1))], by="morgan", at=AT)
    with path.open(encoding="utf-8") as file:
        assert [(row["name"], row["stands_for"], row["valid_from"]) for row in csv.DictReader(file)] == [
            ("4711", "ben", "2026-11-01")
        ]
    assert [(row["stands_for"], row["settled_by"]) for row in settled(store)] == [("ben", "morgan")]
    store.close()


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 201])
def test_what_is_no_name_is_not_taken(tmp_path: Path, name: str) -> None:
    store = open_store(tmp_path)
    with pytest.raises(WrongUse, match="1 to 200"):
        settle(store, tmp_path, [SettledName("queue", name, "general")], by="morgan", at=AT)
    store.close()


def test_lines_that_were_put_aside_are_read_by_whom_may_and_blotted_out(unsettled: Path) -> None:
    with m.open_centre(unsettled) as centre:
        frame = m.put_aside_lines(centre, most=10)
    assert frame.height == 1
    assert "C-4,general,ben" in frame["raw"][0]
    assert "3035550199" not in frame["raw"][0]
