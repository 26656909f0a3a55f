"""Load exports: land, recognise, convert, stage, merge. One batch of files is one transaction: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from etl.centre import Settings, caller_secret, keep_settings, read_settings, settings_hash
from etl.conversion import Converted, SourceFile, convert
from etl.forms import keep_forms
from etl.landing import Landed, land, sweep
from etl.layout import Layout, layouts
from etl.progress import Progress
from etl.recognise import Recognised, recognise
from sql import FileRejected, Warehouse, loading
from sql import facts_merge as facts
from sql.checked_rows import keep_good
from sql.macros import WORDS, define, define_caller_key, define_clock

BATCH_BYTES = 256 << 20
Verdict = Literal["accepted", "rejected", "unchanged"]


@dataclass
class FileResult:
    """What became of one offered file; good + quarantined + duplicate + blank = rows read."""

    file: str
    verdict: Verdict
    source: str | None = None
    layout: str | None = None
    rows_read: int = 0
    good: int = 0
    quarantined: int = 0
    duplicate: int = 0
    blank: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    message: str = ""

    def as_dict(self) -> dict[str, object]:
        """The result as plain data, for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Arrival:
    """A landed and recognised file, on its way into the warehouse."""

    landed: Landed
    recognised: Recognised
    source_id: str
    exported_at: datetime
    result: FileResult


def load(
    folder: Path,
    paths: Sequence[Path],
    *,
    now: datetime,
    source: str | None = None,
    as_of: datetime | None = None,
    progress: Progress | None = None,
) -> list[FileResult]:
    """Load files into a centre's warehouse, or all of its inbox where none is named.

    Results come in the order of the paths. Raises WrongUse, or LoadRunning while another load runs.
    """
    settings = read_settings(folder)
    known = layouts(folder)
    offered = list(paths) or sorted(path for path in (folder / "inbox").glob("*") if path.is_file())
    tell = progress or (lambda step, done, total: None)
    with loading(folder / "warehouse"), Warehouse.open(folder / "warehouse", read_only=False) as warehouse:
        refused = _prepare(warehouse, folder, settings)
        results: list[FileResult] = []
        arrivals = _arrivals(warehouse, folder, offered, known, source=source, as_of=as_of, results=results, tell=tell)
        done = 0
        for batch in _batches(arrivals):
            _load_batch(warehouse, settings, batch, now=now)
            done += len(batch)
            tell("loading", done, len(offered))
        results += refused
        _record(warehouse, [r for r in results if r.verdict == "rejected"], now=now)
    _clear(folder / "warehouse" / "scratch")
    return results


def _prepare(warehouse: Warehouse, folder: Path, settings: Settings) -> list[FileResult]:
    """Make the warehouse ready for rows: clock, macros, settings and forms; says which forms were refused."""
    sweep(folder / "landed")
    starts = settings.centre.operating_day_starts
    define_clock(
        warehouse.connection,
        timezone=settings.centre.timezone,
        day_starts_ms=(starts.hour * 60 + starts.minute) * 60_000,
    )
    define(warehouse.connection, ("key_id", "redacted", "form_item_stands", *WORDS), {})
    define_caller_key(warehouse.connection, caller_secret(folder))
    with warehouse.transaction():
        if keep_settings(warehouse, settings, settings_hash(folder)):
            facts.touch_everything(warehouse)
        refused = keep_forms(warehouse, folder)
    return [
        FileResult(name, "rejected", source="forms", reasons={"form_refused": 1}, message=message)
        for name, message in refused.items()
    ]


def _arrivals(
    warehouse: Warehouse,
    folder: Path,
    paths: Sequence[Path],
    known: dict[str, Layout],
    *,
    source: str | None,
    as_of: datetime | None,
    results: list[FileResult],
    tell: Progress,
) -> list[Arrival]:
    loaded: dict[str, str] = dict(warehouse.fetch("facts/accepted_file"))
    arrivals: list[Arrival] = []
    for number, path in enumerate(paths, start=1):
        result = FileResult(path.name, "rejected", source=source)
        results.append(result)
        tell("reading", number, len(paths))
        try:
            landed = land(path, folder / "landed", folder / "warehouse" / "scratch")
            if landed.sha256 in loaded:
                result.verdict, result.source = "unchanged", loaded[landed.sha256]
                result.message = "This very file was loaded before; nothing changed."
                continue
            wanted = source if source in known else None
            recognised = recognise(landed.content, known, name=path.name, wanted=wanted)
        except FileRejected as rejection:
            result.reasons, result.message = {rejection.reason: 1}, str(rejection)
            continue
        result.layout = recognised.layout.name
        result.source = recognised.layout.source_id if source in (None, wanted) else source
        exported = as_of or datetime.fromtimestamp(landed.modified, UTC)
        loaded[landed.sha256] = result.source
        arrivals.append(Arrival(landed, recognised, result.source, exported.astimezone(UTC), result))
    return arrivals


def _batches(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    """Files of one source and layout together, oldest export first, up to a bounded size."""
    ordered = sorted(arrivals, key=lambda a: (a.recognised.layout.name, a.source_id, a.exported_at, a.landed.name))
    batch: list[Arrival] = []
    for arrival in ordered:
        same = batch and (batch[0].recognised.layout.name, batch[0].source_id) == (
            arrival.recognised.layout.name,
            arrival.source_id,
        )
        if batch and (not same or sum(a.landed.bytes for a in batch) + arrival.landed.bytes > BATCH_BYTES):
            yield batch
            batch = []
        batch.append(arrival)
    if batch:
        yield batch


def _load_batch(warehouse: Warehouse, settings: Settings, batch: list[Arrival], *, now: datetime) -> None:
    layout, source_id = batch[0].recognised.layout, batch[0].source_id
    zone = settings.zone_of(source_id, layout.timezone)
    define(warehouse.connection, ("utc_of",), {"zone": zone})
    warehouse.execute("drop table if exists typed_row")
    numbered = dict(enumerate(batch, start=int(warehouse.fetch("facts/next_load")[0][0])))
    converted = [
        (load_id, numbered[load_id], outcome)
        for alike in _same_header(numbered)
        for load_id, outcome in _convert(warehouse, alike, zone).items()
    ]
    if not converted:
        return
    folder, system = layout.staging_folder, layout.system or layout.staging_folder
    facts.stage(warehouse, folder, source_id, system=system)
    with warehouse.transaction():
        facts.touch(warehouse, folder, source_id, system=system)
        facts.merge(warehouse, folder, source_id, system=system)
        facts.touch(warehouse, folder, source_id, system=system)
        _keep_ledger(warehouse, layout, converted, now=now)
        fault_point("before_commit")


def _same_header(numbered: dict[int, Arrival]) -> list[dict[int, Arrival]]:
    """A batch parted by header, so that files that read alike are converted in one go."""
    parts: dict[tuple[object, ...], dict[int, Arrival]] = {}
    for load_id, arrival in numbered.items():
        known = arrival.recognised
        # the same header between other delimiters, or beneath a title, reads otherwise
        parts.setdefault((known.header, known.delimiter, known.header_lines), {})[load_id] = arrival
    return list(parts.values())


def _convert(warehouse: Warehouse, alike: dict[int, Arrival], zone: str) -> dict[int, Converted]:
    """Convert files into typed rows; what became of each is written into its result."""
    files = [
        SourceFile(load_id, arrival.landed.content, arrival.exported_at.replace(tzinfo=None))
        for load_id, arrival in alike.items()
    ]
    recognised = next(iter(alike.values())).recognised
    outcomes = convert(warehouse.connection, files, recognised, zone=zone)
    keep_good(warehouse.connection, "typed_row", recognised.layout.derived)
    taken: dict[int, Converted] = {}
    for load_id, outcome in outcomes.items():
        arrival = alike[load_id]
        if isinstance(outcome, FileRejected):
            arrival.result.reasons = {outcome.reason: 1}
            arrival.result.message = f"{arrival.landed.name}: {outcome}"
        else:
            _tell(arrival, outcome)
            taken[load_id] = outcome
    return taken


def _tell(arrival: Arrival, outcome: Converted) -> None:
    result, counts = arrival.result, outcome.tally
    result.verdict = "accepted"
    result.rows_read, result.good, result.quarantined = counts.rows_read, counts.good, counts.quarantined
    result.duplicate, result.blank, result.reasons = counts.duplicate, counts.blank, counts.reasons
    result.message = _summary(arrival, result)


def _summary(arrival: Arrival, result: FileResult) -> str:
    parts = [f"{result.good} of {result.rows_read} rows taken"]
    parts += [f"{result.quarantined} quarantined"] if result.quarantined else []
    parts += [f"{len(arrival.recognised.unused)} columns not used"] if arrival.recognised.unused else []
    return ", ".join(parts)


def _keep_ledger(
    warehouse: Warehouse, layout: Layout, converted: list[tuple[int, Arrival, Converted]], *, now: datetime
) -> None:
    spans = facts.data_spans(warehouse, layout.staging_folder)
    warehouse.append_rows(
        "load_file",
        [
            (
                load_id,
                arrival.source_id,
                layout.name,
                arrival.landed.name,
                arrival.landed.sha256,
                arrival.landed.bytes,
                outcome.encoding,
                outcome.delimiter,
                arrival.exported_at.replace(tzinfo=None),
                now.astimezone(UTC).replace(tzinfo=None),
                "accepted",
                None,
                outcome.tally.rows_read,
                outcome.tally.good,
                outcome.tally.quarantined,
                outcome.tally.duplicate,
                outcome.tally.blank,
                *spans.get(load_id, (None, None)),
            )
            for load_id, arrival, outcome in converted
        ],
    )
    lines = [
        (load_id, line, column, reason, raw)
        for load_id, _, o in converted
        for line, column, reason, raw in o.quarantined
    ]
    warehouse.append_rows("quarantine", lines)


def _record(warehouse: Warehouse, rejected: list[FileResult], *, now: datetime) -> None:
    """Remember rejected files in the ledger, so that the Data page can show them."""
    next_load = int(warehouse.fetch("facts/next_load")[0][0])
    loaded_at = now.astimezone(UTC).replace(tzinfo=None)
    rows = [
        (
            load_id,
            r.source,
            r.layout,
            r.file,
            *[None] * 5,
            loaded_at,
            "rejected",
            next(iter(r.reasons), None),
            *[None] * 7,
        )
        for load_id, r in enumerate(rejected, start=next_load)
    ]
    if rows:
        with warehouse.transaction():
            warehouse.append_rows("load_file", rows)


def _clear(scratch: Path) -> None:
    for leftover in scratch.glob("*.content"):
        leftover.unlink()


def fault_point(name: str) -> None:
    """Where the tests may end the process, to prove that a load is whole or not there."""
    if os.environ.get("FAIRLINE_FAULT") == name:
        os.kill(os.getpid(), 9)


def results_text(results: Sequence[FileResult]) -> str:
    """One line a file: what became of it and why; beneath it, why rows were put aside."""
    lines: list[str] = []
    for result in results:
        lines.append(f"{result.verdict:<9}  {result.file}  {result.message}")
        if result.verdict == "accepted":
            lines += [f"{'':<9}    {count} x {reason}" for reason, count in result.reasons.items()]
    return "\n".join(lines) or "The inbox is empty: nothing to load."
