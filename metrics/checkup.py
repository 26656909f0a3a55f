"""Is the warehouse well? The engine and its extensions, the catalogue and its files, the last load, every source."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from metrics.catalogue import catalogue_of
from metrics.centre import Centre, open_centre
from metrics.coverage import Freshness, freshness
from metrics.text import number_of
from sql import engine, schema
from sql.findings import Check, Finding, looked_at, ok, warning, wrong

# pages and papers make their own findings, and import from here
__all__ = ["Finding", "checkup", "looked_at", "ok", "warning", "wrong"]

# from so many days of loading on a source has a rhythm, and after so many times its usual pause it is overdue
FEWEST_DAYS, PATIENCE = 3, 2
SHORTEST_PAUSE = timedelta(days=2)
# a file may lie in the inbox so long before somebody should ask why
RESTS = timedelta(hours=1)


class Rhythm(NamedTuple):
    """How often a source was loaded: the last day (UTC), on how many days, and the usual days between two of them."""

    last_day: date
    loading_days: int
    usual_days: float | None


def checkup(folder: Path, now: datetime) -> list[Finding]:
    """Look at the engine, and at the warehouse of a centre where there is one."""
    found = looked_at([("extensions", _extensions)])
    if not (folder / "centre.toml").exists() or any(one.verdict == "wrong" for one in found):
        return found
    for check in (("definitions", partial(_definitions, folder)), ("catalogue", partial(_catalogue, folder))):
        found += looked_at([check])
        if found[-1].verdict != "ok":
            return found
    with open_centre(folder) as centre:
        return found + looked_at(_of_centre(centre, now))


def _of_centre(centre: Centre, now: datetime) -> Iterator[Check]:
    yield "snapshot", partial(_snapshot, centre, now)
    yield "clock", partial(_clock, centre, now)
    yield "zone", partial(_zone, centre, now)
    yield "inbox", partial(_inbox, centre, now)
    rhythms = {row[0]: Rhythm(*row[1:]) for row in centre.named("facts/loading_rhythm").iter_rows()}
    for source in freshness(centre):
        yield f"source {source.source}", partial(_source, source, rhythms[source.source], now)


def _extensions() -> Finding:
    lacking = [name for name in engine.EXTENSIONS if not engine.extension_file(name).is_file()]
    if lacking:
        return wrong(
            f"DuckDB {engine.VERSION} has no extension {' and '.join(lacking)} of its version",
            "Install the locked requirements again: engine and extensions must be of one version.",
        )
    engine.start().close()
    return ok(f"DuckDB {engine.VERSION} with {' and '.join(engine.EXTENSIONS)}")


def _definitions(folder: Path) -> Finding:
    own = len(list((folder / "metrics").glob("*.toml")))
    catalogue = catalogue_of(folder)
    told = f"{number_of(len(catalogue.metrics), 'metric')}, {number_of(own, 'file')} of your own"
    return ok(
        f"{told}, in place of the shipped {', '.join(sorted(catalogue.replaced))}" if catalogue.replaced else told
    )


def _catalogue(folder: Path) -> Finding:
    """Whether the catalogue can be opened, is of this Fairline, and names only files that are there."""
    is_elsewhere = any(name.startswith("FAIRLINE_WAREHOUSE") for name in os.environ)
    if not is_elsewhere and not (folder / "warehouse").is_dir():
        return warning("nothing was loaded yet", f"fairline load EXPORT... --centre {folder}")
    with open_centre(folder) as centre:
        tables = schema.columns_there(centre.warehouse.connection)
        named = [
            row[0] for table in tables for row in centre.warehouse.fetch("lake/data_files", {"table": table})
        ]  # fmt: skip
    lost = [path for path in named if "://" not in path and not Path(path).is_file()]
    if lost:
        return wrong(
            f"{number_of(len(lost), 'data file')} of {len(named):,} are gone, the first {Path(lost[0]).name}",
            "Restore warehouse/ from a backup, or move it away and load the files of landed/ again.",
        )
    return ok(f"opens; {number_of(len(tables), 'table')}, {number_of(len(named), 'data file')}, all there")


def _snapshot(centre: Centre, now: datetime) -> Finding:
    number, made_at, kept = centre.named("lake/newest_snapshot").row(0)
    return ok(f"{number}, {_ago(made_at, now)} old; {number_of(kept, 'snapshot')} kept")


def _clock(centre: Centre, now: datetime) -> Finding:
    """Whether this machine's clock can be right: no load was made in the future."""
    last: datetime | None = centre.named("facts/last_loaded").item()
    local = now.astimezone(centre.timezone)
    if last is not None and last.replace(tzinfo=UTC) > now + timedelta(minutes=5):
        return wrong(
            f"this machine says {local:%Y-%m-%d %H:%M %Z}, and the last load was made after that",
            "Set the clock and keep it by NTP: timedatectl set-ntp true. Newest-export-wins goes by it.",
        )
    return ok(f"{local:%Y-%m-%d %H:%M %Z}")


def _zone(centre: Centre, now: datetime) -> Finding:
    """Whether engine and Python read the zone's rules alike: else hours would shift between page and warehouse."""
    zone = centre.timezone
    moments = [datetime(now.year + (now.month + ahead) // 12, (now.month + ahead) % 12 + 1, 1) for ahead in range(12)]  # noqa: DTZ001
    told = centre.named("lake/local_times", zone=zone.key, moments=moments)
    differing = [moment for moment, local in told.iter_rows() if _in_zone(moment, zone) != local]
    if differing:
        return wrong(
            f"{zone.key}: DuckDB and Python differ about the offset in {differing[0]:%B %Y}",
            "Bring the package tzdata up to date, and tell us which zone.",
        )
    return ok(f"{zone.key}; both zone tables agree for the next year")


def _in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)


def _inbox(centre: Centre, now: datetime) -> Finding:
    """Whether files wait that came after the last load."""
    last: datetime | None = centre.named("facts/last_loaded").item()
    since = last.replace(tzinfo=UTC) if last else now.replace(year=1)
    inbox = centre.folder / "inbox"
    files = [path for path in inbox.iterdir() if path.is_file() and path.name[0] not in ".~"] if inbox.is_dir() else []
    came = {path.name: datetime.fromtimestamp(max(path.stat().st_mtime, path.stat().st_ctime), UTC) for path in files}
    waiting = [name for name, at in came.items() if since < at < now - RESTS]
    if waiting:
        return warning(
            f"{number_of(len(waiting), 'file')} came after the last load and wait, the first {min(waiting)!a}",
            f"fairline load --centre {centre.folder}, or let fairline watch run as a service.",
        )
    return ok(f"{number_of(len(files), 'file')}, none waiting")


def _source(source: Freshness, rhythm: Rhythm, now: datetime) -> Finding:
    """Whether a source comes as often as it used to."""
    reach = f"data to {source.data_to:%Y-%m-%d %H:%M %Z}" if source.data_to else "no dated rows"
    if rhythm.usual_days is None or rhythm.loading_days < FEWEST_DAYS:
        return ok(f"{reach}; loaded {source.loaded_at:%Y-%m-%d}, how often it comes is not known yet")
    usual = number_of(round(rhythm.usual_days), "day") if round(rhythm.usual_days) != 1 else "day"
    pause = now.astimezone(UTC).date() - rhythm.last_day
    if pause > max(SHORTEST_PAUSE, timedelta(days=PATIENCE * rhythm.usual_days)):
        return warning(
            f"{reach}; it comes every {usual}, and nothing came for {number_of(pause.days, 'day')}",
            f"Look whether {source.source} still exports and where its files go; then load them.",
        )
    return ok(f"{reach}; it comes every {usual}")


def _ago(moment: datetime, now: datetime) -> str:
    hours = (now - moment).total_seconds() / 3600
    return number_of(round(hours / 24), "day") if hours >= 48 else number_of(max(round(hours), 0), "hour")
