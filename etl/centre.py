"""The centre's settings, `centre.toml`: checked, and kept in the warehouse as dated tables like any other source."""

from __future__ import annotations

import hashlib
import json
import secrets
import tomllib
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from etl.layout import first_fault
from sql import Warehouse, WrongUse

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


class CentreSetting(BaseModel):
    """The few things that everything depends on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    timezone: str
    operating_day_starts: time = time(0)
    interval_minutes: int = 30
    short_abandon_seconds: int = Field(default=5, ge=0, le=120)

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{zone!r} is not a time zone; write one like America/Denver") from None
        return zone

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

# A call answered within these seconds met the service level; `goal` is the share that should.
[[target]]
metric = "service_level"
goal = 0.80
within_seconds = 20

# Queues under the names that your exports use, for example:
# [[queue]]
# id = "general"
# name = "General"
# channel = "voice"
# language = "en"
"""
FOLDERS = ("inbox", "forms", "layouts", "metrics", "templates")


def create_centre(folder: Path, *, name: str, timezone: str) -> None:
    """Make an empty centre folder; an existing `centre.toml` is never overwritten."""
    if (folder / "centre.toml").exists():
        raise WrongUse(f"{folder} is a centre folder already. Edit its centre.toml, or choose another folder.")
    try:
        CentreSetting(name=name, timezone=timezone)
    except ValidationError as error:
        raise WrongUse(f"{first_fault(error)}. Nothing was made.") from None
    for part in FOLDERS:
        (folder / part).mkdir(parents=True, exist_ok=True)
    # a text of JSON is a text of TOML, whatever quotes a name holds
    quoted = json.dumps(name, ensure_ascii=False)
    (folder / "centre.toml").write_text(TEMPLATE.format(name=quoted, timezone=timezone), encoding="utf-8")


def read_settings(folder: Path) -> Settings:
    """Read `centre.toml`; raises WrongUse with the place of the first fault."""
    path = folder / "centre.toml"
    if not path.exists():
        message = f"{folder} is not a centre folder: it has no centre.toml. Make one with: fairline init {folder}"
        raise WrongUse(message)
    try:
        return Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise WrongUse(f"{path.name} cannot be used: {first_fault(error)}. Correct that line.") from None


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
    return True


def caller_secret(folder: Path) -> bytes:
    """The key of the callers' hashes: made once, kept outside the warehouse, readable by its owner only."""
    path = folder / "secrets" / "caller.key"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return bytes.fromhex(path.read_text(encoding="ascii").strip())
