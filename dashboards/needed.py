"""What a page is about, and in one sentence what it would need where a centre has loaded none of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from dashboards.answers import Answers
from metrics import Figure, text
from metrics.answers import not_in_the_data
from metrics.availability import bare_reason, unavailable
from metrics.language import N_, _


@dataclass(frozen=True)
class Needed:
    """The figures that a page is about, any of which makes it worth showing, and what brings them."""

    figures: tuple[str, ...]
    brought_by: str


CALLS = N_(
    "An export of the phone system brings it: fairline inspect FILE says how a file reads, fairline sources which are "
    "known, fairline template plain_calls how a plain one looks."
)
NEEDED: Mapping[str, Needed] = {
    "/team": Needed(("legs_handled",), CALLS),
    "/agent": Needed(("legs_handled",), CALLS),
    "/queues": Needed(("contacts_offered",), CALLS),
    "/requests": Needed(
        ("requests_created",),
        N_(
            "An export of the case system brings them: fairline inspect FILE says how a file reads, fairline sources "
            "which are known, fairline template plain_cases how a plain one looks."
        ),
    ),
    "/quality": Needed(
        ("evaluations_done",),
        N_(
            "On the page Desk a sample of contacts is drawn and evaluated; an export of another quality tool is loaded "
            "like any file (fairline template plain_evaluations shows a plain one)."
        ),
    ),
    "/staffing": Needed(
        ("average_handle_time", "staffed_time", "adherence"),
        N_(
            "Agents needed follow from calls with their handle time, agents present from agent states, agents planned "
            "from schedules (fairline template plain_agent_states and plain_schedule show plain ones)."
        ),
    ),
}


def instead(answers: Answers, path: str, title: str) -> list[Component] | None:
    """What stands in place of a page that would be all empty frames; null where it has something to show."""
    needed = NEEDED.get(path)
    if needed is None:
        return None
    reasons = unavailable(answers.centre, needed.figures)
    if len(reasons) < len(needed.figures):
        return None
    told = text.listed(list(dict.fromkeys(bare_reason(reason) for reason in reasons.values())))
    words = _("This page has nothing to show: {reasons}. {brought_by}").format(
        reasons=told, brought_by=_(needed.brought_by)
    )
    return [html.Header([html.H1(title), html.P(words, className="lead")])]


def absent_words(figures: Iterable[Figure]) -> list[str]:
    """Which figures the data of the centre cannot give, and why, as sentences."""
    return not_in_the_data({figure.metric.title: figure.reason for figure in figures if figure.reason})
