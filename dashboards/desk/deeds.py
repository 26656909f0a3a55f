"""What is done at the desk: every deed by its name, whose record it changes, and who may; each is written down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from dashboards.desk import aims, coaching, disputes, evaluations, questions, sessions
from dashboards.desk.rights import NOT_YOURS, Desk
from dashboards.desk.sheet import answers_said
from dashboards.desk.store import Row
from dashboards.desk.targets import set_target
from metrics import Period, WrongUse, day_from_text, month_from_text, quality, text
from metrics.compare import drawn_sample
from metrics.language import N_, _, speaking
from metrics.quality import Form

Sent = dict[str, Any]
# as long as anybody writes about one contact
LONGEST = 10_000
# items that a refusal names; the form marks them all
MOST_NAMED = 3


@dataclass(frozen=True)
class Ready:
    """A deed that may be done: about whom, how, and where the browser goes on to."""

    about: str
    act: Callable[[], Any]
    to: str = ""
    answer: Callable[[Any], Sent] = field(default=lambda _done: {})


@dataclass(frozen=True)
class Deed:
    """What the log calls a deed (nothing for what is done every second), and what makes it ready."""

    words: str
    ready: Callable[[Desk, Sent], Ready]


def _word(sent: Sent, name: str) -> str:
    """A field's value; an empty word where it did not come."""
    value = sent.get(name, "")
    return value[:LONGEST] if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _words(sent: Sent, name: str) -> list[str]:
    """The values of a field that may come several times."""
    value = sent.get(name, [])
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one]


def _number(sent: Sent, name: str, what: str) -> int:
    word = _word(sent, name)
    if not word.lstrip("-").isascii() or not word.lstrip("-").isdigit():
        raise WrongUse(_("{word!r} is not {what}. Write a whole number.").format(word=word, what=_(what)))
    return int(word)


def address(evaluation_id: str) -> str:
    """Where an evaluation is seen."""
    return "/evaluation?" + urlencode({"evaluation": evaluation_id})


# ---- evaluations -----------------------------------------------------------------------------------------------------


def _open(desk: Desk, sent: Sent) -> Ready:
    number, agent, session = _number(sent, "contact", N_("a contact")), _word(sent, "agent"), _word(sent, "session")
    story = desk.story(number)
    contact = desk.contact_of(story, agent)
    on = contact.held_at.date()
    form = (
        _session_form(desk, session, number, agent) if session else _form(desk, _word(sent, "form"), story.contact, on)
    )
    is_drawn = not session and quality.is_drawn(desk.answers.centre.folder, number, agent)
    act = partial(
        evaluations.open_evaluation, desk.store, form, contact, desk.evaluator(on),
        selection="random" if is_drawn else "targeted", at=desk.at, session=session,
    )  # fmt: skip
    return Ready(agent, act, answer=lambda row: {"to": address(row["evaluation_id"])})


def _form(desk: Desk, name: str, contact: Row, on: date) -> Form:
    """The form of a name, or the first that fits the contact."""
    fitting = quality.forms_for(quality.forms(desk.answers.centre), contact["channel"], on=on)
    for one in fitting:
        if name in ("", one.id):
            return one
    known = ", ".join(one.id for one in fitting) or _("none: put its file into forms/ and load")
    raise WrongUse(
        _("There is no form {name!r} for contacts by {channel}. Known: {known}.").format(
            name=name, channel=text.dimension_value("channel", contact["channel"]).lower(), known=known
        )
    )


def _session_form(desk: Desk, name: str, number: int, agent: str) -> Form:
    """The form of an open session that hands this contact to the viewer."""
    for one in sessions.open_sessions_of(desk.store, desk.me):
        if one["session_id"] == name and sessions.session_part(number, agent) in one["contacts"]:
            return quality.form(desk.answers.centre, one["form_id"], one["form_version"])
    raise WrongUse(
        _("No open calibration session {name!r} hands you this contact. Open it from the calibration page.").format(
            name=name
        )
    )


def _own_draft(desk: Desk, sent: Sent) -> Row:
    row = desk.seen(_word(sent, "evaluation"))
    if row["evaluator_id"] != desk.me:
        raise WrongUse(_(NOT_YOURS))
    return row


def _saved(desk: Desk, sent: Sent, row: Row) -> int:
    return evaluations.save(
        desk.store, row["evaluation_id"], answers_said(sent.get("answers")),
        revision=_number(sent, "revision", N_("a revision")), by=desk.me, at=desk.at, comment=_word(sent, "comment"),
    )  # fmt: skip


def _save(desk: Desk, sent: Sent) -> Ready:
    row = _own_draft(desk, sent)
    at = f"{desk.at.astimezone(desk.answers.centre.timezone):%H:%M:%S}"
    return Ready(row["agent_id"], partial(_saved, desk, sent, row), answer=lambda now: {"revision": now, "at": at})


def _submit(desk: Desk, sent: Sent) -> Ready:
    row = _own_draft(desk, sent)
    form = desk.form(row)

    def act() -> None:
        revision = _saved(desk, sent, row)
        try:
            evaluations.submit(desk.store, form, row["evaluation_id"], revision=revision, by=desk.me, at=desk.at)
        except evaluations.Unfinished as refused:
            raise StillOpen(_named(refused, form), refused.items, revision) from None
        except WrongUse as refused:
            raise StillOpen(str(refused), (), revision) from None

    return Ready(row["agent_id"], act, address(row["evaluation_id"]))


class StillOpen(WrongUse):
    """What keeps an evaluation from being submitted; its answers were kept, and the window goes on from `revision`."""

    def __init__(self, words: str, items: tuple[str, ...], revision: int) -> None:
        super().__init__(words)
        self.items, self.revision = items, revision


def _named(refused: evaluations.Unfinished, form: Form) -> str:
    """What an evaluation waits for, in the words of its form."""
    first = ", ".join(f"“{_(form.item(name).text)}”" for name in refused.items[:MOST_NAMED])
    more = len(refused.items) - MOST_NAMED
    if more <= 0:
        return f"{refused.words}: {first}."
    return _("{what}: {items} and {n} more.").format(what=refused.words, items=first, n=text.count(more))


def _release(desk: Desk, sent: Sent) -> Ready:
    row = desk.seen(_word(sent, "evaluation"))
    act = partial(evaluations.release, desk.store, row["evaluation_id"], by=desk.me, at=desk.at)
    return Ready(
        row["agent_id"],
        act,
        _word(sent, "back") if _word(sent, "back") == "/decisions" else address(row["evaluation_id"]),
    )


def _acknowledge(desk: Desk, sent: Sent) -> Ready:
    row = desk.seen(_word(sent, "evaluation"))
    act = partial(evaluations.acknowledge, desk.store, row["evaluation_id"], by=desk.me, at=desk.at)
    return Ready(row["agent_id"], act, address(row["evaluation_id"]))


# ---- disputes --------------------------------------------------------------------------------------------------------


def _dispute(desk: Desk, sent: Sent) -> Ready:
    row = desk.seen(_word(sent, "evaluation"))
    known = {item.id for item in desk.form(row).items}
    act = partial(
        disputes.dispute, desk.store, row["evaluation_id"], by=desk.me, reason=_word(sent, "reason"),
        items=[name for name in _words(sent, "item") if name in known], at=desk.at,
    )  # fmt: skip
    return Ready(row["agent_id"], act, address(row["evaluation_id"]))


def _withdraw(desk: Desk, sent: Sent) -> Ready:
    row = desk.seen(disputes.evaluation_of(desk.store, _word(sent, "dispute")))
    act = partial(disputes.withdraw, desk.store, _word(sent, "dispute"), by=desk.me, at=desk.at)
    return Ready(row["agent_id"], act, address(row["evaluation_id"]))


def _decide(desk: Desk, sent: Sent) -> Ready:
    decision = _word(sent, "decision")
    if decision not in disputes.DECISIONS:
        raise WrongUse(_("Choose whether the score is upheld or changed."))
    row = desk.seen(disputes.evaluation_of(desk.store, _word(sent, "dispute")))
    form = desk.form(row) if decision == disputes.CHANGED else None
    act = partial(
        disputes.decide, desk.store, _word(sent, "dispute"), decision, by=desk.me, note=_word(sent, "note"),
        at=desk.at, form=form, answers=answers_said(sent.get("answers")),
    )  # fmt: skip
    return Ready(row["agent_id"], act, address(row["evaluation_id"]))


# ---- coaching --------------------------------------------------------------------------------------------------------


def _note(desk: Desk, sent: Sent) -> Ready:
    agent, kind, due = _word(sent, "agent"), _word(sent, "kind"), _word(sent, "due_on")
    if kind not in coaching.KINDS:
        raise WrongUse(
            _("{kind!r} is no kind of note. Expected one of {known}.").format(
                kind=kind, known=", ".join(coaching.KINDS)
            )
        )
    if not desk.sees_agent(agent, desk.today()):
        raise WrongUse(_("There is no agent {agent!r} on today's roster that you may see.").format(agent=agent))
    about = _word(sent, "evaluation")
    if about and desk.seen(about)["agent_id"] != agent:
        raise WrongUse(_(NOT_YOURS))
    due_on = day_from_text(due) if due and kind == "action" else None
    if due_on is not None and due_on < desk.today():
        raise WrongUse(_("{day} has passed. Choose a day to come.").format(day=due_on))
    act = partial(
        coaching.write_note, desk.store, agent, kind, _word(sent, "text"), by=desk.me, at=desk.at, due_on=due_on,
        evaluation_id=about or None,
    )  # fmt: skip
    return Ready(agent, act, "/coaching?" + urlencode({"agent": agent}))


def _finish(desk: Desk, sent: Sent) -> Ready:
    note = coaching.note(desk.store, _word(sent, "note"))
    agent = note["agent_id"]
    if agent != desk.viewer.person and (desk.is_agent or not desk.sees_agent(agent, desk.today())):
        raise WrongUse(_("There is no such action that you may finish."))
    act = partial(coaching.finish_action, desk.store, note["note_id"], by=desk.me, at=desk.at)
    return Ready(agent, act, "/my-record" if desk.is_agent else "/coaching?" + urlencode({"agent": agent}))


# ---- figures that are questioned -------------------------------------------------------------------------------------


def _question(desk: Desk, sent: Sent) -> Ready:
    agent, metric = str(desk.viewer.person or ""), desk.answers.metric(_word(sent, "metric"))
    during = Period(day_from_text(_word(sent, "first")), day_from_text(_word(sent, "until")))
    if "agent" not in desk.answers.fact(metric.name).dimensions:
        raise WrongUse(_("{title} is no figure of one person's work.").format(title=metric.title))
    figure = desk.answers.total([metric.name], during, {"agent": [agent]})[metric.name]
    act = partial(
        questions.question_figure, desk.store, agent, metric.name, first=during.first, until=during.until,
        value=figure.words, reason=_word(sent, "reason"), at=desk.at,
    )  # fmt: skip
    return Ready(agent, act, "/my-record")


def _answer(desk: Desk, sent: Sent) -> Ready:
    asked = questions.question(desk.store, _word(sent, "question"))
    if not desk.sees_agent(asked["agent_id"], desk.today()):
        raise WrongUse(_("There is no such open question. Load the page again."))
    act = partial(
        questions.answer_question, desk.store, asked["question_id"], _word(sent, "answer"), by=desk.me, at=desk.at
    )
    return Ready(asked["agent_id"], act, "/decisions")


# ---- the plan and its calibration ------------------------------------------------------------------------------------


def _draw(desk: Desk, sent: Sent) -> Ready:
    first = month_from_text(_word(sent, "month"))
    number = _number(sent, "per_month", N_("a number of contacts"))
    act = partial(
        drawn_sample, desk.answers.centre, during=Period.month(first.year, first.month), scope=desk.answers.scope,
        stage="routine", per_month=number,
    )  # fmt: skip
    return Ready("", act, "/desk")


def _convene(desk: Desk, sent: Sent) -> Ready:
    name, due = _word(sent, "session").strip(), day_from_text(_word(sent, "due"))
    known = {one.id: one for one in quality.forms_for(quality.forms(desk.answers.centre), None, on=desk.today())}
    known |= {one.id: one for one in quality.newest(quality.forms(desk.answers.centre), on=desk.today())}
    form = known.get(_word(sent, "form"))
    if form is None or not name or len(name) > 100:
        raise WrongUse(_("A session has a name of at most 100 letters and a form that is known. Fill in both."))
    people, number = _words(sent, "evaluator"), _number(sent, "number", N_("a number of contacts"))
    last = desk.answers.last_day()
    during = Period(last - timedelta(days=27), last + timedelta(days=1))
    drawn = quality.for_calibration(desk.answers.centre, form, number, seed=name, during=during, without=people)
    parts = [sessions.session_part(row["contact_id"], row["agent_id"]) for row in drawn.iter_rows(named=True)]
    due_at = datetime.combine(due, time(23, 59), tzinfo=desk.answers.centre.timezone)
    if due_at <= desk.at:
        raise WrongUse(_("{day} has passed. Choose a day to come.").format(day=due))
    act = partial(
        sessions.open_session, desk.store, name, form, contacts=parts, evaluators=people, due_at=due_at, by=desk.me,
        at=desk.at,
    )  # fmt: skip
    return Ready("", act, "/calibration")


def _reveal(desk: Desk, sent: Sent) -> Ready:
    name = _word(sent, "session")
    act = partial(sessions.close_session, desk.store, name, by=desk.me, at=desk.at)
    return Ready("", act, "/calibration?" + urlencode({"session": name}))


# ---- targets ---------------------------------------------------------------------------------------------------------


def _set_target(desk: Desk, sent: Sent) -> Ready:
    answers = desk.answers
    one = aims.dated(answers, {name: _word(sent, name) for name in aims.FIELDS}, desk.today())
    metric = answers.metric(one.aim.metric)
    # the log is written in one language, whoever reads it
    with speaking("en"):
        wanted = aims.reads(metric, one.aim.goal, one.aim.within_seconds)
        about = f"{metric.name} of {aims.about(answers, one.aim)}: {wanted} from {one.valid_from}"
    inbox = answers.centre.folder / "inbox"
    act = partial(set_target, desk.store, inbox, one, by=desk.viewer.name, at=desk.at)
    asked = {name: _word(sent, name) for name in ("metric", "for") if _word(sent, name)}
    return Ready(about, act, "/targets?" + urlencode(asked))


DEEDS: dict[str, Deed] = {
    "open": Deed(N_("opened an evaluation"), _open),
    "save": Deed("", _save),
    "submit": Deed(N_("submitted an evaluation"), _submit),
    "release": Deed(N_("released an evaluation"), _release),
    "acknowledge": Deed(N_("acknowledged an evaluation"), _acknowledge),
    "dispute": Deed(N_("disputed an evaluation"), _dispute),
    "withdraw": Deed(N_("withdrew a dispute"), _withdraw),
    "decide": Deed(N_("decided a dispute"), _decide),
    "note": Deed(N_("wrote a note"), _note),
    "finish": Deed(N_("finished an action"), _finish),
    "question": Deed(N_("questioned a figure"), _question),
    "answer": Deed(N_("answered a question"), _answer),
    "draw": Deed(N_("drew a sample"), _draw),
    "convene": Deed(N_("opened a calibration session"), _convene),
    "reveal": Deed(N_("closed a calibration session"), _reveal),
    "set_target": Deed(N_("set a target"), _set_target),
}
