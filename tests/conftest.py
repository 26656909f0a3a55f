"""What tests share: the public files where they are there, and one small city, simulated and loaded once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from etl.centre import create_centre
from etl.demo_city import build as build_city
from etl.ledger import FileResult
from etl.load import load
from metrics import Centre, open_centre
from metrics.build import bring_up_to_date

SHARED = Path(os.environ.get("FAIRLINE_SHARED", Path(__file__).parents[2] / "shared"))
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def public_data() -> Path:
    """The folder of public files; skips where it is absent."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip(f"the public files are not beside the project ({folder}); set FAIRLINE_SHARED to their folder")
    return folder


@pytest.fixture(scope="session")
def city_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small city with a clock change and a storm: two weeks, sixteen agents; exports written, nothing loaded."""
    folder = tmp_path_factory.mktemp("city") / "riverbend"
    build_city(folder, days=14, agents=16, seed=7, until=date(2026, 11, 14))
    return folder


@pytest.fixture(scope="session")
def loaded_city(city_folder: Path) -> Path:
    """The small city, loaded, with its measures stored; tests only read it."""
    results = load(city_folder, [], now=NOW)
    assert {result.verdict for result in results} == {"accepted"}
    bring_up_to_date(city_folder)
    return city_folder


@pytest.fixture
def city(loaded_city: Path) -> Iterator[Centre]:
    """The small city, open for reading."""
    with open_centre(loaded_city) as centre:
        yield centre


@pytest.fixture
def own_city(city_folder: Path, tmp_path: Path) -> Path:
    """A copy of the small city's exports that a test may do with as it likes; nothing loaded."""
    folder = tmp_path / "own"
    shutil.copytree(city_folder / "inbox", folder / "inbox")
    shutil.copy(city_folder / "centre.toml", folder)
    return folder


@pytest.fixture(scope="session")
def blank_centre(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A centre folder in Denver's time zone whose warehouse holds tables and settings and nothing else."""
    folder = tmp_path_factory.mktemp("blank") / "centre"
    create_centre(folder, name="Test 311", timezone="America/Denver")
    assert load(folder, [], now=NOW) == []
    return folder


@pytest.fixture
def empty_centre(blank_centre: Path, tmp_path: Path) -> Path:
    """A centre folder with nothing in it, to do with as a test likes."""
    return Path(shutil.copytree(blank_centre, tmp_path / "centre"))


Offer = Callable[..., FileResult]


@pytest.fixture
def offer(empty_centre: Path, tmp_path: Path) -> Offer:
    """Load one file with the given name and content into the empty centre."""

    def one(
        name: str,
        content: str | bytes,
        *,
        as_of: str = "2026-11-20T00:00:00+00:00",
        source: str | None = None,
    ) -> FileResult:
        path = tmp_path / "exports" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load(empty_centre, [path], now=NOW, source=source, as_of=datetime.fromisoformat(as_of))[0]

    return one
