"""The Dash application: an address becomes a view, a view becomes a page, and what fails becomes a sentence."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import plotly.offline
from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component
from flask import Flask, Response, send_file

from dashboards import look
from dashboards.answers import Answers
from dashboards.aria import aria
from dashboards.bar import bar
from dashboards.live import LiveCentre
from dashboards.pages import (
    agent,
    contact,
    contacts,
    data,
    day,
    definitions,
    figure,
    quality,
    queues,
    requests,
    staffing,
    team,
)
from dashboards.view import BAR, View
from dashboards.viewer import scope_of_request
from metrics import FairlineError, text

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """What an address shows: its parts, its place in the navigation (none where it has none), and its usual span."""

    parts: Callable[[Answers, View], Sequence[Component]]
    title: str = ""
    span: str = "day"


PAGES: dict[str, Page] = {
    "/": Page(day.page, "Day"),
    "/team": Page(team.page, "Team", "13weeks"),
    "/agent": Page(agent.page, span="13weeks"),
    "/queues": Page(queues.page, "Queues", "4weeks"),
    "/requests": Page(requests.page, "Requests", "4weeks"),
    "/quality": Page(quality.page, "Quality", "13weeks"),
    "/staffing": Page(staffing.page, "Staffing"),
    "/data": Page(data.page, "Data"),
    "/definitions": Page(definitions.page, "Definitions"),
    "/figure": Page(figure.page),
    "/contacts": Page(contacts.page),
    "/contact": Page(contact.page),
}
# a third of Plotly, enough for bars and lines; scripts/plotly-bundle puts it there, and without it Dash's own serves
BUNDLE = Path(sys.prefix) / "share" / "fairline" / f"plotly-basic-{plotly.offline.get_plotlyjs_version()}.min.js"
BUNDLE_ADDRESS = "/plotly-basic.min.js"


def create_app(folder: Path) -> Dash:
    """The application for a centre folder; its `.server` is what a web server runs."""
    live = LiveCentre(folder)
    app = Dash(
        "fairline",
        server=_server(live),  # type: ignore[arg-type]
        assets_folder=str(Path(__file__).parent / "assets"),
        external_scripts=[BUNDLE_ADDRESS] if BUNDLE.exists() else [],
        title="Fairline",
        update_title="Fairline …",
        suppress_callback_exceptions=True,
        compress=True,
        health_endpoint="health",
    )
    app.index_string = look.document()
    app.layout = _layout
    _show_pages(app, live)
    # the first concurrent requests would find no callbacks: ask once before anybody else does
    app.server.test_client().get("/_dash-layout")
    return app


def _server(live: LiveCentre) -> Flask:
    server = Flask("fairline")
    if BUNDLE.exists():
        server.add_url_rule(BUNDLE_ADDRESS, "plotly_bundle", lambda: send_file(BUNDLE, max_age=86_400))
    server.add_url_rule("/contacts.<form>", "download", lambda form: contacts.download(live, form))
    server.after_request(_guarded)
    return server


def _guarded(response: Response) -> Response:
    """Headers that keep a page from being framed, sniffed or kept by a shared cache."""
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if not response.headers.get("Cache-Control"):
        response.headers["Cache-Control"] = "no-store"
    return response


def _layout() -> Component:
    return html.Div(
        [
            dcc.Location(id="address", refresh="callback-nav"),
            html.A("Skip to the page", href="#page", className="skip"),
            html.Header(
                [
                    html.Nav(id="pages", **aria(label="Pages")),
                    html.Div(id="bar"),
                ],
                className="top",
            ),
            html.Main(html.P("Loading …", className="muted"), id="page", tabIndex="-1"),
            html.Div(id="arrived", hidden=True),
            html.Div(id="opened", hidden=True),
        ]
    )


def _show_pages(app: Dash, live: LiveCentre) -> None:
    @app.callback(
        Output("pages", "children"),
        Output("bar", "children"),
        Output("page", "children"),
        Input("address", "pathname"),
        Input("address", "search"),
    )
    def show(path: str | None, search: str | None) -> tuple[Any, Any, Any]:
        return navigation(path or "/", search), *shown(live, path or "/", search)

    @app.callback(Output("placebo", "children"), Input("placebo", "title"), State("address", "search"))
    def prove(_: str, search: str | None) -> Any:
        answers = live.answers(scope_of_request())
        return team.placebo(answers, View.from_search(search, otherwise=answers.last_day(), span="13weeks"))

    in_browser: Any = app.clientside_callback
    in_browser(ClientsideFunction("fairline", "arrived"), Output("arrived", "title"), Input("page", "children"))
    in_browser(
        ClientsideFunction("fairline", "openInterval"),
        Output("opened", "title"),
        Input("by-interval", "clickData"),
        prevent_initial_call=True,
    )


def navigation(path: str, search: str | None) -> list[Component]:
    """The pages, each for the same day and choices; the one that is shown is marked for eye and ear."""
    asked = [pair for pair in parse_qsl((search or "").removeprefix("?")) if pair[0] in ("day", *BAR)]
    kept = f"?{urlencode(asked)}" if asked else ""
    links = [
        html.Li(
            dcc.Link(page.title, href=f"{address}{kept}", className="here" if address == path else ""),
            **(aria(current="page") if address == path else {}),
        )
        for address, page in PAGES.items()
        if page.title
    ]
    return [dcc.Link("Fairline", href="/", className="brand"), html.Ul(links)]


def shown(live: LiveCentre, path: str, search: str | None) -> tuple[list[Component], list[Component]]:
    """The bar and the page of an address."""
    bar_parts: list[Component] = []
    try:
        answers = live.answers(scope_of_request())
        page = PAGES.get(path.rstrip("/") or "/")
        view = View.from_search(search, otherwise=answers.last_day(), span=page.span if page else "day")
        bar_parts = bar(answers, view, path)
        return bar_parts, list(page.parts(answers, view)) if page else not_found(path)
    except FairlineError as error:
        return bar_parts, notice("This cannot be shown", str(error))
    except Exception as error:  # what nobody foresaw: the reader gets a number, the log the place and never a row
        reference = secrets.token_hex(4)
        log.error("%s at %s", reference, path, exc_info=_place_only(error))  # noqa: TRY400
        words = f"Something went wrong here. Tell whoever runs Fairline this number: {reference}."
        return bar_parts, notice("This page failed", words)


def _place_only(error: Exception) -> tuple[type[Exception], Exception, Any]:
    """The trace of an error without its words, which may quote a row."""
    return RuntimeError, RuntimeError(type(error).__name__), error.__traceback__


def not_found(path: str) -> list[Component]:
    """What is said of an address without a page."""
    return notice("No such page", f"There is no page at {path}. Known are {text.listed(sorted(PAGES))}.")


def notice(title: str, words: str) -> list[Component]:
    """A sentence in place of a page, and the way back."""
    return [html.Section([html.H1(title), html.P(words), html.P(dcc.Link("To the day", href="/"))], className="notice")]
