"""What became of scheduled reports: one line per recipient and run, kept in the centre's `deliveries/`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl

State = Literal["sent", "waiting", "late", "failed", "noticed"]
LOG = Path("deliveries") / "log.jsonl"
COLUMNS: dict[str, Any] = {
    "at": pl.Datetime("us", "UTC"),
    "delivery": pl.String,
    "report": pl.String,
    "period": pl.String,
    "recipient": pl.String,
    "state": pl.String,
    "message": pl.String,
}


def delivery_log(folder: Path) -> pl.DataFrame:
    """Every run of every scheduled report, oldest first: `at`, `delivery`, `period`, `recipient`, `state`, `message`.

    sent: in the recipient's mail; waiting: data have not arrived; late: they had not by the time set; failed: an error;
    noticed: those who look after it were told.
    """
    path = folder / LOG
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    rows = list(_read(lines))
    plain = [{**row, "at": datetime.fromisoformat(row["at"]).astimezone(UTC)} for row in rows]
    return pl.DataFrame(plain, schema=COLUMNS)


def _read(lines: Sequence[str]) -> Iterator[dict[str, str]]:
    """The rows; of a line whose writing was cut off (no room, no power) nothing is known."""
    for line in lines:
        with suppress(ValueError):
            row = json.loads(line)
            if isinstance(row, dict) and row.keys() == COLUMNS.keys():
                yield row


def note_delivery(
    folder: Path, *, at: datetime, delivery: str, report: str, period: str, recipient: str, state: State, message: str
) -> None:
    """Write down what became of one report for one recipient."""
    row = {
        "at": at.astimezone(UTC).isoformat(),
        "delivery": delivery,
        "report": report,
        "period": period,
        "recipient": recipient,
        "state": state,
        "message": message,
    }
    path = folder / LOG
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with path.open("ab+") as log:
        # a line that was cut off does not take this one with it
        begun = log.tell() > 0 and (log.seek(-1, os.SEEK_END), log.read())[1] != b"\n"
        log.write((b"\n" if begun else b"") + (json.dumps(row, ensure_ascii=False) + "\n").encode())
        log.flush()
        os.fsync(log.fileno())
