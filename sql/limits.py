"""What one question may take: so much time and memory, after which it ends and says so."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from sql.errors import TooMuchAsked, WarehouseDamaged

DATA_FILE = re.compile(r"[\w=/.-]+\.parquet")


@contextmanager
def within(cursor: duckdb.DuckDBPyConnection, seconds: float | None) -> Iterator[None]:
    """End what a cursor does after so many seconds.

    Raises TooMuchAsked, also where the memory does not suffice, and WarehouseDamaged for a file that cannot be read.
    """
    watch = threading.Timer(seconds, cursor.interrupt) if seconds is not None else None
    if watch is not None:
        watch.daemon = True
        watch.start()
    try:
        yield
    except duckdb.InterruptException:
        if watch is None:
            raise
        raise TooMuchAsked(
            f"This takes more than {seconds:g} seconds, so it was stopped. Ask for fewer days, or for less at once."
        ) from None
    except duckdb.OutOfMemoryException:
        raise TooMuchAsked(
            "This takes more memory than one question may have, so it was stopped. Ask for fewer days, or for less at "
            "once."
        ) from None
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        if not (found := DATA_FILE.search(str(error))):
            raise
        raise WarehouseDamaged(
            f"A data file of the warehouse cannot be read: {found[0].rpartition('/data/')[2]}. fairline check names "
            "all that are damaged. Put them back from the backup."
        ) from None
    finally:
        if watch is not None:
            watch.cancel()
