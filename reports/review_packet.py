"""One agent's review packet: exposure, measures, verdicts, course, quality, evidence, plan, signatures. No rank."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from metrics import Centre, Figure, Grid, Key, Period, Scope, text
from metrics.absent import without_absent
from metrics.compare import Weeks
from metrics.language import _
from metrics.parts import Chart, Number, Picture, Row, Strip, Table, columns, series
from reports import packet_quality
from reports.completeness import missing
from reports.imprint import Imprint
from reports.issue import Issue, issue, made_from
from reports.packet_judgement import items, needs, quality_sentences, sentences, summary, verdicts
from reports.packet_plan import Plan, plan
from reports.packet_quality import Reviewed
from reports.packet_work import (
    BY_KIND,
    FEWEST,
    KIND_MEASURES,
    KINDS,
    MONTHLY,
    MOST_KINDS,
    PARTS,
    YEAR,
    Work,
    person_of,
)
from reports.pdf import stem
from reports.people import NO_NOTES, Notes, Person

MOST_DAYS_NAMED = 7
# a strip of fewer months shows no course
LEAST_MONTHS = 3
# the strip shows a year, the table the last of its months
MOST_MONTHS = 6


@dataclass(frozen=True)
class Packet:
    """All that the packet says."""

    centre: str
    person: Person
    during: Period
    facts: tuple[tuple[str, str], ...]
    summary: tuple[str, ...]
    measures: Table
    days: Chart
    parts: Chart
    usual: tuple[Picture | str, ...]
    year: Strip | None
    kinds: tuple[Table, ...]
    months: Table
    verdicts: Table
    sentences: tuple[str, ...]
    quality: tuple[str, ...]
    quality_tables: tuple[Table, ...]
    items: Table | None
    critical: tuple[str, ...]
    disputes: tuple[str, ...]
    reviewed: Table | None
    plan: Plan
    caveats: tuple[str, ...]
    evidence: str
    imprint: Imprint


def packet(
    centre: Centre,
    agent: str,
    during: Period,
    out: Path,
    *,
    scope: Scope,
    notes: Notes = NO_NOTES,
    created_at: datetime | None = None,
    form: str = "",
) -> list[Path]:
    """Write one agent's packet as PDF and HTML with its frozen copy; says where. Raises WrongUse for an unknown agent.

    Without `created_at` the files say that they were made when the data was loaded.
    """
    work = Work.of(centre, [agent], during, scope=scope, notes=notes)
    lacking = missing(centre, "packet", during, scope=scope)
    return issue(packet_issue(work, agent, created_at=created_at, incomplete=lacking), out, form)


def packet_issue(
    work: Work, agent: str, *, created_at: datetime | None = None, incomplete: tuple[str, ...] = ()
) -> Issue:
    """The packet of one of the agents whose work was measured, as plain data."""
    content = packet_content(work, agent)
    centre = work.asker.centre
    return Issue.of(
        centre,
        content,
        report="packet",
        title=_("Review packet, {name}, {period}").format(name=content.person.name, period=text.period(work.during)),
        stem=packet_stem(agent, work.during),
        arguments={"agent": agent, "from": str(work.during.first), "to": str(work.during.until)},
        created_at=created_at,
        incomplete=incomplete,
        made_of=made_of(centre, agent, work.during, work.asker.scope, work.notes, created_at),
    )


def packet_stem(agent: str, during: Period) -> str:
    """The name of a packet's files."""
    return stem("packet", agent, period_name(during))


def made_of(centre: Centre, agent: str, during: Period, scope: Scope, notes: Notes, created_at: datetime | None) -> str:
    """What decides every byte of a packet, known before anything is measured."""
    asked = {"agent": agent, "from": str(during.first), "to": str(during.until)}
    limits = {name: sorted(values) for name, values in scope.limits().items()}
    return made_from(centre, "packet", asked, [limits, notes.get(agent, ()), created_at])


def period_name(during: Period) -> str:
    """A period in a file's name: a month, or its first and last day."""
    if during == Period.month(during.first.year, during.first.month):
        return f"{during.first:%Y-%m}"
    return f"{during.first}-to-{during.last}"


def packet_content(work: Work, agent: str) -> Packet:
    """Everything that one agent's packet says, every figure by `metrics.measure`."""
    person = person_of(work, agent)
    totals = work.totals.of(agent)
    days = work.days.of(agent)
    reviewed = work.reviewed.agent(agent)
    said = work.judgement.items(agent)
    return Packet(
        centre=work.asker.centre.name,
        person=person,
        during=work.during,
        facts=_facts(work, person, days, totals.figure("legs_handled")),
        summary=_summary(work, person, totals),
        measures=_measures(work, person, totals),
        days=_days(work, days),
        parts=_weekly(work, agent),
        usual=tuple(_usual(weeks[agent]) for weeks in work.usual if agent in weeks),
        year=_year(work, agent),
        kinds=tuple(_kind(work, kind, grid.of(agent)) for kind, grid in work.kinds.items()),
        months=_months(work, agent),
        verdicts=verdicts(work.judgement, agent),
        sentences=sentences(work.judgement, agent),
        quality=(
            *quality_sentences(work.judgement, agent, work.evaluations.get(agent, 0)),
            *packet_quality.only_month(reviewed),
        ),
        quality_tables=packet_quality.tables(reviewed),
        items=items(said),
        critical=packet_quality.critical_errors(reviewed),
        disputes=packet_quality.disputed(reviewed),
        reviewed=packet_quality.evidence(reviewed),
        plan=plan(work.notes.get(agent, ()), work.during, work.imprint.loaded_at.date(), needs(said)),
        caveats=_caveats(work, person, totals, days, reviewed),
        evidence=_evidence(work, agent),
        imprint=work.imprint,
    )


def _facts(work: Work, person: Person, days: Grid, legs: Figure) -> tuple[tuple[str, str], ...]:
    words = [text.dimension_value("language", code) for code in person.languages.split()]
    worked = days.days_with("legs_handled")
    return (
        (_("Agent"), person.agent),
        (_("Team"), text.listed(person.teams) if person.teams else _(text.NOT_RECORDED)),
        (_("Shift"), _spells(person, "shift")),
        (_("Site"), _spells(person, "site")),
        (_("Languages"), text.listed(words) if words else _(text.NOT_RECORDED)),
        (_("Hired"), text.plain_day(person.hired_on) if person.hired_on else _(text.NOT_RECORDED)),
        (_("Supervisor"), _spells(person, "supervisor")),
        (_("Queues worked"), _queues(work, person.agent)),
        (_("Days with contacts"), _("{part} of {whole}").format(part=worked, whole=work.during.days)),
        (_("Signed on"), work.presence.of(person.agent).figure("staffed_time").words),
        (_("Leave, counted in no rate"), _leave(work, person.agent)),
        (_("Legs handled"), legs.words),
    )


def _queues(work: Work, agent: str) -> str:
    queues = [work.asker.called("queue", key[0]) for key in work.kinds["queue"].of(agent).keys if key[0] is not None]
    return text.listed(queues) if queues else _(text.NOT_RECORDED)


def _leave(work: Work, agent: str) -> str:
    """The planned hours that fell to leave and illness."""
    figure = work.planned.of(agent).figure("shrinkage_external")
    return text.hours(figure.numerator) if figure.value is not None else figure.words


def _spells(person: Person, part: str) -> str:
    values = list(dict.fromkeys(_(str(getattr(spell, part))) for spell in person.spells))
    return text.listed(values) if values else _(text.NOT_RECORDED)


def _summary(work: Work, person: Person, totals: Grid) -> tuple[str, ...]:
    legs, handle = totals.figure("legs_handled"), totals.figure("average_handle_time")
    if not legs.n:
        return (_("No contacts of {name} are on record for this period.").format(name=person.name),)
    worked = work.days.of(person.agent).days_with("legs_handled")
    told = _("{name} handled {legs} on {days}, with an average handle time of {handle} (n {n}).")
    if handle.value is None:
        told = _("{name} handled {legs} on {days}.")
    return (
        told.format(
            name=person.name,
            legs=text.number_of(legs.n, "leg"),
            days=text.number_of(worked, "day"),
            handle=handle.words,
            n=text.count(handle.n),
        ),
        summary(work.judgement, person.agent),
    )


def _measures(work: Work, person: Person, totals: Grid) -> Table:
    whose = _("Team {names}").format(names=text.listed(person.teams)) if person.teams else _("Team")
    has_targets = any(target is not None and target.goal is not None for target in work.targets.values())
    rows = []
    for name, target in work.targets.items():
        figure = totals.figure(name)
        team = _team(work, person, name) or Number(_("not shown"))
        cells = (figure, Number(_rests_on(figure)), team)
        aim = (text.against_target(figure.metric, figure.value, target),) if has_targets else ()
        aside = f"{figure.metric.id} v{figure.metric.version}"
        rows.append(Row(figure.metric.title, (*cells, *aim), aside=aside))
    for name in ("adherence", "conformance", "occupancy"):
        figure = (work.presence if name == "occupancy" else work.planned).of(person.agent).figure(name)
        if figure.value is not None:
            rests_on = Number(_("{number} hours").format(number=_rests_on(figure)))
            cells = (figure, rests_on, Number(_("not shown")))
            aside = f"{figure.metric.id} v{figure.metric.version}"
            rows.append(Row(figure.metric.title, (*cells, *((_("no target"),) if has_targets else ())), aside=aside))
    heads = columns(
        person.name,
        _("Rests on"),
        _("{whose}, not adjusted for case mix").format(whose=whose),
        *((_("Target"),) if has_targets else ()),
    )
    table = Table(
        caption=_("Measures"),
        heading=_("Measure"),
        columns=heads,
        rows=tuple(rows),
        n="apart",
        note=_(
            "The team's value is for the same period, holds this agent's contacts too, and is not adjusted for "
            "the kind of contacts: it is printed for reference, not as a yardstick. Times in minutes and "
            "seconds; medians and percentiles come from the contacts themselves and have no two numbers behind "
            "them."
        )
        + ("" if has_targets else _(" No target is set for any of these measures.")),
    )
    return without_absent(table)


def _rests_on(figure: Figure) -> str:
    """The two numbers of a figure, and its n where that is not the lower of them."""
    n = text.count(figure.n)
    if not figure.parts:
        return n if figure.is_counted else f"n {n}"
    return figure.parts if figure.parts.endswith(f" {n}") else f"{figure.parts}, n {n}"


def _months(work: Work, agent: str) -> Table:
    """The measures month by month, each with its n."""
    grid = work.months.of(agent)
    shown = work.month_starts[-max(MOST_MONTHS, -(-work.during.days // 28)) :]
    rows = [
        Row(
            text.heading(text.month(first)),
            tuple(work.of_month(grid, name, first) for name in MONTHLY),
            key=(first,),
        )
        for first in shown
    ]
    table = Table(
        caption=_("Month by month"),
        heading=_("Month"),
        columns=columns(*MONTHLY.values()),
        rows=tuple(rows),
        n="first count",
        note="" if len(rows) > 1 else _("The data hold one month only."),
    )
    return replace(without_absent(table), note=table.note)


def _team(work: Work, person: Person, name: str) -> Figure | None:
    """The value of the agent's team in the period; of several teams together where there were several."""
    if work.asker.scope.agents is not None or not person.teams:
        return None
    return work.teams[tuple(person.teams)].figure(name)


def _days(work: Work, days: Grid) -> Chart:
    keys: list[Key] = [(work.during.first + timedelta(days=number),) for number in range(work.during.days)]
    legs = days.figure("legs_handled")
    known = [days.figure("legs_handled", *key).n or None for key in keys]
    return Chart(
        kind="bars",
        sentence=_("Contacts on {worked} of {days}").format(
            worked=days.days_with("legs_handled"), days=text.number_of(work.during.days, "day")
        ),
        labels=tuple(text.narrow_day(key[0]) for key in keys if isinstance(key[0], date)),
        series=(series(_("Legs handled"), known, legs),),
        x_title=_("day"),
    )


def _weekly(work: Work, agent: str) -> Chart:
    grid = work.weeks.of(agent)
    mondays = [work.course.first + timedelta(weeks=week) for week in range(-(-work.course.days // 7))]
    keys: list[Key] = [(monday,) for monday in mondays]
    return Chart(
        kind="line",
        sentence=_("Average handle time and its parts, week by week"),
        labels=tuple(text.narrow_day(monday) for monday in mondays),
        series=tuple(
            series(_(word), grid.values(name, keys), grid.figure(name, *keys[0])) for name, word in PARTS.items()
        ),
        x_title=_("week beginning"),
        axis_title=_("Time per inbound leg (min:s)"),
    )


def _usual(weeks: Weeks) -> Picture | str:
    """Somebody's weeks with that person's own usual range; no week is set apart, since chance brings such weeks too."""
    drawn = weeks.picture(names_outside=False, height=135)
    return Picture(weeks.title, drawn) if drawn is not None else f"{weeks.title}: {weeks.sentence}"


def _year(work: Work, agent: str) -> Strip | None:
    """The last twelve months at a glance; null where the data hold less than three."""
    if len(work.month_starts) < LEAST_MONTHS:
        return None
    grid, months = work.months.of(agent), work.month_starts
    known = [name for name in YEAR if not grid.figure(name, months[0]).reason]
    return Strip(
        tuple(
            Chart(
                kind="line",
                sentence=_(MONTHLY[name]),
                labels=tuple(text.short_month(first.month) for first in work.month_starts),
                series=(
                    series(
                        _(MONTHLY[name]),
                        [work.of_month(grid, name, first).value for first in months],
                        grid.figure(name, months[0]),
                    ),
                ),
                axis_title=_(text.AXIS_UNITS[grid.metrics[name].unit]),
            )
            for name in known
        ),
        across=len(YEAR),
    )


def _kind(work: Work, kind: str, grid: Grid) -> Table:
    """The contacts by one of their kinds, the most frequent first."""
    keys = sorted(grid.keys, key=lambda key: (-grid.figure("legs_handled", *key).n, str(key[0])))
    shown = keys[:MOST_KINDS]
    more = len(keys) - len(shown)
    table = Table(
        caption=_(BY_KIND[kind]),
        heading=_(KINDS[kind]),
        columns=columns(*KIND_MEASURES.values()),
        rows=tuple(Row(work.asker.called(kind, key[0]), grid.row(KIND_MEASURES, *key)) for key in shown),
        n="first count",
        note=_("The {most} most frequent of {n}.").format(most=len(shown), n=len(keys)) if more else "",
    )
    # what is not there is said below the measures
    return replace(without_absent(table), note=table.note)


def _caveats(work: Work, person: Person, totals: Grid, days: Grid, reviewed: Reviewed) -> tuple[str, ...]:
    """What a reader must know about these figures."""
    legs, handle = totals.figure("legs_handled"), totals.figure("average_handle_time")
    found = [*_on_roster(work, person), *([] if work.coverage.is_whole else [work.coverage.words])]
    if 0 < handle.n < FEWEST:
        found.append(_("Fewer than {fewest} legs: averages say little.").format(fewest=FEWEST))
    if legs.n > handle.n:
        found.append(
            _(
                "{n} of {legs} are outside the averages: outbound, or of a system that does not report hold or "
                "after-call work."
            ).format(n=text.count(legs.n - handle.n), legs=text.number_of(legs.n, "leg"))
        )
    without = [day for day in work.coverage.days if day not in work.days_of_centre] if work.coverage.reached else []
    silent = [day for day in without if not any(gap.covers(Period.day(day)) for gap in work.coverage.gaps)]
    if silent:
        named = [text.short_day(day) for day in silent]
        few = text.listed(named) if len(named) <= MOST_DAYS_NAMED else _("{n} days of the period").format(n=len(named))
        found.append(_("The whole centre has no contacts on {few}.").format(few=few))
    found += [*_restated(work, days), *packet_quality.in_doubt(reviewed)]
    if work.imprint.open_identities:
        found.append(work.imprint.identities)
    return tuple(found) or (
        _(
            "The data cover the whole of {period}, {name} was in one team throughout, and every identity of the "
            "books closes."
        ).format(period=text.period(work.during), name=person.name),
    )


def _restated(work: Work, days: Grid) -> list[str]:
    """The days that somebody worked for which a later file took the place of an earlier one."""
    worked = sorted(day for day in work.restated_days if days.figure("legs_handled", day).n)
    if not worked:
        return []
    named = text.listed([text.short_day(day) for day in worked])
    few = named if len(worked) <= MOST_DAYS_NAMED else _("{number} of the days worked").format(number=len(worked))
    return [
        _("A file that came later restated {days}; the figures are as restated (fairline report --diff).").format(
            days=few
        )
    ]


def _on_roster(work: Work, person: Person) -> list[str]:
    """What the person's time in teams means for the figures."""
    if not person.spells:
        return [_("Not on the roster in this period: team, shift and languages are unknown.")]
    found = []
    if len(person.spells) > 1:
        moves = [
            _("{team} from {day}").format(team=spell.team, day=text.plain_day(max(spell.first, work.during.first)))
            for spell in person.spells
        ]
        found.append(_("Worked in {names}; work is credited to the team of the day.").format(names=text.listed(moves)))
    first, until = person.spells[0].first, person.spells[-1].until
    if first > work.during.first:
        found.append(_("On the roster from {day} only.").format(day=text.plain_day(first)))
    if until is not None and until < work.during.until:
        found.append(_("On the roster until {day} only.").format(day=text.plain_day(until - timedelta(days=1))))
    return found


def _evidence(work: Work, agent: str) -> str:
    """How to see the contacts behind any figure of the packet."""
    during = work.during
    return f'fairline rows average_handle_time --from {during.first} --to {during.until} --where "agent={agent}"'
