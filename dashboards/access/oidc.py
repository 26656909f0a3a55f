"""Signing in at an OpenID Connect provider: code with PKCE; a person is the issuer's subject, a role is a claim."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask, request, session
from joserfc.errors import JoseError
from requests.exceptions import RequestException
from werkzeug.wrappers import Response as AnyResponse

from dashboards.access import accounts
from dashboards.access.gate import Access, own_path
from dashboards.access.settings import OidcSetting, client_secret
from dashboards.access.sign_in import begin, refused_page
from dashboards.desk.store import Row
from metrics import WrongUse
from metrics.language import N_

UNREACHED = N_("The provider did not answer as it should. Try again, or tell whoever runs Fairline.")
UNKNOWN = N_("You are known, but have no role in Fairline. Ask for one where your work account is kept.")


def add_oidc(server: Flask, access: Access) -> None:
    """The two addresses of signing in at a provider; nothing where the centre names none."""
    setting = access.settings.oidc
    if setting is None:
        return
    client = OAuth(server).register(
        "provider",
        client_id=setting.client_id,
        client_secret=client_secret(access.folder),
        server_metadata_url=f"{setting.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "timeout": 10},
    )
    server.add_url_rule("/sign-in/provider", "oidc_start", lambda: _start(access, client))
    server.add_url_rule("/sign-in/back", "oidc_back", lambda: _back(access, setting, client))


def _start(access: Access, client: Any) -> AnyResponse:
    session.clear()
    session["next"] = own_path(request.args.get("next"))
    home = access.settings.web.public_url or request.host_url.rstrip("/")
    try:
        response: AnyResponse = client.authorize_redirect(f"{home}/sign-in/back")
    except (OAuthError, RequestException, ValueError):
        return refused_page(access, UNREACHED, 502)
    return response


def _back(access: Access, setting: OidcSetting, client: Any) -> AnyResponse:
    target = session.get("next")
    try:
        claims = client.authorize_access_token(claims_options={"iss": {"essential": True, "value": setting.issuer}})[
            "userinfo"
        ]
    except (OAuthError, JoseError, RequestException, KeyError, ValueError):
        access.write_of("nobody", "", "sign-in refused", about="provider")
        return refused_page(access, UNREACHED, 401)
    row = _account(access, setting, claims, at=access.clock())
    if row is None or row["is_disabled"]:
        access.write_of(f"{claims['sub']}", "", "sign-in refused", about="provider: no role or disabled")
        return refused_page(access, UNKNOWN, 403)
    return begin(access, row, target)


def _account(access: Access, setting: OidcSetting, claims: dict[str, Any], *, at: datetime) -> Row | None:
    """The account behind an identity, made or changed as its claims say; null without a role."""
    told = claims.get(setting.role_claim, [])
    named = [told] if isinstance(told, str) else list(told)
    role = next((setting.roles[one] for one in setting.roles if one in named), None)
    person = claims.get(setting.person_claim)
    found = accounts.identified(access.store, claims["iss"], claims["sub"])
    if role is None:
        if found is not None:  # whoever lost every role elsewhere has no session here either
            accounts.change(access.store, found["name"], at=at, why="role taken")
        return None
    if found is None:
        identity = (str(claims["iss"]), str(claims["sub"]))
        # a name that cannot be taken by, or mistaken for, an account of somebody else
        name = f"oidc-{access.keys.hashed('identity', ' '.join(identity))[:16]}"
        try:
            accounts.add(access.store, name, role, at=at, person=person, identity=identity)
        except WrongUse:
            return None
        access.write_of(name, role, "account added", about=f"{claims.get('preferred_username', '')}")
    elif (found["role"], found["person"]) != (role, person):
        accounts.change(access.store, found["name"], at=at, why="role changed", role=role, person=person)
        access.write_of(found["name"], role, "role changed", about=found["role"])
    return accounts.identified(access.store, claims["iss"], claims["sub"])
