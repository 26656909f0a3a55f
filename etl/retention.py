"""How long each class of data is kept: `retention.toml` in the centre folder; what is under legal hold stays."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from etl.erasure import remove_exports
from etl.load import opened_intake
from etl.upkeep import Compacted
from sql import Warehouse, WrongUse, erasure, retention, upkeep
from sql.settings_faults import fault_words

FOREVER = date.max
# a quarter's export and its delay; where data reach no nearer to today, nobody exports any more or the clock is ahead
LONGEST_PAUSE = timedelta(days=100)


class KeepSetting(BaseModel):
    """How many days each class is kept; a class that is not named is kept for ever."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exports: int | None = Field(default=None, ge=1)
    notes: int | None = Field(default=None, ge=1)
    callers: int | None = Field(default=None, ge=1)
    put_aside: int | None = Field(default=None, ge=1)
    snapshots: int | None = Field(default=None, ge=1)


class HoldSetting(BaseModel):
    """Days of which nothing is destroyed, and why: a lawsuit, a request for records."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    reason: str
    first: date = Field(alias="from")
    until: date = Field(default=FOREVER, alias="to")

    @model_validator(mode="after")
    def _holds_a_day(self) -> HoldSetting:
        if self.until <= self.first:
            raise ValueError(
                f"the hold {self.reason!r} goes from {self.first} to {self.until} and holds no day; `to` is the day at "
                "which it ends, and may be left out"
            )
        return self


class RetentionSettings(BaseModel):
    """All of `retention.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keep: KeepSetting = KeepSetting()
    hold: tuple[HoldSetting, ...] = ()


@dataclass(frozen=True)
class Retained:
    """What was destroyed, by class, and what held the rest: a certificate."""

    done_at: str
    before: Mapping[str, str]
    rows: Mapping[str, int]
    exports: int
    holds: tuple[str, ...]
    order: str = ""

    def as_text(self) -> str:
        """What a person reads."""
        gone = [(name, self.rows[name], day) for name, day in self.before.items() if self.rows[name]]
        told = [f"{name}: {rows:,} rows emptied, older than {day}" for name, rows, day in gone]
        told += [f"exports: {self.exports:,} removed as they came in"] if self.exports else []
        told = told or ["Nothing is older than retention.toml allows."]
        told += [self.order] if self.order else []
        return "\n".join([*told, *(f"held: {reason}" for reason in self.holds)])


def read_retention(folder: Path) -> RetentionSettings:
    """The retention of a centre; raises WrongUse where none is set, or what is set is wrong."""
    path = folder / "retention.toml"
    if not path.exists():
        raise WrongUse(
            f"{path} is not there, so everything is kept for ever. Write how many days each class is kept: "
            "[keep] exports = 365, notes = 730, callers = 730, put_aside = 90"
        )
    try:
        return RetentionSettings(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise WrongUse(
            f"{path}: {fault_words(error, RetentionSettings)} Correct that line; nothing was destroyed."
        ) from None


def retain(folder: Path, *, now: datetime, wait: bool = False, clock_is_right: bool = False) -> Retained:
    """Destroy what is older than its class allows and not held; what is counted stays.

    The tables' files are written anew where something went, put together where many small ones are, and a certificate
    with counts is kept. Snapshots of an age end, none while there is a hold. Raises WrongUse without retention.toml,
    and where no data reach near to today, unless the `clock_is_right`: by one that is ahead too much would go.
    """
    settings = read_retention(folder)
    today = now.date()
    days = {name: today - timedelta(days=kept) for name, kept in settings.keep if kept is not None}
    held = [(hold.first, hold.until) for hold in settings.hold]
    exports_before = days.pop("exports", None)
    snapshots = days.pop("snapshots", None)
    with opened_intake(folder, now=now, wait=wait) as intake:
        if not clock_is_right:
            _check_clock(intake.warehouse, now)
        with intake.warehouse.transaction():
            rows = retention.retain(intake.warehouse, days, held)
        files = retention.loaded_before(intake.warehouse, exports_before, held) if exports_before else frozenset[str]()
        if any(rows.values()):
            erasure.rewrite(intake.warehouse)
        ends = today - snapshots if snapshots and not held else None
        order = Compacted(*upkeep.compact(intake.warehouse, now=now, ends=ends))
    if any(rows.values()):
        erasure.clear_catalogue(folder / "warehouse")
    told = {name: day.isoformat() for name, day in days.items()}
    gone = len(remove_exports(folder, files)) if files else 0
    done = Retained(now.isoformat(), told, rows, gone, tuple(hold.reason for hold in settings.hold), order.as_text())
    if gone or any(rows.values()):
        path = folder / "certificates" / f"retained-{now:%Y%m%dT%H%M%S}.json"
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.write_text(json.dumps(asdict(done), indent=2) + "\n", encoding="utf-8")
    return done


def _check_clock(warehouse: Warehouse, now: datetime) -> None:
    """Raise WrongUse where today lies far after all that was loaded: what is destroyed cannot be had back."""
    newest: datetime | None = warehouse.fetch("facts/newest_data")[0][0]
    if newest is not None and now - newest.replace(tzinfo=UTC) > LONGEST_PAUSE:
        raise WrongUse(
            f"This machine's clock says {now:%Y-%m-%d}, and the newest data are of {newest:%Y-%m-%d}. Nothing was "
            "destroyed: by a clock that is ahead, what must be kept would go. If the clock is wrong, set it. If it is "
            "right and nothing is exported any more, run: fairline retain --clock-is-right"
        )
