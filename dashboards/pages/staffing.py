"""Staffing: the agents that calls needed, against those planned and those who were there, half hour by half hour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.aria import aria
from dashboards.bar import said, shown_period
from dashboards.cards import picture
from dashboards.columns_there import table
from dashboards.half_hours import labels
from dashboards.tables import Cell, Row
from dashboards.view import View, interval_name
from metrics import Figure, charts, text
from metrics.language import N_, _
from metrics.staffing_by_interval import Slot, StaffedDay, staffed_day

TIME = {
    "staffed_time": N_("Logged in"),
    "occupancy": N_("Occupancy"),
    "utilisation": N_("Productive of paid"),
    "adherence": N_("Adherence"),
    "shrinkage": N_("Shrinkage"),
}
# fewer agents than this above or below the requirement is rounding
A_WHOLE_AGENT = 1.0


@dataclass(frozen=True)
class Agents:
    """What the chart's numbers are."""

    unit: str = "number"


def page(answers: Answers, view: View) -> list[Component]:
    """The day's staffing in the order of reading."""
    return [part(answers, view) for part in PARTS]


def found(answers: Answers, view: View) -> StaffedDay:
    """The intervals of the day that is shown, computed once."""
    where = view.only(("queue", "language")).where(answers, "contacts_offered")
    return answers.kept(("staffed day", view.period, str(where)), lambda: staffed_day(answers, view.period, where))


def heading(answers: Answers, view: View) -> Component:
    """When people were missing, in one sentence."""
    words = in_short(found(answers, view), answers.centre.interval_ms // 60_000)
    return html.Header(
        [
            html.H1(_("Staffing")),
            html.P(f"{shown_period(answers, view)}. {said(answers, view)}. {words}", className="lead"),
        ]
    )


def in_short(day: StaffedDay, minutes: int) -> str:
    """How often there were fewer agents than calls needed, and when most were missing."""
    judged = [one for one in day.slots if one.gap is not None]
    if not judged:
        return _("No calls or no agent states are on record, so nothing can be said about staffing.")
    short = [one for one in judged if one.gap is not None and one.gap <= -A_WHOLE_AGENT]
    if not short:
        return _("In none of {n} intervals were agents missing.").format(n=len(judged))
    worst = min(short, key=lambda one: one.gap or 0.0)
    return _(
        "In {short} of {n} intervals there were fewer agents than the calls needed, most of all from {interval}: "
        "{present} were there, {needed} were needed."
    ).format(
        short=len(short),
        n=len(judged),
        interval=text.half_open(worst.at, minutes),
        present=_number(worst.present),
        needed=worst.required,
    )


def chart(answers: Answers, view: View) -> Component:
    """Needed, planned and present as lines over the day."""
    day = found(answers, view)
    if not day.slots:
        return html.Div()
    names = labels([one.at for one in day.slots])
    series = [
        charts.Series(_("Needed"), [one.required for one in day.slots], Agents()),
        charts.Series(_("Planned"), [one.planned for one in day.slots], Agents()),
        charts.Series(_("Present"), [one.present for one in day.slots], Agents()),
    ]
    title = _("Agents for calls, half hour by half hour")
    drawn = charts.line(title, names, series, axis_title=_("Agents"), width=960, height=260)
    alternative = " ".join(text.describe_series(one.name, names, one.values, Agents()) for one in series)
    scrolled = html.Div(
        picture(drawn, alternative, className="wide-chart"),
        className="scrolled",
        role="region",
        tabIndex="0",
        **aria(label=title),
    )
    return html.Figure([html.Figcaption(html.H2(title)), scrolled])


def intervals(answers: Answers, view: View) -> Component:
    """The chart as a table, each interval leading to its calls."""
    day = found(answers, view)
    names = labels([one.at for one in day.slots])
    rows = [_row(view, one, name) for one, name in zip(day.slots, names, strict=True)]
    heads = (_("Offered"), _("Load"), _("Needed"), _("Planned"), _("Present"), _("Present less needed"))
    return html.Details(
        [html.Summary(_("Show as a table")), table(_("Agents by interval"), _("From"), heads, rows, note=how(day))],
        open=False,
    )


def _row(view: View, one: Slot, name: str) -> Row:
    own = view.narrowed(interval=interval_name(one.at))
    load = _(text.NO_DATA) if one.erlangs is None else _("{n} erlangs").format(n=text.number(one.erlangs, 1))
    words = (_number(one.required), _number(one.planned), _number(one.present), _signed(one.gap))
    return Row(name, (Cell(one.offered, own.link("/contacts", metric="contacts_offered")), load, *words))


def how(day: StaffedDay) -> str:
    """What the requirement rests on."""
    patience = (
        _("callers ready to wait {patience} on average (Erlang A)").format(patience=text.duration(day.patience_seconds))
        if day.patience_seconds
        else _("callers who never give up (Erlang C)")
    )
    return _(
        "Needed: the fewest agents who answer {goal} of the calls offered within {seconds} s, by a handle time of "
        "{handle_time} and {patience}. Planned: in paid time, pauses included. Present: taking or awaiting contacts. "
        "Only agents who took a call that day."
    ).format(
        goal=text.share(day.goal),
        seconds=day.within_seconds,
        handle_time=text.duration(day.handle_seconds),
        patience=patience,
    )


def time_of_teams(answers: Answers, view: View) -> Component:
    """How the time of each team was used, in the order of names."""
    names = tuple(TIME)
    where = view.where(answers, names[0])
    grid = answers.by(names, ["team"], view.period, where)
    total = answers.total(names, view.period, where)
    rows = [_team(answers, view, grid.row(names, *key), key[0]) for key in grid.keys]
    everybody = Row(_("All"), tuple(Cell(total[name], view.link("/figure", metric=name)) for name in names))
    note = _("Adherence is about the plan as much as about people: it flags nobody.")
    return table(
        _("Time by team"),
        _("Team"),
        tuple(_(title) for title in TIME.values()),
        rows,
        total=everybody if rows else None,
        note=note,
    )


def teams(answers: Answers, view: View) -> list[Component]:
    """The table of teams, asked for once the rest of the page stands."""
    return [time_of_teams(answers, view)]


def _team(answers: Answers, view: View, figures: Sequence[Figure], team: object) -> Row:
    own = view.narrowed(team=str(team)) if team is not None else view
    cells = tuple(Cell(figure, own.link("/figure", metric=name)) for figure, name in zip(figures, TIME, strict=True))
    return Row(answers.called("team", team), cells, href=own.link("/team") if team is not None else "")


def _number(value: float | None) -> str:
    return _(text.NO_DATA) if value is None else text.number(value, 0 if float(value).is_integer() else 1)


def _signed(value: float | None) -> str:
    return _(text.NO_DATA) if value is None else f"{'+' if value >= 0 else ''}{text.number(value, 1)}"


PARTS: tuple[Callable[[Answers, View], Component], ...] = (heading, chart, intervals)
