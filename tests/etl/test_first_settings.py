"""A new centre: what it must say is asked on a terminal until it can be used, or given, and a wrong zone is put right."""

from __future__ import annotations

import os
import pty
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from etl import first_settings
from etl.centre import create_centre, read_settings
from etl.first_settings import asked, given, hours_from_text, near_zones
from sql import WrongUse

AT = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)

NEAR = [
    # what came, what is offered
    ("denver", "did you mean America/Denver?"),
    ("New York", "did you mean America/New_York?"),
    ("america/los_angeles", "did you mean America/Los_Angeles?"),
    ("America/Chicgo", "did you mean America/Chicago?"),
    ("Amerika/Denver", "did you mean America/Denver?"),
    ("Eastern", "did you mean Canada/Eastern or US/Eastern?"),
    ("MST7", "write one like America/Denver"),
    ("", "write one like America/Denver"),
]


@pytest.mark.parametrize(("came", "offered"), NEAR)
def test_a_wrong_zone_is_told_with_the_nearest(came: str, offered: str) -> None:
    assert near_zones(came) == offered


HOURS = [
    ("mon-fri 08:00-17:00", {"mon-fri": "08:00-17:00"}),
    (
        "mon-fri 08:00-12:00, 13:00-17:00; sat 09:00-13:00",
        {"mon-fri": "08:00-12:00, 13:00-17:00", "sat": "09:00-13:00"},
    ),
    ("24/7", {"mon-sun": "00:00-24:00"}),
    ("", {}),
]


@pytest.mark.parametrize(("text", "hours"), HOURS)
def test_opening_hours_as_people_write_them(tmp_path: Path, text: str, hours: dict[str, str]) -> None:
    create_centre(tmp_path, name="Ours", timezone="America/Denver", hours=hours_from_text(text))
    calendars = read_settings(tmp_path).calendar
    assert [(one.open, one.queues, one.departments) for one in calendars] == (
        [(hours, ("*",), ("*",))] if hours else []
    )


def test_the_examples_of_a_new_centre_can_be_taken_as_they_are(tmp_path: Path) -> None:
    create_centre(tmp_path, name="Ours", timezone="America/Denver")
    path = tmp_path / "centre.toml"
    # what looks like a setting is one; the rest is prose
    path.write_text(re.sub(r"^# (?=\[\[|\w+ = )", "", path.read_text(), flags=re.MULTILINE))
    settings = read_settings(tmp_path)
    assert (settings.calendar[0].holidays, settings.queue[0].id, settings.alias[0].agent) == (
        "US",
        "general",
        "maria.lopez",
    )


@pytest.mark.parametrize("text", ["8-17", "mon-fri", "fre 08:00-17:00", "mon-fri 08:00-25:00"])
def test_wrong_hours_are_told_with_right_ones(text: str) -> None:
    with pytest.raises(WrongUse, match="mon-fri 08:00-17:00; sat 09:00-13:00"):
        hours_from_text(text)


def test_each_question_is_asked_until_its_answer_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_settings, "machine_zone", lambda: "America/Chicago")
    answers: Iterator[str | None] = iter(["Riverbend 311", "denver", "America/Denver", "8-5", "mon-fri 08:00-17:00"])
    told: list[str] = []
    found = asked(
        lambda question, otherwise: next(answers) or otherwise,
        told.append,
        now=AT,
        name=None,
        timezone=None,
        hours=None,
    )
    assert (found.name, found.timezone, found.hours) == (
        "Riverbend 311",
        "America/Denver",
        (("mon-fri", "08:00-17:00"),),
    )
    assert told[0] == "'denver' is not a time zone; did you mean America/Denver?"
    assert told[1] == "It is 11:30 on Wednesday there."
    assert next(answers, None) is None
    answers = iter([None, None, None])
    found = asked(
        lambda question, otherwise: next(answers) or otherwise,
        told.append,
        now=AT,
        name=None,
        timezone=None,
        hours=None,
    )
    assert (found.name, found.timezone, found.hours) == ("My 311", "America/Chicago", ())


def test_what_is_given_is_not_asked() -> None:
    def ask(question: str, otherwise: str) -> str:
        raise AssertionError(f"{question} [{otherwise}]")

    found = asked(ask, lambda words: None, now=AT, name="Ours", timezone="Europe/Paris", hours="24/7")
    assert found.timezone == "Europe/Paris"


def test_a_zone_that_is_only_assumed_is_said() -> None:
    told: list[str] = []
    assert given(told.append, name=None, timezone=None, hours=None).timezone == "UTC"
    assert "UTC is taken" in told[0]
    assert given(told.append, name=None, timezone="America/Denver", hours=None).timezone == "America/Denver"
    assert len(told) == 1


def test_init_asks_on_a_terminal(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover: another process
        os.environ["PYTHONPATH"] = str(root)
        os.execv(sys.executable, [sys.executable, str(root / "fairline.py"), "init", str(tmp_path / "mine")])
    os.write(terminal, b"Riverbend 311\nAmerica/Denver\nmon-fri 08:00-17:00\n")
    shown = b""
    try:
        while piece := os.read(terminal, 1024):
            shown += piece
    except OSError:
        pass  # the other end of a terminal is gone with its program
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown.decode()
    settings = tomllib.loads((tmp_path / "mine" / "centre.toml").read_text())
    assert settings["centre"]["timezone"] == "America/Denver"
    assert settings["calendar"][0]["open"] == {"mon-fri": "08:00-17:00"}
