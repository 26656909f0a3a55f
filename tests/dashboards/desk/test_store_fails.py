"""The desk's database is full or away: what was begun is not there, it is said so, and afterwards all goes on."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from dashboards.access import audit
from dashboards.access.keys import Keys
from dashboards.desk.store import Store, StoreFailed, open_store, record
from tests.conftest import NOW
from tests.dashboards.conftest import SECRET, Client

KEYS = Keys(SECRET.encode())


def write(store: Store, subject: str, detail: str = "") -> None:
    with store.changing() as connection:
        record(connection, who="ann", what="wrote", subject=subject, at=NOW, detail=detail)


def test_on_a_full_disk_a_deed_is_whole_or_not_there(tmp_path: Path) -> None:
    """Files may hold so much and no more, as on a disk without room."""
    store = open_store(tmp_path)
    write(store, "before")
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, limit[1]))
    try:
        with pytest.raises(StoreFailed, match="no room for what is entered; nothing was changed"):
            write(store, "too long", "x" * 1_000_000)
        with pytest.raises(audit.LogFailed):
            audit.append(store, KEYS, audit.Deed("ann", "manager", "saw /"), at=NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    write(store, "after")
    assert [len(store.history(subject)) for subject in ("before", "too long", "after")] == [1, 0, 1]
    audit.append(store, KEYS, audit.Deed("ann", "manager", "saw /"), at=NOW)
    assert audit.verify(store, KEYS).faults == ()
    store.close()


AWAY = OperationalError("select", {}, Exception("the connection was refused, with a secret in its address"))


def test_while_it_is_away_nobody_is_let_in_and_it_is_said_why(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = client("manager")

    def refuse(*_: object) -> None:
        raise AWAY

    assert browser.get("/health").status_code == 200
    with monkeypatch.context() as patch:
        patch.setattr("sqlalchemy.engine.Engine.connect", refuse)
        answer = browser.get("/", headers={"Accept": "text/html"})
        assert (answer.status_code, answer.text) == (
            503,
            "The desk's database does not answer; nothing was changed. Try again in a moment.\n",
        )
    assert browser.get("/", headers={"Accept": "text/html"}).status_code == 200
