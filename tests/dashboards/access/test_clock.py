"""A clock that jumps: nobody stays signed in for ever, nobody is locked out for ever, and the log keeps its order."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask_wtf.csrf import CSRFProtect, generate_csrf
from itsdangerous.timed import TimestampSigner

from dashboards.access import Access, accounts, audit, sessions, throttle
from tests.dashboards.access.conftest import PASSWORD, Clock


def signed_in(gate: Access) -> str:
    account = accounts.add(gate.store, "ann", "manager", at=gate.clock(), password=PASSWORD)
    return sessions.begin(gate.store, gate.keys, account, at=gate.clock())


JUMPS = [
    # by how much the clock jumps after somebody signed in, and whether the session goes on
    ({"minutes": -4}, True),
    ({"minutes": -6}, False),
    ({"days": -365}, False),
    ({"minutes": 29}, True),
    ({"days": 365}, False),
]


@pytest.mark.parametrize(("jump", "goes_on"), JUMPS)
def test_a_session_outlasts_no_jump_of_the_clock(
    gate: Access, clock: Clock, jump: dict[str, float], goes_on: bool
) -> None:
    token = signed_in(gate)
    clock.later(**jump)
    assert (sessions.viewer_of(gate.store, gate.keys, token, at=clock()) is not None) is goes_on
    # whoever signs in again is in
    row = accounts.named(gate.store, "ann")
    assert row is not None
    again = sessions.begin(gate.store, gate.keys, row["account_id"], at=clock())
    assert sessions.viewer_of(gate.store, gate.keys, again, at=clock()) is not None


def test_a_session_that_was_used_while_the_clock_was_ahead_is_over_when_it_is_right(gate: Access, clock: Clock) -> None:
    token = signed_in(gate)
    clock.later(minutes=20)
    assert sessions.viewer_of(gate.store, gate.keys, token, at=clock()) is not None
    clock.later(minutes=-19)
    assert sessions.viewer_of(gate.store, gate.keys, token, at=clock()) is None


@pytest.mark.parametrize("jump", [{"days": -365}, {"days": 365}, {"minutes": 16}])
def test_failures_noted_by_another_clock_lock_nobody_out(gate: Access, clock: Clock, jump: dict[str, float]) -> None:
    for _ in range(5):
        throttle.failed(gate.store, gate.keys, "ann", "10.0.0.1", at=clock())
    assert not throttle.may_try(gate.store, gate.keys, "ann", "10.0.0.1", at=clock())
    clock.later(**jump)
    assert throttle.may_try(gate.store, gate.keys, "ann", "10.0.0.1", at=clock())


def test_a_small_step_back_opens_no_more_attempts(gate: Access, clock: Clock) -> None:
    for _ in range(5):
        throttle.failed(gate.store, gate.keys, "ann", "10.0.0.1", at=clock())
    clock.later(minutes=-2)
    assert not throttle.may_try(gate.store, gate.keys, "ann", "10.0.0.1", at=clock())


def test_the_log_is_in_the_order_of_its_deeds_and_whole(gate: Access, clock: Clock) -> None:
    for days in (0, 365, -730, 365):
        clock.later(days=days)
        gate.write_of("ann", "manager", f"saw /{days}")
    assert audit.verify(gate.store, gate.keys).faults == ()
    assert [row["what"] for row in audit.entries(gate.store)] == ["saw /365", "saw /-730", "saw /365", "saw /0"]
    assert [row["at"][:4] for row in audit.entries(gate.store)] == ["2026", "2025", "2027", "2026"]


@pytest.mark.parametrize("jump", [-365 * 86_400, -60, 40 * 86_400])
def test_a_form_is_sent_again_after_its_page_was_loaded_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: int
) -> None:
    """What was signed by another clock is refused, as it may be; the next page signs anew, and its form is taken."""
    server = Flask("forms", root_path=str(tmp_path))
    server.secret_key = "of this test"
    server.config["WTF_CSRF_TIME_LIMIT"] = None
    CSRFProtect(server)
    server.add_url_rule("/form", "form", generate_csrf)
    server.add_url_rule("/deed", "deed", lambda: "done", methods=["POST"])
    browser, real = server.test_client(), TimestampSigner.get_timestamp

    def sent() -> int:
        return browser.post("/deed", data={"csrf_token": browser.get("/form").text}).status_code

    assert sent() == 200
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda signer: real(signer) + jump)
    assert sent() == 200
