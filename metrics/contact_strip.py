"""A contact as strips: its minutes by leg (waiting, talk, hold, after-call work), and the days of its cases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup

from metrics import text
from metrics.charts import palette
from metrics.charts.strips import Look, Stretch, strips, strips_text
from metrics.language import N_, _
from metrics.story import Story

LOOKS = {
    "waiting": Look(N_("waiting"), palette.SECOND_BAR, 0.35),
    "talk": Look(N_("talk"), palette.ACCENT),
    "hold": Look(N_("on hold"), palette.ATTENTION, 0.6),
    "acw": Look(N_("after-call work"), palette.BAR, 0.75),
    "open": Look(N_("open, within its date"), palette.BAR, 0.6),
    "late": Look(N_("open, past its date"), palette.ATTENTION),
}
Rows = dict[str, tuple[Stretch, ...]]


def minutes(story: Story) -> Rows:
    """Each leg's waiting, talk, hold and after-call work; hold, of which only the length is known, at its end."""
    rows: Rows = {}
    for number, leg in enumerate(story.legs, start=1):
        found = tuple(_of_leg(leg))
        if found:
            name = str(leg["agent_name"] or leg["agent_id"] or _("nobody"))
            rows[name if name not in rows else f"{name} ({number})"] = found
    return rows


def _of_leg(leg: dict[str, Any]) -> Iterator[Stretch]:
    entered, answered, released = leg["queue_enter_at"], leg["answered_at"], leg["released_at"]
    if entered is not None and leg["wait_ms"]:
        yield Stretch(entered, entered + timedelta(milliseconds=leg["wait_ms"]), "waiting")
    if answered is not None and released is not None and released > answered:
        held = timedelta(milliseconds=leg["hold_ms"] or 0)
        begins = max(released - held, answered)
        if begins > answered:
            yield Stretch(answered, begins, "talk")
        if begins < released:
            yield Stretch(begins, released, "hold")
    if released is not None and leg["acw_ms"]:
        yield Stretch(released, released + timedelta(milliseconds=leg["acw_ms"]), "acw")


def days(story: Story, known_to: datetime | None) -> Rows:
    """When each case was open, within its date and past it; one still open lasts to where the data reach."""
    rows: Rows = {}
    for number in dict.fromkeys(event["number"] for event in story.case_events):
        events = [one for one in story.case_events if one["number"] == number and one["happened_at"] is not None]
        due = next((one["promised_at"] or one["due_at"] for one in events), None)
        found: list[Stretch] = []
        opened: datetime | None = None
        for event in sorted(events, key=lambda one: one["happened_at"].timestamp()):
            if event["event"] in ("created", "reopened") and opened is None:
                opened = event["happened_at"]
            elif event["event"] == "closed" and opened is not None:
                found += _open(opened, event["happened_at"], due)
                opened = None
        if opened is not None and known_to is not None and known_to > opened:
            found += _open(opened, known_to, due)
        if found:
            rows[str(number)] = tuple(found)
    return rows


def _open(first: datetime, until: datetime, due: datetime | None) -> Iterator[Stretch]:
    if due is None or until <= due:
        yield Stretch(first, until, "open")
        return
    if first < due:
        yield Stretch(first, due, "open")
    yield Stretch(max(first, due), until, "late")


def drawn(title: str, rows: Rows, *, width: float = 700) -> Markup:
    """The strips."""
    return strips(title, rows, _looks(), width=width)


def described(title: str, rows: Rows) -> str:
    """What they show, in words."""
    return strips_text(title, rows, _looks())


def _looks() -> dict[str, Look]:
    return {kind: Look(_(look.words), look.colour, look.height) for kind, look in LOOKS.items()}


def in_short(rows: Rows) -> str:
    """How long a caller waited, talked and was held in all."""
    lasted: dict[str, float] = {}
    for one in (one for row in rows.values() for one in row):
        lasted[one.kind] = lasted.get(one.kind, 0.0) + one.until.timestamp() - one.first.timestamp()
    return text.listed([f"{_(LOOKS[kind].words)} {text.duration(lasted[kind])}" for kind in LOOKS if kind in lasted])
