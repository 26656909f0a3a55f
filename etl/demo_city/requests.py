"""The life of service requests: opened from contacts, closed by departments, sometimes too soon."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from etl.demo_city.arrivals import Contact
from etl.demo_city.city import City, RequestType

DAY = 86_400
HOODS = (
    "Alder Flats",
    "Brickyard",
    "Canal Side",
    "Dunmore",
    "Eastbank",
    "Foundry",
    "Glen Park",
    "Harbor Hill",
)
SOURCES = {
    "voice": "Constituent Call",
    "web": "Self Service",
    "email": "Self Service",
    "walk_in": "Employee Generated",
}
FIXED = (
    "Case Resolved. Crew completed the work.",
    "Case Resolved. Work order done, photo on file.",
    "Case Resolved. Resident informed at 303-555-0142.",
    "Case Resolved. Inspector confirmed by e-mail from desk@riverbend.example.",
)
HASTY = "Case Noted. Referred for follow up."


@dataclass(slots=True)
class State:
    """How a case stands from an instant on."""

    at: int
    status: str
    closed_at: int | None
    reason: str


@dataclass(slots=True)
class Case:
    """A service request with all its states, past and to come."""

    number: str
    type: RequestType
    opened_at: int
    due_at: int
    source: str
    hood: str
    states: list[State] = field(default_factory=list)

    def state_at(self, now: int) -> State:
        """The state at an instant."""
        return [state for state in self.states if state.at <= now][-1]


class Departments:
    """Opens cases and decides, once, what will become of each."""

    def __init__(self, city: City, rng: Random) -> None:
        self.city = city
        self.rng = rng
        self.cases: list[Case] = []
        self.recent: dict[tuple[str, str], Case] = {}

    def open(self, type: RequestType, at: int, channel: str) -> Case:
        """A new case; now and then one that somebody reported before."""
        hood = self.rng.choice(HOODS)
        number = f"1010{len(self.cases) + 2_000_000:08d}"
        case = Case(number, type, at, self._due(at, type.due_days), SOURCES[channel], hood)
        case.states.append(State(at, "Open", None, ""))
        earlier = self.recent.get((type.name, hood))
        if earlier is not None and at - earlier.opened_at < 2 * DAY and self.rng.random() < 0.07:
            closed = at + self.rng.randrange(600, 6 * 3600)
            case.states.append(
                State(closed, "Closed", closed, f"Case Closed. Duplicate of existing case {earlier.number}.")
            )
        else:
            self.recent[type.name, hood] = case
            self._work(case)
        self.cases.append(case)
        return case

    def _work(self, case: Case) -> None:
        """When a department closes the case, whether that was a fix, and when it comes back."""
        rng, kind = self.rng, case.type
        busy = 1.6 if self._in_storm(case.opened_at) and kind.department in ("Streets", "Water") else 1.0
        if rng.random() < kind.hasty:
            closed = case.opened_at + rng.randrange(120, 14 * 60)
            case.states.append(State(closed, "Closed", closed, HASTY))
            comes_back = rng.random() < 0.35
        else:
            closed = self._next_working(
                case.opened_at + int(rng.lognormvariate(0, kind.spread) * kind.median_days * busy * DAY)
            )
            case.states.append(State(closed, "Closed", closed, rng.choice(FIXED)))
            comes_back = rng.random() < 0.035
        if comes_back:
            reopened = closed + int(rng.uniform(1.2, 9) * DAY)
            closed_again = self._next_working(reopened + int(rng.lognormvariate(0, 0.6) * kind.median_days * DAY) + DAY)
            case.states.append(State(reopened, "Open", None, ""))
            case.states.append(State(closed_again, "Closed", closed_again, rng.choice(FIXED)))

    def _in_storm(self, at: int) -> bool:
        day = datetime.fromtimestamp(at, self.city.zone).date()
        return self.city.storm.first <= day <= self.city.storm.last

    def _next_working(self, at: int) -> int:
        """Moved into the working day that follows: crews close cases from 7 to 17 on weekdays."""
        moment = datetime.fromtimestamp(at, self.city.zone)
        while moment.weekday() >= 5 or not 7 <= moment.hour < 17:
            moment = (moment + timedelta(hours=1)).replace(minute=self.rng.randrange(60))
        return max(at, int(moment.timestamp()))

    def _due(self, at: int, days: int) -> int:
        """The same time of day, so many business days on."""
        moment = datetime.fromtimestamp(at, self.city.zone)
        while days:
            moment += timedelta(days=1)
            days -= moment.weekday() < 5
        return int(moment.timestamp())

    def warm_up(self, first: date, per_day: float) -> None:
        """Cases from before the simulation, so that the city does not begin with an empty desk."""
        types = [kind for kind in self.city.types if kind.kind == "request"]
        weights = [sum(kind.queues.values()) for kind in types]
        start = int(datetime(first.year, first.month, first.day, tzinfo=self.city.zone).timestamp())
        count = int(per_day * self.city.warm_up_days)
        moments = sorted(start - self.rng.randrange(self.city.warm_up_days * DAY) for _ in range(count))
        for at in moments:
            self.open(self.rng.choices(types, weights)[0], at, self.rng.choice(("voice", "voice", "web")))

    def from_contact(self, contact: Contact, *, until: int) -> Case | None:
        """The case that an answered contact opens, if it asks for something and names none yet.

        It is opened before `until`, the end of the day: the case system's export of a day has all that its calls say.
        """
        if contact.type.kind != "request" or contact.case or contact.outcome == "abandoned":
            return None
        if contact.transferred_to == "911" or self.rng.random() < 0.38:
            return None
        case = self.open(contact.type, min(contact.ends_at, until - 1), contact.channel)
        contact.case = case.number
        return case
