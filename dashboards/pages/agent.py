"""One agent, compared fairly: what was there, what was expected of the same contacts, and what would help."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

import metrics
from dashboards.agent_quality import reviews, sections
from dashboards.answers import Answers
from dashboards.bar import shown_period
from dashboards.columns_there import table
from dashboards.day_strip import day_strip
from dashboards.families import families
from dashboards.tables import Cell, Row
from dashboards.view import View
from metrics import Figure, WrongUse, text
from metrics.language import N_, _

WORK = {
    "legs_handled": N_("Legs"),
    "average_handle_time": N_("Handle time"),
    "handle_time_p50": N_("Median"),
    "average_talk_time": N_("Talk"),
    "average_hold_time": N_("Hold"),
    "average_after_call_work": N_("After-call"),
}
# what is kept by day; what was planned is reckoned anew for every day, and shown with one of them
PRESENCE = ("staffed_time", "occupancy", "not_ready_share")


def page(answers: Answers, view: View) -> list[Component]:
    """The agent of the view; raises WrongUse where the address names none that the asker may see."""
    agent = view.value("agent")
    if agent is None:
        raise WrongUse(_("The address names no agent. Choose one on the team's page."))
    spells = answers.roster(view.period).filter(agent_id=agent)
    if spells.is_empty():
        raise WrongUse(
            _("There is no agent {agent!r} on the roster of {period} that you may see.").format(
                agent=agent, period=text.period(view.period)
            )
        )
    return [_heading(answers, view, spells.rows(named=True))]


def _heading(answers: Answers, view: View, spells: list[dict[str, object]]) -> Component:
    """Who, in which team and shift, and how much work is on record."""
    last = spells[-1]
    days = answers.by(["legs_handled"], ["day"], view.period, view.where(answers, "legs_handled")).days_with(
        "legs_handled"
    )
    facts: list[tuple[str, Component | str]] = [
        (
            _("Team"),
            text.listed(list(dict.fromkeys(str(spell["team"]) for spell in spells if spell["team"])) or [_("none")]),
        ),
        (_("Shift"), str(last["shift"] or _(text.NOT_RECORDED))),
        (_("Languages"), _languages(str(last["languages"] or ""))),
        (_("Days with contacts"), _("{part} of {whole}").format(part=days, whole=view.period.days)),
    ]
    found = answers.total(PRESENCE, view.period, view.where(answers, PRESENCE[0]))
    facts += [
        (one.metric.title, dcc.Link(one.words, href=view.link("/figure", metric=name, show="")))
        for name, one in found.items()
        if one.value is not None
    ]
    return html.Header(
        [
            html.H1(str(last["name"] or last["agent_id"])),
            html.P(f"{shown_period(answers, view)}.", className="lead"),
            html.Ul([html.Li([html.Small(name), words]) for name, words in facts], className="facts"),
            html.P(
                [
                    dcc.Link(
                        _("All contacts of this span"), href=view.link("/contacts", metric="legs_handled", show="")
                    ),
                    " · ",
                    html.A(_("Review packet (PDF)"), href=view.link("/packet.pdf", show="")),
                ]
            ),
        ]
    )


def _languages(codes: str) -> str:
    return text.listed([text.dimension_value("language", code) for code in codes.split()] or [_(text.NOT_RECORDED)])


def _is_seen(answers: Answers, view: View) -> bool:
    """Whether the page names somebody whom the asker may see; its head has said so where not."""
    return not answers.roster(view.period).filter(agent_id=view.value("agent") or "").is_empty()


def comparisons(answers: Answers, view: View) -> list[Component]:
    """Four rows, each a family of measures: value, expected of the same contacts, the verdict, and the course."""
    agent = view.value("agent") or ""
    if not _is_seen(answers, view):
        return []
    return families(answers, view, agent, last=sections(answers, view, agent))


def day_and_work(answers: Answers, view: View) -> list[Component]:
    """A day minute by minute, the parts of handle time, and the reviews."""
    agent = view.value("agent") or ""
    if not _is_seen(answers, view):
        return []
    return [day_strip(answers, view, agent), _work(answers, view, agent), reviews(answers, view, agent)]


def _work(answers: Answers, view: View, agent: str) -> Component:
    """The parts of handle time by queue, each figure with its contacts."""
    where = view.where(answers, "legs_handled")
    grid = answers.by(tuple(WORK), ["queue"], view.period, where)
    total = answers.total(tuple(WORK), view.period, where)
    rows = [
        Row(
            answers.called("queue", queue),
            tuple(_opens(view, grid.figure(name, queue), queue) for name in WORK),
        )
        for (queue,) in grid.keys
    ]
    everything = Row(_("All"), tuple(_opens(view, total[name], None) for name in WORK))
    note = _("Not adjusted: the kinds of contacts differ between people. Compare with the rows above, not with others.")
    return html.Section(
        [
            table(
                _("Work by queue"),
                _("Queue"),
                tuple(_(title) for title in WORK.values()),
                rows,
                total=everything,
                note=note,
            ),
            html.P(_team_average(answers, view, agent), className="muted note"),
        ]
    )


def _team_average(answers: Answers, view: View, agent: str) -> str:
    """The team's averages in a sentence; an average of fewer than five people would tell of them."""
    if answers.roster(view.period).filter(agent_id=agent)["team"].drop_nulls().is_empty():
        return _("No roster says in which team, so no average of a team stands beside.")
    names = [name for name in WORK if name != "legs_handled"]
    ask = lambda: metrics.team_averages(answers.centre, names, agent=agent, during=view.period)  # noqa: E731
    found = answers.kept(("team_averages", agent, view.period), ask)
    told = [
        f"{_(WORK[name]).lower()} {text.value(answers.metric(name), value)}" for name, value in found.items() if value
    ]
    return (
        _("The team together: {averages}.").format(averages=", ".join(told))
        if told
        else _("The team is too small for an average of its own.")
    )


def _opens(view: View, figure: Figure, queue: object) -> Cell:
    own = view.narrowed(queue=str(queue)) if queue is not None else view
    return Cell(figure, own.link("/figure", metric=figure.metric.name, show=""))
