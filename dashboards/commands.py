"""The commands of `fairline user`: they parse, call one function of this folder and print."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(no_args_is_help=True, help="Who may sign in, and in which role.")

CENTRE = typer.Option("--centre", envvar="FAIRLINE_CENTRE", help="The centre folder.", show_default="this folder")
CentreOption = Annotated[Path, CENTRE]
FormatOption = Annotated[Literal["table", "csv", "json"], typer.Option("--format", help="How to print.")]
HERE = Path()
ROLES = "agent, supervisor, quality_analyst, manager, records_officer, auditor or administrator."
RoleOption = Annotated[str, typer.Option(metavar="ROLE", help=ROLES)]
PersonOption = Annotated[str | None, typer.Option(help="The id that the roster knows the person by.")]
TeamOption = Annotated[list[str], typer.Option("--team", help="A team beside those supervised by the roster.")]


NAME = typer.Argument(metavar="NAME", help="What the person types to sign in.")
NameArgument = Annotated[str, NAME]


@app.command("add", epilog="For example:\n\nfairline user add sam --role supervisor --person S-02")
def add_account(
    name: NameArgument,
    role: RoleOption,
    person: PersonOption = None,
    team: TeamOption = [],  # noqa: B006
    proxy: Annotated[bool, typer.Option("--proxy", help="Signs in at the proxy; has no password here.")] = False,
    centre: CentreOption = HERE,
) -> None:
    """Add an account; the password is asked for, or read from FAIRLINE_PASSWORD."""
    from dashboards.access import commands

    commands.add(centre, name, role, ask=None if proxy else new_password, person=person, teams=team)
    typer.echo(f"Added {name}.")


@app.command("list")
def list_accounts(centre: CentreOption = HERE, format: FormatOption = "table") -> None:
    """List the accounts with their roles."""
    from dashboards.access import commands
    from metrics.export import frame_text
    from metrics.terminal import screen_width

    typer.echo(frame_text(commands.listed(centre), format, screen_width()), nl=False)


@app.command("disable")
def disable_account(name: NameArgument, centre: CentreOption = HERE) -> None:
    """Let an account sign in no more, and end its sessions at once."""
    from dashboards.access import commands

    commands.change(centre, name, "disabled", is_disabled=True)
    typer.echo(f"{name} can sign in no more, and is signed out everywhere.")


@app.command("enable")
def enable_account(name: NameArgument, centre: CentreOption = HERE) -> None:
    """Let a disabled account sign in again."""
    from dashboards.access import commands

    commands.change(centre, name, "enabled", is_disabled=False)
    typer.echo(f"{name} can sign in again.")


@app.command("role")
def change_role(
    name: NameArgument,
    role: RoleOption,
    person: PersonOption = None,
    team: TeamOption = [],  # noqa: B006
    centre: CentreOption = HERE,
) -> None:
    """Give an account another role, or another person or teams; its sessions end."""
    from dashboards.access import commands

    commands.set_role(centre, name, role, person=person, teams=team)
    typer.echo(f"{name} has the role {role} from the next sign-in on, and is signed out everywhere.")


@app.command("password")
def change_password(name: NameArgument, centre: CentreOption = HERE) -> None:
    """Give an account a new password; its sessions end."""
    from dashboards.access import commands

    commands.set_password(centre, name, new_password)
    typer.echo(f"{name} has a new password, and is signed out everywhere.")


def new_password() -> str:
    """A password from the environment, or asked for twice without showing it.

    Raises WrongUse where there is nobody to be asked.
    """
    told = os.environ.get("FAIRLINE_PASSWORD")
    if told:
        return told
    if not sys.stdin.isatty():
        from metrics import WrongUse

        raise WrongUse(
            "There is no terminal on which to ask for the password. Run this on one, or set FAIRLINE_PASSWORD for it."
        )
    words = "Password, 15 characters or more (what is typed is not shown)"
    return str(typer.prompt(words, hide_input=True, confirmation_prompt="The same once more"))
