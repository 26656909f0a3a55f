"""The commands of `fairline report`: they parse, call one function of this folder and print."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from metrics import Centre, Period
    from reports.people import Notes

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Surroundings:
    """What the commands are handed by the command line: what supervisors wrote of agents, and how progress is shown."""

    notes_of: Callable[[Path, Sequence[str]], Notes]
    progress: Callable[[], AbstractContextManager[Tell]]
    is_preview: bool = False


app = typer.Typer(no_args_is_help=True, invoke_without_command=True, help="Write a report as PDF and HTML.")

CENTRE = typer.Option("--centre", envvar="FAIRLINE_CENTRE", help="The centre folder.", show_default="this folder")
CentreOption = Annotated[Path, CENTRE]
FromOption = Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day, YYYY-MM-DD.")]
ToOption = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Day at which it ends (exclusive).")]
MonthOption = Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help="Instead of --from and --to.")]
OutOption = Annotated[Path, typer.Option("--out", help="Folder for the report.")]
AsOfOption = Annotated[
    int | None, typer.Option("--as-of", metavar="SNAPSHOT", help="As issued then, else as that snapshot has it.")
]
LanguageOption = Annotated[
    str, typer.Option("--language", metavar="CODE", help="en or es, also es-MX.", show_default="the centre's")
]
TablesOption = Annotated[str, typer.Option("--tables", metavar="xlsx|csv", help="Also every table of the report.")]
DIFF = typer.Option("--diff", metavar="A B", help="What changed between two issues, and why.")
OUT, HERE = Path("reports-out"), Path()
CORES = os.cpu_count() or 1


@app.callback()
def report(
    ctx: typer.Context,
    diff: Annotated[tuple[Path, Path] | None, DIFF] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Write the HTML alone.")] = False,
    centre: CentreOption = HERE,
    format: Annotated[str, typer.Option("--format", help="For --diff: table or json.")] = "table",
) -> None:
    """Write a report as PDF and HTML, with its frozen copy; or say what changed between two issues of one."""
    around: Surroundings = ctx.obj
    ctx.obj = Surroundings(around.notes_of, around.progress, preview)
    if diff:
        import reports

        with _opened(centre) as one:
            found = reports.difference(one, *diff)
        as_json = json.dumps(found.as_dict(), indent=2, ensure_ascii=False)
        typer.echo(as_json if format == "json" else found.as_text())


@app.command()
def daily(
    ctx: typer.Context,
    day: Annotated[str | None, typer.Option(metavar="DAY", help="Which day.", show_default="the last day")] = None,
    team: Annotated[str | None, typer.Option(help="One team only.")] = None,
    out: OutOption = OUT,
    as_of: AsOfOption = None,
    tables: TablesOption = "",
    language: LanguageOption = "",
    centre: CentreOption = HERE,
) -> None:
    """The supervisor's day on one or two pages."""
    import metrics as m
    import reports

    _speak(ctx, centre, language)
    if day and _is_issued(out, as_of, "daily", day=day, **({"team": team} if team else {})):
        return
    with _opened(centre, as_of) as one:
        on = m.day_from_text(day) if day else m.last_day(one)
        scope = m.Scope.whole_centre()
        _told(reports.daily(one, on, out, team=team, scope=scope, form=_form(ctx, tables)))


@app.command()
def packet(
    ctx: typer.Context,
    agent: Annotated[str | None, typer.Argument(metavar="[AGENT]", show_default="with --all, everybody")] = None,
    first: FromOption = None,
    until: ToOption = None,
    month: MonthOption = None,
    everybody: Annotated[bool, typer.Option("--all", help="Everybody's; what is there and unchanged stays.")] = False,
    workers: Annotated[int, typer.Option(help="How many processes lay out pages.", min=1)] = CORES,
    incomplete: Annotated[bool, typer.Option("--incomplete", help="With --all: where data are missing too.")] = False,
    out: OutOption = OUT,
    as_of: AsOfOption = None,
    tables: TablesOption = "",
    language: LanguageOption = "",
    centre: CentreOption = HERE,
) -> None:
    """One agent's review packet, or with --all everybody's."""
    import metrics as m
    import reports

    if (agent is None) != everybody:
        raise typer.BadParameter("name one agent, or say --all")
    during, everyone, form = _period(first, until, month), m.Scope.whole_centre(), _form(ctx, tables)
    around: Surroundings = ctx.obj
    _speak(ctx, centre, language)
    asked = {"from": str(during.first), "to": str(during.until)}
    if agent and _is_issued(out, as_of, "packet", agent=agent, **asked):
        return
    with _opened(centre, as_of) as one, around.progress() as tell:
        if agent:
            reports.check_agent(one, agent, during, scope=everyone)
        agents = [agent] if agent else reports.everybody(one, during, scope=everyone)
        if everybody and as_of is not None:
            agents = [name for name in agents if not _is_issued(out, as_of, "packet", agent=name, **asked)]
        notes = around.notes_of(centre, agents)
        if agent:
            _told(reports.packet(one, agent, during, out, scope=everyone, notes=notes, form=form))
            return
        wanted = reports.Wanted(during, out, everyone, notes, form=form, needs_all=not incomplete)
        done = reports.packets(one, agents, wanted, workers=workers, progress=partial(tell, "packets"))
    _told(done.written)
    typer.echo(done.words, err=bool(done.failed))
    raise typer.Exit(1 if done.failed else 0)


@app.command()
def monthly(
    ctx: typer.Context,
    month: Annotated[str, typer.Argument(metavar="YYYY-MM")],
    out: OutOption = OUT,
    as_of: AsOfOption = None,
    tables: TablesOption = "",
    language: LanguageOption = "",
    centre: CentreOption = HERE,
) -> None:
    """The month, as management reads it."""
    import metrics as m
    import reports

    on, scope = m.month_from_text(month), m.Scope.whole_centre()
    _speak(ctx, centre, language)
    if _is_issued(out, as_of, "monthly", month=month):
        return
    with _opened(centre, as_of) as one:
        _told(reports.monthly(one, on, out, scope=scope, form=_form(ctx, tables)))


@app.command()
def quality(
    ctx: typer.Context,
    first: FromOption = None,
    until: ToOption = None,
    month: MonthOption = None,
    out: OutOption = OUT,
    as_of: AsOfOption = None,
    tables: TablesOption = "",
    language: LanguageOption = "",
    centre: CentreOption = HERE,
) -> None:
    """A period's quality: coverage, scores, items, calibration, disputes; names evaluators."""
    import metrics as m
    import reports

    during, scope = _period(first, until, month), m.Scope.whole_centre()
    _speak(ctx, centre, language)
    if _is_issued(out, as_of, "quality", **{"from": str(during.first), "to": str(during.until)}):
        return
    with _opened(centre, as_of) as one:
        _told(reports.quality_report(one, during, out, scope=scope, form=_form(ctx, tables)))


def _speak(ctx: typer.Context, folder: Path, language: str) -> None:
    """Write what the command writes in the language asked for, else in the centre's."""
    from metrics.language import chosen, speaking, spoken_by

    ctx.with_resource(speaking(chosen(language) if language else spoken_by(folder)))


def _opened(folder: Path, snapshot: int | None = None) -> Centre:
    from metrics import open_centre

    return open_centre(folder, snapshot, stays=True)


def _is_issued(out: Path, as_of: int | None, report: str, **arguments: str) -> bool:
    """Whether what was issued from that snapshot is kept in the folder, and could be written again from there."""
    if as_of is None:
        return False
    import reports
    from reports.issue import spoken

    found = reports.as_issued(out, report, {**arguments, **spoken()}, as_of)
    if found is None:
        return False
    _told(found.paths)
    typer.echo(found.words)
    return True


def _period(first: str | None, until: str | None, month: str | None) -> Period:
    from metrics import Period

    return Period.asked(first, until, month)


def _form(ctx: typer.Context, tables: str) -> str:
    """What is written besides the paper; with --preview the HTML alone."""
    around: Any = ctx.obj
    return "html" if around.is_preview else tables


def _told(paths: Sequence[Path]) -> None:
    """Where reports were written."""
    for path in paths:
        typer.echo(f"Wrote {path}")
