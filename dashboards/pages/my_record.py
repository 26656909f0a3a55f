"""One's own record: who opened it and when, and from which account one is signed in."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboards.access import Access, Viewer, entries
from dashboards.pages.audit import when
from dashboards.tables import listing
from metrics import text


def page(access: Access, viewer: Viewer) -> list[Component]:
    """Whoever opened or took away something about the viewer, and what the viewer's own account did last."""
    others = [
        row
        for row in (entries(access.store, about=viewer.person) if viewer.person else [])
        if row["who"] != viewer.name
    ]
    own = entries(access.store, who=viewer.name, most=50)
    opened = text.number_of(len(others), "time", "times")
    lead = f"Others opened your record {opened}." if others else "Nobody else opened your record."
    parts: list[Component] = [html.Header([html.H1("Your record"), html.P(lead, className="lead")])]
    if others:
        rows = [[when(row["at"]), row["who"], row["role"], row["what"], row["period"]] for row in others]
        parts.append(listing("Who opened your record", ["When (UTC)", "Who", "Role", "What", "Period"], rows))
    mine = [[when(row["at"]), row["what"], row["about"], row["period"]] for row in own]
    parts.append(listing("What your account did last", ["When (UTC)", "What", "Whose record", "Period"], mine))
    return parts
