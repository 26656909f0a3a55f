"""Where a figure can be said not to be right, and where that is read and answered."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.access import Access, Viewer
from dashboards.answers import Answers
from dashboards.desk.controls import deed, grid, when, words_field
from dashboards.desk.questions import questions
from dashboards.desk.rights import Desk
from dashboards.desk.store import Row
from dashboards.view import View
from metrics import Period, text
from metrics.language import _


def objection(answers: Answers, view: View, access: Access, viewer: Viewer) -> list[Component]:  # noqa: ARG001
    """The form by which an agent says that a figure of the own work is not right; nothing for others."""
    if "question" not in viewer.may.does or view.metric not in answers.centre.catalogue.metrics:
        return []
    if "agent" not in answers.fact(view.metric).dimensions:
        return []
    during = view.period
    return [
        html.Section(
            html.Details(
                [
                    html.Summary(_("This is not right")),
                    html.P(
                        _("Look at its rows first: each has its file and line. Whoever leads your team reads this.")
                    ),
                    deed(
                        "question",
                        _("Send"),
                        words_field(_("What is not right"), "reason"),
                        metric=view.metric,
                        first=during.first.isoformat(),
                        until=during.until.isoformat(),
                    ),
                ]
            ),
            id="not-right",
        )
    ]


def own(desk: Desk) -> Component | None:
    """What the viewer questioned, with the answers; nothing where that is nothing."""
    found = questions(desk.store, agent=desk.me)
    if not found:
        return None
    rows = [
        [_figure(desk, one), one["value"], one["reason"], one["answer"] or _("waits for an answer")] for one in found
    ]
    return grid(
        _("Figures that you questioned"),
        [_("Figure"), _("It read"), _("What is not right"), _("Answer")],
        rows,
        empty="",
    )


def to_answer(desk: Desk) -> Sequence[Component]:
    """Questions that wait, each with the figure, and a form for the answer; nothing for who does not answer any."""
    if not desk.may("answer"):
        return []
    found = [one for one in questions(desk.store, is_open=True) if desk.sees_agent(one["agent_id"], desk.today())]
    rows = [
        [
            _figure(desk, one),
            desk.person(one["agent_id"]),
            one["value"],
            one["reason"],
            when(desk, one["asked_at"]),
            deed(
                "answer",
                _("Answer"),
                words_field(_("What was found, and what follows"), "answer"),
                about=desk.person(one["agent_id"]),
                question=one["question_id"],
            ),
        ]
        for one in found
    ]
    heads = [_("Figure"), _("Agent"), _("It read"), _("What is not right"), _("Asked"), ""]
    return [grid(_("Figures that are questioned"), heads, rows, empty=_("No figure is questioned."))]


def _figure(desk: Desk, one: Row) -> Component:
    """The figure, which opens as it is now."""
    during = Period(one["first_on"], one["until_on"])
    asked = {
        "metric": one["metric"],
        "day": during.last,
        "span": "dates",
        "since": during.first,
        "agent": one["agent_id"],
    }
    known = desk.answers.centre.catalogue.metrics
    title = known[one["metric"]].title if one["metric"] in known else one["metric"]
    return dcc.Link([title, html.Small(text.period(during))], href=f"/figure?{urlencode(asked)}")
