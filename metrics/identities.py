"""The identities that figures must satisfy, checked place by place: on the days that a load touched, or on all."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from metrics.availability import has_rows
from metrics.catalogue import Metric
from metrics.centre import Centre
from metrics.figures import measure, rows
from metrics.language import N_, speaking
from metrics.period import Period
from metrics.scope import Scope
from metrics.stored import in_parts, rows_of
from metrics.versions import fingerprint
from metrics.written import replaced, turn
from sql import DiskFull, grain, names, statement

PLACES: dict[str, Any] = {"place": pl.String, "stated": pl.Float64, "found": pl.Float64, "behind": pl.List(pl.String)}
SMALLEST = 1e-6


@dataclass(frozen=True)
class Identity:
    """One identity with the places where it does not close: `place`, `stated`, `found`, and what is `behind` it."""

    name: str
    law: str
    open_places: pl.DataFrame

    @property
    def closes(self) -> bool:
        """Whether nothing is open."""
        return self.open_places.is_empty()


def identities(centre: Centre, *, days: Collection[date] | None = None) -> list[Identity]:
    """Every identity, on some operating days or on all; a whole check is done once per snapshot and kept with it."""
    if days is not None:
        return _checked(centre, sorted(days))
    return centre.once("identities", lambda: _kept(centre) or _checked_whole(centre))


def _checked_whole(centre: Centre) -> list[Identity]:
    """Check every day, and keep what was found; where another process does so already, wait for what that finds."""
    path = _place(centre)
    with _turn(path.parent):
        if (kept := _kept(centre)) is not None:
            return kept
        first, last = centre.named("facts/whole_span").row(0)
        whole = [] if first is None else [first + timedelta(days=number) for number in range((last - first).days + 1)]
        # what is kept with the snapshot is read by speakers of any language
        with speaking("en"):
            found = _checked_in_parts(centre, whole)
        written = [[one.name, one.law, one.open_places.to_dicts()] for one in found]
        # who may only read checks again next time
        with suppress(OSError, DiskFull):
            replaced(path, json.dumps(written).encode())
        return found


def _checked_in_parts(centre: Centre, days: list[date]) -> list[Identity]:
    """Check some days after others where there are more calls than are taken in one go."""
    parts = in_parts(days, rows_of(centre, "leg"), of_days=len(days)) or [days]
    laws = zip(*(_checked(centre, list(part)) for part in parts), strict=True)
    places = ((law[0], pl.concat([part.open_places for part in law])) for law in laws)
    return [replace(one, open_places=found.unique("place", keep="first", maintain_order=True)) for one, found in places]


@contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """One process after the other; who may only read has no turn to wait for."""
    with ExitStack() as held:
        with suppress(OSError):
            folder.mkdir(exist_ok=True)
            held.enter_context(turn(folder / ".lock"))
        yield


def _kept(centre: Centre) -> list[Identity] | None:
    """What an earlier check of this snapshot by today's laws and definitions found."""
    path = _place(centre)
    if not path.is_file():
        return None
    written = json.loads(path.read_text(encoding="utf-8"))
    return [Identity(name, law, pl.DataFrame(places, schema=PLACES)) for name, law, places in written]


def _place(centre: Centre) -> Path:
    """Where the check of a snapshot is kept: beside its warehouse, under what it was checked by."""
    return (
        centre.folder / "warehouse" / "checked" / f"{centre.snapshot}-{centre.once('laws', lambda: _laws(centre))}.json"
    )


def _laws(centre: Centre) -> str:
    laws = [statement(f"{part}/{name}") for part in ("identities", "views", "spans", "macros") for name in names(part)]
    by = [fingerprint(centre.catalogue, metric) for metric in _sums(centre)]
    return hashlib.sha256(json.dumps([laws, by]).encode()).hexdigest()[:16]


def is_checked(centre: Centre) -> bool:
    """Whether every identity was checked at this snapshot, here or by another process."""
    return centre.is_known("identities") or _place(centre).is_file()


def open_identities(centre: Centre) -> int:
    """How many identities do not close."""
    return sum(not identity.closes for identity in identities(centre))


def _checked(centre: Centre, days: list[date]) -> list[Identity]:
    found = [_by_statement(centre, name, days) for name in names("identities")]
    if days:
        found += [_adds_up(centre, days), _opens(centre, days)]
    return sorted(found, key=lambda identity: identity.name)


def _by_statement(centre: Centre, name: str, days: list[date]) -> Identity:
    path = f"identities/{name}"
    values = {"days": days} if re.search(r"\$days\b", statement(path)) else {}
    return Identity(name, grain(path), centre.named(path, **values))


def _adds_up(centre: Centre, days: list[date]) -> Identity:
    """I12: a period is the sum of its days, and these of their intervals, for every count and every sum."""
    during = Period(days[0], days[-1] + timedelta(days=1))
    sums = _sums(centre)
    totals = [_totals(centre, sums, by, during) for by in ([], ["day"], ["interval"])]
    places = [
        (f"{metric.title}, {during.first} to {during.last}, {parts}", totals[0].get(metric.name, 0.0), found, None)
        for metric in sums
        for parts, by_part in (("by day", totals[1]), ("by interval", totals[2]))
        if abs((found := by_part.get(metric.name, 0.0)) - totals[0].get(metric.name, 0.0)) > SMALLEST
    ]
    law = N_("a period is the sum of its days, and a day the sum of its intervals, for every sum")
    return Identity("i12_parts_and_wholes", law, pl.DataFrame(places, schema=PLACES, orient="row"))


def _totals(centre: Centre, sums: list[Metric], by: list[str], during: Period) -> dict[str, float]:
    frame = measure(centre, [one.name for one in sums], by=by, during=during, scope=Scope.whole_centre())
    return dict(frame.group_by("metric").agg(pl.col("numerator").sum().fill_null(0.0)).iter_rows())


def _opens(centre: Centre, days: list[date]) -> Identity:
    """I14: the rows behind a figure are the figure, for one sum of every fact, on the last day that has any."""
    places = []
    firsts = {centre.catalogue.facts_of(one)[0].name: one for one in reversed(_sums(centre))}
    for metric in (one for one in firsts.values() if has_rows(centre, centre.catalogue.facts_of(one)[0])):
        during = Period.day(days[-1])
        figure = measure(centre, [metric.name], during=during, scope=Scope.whole_centre())["numerator"][0]
        behind = float(rows(centre, metric.name, during=during, scope=Scope.whole_centre())["counted"].sum())
        stated = (figure or 0.0) * metric.scales[0]
        if abs(stated - behind) > SMALLEST * max(1.0, abs(stated)):
            places.append((f"{metric.title} on {during.first}", stated, behind, None))
    law = N_("the rows behind a figure are the figure")
    return Identity("i14_rows_and_figures", law, pl.DataFrame(places, schema=PLACES, orient="row"))


def _sums(centre: Centre) -> list[Metric]:
    """The metrics that add up over time and are kept by day."""
    return [
        metric
        for metric in centre.catalogue.metrics.values()
        if metric.kind == "sum" and all(fact.stored for fact in centre.catalogue.facts_of(metric))
    ]
