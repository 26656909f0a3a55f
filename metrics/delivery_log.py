"""What became of scheduled reports: one line per recipient and run, kept in the centre's `deliveries/`."""

from __future__ import annotations

import json
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
    rows = [json.loads(line) for line in lines if line.strip()]
    plain = [{**row, "at": datetime.fromisoformat(row["at"]).astimezone(UTC)} for row in rows]
    return pl.DataFrame(plain, schema=COLUMNS)


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
    with path.open("a", encoding="utf-8") as log:
        log.write(json.dumps(row, ensure_ascii=False) + "\n")
