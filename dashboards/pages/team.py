"""The team: everybody by name with what may be said of them, and nobody ranked."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.bar import said, shown_period
from dashboards.tables import framed, sorter
from dashboards.verdicts import agent_link, all_compared, cell, how, placebo_words, word
from dashboards.view import View
from metrics import text
from metrics.compare import Comparison, Outcome
from metrics.language import _, n_

STANDS_OUT = (Outcome.better, Outcome.worse)
# the choices of the bar that part people
OF_PEOPLE = ("team",)
# how an address asks for the proof by shuffled names
PROOF = "placebo"


def page(answers: Answers, view: View) -> list[Component]:
    """Whose team it is; what may be said of its members is worked out after that stands."""
    told = said(answers, view.only(OF_PEOPLE))
    members = _members(answers, view).values()
    number, listed = len(members), sum(team is not None for _name, team in members)
    people = n_("{n} person is on the roster.", "{n} people are on the roster.", number).format(n=text.count(number))
    if not listed and number:
        people = n_(
            "{n} person answered contacts; no roster says in which team (fairline template plain_agents shows one).",
            "{n} people answered contacts; no roster says in which team (fairline template plain_agents shows one).",
            number,
        ).format(n=text.count(number))
    lead = html.P(f"{shown_period(answers, view)}. {told}. {people}", className="lead")
    return [html.Header([html.H1(_("Team")), lead])]


def comparisons(answers: Answers, view: View) -> list[Component]:
    """Who stands out, everybody by name, and how that was compared."""
    found = all_compared(answers, view.period)
    # what cannot be said of anybody takes no column: the notes say why
    told = {name: one for name, one in found.items() if one.verdicts and not one.refusal}
    return [
        _standing_out(answers, view, told),
        _table(answers, view, told),
        _notes(told, {name: one for name, one in found.items() if name not in told}),
    ]


def _members(answers: Answers, view: View) -> dict[str, tuple[str, str | None]]:
    """Name and team of everybody on the roster in the period, by agent; the team is that of the last spell."""
    team = view.value("team")
    people = answers.roster(view.period)
    members = {
        row["agent_id"]: (row["name"] or row["agent_id"], row["team"])
        for row in people.iter_rows(named=True)
        if team is None or row["team"] == team
    }
    return dict(sorted(members.items(), key=lambda one: one[1][0].casefold()))


def _standing_out(answers: Answers, view: View, told: dict[str, Comparison]) -> Component:
    """Who stands out, in either direction, each with its sentence."""
    members = _members(answers, view)
    lines = [
        html.Li(
            [
                html.P([dcc.Link(members[one.agent_id][0], href=agent_link(view, one.agent_id)), " ", word(one)]),
                html.P(found.sentence(one.agent_id), className="muted"),
            ]
        )
        for found in told.values()
        for one in found.flagged
        if one.agent_id in members
    ]
    if not lines:
        nobody = _("Nobody: chance and the kind of contacts explain it.")
        words = nobody if told else _("Nothing can be compared of these days; below stands why.")
        return html.Section([html.H2(_("Who stands out")), html.P(words)])
    return html.Section([html.H2(_("Who stands out")), html.Ul(lines, className="sentences")])


def _table(answers: Answers, view: View, told: dict[str, Comparison]) -> Component:
    """Everybody by name, a column per comparison."""
    heads = [_("Agent"), _("Team"), *(found.rule.title for found in told.values())]
    rows = [
        html.Tr(
            [
                html.Th(dcc.Link(name, href=agent_link(view, agent)), scope="row"),
                html.Td(team or _(text.NOT_RECORDED), className="words"),
                *(cell(found.verdict(agent), found.rule) for found in told.values()),
            ]
        )
        for agent, (name, team) in _members(answers, view).items()
    ]
    # by name or team, never by a comparison
    head = [
        html.Th(sorter(title) if place < 2 else title, scope="col", className="words")
        for place, title in enumerate(heads)
    ]
    return framed(_("Everybody, by name"), html.Tr(head), rows)


def _notes(told: dict[str, Comparison], untold: dict[str, Comparison]) -> Component:
    """How the comparisons were made, what they cannot say, and the proof by shuffled names."""
    lines = [html.Li(f"{how(found)} {found.refusal}".strip()) for found in told.values()]
    nothing = _("no contacts to compare")
    lines += [html.Li(f"{found.rule.title}: {found.refusal or nothing}") for found in untold.values()]
    told_how = html.P(_("Everybody is compared with what the same contacts would have given anyone, all at once."))
    parts = [html.H2(_("How this was compared")), told_how, html.Ul(lines, className="sentences muted")]
    return html.Section(parts)


def placebo(answers: Answers, view: View) -> list[Component]:
    """What shuffled names would give: worked out where it is asked for, since it takes a while."""
    if answers.scope.limits():
        return []
    if view.show != PROOF:
        words = _("Compare with shuffled names, where nobody can stand out (takes about a minute)")
        return [html.Section([html.H2(_("If it were chance")), dcc.Link(words, href=view.link("/team", show=PROOF))])]
    lines = [
        html.Li(f"{found.rule.title}: {placebo_words(found)}")
        for found in all_compared(answers, view.period, with_placebo=True).values()
        if found.placebo is not None and found.verdicts
    ]
    if not lines:
        return []
    return [html.Section([html.H2(_("If it were chance")), html.Ul(lines, className="sentences muted")])]
