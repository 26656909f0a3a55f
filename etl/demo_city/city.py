"""The demo city's own data, read from `city.toml` into typed records."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class CityQueue:
    """A queue and its share of the calls (or of the deferred contacts)."""

    id: str
    name: str
    channel: str
    language: str
    share: float
    within_seconds: int

    @property
    def is_voice(self) -> bool:
        """Whether callers wait on the line."""
        return self.channel == "voice"


@dataclass(frozen=True)
class CityTeam:
    """A team: when its shift starts, how large it is against the others, what it takes."""

    id: str
    starts: str
    weight: float
    queues: tuple[str, ...]
    bilingual: int
    supervisor: str
    shift: str


@dataclass(frozen=True)
class RequestType:
    """What residents ask for, and what a department does with it; `hasty` is the share closed without a fix."""

    name: str
    kind: Literal["information", "request"]
    queues: dict[str, float]
    length: float
    department: str = ""
    transfers: float = 0.0
    emergency: float = 0.006
    due_days: int = 0
    median_days: float = 1.0
    spread: float = 0.8
    hasty: float = 0.0


@dataclass(frozen=True)
class QualityItem:
    """An item of the evaluation form and how often agents usually pass it."""

    id: str
    section: str
    text: str
    weight: int
    passes: float
    critical: str = "none"
    not_applicable: float = 0.0


@dataclass(frozen=True)
class Storm:
    """A week of bad weather: day by day against usual, and the hours in which all call at once."""

    first: date
    last: date
    factors: tuple[float, ...]
    queues: tuple[str, ...]
    others: float
    burst_hours: tuple[int, ...]
    burst: float

    def factor(self, queue: str, day: date, hour: int) -> float:
        """How many times the usual calls come to a queue in an hour."""
        if not self.first <= day <= self.last:
            return 1.0
        if queue not in self.queues:
            return self.others
        burst = self.burst if day == self.first and hour in self.burst_hours else 1.0
        return self.factors[(day - self.first).days] * burst


@dataclass(frozen=True)
class City:
    """Everything about the place that does not come out of chance."""

    name: str
    zone: ZoneInfo
    calls_per_agent: float
    deferred_per_agent: float
    warm_up_days: int
    hours: tuple[float, ...]
    weekend_hours: tuple[float, ...]
    weekdays: tuple[float, ...]
    storm: Storm
    queues: tuple[CityQueue, ...]
    teams: tuple[CityTeam, ...]
    types: tuple[RequestType, ...]
    items: tuple[QualityItem, ...]
    quality: dict[str, Any] = field(hash=False)

    def queue(self, name: str) -> CityQueue:
        """A queue by its id."""
        return next(queue for queue in self.queues if queue.id == name)


@cache
def read_city() -> City:
    """Read `city.toml`."""
    content = tomllib.loads(Path(__file__).with_name("city.toml").read_text(encoding="utf-8"))
    storm, quality = content["storm"], content["quality"]
    return City(
        name=content["name"],
        zone=ZoneInfo(content["timezone"]),
        calls_per_agent=content["voice_calls_per_agent_and_weekday"],
        deferred_per_agent=content["deferred_per_agent_and_weekday"],
        warm_up_days=content["warm_up_days"],
        hours=tuple(content["hours"]),
        weekend_hours=tuple(content["weekend_hours"]),
        weekdays=tuple(content["weekdays"]),
        storm=Storm(**_frozen(storm)),
        queues=tuple(CityQueue(**entry) for entry in content["queue"]),
        teams=tuple(CityTeam(**_frozen(entry)) for entry in content["team"]),
        types=tuple(RequestType(**entry) for entry in content["type"]),
        items=tuple(QualityItem(**entry) for entry in quality["item"]),
        quality={name: value for name, value in quality.items() if name != "item"},
    )


def _frozen(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry with its lists as tuples, as frozen records want them."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}
