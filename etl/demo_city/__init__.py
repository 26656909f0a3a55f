"""The demo city: a seeded simulation of one 311 centre that writes export files like anybody's systems do."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from etl.demo_city.arrivals import Arrivals, Contact
from etl.demo_city.city import City, read_city
from etl.demo_city.exports import Exporter, local
from etl.demo_city.floor import Floor, Planned, day_end
from etl.demo_city.people import hire
from etl.demo_city.quality import Evaluators
from etl.demo_city.requests import Departments

UNTIL = date(2026, 11, 14)
HOUR = 3600
DAY = 86_400
EXPORT_DELAY = 4 * HOUR


@dataclass(frozen=True)
class Summary:
    """What was simulated."""

    days: int
    agents: int
    contacts: int
    cases: int
    evaluations: int
    files: int


class Simulation:
    """One run: the parts of the city, and what they have produced so far."""

    def __init__(self, city: City, folder: Path, *, days: int, agents: int, seed: int, until: date) -> None:
        self.city = city
        self.folder = folder
        self.first, self.until, self.days = until - timedelta(days=days), until, days
        # a stream of chance per subject, so that a change in one leaves the others as they were
        self.chance = {
            name: Random(f"{seed}/{name}") for name in ("people", "arrivals", "floor", "cases", "quality", "again")
        }
        self.people = hire(city, agents=agents, first=self.first, until=until, rng=self.chance["people"])
        self.arrivals = Arrivals(city, agents, self.chance["arrivals"])
        self.floor = Floor(city, self.people, self.arrivals, self.chance["floor"])
        self.floor.after = self._after
        self.departments = Departments(city, self.chance["cases"])
        self.departments.warm_up(self.first, per_day=agents * 9.0)
        self.evaluators = Evaluators(city, self.people, self.chance["quality"])
        self.exporter = Exporter(city, folder / "inbox")
        self.end = day_end(until - timedelta(days=1), city)
        self.monthly: dict[str, dict[str, list[Contact]]] = defaultdict(lambda: defaultdict(list))
        self.plans: dict[str, list[Planned]] = defaultdict(list)
        self.exported_cases = 0
        self.contacts = self.evaluations = 0

    def run(self, progress: Callable[[int, int], None] | None) -> Summary:
        """Simulate and export day by day."""
        previous = 0
        for number in range(self.days):
            day = self.first + timedelta(days=number)
            ends = day_end(day, self.city)
            contacts, spells, plan = self.floor.run_day(day, ends)
            exported_at = ends + EXPORT_DELAY
            self._export_day(day, contacts, exported_at)
            self.exporter.states(f"agent_states_{day}.csv", spells, exported_at)
            self._export_cases(day, previous, ends, exported_at)
            self.plans[f"{day:%Y-%m}"] += plan
            self.contacts += len(contacts)
            previous = ends
            if progress:
                progress(number + 1, self.days)
        self._export_people()
        self._write_truth()
        return Summary(
            self.days,
            len(self.people),
            self.contacts,
            len(self.departments.cases),
            self.evaluations,
            self.exporter.files,
        )

    def _after(self, contact: Contact) -> None:
        """What follows from a contact: a case, another try, a call to ask what became of the case."""
        chance = self.chance["again"]
        queue = self.city.queue(contact.queue)
        if contact.outcome == "abandoned":
            if queue.is_voice and chance.random() < 0.4:
                self._call_again(contact, contact.at + contact.wait + chance.randrange(60, 2400))
            return
        self.monthly[f"{local(contact.at, self.city.zone):%Y-%m}"][contact.agent].append(contact)
        case = self.departments.from_contact(contact, until=self.floor.ends_at)
        if case is None or not queue.is_voice:
            return
        closes_at = case.states[1].at if len(case.states) > 1 else self.end
        if closes_at > case.due_at and chance.random() < 0.45:
            self._call_again(contact, case.due_at + chance.randrange(2 * HOUR, 30 * HOUR))
        elif chance.random() < 0.06:
            self._call_again(contact, contact.ends_at + chance.randrange(4 * HOUR, 60 * HOUR))

    def _call_again(self, contact: Contact, at: int) -> None:
        if not 7 <= local(at, self.city.zone).hour < 20:
            at += 10 * HOUR
        # that somebody hung up is noticed when an agent gets to the line, which may be later than the next try
        at = max(at, self.floor.now + 1)
        again = self.arrivals.new(
            self.city.queue(contact.queue), at, caller=contact.caller, type=contact.type, case=contact.case
        )
        self.floor.at(at, lambda now: self.floor.take(again, now))

    def _export_day(self, day: date, contacts: list[Contact], exported_at: int) -> None:
        voice = [contact for contact in contacts if contact.channel == "voice"]
        others = [contact for contact in contacts if contact.channel != "voice"]
        for name, part in (("phone", voice), ("counter_and_mail", others)):
            part.sort(key=lambda contact: (contact.at, contact.id))
            self.exporter.calls(f"{name}_{day}.csv", part, exported_at)

    def _export_cases(self, day: date, previous: int, until: int, exported_at: int) -> None:
        """Every case that changed on the day, in its state at the day's end."""
        changed = [
            case for case in self.departments.cases if any(previous <= state.at < until for state in case.states)
        ]
        self.exporter.cases(f"crm_{day}.csv", changed, until - 1, exported_at)

    def _export_people(self) -> None:
        exported_at = self.end + EXPORT_DELAY
        first = str(self.first - timedelta(days=1))
        self.exporter.roster(self.people, first, exported_at)
        self.exporter.form(exported_at)
        for month, plan in self.plans.items():
            self.exporter.schedule(f"schedule_{month}.csv", plan, exported_at)
        for month, contacts in self.monthly.items():
            evaluations = self.evaluators.of_month(contacts, self.end)
            self.evaluations += len(evaluations)
            self.exporter.evaluations(month, evaluations, exported_at)

    def _write_truth(self) -> None:
        """What no export shows: who truly differs. For tests of fair comparison."""
        differing = {
            person.id: {"pace": person.pace, "care": person.care}
            for person in self.people
            if person.pace != 1.0 or person.care != 0.0
        }
        (self.folder / "truth.json").write_text(json.dumps(differing, indent=2) + "\n", encoding="utf-8")


def build(
    folder: Path,
    *,
    days: int = 91,
    agents: int = 80,
    seed: int = 311,
    until: date = UNTIL,
    progress: Callable[[int, int], None] | None = None,
) -> Summary:
    """Simulate a city and write its centre folder: `centre.toml`, the exports in `inbox/`, and `truth.json`."""
    city = read_city()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "centre.toml").write_text(centre_settings(city), encoding="utf-8")
    return Simulation(city, folder, days=days, agents=agents, seed=seed, until=until).run(progress)


GOALS = {"service_level": 0.8, "abandon_rate": 0.05, "average_speed_of_answer": 45, "on_time_closure_rate": 0.85}
HEAD = """\
[centre]
name = "{name}"
timezone = "{zone}"
operating_day_starts = "00:00"
interval_minutes = 30
short_abandon_seconds = 5

# the case system writes the city's own time
[source.boston_311]
timezone = "{zone}"
"""
QUEUE = """
[[queue]]
id = "{id}"
name = "{name}"
channel = "{channel}"
language = "{language}"

[[target]]
metric = "service_level"
queue = "{id}"
goal = 0.80
within_seconds = {within_seconds}
from = 2026-01-01
"""
GOAL = """
[[target]]
metric = "{metric}"
goal = {goal}
from = 2026-01-01
"""


def centre_settings(city: City) -> str:
    """The city's `centre.toml`."""
    queues = [QUEUE.format(**asdict(queue)) for queue in city.queues]
    goals = [GOAL.format(metric=metric, goal=goal) for metric, goal in GOALS.items()]
    return "".join([HEAD.format(name=city.name, zone=city.zone), *queues, *goals])
