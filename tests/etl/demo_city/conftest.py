"""One city for the tests of this folder: a clock change, a usual week's end and a storm."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from etl.demo_city import build
from tests.etl.demo_city.exported import Exports


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Exports:
    """Three weeks of forty agents, up to the end of the storm."""
    folder: Path = tmp_path_factory.mktemp("town")
    build(folder, days=21, agents=40, until=date(2026, 11, 9))
    return Exports(folder)
