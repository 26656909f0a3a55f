"""What a page shows, as its address says it: the address alone is enough to send a view to a colleague."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Self
from urllib.parse import parse_qs, urlencode

from dashboards.answers import Answers
from metrics import Period, Where, WrongUse, day_from_text

# what the bar offers, and what a link may add to it
BAR = ("queue", "team", "channel", "language")
LINKED = ("agent", "department", "interval")
# a contact that nobody answered belongs to no team: narrowing waits to one would drop those who gave up
NOT_CREDITED = {"visit": ("team", "agent"), "contact": ("team", "agent")}


@dataclass(frozen=True)
class View:
    """One day, narrowed to chosen values, and the figure or contact that is looked at."""

    day: date
    chosen: tuple[tuple[str, str], ...] = ()
    metric: str = ""
    show: str = ""
    contact: str = ""

    @classmethod
    def from_search(cls, search: str | None, *, otherwise: date) -> Self:
        """The view of an address's query; unknown parts are left aside. Raises WrongUse for a day that is none."""
        asked = {name: values[-1] for name, values in parse_qs((search or "").removeprefix("?")).items()}
        return cls(
            day=day_from_text(asked["day"]) if "day" in asked else otherwise,
            chosen=tuple((name, asked[name]) for name in (*BAR, *LINKED) if name in asked),
            metric=asked.get("metric", ""),
            show=asked.get("show", ""),
            contact=asked.get("contact", ""),
        )

    @property
    def period(self) -> Period:
        """The day as a period."""
        return Period.day(self.day)

    def value(self, dimension: str) -> str | None:
        """The value chosen of a dimension."""
        return dict(self.chosen).get(dimension)

    def narrowed(self, **chosen: str | None) -> Self:
        """The view with other values chosen; null lifts a choice."""
        together = {**dict(self.chosen), **chosen}
        return replace(self, chosen=tuple((name, value) for name, value in together.items() if value is not None))

    def only(self, names: Iterable[str]) -> Self:
        """The view without the values chosen of other dimensions."""
        return replace(self, chosen=tuple(pair for pair in self.chosen if pair[0] in names))

    @property
    def search(self) -> str:
        """The query part of its address."""
        parts = [("day", self.day.isoformat()), ("metric", self.metric), *self.chosen]
        parts += [("show", self.show), ("contact", self.contact)]
        return "?" + urlencode([(name, value) for name, value in parts if value])

    def link(self, path: str, **changes: str | date) -> str:
        """The address of this view on a page, after changes."""
        return path + replace(self, **changes).search  # type: ignore[arg-type]

    def where(self, answers: Answers, name: str) -> Where:
        """The chosen values that a metric can be narrowed by, as `metrics.measure` takes them."""
        possible = {*answers.fact(name).dimensions, "interval"} - {*NOT_CREDITED.get(answers.fact(name).name, ())}
        return {
            dimension: [_stored(value) if dimension == "interval" else value]
            for dimension, value in self.chosen
            if dimension in possible
        }

    def interval_start(self) -> datetime | None:
        """The start of the interval that was chosen (UTC); raises WrongUse where the address names none."""
        name = self.value("interval")
        return None if name is None else interval_start(name)

    def unheeded(self, answers: Answers, name: str) -> list[str]:
        """The dimensions with a chosen value that a metric cannot be narrowed by."""
        heeded = self.where(answers, name)
        return [dimension for dimension, _ in self.chosen if dimension not in heeded]


def interval_name(at: datetime) -> str:
    """How an address names an interval: its start in UTC, since local times may come twice."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def interval_start(name: str) -> datetime:
    """The start of an interval that an address names; raises WrongUse where it names none."""
    try:
        return datetime.strptime(name, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        raise WrongUse(f"{name!r} is not the start of an interval. Follow a link from the day's page.") from None


def _stored(name: str) -> str:
    return f"{interval_start(name):%Y-%m-%d %H:%M:%S}"
