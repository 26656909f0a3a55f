"""What changed between two issues of a report, and why: restated data, another definition, a late evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

import metrics
from metrics import Centre, FairlineError, WrongUse
from reports.issue import read_issue

QUALITY = ("quality", "evaluation", "critical", "auto_fail", "item_", "dispute", "overturn", "random_share")
NO_REASON = "the report was made otherwise: templates, notes or an edition of Fairline"


@dataclass(frozen=True)
class Change:
    """A figure that reads otherwise, is new, or is gone."""

    place: str
    before: str
    now: str
    why: str


@dataclass(frozen=True)
class Difference:
    """Two issues side by side."""

    report: str
    snapshots: tuple[int, int]
    same: int
    changes: tuple[Change, ...]
    files: tuple[str, ...]

    def as_text(self) -> str:
        """What a person reads on a terminal."""
        first, second = self.snapshots
        head = f"{self.report}: snapshot {first} against {second}; {self.same:,} figures are the same"
        if not self.changes:
            return f"{head}, none differs."
        lines = [f"{head}, {len(self.changes):,} differ.", ""]
        lines += [f"{one.place}: {one.before} -> {one.now} ({one.why})" for one in self.changes]
        return "\n".join([*lines, *(["", "Files loaded between the two:", *self.files] if self.files else [])])

    def as_dict(self) -> dict[str, Any]:
        """Plain data, for JSON."""
        return {
            "report": self.report,
            "snapshots": list(self.snapshots),
            "same": self.same,
            "changes": [vars(one) for one in self.changes],
            "files": list(self.files),
        }


def difference(centre: Centre, one: Path, other: Path) -> Difference:
    """Compare the frozen copies of two issues, the earlier first; raises WrongUse for two different reports."""
    before, now = sorted((read_issue(one), read_issue(other)), key=lambda issue: int(issue["snapshot"]))
    if (before["report"], before["arguments"]) != (now["report"], now["arguments"]):
        raise WrongUse(
            f"{one.name} and {other.name} are {_called(before)} and {_called(now)}: name two issues of one report."
        )
    then, after = _by_place(before), _by_place(now)
    loads = _loads(centre, before, now)
    changes = [
        Change(place, _words(then.get(place)), _words(after.get(place)), _why(then.get(place), after.get(place), loads))
        for place in dict.fromkeys([*then, *after])
        if _figure(then.get(place)) != _figure(after.get(place))
    ]
    files = tuple(
        f"{row['loaded_at']:%Y-%m-%d %H:%M} {row['source']}: {row['file']}" for row in loads.iter_rows(named=True)
    )
    same = sum(_figure(then.get(place)) == _figure(figure) for place, figure in after.items())
    return Difference(_called(now), (before["snapshot"], now["snapshot"]), same, tuple(changes), files)


def _called(issue: dict[str, Any]) -> str:
    return " ".join([str(issue["report"]), *(f"{value}" for value in issue["arguments"].values())])


def _by_place(issue: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Figures by where they stand; several at one place are told apart by their order."""
    found: dict[str, dict[str, Any]] = {}
    for figure in issue["figures"]:
        place, number = figure["place"], 2
        while place in found:
            place, number = f"{figure['place']} ({number})", number + 1
        found[place] = figure
    return found


def _loads(centre: Centre, before: dict[str, Any], now: dict[str, Any]) -> pl.DataFrame:
    """The files that were loaded after the earlier snapshot and up to the later one."""
    if before["snapshot"] == now["snapshot"]:
        return metrics.files_since(centre, centre.snapshot).clear()
    try:
        frame = metrics.files_since(centre, int(before["snapshot"]))
        later = metrics.files_since(centre, int(now["snapshot"]))["load_id"]
    except FairlineError:
        # a snapshot that was given up, or of another warehouse: what came after it is not known
        return metrics.files_since(centre, centre.snapshot).clear()
    return frame.filter(~pl.col("load_id").is_in(later.to_list()))


def _figure(figure: dict[str, Any] | None) -> tuple[object, ...] | None:
    if figure is None:
        return None
    return tuple(figure[name] for name in ("metric", "version", "value", "numerator", "denominator", "n"))


def _words(figure: dict[str, Any] | None) -> str:
    if figure is None:
        return "not there"
    rests = f", n {figure['n']:,}" if figure["n"] else ""
    return f"{figure['words']}{rests}"


def _why(before: dict[str, Any] | None, now: dict[str, Any] | None, loads: pl.DataFrame) -> str:
    """The first of the known reasons that applies."""
    if before and now and before["version"] != now["version"]:
        return f"definition: {now['id']} version {before['version']} became {now['version']}"
    if loads.is_empty():
        return NO_REASON
    metric = str((now or before or {}).get("metric", ""))
    quality = loads.filter(pl.col("source").str.contains("(?i)eval|answer|dispute|quality|form"))
    if metric.startswith(QUALITY) and quality.height:
        return f"late evaluation: {_files(quality)}"
    others = loads.filter(~pl.col("load_id").is_in(quality["load_id"].to_list()))
    return f"restatement: {_files(others if others.height else loads)}"


def _files(loads: pl.DataFrame) -> str:
    first: date | None = loads["loaded_at"].min()  # type: ignore[assignment]
    names = ", ".join(loads["file"].head(3))
    more = f" and {loads.height - 3} more" if loads.height > 3 else ""
    return f"{names}{more}, loaded from {first:%Y-%m-%d}"
