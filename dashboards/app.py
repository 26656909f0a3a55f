"""The Dash application behind its gate: addresses become pages, exports become files, and each is somebody's to see."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import plotly.offline
from dash import MATCH, ClientsideFunction, Dash, Input, Output, State, dcc, html
from dash.development.base_component import Component
from flask import Flask, Response, abort, redirect, request, send_file
from flask_wtf.csrf import generate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from dashboards import look, names_form
from dashboards.access import Access, LogFailed, Viewer, guard, viewer_or_none
from dashboards.access.headers import add_headers
from dashboards.access.oidc import add_oidc
from dashboards.access.sign_in import add_sign_in
from dashboards.answers import Answers
from dashboards.aria import aria
from dashboards.desk.doors import add_desk
from dashboards.desk.names import settle
from dashboards.desk.store import StoreFailed
from dashboards.drawn import drawn
from dashboards.kept import KeptPages, put_in_place
from dashboards.live import LiveCentre
from dashboards.pages import contacts, data, records
from dashboards.script_words import script_words
from dashboards.shown import PAGES, WHOLE, navigation, noted, notice, own_view, shown, warm, whose
from dashboards.taken import ADDRESS as TABLE_ADDRESS
from dashboards.taken import table_file
from dashboards.view import View
from metrics import FairlineError, Scope, WrongUse, typeface
from metrics.language import _, tag

# a third of Plotly, enough for bars and lines; scripts/plotly-bundle puts it there, and without it Dash's own serves;
# either is fetched by a page with a chart to draw, and once the rest of the page stands
BUNDLE = Path(sys.prefix) / "share" / "fairline" / f"plotly-basic-{plotly.offline.get_plotlyjs_version()}.min.js"
BUNDLE_ADDRESS = "/_dash-component-suites/plotly/package_data/plotly.min.js"
KINDS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "pdf": "application/pdf",
}


class Pages(Dash):
    """The application whose document says in which language it is, and asks for JavaScript in it."""

    def interpolate_index(self, *parts: Any, **named: Any) -> str:
        """The document for whoever asks now."""
        document = str(super().interpolate_index(*parts, **named))  # type: ignore[no-untyped-call]
        for name, said in look.words().items():
            document = document.replace(f"{{%{name}%}}", said)
        return document


# what makes a review packet: centre, agent, period and folder, with the scope of whoever asks; gives the paths
Packet = Callable[..., list[Path]]


def create_app(folder: Path, access: Access, packet: Packet | None = None, *, warms: bool = False) -> Dash:
    """The application for a centre folder; its `.server` is what a web server runs.

    Papers are made elsewhere, so what makes a packet is handed in; without it there are none. One that `warms` asks a
    new snapshot for the pages that people open first, before they do. Raises WrongUse where
    somebody asks for the debugger, which would run whatever a visitor types.
    """
    pages = KeptPages(folder)
    live = LiveCentre(folder, warm=partial(warm, pages=pages, spoken=access.language) if warms else None)
    server = Flask("fairline", static_folder=None)
    if server.debug:
        raise WrongUse(_("FLASK_DEBUG is set. The debugger runs what a visitor types: unset it, then serve again."))
    guard(server, access)
    app = Pages(
        "fairline",
        server=server,  # type: ignore[arg-type]
        assets_folder=str(Path(__file__).parent / "assets"),
        title="Fairline",
        update_title="Fairline …",
        suppress_callback_exceptions=True,
        compress=True,
        health_endpoint="health",
        enable_mcp=False,
    )
    app.index_string = look.document()
    app.layout = _layout
    _add_callbacks(app, live, access, pages)
    _add_addresses(server, live, access, packet)
    add_headers(server, app.csp_hashes(), is_encrypted=access.settings.web.is_encrypted)
    server.before_request(lambda: _known_callback(app))
    server.after_request(put_in_place)
    server.register_error_handler(Exception, _unforeseen)
    # the first concurrent requests would find no callbacks: ask once before anybody else can
    access.is_being_made = True
    server.test_client().get("/_dash-layout")
    access.is_being_made = False
    if warms:
        with suppress(FairlineError):
            live.answers(Scope.whole_centre())
    return app


def _add_addresses(server: Flask, live: LiveCentre, access: Access, packet: Packet | None) -> None:
    if BUNDLE.exists():
        server.add_url_rule(BUNDLE_ADDRESS, "plotly_bundle", lambda: send_file(BUNDLE, max_age=86_400))
    server.add_url_rule(f"{look.LETTERS}<file>", "letters", _letters)
    server.add_url_rule("/contacts.<form>", "contacts_file", lambda form: _contacts(live, access, form))
    server.add_url_rule("/records.zip", "records_file", lambda: _records(live, access))
    server.add_url_rule(TABLE_ADDRESS.format(form="<form>"), "table_file", lambda form: _table(live, access, form))
    server.add_url_rule(names_form.ADDRESS, "settle_name", lambda: _settle(live, access), methods=["POST"])
    server.add_url_rule("/packet.pdf", "packet_file", lambda: _packet(live, access, packet))
    add_desk(server, live, access)
    add_sign_in(server, access)
    add_oidc(server, access)


def _viewer() -> Viewer:
    """Who asks; the gate lets nobody else through, and this would not either."""
    viewer = viewer_or_none()
    if viewer is None:
        abort(401)
    return viewer


def _letters(file: str) -> Response:
    """A file of letters, the same for everybody."""
    face = next((face for face in typeface.faces() if face.file == file), None)
    if face is None:
        abort(404)
    return send_file(face.path, mimetype="font/woff2", max_age=86_400)


# ---- files -----------------------------------------------------------------------------------------------------------


def _contacts(live: LiveCentre, access: Access, form: str) -> Response:
    """The rows behind a figure as a file."""
    if form not in ("csv", "xlsx"):
        abort(404)
    answers = _may_take(live, access, "contacts")
    if isinstance(answers, Response):
        return answers
    try:
        taken = contacts.taken_away(answers, request.query_string.decode(), form)
        about = whose(own_view(_viewer(), "/contacts", taken.view), "/contacts")
        period = f"{taken.view.period.first}/{taken.view.period.until}"
        access.write_down(f"took contacts.{form}", about=about, period=period, count=taken.rows)
    except FairlineError as error:
        return _refused(error)
    return _file(taken.name, taken.content)


def _records(live: LiveCentre, access: Access) -> Response:
    """The public record as a file."""
    answers = _may_take(live, access, "records")
    if isinstance(answers, Response):
        return answers
    try:
        found = records.record_of(answers)
        access.write_down("took records.zip", count=found.figures.height)
    except FairlineError as error:
        return _refused(error)
    return _file(f"public-record-{found.manifest['first_day']}-{found.manifest['last_day']}.zip", found.as_zip())


def _table(live: LiveCentre, access: Access, form: str) -> Response:
    """A table of a page as a file, through the same questions as the page."""
    if form not in ("csv", "xlsx"):
        abort(404)
    answers = _may_take(live, access, "tables")
    if isinstance(answers, Response):
        return answers
    path, name = request.args.get("page", "/"), request.args.get("table", "")
    found = shown(live, access, _viewer(), path, request.query_string.decode(), WHOLE)
    try:
        if found.outcome != "saw":
            access.write_down("refused tables", about=found.about, period=found.period)
            abort(403, _("This page cannot be shown, so none of its tables is handed out."))
        taken = table_file(found.page, name, form)
        access.write_down(f"took table of {path}", about=found.about, period=found.period, count=taken.rows)
    except FairlineError as error:
        return _refused(error)
    return _file(taken.name, taken.content)


def _settle(live: LiveCentre, access: Access) -> AnyResponse:
    """Say whom a name of an export stands for; who did stands in the log, and the next load credits it anew."""
    viewer = _viewer()
    if "settle_names" not in viewer.may.does:
        access.write_down("refused settle name")
        abort(403, _("Your role does not settle names."))
    try:
        answers = live.answers_for(viewer)
        told = names_form.asked(request.form, answers, sees_people=data.sees_people(answers))
        if told:
            access.write_down("settled name", about=names_form.said(told))
            settle(access.store, access.folder / "inbox", told, by=viewer.name, at=access.clock())
    except FairlineError as error:
        return _refused(error)
    return redirect("/data#settle-a-name")


def _packet(live: LiveCentre, access: Access, packet: Packet | None) -> Response:
    """An agent's review packet as a PDF, made with the rights of whoever asks for it; the agent sees that it was."""
    answers = _may_take(live, access, "packet")
    if isinstance(answers, Response):
        return answers
    if packet is None:
        abort(404)
    about = ""
    try:
        view = View.from_search(request.query_string.decode(), otherwise=answers.last_day(), span="13weeks")
        agent = own_view(_viewer(), "/agent", view).value("agent") or ""
        about = agent
        if answers.roster(view.period).filter(agent_id=agent).is_empty():
            raise WrongUse(
                _("There is no agent {agent!r} on the roster of these days that you may see.").format(agent=agent)
            )
        access.write_down("took packet.pdf", about=about, period=f"{view.period.first}/{view.period.until}")
        with tempfile.TemporaryDirectory(prefix="fairline-") as folder:
            made = packet(answers.centre, agent, view.period, Path(folder), scope=answers.scope)
            return _file(made[0].name, made[0].read_bytes())
    except LogFailed as error:
        return _refused(error)
    except FairlineError as error:
        access.write_down("refused packet", about=about)
        return _refused(error)


def _may_take(live: LiveCentre, access: Access, what: str) -> Answers | Response:
    """What the viewer may take away, or the refusal, which is written down."""
    viewer = _viewer()
    try:
        if what not in viewer.may.takes_away:
            access.write_down(f"refused {what}")
            abort(403, _("Your role does not take this away."))
        return live.answers_for(viewer)
    except FairlineError as error:
        return _refused(error)


def _refused(error: FairlineError) -> Response:
    status = 503 if isinstance(error, LogFailed | StoreFailed) else 400
    return Response(f"{error}\n", status=status, mimetype="text/plain")


def _file(name: str, content: bytes) -> Response:
    kind = KINDS[name.rpartition(".")[2]]
    return Response(content, mimetype=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


# ---- what goes wrong -------------------------------------------------------------------------------------------------


def _known_callback(app: Dash) -> AnyResponse | None:
    """Refuse a callback that does not exist before Dash quotes it back from within."""
    if request.path != "/_dash-update-component" or request.method != "POST":
        return None
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or body.get("output") not in app.callback_map:
        return Response("There is no such callback.\n", status=400, mimetype="text/plain")
    return None


def _unforeseen(error: Exception) -> AnyResponse:
    """What nobody foresaw: the reader gets a number, the log the place and never a row."""
    if isinstance(error, HTTPException):
        code = error.code or 500
        return Response(f"{error.description}\n", status=code, mimetype="text/plain") if code < 600 else Response("")
    if isinstance(error, FairlineError):
        return _refused(error)
    words = _("Something went wrong. Tell whoever runs Fairline this number: {number}").format(
        number=noted(error, request.path)
    )
    return Response(f"{words}\n", status=500, mimetype="text/plain")


# ---- the page --------------------------------------------------------------------------------------------------------


def _layout() -> Component:
    return html.Div(
        [
            dcc.Location(id="address", refresh="callback-nav"),
            html.A(_("Skip to the page"), href="#page", className="skip"),
            html.Header(
                [
                    html.Nav(id="pages", **aria(label=_("Pages"))),
                    html.Div(id="bar"),
                ],
                className="top",
            ),
            html.Main(html.P(_("Loading …"), className="muted"), id="page", tabIndex="-1"),
            html.Div(id="arrived", hidden=True),
            html.Div(id="opened", hidden=True),
        ]
    )


def _add_callbacks(app: Dash, live: LiveCentre, access: Access, pages: KeptPages) -> None:
    @app.callback(
        Output("pages", "children"),
        Output("bar", "children"),
        Output("page", "children"),
        Input("address", "pathname"),
        Input("address", "search"),
    )
    def show(path: Any, search: Any) -> tuple[Any, Any, Any]:
        viewer = _viewer()
        path, search = _text(path) or "/", _text(search)
        bar, page = written_down(live, access, viewer, path, search, pages=pages)
        links = navigation(viewer, path, search, form_token=generate_csrf(), is_demo=access.is_demo)
        # by its address: rows that a browser sorted are not taken over by the next page
        said = html.Div(drawn(page), key=f"{path}{search}", className="page", lang=tag(), **script_words())
        return drawn(links), drawn(bar), said

    @app.callback(
        Output({"part": MATCH}, "children"),
        Input({"part": MATCH}, "id"),
        State("address", "pathname"),
        State("address", "search"),
    )
    def show_later(place: Any, path: Any, search: Any) -> Any:
        name = place.get("part") if isinstance(place, dict) else None
        path = _text(path) or "/"
        return drawn(written_down(live, access, _viewer(), path, _text(search), _text(name) or "none", pages)[1])

    in_browser: Any = app.clientside_callback
    in_browser(ClientsideFunction("fairline", "arrived"), Output("arrived", "title"), Input("page", "children"))
    in_browser(
        ClientsideFunction("fairline", "openInterval"),
        Output("opened", "title"),
        Input("by-interval", "clickData"),
        prevent_initial_call=True,
    )


def _text(value: Any) -> str | None:
    """What a browser sends as an address; anything else is none."""
    return value if isinstance(value, str) else None


def written_down(
    live: LiveCentre,
    access: Access,
    viewer: Viewer,
    path: str,
    search: str | None,
    part: str = "",
    pages: KeptPages | None = None,
) -> tuple[Sequence[Component], Sequence[Component]]:
    """What a viewer sees at an address, once that they saw it stands in the log; without that, nothing."""
    found = shown(live, access, viewer, path, search, part, pages)
    # who has no page of the day arrives at the own first page by the same address
    path = viewer.may.home if path == "/" and "/" not in viewer.may.pages else path
    known = path if path in PAGES else "a page that is none"
    if part and known in PAGES:
        known = f"{known}: {part if part in PAGES[known].later else 'a part that is none'}"
    try:
        access.write_down(f"{found.outcome} {known}", about=found.about, period=found.period)
    except LogFailed as error:
        return [], notice(_("This cannot be shown"), str(error))
    return found.bar, found.page
