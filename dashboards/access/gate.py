"""The gate: every request passes it, and none is answered before it is known who asks and that the answer is theirs."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, abort, g, has_request_context, redirect, request
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from dashboards.access import accounts, audit, sessions
from dashboards.access.keys import Keys, make_secret, web_keys
from dashboards.access.languages import add_languages, speak, spoken_by
from dashboards.access.roles import Viewer
from dashboards.access.settings import LOOPBACK, AccessSettings, read_access
from dashboards.desk.store import Store, open_store
from metrics.language import _
from metrics.language import spoken_by as centre_language

# what is answered to somebody who has not signed in; everything else is refused
OPEN = frozenset(
    {"sign_in", "sign_in_style", "oidc_start", "oidc_back", "demo_sign_in", "choose_language", "health", "letters"}
)
SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass
class Access:
    """What the gate holds in its hands: the store, the keys, the settings, and what time it is."""

    folder: Path
    store: Store
    keys: Keys
    settings: AccessSettings = field(default_factory=AccessSettings)
    is_demo: bool = False
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    # what is spoken to whoever chose no language
    language: str = "en"
    # true only while the application is being made, before anybody can reach it
    is_being_made: bool = False

    @property
    def cookie(self) -> str:
        """The name of the session's cookie; with TLS no other host and no plain connection can set one like it."""
        return "__Host-fairline" if self.settings.web.is_encrypted else "fairline"

    def write_down(self, what: str, *, about: str = "", period: str = "", count: int | None = None) -> None:
        """Put what the viewer does into the log; raises LogFailed where it cannot be."""
        viewer = viewer_or_none()
        who, role = (viewer.name, viewer.role) if viewer else ("nobody", "")
        self.write_of(who, role, what, about=about, period=period, count=count)

    def write_of(
        self, who: str, role: str, what: str, *, about: str = "", period: str = "", count: int | None = None
    ) -> None:
        """Put into the log what somebody else than the viewer does."""
        number = g.get("request_id", "") if has_request_context() else ""
        deed = audit.Deed(who, role, what, about, period, number, count)
        audit.append(self.store, self.keys, deed, at=self.clock())

    def sign_in(self, account_id: str, response: AnyResponse) -> AnyResponse:
        """Begin a session under a new token and hand it to the browser."""
        token = sessions.begin(self.store, self.keys, account_id, at=self.clock())
        response.set_cookie(
            self.cookie, token, httponly=True, samesite="Lax", secure=self.settings.web.is_encrypted, path="/"
        )
        return response


def open_access(folder: Path, *, is_demo: bool = False, store_address: str | None = None) -> Access:
    """The gate of a centre; raises WrongUse where its secret is missing or weak, or its language is none."""
    if is_demo:
        make_secret(folder)
    keys = web_keys(folder)
    return Access(
        folder,
        open_store(folder, store_address),
        keys,
        read_access(folder),
        is_demo,
        language=centre_language(folder),
    )


def viewer_or_none() -> Viewer | None:
    """Who sends this request; nobody before the gate, or at a page that is open."""
    viewer: Viewer | None = g.get("viewer") if has_request_context() else None
    return viewer


def guard(server: Flask, access: Access) -> None:
    """Put the gate before every request of a server, and its headers on every answer."""
    server.secret_key = access.keys.of("forms")
    encrypted = access.settings.web.is_encrypted
    server.config.update(
        SESSION_COOKIE_NAME="__Host-fairline-form" if encrypted else "fairline-form",
        SESSION_COOKIE_SECURE=encrypted,
        SESSION_COOKIE_SAMESITE="Lax",
        # bound to the session of the form, which ends by itself
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=1_000_000,
    )
    if access.settings.web.behind_proxy:
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    add_languages(server, access)
    server.before_request(lambda: _pass(access))
    CSRFProtect(server)
    server.after_request(lambda response: _with_token(access, response))


def _pass(access: Access) -> AnyResponse | None:
    """Let a request through, or answer it here."""
    if access.is_being_made:
        return None
    g.request_id = secrets.token_hex(8)
    _check_host(access)
    _check_origin()
    g.viewer = _from_proxy(access) or _from_cookie(access)
    if g.viewer is not None and g.viewer.language is not None:
        speak(access, g.viewer.language)
    if g.viewer is not None or request.endpoint in OPEN or request.path == "/health":
        return None
    if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
        target = request.full_path.rstrip("?")
        return redirect("/sign-in" + (f"?{urlencode({'next': target})}" if target != "/" else ""))
    return Response(_("Sign in first.") + "\n", status=401, mimetype="text/plain")


def _check_host(access: Access) -> None:
    public = urlsplit(access.settings.web.public_url).hostname
    try:
        host = urlsplit(f"//{request.host}").hostname
    except ValueError:  # a host that is none
        host = None
    known = {public, *LOOPBACK} if public else LOOPBACK
    if host not in known and not (access.is_demo and not public):
        abort(400, _("This address is not one under which Fairline is served here."))


def _check_origin() -> None:
    """What changes something must come from our own pages; the token of the form is asked for besides."""
    if request.method in SAFE:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    foreign = site is not None and site not in ("same-origin", "none")
    if foreign or (origin is not None and urlsplit(origin).netloc != request.host):
        abort(403, _("This was sent from another site."))


def _from_cookie(access: Access) -> Viewer | None:
    token = request.cookies.get(access.cookie)
    return sessions.viewer_of(access.store, access.keys, token, at=access.clock()) if token else None


def _from_proxy(access: Access) -> Viewer | None:
    """Who signed in at the proxy: believed only from this machine, and only if there is such an account."""
    header = access.settings.proxy.user_header
    # behind a proxy the address is the browser's; the connection itself must come from this machine
    peer = request.environ.get("werkzeug.proxy_fix.orig", {}).get("REMOTE_ADDR", request.environ.get("REMOTE_ADDR"))
    name = request.headers.get(header) if header and peer in LOOPBACK else None
    row = accounts.named(access.store, name) if name else None
    if row is None or row["is_disabled"] or row["issuer"] is not None:
        return None
    teams = frozenset(filter(None, row["teams"].split("\n")))
    spoken = spoken_by(access.store, row["account_id"])
    return Viewer(row["account_id"], row["name"], row["role"], row["person"], teams, spoken)


def _with_token(access: Access, response: Response) -> Response:
    """The token that forms and callbacks send back, where a page is handed out."""
    if viewer_or_none() is not None and response.mimetype == "text/html" and not access.is_being_made:
        response.set_cookie(
            "_csrf_token", generate_csrf(), samesite="Lax", secure=access.settings.web.is_encrypted, path="/"
        )
    return response


def own_path(target: str | None) -> str:
    """A path of ours to go on to; the first page for anything that could lead elsewhere."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return "/"
    if any(ord(c) < 33 or c == "\\" for c in target) or urlsplit(target).netloc or urlsplit(target).scheme:
        return "/"
    return target
