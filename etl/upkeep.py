"""Bring a warehouse in order that many small loads have written to; nothing that can be asked changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from etl.load import opened_intake
from sql.upkeep import Kept
from sql.upkeep import compact as put_together


@dataclass(frozen=True)
class Compacted:
    """What a warehouse consisted of, and what it consists of now."""

    before: Kept
    after: Kept

    def as_text(self) -> str:
        """What a person reads; empty where nothing became fewer."""
        told = []
        if self.after.files < self.before.files:
            size = (self.before.size - self.after.size) / 1e6
            smaller = f", {size:,.1f} MB smaller" if size >= 0.1 else ""
            told.append(f"files: {self.before.files:,} were put together to {self.after.files:,}{smaller}")
        if self.after.snapshots < self.before.snapshots:
            told.append(f"snapshots: {self.after.snapshots:,} of {self.before.snapshots:,} can still be asked for")
        return "\n".join(told)


def compact(folder: Path, *, now: datetime, wait: bool = False) -> Compacted:
    """Put small files together and take deleted rows out of them; every snapshot says what it said before.

    Raises LoadRunning while a load runs, unless it is to `wait` for its end.
    """
    with opened_intake(folder, now=now, wait=wait) as intake:
        return Compacted(*put_together(intake.warehouse, now=now))
