"""The centre's settings, `centre.toml`: checked, and kept in the warehouse as dated tables like any other source."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from etl.first_settings import calendar_text, known_zone
from etl.opening_hours import CalendarSetting, weekdays_of
from sql import Warehouse, WrongUse, statement
from sql.disk import new_secret
from sql.renaming import changing
from sql.settings_faults import fault_words
from sql.touched_days import begin_touching, keep_touched

ALWAYS = date(1900, 1, 1)


class QueueSetting(BaseModel):
    """A queue under the name that exports use."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str | None = None
    channel: str | None = None
    language: str | None = None


class TargetSetting(BaseModel):
    """What a metric should reach, for a queue or for the centre, from a day on."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    metric: str
    goal: float | None = None
    within_seconds: int | None = Field(default=None, ge=0, le=86_400)
    queue: str | None = None
    valid_from: date = Field(default=ALWAYS, alias="from")
    valid_to: date | None = Field(default=None, alias="to")


class RequestTypeSetting(BaseModel):
    """A request type under the name that exports use: does it ask for information, or for work of a department?"""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: Literal["information", "request"]
    department: str | None = None


class RequestTargetSetting(BaseModel):
    """What a metric of requests should reach, for a request type or a department, from a day on."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    metric: str
    goal: float
    request_type: str | None = None
    department: str | None = None
    valid_from: date = Field(default=ALWAYS, alias="from")
    valid_to: date | None = Field(default=None, alias="to")


class RequestDueSetting(BaseModel):
    """In what time requests are to be closed to which their source gives no date: open days of the calendar, or any."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    request_type: str | None = None
    department: str | None = None
    business_days: int | None = Field(default=None, ge=1)
    days: int | None = Field(default=None, ge=1)
    valid_from: date = Field(default=ALWAYS, alias="from")
    valid_to: date | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _is_one_time(self) -> RequestDueSetting:
        if (self.business_days is None) == (self.days is None):
            raise ValueError("a request is due in business_days or in days; write one of the two")
        return self


class AliasSetting(BaseModel):
    """Names by which exports call one person, queue or department; of one source, or of all, from a day on."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    agent: str | None = None
    queue: str | None = None
    department: str | None = None
    names: tuple[str, ...] = Field(min_length=1)
    source: str | None = None
    valid_from: date | None = Field(default=None, alias="from")
    valid_to: date | None = Field(default=None, alias="to")

    @model_validator(mode="after")
    def _means_one(self) -> AliasSetting:
        if len(self.means) != 1:
            raise ValueError("an alias stands for one agent, queue or department; name exactly one of the three")
        return self

    @property
    def means(self) -> list[tuple[str, str]]:
        """The kind and the id of whom the names stand for."""
        known = {"agent": self.agent, "queue": self.queue, "department": self.department}
        return [(kind, entity) for kind, entity in known.items() if entity]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Rows of `alias`, in the order of its columns."""
        ((kind, entity),) = self.means
        for name in self.names:
            # settings have neither file nor line
            yield (
                kind, "centre.toml", name, entity, self.valid_from, self.valid_to, "setting", None, self.source,
                *[None] * 8,
            )  # fmt: skip


class PeakSetting(BaseModel):
    """Whole hours that the centre calls peak hours; the hour at which they end is out."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    days: str = "mon-fri"
    first_hour: int = Field(alias="from", ge=0, le=23)
    last_hour: int = Field(alias="to", ge=1, le=24)

    @field_validator("days")
    @classmethod
    def _are_days(cls, days: str) -> str:
        weekdays_of(days)
        return days


class RuleSetting(BaseModel):
    """Numbers by which the centre reckons; one that is not set has the value of the metric's definition."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fiscal_month: int | None = Field(default=None, ge=1, le=12)
    reopen_days: float | None = Field(default=None, gt=0)
    repeat_days: float | None = Field(default=None, gt=0)
    routing_days: float | None = Field(default=None, gt=0)
    early_closure_minutes: float | None = Field(default=None, ge=0)
    callback_minutes: float | None = Field(default=None, gt=0)
    short_answered_seconds: float | None = Field(default=None, ge=0)
    description_letters: float | None = Field(default=None, ge=0)
    shared_line_contacts: float | None = Field(default=None, gt=0)
    long_wait_seconds: float | None = Field(default=None, gt=0)
    long_hold_seconds: float | None = Field(default=None, gt=0)
    repeat_contacts: float | None = Field(default=None, ge=2)


class CentreSetting(BaseModel):
    """The few things that everything depends on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    timezone: str
    operating_day_starts: time = time(0)
    interval_minutes: int = 30
    # what pages and papers speak, with a region where numbers and times of day are written otherwise: "es", "es-MX"
    language: str = Field(default="en", pattern=r"^[a-z]{2}(-[A-Z]{2})?$")
    short_abandon_seconds: int = Field(default=5, ge=0, le=120)

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, zone: str) -> str:
        try:
            return known_zone(zone)
        except WrongUse as error:
            raise ValueError(str(error)) from None

    @field_validator("interval_minutes")
    @classmethod
    def _parts_an_hour(cls, minutes: int) -> int:
        if minutes not in (15, 30, 60):
            raise ValueError("an interval is 15, 30 or 60 minutes")
        return minutes


class SourceSetting(BaseModel):
    """What a source's exports do differently here than their layout says."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    timezone: str | None = None


class Settings(BaseModel):
    """All of `centre.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    centre: CentreSetting
    queue: tuple[QueueSetting, ...] = ()
    target: tuple[TargetSetting, ...] = ()
    source: dict[str, SourceSetting] = Field(default_factory=dict)
    calendar: tuple[CalendarSetting, ...] = ()
    request_type: tuple[RequestTypeSetting, ...] = ()
    request_target: tuple[RequestTargetSetting, ...] = ()
    request_due: tuple[RequestDueSetting, ...] = ()
    peak: tuple[PeakSetting, ...] = ()
    alias: tuple[AliasSetting, ...] = ()
    rules: RuleSetting = RuleSetting()
    # how reports are sent is read by the part that sends them
    mail: dict[str, Any] = Field(default_factory=dict)
    delivery: tuple[dict[str, Any], ...] = ()

    def zone_of(self, source_id: str, layout_zone: str) -> str:
        """The zone of a source's local times: the centre's own word, else the layout's, else the centre's zone."""
        setting = self.source.get(source_id)
        if setting and setting.timezone:
            return setting.timezone
        return self.centre.timezone if layout_zone == "centre" else layout_zone


TEMPLATE = """\
[centre]
name = {name}
timezone = "{timezone}"
operating_day_starts = "00:00"
interval_minutes = 30
short_abandon_seconds = 5
# What pages and papers speak: "en" or "es", with a region where numbers and times of day follow it: "es-MX".
# language = "es"

# A call answered within these seconds met the service level; `goal` is the share that should.
[[target]]
metric = "service_level"
goal = 0.80
within_seconds = 20

# When queues and departments are open ("*": all that no other calendar names), and which public holidays they keep:
{calendar}

# Queues under the names that your exports use, for example:
# [[queue]]
# id = "general"
# name = "General"
# channel = "voice"
# language = "en"

# Other names of a person, a queue or a department, for example the log-in of a phone system. What was loaded under
# such a name before is credited anew with the next load; no file is needed again:
# [[alias]]
# agent = "maria.lopez"
# names = ["4711", "PJSIP/4711"]
# source = "asterisk"
# from = 2026-03-01
"""
# the key of the callers' hashes
KEY_FILE = Path("secrets/caller.key")
# a key of fewer bytes could be tried out
SHORTEST_KEY = 32
FOLDERS = ("inbox", "forms", "layouts", "metrics", "templates")


def check_is_new(folder: Path) -> None:
    """Raise WrongUse where a folder is a centre already."""
    if (folder / "centre.toml").exists():
        raise WrongUse(f"{folder} is a centre folder already. Edit its centre.toml, or choose another folder.")


def create_centre(folder: Path, *, name: str, timezone: str, hours: Sequence[tuple[str, str]] = ()) -> None:
    """Make an empty centre folder; an existing `centre.toml` is never overwritten."""
    check_is_new(folder)
    try:
        CentreSetting(name=name, timezone=timezone)
    except ValidationError as error:
        raise WrongUse(f"{fault_words(error)} Nothing was made.") from None
    for part in FOLDERS:
        (folder / part).mkdir(parents=True, exist_ok=True)
    # a text of JSON is a text of TOML, whatever quotes a name holds
    quoted = json.dumps(name, ensure_ascii=False)
    text = TEMPLATE.format(name=quoted, timezone=timezone, calendar=calendar_text(hours))
    (folder / "centre.toml").write_text(text, encoding="utf-8")


def read_settings(folder: Path) -> Settings:
    """Read `centre.toml`; raises WrongUse with the place of the first fault."""
    path = folder / "centre.toml"
    if not path.exists():
        message = f"{folder} is not a centre folder: it has no centre.toml. Make one with: fairline init {folder}"
        raise WrongUse(message)
    try:
        return Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise WrongUse(f"{path.name} cannot be used: {fault_words(error, Settings)} Correct that line.") from None


def settings_hash(folder: Path) -> str:
    """What tells one state of the settings from another."""
    return hashlib.sha256((folder / "centre.toml").read_bytes()).hexdigest()


def keep_settings(warehouse: Warehouse, settings: Settings, digest: str) -> bool:
    """Replace the settings tables where `centre.toml` changed; inside a transaction. Says whether it changed."""
    if warehouse.fetch("facts/settings_hash") == [(digest,)]:
        return False
    centre = settings.centre
    day_start = timedelta(hours=centre.operating_day_starts.hour, minutes=centre.operating_day_starts.minute)
    rows: dict[str, list[tuple[Any, ...]]] = {
        "centre": [
            (
                centre.name,
                centre.timezone,
                int(day_start.total_seconds() * 1000),
                centre.interval_minutes * 60_000,
                centre.short_abandon_seconds * 1000,
                digest,
            )
        ],
        "queue": [(q.id, q.name or q.id, q.channel, q.language, None, None, None) for q in settings.queue],
        **_reckoning_rows(settings),
        "target": [
            (
                t.metric,
                t.queue,
                t.goal,
                None if t.within_seconds is None else t.within_seconds * 1000,
                t.valid_from,
                t.valid_to,
            )
            for t in settings.target
        ],
    }
    for table, values in rows.items():
        warehouse.replace_rows(table, values)
    _keep_calendars(warehouse, settings)
    _keep_aliases(warehouse, settings)
    return True


def _reckoning_rows(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """The rows by which figures are reckoned: rules, peak hours, calendars in use, types and their targets."""
    hours = {
        (day + 1, hour)
        for peak in settings.peak
        for day in weekdays_of(peak.days)
        for hour in range(peak.first_hour, peak.last_hour)
    }
    uses = [
        (kind, None if name == "*" else name, calendar.id)
        for calendar in settings.calendar
        for kind, named in (("department", calendar.departments), ("queue", calendar.queues))
        for name in named
    ]
    targets = [
        (t.metric, t.request_type, t.department, t.goal, t.valid_from, t.valid_to) for t in settings.request_target
    ]
    return {
        "rule": [(name, float(number)) for name, number in settings.rules if number is not None],
        "peak_hour": sorted(hours),
        "calendar_use": uses,
        "request_type": [(one.id, one.kind, one.department) for one in settings.request_type],
        "request_target": targets,
        "request_due": [
            (t.request_type, t.department, t.business_days, t.days, t.valid_from, t.valid_to)
            for t in settings.request_due
        ],
    }


def _keep_aliases(warehouse: Warehouse, settings: Settings) -> None:
    """Keep the names in place of the earlier settings, and resolve what is stored under those that changed."""
    begin_touching(warehouse)
    with changing(warehouse):
        warehouse.execute(statement("facts/forget_alias_settings"))
        warehouse.append_rows("alias", [row for alias in settings.alias for row in alias.rows()])
    keep_touched(warehouse)


def _keep_calendars(warehouse: Warehouse, settings: Settings) -> None:
    """Lay out every calendar's opening windows in place of the earlier ones."""
    warehouse.replace_rows(
        "calendar", [row for calendar in settings.calendar for row in calendar.rows(settings.centre.timezone)]
    )


def caller_secret(folder: Path) -> bytes:
    """The key of the callers' hashes: made once, kept outside the warehouse, readable by its owner only.

    Raises WrongUse for a file that holds no key: under another key, or none, known callers would be strangers.
    """
    path = folder / KEY_FILE
    if not path.exists():
        new_secret(path)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) < SHORTEST_KEY:
        raise WrongUse(f"{path} holds no key, which has {SHORTEST_KEY} bytes or more. Put it back from the backup.")
    return key
