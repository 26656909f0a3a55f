"""The disk: a full one told as what it is, and what was written brought to it, so that a power cut loses nothing."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from sql.errors import DiskFull

FULL = ("no space left", "disk is full", "file too large", "disk quota")


@contextmanager
def explained_when_full(folder: object, what: str) -> Iterator[None]:
    """Turn whatever a full disk makes fail into DiskFull, with the path and what was to be written there."""
    try:
        yield
    except (duckdb.Error, OSError) as error:
        if not any(words in str(error).lower() for words in FULL):
            raise
        raise DiskFull(
            f"The disk of {folder} is full: {what}. Nothing was changed. Make room, or move the centre folder to a "
            "larger disk, then run this again."
        ) from None


def settle(files: Iterable[Path]) -> None:
    """Bring files and their names to the disk itself; call before anything there may name them."""
    paths = list(files)
    for path in paths:
        _bring(path)
    for folder in dict.fromkeys(path.parent for path in paths):
        # some network folders keep names by themselves, and say that they cannot be asked to
        with suppress(OSError):
            _bring(folder)


def _bring(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def new_secret(path: Path) -> None:
    """Make a file with a random key that only its owner reads: whole or not at all, and once, whoever else makes it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600, exist_ok=False)
    try:
        part.write_text(secrets.token_hex(32), encoding="ascii")
        settle([part])
        with suppress(FileExistsError):
            path.hardlink_to(part)
        settle([path])
    finally:
        part.unlink(missing_ok=True)
