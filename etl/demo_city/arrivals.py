"""Who turns to the city and when: a Poisson process whose rate follows hour, weekday, season and weather."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import exp, pi, sin, sqrt
from random import Random

from etl.demo_city.city import City, CityQueue, RequestType

COUNTER_HOURS = range(8, 17)
HOUR = 3600
# agents in reserve for each root of an agent's load, and the size of centre for which the city's data is meant
SPARE, FULL_SIZE = 1.2, 80
# area codes in which no line begins with 555-0, and a step without a factor in common with their numbers
FIRST_AREA, AREAS = 201, 799
SCATTER = 104_729


@dataclass(slots=True)
class Contact:
    """One resident's contact; what happens to it on the floor is filled in there."""

    id: str
    at: int
    queue: str
    channel: str
    language: str
    type: RequestType
    caller: str
    patience: int
    case: str = ""
    is_chase: bool = False
    agent: str = ""
    wait: int = 0
    talk: int = 0
    hold: int = 0
    wrap: int = 0
    outcome: str = field(default="waiting")
    transferred_to: str = ""

    @property
    def ends_at(self) -> int:
        """When the resident's part ended."""
        return self.at + self.wait + self.talk + self.hold


class Arrivals:
    """Draws a day's contacts in the order of their arrival."""

    def __init__(self, city: City, agents: int, rng: Random) -> None:
        self.city = city
        self.agents = agents
        self.slack = load_by_size(agents)
        self.rng = rng
        self.types = {queue.id: _choices(city, queue.id) for queue in city.queues}
        self.number = self.callers = 0

    def of_day(self, day: date) -> list[Contact]:
        """All contacts that arrive on a local day (of 23, 24 or 25 hours), in order."""
        start = int(datetime(day.year, day.month, day.day, tzinfo=self.city.zone).timestamp())
        following = day + timedelta(days=1)
        until = int(datetime(following.year, following.month, following.day, tzinfo=self.city.zone).timestamp())
        contacts = [
            self.new(queue, at)
            for hour_start in range(start, until, HOUR)
            for queue in self.city.queues
            for at in self._moments(queue, day, hour_start)
        ]
        contacts.sort(key=lambda contact: (contact.at, contact.id))
        return contacts

    def _moments(self, queue: CityQueue, day: date, hour_start: int) -> list[int]:
        hour = datetime.fromtimestamp(hour_start, self.city.zone).hour
        expected = self._expected(queue, day, hour)
        moments, at = [], 0.0
        while expected > 0:
            at += self.rng.expovariate(expected / HOUR)
            if at >= HOUR:
                break
            moments.append(hour_start + int(at))
        return moments

    def _expected(self, queue: CityQueue, day: date, hour: int) -> float:
        """Expected contacts in an hour."""
        city = self.city
        profile = city.weekend_hours if day.weekday() >= 5 else city.hours
        season = 1 + 0.06 * sin(2 * pi * (day.timetuple().tm_yday - 110) / 365)
        base = self.agents * city.weekdays[day.weekday()] * season * city.storm.factor(queue.id, day, hour)
        if queue.is_voice:
            per_day = base * city.calls_per_agent * self.slack * queue.share
            if queue.language == "es" and not 7 <= hour < 22:
                per_day *= 0.5
        elif queue.channel == "walk_in":
            if day.weekday() >= 5 or hour not in COUNTER_HOURS:
                return 0.0
            return base * city.deferred_per_agent * queue.share / len(COUNTER_HOURS)
        else:
            per_day = base * city.deferred_per_agent * queue.share
        return per_day * profile[hour] / sum(profile)

    def new(
        self, queue: CityQueue, at: int, *, caller: str = "", type: RequestType | None = None, case: str = ""
    ) -> Contact:
        """One contact that enters a queue; a known caller or case where somebody turns to the city again."""
        self.number += 1
        rng = self.rng
        channel = queue.channel if queue.is_voice or queue.channel == "walk_in" else rng.choice(("web", "web", "email"))
        names, weights = self.types[queue.id]
        language = queue.language if queue.is_voice else ("es" if rng.random() < 0.12 else "en")
        return Contact(
            id=f"RB{self.number:08d}",
            at=at,
            queue=queue.id,
            channel=channel,
            language=language,
            type=type or rng.choices(names, weights)[0],
            caller=caller or self._number_of_nobody(),
            patience=self._patience(queue),
            case=case,
            is_chase=bool(case),
        )

    def _number_of_nobody(self) -> str:
        """A number that is given to nobody; it is another one for each of hundreds of thousands who call."""
        self.callers += 1
        area, line = divmod(self.callers * SCATTER % (AREAS * 1000), 1000)
        return f"+1{FIRST_AREA + area}5550{line:03d}"

    def _patience(self, queue: CityQueue) -> int:
        """How long somebody would wait: some hang up at once, most for minutes; messages wait for ever."""
        if not queue.is_voice:
            return 10**9 if queue.channel != "walk_in" else int(self.rng.lognormvariate(7.6, 0.4))
        if self.rng.random() < 0.011:
            return self.rng.randrange(1, 6)
        return 8 + int(self.rng.lognormvariate(5.55, 0.95))


def load_by_size(agents: int) -> float:
    """How many calls an agent gets, against a centre of eighty: few agents need more slack for the same waits.

    By the square-root staffing law: agents = load + spare * sqrt(load).
    """
    return (1 - SPARE / sqrt(agents)) / (1 - SPARE / sqrt(FULL_SIZE))


def _choices(city: City, queue: str) -> tuple[list[RequestType], list[float]]:
    types = [kind for kind in city.types if queue in kind.queues]
    return types, [kind.queues[queue] for kind in types]


def handling(contact: Contact, pace: float, rng: Random) -> tuple[int, int, int]:
    """Seconds of talk, hold and after-call work for a contact in the hands of somebody of a given pace."""
    spanish = 1.12 if contact.language == "es" else 1.0
    scale = contact.type.length * spanish * pace * (0.6 if contact.is_chase else 1.0)
    if contact.channel in ("web", "email"):
        return max(20, int(scale * exp(rng.gauss(5.45, 0.55)))), 0, int(rng.expovariate(1 / 15))
    talk = max(8, int(scale * exp(rng.gauss(5.69, 0.58))))
    hold = int(scale * exp(rng.gauss(3.9, 0.7))) if rng.random() < 0.28 else 0
    wrap = int(scale * exp(rng.gauss(4.05, 0.6)))
    return talk, hold, wrap
