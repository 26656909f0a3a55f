"""Opening hours as the centre writes them, laid out day by day: weekly hours, public holidays, days of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from itertools import pairwise

import holidays
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
YEARS = range(2005, 2041)
SPAN = re.compile(r"\s*(\d\d):(\d\d)\s*-\s*(\d\d):(\d\d)\s*")
Span = tuple[time, time]
# calendar, day, number of the span, zone, opens, closes, name of the holiday
Row = tuple[str, date, int, str, time | None, time | None, str | None]


class CalendarSetting(BaseModel):
    """When departments or queues are open; "*" stands for all that no other calendar names."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    open: dict[str, str]
    timezone: str | None = None
    holidays: str | None = None
    subdivision: str | None = None
    closed: tuple[date, ...] = ()
    open_on: dict[date, str] = Field(default_factory=dict)
    departments: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()

    @field_validator("open")
    @classmethod
    def _is_readable(cls, hours: dict[str, str]) -> dict[str, str]:
        for days, spans in hours.items():
            weekdays_of(days)
            spans_of(spans)
        return hours

    @field_validator("open_on")
    @classmethod
    def _has_spans(cls, hours: dict[date, str]) -> dict[date, str]:
        for spans in hours.values():
            spans_of(spans)
        return hours

    @model_validator(mode="after")
    def _knows_its_holidays(self) -> CalendarSetting:
        if self.holidays is not None:
            try:
                holidays.country_holidays(self.holidays, subdiv=self.subdivision, years=2026)
            except NotImplementedError:
                place = self.holidays if self.subdivision is None else f"{self.holidays}, {self.subdivision}"
                message = f"no public holidays are known for {place!r}; write a country as US and a subdivision as CO"
                raise ValueError(message) from None
        return self

    def rows(self, timezone: str) -> Iterator[Row]:
        """Every span of every day, and a row without hours for each day that is closed for a reason."""
        zone = self.timezone or timezone
        weekly = {day: spans_of(spans) for days, spans in self.open.items() for day in weekdays_of(days)}
        public = _public_holidays(self.holidays, self.subdivision)
        for number in range((date(YEARS.stop, 1, 1) - date(YEARS.start, 1, 1)).days):
            day = date(YEARS.start, 1, 1) + timedelta(days=number)
            name = "closed by the centre" if day in self.closed else public.get(day)
            if day in self.open_on:
                spans = spans_of(self.open_on[day])
            elif name is not None:
                yield self.id, day, 0, zone, None, None, name
                continue
            else:
                spans = weekly.get(day.weekday(), [])
            yield from ((self.id, day, place, zone, opens, closes, None) for place, (opens, closes) in enumerate(spans))


def _public_holidays(country: str | None, subdivision: str | None) -> dict[date, str]:
    if country is None:
        return {}
    return dict(holidays.country_holidays(country, subdiv=subdivision, years=YEARS))


def weekdays_of(text: str) -> list[int]:
    """The week days of a name or a range, Monday as 0.

    >>> weekdays_of("mon-fri"), weekdays_of("sat")
    ([0, 1, 2, 3, 4], [5])
    """
    first, _, last = text.strip().lower().partition("-")
    if first not in WEEKDAYS or (last and last not in WEEKDAYS):
        raise ValueError(f"{text!r} is not a day of the week; write mon, or a range as mon-fri")
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
    return [(start + number) % 7 for number in range((end - start) % 7 + 1)]


def spans_of(text: str) -> list[Span]:
    """The hours of a day; a span that ends at 24:00 or at an earlier clock time goes on to the next day.

    >>> spans_of("08:00-12:00, 13:00-17:00")[1]
    (datetime.time(13, 0), datetime.time(17, 0))
    """
    spans: list[Span] = []
    for part in text.split(","):
        found = SPAN.fullmatch(part)
        numbers = [int(number) for number in found.groups()] if found else []
        if not numbers or numbers[0] > 23 or numbers[2] > 24 or max(numbers[1], numbers[3]) > 59:
            raise ValueError(f"{part.strip()!r} is not a span of hours; write it as 08:00-17:00")
        if numbers[2] == 24 and numbers[3]:
            raise ValueError(f"{part.strip()!r} ends after 24:00; write 00:30 for half past midnight")
        spans.append((time(numbers[0], numbers[1]), time(numbers[2] % 24, numbers[3])))
    for (_, closes), (opens, _) in pairwise(spans):
        if opens < closes or closes == time(0):
            raise ValueError(f"{text!r} has spans that overlap; write them one after another")
    return spans
