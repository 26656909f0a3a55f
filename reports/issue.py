"""A report as it was issued: its frozen copy beside it, by which it can be recognised, made again and compared.

The frozen copy (`NAME.json`) holds every figure of the report with what it rests on, the snapshot, the definitions and
templates that it was made of, the hash of all that it says, the hashes of its files, and the HTML twin itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from metrics import Centre, Figure, WrongUse
from metrics.language import speaking, tag
from metrics.parts import Card, Table, walked
from metrics.written import replaced
from reports.imprint import Imprint, content_hash, plain
from reports.pdf import Document, as_html, lettered, without_letters, write
from reports.reissue import keep_earlier, packed
from reports.tables import write_tables
from reports.templating import templates_digest

# counts up with every change of what a report says of the same data
EDITION = 6
# by report its template, and by which name the template knows the content
TEMPLATES = {
    "daily": ("daily/sheet.html.jinja", "sheet"),
    "packet": ("packet/packet.html.jinja", "packet"),
    "monthly": ("monthly/report.html.jinja", "report"),
    "quality": ("quality/report.html.jinja", "report"),
}


@dataclass(frozen=True)
class Issue:
    """A report ready to be written: its document, what it was asked for, and what it was made of."""

    document: Document
    report: str
    arguments: Mapping[str, str]
    snapshot: int
    made_of: str
    frozen: Mapping[str, Any]

    @classmethod
    def of(
        cls, centre: Centre, content: Any, *, report: str, title: str, stem: str, arguments: Mapping[str, str],
        created_at: datetime | None = None, incomplete: tuple[str, ...] = (), made_of: str = "",
    ) -> Issue:  # fmt: skip
        """The issue of a report's content; without `created_at` it was made when the data was loaded."""
        imprint: Imprint = content.imprint
        says = plain(content)
        template, name = TEMPLATES[report]
        document = Document(
            template=template,
            title=title,
            stem=stem,
            author=centre.name,
            created_at=created_at or imprint.loaded_at,
            content={name: content, "hash": content_hash(says)},
            folder=centre.folder,
            incomplete=incomplete,
        )
        frozen = {
            "centre": centre.name,
            "snapshot": imprint.snapshot,
            "loaded_at": imprint.loaded_at.isoformat(),
            "hash": document.content["hash"],
            "definitions": {one.id: [one.title, one.version] for one in imprint.definitions},
            "figures": list(figures(content)),
            "says": says,
        }
        digest = made_of or made_from(centre, report, arguments)
        asked = {**arguments, **spoken()}
        return cls(document, report, asked, imprint.snapshot, digest, frozen)


def spoken() -> dict[str, str]:
    """What else a report was asked for: its language, where that is not English."""
    return {} if tag() == "en" else {"language": tag()}


def made_from(centre: Centre, report: str, arguments: Mapping[str, str], besides: object = None) -> str:
    """What decides every byte of a report: snapshot, arguments, language, templates, and what comes `besides`."""
    parts = [
        EDITION,
        report,
        centre.snapshot,
        dict(arguments),
        templates_digest(centre.folder),
        plain(besides),
        *spoken().values(),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def issue(made: Issue, out: Path, form: str = "") -> list[Path]:
    """Write a report's PDF and HTML twin, and beside them its frozen copy.

    `form` xlsx or csv: every table too; html: the twin alone, to look at.
    """
    if form == "html":
        out.mkdir(parents=True, exist_ok=True)
        return [replaced(out / f"{made.document.stem}.html", lettered(as_html(made.document)).encode())]
    paths = write(made.document, out)
    with speaking(made.document.language):
        more = write_tables(made.document, out, form) if form else []
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
    kept = {
        "report": made.report,
        "arguments": dict(made.arguments),
        "made_of": made.made_of,
        "files": files,
        "templates": templates_digest(made.document.folder)[:16],
        "twin": packed(without_letters(paths[1].read_text(encoding="utf-8")).encode()),
        **made.frozen,
    }
    written = json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    frozen = frozen_path(out, made.document.stem)
    keep_earlier(frozen, written)
    replaced(frozen, written.encode())
    return [*paths, *more]


def frozen_path(out: Path, stem: str) -> Path:
    """Where the frozen copy of a report stands."""
    return out / f"{stem}.json"


def is_there(out: Path, stem: str, made_of: str) -> bool:
    """Whether a report made of the same stands there unchanged."""
    path = frozen_path(out, stem)
    if not path.is_file():
        return False
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        files = kept["files"]
        return kept["made_of"] == made_of and all(_is(out / name, digest) for name, digest in files.items())
    except (ValueError, KeyError, TypeError):
        return False


def _is(path: Path, digest: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest


def read_issue(path: Path) -> dict[str, Any]:
    """A frozen copy, given itself or the PDF or HTML that it stands beside; raises WrongUse where there is none."""
    frozen = path.with_suffix(".json")
    try:
        kept = json.loads(frozen.read_text(encoding="utf-8"))
        kept["figures"], kept["snapshot"], kept["report"]
    except OSError:
        raise WrongUse(f"There is no frozen copy {frozen.name} in {frozen.parent}. Name a report made here.") from None
    except (ValueError, KeyError, TypeError):
        raise WrongUse(f"{frozen.name} is no frozen copy of a report.") from None
    return dict(kept)


def figures(content: object) -> Iterator[dict[str, Any]]:
    """Every figure of a report, by the place where it stands: its table or card, row and column."""
    for place, figure in _placed(content):
        yield {
            "place": place,
            "metric": figure.metric.name,
            "id": figure.metric.id,
            "version": figure.metric.version,
            "value": plain(figure.value),
            "numerator": plain(figure.numerator),
            "denominator": plain(figure.denominator),
            "n": figure.n,
            "words": figure.words,
        }


def _placed(content: object) -> Iterator[tuple[str, Figure]]:
    for part in walked(content):
        if isinstance(part, Card):
            yield f"Card / {part.figure.metric.title}", part.figure
        elif isinstance(part, Table):
            yield from _in_table(part)


def _in_table(table: Table) -> Iterator[tuple[str, Figure]]:
    for row in (*table.rows, *([table.total] if table.total else [])):
        for head, cell in zip(table.columns, row.cells, strict=True):
            if isinstance(cell, Figure):
                yield f"{table.caption} / {row.label} / {head}", cell
