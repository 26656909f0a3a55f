"""What the README says can be typed, can be typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from fairline import app

README = Path(__file__).parents[1] / "README.md"
# each command with the output that is printed beneath it, if any
COMMANDS = {
    command: output
    for block in re.findall(r"```console\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    for command, output in re.findall(r"^\$ fairline (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
}
# they would serve for ever, or simulate what the session's fixture has simulated already
NOT_RUN = ("serve", "demo")


@pytest.fixture
def places(loaded_city: Path, tmp_path: Path) -> dict[str, str]:
    """What stands for the README's names of folders and files."""
    return {
        "riverbend": str(loaded_city),
        "my-centre": str(tmp_path / "my-centre"),
        "EXPORT": str(next(iter(sorted((loaded_city / "inbox").glob("phone_*.csv"))))),
    }


def test_every_command_of_the_readme_runs(places: dict[str, str]) -> None:
    assert len(COMMANDS) > 8
    for command, output in COMMANDS.items():
        arguments = [places.get(word, word) for word in shlex.split(command)]
        if arguments[0] in NOT_RUN:
            arguments = [arguments[0], "--help"]
        # whoever makes an account is asked for a password, or gives it like this
        done = CliRunner().invoke(app, arguments, env={"FAIRLINE_PASSWORD": "a long way from any dictionary"})
        assert done.exit_code == 0, f"fairline {command}: {done.output}"
        assert not output or done.output == output


def test_the_readmes_city_is_the_one_that_the_tests_simulate() -> None:
    assert "demo riverbend --days 14 --agents 16 --seed 7 --no-serve" in COMMANDS


def test_every_link_leads_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", README.read_text("utf-8"))
    assert targets
    assert [target for target in targets if not (README.parent / target).exists()] == []
