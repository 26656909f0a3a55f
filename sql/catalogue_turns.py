"""Commits and questions by turns: while one is written to the catalogue's file, nobody else has it in hand.

SQLite lets a commit wait until all have put the file down, and meanwhile gives it to nobody. A question takes it up
more than once, so those under way waited for the commit, which waited for them: five seconds, after which they broke
off, and at times two minutes, after which the load did. Here a commit waits until the questions under way have ended,
and new ones wait for it. Who has waited in vain goes on, and has SQLite's own locks to rely on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import local

from sql.place import Place
from sql.waits import turn

# longer than all but few questions take; no page is kept waiting for the longest of them
QUESTION_SECONDS, COMMIT_SECONDS = 12.0, 10.0
# who passes this file may begin, so that a commit which waits is not overtaken for ever
GATE, IN_HAND = "catalogue.gate", "catalogue.hand"
_here = local()


@contextmanager
def reading(place: Place) -> Iterator[None]:
    """Read the catalogue: not while a commit is written to it."""
    if place.is_shared or getattr(_here, "reads", False):
        yield
        return
    with ExitStack() as held:
        # whoever may only read the folder has no locks in it
        with suppress(OSError), turn(place.folder / GATE, QUESTION_SECONDS, with_others=True):
            held.enter_context(turn(place.folder / IN_HAND, QUESTION_SECONDS, with_others=True))
        _here.reads = True
        try:
            yield
        finally:
            _here.reads = False


@contextmanager
def committing(place: Place) -> Iterator[None]:
    """Write to the catalogue: once those who read it have ended, and before others begin."""
    if place.is_shared:
        yield
        return
    with ExitStack() as held:
        with suppress(OSError):
            held.enter_context(turn(place.folder / GATE, COMMIT_SECONDS))
            held.enter_context(turn(place.folder / IN_HAND, COMMIT_SECONDS))
        yield
