"""The log: whatever is done to it afterwards shows, and what cannot be written down is not handed out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DatabaseError

from dashboards.access import Access, audit
from dashboards.access.keys import Keys
from dashboards.access.tables import ENTRY, HEAD
from dashboards.desk import open_store
from metrics import WrongUse

Change = Callable[[Any], object]
TRIGGERS = ("audit_entry_no_update", "audit_entry_no_delete")


def filled(gate: Access, number: int = 5) -> str:
    for count in range(number):
        gate.write_of("ann", "manager", "saw /agent", about=f"A{count}", count=count)
    found = audit.verify(gate.store, gate.keys)
    assert found.faults == ()
    return f"{found.entries}:{found.last}"


def whole(connection: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(ENTRY).order_by(ENTRY.c.number)).mappings()]


def swapped(connection: Any) -> None:
    rows = whole(connection)
    connection.execute(delete(ENTRY))
    rows[1]["number"], rows[2]["number"] = 3, 2
    connection.execute(insert(ENTRY), rows)


def taken_out_and_closed_up(connection: Any) -> None:
    rows = whole(connection)
    connection.execute(delete(ENTRY))
    del rows[2]
    for number, row in enumerate(rows, 1):
        row["number"] = number
    connection.execute(insert(ENTRY), rows)
    connection.execute(update(HEAD).values(number=4))


DONE: dict[str, tuple[Change, str]] = {
    "an entry deleted": (lambda c: c.execute(delete(ENTRY).where(ENTRY.c.number == 3)), "entries 3 to 3 are missing"),
    "who edited": (
        lambda c: c.execute(update(ENTRY).where(ENTRY.c.number == 2).values(who="bob")),
        "entry 2 was edited",
    ),
    "when edited": (
        lambda c: c.execute(update(ENTRY).where(ENTRY.c.number == 2).values(at="2020")),
        "entry 2 was edited",
    ),
    "two swapped": (swapped, "entry 2 was edited"),
    "one taken out, the rest closed up": (taken_out_and_closed_up, "entry 3 was edited"),
    "the end cut": (lambda c: c.execute(delete(ENTRY).where(ENTRY.c.number >= 4)), "the end was cut"),
    "the end cut, and its seal": (
        lambda c: (c.execute(delete(ENTRY).where(ENTRY.c.number >= 4)), c.execute(update(HEAD).values(number=3))),
        "the end was cut",
    ),
    "all deleted": (lambda c: c.execute(delete(ENTRY)), "the end was cut"),
    "the seal deleted": (lambda c: c.execute(delete(HEAD)), "the end was cut"),
}


@pytest.mark.parametrize("what", DONE)
def test_whatever_is_done_to_the_log_shows(gate: Access, what: str) -> None:
    filled(gate)
    change, words = DONE[what]
    with gate.store.changing() as connection:
        for trigger in TRIGGERS:
            connection.execute(text(f"drop trigger {trigger}"))
        change(connection)
    found = audit.verify(gate.store, gate.keys)
    assert words in " ".join(found.faults)
    assert "The log was changed" in found.as_text()


def test_a_log_put_back_as_it_once_was_does_not_fit_an_anchor_kept_elsewhere(gate: Access) -> None:
    early = filled(gate)
    later = filled(gate, 2)
    assert audit.verify(gate.store, gate.keys, early).faults == ()
    assert audit.verify(gate.store, gate.keys, later).faults == ()
    with gate.store.changing() as connection:
        for trigger in TRIGGERS:
            connection.execute(text(f"drop trigger {trigger}"))
        connection.execute(delete(ENTRY).where(ENTRY.c.number > 5))
        last = whole(connection)[-1]
        seal = audit._seal(gate.keys.of("audit"), 5, last["hash"])
        connection.execute(update(HEAD).values(number=5, hash=last["hash"], seal=seal))
    assert audit.verify(gate.store, gate.keys).faults == ()
    assert "not the one of the anchor" in " ".join(audit.verify(gate.store, gate.keys, later).faults)
    assert (
        audit.verify(gate.store, gate.keys, f"0:{audit.BEGINNING}").faults == audit.verify(gate.store, gate.keys).faults
    )
    with pytest.raises(WrongUse, match="is not an anchor"):
        audit.verify(gate.store, gate.keys, later[:20])


@pytest.mark.parametrize("change", [delete(ENTRY), update(ENTRY).values(who="nobody")], ids=["delete", "update"])
def test_the_database_itself_refuses_to_change_an_entry(gate: Access, change: Any) -> None:
    filled(gate, 1)
    with pytest.raises(DatabaseError, match="appended to only"), gate.store.changing() as connection:
        connection.execute(change)
    assert audit.count(gate.store) == 1


def test_many_at_once_leave_a_whole_log(gate: Access, tmp_path: Path) -> None:
    stores = [open_store(tmp_path) for _ in range(3)]

    def write(number: int) -> None:
        deed = audit.Deed("ann", "manager", "saw /", about=str(number))
        audit.append(stores[number % 3], gate.keys, deed, at=gate.clock())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    found = audit.verify(gate.store, gate.keys)
    assert (found.entries, found.faults) == (40, ())
    for store in stores:
        store.close()


def test_what_cannot_be_written_down_is_told_without_the_cause(gate: Access) -> None:
    with gate.store.changing() as connection:
        connection.execute(text("drop table audit_head"))
    with pytest.raises(audit.LogFailed) as failed:
        gate.write_of("ann", "manager", "saw /")
    assert "audit_head" not in str(failed.value)
    assert audit.count(gate.store) == 0


FORGED = ["ann\nentry 7 saw /agent", "ann\r\n", "\x1b[31mann", "ann\u2028bob", "\u202eann"]


@pytest.mark.parametrize("name", FORGED)
def test_a_name_can_neither_end_a_line_nor_colour_it(gate: Access, name: str) -> None:
    gate.write_of(name, "", "sign-in refused")
    written = audit.entries(gate.store)[0]["who"]
    assert written.isprintable()
    assert "\\u" in written
    assert audit.verify(gate.store, gate.keys).faults == ()


def test_another_key_does_not_verify(gate: Access) -> None:
    filled(gate, 2)
    assert audit.verify(gate.store, Keys(b"another key, as long as it has to be")).faults
