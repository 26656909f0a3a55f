"""How long commands take to start, in docs/commands.md: `python -m tests.documentation.starts` measures anew.

A command's help is what is printed before any of its work; `-X importtime` then names what its work would import.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import typer

import fairline
from tests.documentation.made import put, table

ROOT = Path(__file__).parents[2]
TIMES = 5
IMPORTED = re.compile(r"import time:\s+\d+ \|\s+(\d+) \| (\S+)$", re.MULTILINE)


def commands() -> Iterator[tuple[str, ...]]:
    """Every command, those of groups included."""
    group = typer.main.get_command(fairline.app)
    yield ()
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", ())
        yield from ((name, one) for one in inner) if inner else [(name,)]


def seconds(command: tuple[str, ...]) -> float:
    """The shortest of some times of a command's help, each in a process of its own: what else ran adds to the others."""
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        run(command, "--help")
        took.append(time.perf_counter() - began)
    return min(took)


def run(command: tuple[str, ...], *options: str, python: tuple[str, ...] = ()) -> str:
    """What a command says on standard error."""
    words = [sys.executable, *python, str(ROOT / "fairline.py"), *command, *options]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False).stderr


def imported() -> str:
    """What the start of all commands imports, the dearest first."""
    found = {name: int(micro) for micro, name in IMPORTED.findall(run((), "--help", python=("-X", "importtime")))}
    top = sorted(((micro, name) for name, micro in found.items() if "." not in name), reverse=True)[:4]
    return ", ".join(f"{name} {micro / 1e6:.2f}" for micro, name in top)


def measured() -> str:
    """The table, and what all starts share."""
    rows = [[f"`fairline {' '.join(command)}`".replace(" `", "`"), f"{seconds(command):.2f}"] for command in commands()]
    return f"{table(['command', 'seconds'], rows)}\n\nDearest of what all of them import (seconds): {imported()}."


if __name__ == "__main__":
    put("commands.md", "starts", measured())
