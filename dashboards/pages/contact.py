"""One resident's contact from arrival to the last event of its cases, with the file and line of everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboards.answers import Answers
from dashboards.view import View
from metrics import Story, WrongUse, text
from metrics.language import N_, _

OUTCOMES = {"flow_out": N_("left the queue"), "pending": N_("still waiting"), "abandon": N_("gave up")}


@dataclass(frozen=True)
class Moment:
    """Something that happened, when, and what is known of it."""

    at: datetime | None
    what: str
    details: str = ""


def page(answers: Answers, view: View) -> list[Component]:
    """The story of the view's contact; raises WrongUse where the address names none."""
    if not view.contact.lstrip("-").isdigit():
        raise WrongUse(_("The address names no contact. Follow a link from a list of contacts."))
    story = answers.contact(int(view.contact))
    one = story.contact
    return [
        html.Header(
            [
                html.H1(_("Contact {contact}").format(contact=one["chain_key"] or one["contact_id"])),
                html.P(_in_short(answers, story), className="lead"),
            ]
        ),
        time_line(
            moments(answers, story),
            _("What happened, in the time of {zone}").format(zone=answers.centre.timezone),
        ),
        _evaluations(story),
        _sources(story),
    ]


def _in_short(answers: Answers, story: Story) -> str:
    one = story.contact
    known = [
        text.dimension_value("channel", one["channel"]),
        _optional(_("in {what}"), answers.called("language", one["language"]) if one["language"] else None),
        _optional(_("about {what}"), one["request_type"]),
        _optional(_("outcome: {what}"), _plain(one["outcome"])),
    ]
    return ", ".join(part for part in known if part) + "."


def _optional(message: str, value: str | None) -> str:
    return message.format(what=value) if value else ""


def moments(answers: Answers, story: Story) -> list[Moment]:
    """Everything with a time, in order; what has none comes last."""
    one = story.contact
    found = [Moment(one["entered_at"], _("Arrived"), _optional(_("at {what}"), one["dnis"]))]
    for leg in story.legs:
        found += _of_leg(answers, leg)
    found += [_of_event(event) for event in story.case_events]
    return sorted(found, key=lambda moment: (moment.at is None, moment.at.timestamp() if moment.at else 0.0))


def _of_leg(answers: Answers, leg: dict[str, Any]) -> list[Moment]:
    queue = answers.called("queue", leg["queue_id"]) if leg["queue_id"] else _("no queue")
    agent = leg["agent_name"] or leg["agent_id"] or _("nobody")
    found = []
    if leg["queue_enter_at"] is not None and leg["leg_type"] in ("queue", "callback"):
        found.append(
            Moment(
                leg["queue_enter_at"],
                _("Entered {queue}").format(queue=queue),
                _optional(_("waited {what}"), _lasted(leg["wait_ms"])),
            )
        )
    if leg["answered_at"] is not None:
        parts = [
            _optional(message, _lasted(leg[name]))
            for message, name in (
                (_("talk {what}"), "talk_ms"),
                (_("hold {what}"), "hold_ms"),
                (_("after-call work {what}"), "acw_ms"),
            )
        ]
        found.append(
            Moment(
                leg["answered_at"], _("{agent} answered").format(agent=agent), ", ".join(part for part in parts if part)
            )
        )
    ended = leg["released_at"] or leg["acw_end_at"]
    if ended is not None and (leg["answered_at"] is not None or leg["end_reason"]):
        noted = [_optional(_("to {what}"), leg["transfer_to"]), _optional(_("noted: {what}"), leg["wrap_note"])]
        found.append(
            Moment(ended, _("Leg ended: {how}").format(how=_plain(leg["end_reason"])), "; ".join(filter(None, noted)))
        )
    return found


def _of_event(event: dict[str, Any]) -> Moment:
    moved = " → ".join(str(event[name]) for name in ("from_value", "to_value") if event[name])
    noted = event["description"] if event["event"] == "created" else None
    details = "; ".join(part for part in (event["request_type"], event["department"], moved, noted) if part)
    return Moment(
        event["happened_at"],
        _("Request {number}: {event}").format(number=event["number"], event=_plain(event["event"])),
        details,
    )


def _plain(code: str | None) -> str:
    if not code:
        return _(text.NOT_RECORDED)
    return _(OUTCOMES[code]) if code in OUTCOMES else text.plain_words(code)


def _lasted(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else text.duration(milliseconds / 1000)


def time_line(happened: Sequence[Moment], caption: str) -> Component:
    """What happened, a line each."""
    rows = [
        html.Tr(
            [
                html.Th(f"{text.short_moment(one.at)}:{one.at:%S}" if one.at else _(text.NOT_RECORDED), scope="row"),
                html.Td(one.what, className="words"),
                html.Td(one.details, className="words"),
            ]
        )
        for one in happened
    ]
    heads = html.Thead(html.Tr([html.Th(name, scope="col") for name in (_("When"), _("What"), _("Details"))]))
    return html.Table([html.Caption(caption), heads, html.Tbody(rows)], className="story")


def _evaluations(story: Story) -> Component:
    if not story.evaluations:
        return html.P(_("No evaluation of this contact is on record."), className="muted")
    lines = [
        html.Li(_evaluated(one) + (f": {text.share(one['score_pct'] / 100)}" if one["score_pct"] is not None else ""))
        for one in story.evaluations
    ]
    return html.Section([html.H2(_("Quality")), html.Ul(lines)])


def _evaluated(one: dict[str, Any]) -> str:
    told = _("Evaluated by {evaluator} with {form} (version {version})")
    if one["submitted_at"]:
        told = _("Evaluated by {evaluator} with {form} (version {version}) on {moment}")
    return told.format(
        evaluator=one["evaluator_id"],
        form=one["form_id"],
        version=one["form_version"],
        moment=text.short_moment(one["submitted_at"]) if one["submitted_at"] else "",
    )


def _sources(story: Story) -> Component:
    lines = [html.Li(_("{file}, line {line}").format(file=file, line=text.count(line))) for file, line in story.sources]
    return html.Section([html.H2(_("Where this comes from")), html.Ul(lines, className="muted")])
