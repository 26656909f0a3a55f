"""Signing in elsewhere: at an OpenID Connect provider that runs beside the test, and at a proxy that names who it is."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import waitress
from flask import Flask, jsonify, redirect, request
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.wrappers import Response

from dashboards.access import Access, accounts, entries
from dashboards.access.settings import AccessSettings
from dashboards.app import create_app
from tests.dashboards.access.conftest import PASSWORD
from tests.dashboards.conftest import access_of

CLIENT_SECRET = "what the provider and Fairline alone know"


@dataclass
class Provider:
    """A provider as OpenID Connect Core asks for it, with a person who has signed in there and says yes to all."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=lambda: {"sub": "4711", "roles": ["Fairline.Manager"]})
    # what a false provider would put in place of the right thing
    forged: dict[str, Any] = field(default_factory=dict)
    signs_with: RSAKey | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))

    def server(self) -> Flask:
        """Its four addresses."""
        app = Flask("provider")
        app.add_url_rule("/.well-known/openid-configuration", "about", self._about)
        app.add_url_rule("/keys", "keys", lambda: jsonify({"keys": [self.key.as_dict(private=False)]}))
        app.add_url_rule("/authorize", "authorize", self._authorize)
        app.add_url_rule("/token", "token", self._token, methods=["POST"])
        return app

    def _about(self) -> Any:
        at = self.issuer
        return jsonify(
            issuer=at,
            authorization_endpoint=f"{at}/authorize",
            token_endpoint=f"{at}/token",
            jwks_uri=f"{at}/keys",
            response_types_supported=["code"],
            id_token_signing_alg_values_supported=["RS256"],
            token_endpoint_auth_methods_supported=["client_secret_basic"],
        )

    def _authorize(self) -> Response:
        asked = request.args.to_dict()
        self.asked.append(asked)
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return redirect(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    def _token(self) -> Any:
        told = request.form
        asked = self.codes.pop(told["code"], None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(told.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        known = request.authorization is not None and request.authorization.password == CLIENT_SECRET
        if asked is None or not known or proof.decode() != asked["code_challenge"]:
            return jsonify(error="invalid_grant"), 400
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": asked["client_id"], "nonce": asked["nonce"], "iat": now, "exp": now + 300,
            **self.claims, **self.forged,
        }  # fmt: skip
        token = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.signs_with or self.key)
        return jsonify(access_token="x", token_type="Bearer", expires_in=300, id_token=token)


@pytest.fixture
def provider() -> Iterator[Provider]:
    """The provider on a port of its own."""
    found = Provider()
    server = waitress.create_server(found.server(), host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    found.issuer = f"http://127.0.0.1:{server.effective_port}"
    yield found
    server.close()
    thread.join(timeout=5)


@pytest.fixture
def gate_to(
    provider: Provider, blank_centre: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Access]:
    """A centre whose people sign in at the provider."""
    monkeypatch.setenv("FAIRLINE_OIDC_SECRET", CLIENT_SECRET)
    named = {"Fairline.Manager": "manager", "Fairline.Agent": "agent", "Fairline.Auditor": "auditor"}
    oidc = {"issuer": provider.issuer, "client_id": "fairline", "roles": named}
    access = access_of(blank_centre, tmp_path, AccessSettings(oidc=oidc), is_demo=False)  # type: ignore[arg-type]
    yield access
    access.store.close()


@pytest.fixture
def browser_to(gate_to: Access) -> FlaskClient:
    """A browser at that centre's door."""
    found: FlaskClient = create_app(gate_to.folder, gate_to).server.test_client()
    return found


def sign_in(client: FlaskClient, target: str = "/team") -> Any:
    """Go to the provider and come back."""
    import requests

    there = client.get(f"/sign-in/provider?{urlencode({'next': target})}")
    back = requests.get(there.headers["Location"], allow_redirects=False, timeout=10).headers["Location"]
    parts = urlsplit(back)
    return client.get(f"{parts.path}?{parts.query}")


def test_a_person_comes_back_with_a_role_and_goes_where_they_wanted(
    provider: Provider, browser_to: FlaskClient, gate_to: Access
) -> None:
    answer = sign_in(browser_to, "/team?day=2026-11-10")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/team?day=2026-11-10")
    assert browser_to.get("/_dash-layout").status_code == 200
    account = accounts.identified(gate_to.store, provider.issuer, "4711")
    assert account is not None
    assert (account["role"], account["password_hash"]) == ("manager", None)
    assert "signed in" in {row["what"] for row in entries(gate_to.store)}


def test_code_with_pkce_state_and_nonce_is_what_is_asked_for(provider: Provider, browser_to: FlaskClient) -> None:
    for _ in range(2):
        sign_in(browser_to)
    first, second = provider.asked
    assert (first["response_type"], first["code_challenge_method"]) == ("code", "S256")
    assert set(first["scope"].split()) == {"openid", "profile"}
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 20
        assert first[name] != second[name]


FORGED: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://evil.example"},
    "for another client": {"aud": "somebody else"},
    "of another sign-in": {"nonce": "an older one"},
    "of yesterday": {"exp": 1_000_000_000, "iat": 999_999_000},
}


@pytest.mark.parametrize("what", [*FORGED, "signed with another key"])
def test_a_token_that_is_not_for_this_sign_in_is_refused(
    provider: Provider, browser_to: FlaskClient, gate_to: Access, what: str
) -> None:
    provider.forged = FORGED.get(what, {})
    provider.signs_with = None if what in FORGED else RSAKey.generate_key(2048, {"kid": "one"})
    assert sign_in(browser_to).status_code == 401
    assert accounts.number(gate_to.store) == 0
    assert browser_to.get("/_dash-layout").status_code == 401


def test_an_answer_that_this_browser_did_not_ask_for_is_refused(browser_to: FlaskClient) -> None:
    browser_to.get("/sign-in/provider")
    assert browser_to.get("/sign-in/back?code=x&state=another").status_code == 401
    assert browser_to.get("/sign-in/back?error=access_denied").status_code == 401


def test_15_a_person_is_issuer_and_subject_and_never_an_address(
    provider: Provider, browser_to: FlaskClient, gate_to: Access
) -> None:
    accounts.add(gate_to.store, "boss@city.gov", "administrator", at=gate_to.clock(), password=PASSWORD)
    provider.claims |= {"email": "boss@city.gov", "preferred_username": "boss@city.gov", "name": "boss@city.gov"}
    sign_in(browser_to)
    account = accounts.identified(gate_to.store, provider.issuer, "4711")
    assert account is not None
    assert account["name"] != "boss@city.gov"
    assert account["role"] == "manager"
    assert accounts.named(gate_to.store, "boss@city.gov")["subject"] is None  # type: ignore[index]


def test_16_who_signs_in_there_has_no_password_here(
    provider: Provider, browser_to: FlaskClient, gate_to: Access
) -> None:
    sign_in(browser_to)
    name = accounts.identified(gate_to.store, provider.issuer, "4711")["name"]  # type: ignore[index]
    stranger = create_app(gate_to.folder, gate_to).server.test_client()
    token = stranger.get("/sign-in").text.split('csrf_token" value="')[1].split('"')[0]
    for password in ("", "None", "the account that does not exist"):
        form = {"name": name, "password": password, "csrf_token": token}
        assert stranger.post("/sign-in", data=form).status_code == 401


def test_a_role_that_changes_there_changes_here_and_ends_the_session(
    provider: Provider, browser_to: FlaskClient, gate_to: Access
) -> None:
    sign_in(browser_to)
    elsewhere = create_app(gate_to.folder, gate_to).server.test_client()
    provider.claims["roles"] = "Fairline.Auditor"
    assert sign_in(elsewhere).status_code == 302
    assert browser_to.get("/_dash-layout").status_code == 401
    assert accounts.identified(gate_to.store, provider.issuer, "4711")["role"] == "auditor"  # type: ignore[index]
    provider.claims["roles"] = ["Something.Else"]
    assert sign_in(create_app(gate_to.folder, gate_to).server.test_client()).status_code == 403
    assert elsewhere.get("/_dash-layout").status_code == 401


def test_a_provider_that_is_down_is_told_in_a_sentence(gate_to: Access, provider: Provider) -> None:
    gone = gate_to.settings.model_copy(
        update={"oidc": gate_to.settings.oidc.model_copy(update={"issuer": "http://127.0.0.1:9"})}  # type: ignore[union-attr]
    )
    gate_to.settings = gone
    client = create_app(gate_to.folder, gate_to).server.test_client()
    answer = client.get("/sign-in/provider")
    assert answer.status_code == 502
    assert "did not answer" in answer.text
    assert parse_qs(urlsplit(provider.issuer).query) == {}


# ---- a proxy ---------------------------------------------------------------------------------------------------------

HEADER = "X-Signed-In"


def at_proxy(folder: Path, store: Path, header: str) -> tuple[Access, FlaskClient]:
    access = access_of(folder, store, AccessSettings(proxy={"user_header": header}), is_demo=False)  # type: ignore[arg-type]
    accounts.add(access.store, "ann", "auditor", at=access.clock())
    accounts.add(access.store, "eve", "auditor", at=access.clock())
    accounts.change(access.store, "eve", at=access.clock(), why="disabled", is_disabled=True)
    client: FlaskClient = create_app(folder, access).server.test_client()
    return access, client


PROXIED = [
    ("an account", HEADER, "ann", "127.0.0.1", 200),
    ("a disabled account", HEADER, "eve", "127.0.0.1", 401),
    ("nobody's account", HEADER, "bob", "127.0.0.1", 401),
    ("from another machine", HEADER, "ann", "10.0.0.9", 401),
    ("with the proxy off", "", "ann", "127.0.0.1", 401),
]


@pytest.mark.parametrize(("what", "header", "name", "peer", "expected"), PROXIED)
def test_a_proxy_is_believed_from_this_machine_and_only_where_it_is_switched_on(
    blank_centre: Path, tmp_path: Path, what: str, header: str, name: str, peer: str, expected: int
) -> None:
    access, client = at_proxy(blank_centre, tmp_path, header)
    answer = client.get("/_dash-layout", headers={HEADER: name}, environ_base={"REMOTE_ADDR": peer})
    assert answer.status_code == expected, what
    access.store.close()
