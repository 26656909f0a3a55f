"""The people of the demo city: teams, skills, hours, and how they truly differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from etl.demo_city.city import City, CityTeam

FIRST_NAMES = (
    "Ada Amir Anh Bea Bo Caro Chidi Dana Dev Elif Enzo Faye Finn Gia Hugo Ida Ines Ivo Jada Jonas Kai "
    "Kira Lars Lena Lior Mae Malik Mara Milo Nadia Niko Noor Olga Omar Otto Pia Quinn Rafa Remy Rosa Sami "
    "Selma Tariq Tess Tomas Uma Vera Wren Yara Zane"
).split()
LAST_NAMES = (
    "Abara Alder Birch Brook Calder Castel Dale Dorn Eklund Farrow Fenn Garrow Hale Holm Ibarra Jarvi "
    "Keller Kestrel Lark Linden Marsh Moro Nakano Nyberg Orchard Pell Quill Reyes Rowan Sable Sorrel Tamm "
    "Thorne Ueda Vance Vega Wilder Yarrow Zeller Zamora Zhou"
).split()
# what waits without anybody on the line
DEFERRED = ("written",)
# a team smaller than this cannot keep its queue alone through days off and leave, so that all help
FEW = 5
DAYS_BETWEEN_LEAVES = 120
SHIFT_SECONDS = int(8.5 * 3600)
# offset into the shift and length, in minutes
PAUSES = (("break", 110, 15), ("meal", 230, 30), ("break", 380, 15))


@dataclass
class Person:
    """An agent; `pace` multiplies handle times, `care` is added to the chance to pass a quality item."""

    id: str
    name: str
    team: CityTeam
    bilingual: bool
    hired_on: date
    days_off: tuple[int, int]
    pace: float = 1.0
    care: float = 0.0
    moves: tuple[date, CityTeam] | None = None
    leaves_on: date | None = None
    joins_on: date | None = None
    absences: set[date] = field(default_factory=set)
    helps_with_letters: bool = False

    def team_on(self, day: date) -> CityTeam:
        """The team on a day."""
        return self.moves[1] if self.moves and day >= self.moves[0] else self.team

    def works_on(self, day: date) -> bool:
        """Whether a shift of this person starts on a day."""
        gone = self.leaves_on is not None and day >= self.leaves_on
        not_yet = self.joins_on is not None and day < self.joins_on
        return not (gone or not_yet or day.weekday() in self.days_off or day in self.absences)

    def skills_on(self, day: date) -> tuple[str, ...]:
        """The queues that this person takes, the dearest first."""
        queues = self.team_on(day).queues
        if self.bilingual and "spanish" not in queues and "written" not in queues:
            queues = ("spanish", *queues)
        return (*queues, *(queue for queue in DEFERRED if queue not in queues)) if self.helps_with_letters else queues


def hire(city: City, *, agents: int, first: date, until: date, rng: Random) -> list[Person]:
    """The staff: team by team, with days off spread over the week, leave and illness, and the few who truly differ."""
    sizes = team_sizes(city, agents)
    people: list[Person] = []
    for team, size in zip(city.teams, sizes, strict=True):
        for place in range(size):
            number = len(people) + 1
            people.append(
                Person(
                    id=f"A{1000 + number}",
                    name=_name(number),
                    team=team,
                    bilingual=place < team.bilingual,
                    hired_on=first - timedelta(days=rng.randrange(90, 4000)),
                    days_off=_days_off(number, place, team),
                )
            )
    _differ(people)
    _change(people, city, first, until)
    letters = sum("written" in person.team.queues for person in people)
    for person in people:
        person.absences = _absences(first, until, rng)
        person.helps_with_letters = letters < FEW
    return people


def _name(number: int) -> str:
    """A made-up name; no two of the first thousand are the same."""
    return f"{FIRST_NAMES[(number * 7) % len(FIRST_NAMES)]} {LAST_NAMES[(number * 11) % len(LAST_NAMES)]}"


def team_sizes(city: City, agents: int) -> list[int]:
    """Agents parted over the teams by weight, at least one each."""
    total = sum(team.weight for team in city.teams)
    sizes = [max(1, round(agents * team.weight / total)) for team in city.teams]
    while sum(sizes) != agents and agents >= len(sizes):
        largest = sizes.index(max(sizes))
        sizes[largest] += 1 if sum(sizes) < agents else -1
    return sizes


def _days_off(number: int, place: int, team: CityTeam) -> tuple[int, int]:
    """Most are off at the weekend; three of eight work then and are off on two other days; some teams rotate."""
    if team.shift == "night" or "written" in team.queues:
        return (place * 3 % 7, (place * 3 + 1) % 7)
    if number * 3 % 8 < 3:
        return ((3, 4), (2, 3), (4, 1))[number // 3 % 3]
    return (5, 6)


def _differ(people: list[Person]) -> None:
    """Two are slower by a quarter, one is faster, two are less careful, one more; all others do not differ at all."""
    count = len(people)
    for share, pace in ((0.11, 1.25), (0.31, 1.25), (0.21, 0.80)):
        people[int(count * share)].pace = pace
    for share, care in ((0.16, -0.10), (0.41, -0.10), (0.36, 0.06)):
        people[int(count * share)].care = care


def _change(people: list[Person], city: City, first: date, until: date) -> None:
    """Two move to another team in the middle, one leaves, one joins."""
    count = len(people)
    if count < 12:
        return
    middle = first + (until - first) / 2
    moves_on = middle - timedelta(days=middle.weekday())
    if moves_on <= first:
        return
    for share, team in ((0.25, 1), (0.55, 2)):
        person = people[int(count * share)]
        others = [one for one in (*city.teams[team:], *city.teams[:team]) if one.id != person.team.id]
        person.moves = (moves_on, others[0])
    people[int(count * 0.47)].leaves_on = moves_on
    newcomer = people[int(count * 0.61)]
    newcomer.joins_on = newcomer.hired_on = moves_on


def _absences(first: date, until: date, rng: Random) -> set[date]:
    days = [first + timedelta(days=number) for number in range((until - first).days)]
    away = {day for day in days if rng.random() < 0.035}
    if len(days) > 7 and rng.random() < len(days) / DAYS_BETWEEN_LEAVES:
        leave = rng.randrange(len(days) - 7)
        away |= set(days[leave : leave + 7])
    return away


def shift_of(person: Person, day: date, city: City) -> tuple[int, int]:
    """When a shift that starts on a day begins and ends, in epoch seconds."""
    hour, minute = map(int, person.team_on(day).starts.split(":"))
    start = int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=city.zone).timestamp())
    return start, start + SHIFT_SECONDS


def pauses_of(person: Person, day: date, start: int) -> list[tuple[str, int, int]]:
    """The planned pauses of a shift: activity, start and end; colleagues take them one after another."""
    stagger = (int(person.id[1:]) % 6) * 15 - 30
    plan = [(kind, start + (offset + stagger) * 60, length * 60) for kind, offset, length in PAUSES]
    if day.weekday() == 2 and int(person.id[1:]) % 4 == (day.isocalendar().week % 4):
        plan.append(("training", start + 420 * 60, 30 * 60))
    return [(kind, at, at + length) for kind, at, length in sorted(plan, key=lambda pause: pause[1])]
