"""A resident's right to be forgotten: every trace of a number goes, every total stays, a certificate says what went."""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from etl.load import opened_intake
from sql import WrongUse, erasure

SHORTEST = 7


@dataclass(frozen=True)
class Certificate:
    """What was erased, where: never of whom."""

    erased_at: str
    rows: dict[str, int]
    files: tuple[str, ...]
    reports: tuple[str, ...]

    def as_text(self) -> str:
        """What a person reads."""
        if not self.rows:
            return "Nothing is kept of this number; nothing was changed."
        told = ", ".join(f"{count} of {table}" for table, count in self.rows.items())
        lines = [f"Erased: {told}. Totals stay as they were; earlier snapshots ended."]
        lines += [f"Removed {len(self.files)} exports that told of the caller, as they came in."] if self.files else []
        lines += [f"Removed {len(self.reports)} reports that named the number."] if self.reports else []
        return "\n".join([*lines, "Erase it in the systems that export it too: a newer export would bring it back."])


def erase(folder: Path, caller: str, *, now: datetime, wait: bool = False) -> Certificate:
    """Take every trace of a caller's number out of a centre folder; totals and repeat contacts stay as they were.

    Exports are removed as they came in where they told of the caller: landed copies and those still in the inbox; the
    warehouse keeps what they gave. Raises WrongUse for what is no number, LoadRunning while a load
    runs, unless it is to `wait` for its end.
    """
    digits = re.sub(r"\D", "", caller)
    if len(digits) < SHORTEST:
        raise WrongUse(
            f"{len(digits)} digits came; a caller's number has at least {SHORTEST}: fairline erase 303-555-0100"
        )
    with opened_intake(folder, now=now, wait=wait) as intake:
        warehouse = intake.warehouse
        with warehouse.transaction():
            found = erasure.erase(warehouse, digits, secrets.token_hex(16))
        if found.rows:
            erasure.rewrite(warehouse)
    if not found.rows:
        return Certificate(now.isoformat(), {}, (), ())
    erasure.clear_catalogue(folder / "warehouse")
    files = tuple(remove_exports(folder, found.files))
    certificate = Certificate(now.isoformat(), found.rows, files, tuple(_remove_reports(folder, digits)))
    _keep(folder, certificate, now)
    return certificate


def remove_exports(folder: Path, hashes: frozenset[str]) -> list[str]:
    """The landed copies, archives that held one, and files of the inbox with the very same content; gives the names."""
    gone = []
    for path in sorted([*(folder / "landed").glob("*"), *(folder / "inbox").glob("*")]):
        if path.is_file() and not hashes.isdisjoint(_contents(path)):
            path.chmod(0o600)
            path.unlink()
            gone.append(path.name)
    return gone


def _contents(path: Path) -> Iterator[str]:
    """The hashes of a file and of what is packed in it."""
    with path.open("rb") as file:
        yield hashlib.file_digest(file, "sha256").hexdigest()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    yield hashlib.file_digest(member, "sha256").hexdigest()  # type: ignore[arg-type]


def _remove_reports(folder: Path, digits: str) -> list[str]:
    """Reports and answers kept as text that name the number; they can be made again."""
    pattern = re.compile(r"\D{0,2}".join(re.escape(digit) for digit in digits[-10:]))
    gone = []
    for path in sorted(folder.glob("reports*/**/*")):
        is_text = path.is_file() and path.suffix in (".html", ".csv", ".json", ".txt")
        if is_text and pattern.search(path.read_text(encoding="utf-8", errors="replace")):
            path.unlink()
            gone.append(path.name)
    return gone


def _keep(folder: Path, certificate: Certificate, now: datetime) -> None:
    """Keep the certificate beside the warehouse; it says what went, and cannot say of whom."""
    path = folder / "certificates" / f"erased-{now:%Y%m%dT%H%M%S}.json"
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.write_text(json.dumps(asdict(certificate), indent=2) + "\n", encoding="utf-8")
