"""Named steps at which the tests may end a process, to prove that what it did is whole or not there."""

from __future__ import annotations

import os

VARIABLE = "FAIRLINE_FAULT"


def fault_point(name: str) -> None:
    """End this process here, as a power cut would, where the environment names this step."""
    if os.environ.get(VARIABLE) == name:
        os.kill(os.getpid(), 9)
