"""A town made by chance: a week of everything that the warehouse can hold, odd cases as likely as plain ones."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from metrics import Centre
from tests.metrics.town import town

START = datetime.fromisoformat("2026-03-06T07:00")  # UTC, as stored; the 8th of March has 23 hours
WEEK = 7 * 86_400
SETTINGS: dict[str, Any] = {
    "queue": [{"id": "general"}, {"id": "water"}, {"id": "mail"}],
    "target": [
        {"metric": "service_level", "within_seconds": 30},
        {"metric": "service_level", "queue": "water", "within_seconds": 60, "from": date(2026, 1, 1)},
        {"metric": "service_level", "queue": "water", "within_seconds": 20, "from": date(2026, 3, 9)},
        {"metric": "service_level", "queue": "mail", "within_seconds": 7200},
    ],
    "request_type": [{"id": "Hours", "kind": "information"}, {"id": "Pothole", "kind": "request"}],
    "rules": {
        "reopen_days": 2,
        "repeat_days": 1,
        "routing_days": 3,
        "early_closure_minutes": 30,
        "callback_minutes": 45,
        "long_wait_seconds": 60,
        "long_hold_seconds": 60,
        "repeat_contacts": 2,
    },
}
END_REASONS = ("caller", "caller", "agent", "blind_transfer", "warm_transfer")
CLASSES = ("department", "911", "supervisor", "queue", "agent", "external")
KINDS = ("callback", "voicemail", "overflow", "menu", "closing_time", "timeout", "leave_empty", None)
REFUSALS = ("closed", "full", "join_empty", "busy")


class MadeTown:
    """Rows of all tables, drawn from one stream of chance."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.legs = 0
        for agent in ("A1", "A2", "A3"):
            self.add("agent", agent_id=agent, hired_on=date(2024, 1, 1))
            self.add(
                "team_member", agent_id=agent, team_id="Day" if agent < "A3" else "Late", valid_from=date(2026, 1, 1)
            )
        for number in range(1, self.chance.randrange(20, 60)):
            self.contact(number)
        for number in range(1, self.chance.randrange(5, 25)):
            self.case(number)
        for agent in ("A1", "A2", "A3"):
            self.working_days(agent)
        for number in range(1, 12):
            self.survey(number)
        self.forecast()

    def add(self, table: str, **row: Any) -> dict[str, Any]:
        self.rows.setdefault(table, []).append(row)
        return row

    def moment(self, within: int = WEEK) -> datetime:
        return START + timedelta(seconds=self.chance.randrange(within))

    def maybe(self, value: Any, part: float = 0.5) -> Any:
        return value if self.chance.random() < part else None

    def contact(self, number: int) -> None:
        pick = self.chance.choice
        entered, channel = self.moment(), pick(("voice", "voice", "voice", "chat", "email"))
        direction = pick(("inbound", "inbound", "inbound", "outbound", "internal"))
        contact = self.add(
            "contact", contact_id=number, chain_key=f"c{number}", channel=channel, direction=direction, entered_at=entered,
            first_queue_id="mail" if channel == "email" else pick(("general", "water")), language=pick(("en", "es")),
            request_type=pick(("Hours", "Pothole", None)), caller_key=self.maybe(f"k{self.chance.randrange(6)}", 0.8),
            outcome="abandoned", is_test=self.chance.random() < 0.05, wrap_code=self.maybe("w", 0.2),
        )  # fmt: skip
        at = entered
        for visit in range(1, pick((1, 1, 2, 3)) + 1):
            if direction == "inbound":
                at = self.visit(contact, visit, at)
            else:
                at = self.talk(contact, direction, None, at, at)
        if self.chance.random() < 0.1:
            self.talk(contact, pick(("consult", "conference")), None, at, at)

    def visit(self, contact: dict[str, Any], number: int, at: datetime) -> datetime:
        queue = contact["first_queue_id"] if number == 1 else self.chance.choice(("general", "water"))
        wait = self.chance.choice((0, 3, 5, 6, 20, 30, 31, 60, 600))
        left = at + timedelta(seconds=wait)
        kind = self.chance.choice(("answered", "answered", "answered", "abandon", "flow", "refused", "pending"))
        for _ in range(self.chance.randrange(3)):
            result = self.chance.choice(("answered", "no_answer", "caller_hung_up", None))
            self.add("leg_event", leg_event_id=len(self.rows.get("leg_event", [])), leg_id=None, contact_id=contact["contact_id"],
                     type="ring", start_at=at, agent_id="A1", result=result)  # fmt: skip
        if kind == "answered":
            contact["outcome"] = "answered"
            return self.talk(contact, "queue", queue, at, left, number)
        ends = {
            "abandon": ("abandon", None),
            "flow": (
                self.chance.choice(("flow_out", "system", "timeout", "dequeued", "rna")),
                self.chance.choice(KINDS),
            ),
            "refused": ("flow_out", self.chance.choice(REFUSALS)),
            "pending": (None, None),
        }[kind]
        leg = self.leg(contact, "queue", queue, at, number, wait_ms=wait * 1000, end_reason=ends[0], flow_out_kind=ends[1],
                       released_at=None if kind == "pending" else left)  # fmt: skip
        if ends[1] == "callback":
            for _ in range(self.chance.randrange(3)):
                again = left + timedelta(seconds=self.chance.randrange(7200))
                self.talk(
                    contact,
                    "callback",
                    queue,
                    again,
                    again,
                    number + 10,
                    leg["leg_id"],
                    reached=self.chance.random() < 0.5,
                )
        return left

    def leg(
        self, contact: dict[str, Any], kind: str, queue: str | None, at: datetime, visit: int, **more: Any
    ) -> dict[str, Any]:
        self.legs += 1
        return self.add("leg", leg_id=self.legs, contact_id=contact["contact_id"], leg_type=kind, queue_id=queue,
                        queue_enter_at=at, visit_no=visit, **more)  # fmt: skip

    def talk(
        self, contact: dict[str, Any], kind: str, queue: str | None, at: datetime, answer: datetime,
        visit: int = 1, parent: int | None = None, *, reached: bool = True,
    ) -> datetime:  # fmt: skip
        talk, hold, wrap = (self.chance.choice(choice) for choice in ((4, 60, 900, 4000), (0, 0, 30), (0, 20, 1200)))
        released = answer + timedelta(seconds=talk + hold)
        reason = self.chance.choice(END_REASONS)
        moved = reason in ("blind_transfer", "warm_transfer")
        self.leg(
            contact, kind, queue, at, visit, parent_leg_id=parent, agent_id=self.chance.choice(("A1", "A2", "A3")),
            answered_at=answer if reached else None, released_at=released, acw_end_at=released + timedelta(seconds=wrap),
            wait_ms=int((answer - at).total_seconds() * 1000), talk_ms=talk * 1000, hold_ms=self.maybe(hold * 1000, 0.9),
            acw_ms=self.maybe(wrap * 1000, 0.9), end_reason=reason if reached else "rna",
            transfer_class=self.chance.choice(CLASSES) if moved else None,
        )  # fmt: skip
        return released + timedelta(seconds=wrap)

    def case(self, number: int) -> None:
        pick, created = self.chance.choice, self.moment() - timedelta(days=self.chance.randrange(5))
        kind = pick(("request", "request", "request", "information"))
        events: list[tuple[str, datetime, dict[str, Any]]] = [("created", created, {})]
        at, is_open = created, True
        for _ in range(self.chance.randrange(5)):
            at += timedelta(minutes=pick((1, 10, 45, 600, 3000)))
            name = (
                pick(("assigned", "escalated", "returned", "field"))
                if self.chance.random() < 0.4
                else ("closed" if is_open else "reopened")
            )
            more = {"assigned": {"from_value": self.maybe("Water"), "to_value": pick(("Water", "Parks"))},
                    "field": {"field": "request_type"}, "closed": {"text": pick(("Done.", "Referred elsewhere", None))}}.get(name, {})  # fmt: skip
            is_open = {"closed": False, "reopened": True}.get(name, is_open)
            events.append((name, at, more))
        closings = [moment for name, moment, _ in events if name == "closed"]
        self.add(
            "service_case", case_id=number, number=f"n{number}", kind=kind, request_type=pick(("Pothole", "Graffiti", "test", None)),
            status="open" if is_open else pick(("closed", "closed", "cancelled")), channel=pick(("voice", "web")),
            department=pick(("Water", "Parks")), created_at=created, first_closed_at=min(closings, default=None),
            closed_at=None if is_open else max(closings), due_at=self.maybe(created + timedelta(hours=pick((2, 30, 100))), 0.8),
            promised_at=self.maybe(created + timedelta(hours=pick((2, 30, 100))), 0.6), area=self.maybe(pick(("Elm", "n/a")), 0.7),
            description=self.maybe(pick(("hole in the road", "hm")), 0.7),
            parent_case_id=self.maybe(self.chance.randrange(1, number), 0.2) if number > 1 else None,
        )  # fmt: skip
        for place, (name, moment, more) in enumerate(events):
            self.add(
                "case_event",
                case_event_id=number * 100 + place,
                case_id=number,
                seq=place,
                happened_at=moment,
                event=name,
                **more,
            )
        for contact in self.chance.sample(range(1, len(self.rows["contact"]) + 1), self.chance.randrange(3)):
            self.add("contact_case", contact_id=contact, case_number=f"n{number}", role=None)

    def working_days(self, agent: str) -> None:
        at = START
        for number in range(self.chance.randrange(60)):
            end = at + timedelta(seconds=self.chance.choice((60, 900, 1000, 5400)))
            state = self.chance.choice(("available", "handling", "ringing", "acw", "not_ready", "offline"))
            self.add("agent_state", state_id=hash((agent, number)) % 10**12, agent_id=agent, track="routing", state=state, start_at=at,
                     end_at=end, end_by="event", reason_code=self.maybe("break"))  # fmt: skip
            # the next begins where this one ends, in its middle (two chats at once) or hours later
            at = self.chance.choice((end, end, at + (end - at) / 2, end + timedelta(hours=7)))
        for number in range(7):
            if self.chance.random() < 0.3:
                continue
            begin = START + timedelta(days=number, hours=8) + timedelta(minutes=15 * self.chance.randrange(8))
            for place, activity in enumerate(
                self.chance.choice((("queue", "break", "queue"), ("queue", "meal", "training"), ("time_off",)))
            ):
                start = begin + timedelta(hours=2 * place)
                self.add("schedule", schedule_id=hash((agent, number, place)) % 10**12, agent_id=agent, shift_key=f"{agent} {number}",
                         shift_date=date(2026, 3, 6 + number), activity=activity, start_at=start, end_at=start + timedelta(hours=2),
                         is_paid=activity not in ("meal", "time_off"), counts_for_adherence=activity != "time_off")  # fmt: skip

    def survey(self, number: int) -> None:
        contact = self.chance.randrange(1, len(self.rows["contact"]) + 1)
        answers = [
            (kind, most) for kind, most in (("csat", 5), ("nps", 10), ("solved", 1)) if self.chance.random() < 0.6
        ]
        sent = self.moment()
        self.add("survey", survey_id=number, contact_id=contact, sent_at=sent, answered_at=sent if answers else None)
        for kind, most in answers:
            mark = float(self.chance.randrange(0 if kind == "nps" else 1, most + 1))
            words = self.chance.choice(("yes", "no")) if kind == "solved" else None
            self.add("survey_answer", survey_id=number, question_key=kind, is_main=kind, scale_min=1.0, scale_max=float(most),
                     value_num=None if kind == "solved" else mark, value_text=words)  # fmt: skip

    def forecast(self) -> None:
        for number in range(0, 48, 3):
            start = START.replace(minute=0) + timedelta(minutes=30 * number)
            for queue in ("general", "water"):
                for item, value in (("offered_f", self.chance.randrange(4)), ("required_f", self.chance.randrange(3))):
                    self.add("interval_stat", stat_id=len(self.rows.get("interval_stat", [])), scope="queue", queue_id=queue,
                             interval_start_at=start, interval_ms=1_800_000, item=item, value=float(value), is_complete=True)  # fmt: skip


def made_town(seed: int, cutoff: datetime = START + timedelta(days=8)) -> Centre:
    """The town of a seed, its data known up to a cut-off."""
    return town(SETTINGS, cutoff=cutoff, **MadeTown(seed).rows)
