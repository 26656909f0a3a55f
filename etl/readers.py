"""Readers: what turns a format that is no plain table (event lines, binary records, report text) into rows of text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from etl.text_rows import BOMS, TextRows

HEAD_BYTES = 1 << 16


@dataclass(frozen=True)
class Reader:
    """How a format is known by its first bytes, and its rows: texts of the layout's columns, or of its first ones."""

    knows: Callable[[bytes], bool]
    rows: Callable[[Path], TextRows]
    width: int | None = None


def reader(name: str) -> Reader:
    """The reader `READER` of the module `etl/sources/<name>.py`; raises ValueError where there is none."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError(f"a reader is named in small letters, not {name!r}")
    try:
        found = import_module(f"etl.sources.{name}").READER
    except (ModuleNotFoundError, AttributeError):
        raise ValueError(f"there is no reader {name!r} in etl/sources") from None
    assert isinstance(found, Reader)
    return found


def head_of(path: Path) -> bytes:
    """The first bytes of a file."""
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def text_of_head(head: bytes) -> str:
    """The first bytes as text; empty where they are none."""
    encoding = next((encoding for mark, encoding in BOMS.items() if head.startswith(mark)), "utf-8")
    text = head.decode(encoding, errors="replace")
    return "" if "\0" in text else text
