"""Files that processes and threads lock for each other, waited for with an end; and the order of every lock there is.

Whoever holds a lock waits only for locks further down, so no two ever wait for each other:

1. `sql.turns.loading`: the right to write, for a whole load or build
2. `dashboards.live.LiveCentre._looking`: looking for a newer snapshot; nobody waits for it once one is shown
3. `dashboards.kept`: a page that is being made, a file each, never two at once
4. `dashboards.answers.Answers`: an answer that is being asked for; an answer that needs another waits for that, and no
   answer needs itself (a test of the pages watches that none ever does by a detour)
5. `metrics.compare`: one comparison of people at a time
6. `metrics.identities`: the check of a snapshot, a file
7. `sql.beside`: a table that is being copied for others, a file each, never two at once
8. `dashboards.live.LiveCentre._lock`: what is shown; held for the moment in which it is read or swapped
9. `sql.catalogue_turns`: a statement that reads the catalogue's file, or a commit to it
10. the catalogue itself, which the engine holds for one statement or transaction: every result is read to its end at
   once (`Warehouse`), since one that is not would keep a load's commit waiting for as long as it is lying about

Waits for 3, 4, 6, 7 and 9 end: whoever waited in vain does the work itself. The engine's own statements end by
`sql.limits`, a commit by the catalogue's patience (`sql.warehouse`). A process ends with all the locks it had.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

# longer than any page takes; whoever holds a lock for so long has stopped, or works on something very large
PATIENCE_SECONDS = 120.0
FIRST_PAUSE, LONGEST_PAUSE = 0.005, 0.1


@contextmanager
def turn(path: Path, seconds: float = PATIENCE_SECONDS, *, with_others: bool = False) -> Iterator[bool]:
    """Hold a file that others lock too; says whether it could be had in time. Raises OSError where none can be.

    `with_others` who do the same share it; whoever wants it alone waits for them all.
    """
    kind, mode = (fcntl.LOCK_SH, os.O_RDONLY) if with_others else (fcntl.LOCK_EX, os.O_RDWR)
    lock = os.open(path, mode | os.O_CREAT, 0o644)
    try:
        yield _is_locked(lock, seconds, kind)
    finally:
        os.close(lock)


def _is_locked(lock: int, seconds: float, kind: int) -> bool:
    until, pause = monotonic() + seconds, FIRST_PAUSE
    while True:
        try:
            fcntl.flock(lock, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() >= until:
                return False
            sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
        else:
            return True
