"""The manual page, from the command line's own help: `python -m tests.documentation.manual` makes it anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import typer

import fairline

MANUAL = Path(__file__).parents[2] / "deploy" / "fairline.1"
EXITS = {
    0: "well",
    1: "a file was rejected, an identity is open, or something is wrong",
    2: "wrong use",
    75: "another load is running",
    130: "ended by Ctrl-C",
}
VARIABLES = {
    "FAIRLINE_CENTRE": "the centre folder, in place of --centre",
    "FAIRLINE_PASSWORD": "a new account's password, in place of being asked",
    "FAIRLINE_DESK": "the address of the database of accounts and desk",
    "FAIRLINE_TRACEBACK": "set to 1, a fault in Fairline itself shows where it came from",
}


def manual() -> str:
    """The page as troff."""
    group: Any = typer.main.get_command(fairline.app)
    lines = [
        f'.TH FAIRLINE 1 "" "fairline {version("fairline")}" "User commands"',
        ".SH NAME",
        f"fairline \\- {_roff(_first(group.help).lower().rstrip('.'))}",
        ".SH SYNOPSIS",
        ".B fairline",
        ".I COMMAND",
        "[options]",
        ".SH COMMANDS",
    ]
    for words, command in _commands(group):
        lines += _command(words, command)
    lines.append(".SH EXIT STATUS")
    for code, meaning in EXITS.items():
        lines += [".TP", f".B {code}", _roff(meaning)]
    lines.append(".SH ENVIRONMENT")
    for name, meaning in VARIABLES.items():
        lines += [".TP", f".B {name}", _roff(meaning)]
    return "\n".join(lines) + "\n"


def _commands(group: Any, *before: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        words = (*before, name)
        if hasattr(command, "commands"):
            yield from _commands(command, *words)
        else:
            yield " ".join(words), command


def _command(words: str, command: Any) -> Iterator[str]:
    arguments = " ".join(_argument(one) for one in command.params if one.param_type_name == "argument")
    yield from (f".SS fairline {_roff(words)} {_roff(arguments)}".rstrip(), _roff(_first(command.help)))
    if command.epilog:
        # each example on a line of its own, as it is typed
        yield from (".PP", ".nf", *map(_roff, command.epilog.split("\n\n")), ".fi")
    for option in command.params:
        if option.param_type_name == "option" and option.help:
            names = ", ".join([*option.opts, *option.secondary_opts])
            yield from (".TP", f".B {_roff(names)}", _roff(option.help))


def _argument(argument: Any) -> str:
    shown = argument.metavar or argument.name.upper()
    return shown if argument.required or shown.startswith("[") else f"[{shown}]"


def _first(text: str) -> str:
    return " ".join(text.split())


def _roff(text: str) -> str:
    """A text that troff takes as it is."""
    plain = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...")
    return re.sub(r"^([.'])", r"\\&\1", plain)


if __name__ == "__main__":
    MANUAL.write_text(manual(), encoding="utf-8")
