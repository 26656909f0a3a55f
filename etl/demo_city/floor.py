"""The floor: agents with shifts and pauses take contacts from queues. Waits and abandonments come out of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from random import Random

from etl.demo_city.arrivals import Arrivals, Contact, handling
from etl.demo_city.city import City
from etl.demo_city.people import DEFERRED, Person, pauses_of, shift_of

DAYS = timedelta(days=1)
Spell = tuple[str, str, str, int, int]


@dataclass(slots=True)
class Seat:
    """An agent on shift: what is planned, what is due, since when idle."""

    person: Person
    skills: tuple[str, ...]
    ends_at: int
    idle_since: int = 0
    is_idle: bool = False
    due: list[tuple[str, int]] = field(default_factory=list)
    is_over: bool = False


@dataclass
class Planned:
    """One planned activity of an agent, in epoch seconds."""

    agent: str
    shift_date: date
    activity: str
    start: int
    end: int


class Floor:
    """Runs day after day; contacts that nobody has taken by a day's end go on waiting."""

    def __init__(self, city: City, people: list[Person], arrivals: Arrivals, rng: Random) -> None:
        self.city = city
        self.people = people
        self.arrivals = arrivals
        self.rng = rng
        self.waiting: dict[str, deque[Contact]] = {queue.id: deque() for queue in city.queues}
        self.seats: dict[str, Seat] = {}
        self.events: list[tuple[int, int, Callable[[int], None]]] = []
        self.order = 0
        self.now = self.ends_at = 0
        self.spells: list[Spell] = []
        self.finished: list[Contact] = []
        self.after: Callable[[Contact], None] = lambda contact: None

    def run_day(self, day: date, until: int) -> tuple[list[Contact], list[Spell], list[Planned]]:
        """Simulate up to an instant: the contacts that ended, the spells of agents' states, and the day's plan.

        The first day begins with those who came in on the evening before.
        """
        self.finished, self.spells = [], []
        self.ends_at = until
        plan = [] if self.now else self._open_shifts(day - timedelta(days=1), after=day_end(day - DAYS, self.city))
        plan += self._open_shifts(day)
        for contact in self.arrivals.of_day(day):
            self.at(contact.at, partial(self.take, contact))
        while self.events and self.events[0][0] < until:
            self.now, _, act = heappop(self.events)
            act(self.now)
        self._drop_impatient(until)
        return self.finished, self.spells, plan

    def at(self, when: int, act: Callable[[int], None]) -> None:
        """Let something happen at an instant."""
        self.order += 1
        heappush(self.events, (when, self.order, act))

    def _open_shifts(self, day: date, after: int = 0) -> list[Planned]:
        """Let the shifts of a day begin (those only that end after an instant); what was planned for them."""
        plan: list[Planned] = []
        for person in self.people:
            if shift_of(person, day, self.city)[1] <= after:
                continue
            if not person.works_on(day):
                if day in person.absences and day.weekday() not in person.days_off:
                    start, end = shift_of(person, day, self.city)
                    plan.append(Planned(person.id, day, "time_off", start, end))
                continue
            start, end = shift_of(person, day, self.city)
            pauses = pauses_of(person, day, start)
            plan += _plan(person, day, start, end, pauses)
            late = max(0, int(self.rng.gauss(20, 70)))
            seat = Seat(person, person.skills_on(day), end)
            self.at(start + late, partial(self._log_in, seat))
            for activity, pause_start, pause_end in pauses:
                slip = int(abs(self.rng.gauss(0, 60)))
                length = pause_end - pause_start + max(-60, int(self.rng.gauss(30, 60)))
                self.at(pause_start + slip, partial(self._pause_due, seat, activity, length))
            self.at(end, partial(self._shift_over, seat))
        return plan

    def _log_in(self, seat: Seat, now: int) -> None:
        self.seats[seat.person.id] = seat
        self._free(seat, now)

    def _pause_due(self, seat: Seat, activity: str, length: int, now: int) -> None:
        seat.due.append((activity, length))
        if seat.is_idle:
            self._end_idle(seat, now)
            self._free(seat, now)

    def _shift_over(self, seat: Seat, now: int) -> None:
        seat.is_over = True
        if seat.is_idle:
            self._end_idle(seat, now)
            self._free(seat, now)

    def _end_idle(self, seat: Seat, now: int) -> None:
        seat.is_idle = False
        if now > seat.idle_since:
            self.spells.append((seat.person.id, "available", "", seat.idle_since, now))

    def _free(self, seat: Seat, now: int) -> None:
        """What an agent does next: go home, pause, take the next contact, or wait for one."""
        if seat.is_over:
            self.seats.pop(seat.person.id, None)
            return
        if seat.due:
            activity, length = seat.due.pop(0)
            self.spells.append((seat.person.id, "not_ready", activity, now, now + length))
            self.at(now + length, partial(self._free, seat))
            return
        contact = self._next_waiting(seat, now)
        if contact is not None:
            self._serve(seat, contact, now)
            return
        seat.is_idle, seat.idle_since = True, now

    def _next_waiting(self, seat: Seat, now: int) -> Contact | None:
        """The dearest skill first where it is a class of its own (Spanish, the counter), else whoever came first.

        Letters that a team of callers helps with come last: they always came before whoever is on the line.
        """
        own, others = seat.skills[:1], seat.skills[1:]
        calls = tuple(queue for queue in others if queue not in DEFERRED)
        for queues in (own, calls, tuple(queue for queue in others if queue in DEFERRED)):
            while True:
                lines = [self.waiting[queue] for queue in queues if self.waiting[queue]]
                if not lines:
                    break
                contact = min(lines, key=lambda line: line[0].at).popleft()
                if contact.at + contact.patience > now:
                    return contact
                self._abandon(contact)
        return None

    def take(self, contact: Contact, now: int) -> None:
        """A contact arrives: it goes to whoever is idle longest, or joins its queue."""
        idle = [seat for seat in self.seats.values() if seat.is_idle and contact.queue in seat.skills]
        if not idle:
            self.waiting[contact.queue].append(contact)
            return
        answered_at = now + (self.rng.randrange(1, 7) if contact.channel == "voice" else 0)
        if contact.at + contact.patience <= answered_at:
            self._abandon(contact)
            return
        seat = min(idle, key=lambda seat: (seat.skills.index(contact.queue), seat.idle_since, seat.person.id))
        self._end_idle(seat, answered_at)
        self._serve(seat, contact, answered_at)

    def _serve(self, seat: Seat, contact: Contact, now: int) -> None:
        talk, hold, wrap = handling(contact, seat.person.pace, self.rng)
        contact.agent, contact.wait = seat.person.id, now - contact.at
        contact.talk, contact.hold, contact.wrap, contact.outcome = talk, hold, wrap, "answered"
        self._transfer(contact)
        handled_at = contact.ends_at
        self.spells.append((seat.person.id, "handling", contact.channel, now, handled_at))
        if wrap:
            self.spells.append((seat.person.id, "acw", "", handled_at, handled_at + wrap))
        self.at(handled_at + wrap, partial(self._free, seat))
        self._finish(contact)

    def _transfer(self, contact: Contact) -> None:
        chance = self.rng.random()
        if contact.channel != "voice" or contact.is_chase:
            return
        if chance < contact.type.emergency:
            contact.outcome, contact.transferred_to = "transferred", "911"
            contact.talk, contact.hold = min(contact.talk, 45 + int(chance * 1000) % 60), 0
        elif chance < contact.type.emergency + contact.type.transfers:
            contact.outcome, contact.transferred_to = "transferred", _desk(contact)

    def _abandon(self, contact: Contact) -> None:
        contact.outcome, contact.wait = "abandoned", contact.patience
        self._finish(contact)

    def _finish(self, contact: Contact) -> None:
        self.finished.append(contact)
        self.after(contact)

    def _drop_impatient(self, now: int) -> None:
        """Those who hung up before now without anybody getting to them."""
        for queue, line in self.waiting.items():
            staying: deque[Contact] = deque()
            for contact in line:
                if contact.at + contact.patience <= now:
                    self._abandon(contact)
                else:
                    staying.append(contact)
            self.waiting[queue] = staying


def _desk(contact: Contact) -> str:
    """The department that answers what 311 cannot."""
    return {"Water bill question": "Water", "Council and elections": "City Clerk"}.get(
        contact.type.name, "Finance and Permits"
    )


def _plan(person: Person, day: date, start: int, end: int, pauses: list[tuple[str, int, int]]) -> list[Planned]:
    """A shift as planned activities without gaps."""
    plan: list[Planned] = []
    at = start
    for activity, pause_start, pause_end in pauses:
        if pause_start > at:
            plan.append(Planned(person.id, day, "queue", at, pause_start))
        if pause_end > at:
            plan.append(Planned(person.id, day, activity, max(at, pause_start), pause_end))
            at = pause_end
    if end > at:
        plan.append(Planned(person.id, day, "queue", at, end))
    return plan


def day_end(day: date, city: City) -> int:
    """The instant at which a local day ends."""
    following = day + timedelta(days=1)
    return int(datetime(following.year, following.month, following.day, tzinfo=city.zone).timestamp())
