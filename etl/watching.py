"""Watch the inbox: a file is offered once it has stopped growing, and again when it has changed."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

QUIET_SECONDS = 3.0
LAY_EVERY_SECONDS = 60.0
Seen = tuple[int, int]


def arrivals(
    inbox: Path,
    *,
    every: float,
    quiet: float = QUIET_SECONDS,
    stop: Event | None = None,
    lay: Callable[[], object] | None = None,
) -> Iterator[list[Path]]:
    """The files that have not changed for `quiet` seconds and were not offered as they are; looks on every change.

    Changes are told by the system; `every` seconds it looks all the same, since network folders tell nothing.
    `lay` is called at the first look and every minute: what it lays into the inbox is an arrival like any other.
    """
    from watchfiles import watch

    inbox.mkdir(parents=True, exist_ok=True)
    offered: dict[Path, Seen] = {}
    resting: dict[Path, tuple[Seen, float]] = {}
    lay_next = -math.inf
    stop = stop or Event()
    wait = max(min(every, quiet), 0.05)
    changes = watch(
        inbox, stop_event=stop, rust_timeout=int(wait * 1000), yield_on_timeout=True, step=50, debounce=200,
        raise_interrupt=False, recursive=False,
    )  # fmt: skip
    for _ in changes:
        now = time.monotonic()
        if lay is not None and now >= lay_next:
            lay()
            lay_next = now + LAY_EVERY_SECONDS
        for path, seen in _files(inbox):
            if resting.get(path, (None, 0.0))[0] != seen:
                resting[path] = (seen, now)
        ready = [
            path
            for path, (seen, since) in sorted(resting.items())
            if now - since >= quiet and offered.get(path) != seen
        ]
        ready = [path for path in ready if path.exists()]
        if ready:
            offered |= {path: resting[path][0] for path in ready}
            yield ready


def _files(inbox: Path) -> Iterator[tuple[Path, Seen]]:
    """Files that may be exports: no hidden ones, and none that a browser or copier is still writing."""
    for path in inbox.iterdir():
        if path.name.startswith((".", "~")) or path.suffix in (".part", ".crdownload", ".tmp", ".filepart"):
            continue
        if path.is_file():
            found = path.stat()
            yield path, (found.st_size, found.st_mtime_ns)
