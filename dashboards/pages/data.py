"""Can today be trusted: what arrived, up to when, what was put aside and why, and whether the books balance."""

from __future__ import annotations

from collections.abc import Callable

from dash import html
from dash.development.base_component import Component

import metrics
from dashboards.access import Access, Viewer
from dashboards.answers import Answers
from dashboards.names_form import names_form
from dashboards.tables import listing
from dashboards.view import View
from metrics import text
from metrics.delivery_log import delivery_log
from metrics.health import case_links, link_methods

MOST_LOADS = 40
MOST_PLACES = 5
MOST_LINES = 200
MOST_DELIVERIES = 100
# a source that brought nothing for so many days has stopped, whatever it is about
STOPPED_DAYS = 3
DELIVERED = {
    "sent": "sent",
    "waiting": "waiting: data have not arrived",
    "late": "late: data had not arrived by the time set",
    "failed": "failed",
    "noticed": "those who look after it were told",
}


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
            one.data_to or "no dated rows",
            _behind(answers, one),
            one.loaded_at,
            one.good,
            one.quarantined,
        ]
        for one in answers.freshness()
    ]
    heads = ["Source", "About", "Data to", "Against the newest", "Loaded last", "Rows taken", "Lines put aside"]
    return listing("Sources", heads, rows, numbers=2)


def _behind(answers: Answers, one: metrics.Freshness) -> str:
    """How far a source lies behind the one that reaches furthest."""
    newest = max((other.data_to for other in answers.freshness() if other.data_to), default=None)
    if one.data_to is None or newest is None:
        return ""
    days = (newest - one.data_to).days
    return "up to date" if days < STOPPED_DAYS else f"waiting since {text.short_day(one.data_to.date())}"


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
            row["lines"],
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
        [kind.capitalize(), str(name), count]
        for kind, frame in found.items()
        for name, count in frame.iter_rows()
        if kind != "agent" or sees_people(answers)
    ]
    if not rows:
        return html.Section([html.H2("Names without a setting"), html.P("Every queue and agent in the data is known.")])
    note = (
        "Their contacts are counted. A new queue goes into centre.toml and a new person onto the roster; another name "
        "of one that is known is settled below, or as an alias in centre.toml."
    )
    return listing("Names without a setting", ["Kind", "Name", "Contacts"], rows, numbers=1, note=note)


def loads(answers: Answers) -> Component:
    """The files that were offered last."""
    frame = answers.kept("recent_loads", lambda: metrics.recent_loads(answers.centre, most=MOST_LOADS))
    rows = [
        [
            row["loaded_at"],
            row["file"],
            row["layout"] or "unknown",
            row["verdict"]
            if row["verdict"] == "accepted"
            else f"{row['verdict']}: {text.plain_words(row['reason'] or '')}",
            *(row[name] or 0 for name in ("rows_read", "good", "quarantined", "duplicate", "blank")),
        ]
        for row in frame.iter_rows(named=True)
    ]
    heads = ["Loaded", "File", "Layout", "Verdict", "Rows", "Taken", "Put aside", "Duplicate", "Blank"]
    return listing(f"The last {MOST_LOADS} files", heads, rows, numbers=5)


def restated(answers: Answers) -> Component:
    """Days that a later file told anew, which figures of those days follow."""
    frame = answers.kept("restated", lambda: metrics.restated_loads(answers.centre))
    rows = [
        [row["file"], row["about"], row["restated_from"], row["restated_to"], row["loaded_at"], row["good"]]
        for row in frame.iter_rows(named=True)
    ]
    if not rows:
        told = "No file of calls or agent states brought days that another had brought before."
        return html.Section([html.H2("Restated"), html.P(told)])
    heads = ["File", "About", "Days from", "Days to", "Restated on", "Rows taken"]
    return listing("Restated", heads, rows, numbers=1, note="The newest export of a row counts; earlier ones are kept.")


def links(answers: Answers) -> Component:
    """How many contacts and cases know of each other."""
    found = answers.kept("case_links", lambda: case_links(answers.centre))
    methods = answers.kept("link_methods", lambda: link_methods(answers.centre))
    pairs = [
        ("Cases that a contact names, and that are known", "cases_linked", "cases_named"),
        ("Answered calls whose case is known", "calls_linked", "calls"),
        ("Cases taken by phone whose call is known", "phone_cases_linked", "phone_cases"),
    ]
    rows = [
        [title, text.share(found[part] / found[whole] if found[whole] else None), found[part], found[whole]]
        for title, part, whole in pairs
    ]
    how = ", ".join(f"{text.count(count)} by {text.plain_words(method)}" for method, count in methods.items())
    note = f"Links: {how}." if how else ""
    return listing("Contacts and cases linked", ["What", "Share", "Linked", "Of"], rows, numbers=3, note=note)


def deliveries(answers: Answers) -> Component:
    """What became of scheduled reports."""
    frame = delivery_log(answers.centre.folder).tail(MOST_DELIVERIES).reverse()
    if frame.is_empty():
        told = "No report was sent on a schedule. [[delivery]] in centre.toml sets one up; fairline deliver runs it."
        return html.Section([html.H2("Reports sent"), html.P(told)])
    rows = [
        [
            row["at"].astimezone(answers.centre.timezone),
            row["delivery"],
            row["report"],
            row["period"],
            row["recipient"] if sees_people(answers) else "somebody",
            DELIVERED.get(row["state"], row["state"]),
            row["message"],
        ]
        for row in frame.iter_rows(named=True)
    ]
    heads = ["When", "Delivery", "Report", "Period", "To", "What became of it", "Said"]
    return listing("Reports sent", heads, rows, note=f"The newest {MOST_DELIVERIES}.", of_people=True)


def sees_people(answers: Answers) -> bool:
    """Whether the asker sees anybody's work: who only keeps the system reads no names."""
    return not answers.scope.limits() or answers.sees_whole_centre


def deeds(answers: Answers, view: View, access: Access, viewer: Viewer) -> list[Component]:  # noqa: ARG001
    """What depends on what the viewer may do: lines that were put aside, and names to settle."""
    parts: list[Component] = []
    if "settle_names" in viewer.may.does:
        parts.append(names_form(answers, access, sees_people=sees_people(answers)))
    if "read_lines" in viewer.may.does:
        parts.append(_lines(answers))
    return parts


def _lines(answers: Answers) -> Component:
    """The lines that were put aside, as they came; contact details in them were blotted out when they were read."""
    frame = answers.kept("lines", lambda: metrics.put_aside_lines(answers.centre, most=MOST_LINES))
    if frame.is_empty():
        return html.Section([html.H2("Lines put aside"), html.P("No line was put aside.", className="muted")])
    rows = [
        [
            row["file"],
            row["line"],
            row["column_name"] or "whole line",
            text.plain_words(row["reason"]),
            html.Code(row["raw"]) if row["raw"] is not None else "erased",
        ]
        for row in frame.iter_rows(named=True)
    ]
    note = f"The newest {MOST_LINES}. Telephone numbers, addresses and the like were blotted out when they were read."
    return listing("Lines put aside", ["File", "Line", "Column", "Why", "The line"], rows, note=note)


PARTS: tuple[Callable[[Answers], Component], ...] = (
    heading,
    sources,
    identities,
    put_aside,
    restated,
    unmapped,
    links,
    loads,
    deliveries,
)
