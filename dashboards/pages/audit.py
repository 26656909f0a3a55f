"""The log: who saw, took away, changed or was refused what, and whether the log is whole."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboards.access import Access, Viewer, entries, verify
from dashboards.deeds_said import deed_said, role_said
from dashboards.desk.rights import Desk
from dashboards.tables import listing
from metrics import text
from metrics.language import _, n_

MOST = 500


def page(access: Access, viewer: Viewer, desk: Desk | None = None) -> list[Component]:  # noqa: ARG001
    """The newest entries, and whether anything was deleted, edited, reordered or cut."""
    found = verify(access.store, access.keys)
    whole = n_("The log is whole: {n} entry.", "The log is whole: {n} entries.", found.entries)
    lead = html.P(
        _("The log was changed: {faults}.").format(faults="; ".join(found.faults))
        if found.faults
        else whole.format(n=text.count(found.entries)),
        className="lead attention" if found.faults else "lead",
    )
    rows = [
        [
            row["number"],
            when(row["at"]),
            row["who"],
            role_said(row["role"]),
            deed_said(row["what"]),
            deed_said(row["about"]),
            row["period"],
            _number(row),
        ]
        for row in entries(access.store, most=MOST)
    ]
    heads = [_("Entry"), _("When (UTC)"), _("Who"), _("Role"), _("What"), _("Whose record"), _("Period"), _("Rows")]
    note = _(
        "The newest {n}. What was seen is named here, never what it said. fairline verify-log checks the same."
    ).format(n=MOST)
    return [
        html.Header([html.H1(_("Log")), lead]),
        listing(_("Entries, the newest first"), heads, rows, numbers=1, note=note),
    ]


def when(at: str) -> str:
    """The moment of an entry as a person reads it, to the second."""
    return at[:19].replace("T", " ")


def _number(row: dict[str, object]) -> str:
    return "" if row["count"] is None else text.count(float(str(row["count"])))
