"""A report as it was issued: written again from its frozen copy, whatever templates and definitions say today.

A frozen copy that a later issue takes the place of is kept in the folder `issued/` beside it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from metrics.written import replaced
from reports.pdf import as_pdf, lettered

EARLIER = "issued"


@dataclass(frozen=True)
class Reissued:
    """The files of an issue written again, and by what it was made then."""

    paths: list[Path]
    words: str


def packed(html: bytes) -> str:
    """An HTML twin as a frozen copy holds it."""
    return base64.b64encode(zlib.compress(html, 9)).decode()


def keep_earlier(frozen: Path, written: str) -> None:
    """Before a frozen copy is replaced by another issue's: put it where it can still be found."""
    try:
        before = json.loads(frozen.read_text(encoding="utf-8"))
        name = f"{frozen.stem}-snapshot-{before['snapshot']}-{before['hash'][:8]}.json"
        is_same = (before["snapshot"], before["hash"]) == tuple(
            json.loads(written)[one] for one in ("snapshot", "hash")
        )
    except (OSError, ValueError, KeyError, TypeError):
        return
    if not is_same:
        (frozen.parent / EARLIER).mkdir(exist_ok=True)
        frozen.replace(frozen.parent / EARLIER / name)


def as_issued(out: Path, report: str, arguments: Mapping[str, str], snapshot: int) -> Reissued | None:
    """Write again what was issued from a snapshot with these arguments; null where no frozen copy of it is there."""
    for path in (*sorted(out.glob(f"{report}-*.json")), *sorted((out / EARLIER).glob(f"{report}-*.json"))):
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        asked = (report, dict(arguments), snapshot)
        if "twin" in kept and (kept.get("report"), kept.get("arguments"), kept.get("snapshot")) == asked:
            return _written(kept, path)
    return None


def _written(kept: Mapping[str, Any], frozen: Path) -> Reissued:
    html = zlib.decompress(base64.b64decode(kept["twin"])).decode()
    pdf = as_pdf(html)
    digests = set(kept["files"].values())
    paths = [replaced(frozen.with_suffix(".pdf"), pdf), replaced(frozen.with_suffix(".html"), lettered(html).encode())]
    templates, content = kept["templates"], kept["hash"][:16]
    words = f"As issued from snapshot {kept['snapshot']}, by the templates {templates}; content {content}."
    if hashlib.sha256(pdf).hexdigest() not in digests:
        words += " The PDF says the same but is not the same bytes: it was laid out by other fonts or another renderer."
    return Reissued(paths, words)
