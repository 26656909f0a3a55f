"""The few things that a new centre must say: its name, its time zone, when it is open; asked one by one, or given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from etl.opening_hours import spans_of, weekdays_of
from sql import WrongUse

ALWAYS_OPEN = {"mon-sun": "00:00-24:00"}
AROUND_THE_CLOCK = ("24/7", "always")
MACHINE_ZONE = Path("/etc/localtime")
MOST_NEAR = 3

Ask = Callable[[str, str], str]
Tell = Callable[[str], None]
T = TypeVar("T")


@dataclass(frozen=True)
class FirstSettings:
    """What `centre.toml` begins with; `hours` holds the spans of each day or range of days, empty where not said."""

    name: str = "My 311"
    timezone: str = "UTC"
    hours: tuple[tuple[str, str], ...] = ()


def known_zone(name: str) -> str:
    """A zone as the time zone database spells it; raises WrongUse that offers the nearest."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise WrongUse(f"{name!r} is not a time zone; {near_zones(name)}") from None
    return name


def near_zones(name: str) -> str:
    """What to write in place of a zone that is none: those of that city or spelling, else an example.

    >>> near_zones("new york")
    'did you mean America/New_York?'
    """
    # those without a place, as MST, know no daylight saving
    zones = {zone.lower(): zone for zone in sorted(available_timezones()) if "/" in zone}
    wanted = name.strip().lower().replace(" ", "_")
    cities: dict[str, list[str]] = {}
    for folded, zone in zones.items():
        cities.setdefault(folded.rpartition("/")[2], []).append(zone)
    found = [zones[wanted]] if wanted in zones else cities.get(wanted, [])
    if not found:
        city = wanted.rpartition("/")[2]
        found = [zones[one] for one in get_close_matches(wanted, zones, n=MOST_NEAR, cutoff=0.8)]
        found += [zone for one in get_close_matches(city, cities, n=1, cutoff=0.75) for zone in cities[one]]
    near = list(dict.fromkeys(found))[:MOST_NEAR]
    return f"did you mean {' or '.join(near)}?" if near else "write one like America/Denver"


def hours_from_text(text: str) -> tuple[tuple[str, str], ...]:
    """Opening hours as people write them; raises WrongUse that shows how.

    >>> hours_from_text("mon-fri 08:00-17:00; sat 09:00-13:00")
    (('mon-fri', '08:00-17:00'), ('sat', '09:00-13:00'))
    """
    if text.strip().lower() in AROUND_THE_CLOCK:
        return tuple(ALWAYS_OPEN.items())
    found = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        days, _, spans = part.partition(" ")
        try:
            weekdays_of(days)
            spans_of(spans)
        except ValueError as error:
            raise WrongUse(f"{error}. Opening hours read like mon-fri 08:00-17:00; sat 09:00-13:00, or 24/7.") from None
        found.append((days.lower(), spans.strip()))
    return tuple(found)


def machine_zone() -> str:
    """The zone that this machine keeps; empty where it says none, or UTC as servers do: then it is to be asked."""
    zone = str(MACHINE_ZONE.resolve()).partition("zoneinfo/")[2]
    return zone if zone in available_timezones() and not zone.startswith(("Etc/", "UTC")) else ""


def asked(
    ask: Ask, tell: Tell, *, now: datetime, name: str | None, timezone: str | None, hours: str | None
) -> FirstSettings:
    """Ask for what was not given, each until it can be used; `ask` takes a question and what is meant by no answer."""
    known_name = name or ask("The centre's name", FirstSettings.name)
    zone = known_zone(timezone) if timezone else _until_good("Its time zone", machine_zone(), known_zone, ask, tell)
    tell(f"It is {now.astimezone(ZoneInfo(zone)):%H:%M on %A} there.")
    question = "Open when, as mon-fri 08:00-17:00; sat 09:00-13:00, or 24/7 (empty: say it later)"
    spans = hours_from_text(hours) if hours is not None else _until_good(question, "", hours_from_text, ask, tell)
    return FirstSettings(known_name, zone, spans)


def given(tell: Tell, *, name: str | None, timezone: str | None, hours: str | None) -> FirstSettings:
    """What was given, where nobody can be asked; a zone that is only assumed is said."""
    if timezone is None:
        tell("No time zone was given, so UTC is taken, whose days are not yours. Correct centre.toml before you load.")
    zone = known_zone(timezone) if timezone else FirstSettings.timezone
    return FirstSettings(name or FirstSettings.name, zone, hours_from_text(hours or ""))


def _until_good(question: str, otherwise: str, read: Callable[[str], T], ask: Ask, tell: Tell) -> T:
    while True:
        try:
            return read(ask(question, otherwise))
        except WrongUse as error:
            tell(str(error))


def calendar_text(hours: Sequence[tuple[str, str]]) -> str:
    """The opening hours as a calendar of `centre.toml`; an example where there are none."""
    shown = ", ".join(f'{days} = "{spans}"' for days, spans in hours or [("mon-fri", "08:00-17:00")])
    mark = "" if hours else "# "
    lines = ["[[calendar]]", 'id = "centre"', f"open = {{ {shown} }}", 'queues = ["*"]', 'departments = ["*"]']
    more = ['# holidays = "US"', '# subdivision = "CO"', "# closed = [2026-12-24]"]
    return "\n".join([*(f"{mark}{line}" for line in lines), *more])
