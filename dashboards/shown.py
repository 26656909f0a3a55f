"""What somebody sees at an address: the bar and the page, or a sentence in place of what is not there or not theirs."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import parse_qs, parse_qsl, urlencode

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.access import Access, Viewer
from dashboards.answers import Answers
from dashboards.aria import aria
from dashboards.bar import as_of, bar
from dashboards.desk.doors import desk_of
from dashboards.desk.rights import Desk, DeskPage
from dashboards.live import LiveCentre
from dashboards.pages import (
    agent,
    audit,
    calibration,
    coaching,
    contact,
    contacts,
    data,
    day,
    decisions,
    definitions,
    evaluation,
    figure,
    my_record,
    quality,
    queues,
    records,
    requests,
    staffing,
    team,
    worklist,
)
from dashboards.view import BAR, View
from metrics import FairlineError, text

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Page:
    """What an address shows: its parts, its place in the navigation (none where it has none), and its usual span."""

    parts: Callable[[Answers, View], Sequence[Component]] | None = None
    title: str = ""
    span: str = "day"
    # for pages about access itself, which show entries of the log and not the warehouse
    of_access: Callable[[Access, Viewer, Desk | None], Sequence[Component]] | None = None
    # for pages of what people enter, which read the desk's store beside the warehouse
    of_desk: DeskPage | None = None


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
    "/records": Page(records.page, "Public records"),
    "/audit": Page(title="Log", of_access=audit.page),
    "/desk": Page(title="Desk", of_desk=worklist.page),
    "/evaluation": Page(of_desk=evaluation.page),
    "/decisions": Page(of_desk=decisions.page),
    "/calibration": Page(of_desk=calibration.page),
    "/coaching": Page(of_desk=coaching.page),
    "/my-record": Page(title="Your record", of_access=my_record.page),
}
Outcome = Literal["saw", "refused", "failed"]


@dataclass(frozen=True)
class Shown:
    """The bar and the page, whether they are what was asked for, and whose record that was."""

    bar: list[Component]
    page: list[Component]
    outcome: Outcome
    about: str = ""
    period: str = ""


def shown(live: LiveCentre, access: Access | None, viewer: Viewer, path: str, search: str | None) -> Shown:
    """What a viewer sees at an address."""
    path = path.rstrip("/") or "/"
    if path == "/" and "/" not in viewer.may.pages:
        path = viewer.may.home
    page = PAGES.get(path)
    if page is not None and path not in viewer.may.pages:
        words = f"Your role ({viewer.may.title.lower()}) does not open this page. Ask whoever gives out roles."
        return Shown([], notice("Not yours to see", words), "refused")
    bar_parts: list[Component] = []
    about = period = ""
    try:
        if page is not None and page.of_access is not None and access is not None:
            desk = desk_of(live, access, viewer) if viewer.may.sees == "own" else None
            return Shown([], list(page.of_access(access, viewer, desk)), "saw")
        answers = live.answers_for(viewer)
        if page is not None and page.of_desk is not None and access is not None:
            bar_parts = [html.P(as_of(answers), className="as-of")]
            asked = {name: values[-1] for name, values in parse_qs((search or "").removeprefix("?")).items()}
            seen = page.of_desk(desk_of(live, access, viewer), asked)
            return Shown(bar_parts, list(seen.parts), "saw", seen.about)
        view = View.from_search(search, otherwise=answers.last_day(), span=page.span if page else "day")
        view = own_view(viewer, path, view)
        about, period = whose(view, path), f"{view.period.first}/{view.period.until}"
        bar_parts = bar(answers, view, path)
        parts = list(page.parts(answers, view)) if page and page.parts else not_found(viewer, path)
        return Shown(bar_parts, parts, "saw", about, period)
    except FairlineError as error:
        return Shown(bar_parts, notice("This cannot be shown", str(error)), "refused", about, period)
    except Exception as error:  # what nobody foresaw: the reader gets a number, the log the place and never a row
        words = f"Something went wrong here. Tell whoever runs Fairline this number: {noted(error, path)}."
        return Shown(bar_parts, notice("This page failed", words), "failed", about, period)


def own_view(viewer: Viewer, path: str, view: View) -> View:
    """An agent's own page needs no name in its address."""
    if viewer.may.sees == "own" and path == "/agent" and view.value("agent") is None:
        return view.narrowed(agent=viewer.person)
    return view


def whose(view: View, path: str) -> str:
    """Whose record an address opens, as the log names it: an agent, a contact or a team."""
    if path == "/contact":
        return f"contact {view.contact}"
    return view.value("agent") or (f"team {view.value('team')}" if view.value("team") else "")


def noted(error: Exception, place: str) -> str:
    """Log where an error came from without its words, which may quote a row; gives its number."""
    reference = secrets.token_hex(4)
    log.error("%s at %s", reference, place.encode("unicode_escape").decode(), exc_info=_place_only(error))
    return reference


def _place_only(error: Exception) -> tuple[type[Exception], Exception, Any]:
    return RuntimeError, RuntimeError(type(error).__name__), error.__traceback__


def navigation(viewer: Viewer, path: str, search: str | None, *, form_token: str, is_demo: bool) -> list[Component]:
    """The role's pages, each for the same day and choices; the one that is shown is marked for eye and ear."""
    asked = [pair for pair in parse_qsl((search or "").removeprefix("?")) if pair[0] in ("day", *BAR)]
    kept = f"?{urlencode(asked)}" if asked else ""
    here = viewer.may.home if path == "/" else path
    pages = {address: replace(page, title=_own_title(viewer, address, page)) for address, page in PAGES.items()}
    links = [
        html.Li(
            dcc.Link(page.title, href=f"{address}{kept}", className="here" if address == here else ""),
            **(aria(current="page") if address == here else {}),
        )
        for address, page in pages.items()
        if page.title and address in viewer.may.pages
    ]
    who = f"{viewer.may.title}{': made up, as all of this demo' if is_demo else f' {viewer.name}'}"
    leave = html.Form(
        [
            dcc.Input(type="hidden", name="csrf_token", value=form_token),
            html.Span(who, className="muted"),
            html.Button("Change role" if is_demo else "Sign out", type="submit"),
        ],
        action="/sign-out",
        method="post",
        className="leave",
    )
    return [dcc.Link("Fairline", href=viewer.may.home, className="brand"), html.Ul(links), leave]


def _own_title(viewer: Viewer, address: str, page: Page) -> str:
    return "Your work" if address == "/agent" and viewer.may.sees == "own" else page.title


def not_found(viewer: Viewer, path: str) -> list[Component]:
    """What is said of an address without a page."""
    return notice("No such page", f"There is no page at {path}. Known are {text.listed(sorted(viewer.may.pages))}.")


def notice(title: str, words: str) -> list[Component]:
    """A sentence in place of a page, and the way back."""
    back = html.P(dcc.Link("To the first page", href="/"))
    return [html.Section([html.H1(title), html.P(words), back], className="notice")]
