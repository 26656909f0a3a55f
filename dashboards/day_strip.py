"""An agent's day as strips: states over the plan, where they differ, and the two figures that they make."""

from __future__ import annotations

from datetime import date

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.aria import aria
from dashboards.cards import picture
from dashboards.tables import listing
from dashboards.view import View
from metrics import Period, day_from_text, text
from metrics.agent_day import WHY, AgentDay, agent_day, called, described, in_short
from metrics.agent_day import picture as drawn
from metrics.language import _

FIGURES = ("adherence", "conformance", "staffed_time", "occupancy")


def day_strip(answers: Answers, view: View, agent: str) -> Component:
    """The strips of one day of the period: the one that the address names, else the last one worked."""
    days = worked_days(answers, view)
    if not days:
        return html.Section([html.H2(_("A day, minute by minute")), html.P(_("No day of this period was worked."))])
    on = day_from_text(view.show) if view.show else max((day for day in days if day <= view.day), default=days[-1])
    found = answers.kept(("agent day", agent, on), lambda: agent_day(answers, agent, on))
    return html.Section(
        [
            html.H2(f"{text.heading(text.day(on))}: {in_short(found)}"),
            html.P(_steps(view, days, on)),
            *([] if found.is_empty else [_strips(found), _departures(found)]),
            html.P(_figures(answers, view, on), className="muted"),
        ],
        id="agent-day",
    )


def worked_days(answers: Answers, view: View) -> list[date]:
    """The days of the period on which the agent handled a contact, in order."""
    grid = answers.by(["legs_handled"], ["day"], view.period, view.where(answers, "legs_handled"))
    return sorted(key[0] for key in grid.keys if isinstance(key[0], date))


def _steps(view: View, days: list[date], on: date) -> list[Component | str]:
    """To the working day before and after."""
    before, after = [day for day in days if day < on], [day for day in days if day > on]
    links: list[Component | str] = []
    if before:
        links.append(dcc.Link(f"‹ {text.short_day(before[-1])}", href=view.link("/agent", show=before[-1].isoformat())))
    if before and after:
        links.append(" · ")
    if after:
        links.append(dcc.Link(f"{text.short_day(after[0])} ›", href=view.link("/agent", show=after[0].isoformat())))
    return links


def _strips(found: AgentDay) -> Component:
    svg = drawn(found, width=1180)
    image = picture(str(svg), described(found), className="wide-chart")
    return html.Div(image, className="scrolled", role="region", tabIndex="0", **aria(label=text.day(found.on)))


def _departures(found: AgentDay) -> Component | None:
    """Each stretch that was not as planned."""
    if not found.departures:
        return None
    rows = [
        [
            text.clock(one.first),
            text.clock(one.until),
            called(one.planned),
            called(one.state),
            _(WHY.get(one.why, one.why)),
            text.duration(one.seconds),
        ]
        for one in found.departures
    ]
    heads = [_("From"), _("To"), _("Planned"), _("Was"), _("Why"), _("Lasted")]
    note = _("Stretches of two minutes or more. A contact that runs into a break is nobody's fault.")
    return listing(_("Not as planned"), heads, rows, numbers=1, note=note)


def _figures(answers: Answers, view: View, on: date) -> list[Component | str]:
    """The figures of the day, each opening."""
    during, where = Period.day(on), view.where(answers, "adherence")
    found = answers.total(FIGURES, during, where)
    links: list[Component] = [
        dcc.Link(
            f"{one.metric.title}: {one.words}", href=view.link("/figure", metric=name, day=on, span="day", show="")
        )
        for name, one in found.items()
        if one.value is not None
    ]
    parted: list[Component | str] = [part for link in links for part in (" · ", link)]
    return parted[1:]
