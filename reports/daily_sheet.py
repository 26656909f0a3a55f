"""The supervisor's day, printed: what happened, when, in which queue, who handled it, what departments did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

import metrics
from metrics import Asker, Centre, Figure, Grid, Key, Period, Scope, Usual, Where, WrongUse, text
from metrics.attention import findings
from metrics.cards import card
from metrics.parts import Card, Chart, Row, Table, columns, series
from reports.completeness import missing
from reports.imprint import Imprint, imprint
from reports.issue import Issue, issue
from reports.pdf import stem

# columns of the table of queues, in the order of reading; of the whole centre they are the day's access figures
ACCESS = {
    "contacts_offered": "Offered",
    "contacts_answered": "Answered",
    "contacts_abandoned": "Abandoned",
    "short_abandons": "Short abandons",
    "flow_outs": "Flow-outs",
    "abandon_rate": "Abandon rate",
    "service_level": "Service level",
    "average_speed_of_answer": "Speed of answer",
    "average_wait": "Wait of all",
    "wait_p50": "Median wait",
    "wait_p90": "90th percentile",
    "longest_wait": "Longest wait",
}
HANDLING = {
    "legs_handled": "Legs",
    "average_handle_time": "Handle time",
    "average_talk_time": "Talk",
    "average_hold_time": "Hold",
    "average_after_call_work": "After-call",
}
REQUESTS = {
    "requests_created": "Created",
    "requests_closed": "Closed",
    "requests_net_closed": "Closed and still closed",
    "on_time_closure_rate": "On time, of those due this day",
    "requests_late_open": "Due this day, late and open",
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
# half hours with fewer contacts than this say too little to be named in a sentence
FEWEST = 10
COURSE_DAYS = 28
# a centre with more agents at work has them on the sheets of their teams
MOST_PEOPLE = 30


@dataclass(frozen=True)
class DailySheet:
    """All that the sheet says."""

    centre: str
    on: date
    team: str | None
    subtitle: str
    summary: tuple[str, ...]
    attention: tuple[str, ...]
    cards: tuple[Card, ...]
    by_interval: Chart
    queues: Table | None
    agents: Table
    departments: Table | None
    caveats: tuple[str, ...]
    imprint: Imprint


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


def daily(
    centre: Centre,
    on: date,
    out: Path,
    *,
    team: str | None = None,
    scope: Scope,
    created_at: datetime | None = None,
    form: str = "",
) -> list[Path]:
    """Write the daily sheet as PDF and HTML with its frozen copy; says where.

    Without `created_at` the files say that they were made when the data was loaded, so that the same data gives the
    same bytes whenever the sheet is printed.
    """
    return issue(daily_issue(centre, on, team=team, scope=scope, created_at=created_at), out, form)


def daily_issue(
    centre: Centre, on: date, *, team: str | None = None, scope: Scope, created_at: datetime | None = None
) -> Issue:
    """The sheet as plain data."""
    sheet = daily_content(centre, on, team=team, scope=scope)
    return Issue.of(
        centre,
        sheet,
        report="daily",
        title=f"Daily sheet, {team or centre.name}, {text.day(on)}",
        stem=stem("daily", *([team] if team else []), on.isoformat()),
        arguments={"day": on.isoformat(), **({"team": team} if team else {})},
        created_at=created_at,
        incomplete=missing(centre, "daily", Period.day(on), scope=scope),
    )


def daily_content(centre: Centre, on: date, *, team: str | None, scope: Scope) -> DailySheet:
    """Everything that the daily sheet says, every figure by `metrics.measure`."""
    _known_team(centre, team, scope)
    day = _measured(Asker(centre, scope), on, team)
    shows_access = day.asker.sees_whole_centre
    return DailySheet(
        centre=centre.name,
        on=on,
        team=team,
        subtitle=f"{team or 'Whole centre'}, whole day, compared with the {day.weekdays} together",
        summary=_summary(day),
        attention=_attention(day),
        cards=tuple(_card(day, name) for name in _card_names(day)),
        by_interval=_by_interval(day) if shows_access else _work_by_interval(day),
        queues=_queues(day) if shows_access else None,
        agents=_people(day),
        departments=_departments(day) if shows_access else None,
        caveats=_caveats(day),
        imprint=imprint(centre, (*((*ACCESS, *REQUESTS) if shows_access else ()), *HANDLING)),
    )


def _known_team(centre: Centre, team: str | None, scope: Scope) -> None:
    """A team that was never on the roster is a slip of the pen, not a day without work."""
    known = metrics.roster(centre, during=Period(date.min, date.max), scope=scope)["team"].unique().sort().to_list()
    if team is not None and team not in known:
        raise WrongUse(f"There is no team {team!r} on the roster. It has: {', '.join(known) or 'nobody'}.")


def _measured(asker: Asker, on: date, team: str | None) -> Day:
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


def _card_names(day: Day) -> list[str]:
    """A team's sheet opens with its work; the centre's access follows where it may be seen."""
    if day.team is None and day.asker.sees_whole_centre:
        return list(CENTRE_CARDS)
    return [*TEAM_CARDS, *(["service_level"] if day.asker.sees_whole_centre else [])]


def _card(day: Day, name: str) -> Card:
    figure = day.figures[name]
    target = day.asker.target(name, day.on)
    days = day.course_days
    return card(
        figure,
        before=day.usual[name].figure,
        compared_with=f"on the {day.weekdays}",
        target=target,
        note=_note(day, name),
        whose="whole centre" if day.team and name not in HANDLING else "",
        course=Chart(
            kind="sparkline",
            sentence=f"{figure.metric.title}, day by day over {text.number_of(len(days), 'day')}",
            labels=tuple(text.short_day(one) for one in days),
            series=(series(figure.metric.title, day.course.values(name, [(one,) for one in days]), figure),),
            target=target.goal if target else None,
        ),
    )


def _note(day: Day, name: str) -> str:
    """What must be read beside a figure."""
    f = day.figures
    match name:
        case "contacts_answered":
            return f"of {f['contacts_offered'].words} offered"
        case "abandon_rate":
            return f"{text.number_of(f['short_abandons'].n, 'short abandon')} apart"
        case "average_speed_of_answer":
            return f"median wait {f['wait_p50'].words}, longest {f['longest_wait'].words}"
        case "average_handle_time":
            parts = [
                f"{word} {f[part].words}"
                for word, part in (
                    ("talk", "average_talk_time"),
                    ("hold", "average_hold_time"),
                    ("after-call", "average_after_call_work"),
                )
            ]
            return ", ".join(parts)
        case "on_time_closure_rate":
            return f"{f['requests_created'].words} created, {f['requests_closed'].words} closed"
    return ""


def _summary(day: Day) -> tuple[str, ...]:
    """The day in two or three sentences."""
    if not day.asker.sees_whole_centre or day.team:
        legs, handle = day.figures["legs_handled"], day.figures["average_handle_time"]
        if legs.value is None:
            return (f"No work of {day.team or 'these teams'} is on record for this day.",)
        return (
            f"{day.team or 'These teams'} handled {text.number_of(legs.n, 'leg')}; "
            f"the average handle time was {handle.words} (n {text.count(handle.n)}).",
        )
    level, offered = day.figures["service_level"], day.figures["contacts_offered"]
    if offered.value is None:
        return ("No contacts are on record for this day.",)
    target = day.asker.target("service_level", day.on)
    answered, gave_up = day.figures["contacts_answered"], day.figures["contacts_abandoned"]
    return (
        f"{answered.words} of {offered.words} contacts offered were answered; "
        f"{text.number_of(gave_up.n, 'caller')} gave up ({day.figures['abandon_rate'].words}).",
        f"Service level was {level.words} ({level.basis}); {text.against_target(level.metric, level.value, target)}.",
    )


def _attention(day: Day) -> tuple[str, ...]:
    """What needs attention, most first, each with what would make it go away; of the whole centre only."""
    if not day.asker.sees_whole_centre:
        return ()
    return tuple(f"{one.sentence}. Until {one.rule.until}." for one in findings(day.asker, day.period))


def _by_interval(day: Day) -> Chart:
    grid = day.asker.by(("contacts_offered", "service_level"), ["interval"], day.period)
    keys = day.asker.intervals(grid)
    labels = tuple(text.clock(day.asker.local(key)) for key in keys)
    target = day.asker.target("service_level", day.on)
    offered, level = day.figures["contacts_offered"], day.figures["service_level"]
    return Chart(
        kind="bars_and_line",
        sentence=_lowest_interval(day, grid, keys),
        labels=labels,
        series=(
            series(offered.metric.title, grid.values("contacts_offered", keys), offered),
            series(level.metric.title, grid.values("service_level", keys), level),
        ),
        x_title="time of arrival",
        target=target.goal if target else None,
    )


def _lowest_interval(day: Day, grid: Grid, keys: Sequence[Key]) -> str:
    """The sentence above the chart: when callers waited most, where enough of them came to say so."""
    judged = [(key, grid.figure("service_level", *key)) for key in keys]
    judged = [(key, figure) for key, figure in judged if figure.value is not None and figure.n >= FEWEST]
    if not judged:
        return f"No half hour had {FEWEST} contacts or more"
    key, lowest = min(judged, key=lambda one: (one[1].value or 0.0, -one[1].n))
    minutes = day.asker.centre.interval_ms // 60_000
    whose = "Whole centre: service level" if day.team else "Service level"
    return (
        f"{whose} was lowest from {text.half_open(day.asker.local(key), minutes)}: "
        f"{lowest.words} of {text.number_of(lowest.n, 'contact')}"
    )


def _work_by_interval(day: Day) -> Chart:
    grid = day.asker.by(("legs_handled",), ["interval"], day.period, day.work)
    keys = day.asker.intervals(grid)
    labels = tuple(text.clock(day.asker.local(key)) for key in keys)
    legs = day.figures["legs_handled"]
    return Chart(
        kind="bars",
        sentence="When work on contacts was finished",
        labels=labels,
        series=(series(legs.metric.title, grid.values("legs_handled", keys), legs),),
        x_title="time of completion",
    )


def _queues(day: Day) -> Table:
    grid = day.asker.by(list(ACCESS), ["queue"], day.period)
    rows = []
    for key in grid.keys:
        target = day.asker.target("service_level", day.on, queue=str(key[0]))
        aim = text.threshold(target) if target else "no target"
        rows.append(Row(day.asker.called("queue", key[0]), grid.row(ACCESS, *key), aside=aim))
    return Table(
        caption="Queues and waits",
        heading="Queue and its target",
        columns=columns(*ACCESS.values()),
        rows=tuple(rows),
        total=Row("All live queues", tuple(day.figures[name] for name in ACCESS)),
        note="Median, percentile and longest wait count those who gave up as having waited at least that long; the "
        "speed of answer is that of answered contacts only. E-mail, web and the counter are not live queues.",
    )


def _people(day: Day) -> Table:
    """Who handled contacts; a large centre's by team, for its people stand on the sheets of their teams."""
    agents = _agents(day)
    return agents if day.team or len(agents.rows) <= MOST_PEOPLE else _teams(day)


def _teams(day: Day) -> Table:
    grid = day.asker.by(list(HANDLING), ["team"], day.period)
    return Table(
        caption="Teams",
        heading="Team",
        columns=columns(*HANDLING.values()),
        rows=tuple(Row(text.dimension_value("team", key[0]), grid.row(HANDLING, *key)) for key in grid.keys),
        total=Row("All", tuple(day.figures[name] for name in HANDLING)),
        n="first count",
        note="Each team's people stand on its own sheet: fairline report daily --team NAME. Averages are per inbound "
        "leg, in minutes and seconds; n is the number of legs unless it stands beside.",
    )


def _agents(day: Day) -> Table:
    """Who handled contacts, by name; nobody is ranked."""
    people = metrics.roster(day.asker.centre, during=day.period, scope=day.asker.scope)
    names = dict(people.select("agent_id", pl.coalesce("name", "agent_id")).iter_rows())
    grid = day.asker.by(list(HANDLING), ["agent", "team"], day.period, day.work)
    rows = sorted(
        (
            Row(
                names.get(str(agent), text.dimension_value("agent", agent)),
                (*([] if day.team else [text.dimension_value("team", team)]), *grid.row(HANDLING, agent, team)),
            )
            for agent, team in grid.keys
        ),
        key=lambda row: row.label.casefold(),
    )
    handled = {agent for agent, _ in grid.keys}
    members = people.filter(pl.col("team") == day.team) if day.team else people
    absent = [names[agent] for agent in members["agent_id"].unique(maintain_order=True) if agent not in handled]
    return Table(
        caption="Agents, by name",
        heading="Agent",
        columns=columns(*([] if day.team else ["Team"]), *HANDLING.values()),
        rows=tuple(rows),
        total=Row(day.team or "All", (*([] if day.team else [""]), *(day.figures[name] for name in HANDLING))),
        n="first count",
        note=_agents_note(absent),
    )


def _agents_note(absent: Sequence[str]) -> str:
    note = (
        "By name. Averages are per inbound leg, in minutes and seconds; n is the number of legs unless it stands "
        "beside. Contacts differ and small numbers move by chance: these figures compare nobody."
    )
    return f"{note} On the roster without a leg this day: {', '.join(absent)}." if absent else note


def _departments(day: Day) -> Table:
    grid = day.asker.by(list(REQUESTS), ["department"], day.period)
    return Table(
        caption="Service requests by department",
        heading="Department",
        columns=columns(*REQUESTS.values()),
        rows=tuple(Row(day.asker.called("department", key[0]), grid.row(REQUESTS, *key)) for key in grid.keys),
        total=Row("All departments", tuple(day.figures[name] for name in REQUESTS)),
        n="beside",
    )


def _caveats(day: Day) -> tuple[str, ...]:
    found = []
    if not day.asker.sees_whole_centre:
        found.append(
            "Waits, abandons and service level belong to queues, which all teams share, and service requests to the "
            "departments; this sheet is for a reader who may see some teams only, and leaves them out."
        )
    elif day.team:
        found.append(
            "Waits, abandons and service level belong to queues, which all teams share: they are the whole centre's."
        )
    if day.usual["legs_handled"].figure.value is None:
        found.append(f"No data on the {day.weekdays}, so no comparison is made.")
    return tuple(found)
