"""The desk: what was begun, what is to be evaluated, and how far the sampling plan is worked off."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.desk.controls import choice, deed, evaluation_link, grid, heading, number_field, until, when
from dashboards.desk.evaluations import draft_of
from dashboards.desk.listing import drafts_of
from dashboards.desk.rights import Desk, Seen
from dashboards.desk.sessions import open_sessions_of
from dashboards.desk.worklist import Work, work_of
from dashboards.tables import listing
from metrics import Period, quality, sampling, text
from metrics.language import N_, _, n_

MOST = 25
MONTHS = 4
STAGES = {"routine": N_("routine"), "follow_up": N_("follow-up")}


def page(desk: Desk, asked: dict[str, str]) -> Seen:
    """The work list of whoever sits at the desk."""
    plans = quality.plans(desk.answers.centre.folder)
    chosen = next((plan for plan in plans if plan.name == asked.get("plan")), plans[0] if plans else None)
    work = None if chosen is None else work_of(desk, chosen)
    drafts = drafts_of(desk.store, desk.me)
    parts = [
        heading(desk, "/desk", _("Desk"), in_short(work, len(drafts))),
        _drafts(desk, drafts),
        _sessions(desk),
        *([_plans(plans, work.plan), _contacts(desk, work), _quota(desk, work)] if work else []),
        _another(),
        _draw(desk),
    ]
    return Seen([part for part in parts if part is not None])


def in_short(work: Work | None, drafts: int) -> str:
    """What is to be done, by when."""
    begun = n_("{n} evaluation was begun.", "{n} evaluations were begun.", drafts).format(n=text.count(drafts))
    told = [begun] if drafts else []
    if work is None:
        return " ".join([_("No sample was drawn yet: once it is, the contacts to evaluate stand here."), *told])
    left = n_(
        "{n} contact to evaluate for you, by {day}.", "{n} contacts to evaluate for you, by {day}.", work.left.height
    ).format(n=text.count(work.left.height), day=text.plain_day(work.due))
    done = n_(
        "The {stage} sample of {period}: {done} of {n} contact done.",
        "The {stage} sample of {period}: {done} of {n} contacts done.",
        work.contacts.height,
    ).format(
        stage=_stage(work.plan),
        period=text.period(work.plan.during),
        done=text.count(len(work.done)),
        n=text.count(work.contacts.height),
    )
    return " ".join([left, done, *told])


def _stage(plan: quality.Plan) -> str:
    return _(STAGES.get(plan.stage, plan.stage))


def _drafts(desk: Desk, drafts: list[dict[str, Any]]) -> Component | None:
    if not drafts:
        return None
    rows = [
        [
            evaluation_link(row),
            desk.person(row["agent_id"]),
            _("calibration {session}").format(session=row["session_id"]) if row["session_id"] else row["form_id"],
            n_("{n} answer", "{n} answers", len(draft_of(row))).format(n=text.count(len(draft_of(row)))),
            when(desk, row["saved_at"]),
        ]
        for row in drafts
    ]
    return grid(_("Begun"), [_("Contact"), _("Agent"), _("Form"), _("Answers"), _("Saved")], rows, empty="")


def _sessions(desk: Desk) -> Component | None:
    rows = [
        [
            dcc.Link(one["session_id"], href="/calibration?" + urlencode({"session": one["session_id"]})),
            n_("{n} contact", "{n} contacts", len(one["contacts"])).format(n=text.count(len(one["contacts"]))),
            until(desk, one["due_at"]),
        ]
        for one in open_sessions_of(desk.store, desk.me)
    ]
    return (
        grid(_("Calibration sessions for you"), [_("Session"), _("Contacts"), _("Due")], rows, empty="")
        if rows
        else None
    )


def _plans(plans: list[quality.Plan], chosen: quality.Plan) -> Component | None:
    """The other plans, where there are any."""
    if len(plans) < 2:
        return None
    links = [
        html.Li(
            dcc.Link(
                f"{text.heading(text.period(plan.during))}, {_stage(plan)}",
                href="/desk?" + urlencode({"plan": plan.name}),
                className="here" if plan is chosen else "",
            )
        )
        for plan in plans
    ]
    return html.Section([html.H2(_("Samples")), html.Ul(links, className="facts")])


def _contacts(desk: Desk, work: Work) -> Component:
    """The contacts that the viewer may begin, in the order of agents and of the draw."""
    answers = desk.answers
    known = answers.kept("forms", lambda: quality.forms(answers.centre))
    rows = []
    # everybody's first review before anybody's second
    for row in work.left.sort("place", "agent_id", "month").head(MOST).iter_rows(named=True):
        forms = quality.forms_for(known, row["channel"], on=row["completed_local"].date())
        sent = {"contact": row["contact_id"], "agent": row["agent_id"]}
        begin: Component | str = _("no form for this channel")
        if forms:
            begin = deed("open", _("Evaluate"), about=row["call_id"], quiet=True, form=forms[0].id, **sent)
        rows.append(
            [
                dcc.Link(row["call_id"], href=f"/evaluation?contact={row['contact_id']}"),
                desk.person(row["agent_id"]),
                text.short_moment(row["completed_local"]),
                answers.called("queue", row["queue"]),
                text.dimension_value("channel", row["channel"]),
                answers.called("language", row["language"]),
                begin,
            ]
        )
    more = work.left.height - len(rows)
    caption = _("To evaluate")
    if more:
        caption = _("To evaluate (the first {n}, {more} more follow)").format(n=MOST, more=text.count(more))
    heads = [_("Contact"), _("Agent"), _("Ended"), _("Queue"), _("Channel"), _("Language"), ""]
    return grid(caption, heads, rows, empty=_("Nothing is left for you here. What others began is theirs."))


def _quota(desk: Desk, work: Work) -> Component:
    """Per agent, in the order of names, what the plan asks for, and how closely that tells the score."""
    rows = sorted(
        (
            [
                desk.person(row["agent_id"]),
                text.count(row["needed"]),
                text.count(row["done"]),
                text.count(row["remaining"]),
                _("± {n} points").format(n=text.count(row["reach"])),
            ]
            for row in quality.quota(work.contacts, work.done).iter_rows(named=True)
        ),
        key=lambda row: row[0].casefold(),
    )
    cost = text.listed(
        [
            _("{points} points take {n}").format(points=points, n=sampling.reviews_for(points))
            for points in sampling.WORTH_ASKING
        ]
    )
    note = _("Reviews of an agent, and how closely all of them tell the score. To tell it closer: {cost} each.").format(
        cost=cost
    )
    heads = [_("Agent"), _("Needed"), _("Done"), _("Remaining"), _("Tells the score to")]
    return listing(_("The plan by agent"), heads, rows, numbers=4, note=note, of_people=True)


def _another() -> Component:
    """Any other contact, by its number: worth having for coaching, and never in a score."""
    number = html.Label([_("Number of a contact"), dcc.Input(type="text", name="contact")], className="field")
    return html.Section(
        [
            html.H2(_("Another contact")),
            html.P(
                _("A contact that was not drawn is evaluated for coaching; it enters nobody's score."),
                className="muted",
            ),
            html.Form([number, html.Button(_("Look at it"), type="submit")], action="/evaluation", className="asks"),
        ]
    )


def _draw(desk: Desk) -> Component | None:
    """Draw the sample of a month, for those who plan."""
    if not desk.may("draw"):
        return None
    month = Period.month(desk.answers.last_day().year, desk.answers.last_day().month)
    months = {}
    for _number in range(MONTHS):
        months[f"{month.first:%Y-%m}"] = text.heading(text.month(month.first))
        before = Period.day(month.first).first.replace(day=1)
        last = before.toordinal() - 1
        earlier = type(before).fromordinal(last)
        month = Period.month(earlier.year, earlier.month)
    usual = str(sampling.PER_MONTH[sampling.ROUTINE])
    form = deed(
        "draw",
        _("Draw"),
        choice(_("Month"), "month", months),
        number_field(_("Contacts of each agent"), "per_month", usual),
    )
    note = _("The draw is by a seed, written down, and the same when it is asked for again. Nobody chooses a contact.")
    return html.Section([html.H2(_("Draw a sample")), html.P(note, className="muted"), form])
