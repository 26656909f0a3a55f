"""Where an engine spills what its memory does not hold: a folder of its own, since two that share one mix them up."""

from __future__ import annotations

import os
import re
import shutil
import socket
import time
import uuid
from contextlib import suppress
from pathlib import Path

# what a process of another machine left that was killed is taken away after so long
LEFT_SECONDS = 86_400
# an engine's own folder: its process, a random part, and the machine, since containers that share a disk count alike
ENGINES = re.compile(r"(\d+)-[0-9a-f]{8}@(.+)")
# what processes share stays: see `sql.beside`
BESIDE, PAGES = "beside", "pages"


def clear(folder: Path, snapshot: int | None) -> None:
    """Take everything away, but what processes share of a snapshot that is still the newest (see `sql.beside`).

    What a process that lives has spilled stays: without it a question or a report that is under way would break off.
    """
    shared = folder / BESIDE
    for one in [*folder.glob("*"), *shared.glob("*"), *(shared / PAGES).glob("*")]:
        if one.name.startswith(f"{snapshot}-") or (ENGINES.fullmatch(one.name) and not _is_left(one)):
            continue
        if one.is_file():
            one.unlink(missing_ok=True)
        elif one not in (shared, shared / PAGES):
            shutil.rmtree(one, ignore_errors=True)


def own_scratch(folder: Path) -> Path:
    """A folder below another for one connection; the engine makes it when it spills, and removes it when it closes."""
    with suppress(OSError):
        for left in folder.iterdir() if folder.is_dir() else ():
            if left.name != BESIDE and _is_left(left):
                shutil.rmtree(left, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{os.getpid()}-{uuid.uuid4().hex[:8]}@{socket.gethostname()}"


def _is_left(one: Path) -> bool:
    """Whether nobody needs a folder any more: its process ended; or, of another machine, it was not used for a day."""
    named = ENGINES.fullmatch(one.name)
    if named and named[2] == socket.gethostname():
        return not lives(int(named[1]))
    return abs(time.time() - one.stat().st_mtime) > LEFT_SECONDS


def lives(process: int) -> bool:
    """Whether a process of this machine has this number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
