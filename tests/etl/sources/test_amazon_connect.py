"""Amazon Connect: contact records and agent events, on synthetic twins of the documented models."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.etl.sources.loaded import Loaded, load_files, written


def at(clock: str) -> str:
    return f"2024-02-06T{clock}Z"


def record(key: str, started: str, ended: str, **more: Any) -> dict[str, Any]:
    return {
        "ContactId": key,
        "Channel": "VOICE",
        "InitiationMethod": "INBOUND",
        "InitiationTimestamp": at(started),
        "DisconnectTimestamp": at(ended),
        "LastUpdateTimestamp": at(ended),
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": "+13035550101"},
        "Queue": None,
        "Agent": None,
        **more,
    }


def queue(name: str, entered: str, left: str, seconds: int) -> dict[str, Any]:
    return {
        "Name": name,
        "ARN": f"arn:q/{name}",
        "EnqueueTimestamp": at(entered),
        "DequeueTimestamp": at(left),
        "Duration": seconds,
    }


def agent(name: str, connected: str, interaction: int, hold: int, acw: int) -> dict[str, Any]:
    return {
        "Username": name, "ARN": f"arn:a/{name}", "ConnectedToAgentTimestamp": at(connected),
        "AgentInteractionDuration": interaction, "CustomerHoldDuration": hold, "NumberOfHolds": int(hold > 0),
        "LongestHoldDuration": hold, "AfterContactWorkDuration": acw,
    }  # fmt: skip


EARLY = record(
    "a",
    "16:00:00",
    "16:05:00",
    Queue=queue("general", "16:00:20", "16:00:50", 30),
    Agent=agent("ann", "16:00:50", 200, 20, 0),
    NextContactId="b",
    TransferCompletedTimestamp=at("16:04:30"),
    Attributes={"CaseNumber": "C-5"},
)
RECORDS = [
    EARLY,
    # delivered again when the work after the contact was over
    {**EARLY, "LastUpdateTimestamp": at("16:06:00"), "Agent": agent("ann", "16:00:50", 200, 20, 45)},
    record("b", "16:04:30", "16:10:00", InitialContactId="a", PreviousContactId="a", InitiationMethod="TRANSFER", Queue=queue("permits", "16:04:30", "16:05:00", 30), Agent=agent("bob", "16:05:00", 300, 0, 10), DisconnectReason="CUSTOMER_DISCONNECT"),
    record("c", "17:00:00", "17:01:00", Queue=queue("general", "17:00:20", "17:01:00", 40), DisconnectReason="CUSTOMER_DISCONNECT"),
    record("d", "17:10:00", "17:10:30", DisconnectReason="CONTACT_FLOW_DISCONNECT"),
    record("e", "17:20:00", "17:22:00", InitiationMethod="OUTBOUND", Agent=agent("ann", "17:20:10", 110, 0, 5), DisconnectReason="AGENT_DISCONNECT"),
    record("f", "17:30:00", "17:32:00", Queue=queue("general", "17:30:10", "17:31:10", 60), NextContactId="g"),
    record("g", "17:31:10", "17:34:00", InitialContactId="f", InitiationMethod="QUEUE_TRANSFER", Queue=queue("permits", "17:31:10", "17:31:30", 20), Agent=agent("bob", "17:31:30", 150, 0, 0), DisconnectReason="AGENT_DISCONNECT"),
]  # fmt: skip


def event(
    key: str, kind: str, sent: str, status: tuple[str, str, str], *contacts: dict[str, str], before: str = ""
) -> dict[str, Any]:
    name, sort, since = status
    snapshot = {
        "AgentStatus": {"Name": name, "Type": sort, "StartTimestamp": at(since)},
        "Configuration": {"Username": "ann"},
        "Contacts": list(contacts),
    }
    previous = {"AgentStatus": {"StartTimestamp": at(before)}} if before else None
    return {
        "EventId": key,
        "EventType": kind,
        "EventTimestamp": at(sent),
        "AgentARN": "arn:a/ann",
        "CurrentAgentSnapshot": snapshot,
        "PreviousAgentSnapshot": previous,
    }


def contact(state: str) -> dict[str, str]:
    return {"ContactId": "a", "State": state, "StateStartTimestamp": at("16:00:00")}


EVENTS = [
    event("1", "LOGIN", "15:55:02", ("Break", "CUSTOM", "15:55:00")),
    event("2", "STATE_CHANGE", "15:58:03", ("Available", "ROUTABLE", "15:58:00"), before="15:55:00"),
    event("3", "HEART_BEAT", "16:00:00", ("Available", "ROUTABLE", "15:58:00"), before="15:58:00"),
    event("4", "STATE_CHANGE", "16:00:45", ("Available", "ROUTABLE", "15:58:00"), contact("CONNECTING"), before="15:58:00"),
    event("5", "STATE_CHANGE", "16:00:50", ("Available", "ROUTABLE", "15:58:00"), contact("CONNECTED"), before="15:58:00"),
    event("6", "STATE_CHANGE", "16:04:30", ("Available", "ROUTABLE", "15:58:00"), contact("ENDED"), before="15:58:00"),
    event("7", "STATE_CHANGE", "16:05:15", ("Available", "ROUTABLE", "15:58:00"), before="15:58:00"),
    event("8", "STATE_CHANGE", "16:30:01", ("Offline", "OFFLINE", "16:30:00"), before="15:58:00"),
    # heartbeats go on for up to an hour after the log-out
    event("9", "HEART_BEAT", "16:40:00", ("Offline", "OFFLINE", "16:30:00"), before="16:30:00"),
]  # fmt: skip


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("connect")
    files = {
        # records come one a line, or end to end as the delivery stream writes them
        "ctr-1": "\n".join(map(json.dumps, RECORDS[:4])),
        "ctr-2": "".join(map(json.dumps, RECORDS[4:])),
        "events": "\n".join(map(json.dumps, [*EVENTS, EVENTS[3]])),
    }
    return load_files(folder / "centre", written(folder, files), zone="America/Denver")


def test_records_and_events_are_recognised(loaded: Loaded) -> None:
    assert loaded.layouts() == {
        "ctr-1": "amazon_connect_contact_records",
        "ctr-2": "amazon_connect_contact_records",
        "events": "amazon_connect_agent_events",
    }
    # delivered at least once: the event that came twice is one
    assert (loaded.results["events"].good, loaded.results["events"].duplicate) == (9, 1)


LEGS = [
    ("a", 1, "queue", "general", "ann", 30_000, 200_000, 20_000, 45_000, "blind_transfer"),
    ("a", 2, "queue", "permits", "bob", 30_000, 300_000, 0, 10_000, "caller"),
    ("c", 1, "queue", "general", None, 40_000, None, None, None, "abandon"),
    ("d", 1, "ivr", None, None, None, None, None, None, None),
    ("e", 1, "outbound", None, "ann", None, 110_000, 0, 5_000, "agent"),
    ("f", 1, "queue", "general", None, 60_000, None, None, None, "flow_out"),
    ("f", 2, "queue", "permits", "bob", 20_000, 150_000, 0, 0, "agent"),
]


def test_a_chain_of_records_is_one_contact_and_the_newest_version_counts(loaded: Loaded) -> None:
    legs = loaded["leg"].join(loaded["contact"].select("contact_id", "chain_key"), on="contact_id")
    names = ["leg_type", "queue_id", "agent_id", "wait_ms", "talk_ms", "hold_ms", "acw_ms", "end_reason"]
    assert legs.select("chain_key", "seq", *names).sort("chain_key", "seq").rows() == LEGS
    outcomes = dict(loaded["contact"].select("chain_key", "outcome").rows())
    assert outcomes == {"a": "answered", "c": "abandoned", "d": "self_served", "e": "answered", "f": "answered"}
    assert loaded["contact_case"]["case_number"].to_list() == ["C-5"]


SPELLS = [
    # a spell begins when the status did, not when the event was sent
    ("not_ready", "15:55:00", 180), ("available", "15:58:00", 165), ("ringing", "16:00:45", 5),
    ("handling", "16:00:50", 220), ("acw", "16:04:30", 45), ("available", "16:05:15", 1_485),
]  # fmt: skip


def test_the_states_of_an_agent(loaded: Loaded) -> None:
    spells = loaded["agent_state"].sort("start_at")
    found = [
        (state, f"{start:%H:%M:%S}", length // 1000)
        for state, start, length in spells.select("state", "start_at", "dur_ms").rows()
    ]
    assert found == SPELLS
    assert spells["agent_id"].unique().to_list() == ["ann"]
    assert spells["reason_code"].to_list()[0] == "Break"
