"""Land a file: a content-addressed copy under a safe name that only its owner can read, and what its bytes are."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sql import DiskFull, FileRejected
from sql.disk import settle

CHUNK = 1 << 20
LARGEST = 20 << 30
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
    """A file that was copied in; `original` is kept, so that the warehouse can be built again from it."""

    name: str
    sha256: str
    bytes: int
    original: Path
    modified: float


def land(path: Path, folder: Path) -> Landed:
    """Copy `path` into `folder` as <sha256>, readable by its owner only.

    Raises FileRejected for a missing, empty, oversized or growing file, and DiskFull.
    """
    before = _examined(path)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / f"{os.getpid()}.part"
    part.unlink(missing_ok=True)
    digest = hashlib.sha256()
    size = 0
    try:
        part.touch(mode=0o600, exist_ok=False)
        with path.open("rb") as source, part.open("wb") as copy:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                copy.write(chunk)
                size += len(chunk)
            copy.flush()
            settle([part])
    except OSError as error:
        part.unlink(missing_ok=True)
        raise explained(error, folder, before.st_size) from None
    after = path.stat()
    if (size, after.st_size, after.st_mtime_ns) != (before.st_size, before.st_size, before.st_mtime_ns):
        part.unlink()
        message = f"{path.name} grew or changed while it was read. Load it when it is finished, or use fairline watch."
        raise FileRejected("still_being_written", message)
    original = folder / digest.hexdigest()
    if original.exists():
        part.unlink()
    else:
        part.chmod(0o400)
        part.replace(original)
        settle([original])
    return Landed(path.name, digest.hexdigest(), size, original, before.st_mtime)


def _examined(path: Path) -> os.stat_result:
    """The file's size and time; raises FileRejected where it cannot be an export."""
    name = path.name
    if not path.exists():
        raise FileRejected("missing", f"{name}: there is no such file. Check the path: {path}")
    if path.is_dir():
        raise FileRejected("not_a_file", f"{name} is a folder. Name the files in it, or run: fairline load {path}/*")
    if not path.is_file():
        raise FileRejected("not_a_file", f"{name} is a device or a pipe, not a file. Save the export as a file first.")
    found = path.stat()
    if found.st_size == 0:
        raise FileRejected("empty", f"{name} is empty (0 bytes). Export it again; nothing was loaded.")
    if found.st_size > LARGEST:
        message = f"{name} has {found.st_size / 1e9:,.0f} GB; at most {LARGEST / 1e9:,.0f} GB are read. "
        raise FileRejected("too_large", message + "Export a shorter period; nothing was loaded.")
    return found


def explained(error: OSError, folder: Path, needed: int) -> Exception:
    """The error of a full disk, with its path and the bytes needed; any other error as it is."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return error
    return DiskFull(
        f"The disk of {folder} is full: {needed:,} bytes are needed, {free_bytes(folder):,} are free. Nothing was "
        "changed. Make room, or move the centre folder to a larger disk, then run this again."
    )


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


def lines_of(path: Path, encoding: str) -> Iterator[str]:
    """The physical lines of a text file without their endings (LF, CRLF or CR)."""
    with path.open("r", encoding=encoding, errors="backslashreplace", newline=None) as file:
        for line in file:
            yield line.removesuffix("\n")


def free_bytes(folder: Path) -> int:
    """The room that is left on the disk of a folder."""
    return shutil.disk_usage(folder).free
