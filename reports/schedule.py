"""The schedule of reports in `centre.toml`: which report, when, to whom, and what each kind of reader may have."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from metrics import Period, Scope, WrongUse, fault_words, text
from metrics.language import chosen
from metrics.roles import role_named

Report = Literal["daily", "packet", "monthly", "quality"]
# papers that name people are never attached; a link leads to them
NAMES_NOBODY: frozenset[Report] = frozenset({"monthly"})


class Mail(BaseModel):
    """How mail is sent: `[mail]` of centre.toml. The password stands in a file of its own."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    host: str
    port: int = 587
    encryption: Literal["starttls", "tls", "none"] = "starttls"
    sender: str = Field(alias="from")
    user: str | None = None
    password_file: str | None = None
    ca_file: str | None = None
    links: str | None = None
    tell: tuple[str, ...] = ()


class Recipient(BaseModel):
    """Who gets a report, in which role (`metrics/roles.toml`), and in which language where not in the centre's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: str
    role: str
    team: str | None = None
    agent: str | None = None
    language: str | None = None

    @property
    def scope(self) -> Scope:
        """What the recipient may see: what the role sees on the pages."""
        return role_named(self.role).scope(teams=[self.team] if self.team else [], person=self.agent)

    @field_validator("language")
    @classmethod
    def _is_spoken(cls, language: str | None) -> str | None:
        try:
            return language and chosen(language)
        except WrongUse as error:
            raise ValueError(str(error)) from None

    @model_validator(mode="after")
    def _says_whose(self) -> Recipient:
        try:
            sees = role_named(self.role).sees
        except WrongUse as error:
            raise ValueError(str(error)) from None
        if sees == "teams" and not self.team:
            raise ValueError(f"{self.address} is a {self.role}: say of which team")
        if sees == "own" and not self.agent:
            raise ValueError(f"{self.address} is an {self.role}: say which")
        return self


class Delivery(BaseModel):
    """One report to some people: `[[delivery]]` of centre.toml."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    report: Report
    every: Literal["day", "week", "month"]
    on: int = Field(default=1, ge=1, le=28)
    at: time = time(6)
    wait_hours: float = Field(default=6, ge=0, le=336)
    to: tuple[Recipient, ...]

    @model_validator(mode="after")
    def _is_allowed(self) -> Delivery:
        for one in self.to:
            if self.report not in role_named(one.role).reports:
                raise ValueError(f"{one.role} ({one.address}) may not have the report {self.report!r}")
        if self.report != "daily" and self.every == "day":
            raise ValueError(f"the report {self.report!r} is of a week or a month, not of a day")
        if self.report == "monthly" and self.every != "month":
            raise ValueError("the monthly report is sent every month")
        if self.every == "week" and self.on > 7:
            raise ValueError("on is a day of the week, 1 (Monday) to 7")
        return self

    def due(self, now: datetime, zone: ZoneInfo) -> tuple[Period, datetime]:
        """The period whose report is due last, and when it was; `now` and the moment are local."""
        local = now.astimezone(zone)
        day = local.date() if local.timetz().replace(tzinfo=None) >= self.at else local.date() - timedelta(days=1)
        if self.every == "week":
            day -= timedelta(days=(day.isoweekday() - self.on) % 7)
        elif self.every == "month":
            day = _month_day(day, self.on)
        return self._period_before(day), datetime.combine(day, self.at, zone)

    def _period_before(self, day: date) -> Period:
        if self.every == "day":
            return Period.day(day - timedelta(days=1))
        return Period.week(day).before() if self.every == "week" else Period.month(day.year, day.month).month_before()

    @property
    def is_attached(self) -> bool:
        """Whether the paper itself is mailed, or a link to it."""
        return self.report in NAMES_NOBODY


def _month_day(day: date, on: int) -> date:
    """The last time that a day of the month came, up to a day."""
    month = day if day.day >= on else day.replace(day=1) - timedelta(days=1)
    return month.replace(day=on)


def has_deliveries(folder: Path) -> bool:
    """Whether a centre schedules any report."""
    path = folder / "centre.toml"
    try:
        return bool(tomllib.loads(path.read_text(encoding="utf-8")).get("delivery"))
    except (OSError, tomllib.TOMLDecodeError):
        return False


def schedule(folder: Path) -> tuple[Mail, tuple[Delivery, ...]]:
    """The mail settings and the deliveries; raises WrongUse with the place of the first fault."""
    path = folder / "centre.toml"
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
        deliveries = tuple(Delivery.model_validate(one) for one in settings.get("delivery", ()))
        mail = Mail.model_validate(settings.get("mail", {})) if deliveries else None
    except OSError:
        raise WrongUse(f"{folder} is not a centre folder: it has no centre.toml.") from None
    except tomllib.TOMLDecodeError as error:
        raise WrongUse(f"centre.toml cannot be read: {error}. Correct that line.") from None
    except ValidationError as error:
        fault = fault_words(error, Mail if error.title == "Mail" else Delivery)
        raise WrongUse(f"centre.toml, {error.title.lower()}: {fault} See docs/deliver.md.") from None
    if mail is None:
        raise WrongUse("centre.toml schedules no report. Add [[delivery]] and [mail]: see docs/deliver.md.")
    names = [one.name for one in deliveries]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise WrongUse(f"centre.toml has several deliveries called {text.listed(sorted(twice))}. Give each its name.")
    if mail.links is None and any(not one.is_attached for one in deliveries):
        raise WrongUse('Papers about people are sent as links: say in [mail] where they lead, links = "https://...".')
    return mail, deliveries
