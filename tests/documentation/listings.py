"""The list of all layouts in docs/exports.md: `python -m tests.documentation.listings` makes it anew."""

from __future__ import annotations

from etl.layout import shipped_layouts
from etl.listing import listed
from tests.documentation.made import put, table

KINDS = {
    "acd": "phone",
    "crm": "cases",
    "qa": "quality",
    "wfm": "schedules",
    "survey": "surveys",
    "public": "open data",
}


def layouts() -> str:
    """Every layout by kind: what it reads, what it yields, and what it cannot tell."""
    order = list(KINDS)
    known = sorted(shipped_layouts().values(), key=lambda one: (order.index(one.kind), one.vendor, one.name))
    rows = []
    for one in known:
        facts = listed(one)
        rows.append([KINDS[one.kind], f"`{one.name}`", one.product, facts["yields"], facts["lacks"] or " "])
    return table(["kind", "layout", "file", "yields", "lacks"], rows)


if __name__ == "__main__":
    put("exports.md", "layouts", layouts())
