"""RingCentral's call log: a real record, and a synthetic twin with legs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.etl.sources.loaded import Loaded, load_files, written


def call(key: str, result: str, **more: Any) -> dict[str, Any]:
    return {
        "id": key, "sessionId": f"n{key}", "telephonySessionId": f"s-{key}", "startTime": "2024-03-04T16:00:00.000Z",
        "duration": 6, "durationMs": 5_647, "type": "Voice", "direction": "Inbound", "action": "Phone Call",
        "result": result, "from": {"phoneNumber": "+13035550101"}, "to": {"extensionNumber": "101", "name": "Ann"}, **more,
    }  # fmt: skip


LEG = {"startTime": "2024-03-04T16:00:00.000Z", "direction": "Inbound", "legType": "Accept", "duration": 10}
CALLS = [
    call("1", "Accepted"),
    call("2", "Missed"),
    call("3", "Voicemail"),
    call("4", "Accepted", legs=[
        {**LEG, "durationMs": 10_250, "result": "Accepted", "reason": "BlindTransfer", "extension": {"id": "7"}},
        {**LEG, "startTime": "2024-03-04T16:00:10.250Z", "durationMs": 20_500, "result": "Accepted", "extension": {"id": "8"}},
    ]),
    call("5", "Call connected", direction="Outbound", **{"from": {"extensionNumber": "102"}, "to": {"phoneNumber": "+13035550105"}}),
]  # fmt: skip


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    folder = tmp_path_factory.mktemp("ringcentral")
    return load_files(folder / "centre", written(folder, {"log.json": json.dumps({"records": CALLS, "paging": {}})}))


def test_the_records_of_a_call_log(loaded: Loaded) -> None:
    assert loaded.layouts() == {"log.json": "ringcentral_call_log"}
    legs = loaded["leg"].join(loaded["contact"].select("contact_id", "chain_key"), on="contact_id")
    names = ["seq", "leg_type", "agent_id", "total_ms", "end_reason"]
    # milliseconds stand beside the rounded seconds, and win
    assert legs.select("chain_key", *names).sort("chain_key", "seq").rows() == [
        ("s-1", 1, "direct", "101", 5_647, None),
        ("s-2", 1, "direct", None, 5_647, "abandon"),
        ("s-3", 1, "direct", None, 5_647, "system"),
        ("s-4", 1, "direct", "7", 10_250, "blind_transfer"),
        ("s-4", 2, "direct", "8", 20_500, None),
        ("s-5", 1, "outbound", "102", 5_647, None),
    ]
    outcomes = [outcome for _, outcome in loaded["contact"].select("chain_key", "outcome").sort("chain_key").rows()]
    assert outcomes == ["answered", "abandoned", "voicemail", "answered", "answered"]


def test_a_real_record_without_legs(samples: Path, tmp_path: Path) -> None:
    loaded = load_files(tmp_path, [samples / "ringcentral" / "call-log-sample.json"])
    result = loaded.results["call-log-sample.json"]
    assert (result.layout, result.good) == ("ringcentral_call_log", 1)
    assert loaded["leg"].select("leg_type", "total_ms").rows() == [("direct", 55_000)]


def test_what_is_not_known_is_not_zero(loaded: Loaded) -> None:
    for column in ("wait_ms", "talk_ms", "hold_ms", "acw_ms"):
        assert loaded["leg"][column].null_count() == loaded["leg"].height
