"""What a page shows, as its address says it: the address alone is enough to send a view to a colleague."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Self
from urllib.parse import parse_qs, urlencode

from dashboards.answers import Answers
from metrics import Figure, Period, Usual, Where, WrongUse, day_from_text
from metrics.language import N_, _

# what the bar offers, and what a link may add to it
BAR = ("queue", "team", "channel", "language", "department")
LINKED = ("agent", "request_type", "interval")
# what a figure is compared with: what each is called
AGAINST = {
    "": N_("What is usual"),
    "before": N_("The period before"),
    "year": N_("The same period last year"),
}
# weekdays stay beside their weekdays, as people read service by them
YEAR = timedelta(days=364)
# a contact that nobody answered belongs to no team: narrowing waits to one would drop those who gave up
NOT_CREDITED = {"visit": ("team", "agent"), "contact": ("team", "agent")}


def _weeks(number: int) -> Callable[[date], Period]:
    return lambda day: Period(day - timedelta(days=7 * number - 1), day + timedelta(days=1))


# the spans of time that a page can show: what each is called, and its period for a day
SPANS: dict[str, tuple[str, Callable[[date], Period]]] = {
    "day": (N_("Day"), Period.day),
    "week": (N_("Week"), Period.week),
    "4weeks": (N_("4 weeks to the day"), _weeks(4)),
    "month": (N_("Month"), lambda day: Period.month(day.year, day.month)),
    "13weeks": (N_("13 weeks to the day"), _weeks(13)),
    "year": (N_("52 weeks to the day"), _weeks(52)),
    # the only one that has a first day of its own; without it, it is the day
    "dates": (N_("From a first day"), Period.day),
}


@dataclass(frozen=True)
class View:
    """A day and the span of time around it, narrowed to chosen values, and the figure or contact that is looked at."""

    day: date
    chosen: tuple[tuple[str, str], ...] = ()
    span: str = "day"
    metric: str = ""
    show: str = ""
    contact: str = ""
    since: date | None = None
    against: str = ""
    key: str = ""

    @classmethod
    def from_search(cls, search: str | None, *, otherwise: date, span: str = "day") -> Self:
        """The view of an address's query; unknown parts are left aside.

        Raises WrongUse for a day that is none, an unknown span and an unknown comparison.
        """
        asked = {name: values[-1] for name, values in parse_qs((search or "").removeprefix("?")).items()}
        if asked.get("span", span) not in SPANS:
            raise WrongUse(
                _("{span!r} is not a span of time. Expected one of {spans}.").format(
                    span=asked["span"], spans=", ".join(SPANS)
                )
            )
        if asked.get("against", "") not in AGAINST:
            raise WrongUse(
                _("{against!r} is no comparison. Expected one of {known}.").format(
                    against=asked["against"], known=", ".join(filter(None, AGAINST))
                )
            )
        return cls(
            day=day_from_text(asked["day"]) if "day" in asked else otherwise,
            since=day_from_text(asked["since"]) if "since" in asked else None,
            against=asked.get("against", ""),
            key=asked.get("key", ""),
            chosen=tuple((name, asked[name]) for name in (*BAR, *LINKED) if name in asked),
            span=asked.get("span", span),
            metric=asked.get("metric", ""),
            show=asked.get("show", ""),
            contact=asked.get("contact", ""),
        )

    @property
    def period(self) -> Period:
        """The days that it shows."""
        if self.span == "dates" and self.since is not None and self.since <= self.day:
            return Period(self.since, self.day + timedelta(days=1))
        return SPANS[self.span][1](self.day)

    def stepped(self, direction: int) -> date:
        """The day by which the span before (-1) or after (+1) is named."""
        period = self.period
        if self.span in ("week", "month"):
            return period.first - timedelta(days=1) if direction < 0 else period.until
        return self.day + timedelta(days=direction * period.days)

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
        since = self.since.isoformat() if self.since is not None and self.span == "dates" else ""
        parts = [("day", self.day.isoformat()), ("span", self.span), ("since", since), ("against", self.against)]
        parts += [("metric", self.metric), *self.chosen]
        parts += [("key", self.key), ("show", self.show), ("contact", self.contact)]
        return "?" + urlencode([(name, value) for name, value in parts if value])

    def link(self, path: str, **changes: str | date | None) -> str:
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

    def compared(self, answers: Answers, names: tuple[str, ...], where: Where) -> dict[str, Usual]:
        """What figures are compared with: a day with its weekday before, a longer span with the span before.

        Part of a period is compared with nothing: whole ones would make it look small.
        """
        if answers.cut_off(names[0], self.period) is not None:
            return {name: Usual(Figure(answers.metric(name)), _("whole periods")) for name in names}
        if self.against == "year":
            return answers.beside(names, self.period, shifted(self.period, YEAR), where)
        if self.period.days == 1 and not self.against:
            return answers.usual(names, self.period.first, where)
        return answers.before(names, self.period, where)

    def interval_start(self) -> datetime | None:
        """The start of the interval that was chosen (UTC); raises WrongUse where the address names none."""
        name = self.value("interval")
        return None if name is None else interval_start(name)

    def unheeded(self, answers: Answers, name: str) -> list[str]:
        """The dimensions with a chosen value that a metric cannot be narrowed by."""
        heeded = self.where(answers, name)
        return [dimension for dimension, _ in self.chosen if dimension not in heeded]


def shifted(during: Period, back: timedelta) -> Period:
    """A period as long before; a whole month is the month of the year before."""
    if during == Period.month(during.first.year, during.first.month) and back == YEAR:
        return Period.month(during.first.year - 1, during.first.month)
    return Period(during.first - back, during.until - back)


def interval_name(at: datetime) -> str:
    """How an address names an interval: its start in UTC, since local times may come twice."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


def interval_start(name: str) -> datetime:
    """The start of an interval that an address names; raises WrongUse where it names none."""
    try:
        return datetime.strptime(name, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
    except ValueError:
        raise WrongUse(
            _("{name!r} is not the start of an interval. Follow a link from the day's page.").format(name=name)
        ) from None


def _stored(name: str) -> str:
    return f"{interval_start(name):%Y-%m-%d %H:%M:%S}"
