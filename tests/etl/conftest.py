"""An empty centre whose warehouse has its tables already, so that a test of intake spends its time on intake."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from etl.centre import create_centre
from etl.load import load
from tests.conftest import NOW


@pytest.fixture(scope="session")
def made_centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre in Denver's time zone, its warehouse made and empty; tests copy it."""
    folder = tmp_path_factory.mktemp("made") / "centre"
    create_centre(folder, name="Test 311", timezone="America/Denver")
    load(folder, [], now=NOW)
    return folder


@pytest.fixture
def empty_centre(made_centre: Path, tmp_path: Path) -> Path:
    """A copy of the made centre."""
    return Path(shutil.copytree(made_centre, tmp_path / "centre"))
