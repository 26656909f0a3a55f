"""Can today be trusted: what arrived, up to when, what was put aside and why, and whether the books balance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

import metrics
from dashboards.answers import Answers
from dashboards.aria import aria
from dashboards.view import View
from metrics import text

MOST_LOADS = 40
MOST_PLACES = 5


def page(answers: Answers, view: View) -> list[Component]:  # noqa: ARG001
    """The state of the data in the order of reading."""
    return [part(answers) for part in PARTS]


def heading(answers: Answers) -> Component:
    """The answer in one sentence."""
    number = answers.open_identities()
    aside = sum(one.quarantined for one in answers.freshness())
    books = "Every identity closes" if not number else f"{text.number_of(number, 'identity', 'identities')} stay open"
    lines = text.number_of(aside, "line was put aside", "lines were put aside")
    return html.Header(
        [html.H1("Data"), html.P(f"{books}; {lines} of all that was ever loaded.", className="lead")],
    )


def sources(answers: Answers) -> Component:
    """How far each source reaches."""
    rows = [
        [
            one.source,
            one.about,
            text.short_moment(one.data_to) if one.data_to else "no dated rows",
            text.short_moment(one.loaded_at),
            text.count(one.good),
            text.count(one.quarantined),
        ]
        for one in answers.freshness()
    ]
    return listing(
        "Sources", ["Source", "About", "Data to", "Loaded last", "Rows taken", "Lines put aside"], rows, numbers=2
    )


def identities(answers: Answers) -> Component:
    """Every identity, with the places where it does not close."""
    rows = []
    for one in answers.kept("identities", lambda: metrics.identities(answers.centre)):
        places = [
            f"{row['place']}: {row['stated']:g} stated, {row['found']:g} found"
            for row in one.open_places.head(MOST_PLACES if sees_people(answers) else 0).iter_rows(named=True)
        ]
        rows.append([text.plain_words(one.name), "closes" if one.closes else "open", "; ".join(places) or one.law])
    return listing("Identities", ["Identity", "State", "What must hold, or where it does not"], rows)


def put_aside(answers: Answers) -> Component:
    """Why lines were put aside, and where to look."""
    frame = answers.kept("put_aside", lambda: metrics.put_aside(answers.centre))
    rows = [
        [
            row["source"],
            row["column_name"] or "whole line",
            text.plain_words(row["reason"]),
            f"{row['newest_file']}, line {row['its_first_line']:,}",
            text.count(row["lines"]),
        ]
        for row in frame.iter_rows(named=True)
    ]
    if not rows:
        return html.Section([html.H2("Put aside"), html.P("No line was put aside.")])
    note = "Mend it in the system that exported it and export again, or correct the layout; then load the file again."
    return listing("Put aside", ["Source", "Column", "Why", "The newest of them", "Lines"], rows, numbers=1, note=note)


def unmapped(answers: Answers) -> Component:
    """Names in the data that the centre's settings do not know."""
    found = answers.kept("unmapped", lambda: metrics.unmapped(answers.centre))
    rows = [
        [kind.capitalize(), str(name), text.count(count)]
        for kind, frame in found.items()
        for name, count in frame.iter_rows()
        if kind != "agent" or sees_people(answers)
    ]
    if not rows:
        return html.Section([html.H2("Names without a setting"), html.P("Every queue and agent in the data is known.")])
    note = "Their contacts are counted. Add them to centre.toml (queues) or to the roster (agents) and load again."
    return listing("Names without a setting", ["Kind", "Name", "Contacts"], rows, numbers=1, note=note)


def loads(answers: Answers) -> Component:
    """The files that were offered last."""
    frame = answers.kept("recent_loads", lambda: metrics.recent_loads(answers.centre, most=MOST_LOADS))
    rows = [
        [
            text.short_moment(row["loaded_at"]),
            row["file"],
            row["layout"] or "unknown",
            row["verdict"]
            if row["verdict"] == "accepted"
            else f"{row['verdict']}: {text.plain_words(row['reason'] or '')}",
            *(text.count(row[name] or 0) for name in ("rows_read", "good", "quarantined", "duplicate", "blank")),
        ]
        for row in frame.iter_rows(named=True)
    ]
    heads = ["Loaded", "File", "Layout", "Verdict", "Rows", "Taken", "Put aside", "Duplicate", "Blank"]
    return listing(f"The last {MOST_LOADS} files", heads, rows, numbers=5)


def sees_people(answers: Answers) -> bool:
    """Whether the asker sees anybody's work: who only keeps the system reads no names."""
    return not answers.scope.limits() or answers.sees_whole_centre


def listing(
    caption: str, heads: Sequence[str], rows: Sequence[Sequence[Any]], *, numbers: int = 0, note: str = ""
) -> Component:
    """A table of words, the last `numbers` columns of which are numbers."""
    kinds = ["words"] * (len(heads) - numbers) + ["number"] * numbers
    head = [html.Th(name, scope="col", className=kind) for name, kind in zip(heads, kinds, strict=True)]
    body = [
        html.Tr(
            [
                html.Th(row[0], scope="row"),
                *(html.Td(cell, className=kind) for cell, kind in zip(row[1:], kinds[1:], strict=True)),
            ]
        )
        for row in rows
    ]
    table = html.Table([html.Caption(caption), html.Thead(html.Tr(head)), html.Tbody(body)])
    return html.Div(
        [
            html.Div(table, className="scrolled", role="region", tabIndex="0", **aria(label=caption)),
            html.P(note, className="muted note") if note else None,
        ]
    )


PARTS: tuple[Callable[[Answers], Component], ...] = (heading, sources, identities, put_aside, unmapped, loads)
