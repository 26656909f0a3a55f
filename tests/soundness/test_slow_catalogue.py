"""A catalogue that is slow to answer held the lock that every page needs: a hundred readers stood still during a load."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

import metrics as m
from dashboards.live import LiveCentre

EVERYONE = m.Scope.whole_centre()


class SlowWatch:
    """A centre whose catalogue answers when it is let."""

    def __init__(self, snapshot: int) -> None:
        self.number = snapshot
        self.asked, self.may_answer = threading.Event(), threading.Event()

    @property
    def snapshot(self) -> int:
        self.asked.set()
        assert self.may_answer.wait(60)
        return self.number

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def live(loaded_city: Path) -> Iterator[LiveCentre]:
    found = LiveCentre(loaded_city, look_every=0)
    yield found
    found.close()


def test_while_one_waits_for_the_catalogue_the_others_read_what_is_shown(live: LiveCentre) -> None:
    shown = live.answers(EVERYONE).centre
    live._watch = slow = SlowWatch(shown.snapshot)  # type: ignore[assignment]
    with ThreadPoolExecutor(2) as readers:
        waiting = readers.submit(live.answers, EVERYONE)
        assert slow.asked.wait(60)
        # from a thread of its own, so that a lock that is held fails this test and does not hang it
        assert readers.submit(live.answers, EVERYONE).result(timeout=30).centre is shown
        assert not waiting.done()
        slow.may_answer.set()
        assert waiting.result(timeout=30).centre is shown


def test_while_a_new_snapshot_is_opened_the_old_one_is_read(live: LiveCentre, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = live.answers(EVERYONE).centre
    live._watch = SimpleNamespace(snapshot=shown.snapshot + 1, close=lambda: None)  # type: ignore[assignment]
    opening, may_open = threading.Event(), threading.Event()
    newer = SimpleNamespace(snapshot=shown.snapshot + 1, close=lambda: None)

    def open_slowly(_: int) -> object:
        opening.set()
        assert may_open.wait(60)
        return newer

    monkeypatch.setattr(live, "_newest_good", open_slowly)
    with ThreadPoolExecutor(2) as readers:
        waiting = readers.submit(live.answers, EVERYONE)
        assert opening.wait(60)
        assert readers.submit(live.answers, EVERYONE).result(timeout=30).centre is shown
        may_open.set()
        assert waiting.result(timeout=30).centre.snapshot == newer.snapshot
