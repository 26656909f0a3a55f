"""The addresses behind the desk's buttons: who asks, whether they may, the log, the deed, and what is answered."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, abort, jsonify, request

from dashboards.access import Access, LogFailed, Viewer, viewer_or_none
from dashboards.desk.deeds import DEEDS, Sent, StillOpen
from dashboards.desk.rights import Desk
from dashboards.desk.store import StoreFailed
from dashboards.live import LiveCentre
from metrics import FairlineError
from metrics.language import _


def add_desk(server: Flask, live: LiveCentre, access: Access) -> None:
    """Let a server take what is done at the desk."""
    server.add_url_rule("/desk/<deed>", "desk_deed", lambda deed: done(live, access, deed), methods=["POST"])


def desk_of(live: LiveCentre, access: Access, viewer: Viewer) -> Desk:
    """The desk as somebody uses it now."""
    return Desk(access.store, viewer, live.answers_for(viewer), access.clock())


def done(live: LiveCentre, access: Access, name: str) -> Response | tuple[Response, int]:
    """Do a deed, once it is known that the viewer may and the log has taken it; else say why not."""
    viewer = viewer_or_none()
    if viewer is None:
        abort(401)
    if name not in DEEDS:
        abort(404)
    about = ""
    try:
        if name not in viewer.may.does:
            access.write_down(f"refused {name}")
            return jsonify(words=_("Your role does not do this.")), 403
        deed = DEEDS[name]
        ready = deed.ready(desk_of(live, access, viewer), _sent())
        about = ready.about
        if deed.words:
            access.write_down(deed.words, about=about)
        found = ready.act()
        return jsonify(({"to": ready.to} if ready.to else {}) | ready.answer(found))
    except StillOpen as open_yet:
        access.write_down(f"refused {name}", about=about)
        return jsonify(words=str(open_yet), items=list(open_yet.items), revision=open_yet.revision), 409
    except (LogFailed, StoreFailed) as error:
        return jsonify(words=str(error)), 503
    except FairlineError as error:
        access.write_down(f"refused {name}", about=about)
        return jsonify(words=str(error)), 400


def _sent() -> Sent:
    """What the browser sent: JSON, or the fields of a form."""
    if request.is_json:
        body: Any = request.get_json(silent=True)
        return body if isinstance(body, dict) else {}
    return {key: values[0] if len(values) == 1 else values for key, values in request.form.lists()}
