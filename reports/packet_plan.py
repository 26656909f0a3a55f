"""A packet's development page: commendations, what became of the last plan, what is open, and who needs what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from metrics import Period, text
from metrics.language import _
from metrics.parts import Row, Table, columns
from reports.people import Note


@dataclass(frozen=True)
class Plan:
    """What supervisors wrote down, as a packet prints it."""

    commendations: tuple[str, ...]
    done: tuple[str, ...]
    next: Table


def plan(notes: Sequence[Note], during: Period, as_of: date, needs: Sequence[str]) -> Plan:
    """The notes up to the day on which the data end; `needs` are items that quality shows to be in need."""
    known = [one for one in notes if one.written_on <= as_of]
    praised = [one for one in known if one.kind == "commendation" and during.first <= one.written_on]
    actions = [one for one in known if one.kind == "action"]
    finished = [one for one in actions if one.done_on and during.first <= one.done_on <= as_of]
    still = [one for one in actions if one.done_on is None or one.done_on > as_of]
    rows = [Row(one.text, (_due(one, as_of), one.written_by, "")) for one in still]
    rows += [Row(_("To work on: {need}").format(need=need), ("", "", "")) for need in needs]
    return Plan(
        tuple(f"{text.plain_day(one.written_on)}: {one.text} ({one.written_by})" for one in praised)
        or (_("No commendation of this period is on record."),),
        tuple(_result(one) for one in finished) or (_("No action of an earlier plan was finished in this period."),),
        Table(
            _("Needs, actions and dates"),
            _("Action"),
            columns(_("By"), _("With"), _("Result")),
            tuple(rows),
            note=_("What is printed here was written down before; the room below is filled in together."),
        ),
    )


def _due(note: Note, as_of: date) -> str:
    if note.due_on is None:
        return ""
    day = text.plain_day(note.due_on)
    return _("{day}, overdue").format(day=day) if note.due_on < as_of else day


def _result(note: Note) -> str:
    done = text.plain_day(note.done_on) if note.done_on else ""
    late = _(", after its day") if note.due_on and note.done_on and note.done_on > note.due_on else ""
    return _("{text}: done on {done}{late}.").format(text=note.text, done=done, late=late)
