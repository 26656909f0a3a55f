"""What became of each offered file: told to whoever loads, and kept in the warehouse for the Data page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Literal, Protocol

from etl.conversion import Converted
from etl.layout import Layout
from sql import Warehouse
from sql import facts_merge as facts

Verdict = Literal["accepted", "rejected", "unchanged"]
# more files that bring nothing new are told in one line
MOST_NAMES, MOST_UNCHANGED = 8, 3
# what people call the exports that bring a table
SUBJECTS = {
    "contact": "phone",
    "leg": "phone",
    "interval_stat": "phone",
    "agent_state": "agent states",
    "service_case": "cases",
    "case_event": "cases",
    "evaluation": "quality",
    "answer": "quality",
    "form_item": "quality",
    "dispute": "quality",
    "schedule": "schedules",
    "agent": "roster",
    "team_member": "roster",
    "survey": "surveys",
}


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
    notes: list[str] = field(default_factory=list)
    message: str = ""

    def as_dict(self) -> dict[str, object]:
        """The result as plain data, for JSON."""
        return asdict(self)

    def take(self, outcome: Converted, unused: Sequence[str]) -> None:
        """Note that the file was accepted, with its counts."""
        counts = outcome.tally
        self.verdict = "accepted"
        self.rows_read, self.good, self.quarantined = counts.rows_read, counts.good, counts.quarantined
        self.duplicate, self.blank, self.reasons = counts.duplicate, counts.blank, counts.reasons
        self.notes = outcome.notes
        parts = [f"{self.good:,} of {self.rows_read:,} rows taken"]
        parts += [f"{self.quarantined:,} quarantined"] if self.quarantined else []
        parts += [f"{self.duplicate:,} twice in the file"] if self.duplicate else []
        parts += [f"{self.blank:,} lines hold no row"] if self.blank else []
        if unused:
            names = ", ".join(map(printable, unused[:MOST_NAMES])) + (", ..." if len(unused) > MOST_NAMES else "")
            parts.append(f"{len(unused)} columns not used: {names}")
        self.message = ", ".join(parts)


class Arrived(Protocol):
    """What the ledger keeps of a file that arrived."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def source_id(self) -> str: ...  # noqa: D102
    @property
    def sha256(self) -> str: ...  # noqa: D102
    @property
    def bytes(self) -> int: ...  # noqa: D102
    @property
    def exported_at(self) -> datetime: ...  # noqa: D102


@dataclass(frozen=True)
class Loaded:
    """A file whose rows go into the warehouse, and what became of them."""

    load_id: int
    arrival: Arrived
    outcome: Converted


def _keep_source(warehouse: Warehouse, layout: Layout, source_id: str) -> None:
    """Remember of which system a source's exports are and what they are about, as people call it."""
    about = next((SUBJECTS[table] for table in layout.yields if table in SUBJECTS), None)
    if about:
        facts.keep_source(warehouse, source_id, vendor=layout.vendor, product=layout.product, about=about)


def keep_ledger(warehouse: Warehouse, layout: Layout, loaded: Sequence[Loaded], *, now: datetime) -> None:
    """Write the files and their quarantined lines; inside the transaction that brings their rows."""
    _keep_source(warehouse, layout, loaded[0].arrival.source_id)
    spans = facts.data_spans(warehouse, layout.staging_folder)
    warehouse.append_rows(
        "load_file",
        [
            (
                one.load_id,
                one.arrival.source_id,
                layout.name,
                one.arrival.name,
                one.arrival.sha256,
                one.arrival.bytes,
                one.outcome.encoding,
                one.outcome.delimiter,
                one.arrival.exported_at.replace(tzinfo=None),
                now.astimezone(UTC).replace(tzinfo=None),
                "accepted",
                None,
                one.outcome.tally.rows_read,
                one.outcome.tally.good,
                one.outcome.tally.quarantined,
                one.outcome.tally.duplicate,
                one.outcome.tally.blank,
                *spans.get(one.load_id, (None, None)),
            )
            for one in loaded
        ],
    )
    warehouse.append_rows("quarantine", [(one.load_id, *fault) for one in loaded for fault in one.outcome.quarantined])


def record_rejected(warehouse: Warehouse, rejected: Sequence[FileResult], *, now: datetime) -> None:
    """Remember rejected files, so that the Data page can show them."""
    if not rejected:
        return
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
    with warehouse.transaction():
        warehouse.append_rows("load_file", rows)


def printable(text: str) -> str:
    """A name on one line of a terminal: whatever would move the cursor or turn the line is shown escaped."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def results_text(results: Sequence[FileResult]) -> str:
    """One line a file: what became of it and why; beneath it, why rows were put aside and what else to know."""
    lines: list[str] = []
    unchanged = sum(result.verdict == "unchanged" for result in results)
    if unchanged > MOST_UNCHANGED:
        lines.append(f"unchanged  {unchanged:,} files that were loaded before; nothing of them changed.")
    for result in results:
        if result.verdict == "unchanged" and unchanged > MOST_UNCHANGED:
            continue
        lines.append(f"{result.verdict:<9}  {printable(result.file)}  {printable(result.message)}")
        if result.verdict == "accepted":
            lines += [f"{'':<9}    {count:,} x {printable(reason)}" for reason, count in result.reasons.items()]
            lines += [f"{'':<9}    note: {printable(note)}" for note in result.notes]
    if len(results) > 1:
        lines.append(_sum_text(results))
    return "\n".join(lines) or "The inbox is empty: nothing to load."


def _sum_text(results: Sequence[FileResult]) -> str:
    """All files in a sentence that a supervisor reads."""
    counts = {
        verdict: sum(one.verdict == verdict for one in results) for verdict in ("accepted", "unchanged", "rejected")
    }
    told = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    good, read = sum(one.good for one in results), sum(one.rows_read for one in results)
    aside = sum(one.quarantined for one in results)
    put = f"; {aside:,} put aside for the reasons above" if aside else ""
    return f"{len(results)} files: {told}. {good:,} of {read:,} rows taken{put}."
