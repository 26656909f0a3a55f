"""What the monthly report measures: each question asked once; sentences, tables and charts take their figures here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import metrics
from metrics import Asker, Centre, Figure, Key, Period, Scope, text
from metrics.answers import EVERYTHING, Answer, Choice, Pool
from metrics.language import _
from metrics.month.notable_days import NotableDay, notable_days
from metrics.reach import Coverage, coverage, subject_of

CARDS = (
    "contacts_received",
    "service_level",
    "abandon_rate",
    "average_speed_of_answer",
    "average_handle_time",
    "on_time_closure_rate",
)
YEAR = 13
# how far back a day is compared with its weekday
USUAL_WEEKS = 13
# below this a share is named in no sentence
FEWEST = 100


@dataclass
class MonthFigures:
    """A month, what stands beside it, and by subject how much of each the data hold."""

    asker: Asker
    month: Period
    now: dict[str, Coverage]
    then: dict[str, Coverage]
    year_ago: dict[str, Coverage]
    used: dict[str, None] = field(default_factory=dict)
    pool: Pool = field(init=False)

    def __post_init__(self) -> None:
        self.pool = Pool(self.asker)

    @classmethod
    def of(cls, centre: Centre, month: date, *, scope: Scope) -> MonthFigures:
        """Open the month that a day lies in."""
        return cls.asked_by(Asker(centre, scope), month)

    @classmethod
    def asked_by(cls, ask: Asker, month: date) -> MonthFigures:
        """The same, asked by whoever keeps the answers."""
        during = Period.month(month.year, month.month)
        subjects = ("contact", "request")
        now, then, ago = ({one: coverage(ask, one, part) for one in subjects} for part in (during, *_beside(during)))
        return cls(ask, during, now, then, ago)

    @property
    def before(self) -> Period:
        """The month before."""
        return self.month.month_before()

    @property
    def last_year(self) -> Period:
        """The same month a year earlier."""
        return Period.month(self.month.first.year - 1, self.month.first.month)

    @cached_property
    def fiscal_year(self) -> Period:
        """The fiscal year up to the month's end, as far as the data reach back."""
        first = self.asker.centre.fiscal_month
        year = self.month.first.year - (self.month.first.month < first)
        start = date(year, first, 1)
        span = metrics.data_span(self.asker.centre, "contact")
        return Period(max(start, span.first) if span and span.first < self.month.until else start, self.month.until)

    @cached_property
    def year(self) -> Period:
        """Thirteen months to this one, those without any data left out."""
        first = date(self.month.first.year - 1, self.month.first.month, 1)
        spans = [metrics.data_span(self.asker.centre, subject) for subject in ("contact", "request")]
        known = [span.first for span in spans if span is not None]
        begin = max(first, min(known).replace(day=1)) if known else self.month.first
        return Period(min(begin, self.month.first), self.month.until)

    @property
    def beside(self) -> Period:
        """All days that the report speaks of."""
        first = min(self.year.first, self.fiscal_year.first, self.before.first, self.usual.first)
        return Period(first, self.month.until)

    def ask(
        self,
        names: Iterable[str],
        by: str = "",
        during: Period | None = None,
        where: Choice = EVERYTHING,
    ) -> Answer:
        """An answer; a figure that was asked for before is not asked for again."""
        wanted = tuple(names)
        self.used.update(dict.fromkeys(wanted))
        whole = self.ask(wanted, "", during, where) if by else None
        return Answer(self.asker, wanted, by, during or self.month, where, whole, self.pool)

    def fetch(self, names: Iterable[str]) -> None:
        """Ask at once for what the report says of the whole month, and of the month before where it stands beside."""
        wanted = tuple(dict.fromkeys(names))
        if self.is_comparable("contact"):
            # first, so that the rows of both months are read together
            self.pool.grid(wanted, "", self.before, EVERYTHING)
        self.pool.grid(wanted, "", self.month, EVERYTHING)

    def is_comparable(self, subject: str, other: str = "before") -> bool:
        """Whether the data hold both months whole."""
        beside = self.then if other == "before" else self.year_ago
        return self.now[subject].is_whole and beside[subject].is_whole

    @property
    def at_the_end(self) -> str:
        """Of which instant a backlog is told: of the month's end, or of the last that the data know."""
        return _("at the end of the month") if not self.now["request"].ends_early else _("when the data end")

    def before_of(self, name: str) -> Figure:
        """The figure of the month before; one without a value where the two cannot be compared."""
        if not self.is_comparable(subject_of(self.asker, name)):
            return Figure(self.asker.metric(name))
        names = CARDS if name in CARDS else (name,)
        return self.ask(names, during=self.before).figure(name)

    def days(self, name: str) -> list[date]:
        """The days of the month that the data reach for a metric."""
        return self.now[subject_of(self.asker, name)].days

    @property
    def weeks(self) -> list[Period]:
        """The weeks of the month that hold contacts, the first and the last cut at the edges of month and data."""
        reached = self.now["contact"].reached or self.month
        found, first = [], reached.first
        while first < reached.until:
            until = min(Period.week(first).until, reached.until)
            found.append(Period(first, until))
            first = until
        return found

    @property
    def week_keys(self) -> list[Key]:
        """The Mondays of those weeks."""
        return [(Period.week(week.first).first,) for week in self.weeks]

    def week_name(self, key: Key) -> str:
        """A week by its first and last day in the month."""
        week = next(one for one in self.weeks if Period.week(one.first).first == key[0])
        return (
            text.narrow_day(week.first)
            if week.days == 1
            else _("{first} to {last}").format(first=week.first.day, last=text.narrow_day(week.last))
        )

    @property
    def day_keys(self) -> list[Key]:
        """The days of the month that hold contacts."""
        return [(day,) for day in self.now["contact"].days]

    @property
    def months(self) -> list[Key]:
        """The months of the year up to this one."""
        found, month = [], Period.month(self.year.first.year, self.year.first.month)
        while month.first < self.month.until:
            found.append((month.first,))
            month = Period.month(month.until.year, month.until.month)
        return list(found)

    @property
    def notable(self) -> list[NotableDay]:
        """Days of the month far from the same weekday in the weeks up to the month's end."""
        by_day = self.ask(("contacts_offered",), "day", self.usual)
        values = {key[0]: by_day.figure("contacts_offered", *key).value or 0.0 for key in by_day.keys}
        return notable_days({day: value for day, value in values.items() if isinstance(day, date)}, self.month)

    @property
    def usual(self) -> Period:
        """The weeks that a day is compared with."""
        return Period(self.month.until - timedelta(weeks=USUAL_WEEKS), self.month.until)

    @property
    def usual_weeks(self) -> int:
        """How many weeks up to the month's end there is anything to compare a day with."""
        span = metrics.data_span(self.asker.centre, "contact")
        if span is None:
            return 0
        return max(0, min(USUAL_WEEKS, -(-(self.month.until - span.first).days // 7)))


def month_label(key: Key) -> str:
    """A month on an axis: "Oct 26"."""
    on = key[0]
    return f"{text.short_month(on.month)} {on:%y}" if isinstance(on, date) else _(text.NOT_RECORDED)


def _beside(month: Period) -> tuple[Period, Period]:
    return month.month_before(), Period.month(month.first.year - 1, month.first.month)
