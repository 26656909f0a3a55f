"""Files are read in processes of their own, under limits: a bomb, a crash or endless work costs one file, not the load.

A warden process, started once, forks a fresh child for every job (a fork of a small process takes milliseconds).
The child sets its own limits, does the job and writes its answer into a file; the warden says how the child ended.
"""

from __future__ import annotations

import atexit
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sql import DiskFull, FileRejected, WrongUse

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Limits:
    """What a job may use: bytes of memory of its own, and seconds on the clock."""

    memory: int = 3 << 30
    seconds: int = field(default_factory=lambda: int(os.environ.get("FAIRLINE_READER_SECONDS", "3600")))


class Warden:
    """The process that forks a child for each job."""

    def __init__(self) -> None:
        paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "etl.isolation"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths},
            # a signal to the load ends the load, which then ends its readers
            start_new_session=True,
            text=True,
        )
        self._answers = tempfile.TemporaryDirectory(prefix="fairline-", ignore_cleanup_errors=True)
        self._asked = 0

    def ask(self, job: dict[str, Any], *, limits: Limits) -> dict[str, Any]:
        """The answer to a job; raises FileRejected where the child did not live to give one."""
        self._asked += 1
        answer = Path(self._answers.name) / f"{self._asked}.json"
        order = {"job": job, "answer": str(answer), "memory": limits.memory, "seconds": limits.seconds}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            status = self._process.stdout.readline()
        except BrokenPipeError:
            status = ""
        if not status:
            self.close()
            raise _died(None, limits)
        code = int(status)
        if code == NO_ROOM:
            message = "The disk is full: the rows of a file could not be written. Nothing was changed. Make room for "
            raise DiskFull(f"{message}three times the file in {job.get('target', 'the centre folder')}.")
        if code:
            raise _died(code, limits)
        found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
        answer.unlink()
        if "wrong_use" in found:
            raise WrongUse(found["wrong_use"])
        return found

    @property
    def is_alive(self) -> bool:
        """Whether it still takes jobs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End it and the child that may be at work."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._process.wait()
        self._answers.cleanup()


OUT_OF_MEMORY, FAILED, NO_ROOM = 101, 102, 103


def _died(code: int | None, limits: Limits) -> FileRejected:
    """Why a child gave no answer, as what its file's rejection says."""
    next_step = "Nothing of it was loaded: look at it with another program, or export it again in parts."
    if code == OUT_OF_MEMORY:
        gigabytes = limits.memory / (1 << 30)
        return FileRejected("too_much_memory", f"reading it takes more than {gigabytes:.1f} GB of memory. {next_step}")
    if code == -signal.SIGALRM:
        return FileRejected("too_much_time", f"reading it takes longer than {limits.seconds} seconds. {next_step}")
    return FileRejected("reader_failed", f"the program that reads such files broke off on it. {next_step}")


_warden: Warden | None = None


def ask(job: dict[str, Any], *, limits: Limits | None = None) -> dict[str, Any]:
    """Have a job done by a child of this process's warden, which is started with the first job."""
    global _warden
    if _warden is None or not _warden.is_alive:
        _warden = Warden()
        atexit.register(_warden.close)
    return _warden.ask(job, limits=limits or Limits())


def start() -> None:
    """Have a warden ready before it is needed; it starts while other work goes on."""
    global _warden
    if _warden is None or not _warden.is_alive:
        _warden = Warden()
        atexit.register(_warden.close)


def end() -> None:
    """End the warden and whatever child is at work."""
    if _warden is not None:
        _warden.close()


def main() -> None:
    """The warden: a line in, a child forked, the child's exit code out; ends with its input."""
    import pyarrow as pa

    from etl.layout import shipped_layouts
    from etl.reading import answered

    shipped_layouts()
    # the first array loads pandas, which takes longer than reading a small file: once here, not in every child
    pa.array([0])
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            os._exit(_child(order, answered))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _child(order: dict[str, Any], answered: Any) -> int:
    """Set the limits, do the job, write the answer; what went wrong is told by the exit code alone."""
    resource.setrlimit(resource.RLIMIT_DATA, (order["memory"], order["memory"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(order["seconds"])
    try:
        fault_point(order["job"])
        answer = answered(order["job"])
    except MemoryError:
        return OUT_OF_MEMORY
    except Exception as error:  # whatever it is, its text may quote a row
        return _code_of(error)
    Path(order["answer"]).write_text(json.dumps(answer), encoding="utf-8")
    return 0


def fault_point(job: dict[str, Any]) -> None:
    """Where the tests may let a reader crash or hang: FAIRLINE_FAULT is `crash NAME` or `hang NAME`."""
    fault, _, name = os.environ.get("FAIRLINE_FAULT", "").partition(" ")
    if not name or name not in [one["name"] for one in job.get("files", [job])]:
        return
    if fault == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    while fault == "hang":
        signal.pause()


def _code_of(error: Exception) -> int:
    if os.environ.get("FAIRLINE_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    if any(words in str(error).lower() for words in ("no space left", "file too large", "disk quota")):
        return NO_ROOM
    return OUT_OF_MEMORY if "OutOfMemory" in type(error).__name__ else FAILED


if __name__ == "__main__":
    main()
