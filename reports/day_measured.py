"""What a daily sheet is measured by: figures by their heads, the same weekdays before, and the course of weeks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import metrics
from metrics import Asker, Figure, Grid, Period, Usual, Where
from metrics.language import N_

# columns of the table of queues, in the order of reading; of the whole centre they are the day's access figures
ACCESS = {
    "contacts_offered": N_("Offered"),
    "contacts_answered": N_("Answered"),
    "contacts_abandoned": N_("Abandoned"),
    "short_abandons": N_("Short abandons"),
    "flow_outs": N_("Flow-outs"),
    "abandon_rate": N_("Abandon rate"),
    "service_level": N_("Service level"),
    "average_speed_of_answer": N_("Speed of answer"),
    "average_wait": N_("Wait of all"),
    "wait_p50": N_("Median wait"),
    "wait_p90": N_("90th percentile"),
    "longest_wait": N_("Longest wait"),
}
HANDLING = {
    "legs_handled": N_("Legs"),
    "average_handle_time": N_("Handle time"),
    "average_talk_time": N_("Talk"),
    "average_hold_time": N_("Hold"),
    "average_after_call_work": N_("After-call"),
}
REQUESTS = {
    "requests_created": N_("Created"),
    "requests_closed": N_("Closed"),
    "requests_net_closed": N_("Closed and still closed"),
    "on_time_closure_rate": N_("On time, of those due this day"),
    "requests_late_open": N_("Due this day, late and open"),
}
# cards by what the sheet is of, in the order of reading
CENTRE_CARDS = (
    "service_level",
    "contacts_answered",
    "abandon_rate",
    "average_speed_of_answer",
    "average_handle_time",
    "on_time_closure_rate",
)
TEAM_CARDS = (
    "legs_handled",
    "average_handle_time",
    "average_talk_time",
    "average_hold_time",
    "average_after_call_work",
)
COURSE_DAYS = 28


@dataclass(frozen=True)
class Day:
    """What was measured of the day: the whole centre's access, the work of the team or of all."""

    asker: Asker
    on: date
    team: str | None
    figures: dict[str, Figure]
    usual: dict[str, Usual]
    course: Grid
    span: Period | None

    @property
    def period(self) -> Period:
        """The one day."""
        return Period.day(self.on)

    @property
    def work(self) -> Where:
        """Whose work: the team's or everybody's."""
        return {"team": [self.team]} if self.team else {}

    @property
    def weekdays(self) -> str:
        """What the day is compared with: those of the same weekday before that the data reach."""
        return next(iter(self.usual.values())).name

    @property
    def course_days(self) -> list[date]:
        """The days up to this one that a course shows: four weeks, or since the data begin."""
        days = [self.on - timedelta(days=number) for number in range(COURSE_DAYS - 1, -1, -1)]
        return [day for day in days if self.span is None or self.span.first <= day] or days


def measured(asker: Asker, on: date, team: str | None) -> Day:
    """The day's figures, those of the same weekdays before, and the course of four weeks."""
    work: Where = {"team": [team]} if team else {}
    weeks = Period(on - timedelta(days=COURSE_DAYS - 1), on + timedelta(days=1))
    day, handling = Period.day(on), tuple(HANDLING)
    figures, usual = asker.total(handling, day, work), asker.usual(handling, on, work)
    course = asker.by(handling, ["day"], weeks, work)
    if asker.sees_whole_centre:
        shared = [name for name in CENTRE_CARDS if name not in HANDLING]
        figures |= asker.total((*ACCESS, *REQUESTS), day)
        usual |= asker.usual(shared, on)
        course = course.joined(asker.by(shared, ["day"], weeks))
    return Day(asker, on, team, figures, usual, course, metrics.data_span(asker.centre, "contact"))
