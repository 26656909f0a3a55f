"""What the tests of export formats share: the real samples where they are there, and a centre with every twin."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.ledger import FileResult
from tests.conftest import SHARED
from tests.etl.sources.twin_city import load_twins

TWINS = Path(__file__).parent / "twins"


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real sample files; skips where it is absent."""
    folder = SHARED / "samples"
    if not folder.is_dir():
        pytest.skip(f"the sample files are not beside the project ({folder}); set FAIRLINE_SHARED to their folder")
    return folder


@pytest.fixture(scope="session")
def twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, FileResult]]:
    """A centre with every twin, loaded in one command; tests only read it. Its folder, and what became of each file."""
    folder = tmp_path_factory.mktemp("twins") / "centre"
    return folder, load_twins(folder, {path.name: path.read_bytes() for path in sorted(TWINS.iterdir())})


@pytest.fixture
def twin_city(twins: tuple[Path, dict[str, FileResult]]) -> Path:
    """The folder of the centre with every twin."""
    return twins[0]
