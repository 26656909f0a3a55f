"""Unpack gzip and zip in our own hands: bounded in size and ratio, every checksum checked, no name trusted."""

from __future__ import annotations

import gzip
import hashlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from etl.landing import CHUNK, LARGEST, signature
from sql import FileRejected

LARGEST_RATIO = 200
MOST_MEMBERS = 1_000
# what archivers add for themselves
ASIDE = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True)
class Content:
    """What an offered file holds: itself, or one member of an archive with that member's own digest."""

    name: str
    sha256: str
    bytes: int
    path: Path


def contents(original: Path, sha256: str, scratch: Path, name: str) -> Iterator[Content]:
    """The content of a landed file: itself, unpacked where it is gzip, or each member of a zip archive."""
    kind = signature(original)
    scratch.mkdir(parents=True, exist_ok=True)
    if kind not in ("gzip", "zip"):
        yield Content(name, sha256, original.stat().st_size, original)
        return
    try:
        if kind == "gzip":
            target = scratch / f"{sha256}.content"
            with gzip.open(original, "rb") as source:
                _copy_bounded(source, target, original.stat().st_size, name)
            yield Content(name, sha256, original.stat().st_size, target)
        else:
            with zipfile.ZipFile(original) as archive:
                yield from _members(archive, sha256, scratch, name)
    except (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        message = f"{name} is a damaged or incomplete {kind} file. Export or copy it again; nothing was loaded."
        raise FileRejected("damaged_archive", message) from None


def _members(archive: zipfile.ZipFile, sha256: str, scratch: Path, name: str) -> Iterator[Content]:
    members = _safe_members(archive, name)
    packed = sum(member.compress_size for member in members)
    for number, member in enumerate(members):
        target = scratch / f"{sha256}.{number}.content"
        with archive.open(member) as source:
            digest = _copy_bounded(source, target, packed, name)
        if signature(target) in ("gzip", "zip"):
            raise _unsafe(name, "holds another archive. Unpack that and load its files")
        is_alone = len(members) == 1
        yield Content(
            name if is_alone else f"{name}/{member.filename}",
            sha256 if is_alone else digest,
            member.file_size,
            target,
        )


def _safe_members(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    """The files of an archive; raises FileRejected where a name or a flag is not that of a plain export."""
    members = [one for one in archive.infolist() if not one.is_dir() and not _is_aside(one.filename)]
    if not members:
        raise FileRejected(
            "empty", f"{name} is an archive with 0 files in it. Expected one or more exports; nothing was loaded."
        )
    if len(members) > MOST_MEMBERS:
        raise _unsafe(name, f"holds {len(members):,} files; at most {MOST_MEMBERS:,} are read at once")
    seen = set[str]()
    for member in members:
        path = member.filename.replace("\\", "/")
        if path.startswith("/") or ":" in path or ".." in path.split("/") or "\\" in member.filename:
            raise _unsafe(name, "names a path outside of itself")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _unsafe(name, "holds a symbolic link")
        if member.flag_bits & 1:
            raise _unsafe(name, "is encrypted. Unpack it with its password and load the files")
        if path.casefold() in seen:
            raise _unsafe(name, "holds a name twice, so it is not certain which file is meant")
        seen.add(path.casefold())
    return members


def _is_aside(filename: str) -> bool:
    return filename.startswith(ASIDE[0]) or filename.rpartition("/")[2] in ASIDE[1:]


def _unsafe(name: str, fault: str) -> FileRejected:
    return FileRejected("unsafe_archive", f"{name} {fault}. Nothing was loaded: make the archive again.")


def _copy_bounded(source: IO[bytes] | gzip.GzipFile, target: Path, packed: int, name: str) -> str:
    """Unpack one member; gives its SHA-256. Reading to the end checks the archive's own checksum."""
    written, digest = 0, hashlib.sha256()
    with target.open("wb") as copy:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > LARGEST or written > max(packed * LARGEST_RATIO, 64 * CHUNK):
                message = f"{name} unpacks to more than {LARGEST_RATIO} times its size, which no export does. Check it."
                raise FileRejected("archive_bomb", message)
            digest.update(chunk)
            copy.write(chunk)
    return digest.hexdigest()
