"""Pages that are kept as they were sent: shared only where everything that they follow from is the same."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
from dash import html

from dashboards import kept
from dashboards.kept import KeptPages
from dashboards.live import LiveCentre
from dashboards.shown import PAGES, shown
from metrics import Scope, language
from tests.dashboards.conftest import MANAGER, Client

OUTPUT = "..pages.children...bar.children...page.children.."


EVERYTHING = Scope.whole_centre()


@dataclass(frozen=True)
class Asked:
    """What `KeptPages` looks at of a scope's answers."""

    scope: Scope = EVERYTHING
    stamp: str = "7-20261114"
    is_checked: bool = True

    @property
    def centre(self) -> Any:
        return SimpleNamespace(stamp=self.stamp)


WHOLE: Any = Asked()
QUESTION = ("/", "day", "", True)


@pytest.fixture
def pages(tmp_path: Path) -> KeptPages:
    return KeptPages(tmp_path)


def made(pages: KeptPages, answers: Any, question: Any = QUESTION, *, by: str = "en") -> bool:
    """Whether a page was made for this question, and not sent as it was kept."""
    calls = count()
    with language.speaking(by):
        assert pages.page(answers, question, lambda: f"page{next(calls)}") == "page0"
    return next(calls) > 0


def test_what_one_worker_made_another_sends(pages: KeptPages, tmp_path: Path) -> None:
    assert made(pages, WHOLE)
    assert not made(KeptPages(tmp_path), WHOLE)


OTHERS: dict[str, Callable[[KeptPages], bool]] = {
    "one team": lambda pages: made(pages, replace(WHOLE, scope=Scope.of_teams("A"))),
    "nobody": lambda pages: made(pages, replace(WHOLE, scope=Scope.of_nobody())),
    "a team with the totals": lambda pages: made(pages, replace(WHOLE, scope=Scope.of_teams("A", sees_totals=True))),
    "one agent": lambda pages: made(pages, replace(WHOLE, scope=Scope.of_agent("A"))),
    "another snapshot": lambda pages: made(pages, replace(WHOLE, stamp="8-20261115")),
    "identities not checked yet": lambda pages: made(pages, replace(WHOLE, is_checked=False)),
    "another page": lambda pages: made(pages, WHOLE, ("/team", "day", "", True)),
    "another day": lambda pages: made(pages, WHOLE, ("/", "the day before", "", True)),
    "a part of it": lambda pages: made(pages, WHOLE, ("/", "day", "agents", True)),
    "who takes no tables away": lambda pages: made(pages, WHOLE, ("/", "day", "", False)),
    "another language": lambda pages: made(pages, WHOLE, by="es"),
}


def test_nothing_is_shared_where_rights_or_anything_else_differ(pages: KeptPages) -> None:
    made(pages, WHOLE)
    assert [other for other, is_made in OTHERS.items() if not is_made(pages)] == []
    # each of them was kept for itself
    assert [other for other, is_made in OTHERS.items() if is_made(pages)] == []


def test_another_program_or_definition_makes_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert made(KeptPages(tmp_path), WHOLE)
    (tmp_path / "metrics").mkdir()
    (tmp_path / "metrics" / "own.toml").write_text("# of the centre's own")
    assert made(KeptPages(tmp_path), WHOLE)
    monkeypatch.setattr(kept, "_program", lambda: "a newer one")
    assert made(KeptPages(tmp_path), WHOLE)


def test_of_many_who_ask_at_once_one_makes_it(tmp_path: Path) -> None:
    together, calls = Barrier(8), count()

    def ask(_: int) -> str:
        together.wait()
        return KeptPages(tmp_path).page(WHOLE, QUESTION, lambda: f"page{next(calls)}")

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(8))) == {"page0"}


def test_what_failed_is_not_kept(pages: KeptPages) -> None:
    def fail() -> str:
        raise RuntimeError("no such page")

    with pytest.raises(RuntimeError):
        pages.page(WHOLE, QUESTION, fail)
    assert made(pages, WHOLE)


def test_without_a_folder_pages_are_made_as_they_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "warehouse").write_text("a file stands where the folder would")
    pages = KeptPages(tmp_path)
    assert [made(pages, WHOLE), made(pages, WHOLE)] == [True, True]


def test_a_full_disk_costs_a_page_its_keeping_alone(pages: KeptPages) -> None:
    """Files may hold so much and no more: the page is shown, and nothing half written is left."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (2, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    try:
        assert [made(pages, WHOLE), made(pages, WHOLE)] == [True, True]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    assert [made(pages, WHOLE), made(pages, WHOLE)] == [True, False]
    assert not list(pages.folder.rglob("*.part"))


def test_the_oldest_make_room(pages: KeptPages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_BYTES", 40)
    monkeypatch.setattr(kept, "LOOKED_AT_EVERY", 12)
    for number in range(12):
        made(pages, WHOLE, number)
    assert len(list(pages.folder.rglob("*.json"))) == 4
    assert not made(pages, WHOLE, 11)


def test_pages_of_earlier_snapshots_go(pages: KeptPages) -> None:
    made(pages, WHOLE)
    later: Any = replace(WHOLE, stamp="8-20261115")
    pages.begin(later)
    assert made(pages, WHOLE)


def test_no_text_of_a_page_parts_it_from_its_bar() -> None:
    assert "\n" not in kept.as_text([html.P("two\nlines"), html.P("x")])


@pytest.mark.parametrize("path", sorted(path for path, page in PAGES.items() if page.is_kept and page.parts))
def test_what_is_sent_is_what_the_page_is_made_of(path: str, client: Client, live: LiveCentre) -> None:
    search = "?day=2026-11-10&metric=service_level&agent=A007&contact=1"
    fresh = shown(live, None, MANAGER, path, search)
    # what cannot be shown is told as ever, and the bar stands above it
    assert fresh.outcome in ("saw", "refused")
    browser = client("manager")
    browser.get("/")
    token = browser.get_cookie("_csrf_token")
    body = {
        "output": OUTPUT,
        "outputs": [{"id": name, "property": "children"} for name in ("pages", "bar", "page")],
        "inputs": [
            {"id": "address", "property": "pathname", "value": path},
            {"id": "address", "property": "search", "value": search},
        ],
        "changedPropIds": ["address.search"],
    }
    headers = {"X-CSRFToken": token.value if token else ""}
    for _ in range(2):
        sent = browser.post("/_dash-update-component", json=body, headers=headers).get_json()["response"]
        assert json.dumps(sent["bar"]["children"]) == json.dumps(json.loads(f"[{kept.as_text(fresh.bar)}]"))
        page = sent["page"]["children"]["props"]["children"]
        assert json.dumps(page) == json.dumps(json.loads(f"[{kept.as_text(fresh.page)}]"))
