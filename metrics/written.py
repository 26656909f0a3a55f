"""Files that are there whole or not at all: written beside their place, then put into it."""

from __future__ import annotations

import fcntl
import os
import re
from contextlib import suppress
from functools import cache
from pathlib import Path

from sql import fault_point
from sql.disk import explained_when_full, settle
from sql.disk import new_secret as new_secret
from sql.scratch import lives
from sql.waits import turn as turn

PART = re.compile(r"\..+\.(\d+)\.part")


def replaced(path: Path, content: bytes) -> Path:
    """Write beside, then rename: a reader sees the old file or the new one.

    What earlier writers left who were killed goes first. Raises DiskFull.
    """
    _clear(path.parent)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with explained_when_full(path.parent, f"{path.name} was to be written"), beside.open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(content)
            file.flush()
            settle([beside])
            fault_point("paper_written")
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


@cache
def _clear(folder: Path) -> None:
    """Take away the parts that nobody writes any more; a process looks for them once."""
    for one in folder.glob(".*.part"):
        named = PART.fullmatch(one.name)
        if named and not lives(int(named[1])):
            # another machine's process may write here too: it holds its part
            with suppress(OSError), one.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                one.unlink()
