"""The log: who saw, took away, changed or was refused what, and whether the log is whole."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboards.access import Access, Viewer, entries, verify
from dashboards.desk.rights import Desk
from dashboards.tables import listing
from metrics import text

MOST = 500


def page(access: Access, viewer: Viewer, desk: Desk | None = None) -> list[Component]:  # noqa: ARG001
    """The newest entries, and whether anything was deleted, edited, reordered or cut."""
    found = verify(access.store, access.keys)
    whole = f"The log is whole: {text.number_of(found.entries, 'entry', 'entries')}."
    lead = html.P(
        f"The log was changed: {'; '.join(found.faults)}." if found.faults else whole,
        className="lead attention" if found.faults else "lead",
    )
    rows = [
        [
            row["number"],
            when(row["at"]),
            row["who"],
            row["role"],
            row["what"],
            row["about"],
            row["period"],
            _number(row),
        ]
        for row in entries(access.store, most=MOST)
    ]
    heads = ["Entry", "When (UTC)", "Who", "Role", "What", "Whose record", "Period", "Rows"]
    note = f"The newest {MOST}. What was seen is named here, never what it said. fairline verify-log checks the same."
    return [
        html.Header([html.H1("Log"), lead]),
        listing("Entries, the newest first", heads, rows, numbers=1, note=note),
    ]


def when(at: str) -> str:
    """The moment of an entry as a person reads it, to the second."""
    return at[:19].replace("T", " ")


def _number(row: dict[str, object]) -> str:
    return "" if row["count"] is None else text.count(float(str(row["count"])))
