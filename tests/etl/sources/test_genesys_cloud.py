"""Genesys Cloud conversation details: the outer fields on a real page, all else on a synthetic twin of the SDK's models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.etl.sources.loaded import Loaded, load_files, written


def segment(kind: str, start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"segmentType": kind, "segmentStart": f"2024-03-05T{start}Z", "segmentEnd": f"2024-03-05T{end}Z", **more}


def metrics(**values: int) -> list[dict[str, Any]]:
    return [{"name": name, "value": value, "emitDate": "2024-03-05T18:00:00.000Z"} for name, value in values.items()]


def participant(purpose: str, number: int, *sessions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"participantId": f"p{number}", "purpose": purpose, "sessions": list(sessions), **more}


def session(
    key: str, *segments: dict[str, Any], told: list[dict[str, Any]] | None = None, **more: Any
) -> dict[str, Any]:
    return {"sessionId": key, "mediaType": "voice", "segments": list(segments), "metrics": told or [], **more}


CALLER = participant("customer", 1, session("s1", ani="tel:+13035550101", dnis="tel:+13035550311", direction="inbound"))
ANSWERED = {
    # rings at one agent who does not answer, then at another, who transfers to a second queue
    "conversationId": "c1",
    "conversationStart": "2024-03-05T16:00:00.000Z",
    "conversationEnd": "2024-03-05T16:12:00.000Z",
    "originatingDirection": "inbound",
    "participants": [
        {**CALLER, "attributes": {"caseNumber": "C-12"}},
        participant("ivr", 2, session("s2", segment("ivr", "16:00:00.000", "16:00:30.000"), told=metrics(tIvr=30_000))),
        participant("acd", 3, session("s3", segment("interact", "16:00:30.000", "16:01:20.000", queueId="general", disconnectType="transfer"), told=metrics(nOffered=1, tAcd=50_000, tAnswered=50_000))),
        participant("agent", 4, session("s4", segment("alert", "16:00:40.000", "16:00:55.000", queueId="general", disconnectType="timeout"), told=metrics(tNotResponding=15_000, tAlert=15_000)), userId="u1"),
        participant("agent", 5, session("s5",
            segment("alert", "16:01:10.000", "16:01:20.000", queueId="general"),
            segment("interact", "16:01:20.000", "16:03:20.000", queueId="general"),
            segment("hold", "16:03:20.000", "16:03:50.000", queueId="general"),
            segment("interact", "16:03:50.000", "16:05:00.000", queueId="general", disconnectType="transfer"),
            segment("wrapup", "16:05:00.000", "16:05:40.000", queueId="general", wrapUpCode="w-light", wrapUpNote="call 3035550199"),
            told=metrics(tAlert=10_000, tTalkComplete=190_000, tHeldComplete=30_000, tAcw=40_000, nTransferred=1)), userId="u2"),
        participant("acd", 6, session("s6", segment("interact", "16:05:00.000", "16:05:20.000", queueId="permits"), told=metrics(nOffered=1, tAcd=20_000))),
        participant("agent", 7, session("s7",
            segment("alert", "16:05:15.000", "16:05:20.000", queueId="permits"),
            segment("interact", "16:05:20.000", "16:11:30.000", queueId="permits", disconnectType="peer"),
            segment("wrapup", "16:11:30.000", "16:12:00.000", queueId="permits"),
            told=metrics(tAlert=5_000, tTalkComplete=370_000, tAcw=30_000)), userId="u3"),
    ],
}  # fmt: skip
ABANDONED = {
    "conversationId": "c2",
    "conversationStart": "2024-03-05T17:00:00.000Z",
    "conversationEnd": "2024-03-05T17:00:45.500Z",
    "originatingDirection": "inbound",
    "participants": [
        participant("customer", 1, session("s1", ani="tel:+13035550102")),
        participant("acd", 2, session("s2", segment("interact", "17:00:00.000", "17:00:45.500", queueId="general", disconnectType="peer"), told=metrics(tAbandon=45_500, tAcd=45_500))),
    ],
}  # fmt: skip
OUTBOUND = {
    "conversationId": "c3",
    "conversationStart": "2024-03-05T18:00:00.000Z",
    "conversationEnd": "2024-03-05T18:03:00.000Z",
    "originatingDirection": "outbound",
    "participants": [
        participant("agent", 1, session("s1", segment("dialing", "18:00:00.000", "18:00:10.000"), segment("interact", "18:00:10.000", "18:02:40.000", disconnectType="client"), segment("wrapup", "18:02:40.000", "18:03:00.000"), told=metrics(tTalkComplete=150_000, tAcw=20_000), direction="outbound"), userId="u2"),
    ],
}  # fmt: skip
# a voice mail's call-back that stayed connected for 59 days
LONG = {
    "conversationId": "c4",
    "conversationStart": "2024-03-05T19:00:00.000Z",
    "conversationEnd": "2024-05-03T19:00:00.000Z",
    "originatingDirection": "inbound",
    "participants": [
        participant("agent", 1, session("s1", segment("interact", "19:00:00.000", "19:00:10.000"), told=metrics(tConnected=5_097_600_909, tTalkComplete=5_097_600_909), mediaType="callback"), userId="u2"),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("genesys")
    files = {
        "page1.json": json.dumps({"conversations": [ANSWERED, ABANDONED], "totalHits": 4}),
        "more.jsonl": json.dumps(OUTBOUND) + "\n" + json.dumps(LONG) + "\n",
    }
    return load_files(folder / "centre", written(folder, files), zone="America/Denver")


def test_pages_and_lines_of_conversations_are_recognised(loaded: Loaded) -> None:
    assert set(loaded.layouts().values()) == {"genesys_cloud_conversations"}
    assert {result.quarantined for result in loaded.results.values()} == {0}


LEGS = [
    # conversation, type, queue, agent, wait, ring, talk, hold, acw, end
    ("c1", 1, "queue", "general", "u2", 50_000, 10_000, 190_000, 30_000, 40_000, "blind_transfer"),
    ("c1", 2, "queue", "permits", "u3", 20_000, 5_000, 370_000, 0, 30_000, "caller"),
    ("c2", 1, "queue", "general", None, 45_500, None, None, None, None, "abandon"),
    ("c3", 1, "outbound", None, "u2", None, None, 150_000, 0, 20_000, "agent"),
    ("c4", 1, "direct", None, "u2", None, None, 5_097_600_909, 0, 0, "system"),
]


def test_a_visit_joins_the_queues_session_and_the_agents(loaded: Loaded) -> None:
    legs = loaded["leg"].join(loaded["contact"].select("contact_id", "chain_key"), on="contact_id")
    names = ["queue_id", "agent_id", "wait_ms", "ring_ms", "talk_ms", "hold_ms", "acw_ms", "end_reason"]
    assert legs.select("chain_key", "seq", "leg_type", *names).sort("chain_key", "seq").rows() == LEGS


def test_contacts_by_their_best_outcome(loaded: Loaded) -> None:
    contacts = loaded["contact"].sort("chain_key").select("chain_key", "direction", "outcome", "ivr_ms").rows()
    assert contacts[:3] == [
        ("c1", "inbound", "answered", 30_000),
        ("c2", "inbound", "abandoned", None),
        ("c3", "outbound", "answered", None),
    ]
    assert loaded["contact_case"]["case_number"].to_list() == ["C-12"]


def test_every_segment_becomes_an_event_of_its_leg(loaded: Loaded) -> None:
    events = loaded["leg_event"].join(loaded["leg"].select("leg_id", "queue_id"), on="leg_id", suffix="_leg")
    general = events.filter(queue_id_leg="general").sort("start_at", "end_at")
    assert general.filter(agent_id="u2").select("type", "dur_ms").rows() == [
        ("ring", 10_000), ("answer", 120_000), ("hold", 30_000), ("answer", 70_000), ("wrap", 40_000),
    ]  # fmt: skip
    missed = loaded["leg_event"].filter(agent_id="u1").select("type", "dur_ms", "result").rows()
    assert missed == [("ring", 15_000, "timeout")]


def test_notes_and_addresses_are_not_kept(loaded: Loaded) -> None:
    kept = "".join(loaded["source_record"]["fields"])
    assert "3035550199" not in kept
    assert "3035550101" not in kept


def test_a_real_page_without_sessions_still_gives_its_conversations(samples: Path, tmp_path: Path) -> None:
    loaded = load_files(tmp_path, [samples / "genesys_cloud" / "conversations_page1.json"])
    result = loaded.results["conversations_page1.json"]
    assert (result.layout, result.good) == ("genesys_cloud_conversations", 2)
    contacts = loaded["contact"].sort("entered_at").select("direction", "entered_at", "ended_at").rows()
    assert [row[0] for row in contacts] == ["inbound", "outbound"]
    assert str(contacts[0][1]) == "2024-01-15 10:00:01.123000"


def spell(kind: str, value: str, start: str, end: str | None) -> dict[str, Any]:
    return {kind: value, "startTime": f"2024-03-05T{start}Z", **({"endTime": f"2024-03-05T{end}Z"} if end else {})}


USER = {
    "userId": "u2",
    "routingStatus": [
        spell("routingStatus", "OFF_QUEUE", "15:00:00.000", "15:30:00.000"),
        spell("routingStatus", "IDLE", "15:30:00.000", "16:01:20.000"),
        spell("routingStatus", "INTERACTING", "16:01:20.000", "16:05:00.500"),
        spell("routingStatus", "NOT_RESPONDING", "16:10:00.000", None),
    ],
    "primaryPresence": [
        spell("systemPresence", "ON_QUEUE", "15:30:00.000", "16:30:00.000"),
        spell("systemPresence", "MEAL", "16:30:00.000", "17:00:00.000"),
    ],
}
LATER = {**USER, "routingStatus": [spell("routingStatus", "NOT_RESPONDING", "16:10:00.000", "16:12:00.000")]}


def test_routing_and_presence_are_two_tracks_of_one_person(tmp_path: Path) -> None:
    first = json.dumps({"userDetails": [USER]})
    load_files(tmp_path / "centre", written(tmp_path, {"day.json": first}))
    # a spell that was open is closed by the export that tells its end
    loaded = load_files(tmp_path / "centre", written(tmp_path, {"later.json": json.dumps({"userDetails": [LATER]})}))
    assert loaded.layouts() == {"later.json": "genesys_cloud_user_details"}
    spells = loaded["agent_state"].sort("track", "start_at").select("track", "state", "dur_ms", "reason_code").rows()
    assert spells == [
        ("presence", "available", 3_600_000, None),
        ("presence", "not_ready", 1_800_000, "MEAL"),
        ("routing", "available", 1_880_000, None),
        ("routing", "handling", 220_500, None),
        ("routing", "not_ready", 120_000, None),
    ]
