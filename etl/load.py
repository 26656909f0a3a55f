"""Load exports: land, recognise, convert, stage, merge. One batch of files is one transaction: whole, or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import duckdb

from etl import isolation
from etl.centre import Settings, caller_secret, keep_settings, read_settings, settings_hash
from etl.conversion import Converted
from etl.dating import A_DAY, Dating, check_declared
from etl.forms import keep_forms
from etl.full_export import Declared, declared
from etl.full_export import spans as full_spans
from etl.landing import LARGEST, free_bytes, land, sweep
from etl.layout import Layout, layouts
from etl.ledger import FileResult, Loaded, keep_ledger, record_rejected
from etl.progress import Progress
from etl.reading import Answer, outcome_of, rejection_of
from etl.stopping import stoppable
from sql import DiskFull, FileRejected, Warehouse, WrongUse, fault_point, loading, nearest
from sql import facts_merge as facts
from sql.disk import explained_when_full
from sql.facts_merge import Staged
from sql.full_windows import FullWindow
from sql.macros import READER, WORDS, define, define_ahead, define_caller_key, define_clock
from sql.scratch import clear
from sql.touched_days import touch_everything

BATCH_BYTES = 256 << 20
READER_MEMORY = "1GB"


@dataclass(frozen=True)
class Arrival:
    """A landed and recognised file, on its way into the warehouse."""

    name: str
    sha256: str
    bytes: int
    content: Path
    recognised: Answer
    source_id: str
    exported_at: datetime
    result: FileResult

    @property
    def layout(self) -> str:
        """The name of its layout."""
        return str(self.recognised["layout"])

    @property
    def shape(self) -> str:
        """All by which files read alike: header, delimiter, where each column stands."""
        return json.dumps(self.recognised)


@dataclass(frozen=True)
class Intake:
    """What every step of one load needs."""

    folder: Path
    settings: Settings
    known: dict[str, Layout]
    warehouse: Warehouse
    now: datetime
    tell: Progress
    # whether files are looked at for times that cannot be true
    checks_clock: bool = False
    settled: list[FileResult] = field(default_factory=list)

    @property
    def scratch(self) -> Path:
        """Where a load keeps what it needs for a while."""
        return self.folder / "warehouse" / "scratch"


def load(
    folder: Path,
    paths: Sequence[Path],
    *,
    now: datetime,
    source: str | None = None,
    as_of: datetime | None = None,
    progress: Progress | None = None,
    wait: bool = False,
    full_window: str | None = None,
    new_source: bool = False,
    checks_clock: bool = False,
) -> list[FileResult]:
    """Load files into a centre's warehouse, or all of its inbox where none is named.

    `full_window` (`all`, or `FIRST:END` as two days) declares that the files of each layout together hold every row of
    that time, so that what they lack was deleted. A `source` must be known, or be declared a `new_source`. Where it
    `checks_clock`, no file is taken that says it was written after `now`, and none while the last load does. Results
    come in the order of the paths; an archive gives one for each file in it. Raises WrongUse, DiskFull, and
    LoadRunning while another load runs, unless it is to `wait` for its end.
    """
    full = declared(full_window)
    check_declared(as_of, now)
    offered = list(paths) or sorted(path for path in (folder / "inbox").glob("*") if path.is_file())
    with opened_intake(folder, now=now, progress=progress, wait=wait, checks_clock=checks_clock) as intake:
        if source is not None and not new_source:
            _check_known(intake, source)
        return take(intake, offered, source=source, as_of=as_of, full=full) + intake.settled


def _check_known(intake: Intake, source: str) -> None:
    """Raise WrongUse for a source that nobody has ever named: a slip of the pen would part a system's rows in two."""
    loaded = {source_id for (source_id,) in intake.warehouse.fetch("facts/known_source")}
    layouts_own = {one.source_id for one in intake.known.values()}
    known = {*intake.known, *layouts_own, *intake.settings.source, *loaded}
    if source not in known:
        message = f"There is no layout and no source {source!r}; nothing was loaded.{nearest(source, known)}"
        raise WrongUse(
            f"{message} fairline sources lists the layouts. If it is a source of its own from now on, say --new-source "
            f"once, or write [source.{source}] into centre.toml."
        )


@contextmanager
def opened_intake(
    folder: Path,
    *,
    now: datetime,
    progress: Progress | None = None,
    wait: bool = False,
    checks_clock: bool = False,
) -> Iterator[Intake]:
    """The right to load into a centre's warehouse, with the warehouse open and its settings up to date."""
    settings = read_settings(folder)
    known = layouts(folder)
    isolation.start()
    tell = progress or (lambda step, done, total: None)
    where = folder / "warehouse"
    with (
        explained_when_full(folder, "there is no room to begin"),
        stoppable() as running,
        loading(where, wait=wait),
        Warehouse.open(where, read_only=False) as warehouse,
    ):
        running.append(warehouse.connection)
        intake = Intake(folder, settings, known, warehouse, now, tell, checks_clock)
        try:
            _prepare(intake)
            yield intake
        finally:
            _clear(intake)


def take(
    intake: Intake,
    paths: Sequence[Path],
    *,
    source: str | None = None,
    as_of: datetime | None = None,
    full: Declared | None = None,
) -> list[FileResult]:
    """Take files in; what became of each."""
    results: list[FileResult] = []
    arrivals = _arrivals(intake, paths, source=source, as_of=as_of, results=results)
    total, done = sum(arrival.bytes for arrival in arrivals), 0
    fault_point("landed")
    for batch in _batches(arrivals, in_one=full is not None):
        size = sum(arrival.bytes for arrival in batch)
        intake.tell("loading", done, total)
        with explained_when_full(intake.folder, f"loading takes about {3 * size:,} bytes"):
            # reading a batch and merging it take about as long
            _load_batch(intake, batch, full, half_way=partial(intake.tell, "loading", done + size // 2, total))
        done += size
        intake.tell("loading", done, total)
    record_rejected(intake.warehouse, [r for r in results if r.verdict == "rejected"], now=intake.now)
    return results


def _clear(intake: Intake) -> None:
    """Leave nothing of a load behind, and of what pages keep only what is of the newest snapshot."""
    snapshot = None
    with suppress(duckdb.Error):
        snapshot = intake.warehouse.snapshot()
    with suppress(OSError):
        clear(intake.scratch, snapshot)


def _prepare(intake: Intake) -> None:
    sweep(intake.folder / "landed")
    # a server may keep its own in it at any moment
    intake.scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    intake.scratch.chmod(0o700)
    _clear(intake)
    connection, centre = intake.warehouse.connection, intake.settings.centre
    starts = centre.operating_day_starts
    define_clock(connection, timezone=centre.timezone, day_starts_ms=(starts.hour * 60 + starts.minute) * 60_000)
    define(connection, (*READER, *WORDS), {})
    define_caller_key(connection, caller_secret(intake.folder))
    define_ahead(connection, intake.now + A_DAY if intake.checks_clock else None)
    before = intake.warehouse.fetch("facts/settings_hash")
    with intake.warehouse.transaction():
        is_changed = keep_settings(intake.warehouse, intake.settings, settings_hash(intake.folder))
        if is_changed:
            touch_everything(intake.warehouse)
        refused = keep_forms(intake.warehouse, intake.folder)
    intake.settled.extend(
        FileResult(name, "rejected", source="forms", reasons={"form_refused": 1}, message=message)
        for name, message in refused.items()
    )
    record_rejected(intake.warehouse, intake.settled, now=intake.now)
    if is_changed and before:
        message = "changed since the last load; all figures are reckoned by it now"
        intake.settled.append(FileResult("centre.toml", "accepted", source="settings", message=message))


def _arrivals(
    intake: Intake,
    paths: Sequence[Path],
    *,
    source: str | None,
    as_of: datetime | None,
    results: list[FileResult],
) -> list[Arrival]:
    loaded: dict[str, str] = dict(intake.warehouse.fetch("facts/accepted_file"))
    dating = Dating.of(intake.warehouse, as_of, intake.now if intake.checks_clock else None)
    arrivals: list[Arrival] = []
    sizes = [path.stat().st_size if path.is_file() else 0 for path in paths]
    need_room(intake.folder, sum(size for size in sizes if size <= LARGEST))
    for number, path in enumerate(paths, start=1):
        for found in _opened(intake, path, source, loaded, dating):
            results.append(found if isinstance(found, FileResult) else found.result)
            if isinstance(found, Arrival):
                loaded[found.sha256] = found.source_id
                arrivals.append(found)
        intake.tell("reading", sum(sizes[:number]), sum(sizes))
    return arrivals


def need_room(folder: Path, offered: int) -> None:
    """Raise DiskFull before anything is written where the copy, the rows and the facts would not fit."""
    needed, free = 3 * offered, free_bytes(folder)
    if needed > free:
        raise DiskFull(
            f"The disk of {folder} has {free:,} bytes free; loading these files takes about {needed:,}. Nothing was "
            "changed. Make room, or move the centre folder to a larger disk, then run this again."
        )


def _opened(
    intake: Intake, path: Path, source: str | None, loaded: dict[str, str], dating: Dating
) -> Iterator[Arrival | FileResult]:
    """Land a file, unpack and recognise it: an arrival, or a result that ends there, for each file that it holds."""
    try:
        landed = land(path, intake.folder / "landed")
        if landed.sha256 in loaded:
            yield _unchanged(path.name, loaded[landed.sha256])
            return
        exported = dating.exported_at(landed)
        answer = isolation.ask(
            {
                "job": "open",
                "folder": str(intake.folder),
                "original": str(landed.original),
                "sha256": landed.sha256,
                "scratch": str(intake.scratch),
                "name": landed.name,
                "wanted": source if source in intake.known else None,
                "loaded": list(loaded),
            }
        )
        if (refusal := rejection_of(answer)) is not None:
            raise refusal
    except FileRejected as rejection:
        yield _refused(FileResult(path.name, "rejected", source=source), rejection)
        return
    for one in answer["contents"]:
        if (refusal := rejection_of(one)) is not None:
            yield _refused(FileResult(one["name"], "rejected", source=source), refusal)
        elif one["sha256"] in loaded:
            yield _unchanged(one["name"], loaded[one["sha256"]])
        else:
            yield _arrival(intake, one, source, exported)


def _arrival(intake: Intake, one: Answer, source: str | None, exported_at: datetime) -> Arrival:
    layout = intake.known[one["recognised"]["layout"]]
    source_id = layout.source_id if source is None or source in intake.known else source
    result = FileResult(one["name"], "rejected", source=source_id, layout=layout.name)
    return Arrival(
        name=one["name"],
        sha256=one["sha256"],
        bytes=one["bytes"],
        content=Path(one["content"]),
        recognised=one["recognised"],
        source_id=source_id,
        exported_at=exported_at,
        result=result,
    )


def _unchanged(name: str, source: str) -> FileResult:
    message = "This very file was loaded before; nothing changed."
    return FileResult(name, "unchanged", source=source, message=message)


def _refused(result: FileResult, rejection: FileRejected) -> FileResult:
    text = str(rejection)
    result.reasons = {rejection.reason: 1}
    result.message = text if text.startswith(result.file) else f"{result.file}: {text}"
    return result


def _batches(arrivals: Iterable[Arrival], *, in_one: bool) -> Iterator[list[Arrival]]:
    """Files of one source and layout together, oldest export first, up to a bounded size unless they are `in_one`."""
    ordered = sorted(arrivals, key=lambda a: (a.layout, a.source_id, a.exported_at, a.name))
    batch: list[Arrival] = []
    for arrival in ordered:
        same = batch and (batch[0].layout, batch[0].source_id) == (arrival.layout, arrival.source_id)
        if batch and (not same or (not in_one and sum(a.bytes for a in batch) + arrival.bytes > BATCH_BYTES)):
            yield batch
            batch = []
        batch.append(arrival)
    if batch:
        yield batch


def _load_batch(intake: Intake, batch: list[Arrival], full: Declared | None, *, half_way: Callable[[], None]) -> None:
    if full is not None:
        # parts of one export, which is as new as the newest of them
        batch = [replace(arrival, exported_at=batch[-1].exported_at) for arrival in batch]
    warehouse, layout, source_id = intake.warehouse, intake.known[batch[0].layout], batch[0].source_id
    zone = intake.settings.zone_of(source_id, layout.timezone)
    numbered = dict(enumerate(batch, start=int(warehouse.fetch("facts/next_load")[0][0])))
    # a name of its own each time: the engine remembers a file's content by its name for as long as it runs
    target = Path(mkdtemp(prefix="rows-", dir=intake.scratch))
    loaded: list[Loaded] = []
    for alike in _alike(numbered):
        for load_id, outcome in _converted(intake, alike, zone, target).items():
            arrival = alike[load_id]
            if isinstance(outcome, FileRejected):
                _refused(arrival.result, outcome)
            else:
                arrival.result.take(outcome, arrival.recognised["unused"])
                loaded.append(Loaded(load_id, arrival, outcome))
    half_way()
    if loaded:
        define(warehouse.connection, ("utc_of",), {"zone": zone})
        facts.type_rows(warehouse, target, layout.derived)
        window = None
        if spans := full_spans(warehouse, layout, full, zone):
            window = _full_window(batch, loaded, spans)
        about = Staged(layout.staging_folder, source_id, layout.system or layout.staging_folder, layout.name, window)
        facts.stage(warehouse, about)
        fault_point("staged")
        with warehouse.transaction():
            deleted = facts.merge(warehouse, about)
            keep_ledger(warehouse, layout, loaded, now=intake.now)
            fault_point("merged")
        fault_point("committed")
        numbered[loaded[-1].load_id].result.notes += [
            f"{count:,} rows of {table} that it no longer holds were deleted" for table, count in deleted.items()
        ]
    facts.forget_rows(warehouse, layout.staging_folder)
    rmtree(target, ignore_errors=True)


def _full_window(
    batch: list[Arrival], loaded: list[Loaded], spans: Sequence[tuple[datetime, datetime]]
) -> FullWindow | None:
    """What the files of a batch hold in full: nothing, and a note says so, where a file or a row was refused."""
    last = loaded[-1]
    if len(loaded) < len(batch) or any(one.outcome.tally.quarantined for one in loaded):
        for arrival in batch:
            arrival.result.notes.append("not all rows were taken, so nothing that is missing was taken for deleted")
        return None
    return FullWindow(last.load_id, last.arrival.exported_at.replace(tzinfo=None), spans)


def _alike(numbered: dict[int, Arrival]) -> list[dict[int, Arrival]]:
    """A batch parted by shape, so that files that read alike are converted in one go."""
    parts: dict[str, dict[int, Arrival]] = {}
    for load_id, arrival in numbered.items():
        parts.setdefault(arrival.shape, {})[load_id] = arrival
    return list(parts.values())


def _converted(
    intake: Intake, alike: dict[int, Arrival], zone: str, target: Path
) -> dict[int, Converted | FileRejected]:
    """What became of files that read alike; where the reader breaks off, each is tried alone, so that one is lost."""
    layout = intake.known[next(iter(alike.values())).layout]
    asks_for_forms = any("form_item_stands" in rule for rule in layout.rules.values())
    job = {
        "job": "convert",
        "folder": str(intake.folder),
        "recognised": next(iter(alike.values())).recognised,
        "source": next(iter(alike.values())).source_id,
        "zone": zone,
        "secret": caller_secret(intake.folder).hex(),
        "used_form_items": intake.warehouse.fetch("facts/used_form_item") if asks_for_forms else [],
        "memory_limit": READER_MEMORY,
        "target": str(target),
        "files": [
            {
                "load_id": load_id,
                "name": arrival.name,
                "content": str(arrival.content),
                "exported_at": arrival.exported_at.replace(tzinfo=None).isoformat(),
            }
            for load_id, arrival in alike.items()
        ],
    }
    try:
        answer = isolation.ask(job)
    except FileRejected as rejection:
        for load_id in alike:
            for part in target.glob(f"{load_id}.*"):
                part.unlink()
        if len(alike) == 1:
            return dict.fromkeys(alike, rejection)
        alone = [_converted(intake, {load_id: arrival}, zone, target) for load_id, arrival in alike.items()]
        return {load_id: outcome for one in alone for load_id, outcome in one.items()}
    return {int(load_id): outcome_of(outcome) for load_id, outcome in answer["outcomes"].items()}
