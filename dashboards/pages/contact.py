"""One resident's contact from arrival to the last event of its cases, with the file and line of everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.aria import aria
from dashboards.cards import picture
from dashboards.view import View
from metrics import Period, Story, WrongUse, contact_strip, quality, text
from metrics.language import N_, _

OUTCOMES = {
    "answered": N_("answered"),
    "abandoned": N_("abandoned"),
    "flow_out": N_("left the queue"),
    "pending": N_("still waiting"),
    "abandon": N_("gave up"),
    "caller": N_("the caller ended it"),
    "agent": N_("the agent ended it"),
    "blind_transfer": N_("transferred"),
    "warm_transfer": N_("transferred with an introduction"),
}
EVENTS = {
    "created": N_("opened"),
    "closed": N_("closed"),
    "reopened": N_("re-opened"),
    "reassigned": N_("sent on"),
    "status": N_("status changed"),
}
ROLES = {
    "create": N_("The contact that opened request {number}"),
    "status_inquiry": N_("Asked what became of {number}"),
}
METHODS = {
    "attribute": N_("as the data of the contact say"),
    "derived": N_("since the contact is known from it alone"),
    "cti": N_("by the number that the phone system gave it"),
    "agent_time": N_("by agent and time"),
    "agent_time_phone": N_("by agent, time and telephone number"),
}


@dataclass(frozen=True)
class Moment:
    """Something that happened, when, what is known of it, and where that leads."""

    at: datetime | None
    what: str
    details: str = ""
    href: str = ""


def page(answers: Answers, view: View) -> list[Component]:
    """The story of the view's contact; raises WrongUse where the address names none."""
    if not view.contact.lstrip("-").isdigit():
        raise WrongUse(_("The address names no contact. Follow a link from a list of contacts."))
    story = answers.contact(int(view.contact))
    one, derived = story.contact, _derived(story)
    caption = _("What happened, in the time of {zone}").format(zone=answers.centre.timezone)
    return [
        html.Header(
            [
                html.H1(_("Contact {name}").format(name=one["chain_key"] or one["contact_id"])),
                html.P(_in_short(answers, story), className="lead"),
            ]
        ),
        *_strips(answers, story),
        html.Div(
            [
                html.Div(
                    time_line(moments(answers, story, view), caption),
                    className="scrolled",
                    role="region",
                    tabIndex="0",
                    **aria(label=caption),
                ),
                html.Div([_evaluations(answers, story)]),
            ],
            className="story-beside",
        ),
        _sources(story),
        *([derived] if derived is not None else []),
    ]


def _in_short(answers: Answers, story: Story) -> str:
    one = story.contact
    known = [
        text.dimension_value("channel", one["channel"]),
        _("in {language}").format(language=answers.called("language", one["language"])) if one["language"] else "",
        _("about {topic}").format(topic=one["request_type"]) if one["request_type"] else "",
        _("outcome: {outcome}").format(outcome=_plain(one["outcome"])),
        contact_strip.in_short(contact_strip.minutes(story)),
    ]
    return ", ".join(part for part in known if part) + "."


def _strips(answers: Answers, story: Story) -> list[Component]:
    """The minutes of the contact and the days of its cases, drawn."""
    known_to = max((one.data_to for one in answers.freshness() if one.about == "cases" and one.data_to), default=None)
    drawn = [
        (_("The minutes of the contact"), contact_strip.minutes(story)),
        (_("The days of its requests"), contact_strip.days(story, known_to)),
    ]
    return [_strip(title, rows) for title, rows in drawn if rows]


def _strip(title: str, rows: contact_strip.Rows) -> Component:
    svg = str(contact_strip.drawn(title, rows, width=1180))
    image = picture(svg, contact_strip.described(title, rows), className="wide-chart")
    framed = html.Div(image, className="scrolled", role="region", tabIndex="0", **aria(label=title))
    return html.Figure([html.Figcaption(html.H2(title)), framed])


def moments(answers: Answers, story: Story, view: View | None = None) -> list[Moment]:
    """Everything with a time, in order; what has none comes last. With a view other contacts lead to their stories."""
    one = story.contact
    found = [
        Moment(one["entered_at"], _("Arrived"), _("at {number}").format(number=one["dnis"]) if one["dnis"] else "")
    ]
    for leg in story.legs:
        found += _of_leg(answers, leg)
    found += [_of_event(event) for event in story.case_events]
    found += _dates(story)
    found += _others(story, view)
    return sorted(found, key=lambda moment: (moment.at is None, moment.at.timestamp() if moment.at else 0.0))


def _of_leg(answers: Answers, leg: dict[str, Any]) -> list[Moment]:
    queue = answers.called("queue", leg["queue_id"]) if leg["queue_id"] else _("no queue")
    agent = leg["agent_name"] or leg["agent_id"] or _("nobody")
    found = []
    if leg["queue_enter_at"] is not None and leg["leg_type"] in ("queue", "callback"):
        waited = _optional(_("waited {time}"), _lasted(leg["wait_ms"]))
        found.append(Moment(leg["queue_enter_at"], _("Entered {queue}").format(queue=queue), waited))
    if leg["answered_at"] is not None:
        parts = [
            _optional(words, _lasted(leg[name]))
            for words, name in (
                (_("talk {time}"), "talk_ms"),
                (_("hold {time}"), "hold_ms"),
                (_("after-call work {time}"), "acw_ms"),
            )
        ]
        told = ", ".join(part for part in parts if part)
        found.append(Moment(leg["answered_at"], _("{agent} answered").format(agent=agent), told))
    ended = leg["released_at"] or leg["acw_end_at"]
    if ended is not None and (leg["answered_at"] is not None or leg["end_reason"]):
        noted = [
            _("to {place}").format(place=leg["transfer_to"] or leg["transfer_class"])
            if leg["transfer_to"] or leg["transfer_class"]
            else "",
            _("noted: {words}").format(words=leg["wrap_note"]) if leg["wrap_note"] else "",
        ]
        what = _("Leg ended: {how}").format(how=_plain(leg["end_reason"]))
        found.append(Moment(ended, what, "; ".join(filter(None, noted))))
    return found


def _of_event(event: dict[str, Any]) -> Moment:
    values = [str(event[name]) for name in ("from_value", "to_value") if event[name]]
    moved = _("{before} to {after}").format(before=values[0], after=values[1]) if len(values) == 2 else "".join(values)
    noted = event["description"] if event["event"] == "created" else None
    what = _(EVENTS[event["event"]]) if event["event"] in EVENTS else text.plain_words(event["event"])
    sent = event["department"] if event["event"] == "created" else None
    parts = [event["request_type"], _("sent to {department}").format(department=sent) if sent else "", moved, noted]
    told = _("Request {number} {event}").format(number=event["number"], event=what)
    return Moment(event["happened_at"], told, "; ".join(str(part) for part in parts if part))


def _dates(story: Story) -> Iterator[Moment]:
    """What was promised, and by when the requests were due: each once, and whether it was kept."""
    known: dict[str, dict[str, Any]] = {event["number"]: event for event in story.case_events}
    for number, event in known.items():
        dates = {"promised_at": _("Promised: request {number}"), "due_at": _("Due: request {number}")}
        for name, words in dates.items():
            if event[name] is None:
                continue
            closed = event["closed_at"]
            if closed is None:
                kept = _("still open on the last day that is known")
            elif closed <= event[name]:
                kept = _("closed in time")
            else:
                kept = _("closed {days} late").format(days=text.days((closed - event[name]).total_seconds() / 86400))
            yield Moment(event[name], words.format(number=number), kept)


def _others(story: Story, view: View | None) -> Iterator[Moment]:
    """Other contacts of the same cases, each leading to its own story."""
    for one in story.links:
        if one["contact_id"] != story.contact["contact_id"]:
            words = _(ROLES.get(one["role"], N_("Another contact about {number}"))).format(number=one["case_number"])
            href = view.link("/contact", contact=str(one["contact_id"])) if view is not None else ""
            yield Moment(one["entered_at"], words, text.dimension_value("channel", one["channel"]), href)


def _optional(words: str, time: str | None) -> str:
    return words.format(time=time) if time else ""


def _plain(code: str | None) -> str:
    return _(OUTCOMES[code]) if code in OUTCOMES else text.plain_words(code) if code else _(text.NOT_RECORDED)


def _lasted(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else text.duration(milliseconds / 1000)


def time_line(happened: Sequence[Moment], caption: str) -> Component:
    """What happened, a line each."""
    rows = [
        html.Tr(
            [
                html.Th(f"{text.short_moment(one.at)}:{one.at:%S}" if one.at else _(text.NOT_RECORDED), scope="row"),
                html.Td(dcc.Link(one.what, href=one.href) if one.href else one.what, className="words"),
                html.Td(one.details, className="words"),
            ]
        )
        for one in happened
    ]
    heads = html.Thead(html.Tr([html.Th(name, scope="col") for name in (_("When"), _("What"), _("Details"))]))
    return html.Table([html.Caption(caption), heads, html.Tbody(rows)], className="story")


def _evaluations(answers: Answers, story: Story) -> Component:
    """What reviewers said of it: each review with its score and the items that were not passed."""
    head = html.H2(_("Quality"))
    if not story.evaluations:
        return html.Section([head, html.P(_("No evaluation of this contact is on record."), className="muted")])
    failed = _failed(answers, story)
    lines = []
    for one in story.evaluations:
        told = _("Evaluated by {evaluator} with {form} (version {version})").format(
            evaluator=one["evaluator_id"], form=one["form_id"], version=one["form_version"]
        )
        score = f": {text.share(one['score_pct'] / 100)}" if one["score_pct"] is not None else ""
        items = failed.get(one["evaluation_id"], [])
        beneath = html.Ul([html.Li(item) for item in items]) if items else html.Small(_("no item failed"))
        lines.append(html.Li([f"{told}{score}", beneath]))
    return html.Section([head, html.Ul(lines, className="sentences")])


def _failed(answers: Answers, story: Story) -> dict[int, list[str]]:
    """The items that were not passed, by evaluation; those of a critical class say so."""
    held = story.contact["entered_at"]
    during = Period.day(held.date())
    frame = quality.answers(answers.centre, during=during, scope=answers.scope).filter(
        pl.col("failed") & pl.col("is_applicable") & (pl.col("contact_id") == story.contact["contact_id"])
    )
    found: dict[int, list[str]] = {}
    for row in frame.iter_rows(named=True):
        critical = "" if row["critical_class"] in (None, "none") else f" ({_(row['critical_class'])})"
        found.setdefault(row["evaluation_id"], []).append(f"✗ {row['text'] or row['item']}{critical}")
    return found


def _sources(story: Story) -> Component:
    lines = [html.Li(_("{file}, line {line}").format(file=file, line=text.count(line))) for file, line in story.sources]
    return html.Section([html.H2(_("Where this comes from")), html.Ul(lines, className="muted")])


def _derived(story: Story) -> Component | None:
    """What no file says in so many words: how cases were found, their roles, uncertain times, names read otherwise."""
    told: dict[str, None] = {}
    for one in story.links:
        if one["contact_id"] != story.contact["contact_id"]:
            continue
        method = _(METHODS[one["method"]]) if one["method"] in METHODS else text.plain_words(one["method"] or "")
        sure = _(", {share} sure").format(share=text.share(one["confidence"])) if one["confidence"] is not None else ""
        told[
            _("Request {number} belongs to it {how}{sure}.").format(number=one["case_number"], how=method, sure=sure)
        ] = None
        if one["is_role_derived"]:
            words = (
                _("That it asked what became of {number} follows from the request being older than the contact.")
                if one["role"] == "status_inquiry"
                else _("That it opened {number} follows from the request being no older than the contact.")
            )
            told[words.format(number=one["case_number"])] = None
    for row in [story.contact, *story.legs]:
        if row["time_q"] != "exact":
            told[_("A time in it is known as: {quality}.").format(quality=text.plain_words(row["time_q"]))] = None
        if row["as_named"]:
            told[_("The file calls somebody or something in it {name}.").format(name=row["as_named"])] = None
    if any(leg["hold_ms"] for leg in story.legs):
        told[_("How long the hold lasted is known, not when: it is drawn at the end of the talk.")] = None
    if not told:
        return None
    return html.Section(
        [html.H2(_("What was derived")), html.Ul([html.Li(words) for words in told], className="muted")]
    )
