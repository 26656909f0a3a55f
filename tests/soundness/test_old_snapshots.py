"""A snapshot from before a table or a column was there answers as it did, and does not fail on what it never had."""

from __future__ import annotations

from pathlib import Path

import metrics as m
from sql import Warehouse
from tests.conftest import Offer
from tests.reports.conftest import EVERYONE

CALLS = "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller"
NOVEMBER = m.Period.month(2026, 11)
NAMES = ("contacts_received", "average_handle_time", "service_level", "quality_score")


def test_a_snapshot_older_than_a_table_can_be_asked(empty_centre: Path, offer: Offer) -> None:
    call = "C{},general,A1,voice,inbound,2026-11-10T08:3{}:00-07:00,5,200,10,30,answered,"
    rows = [call.format(number, number) for number in range(4)]
    assert offer("calls.csv", "\n".join([CALLS, *rows]) + "\n").verdict == "accepted"
    folder = empty_centre / "warehouse"
    with Warehouse.open(folder, read_only=False) as earlier:
        # as an earlier Fairline left it, which knew neither
        earlier.execute("drop table lake.stated_target")
        earlier.execute("alter table lake.dispute drop column score_after")
        old = earlier.snapshot()
    Warehouse.open(folder, read_only=False).close()
    answers = []
    for snapshot in (old, None):
        with m.open_centre(empty_centre, snapshot) as centre:
            assert centre.warehouse.stands_in == ({"stated_target", "dispute"} if snapshot else frozenset())
            frame = m.measure(centre, NAMES, during=NOVEMBER, scope=EVERYONE)
            answers.append(frame.select("metric", "value", "n").rows())
            assert m.quality.disputes(centre, during=NOVEMBER, scope=EVERYONE).is_empty()
    assert answers[0] == answers[1]
    assert ("contacts_received", 4.0, 4) in answers[0]
