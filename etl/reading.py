"""What is done to a file's content apart from the warehouse: unpack, recognise, convert. Runs in a process of its own.

Jobs and answers are plain data (JSON), so that they can cross between processes. Nothing here opens the warehouse.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from etl.archives import Content, contents
from etl.conversion import Converted, SourceFile, convert
from etl.drafts import draft_for, number_of_questions
from etl.inspection import inspected
from etl.layout import layouts
from etl.recognise import Recognised, file_format, header_of, recognise
from sql import FileRejected, WrongUse, engine
from sql.checked_rows import Tally
from sql.macros import define_reading

Job = dict[str, Any]
Answer = dict[str, Any]


def answered(job: Job) -> Answer:
    """Do a job; a rejection of the whole file is an answer too, and so is a layout that cannot be used."""
    try:
        return JOBS[job["job"]](job)
    except FileRejected as rejection:
        return as_rejection(rejection)
    except WrongUse as fault:
        return {"wrong_use": str(fault)}


def as_rejection(rejection: FileRejected) -> Answer:
    """A rejection as plain data."""
    return {"rejected": rejection.reason, "message": str(rejection)}


def rejection_of(answer: Answer) -> FileRejected | None:
    """The rejection that an answer is, if it is one."""
    return FileRejected(answer["rejected"], answer["message"]) if "rejected" in answer else None


def _open(job: Job) -> Answer:
    """Unpack a landed file and recognise what it holds."""
    known = layouts(Path(job["folder"]))
    found = []
    for content in contents(Path(job["original"]), job["sha256"], Path(job["scratch"]), job["name"]):
        one: Answer = {
            "name": content.name,
            "sha256": content.sha256,
            "bytes": content.bytes,
            "content": str(content.path),
        }
        if content.sha256 not in job["loaded"]:
            try:
                one["recognised"] = of_recognised(
                    recognise(content.path, known, name=content.name, wanted=job["wanted"])
                )
            except FileRejected as rejection:
                one |= as_rejection(_unsettled(content, Path(job["folder"])) or rejection)
        found.append(one)
    return {"contents": found}


def _unsettled(content: Content, folder: Path) -> FileRejected | None:
    """The rejection that names the open questions of a draft made for such files; null where there is none."""
    try:
        header, _ = header_of(content.path, file_format(content.path, content.name))
    except FileRejected:
        return None
    waiting = draft_for(header, folder)
    if waiting is None:
        return None
    path, questions = waiting
    message = (
        f"{content.name}: its layout layouts/{path.name} is a draft with {number_of_questions(questions)}: "
        f"{', '.join(questions)}. Answer each ? in that file, then load again; nothing was loaded."
    )
    return FileRejected("draft_layout", message)


def _convert(job: Job) -> Answer:
    """Convert files that read alike; their good rows become Parquet files in the job's target folder."""
    target = Path(job["target"])
    target.mkdir(parents=True, exist_ok=True)
    connection = engine.start(target, memory_limit=job["memory_limit"], extensions=())
    define_reading(connection, secret=bytes.fromhex(job["secret"]), used_form_items=job["used_form_items"])
    files = [
        SourceFile(one["load_id"], one["name"], Path(one["content"]), datetime.fromisoformat(one["exported_at"]))
        for one in job["files"]
    ]
    recognised = recognised_of(job["recognised"], Path(job["folder"]))
    found = convert(connection, files, recognised, source_id=job["source"], zone=job["zone"], target=target)
    connection.close()
    return {
        "outcomes": {
            str(load_id): as_rejection(outcome) if isinstance(outcome, FileRejected) else asdict(outcome)
            for load_id, outcome in found.items()
        }
    }


def _inspect(job: Job) -> Answer:
    """Look at a file, or at the first in an archive, without loading it."""
    scratch = Path(job["scratch"])
    for content in contents(Path(job["original"]), job["sha256"], scratch, job["name"]):
        return inspected(content, Path(job["folder"]), scratch, job["modified"]).as_dict()
    raise FileRejected("damaged_archive", f"{job['name']} holds no file.")


JOBS = {"open": _open, "convert": _convert, "inspect": _inspect}


def of_recognised(recognised: Recognised) -> Answer:
    """A recognised layout as plain data."""
    return {
        "layout": recognised.layout.name,
        "positions": recognised.positions,
        "unused": list(recognised.unused),
        "header": list(recognised.header),
        "delimiter": recognised.delimiter,
        "header_lines": recognised.header_lines,
        "others": [list(other) for other in recognised.others],
    }


def recognised_of(answer: Answer, folder: Path) -> Recognised:
    """The recognised layout that an answer speaks of."""
    return Recognised(
        layout=layouts(folder)[answer["layout"]],
        positions=answer["positions"],
        unused=tuple(answer["unused"]),
        header=tuple(answer["header"]),
        delimiter=answer["delimiter"],
        header_lines=answer["header_lines"],
        others=tuple((key, text, position) for key, text, position in answer["others"]),
    )


def outcome_of(answer: Answer) -> Converted | FileRejected:
    """What became of one file's rows."""
    rejection = rejection_of(answer)
    if rejection is not None:
        return rejection
    return Converted(
        tally=Tally(**answer["tally"]),
        quarantined=[(line, column, reason, raw) for line, column, reason, raw in answer["quarantined"]],
        encoding=answer["encoding"],
        delimiter=answer["delimiter"],
        notes=answer["notes"],
    )
