"""Twilio TaskRouter events, on a synthetic twin of the API's models."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.etl.sources.loaded import Loaded, load_files, written

BEGIN = datetime(2024, 4, 2, 15, 0, tzinfo=UTC)


def event(number: int, second: float, kind: str, **data: Any) -> dict[str, Any]:
    moment = int((BEGIN.timestamp() + second) * 1000)
    attributes = json.dumps({"from": "+13035550101", "direction": "inbound", "case_number": "C-8"})
    about = {"task_attributes": attributes, "task_channel_unique_name": "voice"} if "task_sid" in data else {}
    return {
        "sid": f"EV{number:03}", "event_type": kind, "resource_type": kind.partition(".")[0], "resource_sid": "R",
        "event_date": datetime.fromtimestamp(moment // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "event_date_ms": moment, "event_data": {**about, **data},
    }  # fmt: skip


T1: dict[str, Any] = {"task_sid": "WT1", "task_queue_name": "General"}
EVENTS = [
    event(1, 0, "task.created", **T1),
    event(2, 10, "reservation.created", **T1, worker_sid="WK1", reservation_sid="WR1"),
    event(3, 25.25, "reservation.timeout", **T1, worker_sid="WK1", reservation_sid="WR1"),
    event(4, 30, "reservation.created", **T1, worker_sid="WK2", reservation_sid="WR2"),
    event(5, 34.5, "reservation.accepted", **T1, worker_sid="WK2", reservation_sid="WR2"),
    event(6, 200, "task.transfer-initiated", **T1),
    event(7, 205, "reservation.created", **{**T1, "task_queue_name": "Permits"}, worker_sid="WK3", reservation_sid="WR3"),
    event(8, 210, "reservation.accepted", **{**T1, "task_queue_name": "Permits"}, worker_sid="WK3", reservation_sid="WR3"),
    event(9, 211, "reservation.completed", **T1, worker_sid="WK2", reservation_sid="WR2"),
    event(10, 400, "reservation.wrapup", **T1, worker_sid="WK3", reservation_sid="WR3"),
    event(11, 445, "reservation.completed", **T1, worker_sid="WK3", reservation_sid="WR3"),
    event(12, 445, "task.completed", **T1),
    event(13, 500, "task.created", task_sid="WT2", task_queue_name="General"),
    event(14, 560, "task.canceled", task_sid="WT2", task_queue_name="General", task_canceled_reason="hangup"),
    event(15, 0, "worker.activity.update", worker_sid="WK2", worker_activity_name="Available"),
    event(16, 600, "worker.activity.update", worker_sid="WK2", worker_activity_name="Break"),
    event(17, 1_500, "worker.activity.update", worker_sid="WK2", worker_activity_name="Offline"),
    event(18, 1_600, "workflow.target-matched"),
]  # fmt: skip


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("twilio")
    files = {
        "a.json": json.dumps({"events": EVENTS[:6], "meta": {}}),
        "b.json": json.dumps({"events": EVENTS[5:], "meta": {}}),
    }
    return load_files(folder / "centre", written(folder, files))


def test_pages_of_events_that_overlap(loaded: Loaded) -> None:
    assert set(loaded.layouts().values()) == {"twilio_taskrouter_events"}
    # every event is kept once, whatever it is about
    assert loaded["source_record"].height == len(EVENTS)


LEGS = [
    ("WT1", 1, "General", "WK2", 34_500, 4_500, 176_500, 0, "blind_transfer"),
    ("WT1", 2, "Permits", "WK3", 10_000, 5_000, 190_000, 45_000, None),
    ("WT2", 1, "General", None, 60_000, None, None, None, "abandon"),
]


def test_a_reservation_that_was_accepted_is_a_leg(loaded: Loaded) -> None:
    legs = loaded["leg"].join(loaded["contact"].select("contact_id", "chain_key"), on="contact_id")
    names = ["queue_id", "agent_id", "wait_ms", "ring_ms", "talk_ms", "acw_ms", "end_reason"]
    assert legs.select("chain_key", "visit_no", *names).sort("chain_key", "visit_no").rows() == LEGS
    outcomes = dict(loaded["contact"].select("chain_key", "outcome").rows())
    assert outcomes == {"WT1": "answered", "WT2": "abandoned"}
    assert set(loaded["contact_case"]["case_number"]) == {"C-8"}


def test_one_that_was_not_is_a_ring(loaded: Loaded) -> None:
    rings = loaded["leg_event"].select("agent_id", "dur_ms", "result").rows()
    assert rings == [("WK1", 15_250, "reservation.timeout")]


def test_the_activities_of_a_worker(loaded: Loaded) -> None:
    spells = loaded["agent_state"].sort("start_at").select("state", "dur_ms", "end_by").rows()
    assert spells == [("available", 600_000, "next_row"), ("not_ready", 900_000, "log_off")]
