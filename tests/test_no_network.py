"""Nothing asks the network while it runs: neither a command nor the processes that it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.etl.bad_inputs import HEADER, A

ROOT = Path(__file__).parents[1]
# every Python process begins with this; whoever asks the network leaves a line, and gets no answer
GUARD = """
import os, socket

def refused(*_args, **_options):
    with open(os.environ["FAIRLINE_ASKED"], "a") as file:
        file.write("asked\\n")
    raise OSError("there is no network here")

socket.socket.connect = socket.socket.connect_ex = refused
socket.getaddrinfo = socket.gethostbyname = refused
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    guard = tmp_path / "guard"
    guard.mkdir()
    (guard / "sitecustomize.py").write_text(GUARD)
    paths = os.pathsep.join([str(guard), str(ROOT)])
    return {**os.environ, "PYTHONPATH": paths, "FAIRLINE_ASKED": str(tmp_path / "asked")}


def run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "fairline", *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_from_the_export_to_the_paper(environment: dict[str, str], empty_centre: Path, tmp_path: Path) -> None:
    export = tmp_path / "calls.csv"
    export.write_text(f"{HEADER}\n{A}\n")
    centre = ("--centre", str(empty_centre))
    run(environment, "load", str(export), *centre)
    day = ("--from", "2026-11-13", "--to", "2026-11-14")
    assert "1" in run(environment, "query", "contacts_offered", *day, *centre)
    run(environment, "report", "daily", "--day", "2026-11-13", "--out", str(tmp_path / "out"), *centre)
    assert not (tmp_path / "asked").exists()


def test_the_guard_would_see_it(environment: dict[str, str], tmp_path: Path) -> None:
    asking = "import socket; socket.create_connection(('127.0.0.1', 9))"
    done = subprocess.run([sys.executable, "-c", asking], env=environment, capture_output=True, text=True, check=False)
    assert "no network here" in done.stderr
    assert (tmp_path / "asked").read_text() == "asked\n"
