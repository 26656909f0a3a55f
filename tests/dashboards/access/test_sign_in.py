"""Accounts and sessions: who may sign in, how often they may try, and when a session is over."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dashboards.access import Access, accounts, commands, passwords, sessions, throttle
from dashboards.access.keys import VARIABLE, Keys, make_secret, secret_file, web_keys
from dashboards.access.settings import AccessSettings, check_host, client_secret, read_access
from dashboards.commands import new_password
from metrics import FairlineError, WrongUse
from tests.dashboards.access.conftest import PASSWORD, Clock


def add(gate: Access, name: str = "ann", role: str = "manager", **more: Any) -> str:
    return accounts.add(gate.store, name, role, at=gate.clock(), **{"password": PASSWORD, **more})


# ---- passwords and accounts ------------------------------------------------------------------------------------------

WEAK = [
    ("too short", "fourteen chars"),
    ("a common word, repeated", "passwordpassword"),
    ("common words with digits", "fairline-admin-2026!"),
    ("few different characters", "abababababababababab"),
    ("the account's own name", "ann goes to the market"),
    ("endless", "x y z 1 2 3" * 200),
]


@pytest.mark.parametrize(("why", "password"), WEAK)
def test_a_password_that_would_be_guessed_is_refused(why: str, password: str) -> None:
    with pytest.raises(WrongUse) as refused:
        passwords.check(password, name="ann")
    assert password not in str(refused.value), why


def test_a_password_is_kept_as_argon2id_with_a_salt_of_its_own(gate: Access) -> None:
    add(gate)
    add(gate, "bob")
    kept = [accounts.named(gate.store, name)["password_hash"] for name in ("ann", "bob")]  # type: ignore[index]
    assert kept[0] != kept[1]
    assert all(one.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for one in kept)
    assert passwords.matches(kept[0], PASSWORD)
    assert not passwords.matches(kept[0], PASSWORD + "x")
    assert not passwords.matches(None, "the account that does not exist")


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"role": "boss"}, "is not a role. Expected one of agent"),
    ({"role": "agent"}, "--person"),
    ({"name": "an n"}, "is not an account's name"),
    ({"name": "ANN"}, "already"),
]


@pytest.mark.parametrize(("wrong", "words"), REFUSED)
def test_a_wrong_account_is_refused_with_the_next_step(gate: Access, wrong: dict[str, Any], words: str) -> None:
    add(gate)
    with pytest.raises(WrongUse, match=words):
        add(gate, **{"name": "bob", **wrong})


def test_who_signs_in_elsewhere_can_be_given_no_password(gate: Access) -> None:
    add(gate, "eve", password=None, identity=("https://issuer", "17"))
    with pytest.raises(WrongUse, match="signs in elsewhere"):
        accounts.set_password(gate.store, "eve", PASSWORD, at=gate.clock())
    assert accounts.named(gate.store, "eve")["password_hash"] is None  # type: ignore[index]


def test_few_attempts_for_a_name_from_a_place_and_nobody_locks_a_colleague_out(gate: Access, clock: Clock) -> None:
    def tries(place: str) -> bool:
        return throttle.may_try(gate.store, gate.keys, "ann", place, at=clock())

    for _ in range(5):
        assert tries("10.0.0.1")
        throttle.failed(gate.store, gate.keys, "Ann", "10.0.0.1", at=clock())
    assert not tries("10.0.0.1")
    assert tries("10.0.0.2")
    clock.later(minutes=16)
    assert tries("10.0.0.1")


# ---- sessions --------------------------------------------------------------------------------------------------------


def seen(gate: Access, token: str) -> str:
    found = sessions.viewer_of(gate.store, gate.keys, token, at=gate.clock())
    return found.name if found else ""


def test_a_session_ends_after_half_an_hour_of_silence(gate: Access, clock: Clock) -> None:
    token = sessions.begin(gate.store, gate.keys, add(gate), at=clock())
    for _ in range(4):
        clock.later(minutes=29)
        assert seen(gate, token) == "ann"
    clock.later(minutes=30)
    assert seen(gate, token) == ""


def test_a_session_ends_after_ten_hours_however_busy(gate: Access, clock: Clock) -> None:
    token = sessions.begin(gate.store, gate.keys, add(gate), at=clock())
    for _ in range(24):
        clock.later(minutes=25)
        last = seen(gate, token)
    assert last == ""


ENDS: dict[str, Callable[[Access, str], None]] = {
    "signed out": lambda gate, token: sessions.end(gate.store, gate.keys, token, why="signed out", at=gate.clock()),
    "disabled": lambda gate, _: accounts.change(gate.store, "ann", at=gate.clock(), why="disabled", is_disabled=True),
    "role changed": lambda gate, _: accounts.change(gate.store, "ann", at=gate.clock(), why="r", role="auditor"),
    "password changed": lambda gate, _: accounts.set_password(
        gate.store, "ann", "another four words!", at=gate.clock()
    ),
}


@pytest.mark.parametrize("how", ENDS)
def test_a_token_is_worth_nothing_after(gate: Access, how: str) -> None:
    token = sessions.begin(gate.store, gate.keys, add(gate), at=gate.clock())
    assert seen(gate, token) == "ann"
    ENDS[how](gate, token)
    assert seen(gate, token) == ""
    accounts.change(gate.store, "ann", at=gate.clock(), why="enabled", is_disabled=False)
    assert seen(gate, token) == ""


def test_the_store_holds_no_token_and_another_secret_knows_none(gate: Access, tmp_path: Path) -> None:
    token = sessions.begin(gate.store, gate.keys, add(gate), at=gate.clock())
    kept = b"".join(path.read_bytes() for path in (tmp_path / "desk").iterdir())
    assert token.encode() not in kept
    assert PASSWORD.encode() not in kept
    assert sessions.viewer_of(gate.store, Keys(b"x" * 40), token, at=gate.clock()) is None


# ---- secrets and settings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", ["", "short", "a" * 64, "changeme" * 8])
def test_a_weak_secret_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    monkeypatch.setenv(VARIABLE, secret)
    with pytest.raises(WrongUse, match="is weak") as refused:
        web_keys(tmp_path)
    assert not secret or secret not in str(refused.value).replace("FAIRLINE_SECRET", "")


def test_a_missing_secret_stops_the_start_and_one_that_others_read(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="fairline user add"):
        web_keys(tmp_path)
    make_secret(tmp_path)
    first = web_keys(tmp_path).secret
    make_secret(tmp_path)
    assert web_keys(tmp_path).secret == first
    if os.name == "posix":
        secret_file(tmp_path).chmod(0o644)
        with pytest.raises(WrongUse, match="chmod 600"):
            web_keys(tmp_path)


def test_a_key_is_for_one_purpose_and_is_never_shown() -> None:
    keys = Keys(b"s" * 40)
    assert len({keys.of(purpose) for purpose in ("forms", "session", "audit")}) == 3
    assert "sss" not in repr(keys)


SETTINGS = [
    ('[web]\npublic_url = "fairline"', "public_url"),
    ('[oidc]\nissuer = "https://i"\nclient_id = "f"\n[oidc.roles]\na = "boss"', "boss is not a role"),
    ("[wbe]\nx = 1", "wbe"),
    ("not toml", "is not TOML"),
]


@pytest.mark.parametrize(("text", "words"), SETTINGS)
def test_settings_that_are_wrong_are_told_by_place(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "access.toml").write_text(text)
    with pytest.raises(WrongUse, match=words):
        read_access(tmp_path)


def test_a_provider_without_its_secret_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WrongUse, match=r"oidc\.key"):
        client_secret(tmp_path)
    monkeypatch.setenv("FAIRLINE_OIDC_SECRET", "told by the environment")
    assert client_secret(tmp_path) == "told by the environment"


HOSTS = [
    ("127.0.0.1", {}, ""),
    ("0.0.0.0", {}, "in the clear"),
    ("0.0.0.0", {"web": {"public_url": "http://fairline.example.gov"}}, "in the clear"),
    ("0.0.0.0", {"web": {"public_url": "https://fairline.example.gov"}}, ""),
    ("0.0.0.0", {"web": {"public_url": "https://f.gov", "behind_proxy": True}}, "only this machine"),
    ("0.0.0.0", {"web": {"public_url": "https://f.gov"}, "proxy": {"user_header": "X-User"}}, "only this machine"),
]


@pytest.mark.parametrize(("host", "settings", "words"), HOSTS)
def test_passwords_and_headers_do_not_cross_a_network_in_the_clear(
    host: str, settings: dict[str, Any], words: str
) -> None:
    found = AccessSettings(**settings)
    if not words:
        check_host(found, host, is_demo=False)
        return
    with pytest.raises(WrongUse, match=words):
        check_host(found, host, is_demo=False)
    check_host(found, host, is_demo=True)


# ---- the command line ------------------------------------------------------------------------------------------------


def test_the_first_account_is_made_on_the_machine_and_all_of_it_is_in_the_log(tmp_path: Path) -> None:
    with pytest.raises(FairlineError, match="fairline init"):
        commands.add(tmp_path, "ann", "administrator", ask=lambda: PASSWORD)
    (tmp_path / "centre.toml").touch()
    commands.add(tmp_path, "ann", "administrator", ask=lambda: PASSWORD)
    commands.change(tmp_path, "ann", "disabled", is_disabled=True)
    commands.set_password(tmp_path, "ann", lambda: "another four words!")
    shown = commands.listed(tmp_path)
    assert shown.select("name", "role", "is_disabled").rows() == [("ann", "administrator", True)]
    assert commands.verified(tmp_path, "").entries == 3
    with pytest.raises(WrongUse, match="Did you mean ann\\? fairline user list"):
        commands.change(tmp_path, "nan", "disabled", is_disabled=True)


ASKED_IN_VAIN = [
    # what is wrong, what is told; nobody types a password first
    (("ann", "administrator"), "There is an account 'ann' already"),
    (("sam", "managr"), "Did you mean manager"),
    (("a b", "manager"), "is not an account's name"),
    (("joe", "agent"), "--person ID"),
]


@pytest.mark.parametrize(("account", "words"), ASKED_IN_VAIN, ids=[row[1] for row in ASKED_IN_VAIN])
def test_no_password_is_asked_for_in_vain(tmp_path: Path, account: tuple[str, str], words: str) -> None:
    (tmp_path / "centre.toml").touch()
    commands.add(tmp_path, "ann", "administrator", ask=lambda: PASSWORD)
    with pytest.raises(WrongUse, match=words):
        commands.add(tmp_path, *account, ask=lambda: pytest.fail("asked"))
    with pytest.raises(WrongUse, match="Did you mean ann"):
        commands.set_password(tmp_path, "nan", lambda: pytest.fail("asked"))


def test_without_a_terminal_a_password_comes_from_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FAIRLINE_PASSWORD", raising=False)
    with pytest.raises(WrongUse, match="FAIRLINE_PASSWORD"):
        new_password()
    monkeypatch.setenv("FAIRLINE_PASSWORD", PASSWORD)
    assert new_password() == PASSWORD


def test_attempts_are_forgotten_when_they_no_longer_count() -> None:
    assert timedelta(minutes=15) == throttle.WINDOW
