"""What can go wrong, as one family: every message says what came, what was expected and what to do next."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

REJECTED = 1
WRONG_USE = 2
ANOTHER_LOAD_RUNS = 75
STOPPED = 143


class FairlineError(Exception):
    """An error that a user can act on; `exit_code` is what the command line ends with."""

    exit_code = REJECTED


class WrongUse(FairlineError):
    """The question itself is wrong: an unknown name, a date that is none, a missing folder."""

    exit_code = WRONG_USE


class LoadRunning(FairlineError):
    """Another load holds the warehouse."""

    exit_code = ANOTHER_LOAD_RUNS


class WarehouseLocked(FairlineError):
    """The catalogue is held by another program."""

    exit_code = ANOTHER_LOAD_RUNS


class Stopped(FairlineError):
    """Work was asked to end before it was done."""

    exit_code = STOPPED


class TooSlow(FairlineError):
    """A question took longer than whoever asked may wait."""


class DiskFull(FairlineError):
    """There is no room; nothing was changed."""


class WarehouseDamaged(FairlineError):
    """The catalogue or a data file cannot be read."""


class WarehouseUnreachable(FairlineError):
    """The server of a shared catalogue, or of its files, does not answer; or this account may not read them."""


class TooLarge(FairlineError):
    """A question that needs more memory than one may have."""


class FileRejected(FairlineError):
    """A file is refused whole; `reason` is the code that the load report prints."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def nearest(name: str, known: Iterable[str], *, likeness: float = 0.5) -> str:
    """The sentence that offers the nearest known names, empty when none is near.

    >>> nearest("servce_level", ["service_level", "answer_rate"])
    ' Did you mean service_level?'
    """
    close = get_close_matches(name.lower(), sorted(known), n=2, cutoff=likeness)
    return f" Did you mean {' or '.join(close)}?" if close else ""


def is_interrupted(error: BaseException) -> bool:
    """Whether Ctrl-C came while the engine ran a statement, which it tells as an error of its own."""
    return isinstance(error, RuntimeError) and "interrupted" in str(error).lower()


def unforeseen(error: BaseException) -> str:
    """Where something went wrong, without the text of the error: it may quote a row.

    What the operating system refuses is not a fault of ours and is said as it is: the path and the system's reason.
    """
    if isinstance(error, OSError) and error.filename is not None:
        reason = error.strerror or type(error).__name__
        return (
            f"{error.filename} cannot be read or written ({reason}). Nothing half done was kept. "
            "Check the path, its rights and the space left, then run this again."
        )
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno}" if frame else "an unknown place"
    return (
        f"a fault in Fairline itself ({type(error).__name__} in {place}). Nothing half done was kept. "
        "Set FAIRLINE_TRACEBACK=1 and run it again for the details, then report it."
    )
