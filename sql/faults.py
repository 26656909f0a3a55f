"""Named steps at which the tests may end a process, to prove that what it did is whole or not there."""

from __future__ import annotations

import os
from collections import Counter

VARIABLE = "FAIRLINE_FAULT"
_passed: Counter[str] = Counter()


def fault_point(name: str) -> None:
    """End this process here, as a power cut would, where the environment names this step, or which time (`NAME 2`)."""
    wanted, _, nth = os.environ.get(VARIABLE, "").partition(" ")
    if wanted == name:
        _passed[name] += 1
        if _passed[name] == int(nth or 1):
            os.kill(os.getpid(), 9)
