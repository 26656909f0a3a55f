"""What the tests of access share: an empty store and a gate whose clock they set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dashboards.access import Access
from dashboards.access.keys import Keys
from dashboards.desk import open_store
from tests.dashboards.conftest import SECRET

PASSWORD = "four words, nothing in common"


@dataclass
class Clock:
    """A clock that stands until it is moved on."""

    now: datetime = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: float) -> datetime:
        """Move on, and say what time it is then."""
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock of the gate."""
    return Clock()


@pytest.fixture
def gate(tmp_path: Path, clock: Clock) -> Iterator[Access]:
    """A gate without accounts, in a folder of its own."""
    found = Access(tmp_path, open_store(tmp_path), Keys(SECRET.encode()), clock=clock)
    yield found
    found.store.close()
