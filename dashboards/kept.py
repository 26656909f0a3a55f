"""Pages as they are sent, kept for the workers of one machine: whoever comes first makes one, the others wait for it.

They stand beside the copies of `sql.beside`, so a load that changes anything takes them away.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from itertools import chain, count
from pathlib import Path
from typing import Any

from dash._utils import to_json
from flask import Response, g

from dashboards.answers import Answers
from dashboards.drawn import drawn
from metrics import DiskFull
from metrics.language import tag
from metrics.sampling import FOLDER as DRAWS
from metrics.written import replaced, turn

ROOT = Path(__file__).parents[1]
# what pages are made of besides the snapshot: another program makes other pages
SOURCES = ("dashboards", "metrics", "sql")
# so much is kept of one snapshot at most, looked at every so many pages
MOST_BYTES, LOOKED_AT_EVERY = 256 * 2**20, 64
KEPT = "pages"


class KeptPages:
    """A folder with a file for each page, by all that it follows from: snapshot, rights, language, address, program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "warehouse" / "scratch" / "beside" / KEPT
        self.own = _definitions(folder)
        self.made = count(1)

    def page(self, answers: Answers, question: Hashable, make: Callable[[], str]) -> str:
        """A page by its question, made where nobody on this machine has made it yet; raises what making it raises."""
        here = self.folder / answers.centre.stamp
        path = here / f"{self._digest(answers, question)}.json"
        with suppress(OSError):
            return path.read_text(encoding="utf-8")
        try:
            with _turn(path):
                return self._made(path, make)
        except _NoRoom:
            return make()

    def _made(self, path: Path, make: Callable[[], str]) -> str:
        with suppress(OSError):
            return path.read_text(encoding="utf-8")
        text = make()
        # for whoever waits: a page that is not kept is made again
        with suppress(OSError, DiskFull):
            replaced(path, text.encode())
        if next(self.made) % LOOKED_AT_EVERY == 0:
            _make_room(path.parent)
        return text

    def begin(self, answers: Answers) -> None:
        """Let go of the pages of earlier snapshots."""
        with suppress(OSError):
            for one in self.folder.iterdir():
                if one.name != answers.centre.stamp:
                    shutil.rmtree(one, ignore_errors=True)

    def _digest(self, answers: Answers, question: Hashable) -> str:
        scope = answers.scope
        rights = [None if part is None else sorted(part) for part in (scope.teams, scope.agents)]
        told = [_program(), self.own, rights, scope.sees_totals, tag(), answers.is_checked, question]
        return hashlib.sha256(json.dumps(told, default=repr).encode()).hexdigest()


def as_text(parts: Sequence[Any]) -> str:
    """Parts of a page as the text that a browser gets: a list without its brackets."""
    text: str = to_json(drawn(parts))  # type: ignore[no-untyped-call]
    return text[1:-1]


def in_place_of(text: str) -> list[Any]:
    """What stands for such a text until the answer is sent, so that it is not read only to be written again."""
    if not text:
        return []
    mark = secrets.token_hex(16)
    g.setdefault(KEPT, {})[json.dumps(mark)] = text
    return [mark]


def put_in_place(response: Response) -> Response:
    """The answer with the texts in place of what stood for them."""
    texts = g.get(KEPT)
    if texts:
        told = response.get_data(as_text=True)
        for mark, text in texts.items():
            told = told.replace(mark, text)
        response.set_data(told)
    return response


class _NoRoom(Exception):
    """There can be no lock, for want of a folder, of room or of the right to write."""


@contextmanager
def _turn(path: Path) -> Iterator[None]:
    with ExitStack() as held:
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            held.enter_context(turn(path.with_suffix(".lock")))
        except OSError:
            raise _NoRoom from None
        yield


def _make_room(folder: Path) -> None:
    """Let go of the pages that were made first, down to half, once they are more than is kept."""
    with suppress(OSError):
        pages = sorted((one.stat().st_mtime, one.stat().st_size, one) for one in folder.glob("*.json"))
        left = sum(size for _, size, _ in pages)
        if left > MOST_BYTES:
            for _, size, one in pages:
                if left <= MOST_BYTES // 2:
                    break
                one.unlink(missing_ok=True)
                one.with_suffix(".lock").unlink(missing_ok=True)
                left -= size


@cache
def _program() -> str:
    """What tells this program from one that was changed: its files, their sizes and when they were written."""
    return _state(one for part in SOURCES for one in (ROOT / part).rglob("*") if one.suffix != ".pyc")


def _definitions(folder: Path) -> str:
    """What pages follow from in a centre's own folder: its definitions, and the contacts drawn for evaluation."""
    return _state(chain((folder / "metrics").glob("*.toml"), (folder / DRAWS).glob("*.json")))


def _state(files: Iterable[Path]) -> str:
    states = sorted((str(one), one.stat().st_size, one.stat().st_mtime_ns) for one in files if one.is_file())
    return hashlib.sha256(json.dumps(states).encode()).hexdigest()
