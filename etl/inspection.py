"""Look at a file without loading it: what it is, how its columns map, what would be put aside."""

from __future__ import annotations

import shutil
import tempfile
import tomllib
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from etl import isolation
from etl.archives import Content
from etl.centre import read_settings
from etl.conversion import SourceFile, convert
from etl.draft_summary import draft_summary
from etl.drafts import draft, number_of_questions, open_questions
from etl.landing import land
from etl.layout import layouts, shipped_layouts
from etl.recognise import ROWS, Recognised, file_format, header_of, recognise
from etl.text_rows import delimited
from sql import FileRejected, WrongUse, engine
from sql.macros import define_reading


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
            return "\n".join([self.message, *(["", draft_summary(self.draft)] if self.draft else [])])
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
        found.draft = _draft(content.path, content.name)
        found.message = _unknown(content.name, found.draft) if rejection.reason == "unknown_layout" else str(rejection)
        return found
    _describe(found, recognised)
    try:
        _try(found, content, recognised, centre_folder, scratch, modified)
    except FileRejected as rejection:
        found.layout, found.message = None, str(rejection)
    return found


def _unknown(name: str, drafted: str) -> str:
    if drafted:
        return f"{name} is of no known layout."
    plain = [layout.name for layout in shipped_layouts().values() if layout.name.startswith("plain_")]
    return (
        f"{name} is of no known layout, and tells of no calls, requests or evaluations. Write what it holds as one of "
        f"the plain files, whose columns fairline template NAME prints: {', '.join(plain)}."
    )


def _describe(found: Inspection, recognised: Recognised) -> None:
    layout = recognised.layout
    found.layout, found.title = layout.name, layout.title
    found.columns = {}
    for column, position in sorted(recognised.positions.items(), key=lambda item: item[1]):
        # one column may be read as two of ours
        told = found.columns.get(recognised.header[position])
        ours = f"{column} ({layout.columns[column].type})"
        found.columns[recognised.header[position]] = f"{told}, {ours}" if told else ours
    found.not_used = list(recognised.unused)


def _try(
    found: Inspection, content: Content, recognised: Recognised, folder: Path, scratch: Path, modified: float
) -> None:
    """Convert the rows, to say what a load would do."""
    source_id = recognised.layout.source_id
    try:
        zone = read_settings(folder).zone_of(source_id, recognised.layout.timezone)
    except WrongUse:
        zone = "UTC" if recognised.layout.timezone == "centre" else recognised.layout.timezone
    connection = engine.start(scratch, extensions=())
    # no caller is kept here, so any key will do
    define_reading(connection, secret=b"inspection")
    file = SourceFile(0, content.name, content.path, datetime.fromtimestamp(modified, UTC).replace(tzinfo=None))
    outcome = convert(connection, [file], recognised, source_id=source_id, zone=zone, target=scratch)[0]
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
    """A draft layout of the file's columns; empty where its rows cannot be told apart."""
    try:
        form = file_format(content, file_name)
        if form in ROWS:
            rows = ROWS[form](content)
        else:
            _, delimiter = header_of(content, form)
            rows = delimited(content, delimiter=delimiter or ",", encodings=("utf-8",), quotes=True)
        return draft(file_name, rows, shipped_layouts())
    except FileRejected:
        return ""


def keep_draft(found: Inspection, folder: Path) -> Path | None:
    """Write the draft into the centre's layouts folder, unless there is one of that name; gives its path."""
    if not found.draft or not (folder / "centre.toml").exists():
        return None
    path = folder / "layouts" / f"{tomllib.loads(found.draft)['name']}.toml"
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_text(found.draft, encoding="utf-8")
    return path


def kept_words(found: Inspection, file: Path, folder: Path) -> str:
    """Keep the draft, and say where it is and what to do next; what was answered in an earlier one stays."""
    if not found.draft:
        return ""
    path = keep_draft(found, folder)
    if path is None:
        return f"{found.draft}\nThis is no centre folder, so the draft is kept nowhere: add --centre FOLDER."
    text = path.read_text(encoding="utf-8")
    try:
        questions = open_questions(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        return f"{path} cannot be read any more: {error}. Correct that line, or delete the file to begin anew."
    if text != found.draft:
        return f"Your draft {path} still asks {number_of_questions(questions)}: {', '.join(questions)}."
    settle = f"Settle {number_of_questions(questions)} in {path}" if questions else f"Look at {path}"
    return f"{settle}, then: fairline inspect {file} --centre {folder}, and fairline load {file} --centre {folder}"
