"""A new centre for the files of a test: its tables are made once in a process, which takes longer than most loads."""

from __future__ import annotations

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from etl.centre import create_centre
from etl.load import load
from tests.conftest import NOW


def new_centre(folder: Path, *, name: str, zone: str, key: str) -> None:
    """A centre with tables, settings and no row; with one key for all, so that the same caller is the same in every centre."""
    shutil.copytree(_blank(name, zone, key), folder, dirs_exist_ok=True)


@cache
def _blank(name: str, zone: str, key: str) -> Path:
    folder = Path(mkdtemp(prefix="fairline-blank-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    create_centre(folder, name=name, timezone=zone)
    (folder / "secrets").mkdir()
    (folder / "secrets" / "caller.key").write_text(key * 32, encoding="ascii")
    assert load(folder, [], now=NOW) == []
    return folder
