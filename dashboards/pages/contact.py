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

OUTCOMES = {"flow_out": "left the queue", "pending": "still waiting", "abandon": "gave up"}


@dataclass(frozen=True)
class Moment:
    """Something that happened, when, and what is known of it."""

    at: datetime | None
    what: str
    details: str = ""


def page(answers: Answers, view: View) -> list[Component]:
    """The story of the view's contact; raises WrongUse where the address names none."""
    if not view.contact.lstrip("-").isdigit():
        raise WrongUse("The address names no contact. Follow a link from a list of contacts.")
    story = answers.contact(int(view.contact))
    one = story.contact
    return [
        html.Header(
            [
                html.H1(f"Contact {one['chain_key'] or one['contact_id']}"),
                html.P(_in_short(answers, story), className="lead"),
            ]
        ),
        time_line(moments(answers, story), f"What happened, in the time of {answers.centre.timezone}"),
        _evaluations(story),
        _sources(story),
    ]


def _in_short(answers: Answers, story: Story) -> str:
    one = story.contact
    known = [
        text.dimension_value("channel", one["channel"]),
        _optional("in", answers.called("language", one["language"]) if one["language"] else None),
        _optional("about", one["request_type"]),
        _optional("outcome:", _plain(one["outcome"])),
    ]
    return ", ".join(part for part in known if part) + "."


def _optional(word: str, value: str | None) -> str:
    return f"{word} {value}" if value else ""


def moments(answers: Answers, story: Story) -> list[Moment]:
    """Everything with a time, in order; what has none comes last."""
    one = story.contact
    found = [Moment(one["entered_at"], "Arrived", _optional("at", one["dnis"]))]
    for leg in story.legs:
        found += _of_leg(answers, leg)
    found += [_of_event(event) for event in story.case_events]
    return sorted(found, key=lambda moment: (moment.at is None, moment.at.timestamp() if moment.at else 0.0))


def _of_leg(answers: Answers, leg: dict[str, Any]) -> list[Moment]:
    queue = answers.called("queue", leg["queue_id"]) if leg["queue_id"] else "no queue"
    agent = leg["agent_name"] or leg["agent_id"] or "nobody"
    found = []
    if leg["queue_enter_at"] is not None and leg["leg_type"] in ("queue", "callback"):
        found.append(Moment(leg["queue_enter_at"], f"Entered {queue}", _optional("waited", _lasted(leg["wait_ms"]))))
    if leg["answered_at"] is not None:
        parts = [
            _optional(word, _lasted(leg[name]))
            for word, name in (("talk", "talk_ms"), ("hold", "hold_ms"), ("after-call work", "acw_ms"))
        ]
        found.append(Moment(leg["answered_at"], f"{agent} answered", ", ".join(part for part in parts if part)))
    ended = leg["released_at"] or leg["acw_end_at"]
    if ended is not None and (leg["answered_at"] is not None or leg["end_reason"]):
        noted = [_optional("to", leg["transfer_to"]), _optional("noted:", leg["wrap_note"])]
        found.append(Moment(ended, f"Leg ended: {_plain(leg['end_reason'])}", "; ".join(filter(None, noted))))
    return found


def _of_event(event: dict[str, Any]) -> Moment:
    moved = " to ".join(str(event[name]) for name in ("from_value", "to_value") if event[name])
    noted = event["description"] if event["event"] == "created" else None
    details = "; ".join(part for part in (event["request_type"], event["department"], moved, noted) if part)
    return Moment(event["happened_at"], f"Request {event['number']}: {_plain(event['event'])}", details)


def _plain(code: str | None) -> str:
    return OUTCOMES.get(code, text.plain_words(code)) if code else text.NOT_RECORDED


def _lasted(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else text.duration(milliseconds / 1000)


def time_line(happened: Sequence[Moment], caption: str) -> Component:
    """What happened, a line each."""
    rows = [
        html.Tr(
            [
                html.Th(f"{text.short_moment(one.at)}:{one.at:%S}" if one.at else text.NOT_RECORDED, scope="row"),
                html.Td(one.what, className="words"),
                html.Td(one.details, className="words"),
            ]
        )
        for one in happened
    ]
    heads = html.Thead(html.Tr([html.Th(name, scope="col") for name in ("When", "What", "Details")]))
    return html.Table([html.Caption(caption), heads, html.Tbody(rows)], className="story")


def _evaluations(story: Story) -> Component:
    if not story.evaluations:
        return html.P("No evaluation of this contact is on record.", className="muted")
    lines = [
        html.Li(
            f"Evaluated by {one['evaluator_id']} with {one['form_id']} (version {one['form_version']})"
            + (f" on {text.short_moment(one['submitted_at'])}" if one["submitted_at"] else "")
            + (f": {text.share(one['score_pct'] / 100)}" if one["score_pct"] is not None else "")
        )
        for one in story.evaluations
    ]
    return html.Section([html.H2("Quality"), html.Ul(lines)])


def _sources(story: Story) -> Component:
    lines = [html.Li(f"{file}, line {line:,}") for file, line in story.sources]
    return html.Section([html.H2("Where this comes from"), html.Ul(lines, className="muted")])
