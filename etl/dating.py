"""When an export was made: by its file's own time, as far as this machine's clock can be believed.

The newest export of a row wins, so one that is dated a year ahead would win for a year, and whatever was written while
a clock was set back would lose. Neither is taken in silence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from etl.landing import Landed
from sql import FileRejected, Warehouse, WrongUse

# by so much clocks and zones may disagree
A_DAY = timedelta(days=1)
SAID = "%Y-%m-%d %H:%M"


@dataclass(frozen=True)
class Dating:
    """What dates the files of one load: what was declared, what the clock says, and when the load before was made.

    `now` is null where nobody looks whether the clock can be right.
    """

    declared: datetime | None = None
    now: datetime | None = None
    last_load: datetime | None = None

    @classmethod
    def of(cls, warehouse: Warehouse, declared: datetime | None, now: datetime | None) -> Dating:
        """The dating of a load into a warehouse."""
        last = warehouse.fetch("facts/last_loaded")[0][0] if now is not None and declared is None else None
        return cls(declared, now, last and last.replace(tzinfo=UTC))

    def exported_at(self, landed: Landed) -> datetime:
        """When a file was exported; raises FileRejected where its time or this machine's cannot be true."""
        if self.declared is not None:
            return self.declared.astimezone(UTC)
        written = datetime.fromtimestamp(landed.modified, UTC)
        if self.now is None:
            return written
        if written > self.now + A_DAY:
            raise FileRejected(
                "dated_ahead",
                f"{landed.name} says that it was written on {written:{SAID}} UTC, and this machine's clock says "
                f"{self.now:{SAID}}. Set whichever clock is wrong, or say when it was exported, with --as-of; then "
                "load it again. Nothing of it was loaded.",
            )
        if self.last_load is not None and self.last_load > self.now + A_DAY:
            raise FileRejected(
                "clock_set_back",
                f"{landed.name} was not loaded: this machine's clock says {self.now:{SAID}} UTC, and the last load "
                f"was made on {self.last_load:{SAID}}. If the clock is wrong, set it and load again. If it is right "
                f"and was ahead then, say once when the files were exported: --as-of {self.now:%Y-%m-%d}",
            )
        return written


def check_declared(declared: datetime | None, now: datetime) -> None:
    """Raise WrongUse for a moment of export that has not come: no later export would ever win over it."""
    if declared is not None and declared > now + A_DAY:
        raise WrongUse(
            f"--as-of {declared:{SAID}} lies after {now:{SAID}} UTC, which this machine's clock says, so later exports "
            "would lose to it. Say when the files were exported, or set the clock; nothing was loaded."
        )
