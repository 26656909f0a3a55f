"""What packets are made of, measured of several agents at once: each packet takes its part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import metrics
from metrics import Asker, Centre, Figure, Grid, Period, Scope, Target, WrongUse, nearest
from metrics.compare import Weeks, all_adjusted_weeks
from metrics.gaps import in_gaps
from metrics.language import N_
from metrics.reach import Coverage, coverage
from reports.imprint import Imprint, imprint
from reports.packet_judgement import Judgement
from reports.packet_quality import Reviewed
from reports.people import NO_NOTES, Notes, Person, people_of

MEASURES = (
    "legs_handled",
    "average_handle_time",
    "handle_time_p50",
    "handle_time_p90",
    "average_talk_time",
    "average_hold_time",
    "average_hold_time_held",
    "average_after_call_work",
    "hold_rate",
    "transfer_rate",
)
# what the course by month shows
MONTHLY = {
    "legs_handled": N_("Legs"),
    "average_handle_time": N_("Handle time"),
    "average_talk_time": N_("Talk"),
    "average_hold_time": N_("Hold"),
    "average_after_call_work": N_("After-call"),
    "hold_rate": N_("Put on hold"),
    "transfer_rate": N_("Transferred"),
}
PRESENCE = ("staffed_time", "occupancy", "not_ready_share", "legs_per_productive_hour")
# what is planned is compared with what was done minute by minute
PLANNED = ("adherence", "conformance", "shrinkage_external")
PARTS = {
    "average_handle_time": N_("Handle time"),
    "average_talk_time": N_("Talk"),
    "average_after_call_work": N_("After-call work"),
    "average_hold_time": N_("Hold"),
}
KINDS = {"queue": N_("Queue"), "channel": N_("Channel"), "language": N_("Language"), "request_type": N_("Request type")}
BY_KIND = {
    "queue": N_("By queue"),
    "channel": N_("By channel"),
    "language": N_("By language"),
    "request_type": N_("By request type"),
}
KIND_MEASURES = {"legs_handled": N_("Legs"), "average_handle_time": N_("Handle time"), "handle_time_p50": N_("Median")}
MOST_KINDS = 10
# weeks of a control chart
COURSE_WEEKS = 13
# fewer legs than this make no average
FEWEST = 30
COURSE_MONTHS = 12
# by which measures somebody's weeks are held against that person's own usual range
USUAL = ("average_handle_time", "hold_rate")
# what the strip of the year shows
YEAR = ("legs_handled", "average_handle_time", "hold_rate", "transfer_rate")


@dataclass(frozen=True)
class Work:
    """What was measured of several agents at once; each packet takes its part."""

    asker: Asker
    during: Period
    people: dict[str, Person]
    totals: Grid
    teams: dict[tuple[str, ...], Grid]
    targets: dict[str, Target | None]
    days: Grid
    weeks: Grid
    months: Grid
    month_starts: tuple[date, ...]
    presence: Grid
    planned: Grid
    kinds: dict[str, Grid]
    days_of_centre: frozenset[date]
    restated_days: frozenset[date]
    coverage: Coverage
    course: Period
    evaluations: dict[str, int]
    judgement: Judgement
    reviewed: Reviewed
    usual: tuple[dict[str, Weeks], ...]
    notes: Notes
    imprint: Imprint

    def of_month(self, grid: Grid, name: str, first: date) -> Figure:
        """A person's figure of a month; one of which nothing was ever loaded has none."""
        found = grid.figure(name, first)
        months = Period(self.month_starts[0], self.during.until)
        unknown = in_gaps(self.asker.centre, "contact", "month", months)
        return Figure(found.metric, reason=found.reason) if (first,) in unknown else found

    @classmethod
    def of(
        cls, centre: Centre, agents: Sequence[str], during: Period, *, scope: Scope, notes: Notes = NO_NOTES
    ) -> Work:
        """Measure the work of these agents, their teams and the centre's days, all as one snapshot has them."""
        asker = Asker(centre.still(), scope)
        months, course = _months(asker, during), _course(asker, during)
        whole = Period(min(months[0], course.first, during.first), during.until)
        with metrics.holding(asker.centre, during, measures=whole, by=("agent", "team", *KINDS)) as held:
            work = cls._measured(Asker(held, scope), agents, during, course, months, notes)
        # what is held is let go of, and a packet asks for nothing more
        return replace(work, asker=asker)

    @classmethod
    def _measured(
        cls, asker: Asker, agents: Sequence[str], during: Period, course: Period, months: tuple[date, ...], notes: Notes
    ) -> Work:
        centre, scope = asker.centre, asker.scope
        where = {"agent": list(agents)}
        people = people_of(centre, agents, during, scope)

        def by(names: Sequence[str], *dimensions: str, of: Period = during) -> Callable[[], Grid]:
            return lambda: asker.by(names, dimensions, of, where)

        # side by side, those first that take longest
        asked: dict[str, Callable[[], Any]] = {
            "planned": by(PLANNED, "agent"),
            "judgement": lambda: Judgement.of(centre, during, scope=scope),
            "usual": lambda: tuple(all_adjusted_weeks(centre, USUAL, during=course, scope=scope).values()),
            "reviewed": lambda: Reviewed.of(centre, during, scope=scope),
            "totals": by(MEASURES, "agent"),
            "teams": lambda: _teams(asker, people, during),
            "days": by(("legs_handled",), "agent", "day"),
            "weeks": by(tuple(PARTS), "agent", "week", of=course),
            "months": by(tuple(MONTHLY), "agent", "month", of=Period(months[0], during.until)),
            "presence": by(PRESENCE, "agent"),
            "kinds": lambda: {kind: by(tuple(KIND_MEASURES), "agent", kind)() for kind in KINDS},
            "days_of_centre": lambda: _days_with_data(asker, during),
            "restated_days": lambda: _restated_days(centre, during),
            "coverage": lambda: coverage(asker, "contact", during),
            "evaluations": lambda: metrics.evaluation_counts(centre, during=during, scope=scope),
            "imprint": lambda: imprint(centre, (*MEASURES, *PRESENCE, *PLANNED, "quality_score")),
        }
        found = dict(zip(asked, centre.at_once(list(asked.values())), strict=True))
        targets = {name: asker.target(name, during.last) for name in MEASURES}
        return cls(
            asker=asker, during=during, people=people, targets=targets, month_starts=months, course=course, notes=notes,
            **found,
        )  # fmt: skip


def _teams(asker: Asker, people: Mapping[str, Person], during: Period) -> dict[tuple[str, ...], Grid]:
    """The measures of each team, and of each set of teams together in which somebody was one after the other."""
    sets = {tuple(person.teams) for person in people.values() if person.teams}
    single = asker.by(MEASURES, ["team"], during, {"team": sorted({team for teams in sets for team in teams})})
    return {
        teams: single.of(teams[0]) if len(teams) == 1 else asker.by(MEASURES, (), during, {"team": teams})
        for teams in sorted(sets)
    }


def _months(asker: Asker, during: Period) -> tuple[date, ...]:
    """The first days of the last twelve months that the data reach, or of the period's own where it has more."""
    span = metrics.data_span(asker.centre, "contact")
    found = [during.last.replace(day=1)]
    while len(found) < COURSE_MONTHS or found[0] > during.first:
        earlier = (found[0] - timedelta(days=1)).replace(day=1)
        if span is None or (found[0] <= span.first and found[0] <= during.first):
            break
        found.insert(0, earlier)
    return tuple(found)


def person_of(work: Work, agent: str) -> Person:
    """The person; one without a roster entry is called by the id that the phone system gave."""
    person = work.people.get(agent)
    if person is not None:
        return person
    if work.totals.of(agent).figure("legs_handled").n == 0:
        raise unknown_agent(agent, work.during)
    return Person(agent, agent, "", None, ())


def unknown_agent(agent: str, during: Period, known: Sequence[str] = ()) -> WrongUse:
    """What is told of an agent of whom a period knows nothing, with the nearest of those it knows."""
    return WrongUse(
        f"Agent {agent!r} is neither on the roster nor in the contacts from {during.first} to {during.last}, or is not "
        f"yours to see.{nearest(agent, known)} Who is: fairline query legs_handled --by agent --from {during.first} "
        f"--to {during.until}"
    )


def _course(asker: Asker, during: Period) -> Period:
    """Whole weeks up to the period's end, its own or thirteen where it has fewer; none outside the data."""
    until = Period.week(during.last).until
    weeks = max(COURSE_WEEKS, (until - Period.week(during.first).first).days // 7)
    first = until - timedelta(weeks=weeks)
    span = metrics.data_span(asker.centre, "contact")
    if span is not None and first < span.first < during.until:
        first = Period.week(span.first).first
    until = min(during.until, span.until) if span is not None else during.until
    return Period(first, until if until > first else during.until)


def _restated_days(centre: Centre, during: Period) -> frozenset[date]:
    """The days of a period for which a file came after another that had them already."""
    found: set[date] = set()
    for row in metrics.restated_loads(centre).iter_rows(named=True):
        first, last = max(row["restated_from"].date(), during.first), min(row["restated_to"].date(), during.last)
        found.update(first + timedelta(days=number) for number in range((last - first).days + 1))
    return frozenset(found)


def _days_with_data(asker: Asker, during: Period) -> frozenset[date]:
    grid = asker.by(("legs_handled",), ["day"], during)
    return frozenset(key[0] for key in grid.keys if isinstance(key[0], date))
