"""One evaluation: the contact's story beside the form while it is filled in, then its score and what follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from dashboards.aria import aria, around
from dashboards.desk import disputes, evaluations
from dashboards.desk.controls import STATES, choice, deed, evaluation_link, left, scores, when, words_field
from dashboards.desk.listing import disputes_of, rescore_of
from dashboards.desk.rights import Desk, Seen
from dashboards.desk.sheet import FAILS, critical, keys, readable, sheet
from dashboards.desk.store import Row
from dashboards.pages.contact import moments, time_line
from dashboards.tables import listing
from metrics import Story, WrongUse, quality, text
from metrics.language import N_, _, n_, spoken
from metrics.quality import Answer, Form, Score

MAKES_NOTHING = N_("makes the form 0")
# what the store calls what was done to an evaluation
HISTORY = {
    "opened": N_("opened"),
    "submitted": N_("submitted"),
    "released": N_("released"),
    "acknowledged": N_("acknowledged"),
    "disputed": N_("disputed"),
    "rescored": N_("re-scored"),
}
DECIDED = {"changed": N_("changed"), "upheld": N_("upheld: the score stays"), "withdrawn": N_("withdrawn by the agent")}


def page(desk: Desk, asked: dict[str, str]) -> Seen:
    """The evaluation of the address, or what may be begun of its contact."""
    if "evaluation" not in asked:
        return _begin(desk, asked.get("contact", "").strip())
    row = desk.seen(asked["evaluation"])
    form = desk.form(row)
    is_open = row["state"] == evaluations.DRAFT
    return Seen(_filled_in(desk, row, form) if is_open else _result(desk, row, form), about=row["agent_id"])


# ---- before ----------------------------------------------------------------------------------------------------------


def _begin(desk: Desk, number: str) -> Seen:
    """A contact that was asked for by its number, with a button for each of its agents."""
    if not number.lstrip("-").isdigit():
        raise WrongUse(_("The address names no evaluation and no contact. Open one from the desk."))
    if not desk.may("open"):
        raise WrongUse(_("Your role evaluates no contacts."))
    story = desk.story(int(number))
    agents = list(dict.fromkeys(leg["agent_id"] for leg in story.legs if leg["agent_id"]))
    fitting = quality.forms_for(
        quality.forms(desk.answers.centre), story.contact["channel"], on=story.contact["entered_at"].date()
    )
    pick = choice(_("Form"), "form", {one.id: _(one.title) for one in fitting}) if fitting else None
    buttons = [
        deed("open", _("Evaluate {agent}").format(agent=desk.person(agent)), pick, contact=number, agent=agent)
        for agent in agents
    ]
    none = html.P(_("Nobody answered this contact, or no form fits its channel."), className="muted")
    return Seen(
        [
            html.Header(
                [
                    html.H1(_("Contact {contact}").format(contact=story.contact["source_key"])),
                    _back("/desk", _("Work list")),
                ]
            ),
            _story(desk, story),
            html.Section([html.H2(_("Evaluate")), *(buttons if fitting and agents else [none])]),
        ],
        about=_("contact {number}").format(number=number),
    )


def _back(href: str, words: str) -> Component:
    return html.P(dcc.Link(words, href=href))


def _story(desk: Desk, story: Story | None) -> Component:
    """Everything that happened to the resident, with what was noted."""
    if story is None:
        return html.P(_("The contact is not in the warehouse any more; its evaluation stays."), className="muted")
    one = story.contact
    facts = [
        (_("Channel"), text.dimension_value("channel", one["channel"])),
        (_("Language"), desk.answers.called("language", one["language"]) if one["language"] else _(text.NOT_RECORDED)),
        (_("About"), one["request_type"] or _(text.NOT_RECORDED)),
    ]
    return html.Section(
        [
            html.H2(_("What happened")),
            html.Ul([html.Li([html.Small(name), words]) for name, words in facts], className="facts"),
            time_line(
                moments(desk.answers, story),
                _("In the time of {zone}").format(zone=desk.answers.centre.timezone),
            ),
        ],
        className="happened",
        role="region",
        tabIndex="0",
        **aria(label=_("What happened")),
    )


# ---- while it is filled in -------------------------------------------------------------------------------------------


def _filled_in(desk: Desk, row: Row, form: Form) -> list[Component]:
    if row["session_id"]:
        told = _(
            "Calibration {session}. Nobody sees your answers before it is closed. {form}, version {version}; "
            "{agent}'s part."
        )
    elif row["selection"] == "random":
        told = _("{form}, version {version}; {agent}'s part, drawn at random.")
    else:
        told = _("{form}, version {version}; {agent}'s part, chosen, so it enters no score.")
    lead = told.format(
        session=row["session_id"], form=_(form.title), version=form.version, agent=desk.person(row["agent_id"])
    )
    return [
        html.Header(
            [
                html.H1(_("Evaluate {contact}").format(contact=row["contact_key"])),
                html.P(lead, className="lead"),
                _back("/desk", _("Work list")),
            ]
        ),
        html.Div([_story(desk, desk.story_of(row)), _form(row, form)], className="story-and-form"),
    ]


def _form(row: Row, form: Form) -> Component:
    comment = html.Div(
        words_field(
            _("Comment"),
            "comment",
            hint=_("Needed where a critical item failed. The agent reads it."),
            value=row["comment"],
        ),
        id="comment",
    )
    save = [
        html.Button(_("Submit"), id="submit", type="button"),
        html.P(_("Saved as it stands.") if row["revision"] else _("Nothing answered yet."), id="saved", role="status"),
        html.P(className="attention refusal", role="alert", id="refused"),
    ]
    return html.Section(
        [
            html.H2(_("Form")),
            keys(),
            sheet(
                form,
                evaluations.draft_of(row),
                evaluation=row["evaluation_id"],
                revision=str(row["revision"]),
            ),
            comment,
            html.Div(save, className="ends"),
        ],
        className="form",
        key=f"{row['evaluation_id']} {row['revision']}",
    )


# ---- once it is submitted --------------------------------------------------------------------------------------------


def _result(desk: Desk, row: Row, form: Form) -> list[Component]:
    rows = evaluations.answers_of(desk.store, row["evaluation_id"])
    found = quality.score(form, [_answer(one) for one in rows])
    parts: list[Component | None] = [
        _heading(desk, row, form),
        _what_it_says(row, form, found, rows),
        _steps(desk, row),
        *(_dispute(desk, row, form, one, rows) for one in disputes_of(desk.store, row["evaluation_id"])),
        _disputing(desk, row, form),
        listing(_("Answers"), [_("Item"), _("Section"), _("Answer"), _("Outcome")], readable(form, rows)),
        html.Section([html.H2(_("Comment")), html.P(row["comment"])]) if row["comment"] else None,
        _story(desk, desk.story_of(row)),
        _history(desk, row),
    ]
    return [part for part in parts if part is not None]


def _answer(row: dict[str, Any]) -> Answer:
    """An answer as it was given, of the row that was kept of it."""
    return Answer(row["item_id"], points=row["points"], is_na=row["is_na"], value=row["value"])


def _heading(desk: Desk, row: Row, form: Form) -> Component:
    rescore = rescore_of(desk.store, row["evaluation_id"])
    way = ("/my-record", _("Your record")) if desk.is_agent else ("/desk", _("Work list"))
    said = [
        _("{agent} on {moment}, evaluated by {evaluator} with {form} (version {version}): {state}.").format(
            agent=desk.person(row["agent_id"]),
            moment=text.short_moment(desk.local(row["contact_at"])),
            evaluator=desk.person(row["evaluator_id"]),
            form=_(form.title),
            version=form.version,
            state=spoken(STATES[row["state"]]),
        )
    ]
    if row["type"] == evaluations.CALIBRATION:
        said = [
            _("Calibration {session}: it enters nobody's score. {form}, version {version}.").format(
                session=row["session_id"], form=_(form.title), version=form.version
            )
        ]
    links = []
    if rescore is not None:
        changed = _("This score was changed; what counts is {link}.")
        links.append(html.P(around(changed, evaluation_link(rescore, _("the new score")))))
    if row["supersedes"] is not None:
        first = evaluation_link({"evaluation_id": row["supersedes"]}, _("the first score"))
        links.append(html.P(around(_("It counts in place of {link}, which is kept."), first)))
    return html.Header(
        [
            html.H1(_("Evaluation of {contact}").format(contact=row["contact_key"])),
            html.P(said, className="lead"),
            *links,
            _back(*way),
        ]
    )


def _what_it_says(row: Row, form: Form, found: Score, rows: list[Row]) -> Component:
    """The score in words, raw and final, and what failed it."""
    na = sum(one["is_na"] for one in rows)
    told = [f"{scores(row)}{f', {_(found.band).lower()}' if found.band else ''}."]
    if na:
        told.append(
            n_(
                "{n} question did not apply and left both sums.", "{n} questions did not apply and left both sums.", na
            ).format(n=text.count(na))
        )
    lines = [html.P(" ".join(told), className="value-words")]
    for name in found.autofailed_by:
        item = form.item(name)
        missed = _("“{item}” was missed and {effect}.").format(
            item=_(item.text), effect=spoken(FAILS.get(item.autofail, MAKES_NOTHING))
        )
        lines.append(html.P([html.Strong(_("▲ Auto-fail:")), " ", missed], className="attention"))
    grave = [form.item(name) for name in found.failed if form.item(name).critical_class != "none"]
    if grave:
        listed = "; ".join(f"{_(item.text)} ({critical(item)})" for item in grave)
        lines.append(html.P(_("Critical errors, told apart from the score: {items}.").format(items=listed)))
    is_cut = bool(found.autofailed_by)
    sections = [
        [_(one.title) or _("Items"), _points(part.raw), *([_points(part.final)] if is_cut else [])]
        for one in form.sections
        if (part := found.sections[one.id]).counts or part.raw is not None
    ]
    heads = [_("Section"), _("Before auto-fails"), _("After")] if is_cut else [_("Section"), _("Score")]
    return html.Section(
        [
            html.H2(_("Score")),
            *lines,
            listing(_("By section"), heads, sections, numbers=len(heads) - 1),
        ],
        className="parts",
    )


def _points(share: float | None) -> str:
    return _(text.NO_DATA) if share is None else text.count(100 * share)


def _steps(desk: Desk, row: Row) -> Component | None:
    """The next step of an evaluation, for whoever may take it."""
    steps: list[Component | None] = []
    sent = {"evaluation": row["evaluation_id"]}
    if row["state"] == evaluations.SUBMITTED and row["type"] != evaluations.CALIBRATION and desk.may("release"):
        steps += [html.P(_("The agent does not see it yet.")), deed("release", _("Release to the agent"), **sent)]
    if row["state"] == evaluations.RELEASED and desk.is_agent and desk.may("acknowledge"):
        steps += [
            html.P(_("Acknowledging says that you have read it, not that you agree; you may dispute it as well.")),
            deed("acknowledge", _("I have read it"), **sent),
        ]
    if desk.may("note") and not desk.is_agent and row["type"] != evaluations.CALIBRATION:
        ask = urlencode({"agent": row["agent_id"], "evaluation": row["evaluation_id"]})
        steps.append(html.P(dcc.Link(_("Write a note or an action about it"), href=f"/coaching?{ask}")))
    return html.Section([html.H2(_("Next")), *steps], className="parts") if steps else None


# ---- disputes --------------------------------------------------------------------------------------------------------


def _disputing(desk: Desk, row: Row, form: Form) -> Component | None:
    """The agent's way to say that something is not right, as long as that is possible."""
    if not (desk.is_agent and desk.may("dispute") and row["state"] in (evaluations.RELEASED, evaluations.ACKNOWLEDGED)):
        return None
    is_open = any(one["decision"] is None for one in disputes_of(desk.store, row["evaluation_id"]))
    if is_open or rescore_of(desk.store, row["evaluation_id"]) is not None:
        return None
    last = row["released_at"] + timedelta(days=disputes.DAYS_TO_DISPUTE)
    title = html.H2(_("This is not right"))
    if last <= desk.at.replace(tzinfo=None):
        return html.Section(
            [
                title,
                html.P(_("It could be disputed until {moment}.").format(moment=when(desk, last)), className="muted"),
            ]
        )
    options = [html.Option(item.text, value=item.id) for item in form.items if item.is_scored]
    items = html.Label(
        [_("Which items (several with Ctrl)"), html.Select(options, name="item", multiple=True, size="6")],
        className="field",
    )
    return html.Section(
        [
            title,
            html.P(
                _("You may dispute it until {moment}; somebody else than the evaluator decides.").format(
                    moment=left(desk, last)
                )
            ),
            deed(
                "dispute",
                _("Dispute"),
                items,
                words_field(_("What is not right"), "reason"),
                evaluation=row["evaluation_id"],
            ),
        ]
    )


def _dispute(desk: Desk, row: Row, form: Form, one: Row, rows: list[Row]) -> Component:
    """One dispute: what was said, and its decision, or the way to it."""
    about = [_(form.item(name).text) for name in one["items"].split() if name in {item.id for item in form.items}]
    parts: list[Component | None] = [
        html.H2(_("Dispute")),
        html.P(f"{desk.person(one['opened_by'])}, {when(desk, one['opened_at'])}: {one['reason']}"),
        html.P(_("About: {items}.").format(items="; ".join(about))) if about else None,
    ]
    if one["decision"] is not None:
        by = f"{desk.person(one['decided_by'])}, {when(desk, one['decided_at'])}"
        note = f" {one['note']}" if one["note"] else ""
        parts.append(html.P([html.Strong(f"{spoken(DECIDED[one['decision']]).capitalize()}. "), f"{by}.{note}"]))
        return html.Section(parts, className="parts")
    parts.append(html.P(_("To be decided by {moment}.").format(moment=left(desk, one["decide_by"]))))
    if one["opened_by"] == desk.me:
        sent = {"dispute": one["dispute_id"], "evaluation": row["evaluation_id"]}
        parts.append(deed("withdraw", _("Take the dispute back"), quiet=True, **sent))
    elif desk.may("decide") and desk.me not in (row["evaluator_id"], row["agent_id"]):
        parts += _deciding(form, one, rows)
    elif not desk.is_agent:
        parts.append(html.P(_("Somebody else than the evaluator of the score decides."), className="muted"))
    return html.Section(parts, className="parts")


def _deciding(form: Form, one: Row, rows: list[Row]) -> list[Component]:
    """The two decisions; a changed score brings its new answers, and the first score stays beside it."""
    sent = {"dispute": one["dispute_id"]}
    why = _("Why, for the agent to read")
    return [
        html.H3(_("The score stays")),
        deed("decide", _("Uphold the score"), words_field(why, "note"), decision="upheld", **sent),
        html.H3(_("The score changes")),
        html.P(
            _("Change the answers that were wrong. The first score is kept; the new one counts."), className="muted"
        ),
        keys(submits=False),
        sheet(form, [_answer(row) for row in rows], purpose="rescore"),
        deed("decide", _("Change the score"), words_field(why, "note"), decision="changed", answers="", **sent),
    ]


def _history(desk: Desk, row: Row) -> Component:
    rows = [
        [when(desk, one["happened_at"]), desk.person(one["who"]), spoken(HISTORY.get(one["what"], str(one["what"])))]
        for one in desk.store.history(row["evaluation_id"])
    ]
    return listing(_("What was done"), [_("When"), _("Who"), _("What")], rows)
