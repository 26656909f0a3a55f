"""Names that somebody settled: whom a name of an export stands for, from when, and who said so; never overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Column, Date, DateTime, String, Table, insert

from dashboards.desk.handover import put_into
from dashboards.desk.store import Row, Store, new_id, newest_first, record, stored
from dashboards.desk.tables import METADATA
from metrics import WrongUse
from metrics.language import _

KINDS = ("agent", "queue", "department")
FILE = "desk_names.csv"
COLUMNS = ("kind", "source", "name", "stands_for", "valid_from", "valid_to")
LONGEST = 200

# one row per deed; the last one about a name and a day from which holds it is the one that counts
SETTLED = Table(
    "settled_name",
    METADATA,
    Column("settled_id", String(40), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("name", String(LONGEST), nullable=False),
    Column("stands_for", String(LONGEST), nullable=False),
    Column("valid_from", Date),
    Column("settled_by", String(200), nullable=False),
    Column("settled_at", DateTime, nullable=False),
)


@dataclass(frozen=True)
class SettledName:
    """Whom a name stands for from a day on, or always."""

    kind: str
    name: str
    stands_for: str
    valid_from: date | None = None


def settle(store: Store, inbox: Path, names: Sequence[SettledName], *, by: str, at: datetime) -> Path:
    """Say whom names stand for, and hand that to the warehouse: they are credited anew with the next load.

    What was said in error is said again; a name that stands for itself is known as one of its own. Raises WrongUse for
    what cannot be a name.
    """
    for one in names:
        _check(one)
    with store.changing() as connection:
        for one in names:
            row = {"settled_id": new_id(), **asdict(one), "settled_by": by, "settled_at": stored(at)}
            connection.execute(insert(SETTLED).values(row))
            record(connection, who=by, what="settled name", subject=str(row["settled_id"]), at=at)
    return hand_over_names(store, inbox)


def _check(one: SettledName) -> None:
    if one.kind not in KINDS:
        raise WrongUse(
            _("{kind!r} is not what a name can stand for. Expected one of {known}.").format(
                kind=one.kind, known=", ".join(KINDS)
            )
        )
    for words in (one.name, one.stands_for):
        if not words.strip() or len(words) > LONGEST or not words.isprintable():
            raise WrongUse(
                _("A name has 1 to {n} characters that can be printed. Choose one from the lists.").format(n=LONGEST)
            )


def settled(store: Store) -> list[Row]:
    """What counts of all that was said: the last word on each name and day, the newest first."""
    last: dict[tuple[str, str, date | None], Row] = {}
    with store.reading() as connection:
        for row in connection.execute(newest_first(SETTLED, SETTLED.c.settled_id)).mappings():
            last.setdefault((row["kind"], row["name"], row["valid_from"]), dict(row))
    return list(last.values())


def hand_over_names(store: Store, inbox: Path) -> Path:
    """Write all that counts to the inbox as the plain file `plain_aliases`, whole or not at all."""
    rows = sorted(settled(store), key=lambda row: (row["kind"], row["name"], str(row["valid_from"])))
    said = ({name: "" if row.get(name) is None else row[name] for name in COLUMNS} for row in rows)
    return put_into(inbox, FILE, COLUMNS, said)
