"""In which language somebody is answered: as an address says, else as they chose, else the centre's own."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Flask, abort, g, redirect, request
from sqlalchemy import delete, insert, select
from werkzeug.wrappers import Response as AnyResponse

from dashboards.access.tables import SPOKEN
from dashboards.desk.store import Store
from metrics.language import LANGUAGES, known, language, speaking

if TYPE_CHECKING:
    from dashboards.access.gate import Access

ADDRESS = "/language"
COOKIE = "fairline-language"
# the word of an address that says in which language it is to be read, whoever opens it
ASKED = "lang"
A_YEAR = 365 * 86_400


def add_languages(server: Flask, access: Access) -> None:
    """Answer every request in its language, from before the gate on, and let people choose theirs."""
    server.before_request(lambda: speak(access))
    server.teardown_request(lambda _error: _say_no_more())
    server.add_url_rule(ADDRESS, "choose_language", lambda: _chosen(access), methods=["POST"])


def speak(access: Access, own: str | None = None) -> None:
    """Go on in the language of this request; `own` is what whoever asks chose before, once that is known."""
    wanted = (_asked(), own, request.cookies.get(COOKIE))
    found = next((code for code in map(known, filter(None, wanted)) if code is not None), access.language)
    _say_no_more()
    g.speech = ExitStack()
    # the centre's own language comes with its region
    is_centres = found == access.language.partition("-")[0]
    g.speech.enter_context(speaking(access.language if is_centres else found))


def _say_no_more() -> None:
    speech = g.pop("speech", None)
    if speech is not None:
        speech.close()


def _asked() -> str | None:
    """The language that the address names; what a page asks for afterwards is asked in the page's language."""
    if ASKED in request.args:
        return request.args[ASKED]
    is_from_page = request.method == "POST" or request.path.startswith("/_dash-")
    page = urlsplit(request.referrer or "") if is_from_page else None
    if page is None or page.netloc != request.host:
        return None
    return parse_qs(page.query).get(ASKED, [None])[-1]


def other_languages() -> dict[str, str]:
    """The languages that are not spoken now, by code, each by its own name."""
    return {code: name for code, name in LANGUAGES.items() if code != language()}


def unspoken(address: str) -> str:
    """An address without the language that it names."""
    parts = urlsplit(address)
    asked = [pair for pair in parse_qsl(parts.query) if pair[0] != ASKED]
    return urlunsplit(parts._replace(query=urlencode(asked)))


def _chosen(access: Access) -> AnyResponse:
    """Keep the language that somebody chose: with the account where they signed in, and in this browser."""
    from dashboards.access.gate import own_path, viewer_or_none

    code = request.form.get("language", "")
    if code not in LANGUAGES:
        abort(400, f"{code!r} is no language of Fairline. Known: {', '.join(LANGUAGES)}.")
    viewer = viewer_or_none()
    if viewer is not None:
        keep(access.store, viewer.account_id, code)
    response = redirect(unspoken(own_path(request.form.get("next"))))
    response.set_cookie(
        COOKIE, code, max_age=A_YEAR, httponly=True, samesite="Lax", secure=access.settings.web.is_encrypted, path="/"
    )
    return response


def keep(store: Store, account_id: str, code: str) -> None:
    """Keep the language of an account."""
    with store.changing() as connection:
        connection.execute(delete(SPOKEN).where(SPOKEN.c.account_id == account_id))
        connection.execute(insert(SPOKEN).values(account_id=account_id, language=code))


def spoken_by(store: Store, account_id: str) -> str | None:
    """The language that somebody chose; null where they never did."""
    with store.reading() as connection:
        return connection.execute(
            select(SPOKEN.c.language).where(SPOKEN.c.account_id == account_id)
        ).scalar_one_or_none()
