"""Write what the city's systems would export: one file per system and day, in the layouts that a centre loads."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from etl.demo_city.arrivals import Contact
from etl.demo_city.city import City
from etl.demo_city.floor import Planned, Spell
from etl.demo_city.people import Person
from etl.demo_city.quality import Evaluation
from etl.demo_city.requests import Case, State

CALLS = (
    "call_id queue agent_id channel direction start_time wait_seconds talk_seconds hold_seconds wrap_seconds outcome "
    "caller service_type language transferred_to case_number"
).split()
CASES = (
    "case_enquiry_id open_dt target_dt closed_dt ontime case_status closure_reason case_title subject reason type "
    "queue department submittedphoto closedphoto location fire_district pwd_district city_council_district "
    "police_district neighborhood neighborhood_services_district ward precinct location_street_name "
    "location_zipcode latitude longitude source"
).split()
ROSTER = "agent_id name team supervisor site shift languages hired_on valid_from valid_to".split()
FORM = "form_id form_version item_id section text weight max_points critical_class".split()
EVALUATIONS = (
    "evaluation_id form_id form_version call_id agent_id evaluator_id type selection contact_at submitted_at score"
).split()
ANSWERS = "evaluation_id item_id points max_points is_na failed".split()
SCHEDULE = "agent_id shift_date activity start_time end_time".split()
STATES = "agent_id state reason start_time end_time".split()


class Exporter:
    """Writes files into the inbox; each carries the time at which it would have been exported."""

    def __init__(self, city: City, inbox: Path) -> None:
        self.city = city
        self.inbox = inbox
        self.files = 0
        inbox.mkdir(parents=True, exist_ok=True)

    def _write(self, name: str, header: Sequence[str], rows: Iterable[Sequence[object]], exported_at: int) -> None:
        path = self.inbox / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
        os.utime(path, (exported_at, exported_at))
        self.files += 1

    def iso(self, at: int) -> str:
        """Local time with its offset."""
        return local(at, self.city.zone).isoformat()

    def naive(self, at: int | None) -> str:
        """Local time as the case system writes it, without an offset."""
        return "" if at is None else f"{local(at, self.city.zone):%Y-%m-%d %H:%M:%S}"

    def calls(self, name: str, contacts: Iterable[Contact], exported_at: int) -> None:
        """Contacts in the plain calls layout."""
        rows = [
            (
                c.id, c.queue, c.agent, c.channel, "inbound", self.iso(c.at), c.wait,
                *((c.talk, c.hold, c.wrap) if c.outcome != "abandoned" else (0, 0, 0)),
                c.outcome, c.caller if c.channel in ("voice", "walk_in") else "",
                c.type.name, c.language, c.transferred_to, c.case,
            )
            for c in contacts
        ]  # fmt: skip
        self._write(name, CALLS, rows, exported_at)

    def cases(self, name: str, cases: Iterable[Case], now: int, exported_at: int) -> None:
        """Cases in their state at an instant, in the layout of Boston's open data."""
        rows = [self._case(case, case.state_at(now), now) for case in cases]
        self._write(name, CASES, rows, exported_at)

    def _case(self, case: Case, state: State, now: int) -> tuple[object, ...]:
        late = (state.closed_at or now) > case.due_at
        filled = {
            "case_enquiry_id": case.number,
            "open_dt": self.naive(case.opened_at),
            "target_dt": self.naive(case.due_at),
            "closed_dt": self.naive(state.closed_at),
            "ontime": "OVERDUE" if late else "ONTIME",
            "case_status": state.status,
            "closure_reason": state.reason,
            "case_title": case.type.name,
            "subject": case.type.department,
            "reason": case.type.department,
            "type": case.type.name,
            "queue": f"{case.type.department} desk",
            "department": case.type.department,
            "neighborhood": case.hood,
            "location": f"{case.hood}, Riverbend",
            "source": case.source,
        }
        return tuple(filled.get(name, "") for name in CASES)

    def roster(self, people: Iterable[Person], first: str, exported_at: int) -> None:
        """Who is in which team from when to when."""
        rows: list[tuple[object, ...]] = []
        for person in people:
            languages = "en es" if person.bilingual else "en"
            start = person.joins_on or first
            moved = person.moves[0] if person.moves else None
            spells = [(person.team, start, moved or person.leaves_on or "")]
            if person.moves:
                spells.append((person.moves[1], person.moves[0], person.leaves_on or ""))
            rows += [
                (
                    person.id,
                    person.name,
                    team.id,
                    team.supervisor,
                    "City Hall",
                    team.shift,
                    languages,
                    person.hired_on,
                    since,
                    to,
                )
                for team, since, to in spells
            ]
        self._write("roster.csv", ROSTER, rows, exported_at)

    def schedule(self, name: str, plan: Iterable[Planned], exported_at: int) -> None:
        """Planned activities."""
        rows = [(p.agent, p.shift_date, p.activity, self.iso(p.start), self.iso(p.end)) for p in plan]
        self._write(name, SCHEDULE, rows, exported_at)

    def states(self, name: str, spells: Iterable[Spell], exported_at: int) -> None:
        """Spells of agents in states."""
        rows = [
            (agent, state, reason, self.iso(start), self.iso(end))
            for agent, state, reason, start, end in sorted(spells, key=lambda spell: (spell[0], spell[3]))
        ]
        self._write(name, STATES, rows, exported_at)

    def form(self, exported_at: int) -> None:
        """The evaluation form."""
        quality = self.city.quality
        rows = [
            (
                quality["form_id"],
                quality["form_version"],
                i.id,
                i.section,
                i.text,
                i.weight,
                i.weight,
                i.critical,
            )
            for i in self.city.items
        ]
        self._write("quality_form.csv", FORM, rows, exported_at)

    def evaluations(self, month: str, evaluations: Sequence[Evaluation], exported_at: int) -> None:
        """Evaluations and their answers, a file each."""
        quality = self.city.quality
        rows = [
            (
                e.id, quality["form_id"], quality["form_version"], e.contact.id, e.contact.agent, e.evaluator, e.type,
                e.selection, self.iso(e.contact.at), self.iso(e.submitted_at), e.score,
            )
            for e in evaluations
        ]  # fmt: skip
        self._write(f"evaluations_{month}.csv", EVALUATIONS, rows, exported_at)
        answers = [
            (
                e.id,
                a.item.id,
                "" if a.points is None else a.points,
                a.item.weight,
                int(a.points is None),
                int(a.failed),
            )
            for e in evaluations
            for a in e.answers
        ]
        self._write(f"answers_{month}.csv", ANSWERS, answers, exported_at)


def local(at: int, zone: ZoneInfo) -> datetime:
    """An instant in local time; offsets change on the hour, so one look-up serves all seconds of it."""
    hour = at - at % 3600
    return _hour(hour, zone).replace(minute=at % 3600 // 60, second=at % 60)


@cache
def _hour(at: int, zone: ZoneInfo) -> datetime:
    moment = datetime.fromtimestamp(at, zone)
    # a fixed offset formats many times faster than a zone with rules
    return moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta()))
