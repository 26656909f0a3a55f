"""What somebody sees at an address: the bar and the page, or a sentence in place of what is not there or not theirs."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal
from urllib.parse import parse_qs, parse_qsl, urlencode

from dash import dcc, html
from dash.development.base_component import Component

from dashboards import closing, waits
from dashboards.access import Access, Viewer
from dashboards.access.languages import ADDRESS, other_languages
from dashboards.answers import Answers
from dashboards.aria import aria
from dashboards.bar import FIXED, KEPT, as_of, bar
from dashboards.desk.doors import desk_of
from dashboards.desk.rights import Desk, DeskPage
from dashboards.families import courses_of
from dashboards.kept import KeptPages, as_text, in_place_of
from dashboards.live import LiveCentre
from dashboards.needed import instead
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
    month,
    my_record,
    quality,
    queues,
    records,
    requests,
    staffing,
    targets,
    team,
    worklist,
)
from dashboards.questions_shown import objection
from dashboards.state import states
from dashboards.taken import addressed
from dashboards.verdicts import all_compared
from dashboards.view import View
from metrics import FairlineError, WrongUse, text
from metrics.language import N_, _, speaking

log = logging.getLogger(__name__)


Later = Callable[[Answers, View], Sequence[Component]]


@dataclass(frozen=True)
class Page:
    """What an address shows: its parts, its place in the navigation (none where it has none), and its usual span."""

    parts: Callable[[Answers, View], Sequence[Component | None]] | None = None
    title: str = ""
    span: str = "day"
    # for pages about access itself, which show entries of the log and not the warehouse
    of_access: Callable[[Access, Viewer, Desk | None], Sequence[Component]] | None = None
    # for pages of what people enter, which read the desk's store beside the warehouse
    of_desk: DeskPage | None = None
    # what depends on what the viewer may do, and stands at the end of the page
    of_viewer: Callable[[Answers, View, Access, Viewer], Sequence[Component]] | None = None
    # what takes long and is asked for once the rest of the page stands, by name
    later: Mapping[str, Later] = field(default_factory=dict)
    # of which subjects the page tells, so that it says where one is not there yet
    subjects: tuple[str, ...] = ()
    # whether it follows from the snapshot, the rights and the address alone, so that it can be kept as it was sent
    is_kept: bool = True


CONTACT = ("contact",)
PAGES: dict[str, Page] = {
    "/": Page(day.page, N_("Day"), subjects=("contact", "request")),
    "/team": Page(
        team.page,
        N_("Team"),
        "13weeks",
        later={"compared": team.comparisons, "placebo": team.placebo},
        subjects=CONTACT,
    ),
    "/agent": Page(
        agent.page, span="13weeks", later={"compared": agent.comparisons, "day": agent.day_and_work}, subjects=CONTACT
    ),
    "/queues": Page(queues.page, N_("Queues"), "4weeks", later={"waits": waits.later}, subjects=CONTACT),
    "/requests": Page(
        requests.page, N_("Requests"), "4weeks", later={"closing": closing.beside}, subjects=("request",)
    ),
    "/month": Page(month.page, N_("Month"), "month", later={"year": month.year_on_a_page}),
    "/quality": Page(quality.page, N_("Quality"), "13weeks", later={"evaluators": quality.evaluators}),
    "/staffing": Page(staffing.page, N_("Staffing"), later={"teams": staffing.teams}, subjects=CONTACT),
    "/targets": Page(title=N_("Targets"), of_desk=targets.page),
    "/data": Page(data.page, N_("Data"), of_viewer=data.deeds, is_kept=False),
    "/definitions": Page(definitions.page, N_("Definitions")),
    "/figure": Page(figure.page, of_viewer=objection, subjects=CONTACT),
    "/contacts": Page(contacts.page, subjects=CONTACT),
    "/contact": Page(contact.page),
    "/records": Page(records.page, N_("Public records")),
    "/audit": Page(title=N_("Log"), of_access=audit.page),
    "/desk": Page(title=N_("Desk"), of_desk=worklist.page),
    "/evaluation": Page(of_desk=evaluation.page),
    "/decisions": Page(of_desk=decisions.page),
    "/calibration": Page(of_desk=calibration.page),
    "/coaching": Page(of_desk=coaching.page),
    "/my-record": Page(title=N_("Your record"), of_access=my_record.page),
}
# what is about the others, and stands beside the brand; a page of work is in the line below
ASIDE = ("/definitions", "/my-record")
Outcome = Literal["saw", "refused", "failed"]


@dataclass(frozen=True)
class Shown:
    """The bar and the page, whether they are what was asked for, and whose record that was."""

    bar: list[Component]
    page: list[Component]
    outcome: Outcome
    about: str = ""
    period: str = ""


WHOLE = "*"


def shown(
    live: LiveCentre,
    access: Access | None,
    viewer: Viewer,
    path: str,
    search: str | None,
    part: str = "",
    pages: KeptPages | None = None,
) -> Shown:
    """What a viewer sees at an address: the page with places for what comes later, one such `part`, or the WHOLE.

    With `pages` what was sent before is sent again, which then holds components no more.
    """
    path = path.rstrip("/") or "/"
    if path == "/" and "/" not in viewer.may.pages:
        path = viewer.may.home
    page = PAGES.get(path)
    if page is not None and path not in viewer.may.pages:
        words = _("Your role ({title}) does not open this page. Ask whoever gives out roles.").format(
            title=_(viewer.may.title).lower()
        )
        return Shown([], notice(_("Not yours to see"), words), "refused")
    bar_parts: list[Component] = []
    about = period = ""
    try:
        if page is not None and page.of_access is not None and access is not None:
            desk = desk_of(live, access, viewer) if viewer.may.sees == "own" else None
            return Shown([], list(page.of_access(access, viewer, desk)), "saw")
        answers = live.answers_for(viewer)
        if page is not None and page.of_desk is not None and access is not None:
            bar_parts = [as_of(answers)]
            asked = {name: values[-1] for name, values in parse_qs((search or "").removeprefix("?")).items()}
            seen = page.of_desk(desk_of(live, access, viewer), asked)
            may_take = "tables" in viewer.may.takes_away
            return Shown(bar_parts, addressed(seen.parts, path, search, may_take=may_take), "saw", seen.about)
        view = View.from_search(search, otherwise=answers.last_day(), span=page.span if page else "day")
        view = own_view(viewer, path, replace(view, span=FIXED.get(path, view.span)))
        about, period = whose(view, path), f"{view.period.first}/{view.period.until}"
        may_take = "tables" in viewer.may.takes_away
        keeps = pages if page is not None and page.is_kept else None
        bar_parts = [] if part else _kept(keeps, answers, _bar(answers, view, path))
        if page is None or page.parts is None:
            return Shown(bar_parts, not_found(viewer, path), "saw", about, period)
        empty = instead(answers, path, _(page.title) if page.title else _("Agent"))
        if empty is not None:
            return Shown(bar_parts, [] if part not in ("", WHOLE) else empty, "saw", about, period)
        parts = _kept(keeps, answers, _page(page, answers, view, path, part, may_take=may_take))
        if page.of_viewer is not None and access is not None and part in ("", WHOLE):
            parts += page.of_viewer(answers, view, access, viewer)
        return Shown(bar_parts, parts, "saw", about, period)
    except FairlineError as error:
        return Shown(bar_parts, notice(_("This cannot be shown"), str(error)), "refused", about, period)
    except Exception as error:  # what nobody foresaw: the reader gets a number, the log the place and never a row
        words = _("Something went wrong here. Tell whoever runs Fairline this number: {number}.").format(
            number=noted(error, path)
        )
        return Shown(bar_parts, notice(_("This page failed"), words), "failed", about, period)


# what a part of what is sent follows from besides snapshot, rights and language, and what makes it
Made = tuple[Hashable, Callable[[], list[Any]]]


def _bar(answers: Answers, view: View, path: str) -> Made:
    return ("bar", path, view), lambda: bar(answers, view, path)


def _page(page: Page, answers: Answers, view: View, path: str, part: str, *, may_take: bool) -> Made:
    make = lambda: addressed(_parts(page, answers, view, part), path, view.search, may_take=may_take)  # noqa: E731
    return ("page", path, view, part, may_take), make


def _kept(pages: KeptPages | None, answers: Answers, made: Made) -> list[Any]:
    """What was made, as it was sent before where that is kept."""
    question, make = made
    return make() if pages is None else in_place_of(pages.page(answers, question, lambda: as_text(make())))


# what people open first, in that order, what takes longest last; and what they then look back on, for how many days
WARMED = ("/", "/queues", "/requests", "/month", "/staffing", "/quality", "/team")
LOOKED_BACK_ON, DAYS_BACK = ("/", "/queues", "/requests", "/staffing"), 13


def warm(answers: Answers, pages: KeptPages, spoken: str = "en") -> None:
    """Make the pages of the last day and of the days before it in a language, as who may take tables sees them."""
    pages.begin(answers)
    last = answers.last_day()
    with speaking(spoken):
        for path in WARMED:
            _warm(answers, pages, path, last)
        answers.check()
        for path in WARMED:
            _warm(answers, pages, path, last)
        for back in range(1, DAYS_BACK + 1):
            for path in LOOKED_BACK_ON:
                _warm(answers, pages, path, last - timedelta(days=back))
        # what is worked out for everybody together, and each worker needs for the pages of one: nobody waits for it
        view = View.from_search("", otherwise=last, span=PAGES["/agent"].span)
        with suppress(FairlineError):
            all_compared(answers, view.period)
            courses_of(answers, view)


def _warm(answers: Answers, pages: KeptPages, path: str, day: date) -> None:
    page = PAGES[path]
    view = View.from_search("", otherwise=day, span=FIXED.get(path, page.span))
    wanted = [_page(page, answers, view, path, part, may_take=True) for part in ("", *page.later)]
    for question, make in [_bar(answers, view, path), *wanted]:
        with suppress(FairlineError):
            pages.page(answers, question, lambda make=make: as_text(make()))  # type: ignore[misc]


def _parts(page: Page, answers: Answers, view: View, part: str) -> list[Component]:
    """The page with a place for each part that comes later; one of those; or all of it."""
    if part and part != WHOLE:
        if part not in page.later:
            raise WrongUse(_("This page has no part {part!r}. Load the page again.").format(part=part))
        return list(page.later[part](answers, view))
    first, *rest = page.parts(answers, view) if page.parts else [None]
    waiting: list[Component] = [html.Div(_working(), id={"part": name}, className="later") for name in page.later]
    if part == WHOLE:
        waiting = [one for later in page.later.values() for one in later(answers, view)]
    return [one for one in (first, states(answers, view, page.subjects), *rest, *waiting) if one is not None]


def _working() -> Component:
    return html.P(_("Being worked out …"), className="muted")


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
    asked = [pair for pair in parse_qsl((search or "").removeprefix("?")) if pair[0] in KEPT]
    kept = f"?{urlencode(asked)}" if asked else ""
    here = viewer.may.home if path == "/" else path
    pages = {address: replace(page, title=_own_title(viewer, address, page)) for address, page in PAGES.items()}
    links = {
        address: html.Li(
            dcc.Link(page.title, href=f"{address}{kept}", className="here" if address == here else ""),
            **(aria(current="page") if address == here else {}),
        )
        for address, page in pages.items()
        if page.title and address in viewer.may.pages
    }
    aside = [links.pop(address) for address in ASIDE if address in links]
    role = _(viewer.may.title)
    whose = _("demo") if is_demo else viewer.name
    who = f"{role} ({whose})"
    leave = html.Form(
        [
            dcc.Input(type="hidden", name="csrf_token", value=form_token),
            html.Span(who, className="muted"),
            html.Button(_("Change role") if is_demo else _("Sign out"), type="submit"),
        ],
        action="/sign-out",
        method="post",
        className="leave",
    )
    speak = languages(f"{path}{search or ''}", form_token=form_token)
    brand = dcc.Link("Fairline", href=viewer.may.home, className="brand")
    return [brand, html.Ul(aside, className="aside"), speak, leave, html.Ul(list(links.values()), className="work")]


def languages(here: str, *, form_token: str) -> Component:
    """The other languages that Fairline speaks, each by its own name; chosen, the same page comes back in it."""
    return html.Form(
        [
            dcc.Input(type="hidden", name="csrf_token", value=form_token),
            dcc.Input(type="hidden", name="next", value=here),
            *(
                html.Button(name, type="submit", name="language", value=code, lang=code)
                for code, name in other_languages().items()
            ),
        ],
        action=ADDRESS,
        method="post",
        className="speaks",
        key=f"speaks {here}",
    )


def _own_title(viewer: Viewer, address: str, page: Page) -> str:
    return _("Your work") if address == "/agent" and viewer.may.sees == "own" else _(page.title)


def not_found(viewer: Viewer, path: str) -> list[Component]:
    """What is said of an address without a page."""
    return notice(
        _("No such page"),
        _("There is no page at {path}. Known are {pages}.").format(
            path=path, pages=text.listed(sorted(viewer.may.pages))
        ),
    )


def notice(title: str, words: str) -> list[Component]:
    """A sentence in place of a page, and the way back."""
    back = html.P(dcc.Link(_("To the first page"), href="/"))
    return [html.Section([html.H1(title), html.P(words), back], className="notice")]
