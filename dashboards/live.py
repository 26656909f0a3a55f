"""The centre as it is now: pages read one snapshot, and the next one as soon as a load has ended."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Lock

from dashboards.answers import Answers
from metrics import Centre, Scope, open_centre

log = logging.getLogger(__name__)


class LiveCentre:
    """A centre folder, opened with the first question and held open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._watch: Centre | None = None
        self._shown: Centre | None = None
        self._answers: dict[Scope, Answers] = {}
        self._lock = Lock()

    def answers(self, scope: Scope) -> Answers:
        """What a scope sees of the newest snapshot; raises WrongUse where nothing was loaded yet."""
        with self._lock:
            shown = self._newest()
            return self._answers.setdefault(scope, Answers(shown, scope))

    def _newest(self) -> Centre:
        """The centre at its newest snapshot; while the catalogue cannot be asked, the last one is shown on."""
        try:
            if self._watch is None:
                self._watch = open_centre(self.folder)
            newest = self._watch.snapshot
            if self._shown is None or newest != self._shown.snapshot:
                # whoever still reads the old snapshot keeps it open until done
                self._shown, self._answers = open_centre(self.folder, newest), {}
        except Exception as error:
            if self._shown is None:
                raise
            log.warning("The newest snapshot could not be opened (%s); the last one is shown.", type(error).__name__)
        return self._shown

    def close(self) -> None:
        """Let go of the warehouse."""
        with self._lock:
            for centre in (self._watch, self._shown):
                if centre is not None:
                    centre.close()
            self._watch = self._shown = None
