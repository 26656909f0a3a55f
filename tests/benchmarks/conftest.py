"""Write down what the benchmarks found."""

from __future__ import annotations

import os

import pytest

from tests.benchmarks import results

BEFORE = os.getloadavg()[0]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """All have ended."""
    if any(item.name.startswith("bench_") for item in session.items):
        results.write(BEFORE)
