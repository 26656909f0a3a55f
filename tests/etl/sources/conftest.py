"""One centre with every twin, loaded in one command; tests only read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.load import FileResult
from tests.etl.sources.twin_city import load_twins

TWINS = Path(__file__).parent / "twins"


@pytest.fixture(scope="session")
def twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, FileResult]]:
    """The centre's folder, and what became of each file."""
    folder = tmp_path_factory.mktemp("twins") / "centre"
    return folder, load_twins(folder, {path.name: path.read_bytes() for path in sorted(TWINS.iterdir())})


@pytest.fixture
def twin_city(twins: tuple[Path, dict[str, FileResult]]) -> Path:
    """The folder of the centre with every twin."""
    return twins[0]
