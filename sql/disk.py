"""A full disk, told as what it is wherever it shows: to the engine, to the catalogue, or to a file of our own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

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
