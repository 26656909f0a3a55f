"""What the monthly report measures, once: sentences, tables and charts all take their figures from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import metrics
from metrics import Asker, Centre, Figure, Grid, Period, Scope
from reports.coverage import Coverage, coverage, subject_of
from reports.notable_days import NotableDay, notable_days

VOLUME = ("contacts_received", "contacts_offered", "contacts_answered", "contacts_abandoned")
ACCESS = {
    "contacts_offered": "Offered",
    "contacts_answered": "Answered",
    "abandon_rate": "Abandon rate",
    "service_level": "Service level",
    "average_speed_of_answer": "Speed of answer",
    "average_wait": "Wait of all",
    "wait_p50": "Median wait",
    "wait_p90": "90th percentile",
}
HANDLING = {
    "legs_handled": "Legs",
    "average_handle_time": "Handle time",
    "handle_time_p50": "Median",
    "handle_time_p90": "90th percentile",
    "average_talk_time": "Talk",
    "average_hold_time": "Hold",
    "average_after_call_work": "After-call",
}
RESPONSE = {
    "deferred_contacts": "Received",
    "first_response_p50": "First answer, median",
    "first_response_p90": "90th percentile",
}
REQUESTS = {
    "requests_created": "Created",
    "requests_closed": "Closed",
    "requests_net_closed": "Closed and still closed",
    "requests_reopened": "Re-opened",
    "on_time_closure_rate": "On time, of those due",
    "requests_late_open": "Due, late and open",
}
CLOSING = {
    "time_to_close_p50": "Median",
    "time_to_close_p80": "80th percentile",
    "time_to_close_p90": "90th percentile",
}
ALL = tuple(dict.fromkeys((*VOLUME, *ACCESS, *HANDLING, *RESPONSE, *REQUESTS, *CLOSING)))
CARDS = (
    "contacts_received",
    "service_level",
    "abandon_rate",
    "average_speed_of_answer",
    "average_handle_time",
    "on_time_closure_rate",
)
# how far back a day is compared with its weekday
USUAL_WEEKS = 13
FEWEST = 100


@dataclass(frozen=True)
class MonthFigures:
    """Every figure of the month and those of the month before, and by subject how much of both the data hold."""

    asker: Asker
    month: Period
    before: Period
    now: dict[str, Coverage]
    then: dict[str, Coverage]
    figures: dict[str, Figure]
    earlier: dict[str, Figure]
    by_day: Grid
    by_channel: Grid
    earlier_by_channel: Grid
    by_language: Grid
    by_type: Grid
    by_week: Grid
    by_queue: Grid
    by_day_type: Grid
    by_hour: Grid
    handling: Grid
    handling_by_week: Grid
    response: Grid
    departments: Grid
    request_types: Grid
    notable: list[NotableDay]

    usual_weeks: int

    @classmethod
    def of(cls, centre: Centre, month: date, *, scope: Scope) -> MonthFigures:
        """Measure the month that a day lies in."""
        ask = Asker(centre, scope)
        during = Period.month(month.year, month.month)
        before = during.month_before()
        now, then = ({one: coverage(ask, one, part) for one in ("contact", "request")} for part in (during, before))
        access, requests = tuple(ACCESS), (*REQUESTS, *CLOSING)
        return cls(
            asker=ask,
            month=during,
            before=before,
            now=now,
            then=then,
            figures=ask.total(ALL, during),
            earlier=ask.total(CARDS, before),
            by_day=ask.by((*CARDS, "contacts_offered", "contacts_answered"), ["day"], during),
            by_channel=ask.by(("contacts_received",), ["channel"], during),
            earlier_by_channel=ask.by(("contacts_received",), ["channel"], before),
            by_language=ask.by((*VOLUME, "service_level", "average_handle_time"), ["language"], during),
            by_type=ask.by(("contacts_received",), ["request_type"], during),
            by_week=ask.by(access, ["week"], during),
            by_queue=ask.by(access, ["queue"], during),
            by_day_type=ask.by(access, ["day_type"], during),
            by_hour=ask.by(("contacts_offered", "service_level"), ["hour"], during, {"day_type": ["weekday"]}),
            handling=ask.by(tuple(HANDLING), ["queue"], during),
            handling_by_week=ask.by(tuple(HANDLING), ["week"], during),
            response=ask.by(tuple(RESPONSE), ["channel"], during),
            departments=ask.by(requests, ["department"], during),
            request_types=ask.by((*REQUESTS, "time_to_close_p50"), ["request_type"], during),
            notable=_notable(ask, during),
            usual_weeks=_usual_weeks(ask, during),
        )

    def is_comparable(self, subject: str) -> bool:
        """Whether the data hold both months whole."""
        return self.now[subject].is_whole and self.then[subject].is_whole

    def before_of(self, name: str) -> Figure:
        """The figure of the month before; one without a value where the two cannot be compared."""
        figure = self.earlier[name]
        return figure if self.is_comparable(subject_of(self.asker, name)) else Figure(figure.metric)

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


def _notable(ask: Asker, during: Period) -> list[NotableDay]:
    """Days of the month far from the same weekday in the weeks up to the month's end."""
    weeks = Period(during.until - timedelta(weeks=USUAL_WEEKS), during.until)
    grid = ask.by(("contacts_offered",), ["day"], weeks)
    values = {key[0]: grid.figure("contacts_offered", *key).value or 0.0 for key in grid.keys}
    return notable_days({day: value for day, value in values.items() if isinstance(day, date)}, during)


def _usual_weeks(ask: Asker, during: Period) -> int:
    """How many weeks up to the month's end there is anything to compare a day with."""
    span = metrics.data_span(ask.centre, "contact")
    if span is None:
        return 0
    return max(0, min(USUAL_WEEKS, -(-(during.until - span.first).days // 7)))
