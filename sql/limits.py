"""What one question may take: so much time and memory, after which it ends and says so."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from sql.errors import TooLarge, TooSlow, WarehouseDamaged, WarehouseUnreachable

DATA_FILE = re.compile(r"[\w=/.-]+\.parquet")


@contextmanager
def within(cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    """End what a cursor does after so many seconds, or never for none.

    Raises TooSlow then, TooLarge where the memory does not suffice, WarehouseDamaged for a file that cannot be read.
    """
    watch = threading.Timer(seconds, cursor.interrupt) if seconds else None
    if watch is not None:
        watch.daemon = True
        watch.start()
    try:
        yield
    except duckdb.InterruptException:
        if watch is None:
            raise
        raise TooSlow(
            f"This question took longer than {seconds:g} seconds and was stopped. Ask for fewer days, or narrow it to "
            "a queue, a team or a department; fairline query has no such limit."
        ) from None
    except duckdb.OutOfMemoryException:
        raise TooLarge(
            "This question needs more memory than one may have and was stopped. Ask for fewer days, or narrow it to a "
            "queue, a team or a department."
        ) from None
    except (duckdb.InvalidInputException, duckdb.IOException) as error:
        if not (found := DATA_FILE.search(str(error))):
            raise
        if "permission denied" in str(error).lower():
            raise WarehouseUnreachable(
                "The data files of the warehouse may not be read by this account. Ask whoever loads to let it read "
                "warehouse/, or run this as the account that loads."
            ) from None
        raise WarehouseDamaged(
            f"A data file of the warehouse cannot be read: {found[0].rpartition('/data/')[2]}. fairline check names "
            "all that are damaged. Put them back from the backup."
        ) from None
    finally:
        if watch is not None:
            watch.cancel()
