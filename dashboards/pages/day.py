"""The supervisor's day: what happened, when, in which queue, who handled it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from dash import html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.attention_list import attention
from dashboards.bar import said
from dashboards.cards import Card, Course, card, course_days, target_words
from dashboards.columns_there import table
from dashboards.half_hours import Interval, by_interval
from dashboards.needed import absent_words
from dashboards.pages.requests import in_short as requests_in_short
from dashboards.state import of_figure
from dashboards.tables import Cell, Row
from dashboards.view import View, interval_name
from metrics import Figure, Grid, Period, text
from metrics.language import N_, _, n_

# cards in the order of reading, each family of facts that are narrowed by the same choices, with what is read beside
ACCESS = {
    "service_level": (),
    "contacts_answered": ("contacts_offered",),
    "abandon_rate": ("contacts_abandoned",),
    "average_speed_of_answer": ("wait_p50",),
}
HANDLING = {"average_handle_time": ("average_talk_time", "average_hold_time", "average_after_call_work")}
REQUESTS = {"requests_created": (), "requests_closed": ("requests_net_closed",), "on_time_closure_rate": ()}
Family = Mapping[str, Sequence[str]]

QUEUE_COLUMNS = {
    "contacts_offered": N_("Offered"),
    "contacts_answered": N_("Answered"),
    "contacts_abandoned": N_("Abandoned"),
    "abandon_rate": N_("Abandon rate"),
    "service_level": N_("Service level"),
    "average_speed_of_answer": N_("Speed of answer"),
    "wait_p50": N_("Median wait"),
    "longest_wait": N_("Longest wait"),
}
AGENT_COLUMNS = {
    "legs_handled": N_("Legs"),
    "average_handle_time": N_("Handle time"),
    "average_talk_time": N_("Talk"),
    "average_hold_time": N_("Hold"),
    "average_after_call_work": N_("After-call"),
}


def heading(answers: Answers, view: View) -> Component:
    """Which day, up to when where it is not over, narrowed to what, and the day in one sentence."""
    cut = answers.cut_off("contacts_received", view.period)
    title = text.heading(text.day(view.day))
    if cut is not None and cut.date() == view.day:
        title = _("{day}, to {time}").format(day=title, time=text.clock(cut))
    return html.Header(
        [
            html.H1(title),
            html.P(f"{said(answers, view)}. {in_short(answers, view)}", className="lead"),
        ]
    )


def in_short(answers: Answers, view: View) -> str:
    """The day in one sentence; of what departments did where no contact was ever loaded."""
    if answers.cannot_give("contacts_offered"):
        return requests_in_short(answers, view)
    names = ("contacts_offered", "contacts_answered", "contacts_abandoned", "abandon_rate")
    found = answers.total(names, view.period, view.where(answers, "contacts_offered"))
    offered, answered, left, rate = (found[name] for name in names)
    if not offered.n:
        return _("No live contacts are on record.")
    return n_(
        "{answered} of {offered} contacts offered were answered; {n} caller gave up ({rate}).",
        "{answered} of {offered} contacts offered were answered; {n} callers gave up ({rate}).",
        left.n,
    ).format(answered=answered.words, offered=offered.words, n=text.count(left.n), rate=rate.words)


def cards(answers: Answers, view: View, *, families: Sequence[Family]) -> Component:
    """The figures read first; each opens. What the data of the centre cannot give is said in a sentence."""
    wanted = [name for family in families for name in family]
    absent = [name for name in wanted if answers.cannot_give(name)]
    shown = [one for family in families for one in _family(answers, view, family)]
    told = absent_words(Figure(answers.metric(name), reason=answers.cannot_give(name)) for name in absent)
    cards = html.Ul(shown, className="cards") if shown else None
    return (
        html.Div([cards, html.P(" ".join(told), className="muted note")]) if told else html.Ul(shown, className="cards")
    )


def _family(answers: Answers, view: View, family: Family) -> list[Component]:
    """The cards of a family; where the one that its parts make up cannot be had, the first of the parts that can."""
    names = tuple(one for name in family if (one := _given(answers, name, family[name])))
    if not names:
        return []
    where = view.where(answers, names[0])
    days = course_days(view.day)
    besides = (beside for name in names for beside in family.get(name, ()))
    found = answers.total((*names, *besides), view.period, where)
    usual = view.compared(answers, names, where)
    course = answers.by(names, ["day"], Period(days[0], view.period.until), where)
    return [
        card(
            Card(
                figure=found[name],
                usual=usual[name],
                target=answers.target(name, view.day, view.value("queue")),
                course=Course(days, course.values(name, [(day,) for day in days])),
                note=_note(name, found),
                href=view.link("/figure", metric=name),
                unheeded=unheeded(answers, view, name),
                states=of_figure(answers, view, name),
            )
        )
        for name in names
    ]


def _given(answers: Answers, name: str, parts: Sequence[str]) -> str:
    """A figure that the centre's data can give, else the first of its parts that they can."""
    return next((one for one in (name, *parts) if not answers.cannot_give(one)), "")


def _note(name: str, found: Mapping[str, Figure]) -> str:
    """What must be read beside a figure."""
    if found[name].value is None:
        return ""
    match name:
        case "contacts_answered":
            return _("of {n} offered").format(n=found["contacts_offered"].words)
        case "average_speed_of_answer":
            return _("median wait of all {time}").format(time=found["wait_p50"].words)
        case "average_handle_time":
            talk, hold, after = (found[part].words for part in HANDLING[name])
            return _("talk {talk}, hold {hold}, after-call {after}").format(talk=talk, hold=hold, after=after)
        case "requests_closed":
            return _("{n} still closed").format(n=found["requests_net_closed"].words)
        case "on_time_closure_rate":
            return _("of the requests due this day")
    return ""


def unheeded(answers: Answers, view: View, name: str) -> str:
    """Which choices do not narrow a figure, in words."""
    dimensions = view.unheeded(answers, name)
    return _("of every {names}").format(names=text.listed(dimensions)) if dimensions else ""


def half_hours(answers: Answers, view: View) -> Component:
    """Volume and service level through the day."""
    names = ("contacts_offered", "service_level")
    grid = answers.by(names, ["interval"], view.period, view.where(answers, "service_level"))
    intervals = [
        Interval(
            answers.local(key),
            grid.figure("contacts_offered", *key),
            grid.figure("service_level", *key),
            view.narrowed(interval=interval_name(answers.local(key))).link("/contacts", metric="service_level"),
        )
        for key in answers.intervals(grid)
    ]
    target = answers.target("service_level", view.day, view.value("queue"))
    return by_interval(intervals, minutes=answers.centre.interval_ms // 60_000, target=target)


def queues(answers: Answers, view: View) -> Component:
    """Each queue against its own target."""
    names = tuple(QUEUE_COLUMNS)
    grid = answers.by(names, ["queue"], view.period, view.where(answers, "service_level"))
    note = _(
        "Phone and chat; other channels do not wait in a queue. The median and the longest wait "
        "count those who gave up as having waited at least that long; the speed of answer is of "
        "answered contacts only. n is the number offered unless it stands below."
    )
    rows = [_queue(answers, view, grid, str(queue)) for (queue,) in grid.keys if queue is not None]
    rows.sort(key=lambda row: row.name.casefold())
    return table(
        _("Queues"), _("Queue and its target"), tuple(_(title) for title in QUEUE_COLUMNS.values()), rows, note=note
    )


def _queue(answers: Answers, view: View, grid: Grid, queue: str) -> Row:
    own = view.narrowed(queue=queue)
    target = answers.target("service_level", view.day, queue)
    cells = []
    for name in QUEUE_COLUMNS:
        figure = grid.figure(name, queue)
        met = text.is_met(figure.value, target) if name == "service_level" and not figure.is_few else None
        aside = "" if met is None else target_words(figure.metric, figure.value, target)
        cells.append(Cell(figure, own.link("/figure", metric=name), aside))
    return Row(
        answers.called("queue", queue),
        tuple(cells),
        href=own.link("/contacts", metric="contacts_offered"),
        aside=text.threshold(target) if target else _("no target"),
    )


def agents(answers: Answers, view: View) -> Component:
    """Who handled contacts, by name; nobody is ranked."""
    names = tuple(AGENT_COLUMNS)
    where = view.where(answers, "legs_handled")
    grid = answers.by(names, ["agent", "team"], view.period, where)
    total = answers.total(names, view.period, where)
    rows = [_agent(answers, view, grid, agent, team) for agent, team in grid.keys]
    rows.sort(key=lambda row: row.name.casefold())
    everybody = Row(_("All"), ("", *(Cell(total[name], view.link("/figure", metric=name)) for name in names)))
    note = _(
        "By name. A leg is one agent's share in a contact; averages are per inbound leg, in "
        "minutes and seconds, and n is the number of legs unless it stands below. Contacts "
        "differ and small numbers move by chance: these figures compare nobody."
    )
    columns = (_("Team"), *(_(title) for title in AGENT_COLUMNS.values()))
    return table(_("Agents"), _("Agent"), columns, rows, total=everybody if rows else None, note=note, of_people=True)


def _agent(answers: Answers, view: View, grid: Grid, agent: object, team: object) -> Row:
    own = view.narrowed(agent=str(agent)) if agent is not None else view
    cells = (Cell(grid.figure(name, agent, team), own.link("/figure", metric=name)) for name in AGENT_COLUMNS)
    return Row(
        answers.called("agent", agent),
        (text.dimension_value("team", team), *cells),
        href=own.link("/agent", span="13weeks") if agent is not None else "",
    )


PARTS: tuple[Callable[[Answers, View], Component], ...] = (
    heading,
    partial(cards, families=(ACCESS,)),
    attention,
    half_hours,
    queues,
    partial(cards, families=(HANDLING, REQUESTS)),
    agents,
)


# the figure without which a part of the page would be an empty frame
NEEDS: Mapping[Callable[[Answers, View], Component], str] = {
    half_hours: "contacts_offered",
    queues: "contacts_offered",
    agents: "legs_handled",
}


def page(answers: Answers, view: View) -> list[Component]:
    """The day, in the order of reading; what rests on calls alone is left out where none was ever loaded."""
    return [part(answers, view) for part in PARTS if part not in NEEDS or not answers.cannot_give(NEEDS[part])]
