"""One agent, compared fairly: what was there, what was expected of the same contacts, and what would help."""

from __future__ import annotations

from datetime import timedelta

from dash import dcc, html
from dash.development.base_component import Component

import metrics
from dashboards.answers import Answers
from dashboards.bar import shown_period
from dashboards.cards import Course, sparkline
from dashboards.tables import Cell, Row, listing, table
from dashboards.verdicts import all_compared, how, word
from dashboards.view import View
from metrics import Figure, Period, WrongUse, text
from metrics.compare import Comparison, words

WORK = {
    "legs_handled": "Legs",
    "average_handle_time": "Handle time",
    "handle_time_p50": "Median",
    "average_talk_time": "Talk",
    "average_hold_time": "Hold",
    "average_after_call_work": "After-call",
}
WEEKS = 13


def page(answers: Answers, view: View) -> list[Component]:
    """The agent of the view; raises WrongUse where the address names none that the asker may see."""
    agent = view.value("agent")
    if agent is None:
        raise WrongUse("The address names no agent. Choose one on the team's page.")
    spells = answers.roster(view.period).filter(agent_id=agent)
    if spells.is_empty():
        raise WrongUse(f"There is no agent {agent!r} on the roster of {text.period(view.period)} that you may see.")
    return [
        _heading(answers, view, spells.rows(named=True)),
        _work(answers, view, agent),
        _course(answers, view),
        html.P(
            [
                dcc.Link("All contacts of this span", href=view.link("/contacts", metric="legs_handled")),
                " · ",
                html.A("Review packet (PDF)", href=view.link("/packet.pdf")),
            ]
        ),
    ]


def _heading(answers: Answers, view: View, spells: list[dict[str, object]]) -> Component:
    """Who, in which team and shift, and how much work is on record."""
    last = spells[-1]
    days = answers.by(["legs_handled"], ["day"], view.period, view.where(answers, "legs_handled")).days_with(
        "legs_handled"
    )
    facts = [
        ("Team", text.listed(list(dict.fromkeys(str(spell["team"]) for spell in spells if spell["team"])) or ["none"])),
        ("Shift", str(last["shift"] or text.NOT_RECORDED)),
        ("Languages", _languages(str(last["languages"] or ""))),
        ("Days with contacts", f"{days} of {view.period.days}"),
    ]
    return html.Header(
        [
            html.H1(str(last["name"] or last["agent_id"])),
            html.P(f"{shown_period(answers, view)}.", className="lead"),
            html.Ul([html.Li([html.Small(name), words]) for name, words in facts], className="facts"),
        ]
    )


def _languages(codes: str) -> str:
    return text.listed([text.dimension_value("language", code) for code in codes.split()] or [text.NOT_RECORDED])


def comparisons(answers: Answers, view: View) -> list[Component]:
    """Each comparison in a row: value, expected of the same contacts, the verdict and its sentence."""
    agent = view.value("agent") or ""
    if answers.roster(view.period).filter(agent_id=agent).is_empty():
        return []
    found = list(all_compared(answers, view.period).values())
    rows = [_row(one, agent) for one in found]
    adjusted = html.Details([html.Summary("What was adjusted for"), html.Ul([html.Li(how(one)) for one in found])])
    compared_table = listing(
        "Compared with what the same contacts would give anyone",
        ["Compared", "n", "Value", "Expected", "Difference (95 %)", "Verdict", "What that means"],
        rows,
    )
    return [html.Section([compared_table, adjusted])]


def _row(one: Comparison, agent: str) -> list[object]:
    verdict = one.verdict(agent)
    if verdict is None:
        return [one.rule.title, "0", text.NO_DATA, text.NO_DATA, text.NO_DATA, "no contacts", one.sentence(agent)]
    return [
        one.rule.title,
        text.count(verdict.n),
        words.value(one.rule, verdict.value),
        words.value(one.rule, verdict.expected),
        words.difference(one.rule, verdict),
        word(verdict),
        one.sentence(agent),
    ]


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
    everything = Row("All", tuple(_opens(view, total[name], None) for name in WORK))
    note = "Not adjusted: the kinds of contacts differ between people. Compare with the rows above, not with others."
    return html.Section(
        [
            table("Work by queue", "Queue", tuple(WORK.values()), rows, total=everything, note=note),
            html.P(_team_average(answers, view, agent), className="muted note"),
        ]
    )


def _team_average(answers: Answers, view: View, agent: str) -> str:
    """The team's averages in a sentence; an average of fewer than five people would tell of them."""
    names = [name for name in WORK if name != "legs_handled"]
    ask = lambda: metrics.team_averages(answers.centre, names, agent=agent, during=view.period)  # noqa: E731
    found = answers.kept(("team_averages", agent, view.period), ask)
    told = [f"{WORK[name].lower()} {text.value(answers.metric(name), value)}" for name, value in found.items() if value]
    return f"The team together: {', '.join(told)}." if told else "The team is too small for an average of its own."


def _opens(view: View, figure: Figure, queue: object) -> Cell:
    own = view.narrowed(queue=str(queue)) if queue is not None else view
    return Cell(figure, own.link("/figure", metric=figure.metric.name))


def _course(answers: Answers, view: View) -> Component:
    """Handle time week by week over a quarter of a year."""
    name = "average_handle_time"
    last = Period.week(view.period.last)
    weeks = [last.first - timedelta(days=7 * number) for number in range(WEEKS - 1, -1, -1)]
    grid = answers.by([name, "legs_handled"], ["week"], Period(weeks[0], last.until), view.where(answers, name))
    rows = [
        Row(
            f"Week of {text.narrow_day(week)}",
            tuple(
                Cell(grid.figure(of, week), view.link("/figure", metric=of, day=week, span="week"))
                for of in grid.metrics
            ),
        )
        for week in reversed(weeks)
    ]
    titles = [metric.title for metric in grid.metrics.values()]
    drawn = sparkline(
        answers.metric(name), Course(weeks, grid.values(name, [(week,) for week in weeks])), None, width=720, height=90
    )
    return html.Section(
        [
            html.H2("Handle time week by week"),
            drawn,
            html.Details([html.Summary("Show as a table"), table("Week by week", "Week", titles, rows)]),
        ]
    )
