"""What stands at the end of every report: how fresh, whose zone, which snapshot, by which definitions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

import metrics
from metrics import Centre, Metric, text
from metrics.language import _, n_


@dataclass(frozen=True)
class Definition:
    """A metric's definition as it is printed."""

    title: str
    id: str
    version: int
    formula: str
    remarks: str
    is_derived: bool


@dataclass(frozen=True)
class Source:
    """Up to when a source's data reach."""

    name: str
    data_to: str

    @property
    def words(self) -> str:
        """The source and its end."""
        return _("{about} to {moment}").format(about=text.about_words(self.name), moment=self.data_to)


@dataclass(frozen=True)
class Imprint:
    """Where the figures of a report come from."""

    centre: str
    zone: str
    snapshot: int
    sources: tuple[Source, ...]
    open_identities: int
    definitions: tuple[Definition, ...]
    loaded_at: datetime

    @property
    def as_of(self) -> str:
        """One line: how fresh, in which zone, and whether the books balance."""
        reach = "; ".join(source.words for source in self.sources) or _(text.NO_DATA)
        return _("{reach}. Times in {zone}. Snapshot {snapshot}. {identities}").format(
            reach=reach, zone=self.zone, snapshot=self.snapshot, identities=self.identities
        )

    @property
    def identities(self) -> str:
        """Whether the figures add up, in words."""
        if self.open_identities == 0:
            return _("All identities close.")
        return n_(
            "{n} identity does not close: see fairline check.",
            "{n} identities do not close: see fairline check.",
            self.open_identities,
        ).format(n=self.open_identities)


def imprint(centre: Centre, names: Iterable[str]) -> Imprint:
    """The imprint of a report that uses these metrics."""
    fresh = metrics.freshness(centre)
    return Imprint(
        centre=centre.name,
        zone=str(centre.timezone),
        snapshot=centre.snapshot,
        sources=tuple(
            Source(about, text.short_moment(data_to))
            for about, data_to in text.latest((one.about, one.data_to) for one in fresh)
        ),
        open_identities=metrics.open_identities(centre),
        definitions=definitions(centre.catalogue.metric(name) for name in dict.fromkeys(names)),
        loaded_at=max((one.loaded_at for one in fresh), default=datetime(1970, 1, 1, tzinfo=UTC)),
    )


def definitions(used: Iterable[Metric]) -> tuple[Definition, ...]:
    """The definitions of metrics in words; several points of one distribution share one."""
    together: dict[object, list[Metric]] = {}
    for metric in used:
        one = (metric.fact, metric.value, metric.where, metric.happened, metric.note, metric.version)
        together.setdefault(one if metric.is_distribution else metric.name, []).append(metric)
    return tuple(_definition(same) for same in together.values())


def _definition(same: Sequence[Metric]) -> Definition:
    first = same[0]
    parts = [_("without {names}").format(names=text.listed(list(first.excludes)))] if first.excludes else []
    return Definition(
        title=_title([metric.title for metric in same]),
        id=", ".join(metric.id for metric in same),
        version=first.version,
        formula="; ".join(text.formula(metric) for metric in same),
        remarks="; ".join([*parts, first.note] if first.note else parts),
        is_derived=first.is_distribution or first.denominator is not None,
    )


def _title(titles: Sequence[str]) -> str:
    """What several titles share, said once: "Wait: median and 90th percentile"."""
    if len(titles) == 1:
        return titles[0]
    return f"{titles[0].split(', ')[0]}: {text.listed([title.split(', ')[-1] for title in titles])}"


def content_hash(says: object) -> str:
    """SHA-256 of all that a report says, given as plain data, whatever it looks like."""
    written = json.dumps(says, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def steady(number: float) -> float:
    """A number to twelve digits: sums of hours differ in the last ones by the order in which they are added."""
    return float(f"{number:.12g}")


def plain(thing: Any) -> Any:
    """Anything that a report holds as plain data, for JSON."""
    if isinstance(thing, Metric):
        return [thing.name, thing.version]
    if is_dataclass(thing):
        return {one.name: plain(getattr(thing, one.name)) for one in fields(thing)}
    if isinstance(thing, dict):
        return {str(name): plain(value) for name, value in thing.items()}
    if isinstance(thing, list | tuple):
        return [plain(one) for one in thing]
    if isinstance(thing, float):
        return steady(thing)
    return thing.isoformat() if isinstance(thing, date | datetime) else thing
