"""The log of who saw, took away, changed or was refused what: appended only, each entry sealed with the one before."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from dashboards.access.keys import Keys
from dashboards.access.tables import ENTRY, HEAD
from dashboards.desk.store import Row, Store, StoreFailed
from metrics import FairlineError, WrongUse
from metrics.language import _

BEGINNING = "0" * 64
ANCHOR = re.compile(r"\d+:[0-9a-f]{64}")
TRIES = 20
FIELDS = ("number", "at", "who", "role", "what", "about", "period", "request", "count", "before")


class LogFailed(FairlineError):
    """What somebody asked for could not be written down, so it was not handed out."""


@dataclass(frozen=True)
class Deed:
    """What somebody did: seen, taken away, changed, refused. Never the content."""

    who: str
    role: str
    what: str
    about: str = ""
    period: str = ""
    request: str = ""
    count: int | None = None


def append(store: Store, keys: Keys, deed: Deed, *, at: datetime) -> None:
    """Write a deed down; raises LogFailed where that cannot be done."""
    for _try in range(TRIES):
        try:
            with store.changing() as connection:
                _append(connection, keys.of("audit"), deed, at)
        except IntegrityError:  # another process took the number: the next one is free
            continue
        except (SQLAlchemyError, StoreFailed):
            break
        return
    raise LogFailed(
        _("This cannot be shown: the log of who saw what could not be written. Tell whoever runs Fairline.")
    )


def _append(connection: Connection, key: bytes, deed: Deed, at: datetime) -> None:
    last = connection.execute(select(ENTRY.c.number, ENTRY.c.hash).order_by(ENTRY.c.number.desc()).limit(1)).first()
    number, before = (1, BEGINNING) if last is None else (last.number + 1, last.hash)
    row: Row = {
        "number": number,
        "at": at.astimezone(UTC).isoformat(timespec="milliseconds"),
        **{name: _one_line(getattr(deed, name)) for name in ("who", "role", "what", "about", "period", "request")},
        "count": deed.count,
        "before": before,
    }
    row["hash"] = _hash(key, row)
    connection.execute(insert(ENTRY).values(row))
    head = {"number": number, "hash": row["hash"], "seal": _seal(key, number, row["hash"])}
    if connection.execute(update(HEAD).where(HEAD.c.only == 1).values(head)).rowcount == 0:
        connection.execute(insert(HEAD).values(only=1, **head))


def _one_line(text: str) -> str:
    """Text without anything that could end a line, hide it or colour a terminal, at most as long as its column."""
    plain = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)
    return plain[:200]


def _hash(key: bytes, row: Row) -> str:
    content = json.dumps([row[name] for name in FIELDS], ensure_ascii=True, separators=(",", ":"))
    return hmac.new(key, content.encode(), "sha256").hexdigest()


def _seal(key: bytes, number: int, last: str) -> str:
    return hmac.new(key, f"head {number} {last}".encode(), "sha256").hexdigest()


@dataclass(frozen=True)
class Verified:
    """How many entries the log holds, the hash of the last, and what is wrong with it; nothing where it is whole."""

    entries: int
    last: str
    faults: tuple[str, ...]

    def as_text(self) -> str:
        """What a person reads; the anchor is to be kept elsewhere, and handed in at the next check."""
        if not self.faults:
            entries = "1 entry" if self.entries == 1 else f"{self.entries:,} entries"
            return f"The log is whole: {entries}. Anchor: {self.entries}:{self.last}"
        return "\n".join(["The log was changed:", *(f"  {fault}" for fault in self.faults)])


def verify(store: Store, keys: Keys, anchor: str = "") -> Verified:
    """Whether the log is as it was written: nothing deleted, edited, reordered, cut at its end or put back.

    Raises WrongUse for an anchor that no check has printed: a slip of the pen is no sign that somebody changed the log.
    """
    if anchor and not ANCHOR.fullmatch(anchor):
        raise WrongUse(
            f"{anchor!r} is not an anchor. Give what an earlier fairline verify-log printed after the word Anchor: a "
            "number, a colon and 64 letters and digits."
        )
    key = keys.of("audit")
    with store.reading() as connection:
        rows = [dict(row) for row in connection.execute(select(ENTRY).order_by(ENTRY.c.number)).mappings()]
        head = connection.execute(select(HEAD)).mappings().first()
    faults = list(_faults(key, rows))
    last = (rows[-1]["number"], rows[-1]["hash"]) if rows else (0, BEGINNING)
    if rows or head is not None:
        told = (head["number"], head["hash"]) if head is not None else (0, BEGINNING)
        sealed = head is not None and hmac.compare_digest(head["seal"], _seal(key, *told))
        if not sealed or told != last:
            faults.append(
                _("the end was cut or its seal changed: {sealed} entries were sealed, the last is {last}").format(
                    sealed=told[0], last=last[0]
                )
            )
    if anchor:
        number, _colon, known = anchor.partition(":")
        kept = {str(row["number"]): row["hash"] for row in rows}
        if kept.get(number, BEGINNING if number == "0" else "") != known:
            faults.append(
                _("entry {number} is not the one of the anchor: the log was cut or replaced since").format(
                    number=number
                )
            )
    return Verified(len(rows), last[1], tuple(faults))


def _faults(key: bytes, rows: list[Row]) -> Iterator[str]:
    before, number = BEGINNING, 0
    for row in rows:
        if row["number"] != number + 1:
            yield _("entries {first} to {last} are missing").format(first=number + 1, last=row["number"] - 1)
        if row["hash"] != _hash(key, row):
            yield _("entry {number} was edited").format(number=row["number"])
        elif row["before"] != before and row["number"] == number + 1:
            yield _("entry {number} does not follow the one before it").format(number=row["number"])
        before, number = row["hash"], row["number"]


def entries(store: Store, *, about: str | None = None, who: str | None = None, most: int = 500) -> list[Row]:
    """The newest entries, about somebody or by somebody where that is wanted."""
    wanted = select(ENTRY).order_by(ENTRY.c.number.desc()).limit(most)
    for column, value in ((ENTRY.c.about, about), (ENTRY.c.who, who)):
        if value is not None:
            wanted = wanted.where(column == value)
    with store.reading() as connection:
        return [dict(row) for row in connection.execute(wanted).mappings()]


def count(store: Store) -> int:
    """How many entries there are."""
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(ENTRY)).scalar_one())
