"""What the tests of export formats share: the real samples where they are there, and a centre that loads files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import SHARED


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real sample files; skips where it is absent."""
    folder = SHARED / "samples"
    if not folder.is_dir():
        pytest.skip(f"the sample files are not beside the project ({folder}); set FAIRLINE_SHARED to their folder")
    return folder
