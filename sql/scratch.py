"""Where an engine spills what its memory does not hold: a folder of its own, since two that share one mix them up."""

from __future__ import annotations

import os
import shutil
import time
import uuid
from contextlib import suppress
from pathlib import Path

# what a process left that was killed is taken away after so long
LEFT_SECONDS = 86_400
# what processes share stays: see `sql.beside`
BESIDE, PAGES = "beside", "pages"


def clear(folder: Path, snapshot: int | None) -> None:
    """Take everything away, but what processes share of a snapshot that is still the newest (see `sql.beside`)."""
    shared = folder / BESIDE
    for one in [*folder.glob("*"), *shared.glob("*"), *(shared / PAGES).glob("*")]:
        if one.name.startswith(f"{snapshot}-"):
            continue
        if one.is_file():
            one.unlink(missing_ok=True)
        elif one not in (shared, shared / PAGES):
            shutil.rmtree(one, ignore_errors=True)


def own_scratch(folder: Path) -> Path:
    """A folder below another for one connection; the engine makes it when it spills, and removes it when it closes."""
    with suppress(OSError):
        for left in folder.iterdir() if folder.is_dir() else ():
            if left.name != BESIDE and time.time() - left.stat().st_mtime > LEFT_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
