"""Signing in and out: with a password, at a provider, or with one click in a demo."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, Response, abort, redirect, render_template, request, session
from jinja2 import FileSystemLoader
from werkzeug.wrappers import Response as AnyResponse

from dashboards import look
from dashboards.access import accounts, passwords, sessions, throttle
from dashboards.access.gate import Access, own_path, viewer_or_none
from dashboards.access.languages import other_languages
from dashboards.access.roles import roles
from dashboards.desk.store import Row
from metrics.language import N_, _, spoken, tag

TEMPLATES = Path(__file__).parent / "templates"
STYLE = Path(__file__).parents[1] / "assets" / "fairline.css"
# one sentence for every reason, so that nobody learns which names exist
REFUSED = N_("That name and password do not fit. After several attempts wait a quarter of an hour.")
DEMO_ISSUER = "demo"
NO_ACCOUNT = N_("There is no account yet. Whoever runs Fairline makes the first one on the machine itself: {command}")
FIRST_ACCOUNT = "fairline user add NAME --role administrator"


def add_sign_in(server: Flask, access: Access) -> None:
    """The pages of signing in and out."""
    server.jinja_loader = FileSystemLoader(TEMPLATES)
    server.add_url_rule("/sign-in", "sign_in", lambda: _sign_in(access), methods=["GET", "POST"])
    style = f"{look.style_variables()}\n{STYLE.read_text(encoding='utf-8')}"
    server.add_url_rule("/sign-in/style.css", "sign_in_style", lambda: Response(style, mimetype="text/css"))
    server.add_url_rule("/sign-out", "sign_out", lambda: _sign_out(access), methods=["POST"])
    if access.is_demo:
        server.add_url_rule("/demo/<name>", "demo_sign_in", lambda name: _demo(access, name), methods=["POST"])


def _sign_in(access: Access) -> AnyResponse | tuple[str, int]:
    if request.method == "GET":
        return redirect("/") if viewer_or_none() else (_page(access), 200)
    name, password = request.form.get("name", "")[:200], request.form.get("password", "")
    place = request.remote_addr or ""
    at = access.clock()
    row = accounts.named(access.store, name)
    if not throttle.may_try(access.store, access.keys, name, place, at=at):
        access.write_of(name or "nobody", "", "sign-in throttled")
        return _page(access, REFUSED), 429
    fits = passwords.matches(row["password_hash"] if row else None, password)
    if row is None or not fits or row["is_disabled"]:
        throttle.failed(access.store, access.keys, name, place, at=at)
        access.write_of(name or "nobody", "", "sign-in refused")
        return _page(access, REFUSED), 401
    return begin(access, row, request.form.get("next"))


def begin(access: Access, row: Row, target: str | None = None) -> AnyResponse:
    """Begin a session of an account, with a form token of its own, and go on to a page of ours."""
    session.clear()
    token = request.cookies.get(access.cookie)
    if token:
        sessions.end(access.store, access.keys, token, why="signed in again", at=access.clock())
    access.write_of(row["name"], row["role"], "signed in")
    return access.sign_in(row["account_id"], redirect(own_path(target)))


def _sign_out(access: Access) -> AnyResponse:
    token = request.cookies.get(access.cookie)
    if token:
        sessions.end(access.store, access.keys, token, why="signed out", at=access.clock())
    access.write_down("signed out")
    session.clear()
    response = redirect("/sign-in")
    response.delete_cookie(access.cookie, path="/", secure=access.settings.web.is_encrypted, httponly=True)
    response.delete_cookie("_csrf_token", path="/")
    return response


def _demo(access: Access, name: str) -> AnyResponse:
    row = accounts.named(access.store, name)
    if row is None or row["password_hash"] is not None or row["issuer"] != DEMO_ISSUER:
        abort(404)
    return begin(access, row, request.form.get("next"))


def _page(access: Access, refused: str = "") -> str:
    demo = [one for one in accounts.accounts(access.store) if access.is_demo and one["issuer"] == DEMO_ISSUER]
    order = list(roles())
    target = own_path(request.values.get("next"))
    return render_template(
        "sign_in.html",
        words=_words(),
        refused=_(refused),
        next=target,
        here="/sign-in" + (f"?{urlencode({'next': target})}" if target != "/" else ""),
        lang=tag(),
        languages=other_languages(),
        provider=_(access.settings.oidc.title) if access.settings.oidc else "",
        demo=[
            {"name": one["name"], "title": spoken(roles()[one["role"]].title), "person": one["person"]}
            for one in sorted(demo, key=lambda one: order.index(one["role"]))
        ],
        has_accounts=accounts.number(access.store) > 0,
    )


def _words() -> dict[str, str]:
    """What the page says itself."""
    before, _command, after = _(NO_ACCOUNT).partition("{command}")
    return {
        "title": _("Sign in"),
        "demo": _("This is a demo"),
        "look_around": _(
            "The city, its residents and its staff are made up. Look around as one of them; each sees something else."
        ),
        "name": _("Name"),
        "password": _("Password"),
        "before_command": before,
        "command": FIRST_ACCOUNT,
        "after_command": after,
    }


def refused_page(access: Access, words: str, status: int) -> Response:
    """The page of signing in with a sentence about what went wrong elsewhere."""
    return Response(_page(access, words), status=status, mimetype="text/html")
