"""Targets: what a figure should reach, tried on the months that were before it is set from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.aria import aria
from dashboards.cards import MARKS
from dashboards.desk import aims
from dashboards.desk.controls import DATE, choice, deed, field, number_field
from dashboards.desk.rights import Desk, Seen
from dashboards.desk.targets import KEY, targets_set
from dashboards.tables import listing
from metrics import Figure, Metric, Target, text
from metrics.language import N_, _
from metrics.settings import MEANT_FOR
from metrics.target_trial import WITH_A_LIMIT, Aim, MonthTried, met_of, tried

WORDS = {True: N_("met"), False: N_("not met")}
STATES = (N_("yet to come"), N_("in force"), N_("over"))


def page(desk: Desk, asked: dict[str, str]) -> Seen:
    """A figure's months under the target that held and under one that is thought of, and what was set so far."""
    answers = desk.answers
    metric = aims.metric_of(answers, asked)
    meant = aims.whose(answers, metric, asked.get("for", ""))
    held = answers.target(metric.name, answers.last_day(), **meant)
    aim = aims.aim_of(answers, asked)
    shown = aim or Aim(metric.name, None, None, *(meant.get(kind) for kind in MEANT_FOR))
    months = answers.kept(("tried", shown), lambda: tried(answers, shown), has_words=False)
    parts = [
        _heading(answers, shown, months),
        _figure_form(desk, metric, asked),
        _trial_form(metric, asked, held),
        _months(metric, shown, months, asked),
        _set_form(desk, metric, aim, asked),
        _targets(desk),
    ]
    return Seen([part for part in parts if part is not None])


# ---- what it says ----------------------------------------------------------------------------------------------------


def _heading(answers: Answers, aim: Aim, months: list[MonthTried]) -> Component:
    told = _in_short(answers.metric(aim.metric), aim, months)
    lead = _("{figure}: {told}").format(figure=_called(answers, aim), told=told)
    return html.Header([html.H1(_("Targets")), html.P(lead, className="lead")])


def _called(answers: Answers, aim: Aim) -> str:
    """The figure and whose it is."""
    figure = answers.metric(aim.metric).title
    return _("{figure}, {whose}").format(figure=figure, whose=aims.about(answers, aim))


def _in_short(metric: Metric, aim: Aim, months: list[MonthTried]) -> str:
    """In how many months it would have been met, and in how many the one that held was."""
    if not months:
        return _("no data yet, so nothing can be said of a target.")
    held = [one.was_met for one in months if one.was_met is not None]
    of = text.number_of(len(held), "month")
    before = _("the target that held was met in {met} of {months}").format(met=sum(held), months=of)
    if aim.goal is None:
        if not any(one.held is not None and one.held.goal is not None for one in months):
            last = text.number_of(len(months), "month")
            return _("no target held in the last {months}.").format(months=last)
        return f"{before}." if held else _("in every month too few to tell.")
    met, told = met_of(months)
    wanted = aims.reads(metric, aim.goal, aim.within_seconds)
    if not told:
        return _("in every month too few to tell whether {target} would have been met.").format(target=wanted)
    then = _("{target} would have been met in {met} of {months}").format(
        target=wanted, met=met, months=text.number_of(told, "month")
    )
    return f"{then}; {before}." if held else _("{told}; no target held in them.").format(told=then)


def _months(metric: Metric, aim: Aim, months: list[MonthTried], asked: Mapping[str, str]) -> Component | None:
    """Month by month: the value, what it was held against, and what it would have been held against."""
    if not months:
        return None
    is_new, recounts = aim.goal is not None, aim.within_seconds is not None
    heads = [_("Month"), _("Value"), _("Was it met?")]
    heads += [_("Value within {limit}").format(limit=text.limit(aim.within_seconds or 0))] if recounts else []
    heads += [_("Would {target} be met?").format(target=aims.reads(metric, aim.goal, None))] if is_new else []
    rows = []
    for one in months:
        held = one.held or Target(None, None, metric.better)
        row: list[Any] = [
            (_("{month} (in part)") if one.is_part else "{month}").format(
                month=text.heading(text.month(one.month.first))
            ),
            _value(one.figure, one, asked),
            _judged(one.was_met, one, held),
        ]
        row += [one.tried.words] if recounts else []
        row += [_judged(one.would_be_met, one, one.aim)] if is_new else []
        rows.append([*row, aims.reads(metric, held.goal, held.within_seconds), one.tried.n])
    note = _(
        "Under {floor} it is too few to tell. A value opens its definition and its rows. A target changes no month "
        "before its day."
    ).format(floor=metric.floor)
    return listing(_("Month by month"), [*heads, _("Target that held"), "n"], rows, numbers=1, note=note)


def _value(figure: Figure, one: MonthTried, asked: Mapping[str, str]) -> Component | str:
    """The value, and where it opens."""
    if figure.value is None:
        return figure.words
    kind, _sep, name = asked.get("for", "").partition(aims.PART)
    query = {"day": one.month.last.isoformat(), "span": "month", "metric": figure.metric.name}
    query |= {kind: name} if name else {}
    return dcc.Link(figure.words, href="/figure?" + urlencode(query))


def _judged(met: bool | None, one: MonthTried, target: Target) -> Component | str:
    """Whether a target is met: in words, with a mark, and in a colour besides."""
    if met is not None:
        mark = html.Span(f"{MARKS[met]} ", **aria(hidden="true"))
        return html.Span([mark, _(WORDS[met])], className="good" if met else "attention")
    if one.tried.value is None:
        return _(text.NO_DATA)
    return _("too few to tell") if one.is_few else _("no target") if target.goal is None else ""


# ---- what is asked ---------------------------------------------------------------------------------------------------


def _figure_form(desk: Desk, metric: Metric, asked: Mapping[str, str]) -> Component:
    """Which figure, and whose."""
    groups = aims.meant_for(desk.answers, metric)
    chosen = asked.get("for", "")
    options: list[Any] = [html.Option(_("Whole centre"), value="")]
    for kind, names in groups.items():
        listed = [
            html.Option(words, value=f"{kind}{aims.PART}{name}", selected=f"{kind}{aims.PART}{name}" == chosen)
            for name, words in names.items()
        ]
        options += [html.Optgroup(listed, label=_(aims.TITLES[kind]))] if listed else []
    picker = html.Label([_("For"), html.Select(options, name="for", key=f"{metric.name} {chosen}")], className="field")
    figures = choice(_("Figure"), "metric", aims.offered(desk.answers, metric.name), metric.name)
    return html.Form([figures, picker, html.Button(_("Show"), type="submit")], action="/targets", className="asks")


def _trial_form(metric: Metric, asked: Mapping[str, str], held: Target | None) -> Component:
    """The target that is thought of, begun with the one that holds."""
    goal = asked.get("goal") or aims.typed_goal(metric, held.goal if held else None)
    limit = asked.get("within") or (str(held.within_seconds) if held and held.within_seconds is not None else "")
    unit = _(aims.UNITS.get(metric.unit, ""))
    side = _("At least") if metric.better == "higher" else _("At most")
    fields = [
        *(dcc.Input(type="hidden", name=name, value=asked.get(name, "")) for name in ("for",)),
        dcc.Input(type="hidden", name="metric", value=metric.name),
        number_field(f"{side}{f' ({unit})' if unit else ''}", "goal", goal),
        number_field(_("Answered within (seconds)"), "within", limit) if metric.name == WITH_A_LIMIT else None,
        html.Button(_("Try on the last months"), type="submit"),
    ]
    shown = [one for one in fields if one is not None]
    return html.Form(shown, action="/targets", className="asks", key=f"{metric.name} {asked.get('for')} {goal} {limit}")


def _set_form(desk: Desk, metric: Metric, aim: Aim | None, asked: Mapping[str, str]) -> Component | None:
    """What sets the target that was tried, where the viewer may."""
    if aim is None:
        return None
    if not desk.may("set_target"):
        return html.P(_("Whoever leads the centre sets targets; send this address to show what you found."))
    wanted = aims.reads(metric, aim.goal, aim.within_seconds)
    words = _("{figure}: {target}").format(figure=_called(desk.answers, aim), target=wanted)
    form = deed(
        "set_target",
        _("Set this target"),
        dcc.Input(type="hidden", name="for", value=asked.get("for", "")),
        field(_("From"), "from", DATE, desk.today().isoformat()),
        about=words,
        metric=metric.name,
        goal=asked.get("goal", ""),
        within=asked.get("within", ""),
    )
    return html.Section([html.H2(_("Set it")), html.P(f"{words}."), form], className="parts")


# ---- what was set ----------------------------------------------------------------------------------------------------


def _targets(desk: Desk) -> Component:
    """Every target with its day, where it was said, and whether the warehouse has it yet."""
    answers = desk.answers
    known = answers.kept("targets", lambda: answers.centre.named("facts/target").rows(named=True), has_words=False)
    told = {tuple(row[name] for name in KEY): row for row in targets_set(desk.store)}
    loaded = [row | {"within_seconds": None if row["within_ms"] is None else row["within_ms"] // 1000} for row in known]
    waiting = [row for key, row in told.items() if not any(_is_same(row, one) for one in loaded)]
    rows = [_row(desk, row, _("waits for the next load"), _who(desk, row)) for row in waiting]
    for row in loaded:
        own = told.get(tuple(row[name] for name in KEY))
        if own is not None and not _is_same(own, row):
            continue
        by = _who(desk, own) if own else _("centre.toml or a file")
        begun = row["valid_from"] <= desk.today()
        over = row["valid_to"] is not None and row["valid_to"] <= desk.today()
        rows.append(_row(desk, row, _(STATES[begun + over]), by))
    note = _(
        "Of several the queue's, type's or department's own goes first, and of those the one that began last. What was "
        "set here holds once it is loaded; fairline watch loads by itself, otherwise run: fairline load."
    )
    heads = [_("Figure"), _("For"), _("Target"), _("From"), _("Set by"), _("State")]
    return listing(_("Targets"), heads, rows, note=note)


def _who(desk: Desk, row: Mapping[str, Any]) -> str:
    """Who set a target, and when."""
    return _("{name}, {moment}").format(name=row["set_by"], moment=text.short_moment(desk.local(row["set_at"])))


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one[name] == other[name] for name in (*KEY, "goal", "within_seconds"))


def _row(desk: Desk, row: Mapping[str, Any], state: str, by: str) -> list[Any]:
    metric = desk.answers.centre.catalogue.metrics.get(row["metric"])
    aim = Aim(row["metric"], row["goal"], None, row["queue"], row["request_type"], row["department"])
    always = row["valid_from"].year < 1901
    return [
        metric.title if metric else row["metric"],
        aims.about(desk.answers, aim),
        aims.reads(metric, row["goal"], row["within_seconds"]) if metric else _("unknown figure"),
        _("always") if always else text.plain_day(row["valid_from"]),
        by,
        state,
    ]
