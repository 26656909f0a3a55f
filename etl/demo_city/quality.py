"""Evaluations: a seeded draw of each agent's contacts, some targeted ones, and a calibration set for all evaluators."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from random import Random
from statistics import NormalDist

from etl.demo_city.arrivals import Contact
from etl.demo_city.city import City, QualityItem
from etl.demo_city.people import Person

DAY = 86_400
# the correlation between what two evaluators hear on one call
AGREEMENT = 0.75
NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered item."""

    item: QualityItem
    points: int | None
    failed: bool


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One evaluation with its answers; `score` leaves items that did not apply out of both sums."""

    id: str
    contact: Contact
    evaluator: str
    type: str
    selection: str
    submitted_at: int
    answers: tuple[Answer, ...]

    @property
    def score(self) -> float:
        """Share of the points of applicable items, in per cent."""
        applicable = [answer for answer in self.answers if answer.points is not None]
        total = sum(answer.item.weight for answer in applicable)
        return round(100 * sum(answer.points or 0 for answer in applicable) / total, 2) if total else 0.0


class Evaluators:
    """Evaluates a month's contacts."""

    def __init__(self, city: City, people: list[Person], rng: Random) -> None:
        self.city = city
        self.care = {person.id: person.care for person in people}
        self.severity: dict[str, float] = city.quality["evaluators"]
        self.rng = rng
        self.number = 0
        self.heard: dict[str, list[float | None]] = {}

    def of_month(self, contacts: dict[str, list[Contact]], until: int) -> list[Evaluation]:
        """The evaluations of a month's contacts, by agent; none is submitted after `until`."""
        found: list[Evaluation] = []
        evaluators = sorted(self.severity)
        for agent in sorted(contacts):
            pool = contacts[agent]
            drawn = self.rng.sample(pool, min(self.city.quality["random_per_agent_and_month"], len(pool)))
            for contact in drawn:
                found.append(self._evaluate(contact, self.rng.choice(evaluators), "standard", "random"))
                if self.rng.random() < self.city.quality["targeted_share"]:
                    longest = max(pool, key=lambda one: (one.talk, one.id))
                    found.append(self._evaluate(longest, self.rng.choice(evaluators), "standard", "targeted"))
        agents = sorted(contacts)
        for _ in range(self.city.quality["calibration_per_month"]):
            contact = self.rng.choice(contacts[self.rng.choice(agents)])
            found += [self._evaluate(contact, one, "calibration", "random") for one in evaluators]
        found = [evaluation for evaluation in found if evaluation.submitted_at < until]
        found.sort(key=lambda one: (one.submitted_at, one.id))
        return found

    def _evaluate(self, contact: Contact, evaluator: str, kind: str, selection: str) -> Evaluation:
        self.number += 1
        call = self.heard.setdefault(contact.id, [self._what_happened(item) for item in self.city.items])
        answers = tuple(
            self._answer(item, how_bad, contact, evaluator) for item, how_bad in zip(self.city.items, call, strict=True)
        )
        delay = self.rng.randrange(DAY, 9 * DAY)
        return Evaluation(f"QA{self.number:06d}", contact, evaluator, kind, selection, contact.ends_at + delay, answers)

    def _what_happened(self, item: QualityItem) -> float | None:
        """How badly an item went on a call, in standard deviations; null where it did not apply."""
        return None if self.rng.random() < item.not_applicable else self.rng.gauss(0, 1)

    def _answer(self, item: QualityItem, how_bad: float | None, contact: Contact, evaluator: str) -> Answer:
        """What one evaluator makes of it: mostly the call, a little the ear, so that evaluators of a call agree.

        Over calls and ears together the pass rate is exactly the item's, the agent's care and the evaluator's severity.
        """
        if how_bad is None:
            return Answer(item, None, False)
        heard = sqrt(AGREEMENT) * how_bad + sqrt(1 - AGREEMENT) * self.rng.gauss(0, 1)
        rate = item.passes + self.care[contact.agent] + self.severity[evaluator]
        passes = heard < NORMAL.inv_cdf(min(max(rate, 0.001), 0.999))
        return Answer(item, item.weight if passes else 0, not passes and item.critical != "none")
