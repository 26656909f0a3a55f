"""What every answer says to a browser, what the start refuses, and what happens when the log cannot be written."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from dashboards.access import Access, accounts
from dashboards.access.settings import AccessSettings
from dashboards.app import create_app
from metrics import WrongUse
from tests.dashboards.access.test_past_flaws import call, token_for_forms
from tests.dashboards.conftest import Client, access_of, token_of
from tests.dashboards.test_pages import DAY


def test_every_answer_says_what_a_browser_may_do(client: Client) -> None:
    for role, path in (
        ("", "/sign-in"),
        ("", "/nowhere"),
        ("manager", "/"),
        ("manager", "/_dash-layout"),
        ("manager", "/x"),
    ):
        headers = client(role).get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe-eval" not in policy
        assert "script-src 'self' 'sha256-" in policy
        assert "'unsafe-inline'" not in policy.split("style-src")[0]
        assert {"X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy"} <= set(
            headers.keys()
        )
        assert headers["Cache-Control"] == "no-store"


def test_behind_tls_the_cookie_is_of_this_host_alone(tmp_path: Path, loaded_city: Path) -> None:
    settings = AccessSettings(web={"public_url": "https://fairline.example.gov"})  # type: ignore[arg-type]
    access = access_of(loaded_city, tmp_path, settings)
    accounts.add(access.store, "demo-manager", "manager", at=access.clock(), identity=("demo", "demo-manager"))
    client = create_app(loaded_city, access).server.test_client()
    home = "https://fairline.example.gov"
    form = client.get("/sign-in", base_url=home)
    token = re.search(r'csrf_token" value="([^"]+)', form.text)
    assert token is not None
    answer = client.post(
        "/demo/demo-manager", data={"csrf_token": token[1]}, base_url=home, headers={"Referer": f"{home}/sign-in"}
    )
    cookie = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("__Host-fairline="))
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"]
    access.store.close()


def test_the_debugger_is_refused(loaded_city: Path, access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    with pytest.raises(WrongUse, match="FLASK_DEBUG"):
        create_app(loaded_city, access)


def test_what_cannot_be_written_down_is_not_handed_out(loaded_city: Path, tmp_path: Path) -> None:
    access = access_of(loaded_city, tmp_path)
    accounts.add(access.store, "demo-manager", "manager", at=access.clock())
    client = create_app(loaded_city, access).server.test_client()
    client.set_cookie(access.cookie, token_of(access, "manager"))
    token = token_for_forms(client)
    with sqlite3.connect(tmp_path / "desk" / "desk.sqlite") as store:
        store.execute("drop table audit_head")
    taken = client.get(f"/contacts.csv?day={DAY}&metric=service_level")
    assert taken.status_code == 503
    assert "source_file" not in taken.text
    seen = call(client, **{"X-CSRFToken": token}).text
    assert "the log of who saw what could not be written" in seen
    assert "Service level" not in seen
    access.store.close()
