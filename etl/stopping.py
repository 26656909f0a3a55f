"""End a load when it is asked to: what runs is interrupted and rolled back, what was committed stays."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import duckdb

from etl import isolation
from sql import Stopped
from sql.errors import is_interrupted


def _stopped() -> Stopped:
    return Stopped(
        "Stopped as asked: the file that was being loaded was rolled back, those before it are loaded. Run it again "
        "to load the rest."
    )


@contextmanager
def stoppable() -> Iterator[list[duckdb.DuckDBPyConnection]]:
    """While the block runs, SIGTERM ends it with Stopped, even in a long statement of a connection added to the list.

    A thread is woken by the signal and interrupts the statement, since Python itself only looks between statements.
    """
    if threading.current_thread() is not threading.main_thread():
        yield []
        return
    connections: list[duckdb.DuckDBPyConnection] = []
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        raise _stopped()

    before = signal.signal(signal.SIGTERM, stop)
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    woken_before = signal.set_wakeup_fd(writing)
    thread = threading.Thread(target=_interrupt_when_asked, args=(reading, connections), daemon=True)
    thread.start()
    try:
        yield connections
    except duckdb.InterruptException:
        raise _stopped() from None
    except RuntimeError as error:
        # the engine tells a signal during a short statement as an error of its own, and forgets ours
        if is_interrupted(error) and asked:
            raise _stopped() from None
        raise
    finally:
        signal.set_wakeup_fd(woken_before)
        signal.signal(signal.SIGTERM, before)
        os.close(writing)
        thread.join()
        os.close(reading)


def _interrupt_when_asked(reading: int, connections: list[duckdb.DuckDBPyConnection]) -> None:
    while signals := os.read(reading, 64):
        if signal.SIGTERM in signals:
            for connection in connections:
                # one that has just been closed has nothing left to interrupt
                with suppress(duckdb.ConnectionException):
                    connection.interrupt()
            isolation.end()
