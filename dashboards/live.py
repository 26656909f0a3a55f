"""The centre as it is now: pages read one snapshot, and the next one as soon as a load has ended."""

from __future__ import annotations

import logging
import os
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock, Thread, get_native_id
from time import monotonic

from dashboards.access.roles import Viewer, scope_of
from dashboards.answers import Answers
from metrics import Centre, Scope, keep_recent, keep_shared, open_centre

log = logging.getLogger(__name__)
# how many snapshots to go back at most where the newest cannot be read, and how long not to try that one again
MOST_BACK, NOT_BEFORE_SECONDS = 5, 60.0
# how many scopes keep their answers: those asked for last
MOST_SCOPES = 64
# how often the catalogue is asked for a newer snapshot, and how long a question may take
LOOK_EVERY_SECONDS = 1.0
LIMIT_SECONDS = 20.0
BEHIND = 5


class LiveCentre:
    """A centre folder, opened with the first question and held open."""

    def __init__(
        self,
        folder: Path,
        look_every: float = LOOK_EVERY_SECONDS,
        warm: Callable[[Answers], None] | None = None,
    ) -> None:
        self.folder = folder
        # what is asked of every new snapshot before anybody does, out of the way of those who ask
        self.warm = warm
        self.look_every = look_every
        self._watch: Centre | None = None
        self._shown: Centre | None = None
        self._answers: OrderedDict[Scope, Answers] = OrderedDict()
        self._lock, self._looking = Lock(), Lock()
        self._refused: tuple[int, float] | None = None
        self._looked_at = float("-inf")

    def answers(self, scope: Scope) -> Answers:
        """What a scope sees of the newest snapshot; raises WrongUse where nothing was loaded yet.

        Answers are kept by snapshot and scope: two who ask the same share them only where they may see the same.
        """
        self._look()
        with self._lock:
            assert self._shown is not None
            found = self._of(self._shown, scope)
            self._answers.move_to_end(scope)
            while len(self._answers) > MOST_SCOPES:
                self._answers.popitem(last=False)
            return found

    def answers_for(self, viewer: Viewer) -> Answers:
        """What somebody may see, by today's roster."""
        whole = self.answers(Scope.whole_centre())
        today = datetime.now(UTC).astimezone(whole.centre.timezone).date()
        ask = lambda: scope_of(viewer, whole.centre, on=today)  # noqa: E731
        return self.answers(
            whole.kept(("scope", viewer.role, viewer.person, viewer.teams, today), ask, has_words=False)
        )

    def _look(self) -> None:
        """Show the newest snapshot; while one looks for it the others go on with what is shown.

        A catalogue that does not answer, or a snapshot that takes long to open, so holds up nobody else.
        """
        is_first = self._shown is None
        if self._looking.acquire(blocking=is_first):
            try:
                # whoever waited at the start has what another found; each looking in turn, the last would wait for long
                if not (is_first and self._shown is not None):
                    self._show_newest()
            finally:
                self._looking.release()

    def _show_newest(self) -> None:
        """Open the centre at its newest snapshot; while the catalogue cannot be asked, the last one is shown on."""
        if self._shown is not None and monotonic() - self._looked_at < self.look_every:
            return
        try:
            if self._watch is None:
                self._watch = open_centre(self.folder)
            newest = self._watch.snapshot
            if (self._shown is None or newest != self._shown.snapshot) and not self._was_refused(newest):
                opened = self._newest_good(newest)
                # whoever still reads the old snapshot keeps it open until done; to close it takes the engine a while,
                # and nobody waits for that
                before = self._shown, self._answers
                with self._lock:
                    self._shown, self._answers = opened, OrderedDict()
                    self._begin_to_warm(opened)
                del before
        except Exception as error:
            if self._shown is None:
                raise
            log.warning("The newest snapshot could not be opened (%s); the last one is shown.", type(error).__name__)
        finally:
            self._looked_at = monotonic()

    def _was_refused(self, newest: int) -> bool:
        """Whether a snapshot could not be read a moment ago."""
        return self._refused is not None and self._refused[0] == newest and monotonic() < self._refused[1]

    def _newest_good(self, newest: int) -> Centre:
        """The newest snapshot, or the one shown or before it where that one cannot be read; raises what was wrong."""
        try:
            return self._opened(newest)
        except Exception as error:
            self._refused = (newest, monotonic() + NOT_BEFORE_SECONDS)
            if self._shown is not None:
                raise
            for earlier in range(newest - 1, max(newest - 1 - MOST_BACK, 0), -1):
                with suppress(Exception):
                    found = self._opened(earlier)
                    log.warning("Snapshot %s is shown: %s cannot be read (%s).", earlier, newest, type(error).__name__)
                    return found
            raise

    def _opened(self, snapshot: int) -> Centre:
        found = open_centre(self.folder, snapshot)
        try:
            keep_shared(found)
            found.lock_down()
            found.warehouse.limit_seconds = LIMIT_SECONDS
        except BaseException:
            found.close()
            raise
        return found

    def _of(self, shown: Centre, scope: Scope) -> Answers:
        return self._answers.setdefault(scope, Answers(shown, scope, is_checked_behind=self.warm is not None))

    def _begin_to_warm(self, shown: Centre) -> None:
        if self.warm is None:
            return
        answers = self._of(shown, Scope.whole_centre())
        Thread(target=self._warmed, args=(answers,), name="warm", daemon=True).start()

    def _warmed(self, answers: Answers) -> None:
        with suppress(OSError, AttributeError):
            # on Linux a thread has a priority of its own: whoever waits for a page goes first
            os.setpriority(os.PRIO_PROCESS, get_native_id(), BEHIND)
        try:
            with answers.centre.warehouse.patiently():
                keep_recent(answers.centre)
                if self.warm is not None:
                    self.warm(answers)
        except Exception as error:
            log.warning("The new snapshot was not asked beforehand (%s).", type(error).__name__)

    def close(self) -> None:
        """Let go of the warehouse."""
        with self._lock:
            for centre in (self._watch, self._shown):
                if centre is not None:
                    centre.close()
            self._watch = self._shown = None
