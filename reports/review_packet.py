"""One agent's review packet: exposure, measures, course, contacts, caveats, signatures. No rank and no verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

import metrics
from metrics import Asker, Centre, Figure, Grid, Key, Period, Scope, WrongUse, text
from reports.coverage import Coverage, coverage
from reports.imprint import Imprint, content_hash, imprint
from reports.parts import Chart, Number, Row, Table, series
from reports.pdf import Document, stem, write

MEASURES = (
    "legs_handled",
    "average_handle_time",
    "handle_time_p50",
    "handle_time_p90",
    "average_talk_time",
    "average_hold_time",
    "average_hold_time_held",
    "average_after_call_work",
)
PARTS = {
    "average_handle_time": "Handle time",
    "average_talk_time": "Talk",
    "average_after_call_work": "After-call work",
    "average_hold_time": "Hold",
}
SPREAD = {"handle_time_p90": "90th percentile", "handle_time_p50": "Median"}
KINDS = {"queue": "Queue", "channel": "Channel", "language": "Language", "request_type": "Request type"}
KIND_MEASURES = {"legs_handled": "Legs", "average_handle_time": "Handle time", "handle_time_p50": "Median"}
MOST_KINDS = 12
COURSE_WEEKS = 12
FEWEST = 30


@dataclass(frozen=True)
class Spell:
    """A time in one team."""

    team: str
    shift: str
    site: str
    first: date
    until: date | None


@dataclass(frozen=True)
class Person:
    """Who the packet is about."""

    agent: str
    name: str
    languages: str
    hired_on: date | None
    spells: tuple[Spell, ...]

    @property
    def teams(self) -> list[str]:
        """Every team of the period, in order."""
        return list(dict.fromkeys(spell.team for spell in self.spells))


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
    spread: Chart
    kinds: tuple[Table, ...]
    quality: str
    caveats: tuple[str, ...]
    evidence: str
    imprint: Imprint


@dataclass(frozen=True)
class Work:
    """What was measured of several agents at once; each packet takes its part."""

    asker: Asker
    during: Period
    people: dict[str, Person]
    totals: Grid
    teams: Grid
    days: Grid
    weeks: Grid
    kinds: dict[str, Grid]
    days_of_centre: frozenset[date]
    coverage: Coverage
    course: Period
    evaluations: dict[str, int]
    imprint: Imprint

    @classmethod
    def of(cls, centre: Centre, agents: Sequence[str], during: Period, *, scope: Scope) -> Work:
        """Measure the work of these agents, their teams and the centre's days."""
        asker = Asker(centre, scope)
        where = {"agent": list(agents)}
        people = _people(centre, agents, during, scope)
        covered, course = coverage(asker, "contact", during), _course(asker, during)
        teams = sorted({team for person in people.values() for team in person.teams})
        return cls(
            asker,
            during,
            people,
            totals=asker.by(MEASURES, ["agent"], during, where),
            teams=asker.by(MEASURES, ["team"], during, {"team": teams}),
            days=asker.by(("legs_handled",), ["agent", "day"], during, where),
            weeks=asker.by((*PARTS, *SPREAD), ["agent", "week"], course, where),
            kinds={kind: asker.by(tuple(KIND_MEASURES), ["agent", kind], during, where) for kind in KINDS},
            days_of_centre=_days_with_data(asker, during),
            coverage=covered,
            course=course,
            evaluations=metrics.evaluation_counts(centre, during=during, scope=scope),
            imprint=imprint(centre, MEASURES),
        )


def packet(
    centre: Centre,
    agent: str,
    during: Period,
    out: Path,
    *,
    scope: Scope,
    created_at: datetime | None = None,
) -> list[Path]:
    """Write one agent's packet as PDF and HTML; says where. Raises WrongUse for an unknown agent.

    Without `created_at` the files say that they were made when the data was loaded.
    """
    return write_packet(Work.of(centre, [agent], during, scope=scope), agent, out, created_at=created_at)


def write_packet(work: Work, agent: str, out: Path, *, created_at: datetime | None = None) -> list[Path]:
    """Write the packet of one of the agents whose work was measured."""
    content = packet_content(work, agent)
    document = Document(
        template="packet/packet.html.jinja",
        title=f"Review packet, {content.person.name}, {text.period(work.during)}",
        stem=stem("packet", agent, period_name(work.during)),
        author=content.centre,
        created_at=created_at or content.imprint.loaded_at,
        content={"packet": content, "hash": content_hash(content)},
    )
    return write(document, out)


def period_name(during: Period) -> str:
    """A period in a file's name: a month, or its first and last day."""
    if during == Period.month(during.first.year, during.first.month):
        return f"{during.first:%Y-%m}"
    return f"{during.first}-to-{during.last}"


def packet_content(work: Work, agent: str) -> Packet:
    """Everything that one agent's packet says, every figure by `metrics.measure`."""
    person = _person(work, agent)
    totals = work.totals.of(agent)
    days = work.days.of(agent)
    return Packet(
        centre=work.asker.centre.name,
        person=person,
        during=work.during,
        facts=_facts(work, person, days, totals.figure("legs_handled")),
        summary=_summary(work, person, totals),
        measures=_measures(work, person, totals),
        days=_days(work, days),
        parts=_weekly(work, agent, PARTS, "Average handle time and its parts, week by week"),
        spread=_weekly(work, agent, SPREAD, "Handle time of the middle contact and of the longest tenth, week by week"),
        kinds=tuple(_kind(work, kind, grid.of(agent)) for kind, grid in work.kinds.items()),
        quality=_quality(work, agent),
        caveats=_caveats(work, person, totals),
        evidence=_evidence(work, agent),
        imprint=work.imprint,
    )


def _people(centre: Centre, agents: Iterable[str], during: Period, scope: Scope) -> dict[str, Person]:
    roster = metrics.roster(centre, during=during, scope=scope).filter(pl.col("agent_id").is_in(list(agents)))
    people: dict[str, Person] = {}
    for row in roster.sort("valid_from", maintain_order=True).iter_rows(named=True):
        spell = Spell(
            row["team"],
            row["shift"] or text.NOT_RECORDED,
            row["site"] or text.NOT_RECORDED,
            row["valid_from"],
            row["valid_to"],
        )
        known = people.get(row["agent_id"])
        people[row["agent_id"]] = Person(
            agent=row["agent_id"],
            name=row["name"] or row["agent_id"],
            languages=row["languages"] or "",
            hired_on=row["hired_on"],
            spells=(*(known.spells if known else ()), spell),
        )
    return people


def _person(work: Work, agent: str) -> Person:
    """The person; one without a roster entry is called by the id that the phone system gave."""
    person = work.people.get(agent)
    if person is not None:
        return person
    if work.totals.of(agent).figure("legs_handled").n == 0:
        raise WrongUse(
            f"Agent {agent!r} is neither on the roster nor in the contacts from {work.during.first} to "
            f"{work.during.last}, or is not yours to see. Who is: fairline query legs_handled --by agent "
            f"--from {work.during.first} --to {work.during.until}"
        )
    return Person(agent, agent, "", None, ())


def _course(asker: Asker, during: Period) -> Period:
    """Whole weeks up to the period's end, its own or twelve where it has fewer; none outside the data."""
    until = Period.week(during.last).until
    weeks = max(COURSE_WEEKS, (until - Period.week(during.first).first).days // 7)
    first = until - timedelta(weeks=weeks)
    span = metrics.data_span(asker.centre, "contact")
    if span is not None and first < span.first < during.until:
        first = Period.week(span.first).first
    until = min(during.until, span.until) if span is not None else during.until
    return Period(first, until if until > first else during.until)


def _days_with_data(asker: Asker, during: Period) -> frozenset[date]:
    grid = asker.by(("legs_handled",), ["day"], during)
    return frozenset(key[0] for key in grid.keys if isinstance(key[0], date))


def _facts(work: Work, person: Person, days: Grid, legs: Figure) -> tuple[tuple[str, str], ...]:
    words = [text.dimension_value("language", code) for code in person.languages.split()]
    worked = days.days_with("legs_handled")
    return (
        ("Agent", person.agent),
        ("Team", text.listed(person.teams) if person.teams else text.NOT_RECORDED),
        ("Shift", _spells(person, "shift")),
        ("Site", _spells(person, "site")),
        ("Languages", text.listed(words) if words else text.NOT_RECORDED),
        ("Hired", text.plain_day(person.hired_on) if person.hired_on else text.NOT_RECORDED),
        ("Days with contacts", f"{worked} of {work.during.days}"),
        ("Legs handled", legs.words),
    )


def _spells(person: Person, part: str) -> str:
    values = list(dict.fromkeys(str(getattr(spell, part)) for spell in person.spells))
    return text.listed(values) if values else text.NOT_RECORDED


def _summary(work: Work, person: Person, totals: Grid) -> tuple[str, ...]:
    legs, handle = totals.figure("legs_handled"), totals.figure("average_handle_time")
    if not legs.n:
        return (f"No contacts of {person.name} are on record for this period.",)
    worked = work.days.of(person.agent).days_with("legs_handled")
    return (
        f"{person.name} handled {text.number_of(legs.n, 'leg')} on {text.number_of(worked, 'day')}, "
        f"with an average handle time of {handle.words} (n {text.count(handle.n)}).",
        "No comparison is drawn here: nothing in this packet says whether a figure is better or worse than another's.",
    )


def _measures(work: Work, person: Person, totals: Grid) -> Table:
    whose = f"Team {text.listed(person.teams)}" if person.teams else "Team"
    targets = {name: work.asker.target(name, work.during.last) for name in MEASURES}
    has_targets = any(target is not None and target.goal is not None for target in targets.values())
    rows = []
    for name, target in targets.items():
        figure = totals.figure(name)
        cells = (figure, Number(figure.parts), _team(work, person, name) or Number("not shown"))
        aim = (text.against_target(figure.metric, figure.value, target),) if has_targets else ()
        aside = f"{figure.metric.id}, version {figure.metric.version}"
        rows.append(Row(figure.metric.title, (*cells, *aim), aside=aside))
    return Table(
        caption="Measures",
        heading="Measure",
        columns=(person.name, "From", f"{whose}, not adjusted for case mix", *(("Target",) if has_targets else ())),
        rows=tuple(rows),
        note="The team's value is for the same period, holds this agent's contacts too, and is not adjusted for the "
        "kind of contacts: it is printed for reference, not as a yardstick. Times in minutes and seconds; medians and "
        "percentiles come from the contacts themselves and have no two numbers behind them."
        + ("" if has_targets else " No target is set for any of these measures."),
    )


def _team(work: Work, person: Person, name: str) -> Figure | None:
    """The value of the agent's team in the period; of several teams together where there were several."""
    if work.asker.scope.agents is not None or not person.teams:
        return None
    if len(person.teams) == 1:
        return work.teams.figure(name, person.teams[0])
    return work.asker.total((name,), work.during, {"team": person.teams})[name]


def _days(work: Work, days: Grid) -> Chart:
    keys: list[Key] = [(work.during.first + timedelta(days=number),) for number in range(work.during.days)]
    legs = days.figure("legs_handled")
    known = [days.figure("legs_handled", *key).n or None for key in keys]
    return Chart(
        kind="bars",
        sentence=f"Contacts on {days.days_with('legs_handled')} of {text.number_of(work.during.days, 'day')}",
        labels=tuple(text.narrow_day(key[0]) for key in keys if isinstance(key[0], date)),
        series=(series("Legs handled", known, legs),),
        x_title="day",
    )


def _weekly(work: Work, agent: str, names: dict[str, str], sentence: str) -> Chart:
    grid = work.weeks.of(agent)
    mondays = [work.course.first + timedelta(weeks=week) for week in range(-(-work.course.days // 7))]
    keys: list[Key] = [(monday,) for monday in mondays]
    return Chart(
        kind="line",
        sentence=sentence,
        labels=tuple(text.narrow_day(monday) for monday in mondays),
        series=tuple(
            series(word, grid.values(name, keys), grid.figure(name, *keys[0])) for name, word in names.items()
        ),
        x_title="week beginning",
        axis_title="Time per inbound leg (min:s)",
    )


def _kind(work: Work, kind: str, grid: Grid) -> Table:
    """The contacts by one of their kinds, the most frequent first."""
    keys = sorted(grid.keys, key=lambda key: (-grid.figure("legs_handled", *key).n, str(key[0])))
    shown = keys[:MOST_KINDS]
    more = len(keys) - len(shown)
    return Table(
        caption=f"By {KINDS[kind].lower()}",
        heading=KINDS[kind],
        columns=tuple(KIND_MEASURES.values()),
        rows=tuple(Row(work.asker.called(kind, key[0]), grid.row(KIND_MEASURES, *key)) for key in shown),
        n="first count",
        note=f"The {len(shown)} most frequent of {len(keys)}." if more else "",
    )


def _caveats(work: Work, person: Person, totals: Grid) -> tuple[str, ...]:
    """What a reader must know about these figures."""
    legs, handle = totals.figure("legs_handled"), totals.figure("average_handle_time")
    found = [*_on_roster(work, person), *([] if work.coverage.is_whole else [work.coverage.words])]
    if 0 < handle.n < FEWEST:
        found.append(f"Fewer than {FEWEST} legs: averages say little.")
    if legs.n > handle.n:
        found.append(
            f"{text.count(legs.n - handle.n)} of {text.number_of(legs.n, 'leg')} are outside the averages: outbound, "
            "or of a system that does not report hold or after-call work."
        )
    silent = [day for day in work.coverage.days if day not in work.days_of_centre] if work.coverage.reached else []
    if silent:
        found.append(f"The whole centre has no contacts on {text.listed([text.short_day(day) for day in silent])}.")
    if work.imprint.open_identities:
        found.append(work.imprint.identities)
    return tuple(found) or (
        f"The data cover the whole of {text.period(work.during)}, {person.name} was in one team throughout, and "
        "every identity of the books closes.",
    )


def _on_roster(work: Work, person: Person) -> list[str]:
    """What the person's time in teams means for the figures."""
    if not person.spells:
        return ["Not on the roster in this period: team, shift and languages are unknown."]
    found = []
    if len(person.spells) > 1:
        moves = [f"{spell.team} from {text.plain_day(max(spell.first, work.during.first))}" for spell in person.spells]
        found.append(f"Worked in {text.listed(moves)}; work is credited to the team of the day.")
    first, until = person.spells[0].first, person.spells[-1].until
    if first > work.during.first:
        found.append(f"On the roster from {text.plain_day(first)} only.")
    if until is not None and until < work.during.until:
        found.append(f"On the roster until {text.plain_day(until - timedelta(days=1))} only.")
    return found


def _quality(work: Work, agent: str) -> str:
    """What is known of quality, which this packet does not score."""
    number = work.evaluations.get(agent, 0)
    if not number:
        return "No quality evaluations of contacts of this period are on record."
    verb, they = ("is", "It is") if number == 1 else ("are", "They are")
    evaluations = text.number_of(number, "quality evaluation")
    return f"{evaluations} of contacts of this period {verb} on record. {they} not scored in this packet."


def _evidence(work: Work, agent: str) -> str:
    """How to see the contacts behind any figure of the packet."""
    during = work.during
    return f'fairline rows average_handle_time --from {during.first} --to {during.until} --where "agent={agent}"'
