"""The supervisor's day, printed: what happened, when, in which queue, who handled it, what departments did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import polars as pl

import metrics
from metrics import Asker, Centre, Grid, Key, Period, Scope, WrongUse, text
from metrics.absent import without_absent
from metrics.answers import missing_words
from metrics.attention import MOST, findings
from metrics.availability import unavailable
from metrics.cards import card
from metrics.language import _, n_
from metrics.parts import Card, Chart, Row, Table, columns, series
from reports.completeness import missing
from reports.day_measured import ACCESS, CENTRE_CARDS, HANDLING, REQUESTS, TEAM_CARDS, Day, measured
from reports.day_room import first_page, second_page
from reports.imprint import Imprint, imprint
from reports.issue import Issue, issue
from reports.pdf import stem

# half hours with fewer contacts than this say too little to be named in a sentence
FEWEST = 10
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
        title=_("Daily sheet, {whose}, {day}").format(whose=team or centre.name, day=text.day(on)),
        stem=stem("daily", *([team] if team else []), on.isoformat()),
        arguments={"day": on.isoformat(), **({"team": team} if team else {})},
        created_at=created_at,
        incomplete=missing(centre, "daily", Period.day(on), scope=scope),
    )


def daily_content(centre: Centre, on: date, *, team: str | None, scope: Scope) -> DailySheet:
    """Everything that the daily sheet says, every figure by `metrics.measure`."""
    _known_team(centre, team, scope)
    day = measured(Asker(centre, scope), on, team)
    shows_access = day.asker.sees_whole_centre
    summary, caveats, cards = _summary(day), _caveats(day), _card_names(day)
    shown = {name: shows_access and not day.figures[name].reason for name in ("contacts_offered", "requests_created")}
    queues, departments, people = second_page(
        _queues(day) if shown["contacts_offered"] else None,
        _departments(day) if shown["requests_created"] else None,
        _people(day),
    )
    return DailySheet(
        centre=centre.name,
        on=on,
        team=team,
        subtitle=_("{whose}, whole day, compared with the {weekdays} together").format(
            whose=team or _("Whole centre"), weekdays=day.weekdays
        ),
        summary=summary,
        attention=first_page(_attention(day), most=MOST, besides=(*summary, *caveats), cards=len(cards)),
        cards=tuple(_card(day, name) for name in cards),
        by_interval=_by_interval(day) if shows_access else _work_by_interval(day),
        queues=queues,
        agents=people,
        departments=departments,
        caveats=caveats,
        imprint=imprint(centre, (*((*ACCESS, *REQUESTS) if shows_access else ()), *HANDLING)),
    )


def _known_team(centre: Centre, team: str | None, scope: Scope) -> None:
    """A team that was never on the roster is a slip of the pen, not a day without work."""
    known = metrics.roster(centre, during=Period(date.min, date.max), scope=scope)["team"].unique().sort().to_list()
    if team is not None and team not in known:
        raise WrongUse(f"There is no team {team!r} on the roster. It has: {', '.join(known) or 'nobody'}.")


def _card_names(day: Day) -> list[str]:
    """A team's sheet opens with its work; the centre's access follows where it may be seen.

    What the data of the centre cannot give has no card; where that is the handle time, the talk time stands for it.
    """
    names = [*TEAM_CARDS, *(["service_level"] if day.asker.sees_whole_centre else [])]
    if day.team is None and day.asker.sees_whole_centre:
        names = list(CENTRE_CARDS)
    if day.figures["average_handle_time"].reason:
        names = ["average_talk_time" if name == "average_handle_time" else name for name in names]
    return [name for name in dict.fromkeys(names) if not day.figures[name].reason]


def _card(day: Day, name: str) -> Card:
    figure = day.figures[name]
    target = day.asker.target(name, day.on)
    days = day.course_days
    return card(
        figure,
        before=day.usual[name].figure,
        compared_with=_("on the {weekdays}").format(weekdays=day.weekdays),
        target=target,
        note=_note(day, name),
        whose=_("whole centre") if day.team and name not in HANDLING else "",
        course=Chart(
            kind="sparkline",
            sentence=_("{title}, day by day over {days}").format(
                title=figure.metric.title, days=text.number_of(len(days), "day")
            ),
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
            return _("of {number} offered").format(number=f["contacts_offered"].words)
        case "abandon_rate":
            return n_("{n} short abandon apart", "{n} short abandons apart", f["short_abandons"].n).format(
                n=text.count(f["short_abandons"].n)
            )
        case "average_speed_of_answer":
            return _("median wait {median}, longest {longest}").format(
                median=f["wait_p50"].words, longest=f["longest_wait"].words
            )
        case "average_handle_time":
            return _("talk {talk}, hold {hold}, after-call {after}").format(
                talk=f["average_talk_time"].words,
                hold=f["average_hold_time"].words,
                after=f["average_after_call_work"].words,
            )
        case "on_time_closure_rate":
            return _("{created} created, {closed} closed").format(
                created=f["requests_created"].words, closed=f["requests_closed"].words
            )
    return ""


def _summary(day: Day) -> tuple[str, ...]:
    """The day in two or three sentences."""
    if not day.asker.sees_whole_centre or day.team:
        legs, handle = day.figures["legs_handled"], day.figures["average_handle_time"]
        if legs.value is None:
            return (_("No work of {team} is on record for this day.").format(team=day.team or _("these teams")),)
        return (
            _("{team} handled {legs}; the average handle time was {handle} (n {n}).").format(
                team=day.team or _("These teams"),
                legs=text.number_of(legs.n, "leg"),
                handle=handle.words,
                n=text.count(handle.n),
            ),
        )
    level, offered = day.figures["service_level"], day.figures["contacts_offered"]
    if offered.value is None:
        return (_("No contacts are on record for this day."),)
    target = day.asker.target("service_level", day.on)
    answered, gave_up = day.figures["contacts_answered"], day.figures["contacts_abandoned"]
    return (
        _("{answered} of {offered} contacts offered were answered; {callers} gave up ({share}).").format(
            answered=answered.words,
            offered=offered.words,
            callers=text.number_of(gave_up.n, "caller"),
            share=day.figures["abandon_rate"].words,
        ),
        _("Service level was {level} ({basis}); {judged}.").format(
            level=level.words, basis=level.basis, judged=text.against_target(level.metric, level.value, target)
        ),
    )


def _attention(day: Day) -> tuple[str, ...]:
    """All that needs attention, most first, each with what would make it go away; of the whole centre only."""
    if not day.asker.sees_whole_centre:
        return ()
    return tuple(
        _("{sentence}. Until {until}.").format(sentence=one.sentence, until=_(one.rule.until))
        for one in findings(day.asker, day.period, most=None)
    )


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
        x_title=_("time of arrival"),
        target=target.goal if target else None,
    )


def _lowest_interval(day: Day, grid: Grid, keys: Sequence[Key]) -> str:
    """The sentence above the chart: when callers waited most, where enough of them came to say so."""
    judged = [(key, grid.figure("service_level", *key)) for key in keys]
    judged = [(key, figure) for key, figure in judged if figure.value is not None and figure.n >= FEWEST]
    if not judged:
        return _("No half hour had {fewest} contacts or more").format(fewest=FEWEST)
    key, lowest = min(judged, key=lambda one: (one[1].value or 0.0, -one[1].n))
    minutes = day.asker.centre.interval_ms // 60_000
    told = _("Service level was lowest from {interval}: {lowest} of {contacts}")
    if day.team:
        told = _("Whole centre: service level was lowest from {interval}: {lowest} of {contacts}")
    return told.format(
        interval=text.half_open(day.asker.local(key), minutes),
        lowest=lowest.words,
        contacts=text.number_of(lowest.n, "contact"),
    )


def _work_by_interval(day: Day) -> Chart:
    grid = day.asker.by(("legs_handled",), ["interval"], day.period, day.work)
    keys = day.asker.intervals(grid)
    labels = tuple(text.clock(day.asker.local(key)) for key in keys)
    legs = day.figures["legs_handled"]
    return Chart(
        kind="bars",
        sentence=_("When work on contacts was finished"),
        labels=labels,
        series=(series(legs.metric.title, grid.values("legs_handled", keys), legs),),
        x_title=_("time of completion"),
    )


def _queues(day: Day) -> Table:
    grid = day.asker.by(list(ACCESS), ["queue"], day.period)
    rows = []
    for key in grid.keys:
        target = day.asker.target("service_level", day.on, queue=str(key[0]))
        aim = text.threshold(target) if target else _("no target")
        rows.append(Row(day.asker.called("queue", key[0]), grid.row(ACCESS, *key), aside=aim))
    return Table(
        caption=_("Queues and waits"),
        heading=_("Queue and its target"),
        columns=columns(*ACCESS.values()),
        rows=tuple(rows),
        total=Row(_("All live queues"), tuple(day.figures[name] for name in ACCESS)),
        note=_(
            "Median, percentile and longest wait count those who gave up as having waited at least that long; "
            "the speed of answer is that of answered contacts only. E-mail, web and the counter are not live "
            "queues."
        ),
    )


def _people(day: Day) -> tuple[Callable[[], Table], ...]:
    """Who handled contacts; a large centre's by team, for its people stand on the sheets of their teams."""
    agents = _agents(day)
    of_agents, of_teams = (lambda: agents), (lambda: _teams(day))
    if day.team:
        return (of_agents,)
    return (of_agents, of_teams) if len(agents.rows) <= MOST_PEOPLE else (of_teams,)


def _teams(day: Day) -> Table:
    grid = day.asker.by(list(HANDLING), ["team"], day.period)
    return Table(
        caption=_("Teams"),
        heading=_("Team"),
        columns=columns(*HANDLING.values()),
        rows=tuple(Row(text.dimension_value("team", key[0]), grid.row(HANDLING, *key)) for key in grid.keys),
        total=Row(_("All"), tuple(day.figures[name] for name in HANDLING)),
        n="first count",
        note=_(
            "Each team's people stand on its own sheet: fairline report daily --team NAME. Averages are per "
            "inbound leg, in minutes and seconds; n is the number of legs unless it stands beside."
        ),
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
    handled = {agent for agent, _team in grid.keys}
    # who stands on no roster is not away either
    members = people.filter(pl.col("team") == day.team) if day.team else people.drop_nulls("team")
    absent = [names[agent] for agent in members["agent_id"].unique(maintain_order=True) if agent not in handled]
    table = Table(
        caption=_("Agents, by name"),
        heading=_("Agent"),
        columns=columns(*([] if day.team else [_("Team")]), *HANDLING.values()),
        rows=tuple(rows),
        total=Row(day.team or _("All"), (*([] if day.team else [""]), *(day.figures[name] for name in HANDLING))),
        n="first count",
        note=_agents_note(absent),
    )
    return without_absent(table)


def _agents_note(absent: Sequence[str]) -> str:
    note = _(
        "By name. Averages are per inbound leg, in minutes and seconds; n is the number of legs unless it "
        "stands beside. Contacts differ and small numbers move by chance: these figures compare nobody."
    )
    if not absent:
        return note
    return _("{note} On the roster without a leg this day: {names}.").format(note=note, names=", ".join(absent))


def _departments(day: Day) -> Table:
    grid = day.asker.by(list(REQUESTS), ["department"], day.period)
    return Table(
        caption=_("Service requests by department"),
        heading=_("Department"),
        columns=columns(*REQUESTS.values()),
        rows=tuple(Row(day.asker.called("department", key[0]), grid.row(REQUESTS, *key)) for key in grid.keys),
        total=Row(_("All departments"), tuple(day.figures[name] for name in REQUESTS)),
        n="beside",
    )


def _caveats(day: Day) -> tuple[str, ...]:
    found = []
    if not day.asker.sees_whole_centre:
        found.append(
            _(
                "Waits, abandons and service level belong to queues, which all teams share, and service requests to "
                "the departments; this sheet is for a reader who may see some teams only, and leaves them out."
            )
        )
    elif day.team:
        found.append(
            _("Waits, abandons and service level belong to queues, which all teams share: they are the whole centre's.")
        )
    if day.asker.sees_whole_centre:
        found += missing_words(day.asker, unavailable(day.asker.centre, CENTRE_CARDS))
    if day.usual["legs_handled"].figure.value is None:
        found.append(_("No data on the {weekdays}, so no comparison is made.").format(weekdays=day.weekdays))
    return tuple(found)
