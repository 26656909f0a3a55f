"""Days that stand out: far from what is usual on the same weekday."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median

from metrics import Period

# a day stands out when it is this many times the usual spread away from its weekday's median
SPREADS = 4.0
# the spread of a normal distribution in units of its median absolute deviation
NORMAL = 1.4826
# and never for less than this part of the median, since some weekdays hardly vary
LEAST_SHARE = 0.15
# below this number of the same weekday nothing is usual
FEWEST_DAYS = 5


@dataclass(frozen=True)
class NotableDay:
    """A day, its value, and the median of the same weekday."""

    day: date
    value: float
    usual: float

    @property
    def is_high(self) -> bool:
        """Whether it lies above what is usual."""
        return self.value > self.usual


def notable_days(values: Mapping[date, float], during: Period) -> list[NotableDay]:
    """The days of a period that stand out among all days given, by date."""
    found = []
    for weekday in range(7):
        same = {day: value for day, value in values.items() if day.weekday() == weekday}
        if len(same) < FEWEST_DAYS:
            continue
        usual = median(same.values())
        spread = NORMAL * median(abs(value - usual) for value in same.values())
        limit = max(SPREADS * spread, LEAST_SHARE * usual)
        found += [
            NotableDay(day, value, usual)
            for day, value in same.items()
            if during.first <= day < during.until and abs(value - usual) > limit
        ]
    return sorted(found, key=lambda one: one.day)
