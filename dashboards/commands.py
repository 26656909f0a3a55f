"""The commands of `fairline user`: they parse, call one function of this folder and print."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(no_args_is_help=True, help="Who may sign in, and in which role.")

CENTRE = typer.Option("--centre", envvar="FAIRLINE_CENTRE", help="The centre folder.", show_default="this folder")
CentreOption = Annotated[Path, CENTRE]
FormatOption = Annotated[Literal["table", "csv", "json"], typer.Option("--format", help="How to print.")]
HERE = Path()
RoleOption = Annotated[str, typer.Option(help="agent, supervisor, quality_analyst, manager, records_officer, ...")]
PersonOption = Annotated[str | None, typer.Option(help="The id that the roster knows the person by.")]
TeamOption = Annotated[list[str], typer.Option("--team", help="A team beside those supervised by the roster.")]


@app.command("add")
def add_account(
    name: str,
    role: RoleOption,
    person: PersonOption = None,
    team: TeamOption = [],  # noqa: B006
    proxy: Annotated[bool, typer.Option("--proxy", help="Signs in at the proxy; has no password here.")] = False,
    centre: CentreOption = HERE,
) -> None:
    """Add an account; the password is asked for, or read from FAIRLINE_PASSWORD."""
    from dashboards.access import commands

    commands.add(centre, name, role, password=None if proxy else new_password(), person=person, teams=team)
    typer.echo(f"Added {name}.")


@app.command("list")
def list_accounts(centre: CentreOption = HERE, format: FormatOption = "table") -> None:
    """List the accounts with their roles."""
    from dashboards.access import commands
    from metrics.export import frame_text

    typer.echo(frame_text(commands.listed(centre), format), nl=False)


@app.command("disable")
def disable_account(name: str, centre: CentreOption = HERE) -> None:
    """Let an account sign in no more, and end its sessions at once."""
    from dashboards.access import commands

    commands.change(centre, name, "disabled", is_disabled=True)


@app.command("enable")
def enable_account(name: str, centre: CentreOption = HERE) -> None:
    """Let a disabled account sign in again."""
    from dashboards.access import commands

    commands.change(centre, name, "enabled", is_disabled=False)


@app.command("role")
def change_role(name: str, role: RoleOption, person: PersonOption = None, centre: CentreOption = HERE) -> None:
    """Give an account another role; its sessions end."""
    from dashboards.access import commands

    commands.change(centre, name, "role changed", role=role, **({"person": person} if person else {}))


@app.command("password")
def change_password(name: str, centre: CentreOption = HERE) -> None:
    """Give an account a new password; its sessions end."""
    from dashboards.access import commands

    commands.set_password(centre, name, new_password())


def new_password() -> str:
    """A password from the environment, or asked for twice without showing it."""
    return os.environ.get("FAIRLINE_PASSWORD") or str(
        typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
