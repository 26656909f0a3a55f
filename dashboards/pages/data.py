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
from metrics.availability import bare_reason
from metrics.delivery_log import delivery_log
from metrics.health import case_links, link_methods
from metrics.language import N_, _, n_, spoken

MOST_LOADS = 40
MOST_PLACES = 5
MOST_LINES = 200
MOST_DELIVERIES = 100
# a source that brought nothing for so many days has stopped, whatever it is about
STOPPED_DAYS = 3
KINDS = {"agent": N_("Agent"), "queue": N_("Queue"), "department": N_("Department")}
# as intake calls them
VERDICTS = (N_("accepted"), N_("rejected"), N_("unchanged"))
DELIVERED = {
    "sent": N_("sent"),
    "waiting": N_("waiting: data have not arrived"),
    "late": N_("late: data had not arrived by the time set"),
    "failed": N_("failed"),
    "noticed": N_("those who look after it were told"),
}


def page(answers: Answers, view: View) -> list[Component]:  # noqa: ARG001
    """The state of the data in the order of reading."""
    return [part(answers) for part in PARTS]


def heading(answers: Answers) -> Component:
    """The answer in one sentence."""
    number = answers.open_identities()
    aside = sum(one.quarantined for one in answers.freshness())
    books = _("The identities are being checked")
    if number is not None:
        open_ones = n_("{n} identity stays open", "{n} identities stay open", number).format(n=text.count(number))
        books = open_ones if number else _("Every identity closes")
    lines = n_("{n} line was put aside", "{n} lines were put aside", aside).format(n=text.count(aside))
    return html.Header(
        [
            html.H1(_("Data")),
            html.P(
                _("{books}; {lines} of all that was ever loaded.").format(books=books, lines=lines), className="lead"
            ),
        ],
    )


def sources(answers: Answers) -> Component:
    """How far each source reaches."""
    rows = [
        [
            one.source,
            text.about_words(one.about),
            one.data_to or _("no dated rows"),
            _behind(answers, one),
            one.loaded_at,
            one.good,
            one.quarantined,
        ]
        for one in answers.freshness()
    ]
    heads = [
        _("Source"),
        _("About"),
        _("Data to"),
        _("Against the newest"),
        _("Loaded last"),
        _("Rows taken"),
        _("Lines put aside"),
    ]
    return listing(_("Sources"), heads, rows, numbers=2)


def _behind(answers: Answers, one: metrics.Freshness) -> str:
    """How far a source lies behind the one that reaches furthest."""
    newest = max((other.data_to for other in answers.freshness() if other.data_to), default=None)
    if one.data_to is None or newest is None:
        return ""
    days = (newest - one.data_to).days
    # against the others; whether they are of today is told by the dates beside it
    return (
        _("not behind")
        if days < STOPPED_DAYS
        else _("waiting since {day}").format(day=text.plain_day(one.data_to.date()))
    )


def identities(answers: Answers) -> Component:
    """Every identity, with the places where it does not close."""
    if not answers.is_checked:
        words = _("They are being checked against the newest load. Load the page again in a minute.")
        return html.Section([html.H2(_("Identities")), html.P(words)])
    rows = []
    for one in answers.kept("identities", lambda: metrics.identities(answers.centre), has_words=False):
        places = [
            _("{place}: {stated} stated, {found} found").format(
                place=row["place"], stated=_plain(row["stated"]), found=_plain(row["found"])
            )
            for row in one.open_places.head(MOST_PLACES if sees_people(answers) else 0).iter_rows(named=True)
        ]
        rows.append(
            [text.plain_words(one.name), _("closes") if one.closes else _("open"), "; ".join(places) or _(one.law)]
        )
    return listing(_("Identities"), [_("Identity"), _("State"), _("What must hold, or where it does not")], rows)


def put_aside(answers: Answers) -> Component:
    """Why lines were put aside, and where to look."""
    frame = answers.kept("put_aside", lambda: metrics.put_aside(answers.centre), has_words=False)
    rows = [
        [
            row["source"],
            row["column_name"] or _("whole line"),
            text.plain_words(row["reason"]),
            _("{file}, line {line}").format(file=row["newest_file"], line=text.count(row["its_first_line"])),
            row["lines"],
        ]
        for row in frame.iter_rows(named=True)
    ]
    if not rows:
        return html.Section([html.H2(_("Put aside")), html.P(_("No line was put aside."))])
    note = _(
        "Mend it in the system that exported it and export again, or correct the layout; then load the file again."
    )
    return listing(
        _("Put aside"),
        [_("Source"), _("Column"), _("Why"), _("The newest of them"), _("Lines")],
        rows,
        numbers=1,
        note=note,
    )


def unmapped(answers: Answers) -> Component:
    """Names in the data that the centre's settings do not know."""
    found = answers.kept("unmapped", lambda: metrics.unmapped(answers.centre), has_words=False)
    rows = [
        [_(KINDS[kind]) if kind in KINDS else kind, str(name), count]
        for kind, frame in found.items()
        for name, count in frame.iter_rows()
        if kind != "agent" or sees_people(answers)
    ]
    if not rows:
        return html.Section(
            [html.H2(_("Names without a setting")), html.P(_("Every queue and agent in the data is known."))]
        )
    note = _(
        "Their contacts are counted. Under Settle a name, below, each is another name of one that is known, or one of "
        "its own; a roster brings names and teams of people, centre.toml the name, channel and language of a queue."
    )
    return listing(_("Names without a setting"), [_("Kind"), _("Name"), _("Contacts")], rows, numbers=1, note=note)


def loads(answers: Answers) -> Component:
    """The files that were offered last."""
    frame = answers.kept("recent_loads", lambda: metrics.recent_loads(answers.centre, most=MOST_LOADS), has_words=False)
    rows = [
        [
            row["loaded_at"],
            row["file"],
            row["layout"] or "unknown",
            spoken(row["verdict"])
            if row["verdict"] == "accepted"
            else f"{spoken(row['verdict'])}: {text.plain_words(row['reason'] or '')}",
            *(row[name] or 0 for name in ("rows_read", "good", "quarantined", "duplicate", "blank")),
        ]
        for row in frame.iter_rows(named=True)
    ]
    heads = [
        _("Loaded"),
        _("File"),
        _("Layout"),
        _("Verdict"),
        _("Rows"),
        _("Taken"),
        _("Put aside"),
        _("Duplicate"),
        _("Blank"),
    ]
    return listing(_("The last {n} files").format(n=MOST_LOADS), heads, rows, numbers=5)


def restated(answers: Answers) -> Component:
    """Days that a later file told anew, which figures of those days follow."""
    frame = answers.kept("restated", lambda: metrics.restated_loads(answers.centre), has_words=False)
    rows = [
        [
            row["file"],
            text.about_words(row["about"]),
            row["restated_from"],
            row["restated_to"],
            row["loaded_at"],
            row["good"],
        ]
        for row in frame.iter_rows(named=True)
    ]
    if not rows:
        told = _("No file of calls or agent states brought days that another had brought before.")
        return html.Section([html.H2(_("Restated")), html.P(told)])
    heads = [_("File"), _("About"), _("Days from"), _("Days to"), _("Restated on"), _("Rows taken")]
    return listing(
        _("Restated"), heads, rows, numbers=1, note=_("The newest export of a row counts; earlier ones are kept.")
    )


def links(answers: Answers) -> Component:
    """How many contacts and cases know of each other; where one of them was never loaded there is nothing to link."""
    if lacking := answers.cannot_give("requests_created") or answers.cannot_give("contacts_received"):
        told = _("Nothing to link: {reason}.").format(reason=bare_reason(lacking))
        return html.Section([html.H2(_("Contacts and cases linked")), html.P(told)])
    found = answers.kept("case_links", lambda: case_links(answers.centre), has_words=False)
    methods = answers.kept("link_methods", lambda: link_methods(answers.centre), has_words=False)
    pairs = [
        (_("Cases that a contact names, and that are known"), "cases_linked", "cases_named"),
        (_("Answered calls whose case is known"), "calls_linked", "calls"),
        (_("Cases taken by phone whose call is known"), "phone_cases_linked", "phone_cases"),
    ]
    rows = [
        [title, text.share(found[part] / found[whole] if found[whole] else None), found[part], found[whole]]
        for title, part, whole in pairs
    ]
    how = ", ".join(
        _("{n} by {method}").format(n=text.count(count), method=text.plain_words(method))
        for method, count in methods.items()
    )
    note = _("Links: {how}.").format(how=how) if how else ""
    return listing(
        _("Contacts and cases linked"), [_("What"), _("Share"), _("Linked"), _("Of")], rows, numbers=3, note=note
    )


def _plain(number: float) -> str:
    return text.count(number) if float(number).is_integer() else text.decimal(number)


def deliveries(answers: Answers) -> Component:
    """What became of scheduled reports."""
    frame = delivery_log(answers.centre.folder).tail(MOST_DELIVERIES).reverse()
    if frame.is_empty():
        told = _("No report was sent on a schedule. [[delivery]] in centre.toml sets one up; fairline deliver runs it.")
        return html.Section([html.H2(_("Reports sent")), html.P(told)])
    rows = [
        [
            row["at"].astimezone(answers.centre.timezone),
            row["delivery"],
            row["report"],
            row["period"],
            row["recipient"] if sees_people(answers) else _("somebody"),
            spoken(DELIVERED.get(row["state"], row["state"])),
            row["message"],
        ]
        for row in frame.iter_rows(named=True)
    ]
    heads = [_("When"), _("Delivery"), _("Report"), _("Period"), _("To"), _("What became of it"), _("Said")]
    return listing(
        _("Reports sent"),
        heads,
        rows,
        note=_("The newest {n}.").format(n=MOST_DELIVERIES),
        of_people=True,
    )


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
    frame = answers.kept("lines", lambda: metrics.put_aside_lines(answers.centre, most=MOST_LINES), has_words=False)
    if frame.is_empty():
        return html.Section([html.H2(_("Lines put aside")), html.P(_("No line was put aside."), className="muted")])
    rows = [
        [
            row["file"],
            row["line"],
            row["column_name"] or _("whole line"),
            text.plain_words(row["reason"]),
            html.Code(row["raw"]) if row["raw"] is not None else _("erased"),
        ]
        for row in frame.iter_rows(named=True)
    ]
    note = _("The newest {n}. Telephone numbers, addresses and the like were blotted out when they were read.").format(
        n=MOST_LINES
    )
    return listing(_("Lines put aside"), [_("File"), _("Line"), _("Column"), _("Why"), _("The line")], rows, note=note)


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
