"""Look at a file without loading it: what it is, how its columns map, what would be put aside."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from etl import isolation
from etl.archives import Content
from etl.centre import read_settings
from etl.conversion import SourceFile, convert
from etl.landing import land
from etl.layout import folded, layouts
from etl.recognise import Recognised, file_format, header_of, recognise
from sql import FileRejected, WrongUse, engine
from sql.macros import define, define_caller_key


@dataclass
class Inspection:
    """What was found; `layout` is null where no layout knows the file, and `draft` is then a layout to start from."""

    file: str
    layout: str | None = None
    title: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    not_used: list[str] = field(default_factory=list)
    rows_read: int = 0
    good: int = 0
    quarantined: int = 0
    duplicate: int = 0
    blank: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    first_faults: list[str] = field(default_factory=list)
    message: str = ""
    draft: str = ""

    def as_dict(self) -> dict[str, object]:
        """Plain data, for JSON."""
        return asdict(self)

    def as_text(self) -> str:
        """What a person reads."""
        if self.layout is None:
            return "\n".join([self.message, *(["", "A layout to start from:", "", self.draft] if self.draft else [])])
        lines = [f"{self.file} is {self.title} ({self.layout}).", "", "Columns"]
        lines += [f"  {source} -> {target}" for source, target in self.columns.items()]
        if self.not_used:
            lines.append(f"  not used: {', '.join(self.not_used)}")
        lines += [
            "",
            f"{self.rows_read:,} rows: {self.good:,} good, {self.quarantined:,} would be quarantined, "
            f"{self.duplicate:,} duplicate, {self.blank:,} blank",
        ]
        lines += [f"  {count:,} x {reason}" for reason, count in self.reasons.items()]
        lines += [f"  {fault}" for fault in self.first_faults]
        return "\n".join(lines)


def inspect(path: Path, centre_folder: Path) -> Inspection:
    """Inspect a file as the centre would read it, in a process of its own; nothing of it is kept."""
    scratch = Path(tempfile.mkdtemp(prefix="fairline-"))
    try:
        landed = land(path, scratch / "landed")
        answer = isolation.ask(
            {
                "job": "inspect",
                "folder": str(centre_folder),
                "original": str(landed.original),
                "sha256": landed.sha256,
                "name": landed.name,
                "modified": landed.modified,
                "scratch": str(scratch),
            }
        )
        if "rejected" in answer:
            return Inspection(path.name, message=answer["message"])
        return Inspection(**answer)
    except FileRejected as rejection:
        return Inspection(path.name, message=str(rejection))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def inspected(content: Content, centre_folder: Path, scratch: Path, modified: float) -> Inspection:
    """What is found in a file's content."""
    found = Inspection(content.name)
    try:
        recognised = recognise(content.path, layouts(centre_folder), name=content.name)
    except FileRejected as rejection:
        found.message, found.draft = str(rejection), _draft(content.path, content.name)
        return found
    _describe(found, recognised)
    try:
        _try(found, content, recognised, centre_folder, scratch, modified)
    except FileRejected as rejection:
        found.layout, found.message = None, str(rejection)
    return found


def _describe(found: Inspection, recognised: Recognised) -> None:
    layout = recognised.layout
    found.layout, found.title = layout.name, layout.title
    found.columns = {
        recognised.header[position]: f"{column} ({layout.columns[column].type})"
        for column, position in sorted(recognised.positions.items(), key=lambda item: item[1])
    }
    found.not_used = list(recognised.unused)


def _try(
    found: Inspection, content: Content, recognised: Recognised, folder: Path, scratch: Path, modified: float
) -> None:
    """Convert the rows, to say what a load would do."""
    try:
        zone = read_settings(folder).zone_of(recognised.layout.name, recognised.layout.timezone)
    except WrongUse:
        zone = "UTC" if recognised.layout.timezone == "centre" else recognised.layout.timezone
    connection = engine.start(scratch, extensions=())
    define(connection, ("key_id", "redacted"), {})
    # no caller is kept here, so any key will do
    define_caller_key(connection, b"inspection")
    file = SourceFile(0, content.name, content.path, datetime.fromtimestamp(modified, UTC).replace(tzinfo=None))
    outcome = convert(connection, [file], recognised, source_id=recognised.layout.name, zone=zone, target=scratch)[0]
    connection.close()
    if isinstance(outcome, FileRejected):
        raise outcome
    counts = outcome.tally
    found.rows_read, found.good, found.quarantined = counts.rows_read, counts.good, counts.quarantined
    found.duplicate, found.blank, found.reasons = counts.duplicate, counts.blank, counts.reasons
    found.notes = outcome.notes
    found.first_faults = [
        f"line {line}: {column + ' ' if column else ''}{reason}" for line, column, reason, _ in outcome.quarantined[:5]
    ]


def _draft(content: Path, file_name: str) -> str:
    """A layout file with every column as text, to be completed by hand."""
    try:
        header, delimiter = header_of(content, file_format(content, file_name))
    except FileRejected:
        return ""
    name = (
        "".join(letter if letter.isalnum() else "_" for letter in Path(file_name).stem.lower()).strip("_")
        or "my_export"
    )
    parted_by = "\\t" if delimiter == "\t" else delimiter or ","
    lines = [
        f'name = "{name}"',
        f'title = "{Path(file_name).stem}"',
        'vendor = "?"',
        'product = "?"',
        'kind = "acd"',
        'evidence = "our own export"',
        'yields = ["contact", "leg"]',
        'staging = "plain_calls"  # the facts that the columns are named for',
        f'delimiters = ["{parted_by}"]',
        "key = []",
    ]
    for spelling in header:
        column = "_".join(folded(spelling).replace('"', "").split()) or "column"
        quoted = spelling.replace("\\", "\\\\").replace('"', '\\"')
        lines += ["", f'[columns."{column}"]', 'type = "text"', f'source = "{quoted}"', "required = true"]
    return "\n".join(lines)
