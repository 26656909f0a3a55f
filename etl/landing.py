"""Land a file: a content-addressed, read-only copy under a safe name, unpacked under limits, and what its bytes are."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sql import FileRejected

CHUNK = 1 << 20
LARGEST = 20 << 30
LARGEST_RATIO = 200
SIGNATURES = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",  # one with nothing in it
    b"\x1f\x8b": "gzip",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
    b"SQLite format 3": "an SQLite database",
    b"PAR1": "a Parquet file",
    b"\x7fELF": "a program",
}


@dataclass(frozen=True)
class Landed:
    """A file that was copied in: `original` is kept for ever, `content` is the same unpacked."""

    name: str
    sha256: str
    bytes: int
    original: Path
    content: Path
    modified: float


def land(path: Path, folder: Path, scratch: Path) -> Landed:
    """Copy `path` into `folder` as <sha256>, then unpack it into `scratch` where it is compressed.

    Raises FileRejected for a missing, empty, damaged or oversized file.
    """
    if not path.exists():
        raise FileRejected("missing", f"{path.name}: there is no such file. Check the path: {path}")
    if path.is_dir():
        raise FileRejected(
            "not_a_file", f"{path.name} is a folder. Name the files in it, or run: fairline load {path}/*"
        )
    folder.mkdir(parents=True, exist_ok=True)
    scratch.mkdir(parents=True, exist_ok=True)
    part = folder / f"{os.getpid()}.part"
    digest = hashlib.sha256()
    size = 0
    with path.open("rb") as source, part.open("wb") as copy:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            copy.write(chunk)
            size += len(chunk)
        os.fsync(copy.fileno())
    if size == 0:
        part.unlink()
        raise FileRejected("empty", f"{path.name} is empty (0 bytes). Export it again; nothing was loaded.")
    original = folder / digest.hexdigest()
    if original.exists():
        part.unlink()
    else:
        part.chmod(0o400)
        part.replace(original)
    content = unpack(original, scratch, path.name)
    return Landed(path.name, digest.hexdigest(), size, original, content, path.stat().st_mtime)


def sweep(folder: Path) -> None:
    """Remove the half copies that an interrupted load left."""
    for part in folder.glob("*.part"):
        part.unlink()


def signature(path: Path) -> str:
    """What the first bytes say: gzip, zip, workbook, json, xml, html, a named binary kind, or text."""
    with path.open("rb") as file:
        head = file.read(4096)
    for mark, kind in SIGNATURES.items():
        if head.startswith(mark):
            return "workbook" if kind == "zip" and _is_workbook(path) else kind
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    if start.startswith((b"{", b"[{", b"[\n", b"[\r", b"[ ")):
        return "json"
    if re.match(rb"<(\?xml|[a-z_][\w:.-]*[\s>/])", start):
        return "xml"
    return "text"


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def unpack(original: Path, scratch: Path, name: str) -> Path:
    """The content of a gzip file or of a zip archive with one member; any other file is its own content."""
    kind = signature(original)
    if kind not in ("gzip", "zip"):
        return original
    target = scratch / f"{original.name}.content"
    try:
        if kind == "gzip":
            with gzip.open(original, "rb") as source:
                _copy_bounded(source, target, original.stat().st_size, name)
        else:
            with zipfile.ZipFile(original) as archive, archive.open(_only_member(archive, name)) as member:
                _copy_bounded(member, target, original.stat().st_size, name)
    except (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        target.unlink(missing_ok=True)
        message = f"{name} is a damaged or incomplete {kind} file. Export or copy it again; nothing was loaded."
        raise FileRejected("damaged_archive", message) from None
    return target


def _only_member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        message = f"{name} holds {len(members)} files. Expected one export per archive: unpack it and load each file."
        raise FileRejected("several_files_in_archive", message)
    return members[0]


def _copy_bounded(source: IO[bytes] | gzip.GzipFile, target: Path, packed: int, name: str) -> None:
    written = 0
    with target.open("wb") as copy:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > LARGEST or written > max(packed * LARGEST_RATIO, 64 * CHUNK):
                copy.close()
                target.unlink()
                message = f"{name} unpacks to more than {LARGEST_RATIO} times its size, which no export does. Check it."
                raise FileRejected("archive_bomb", message)
            copy.write(chunk)


def lines_of(path: Path, encoding: str) -> Iterator[str]:
    """The physical lines of a text file without their endings (LF, CRLF or CR)."""
    with path.open("r", encoding=encoding, errors="backslashreplace", newline=None) as file:
        for line in file:
            yield line.removesuffix("\n")


def free_bytes(folder: Path) -> int:
    """The room that is left on the disk of a folder."""
    return shutil.disk_usage(folder).free
