"""The command line: parses, calls one function of one folder, prints. No logic."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    import polars

    from metrics import Centre, Period

app = typer.Typer(
    name="fairline",
    help="Quality assurance and performance analytics for 311 contact centres.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
report_app = typer.Typer(no_args_is_help=True, help="Write a report as PDF and HTML.")
app.add_typer(report_app, name="report")


class Format(StrEnum):
    """How a command prints its answer."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


CentreOption = Annotated[
    Path,
    typer.Option("--centre", envvar="FAIRLINE_CENTRE", help="The centre folder.", show_default="this folder"),
]
FromOption = Annotated[str, typer.Option("--from", metavar="DAY", help="First day, YYYY-MM-DD.")]
ToOption = Annotated[str, typer.Option("--to", metavar="DAY", help="Day at which the period ends (exclusive).")]
ByOption = Annotated[str, typer.Option("--by", metavar="DIM[,DIM]", help="Dimensions, as interval,queue.")]
WhereOption = Annotated[
    list[str], typer.Option("--where", metavar="DIM=VALUE", help="Only these; repeat for several values.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print.")]
OutOption = Annotated[Path, typer.Option("--out", help="Folder for the report.")]
HERE = Path()


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
    name: Annotated[str, typer.Option(help="The centre's name.")] = "My 311",
    timezone: Annotated[str, typer.Option(help="Its time zone, as America/Denver.")] = "UTC",
) -> None:
    """Make a centre folder: centre.toml, inbox/, forms/, layouts/, metrics/, templates/."""
    from etl.centre import create_centre

    create_centre(folder, name=name, timezone=timezone)
    typer.echo(f"Made {folder}. Put exports into {folder / 'inbox'}, then: fairline load --centre {folder}")


@app.command()
def inspect(file: Path, centre: CentreOption = HERE, format: FormatOption = Format.table) -> None:
    """Say what a file is, how its columns map and what would be rejected; draft a layout if it is unknown."""
    from etl.inspection import inspect as inspection
    from etl.inspection import keep_draft

    found = inspection(file, centre)
    typer.echo(as_json(found.as_dict()) if format is Format.json else found.as_text())
    if draft := keep_draft(found, centre):
        typer.echo(f"The draft is in {draft}.", err=True)
    raise typer.Exit(0 if found.layout else 1)


@app.command()
def load(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", show_default="the inbox")] = None,
    source: Annotated[str | None, typer.Option(help="Which source or layout the files are.")] = None,
    as_of: Annotated[
        str | None, typer.Option(help="When they were exported (ISO), instead of the file's time.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait while another load runs, instead of exit 75.")] = False,
    centre: CentreOption = HERE,
    format: FormatOption = Format.table,
) -> None:
    """Load exports; the same file twice changes nothing."""
    from etl.ledger import results_text
    from etl.load import load as load_files
    from etl.progress import progress
    from metrics.build import bring_up_to_date

    with progress(quiet=format is Format.json) as tell:
        results = load_files(
            centre, paths or [], now=datetime.now(UTC), source=source, as_of=instant(as_of), progress=tell, wait=wait
        )
        if any(result.verdict == "accepted" for result in results):
            bring_up_to_date(centre, progress=tell)
    if format is Format.json:
        typer.echo(as_json([result.as_dict() for result in results]))
    else:
        typer.echo(results_text(results))
    raise typer.Exit(1 if any(result.verdict == "rejected" for result in results) else 0)


@app.command()
def watch(
    every: Annotated[float, typer.Option(metavar="SECONDS", help="Look at least this often.", min=0.1)] = 10.0,
    centre: CentreOption = HERE,
) -> None:
    """Load what arrives in inbox/ once it has stopped growing; ends with Ctrl-C."""
    from etl.centre import read_settings
    from etl.ledger import results_text
    from etl.load import load as load_files
    from etl.watching import arrivals
    from metrics.build import bring_up_to_date

    read_settings(centre)
    typer.echo(f"Watching {centre / 'inbox'}. End with Ctrl-C.")
    for paths in arrivals(centre / "inbox", every=every):
        results = load_files(centre, paths, now=datetime.now(UTC), wait=True)
        if any(result.verdict == "accepted" for result in results):
            bring_up_to_date(centre)
        typer.echo(results_text(results))


@app.command()
def check(centre: CentreOption = HERE, format: FormatOption = Format.table) -> None:
    """Check the identities, freshness, unmapped names and the link rate."""
    from metrics.health import health

    with opened(centre) as one:
        found = health(one)
        typer.echo(as_json(found.as_dict()) if format is Format.json else found.as_text())
    raise typer.Exit(0 if found.closes else 1)


@app.command()
def sources(centre: CentreOption = HERE, format: FormatOption = Format.table) -> None:
    """List every layout, what it yields and what it cannot."""
    import polars as pl

    from etl.layout import layouts

    known = [
        {
            "layout": one.name,
            "system": one.product,
            "yields": ", ".join(one.yields),
            "lacks": ", ".join(one.lacks),
        }
        for one in layouts(centre).values()
    ]
    print_frame(pl.DataFrame(known), format)


@app.command()
def template(name: str, centre: CentreOption = HERE) -> None:
    """Write the header and a documented example row of a plain file."""
    from etl.template import template as text_of

    typer.echo(text_of(name, centre), nl=False)


@app.command()
def query(
    metrics: Annotated[str, typer.Argument(metavar="METRIC[,METRIC]")],
    first: FromOption,
    until: ToOption,
    by: ByOption = "",
    where: WhereOption = [],  # noqa: B006
    centre: CentreOption = HERE,
    format: FormatOption = Format.table,
    out: Annotated[Path | None, typer.Option(help="File to write (xlsx needs one).")] = None,
    snapshot: Annotated[int | None, typer.Option(help="As an earlier snapshot had it.")] = None,
) -> None:
    """Compute metrics for a period, by dimensions."""
    import metrics as m

    with opened(centre, snapshot) as one:
        frame = m.measure(
            one,
            names(metrics),
            by=names(by),
            during=period(first, until),
            where=chosen(where),
            scope=m.Scope.whole_centre(),
        )
        if format is Format.table:
            typer.echo(m.figures_table(one.catalogue, frame, names(by)))
        else:
            print_frame(frame, format, out)


@app.command()
def rows(
    metric: str,
    first: FromOption,
    until: ToOption,
    where: WhereOption = [],  # noqa: B006
    centre: CentreOption = HERE,
    format: FormatOption = Format.table,
    out: Annotated[Path | None, typer.Option(help="File to write (xlsx needs one).")] = None,
    limit: Annotated[int | None, typer.Option(help="At most so many rows.")] = None,
) -> None:
    """List the rows behind a figure; `counted` adds up to its numerator."""
    import metrics as m

    with opened(centre) as one:
        frame = m.rows(
            one,
            metric,
            during=period(first, until),
            where=chosen(where),
            scope=m.Scope.whole_centre(),
            limit=limit,
        )
        print_frame(frame, format, out)


@app.command()
def export(
    table: str,
    first: Annotated[str | None, typer.Option("--from", metavar="DAY")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="DAY")] = None,
    format: Annotated[str, typer.Option("--format", help="csv or parquet")] = "csv",
    out: Annotated[Path | None, typer.Option(help="File to write; csv goes to the screen without it.")] = None,
    centre: CentreOption = HERE,
) -> None:
    """Export a fact as it is served, with UTC and local times."""
    from metrics.export import export as write

    with opened(centre) as one:
        during = period(first, until) if first and until else None
        write(one, table, during=during, form=format, out=out or sys.stdout.buffer)


@app.command()
def define(
    metric: Annotated[str, typer.Argument()] = "",
    centre: CentreOption = HERE,
    format: FormatOption = Format.table,
) -> None:
    """Print a metric's definition, exclusions, version and SQL; without a name, list all metrics."""
    import metrics as m

    catalogue = m.catalogue_of(centre)
    if not metric:
        print_frame(m.metric_list(catalogue), format)
        return
    found = m.definition_card(catalogue, metric)
    typer.echo(as_json(found.as_dict()) if format is Format.json else found.as_text())


@app.command()
def build(
    first: Annotated[str | None, typer.Option("--from", metavar="DAY")] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="DAY")] = None,
    centre: CentreOption = HERE,
) -> None:
    """Compute the stored measures again from the facts, all or a range of days."""
    from etl.progress import progress
    from metrics.build import rebuild

    with progress() as tell:
        days = rebuild(centre, during=period(first, until) if first and until else None, progress=tell)
    typer.echo(f"Built the measures of {days} days.")


@report_app.command("daily")
def report_daily(
    day: Annotated[str | None, typer.Option(metavar="DAY", show_default="the last day")] = None,
    team: Annotated[str | None, typer.Option(help="One team only.")] = None,
    out: OutOption = Path("reports-out"),
    centre: CentreOption = HERE,
) -> None:
    """The supervisor's day on one or two pages."""
    import metrics as m
    import reports

    with opened(centre) as one:
        on = m.day_from_text(day) if day else m.last_day(one)
        scope = m.Scope.whole_centre()
        print_paths(reports.daily(one, on, out, team=team, scope=scope, created_at=datetime.now(UTC)))


@report_app.command("packet")
def report_packet(
    agent: str,
    first: FromOption,
    until: ToOption,
    out: OutOption = Path("reports-out"),
    centre: CentreOption = HERE,
) -> None:
    """One agent's review packet."""
    import metrics as m
    import reports

    with opened(centre) as one:
        scope = m.Scope.whole_centre()
        written = reports.packet(one, agent, period(first, until), out, scope=scope, created_at=datetime.now(UTC))
        print_paths(written)


@report_app.command("monthly")
def report_monthly(
    month: Annotated[str, typer.Argument(metavar="YYYY-MM")],
    out: OutOption = Path("reports-out"),
    centre: CentreOption = HERE,
) -> None:
    """The month, as management reads it."""
    import metrics as m
    import reports

    with opened(centre) as one:
        on = m.day_from_text(f"{month}-01")
        scope = m.Scope.whole_centre()
        print_paths(reports.monthly(one, on, out, scope=scope, created_at=datetime.now(UTC)))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 8311,
    centre: CentreOption = HERE,
) -> None:
    """Serve the dashboard."""
    import dashboards

    dashboards.serve(centre, host=host, port=port, announce=typer.echo)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]")] = Path("demo-city"),
    days: Annotated[int, typer.Option(help="Days to simulate.", min=1)] = 91,
    agents: Annotated[int, typer.Option(help="Agents.", min=8)] = 80,
    seed: Annotated[int, typer.Option(help="The same seed gives the same city.")] = 311,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 8311,
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the dashboard at the end.")] = True,
) -> None:
    """A seeded city: simulated, exported, loaded, reported and served."""
    from etl.demo_city import build as build_city
    from etl.load import load as load_files
    from etl.progress import progress
    from metrics.build import bring_up_to_date

    with progress() as tell:
        if not (folder / "truth.json").exists():
            build_city(
                folder,
                days=days,
                agents=agents,
                seed=seed,
                progress=lambda done, total: tell("simulating", done, total),
            )
        load_files(folder, [], now=datetime.now(UTC), progress=tell)
        bring_up_to_date(folder, progress=tell)
    write_demo_reports(folder)
    if serving:
        import dashboards

        dashboards.serve(folder, host=host, port=port, announce=typer.echo)


def write_demo_reports(folder: Path) -> None:
    """A daily sheet, one agent's packet and the last whole month of the demo city."""
    import metrics as m
    import reports

    with opened(folder) as one:
        scope, now, out = m.Scope.whole_centre(), datetime.now(UTC), folder / "reports"
        last = m.last_day(one)
        month = m.Period.month(last.year, last.month).month_before()
        agent = m.roster(one, during=month, scope=scope)["agent_id"][0]
        print_paths(reports.daily(one, last, out, scope=scope, created_at=now))
        print_paths(reports.packet(one, agent, month, out, scope=scope, created_at=now))
        print_paths(reports.monthly(one, month.first, out, scope=scope, created_at=now))


def opened(folder: Path, snapshot: int | None = None) -> Centre:
    """The centre, open for reading."""
    from metrics import open_centre

    return open_centre(folder, snapshot)


def names(text: str) -> list[str]:
    """The names of a comma-separated list."""
    return [name.strip() for name in text.split(",") if name.strip()]


def chosen(options: list[str]) -> dict[str, list[str]]:
    """The values wanted of each dimension; raises a usage error for a word without `=`."""
    values: dict[str, list[str]] = {}
    for option in options:
        name, equals, value = option.partition("=")
        if not equals:
            raise typer.BadParameter(f"{option!r} came, DIM=VALUE was expected, for example --where queue=general")
        values.setdefault(name.strip(), []).append(value.strip())
    return values


def period(first: str, until: str) -> Period:
    """A period from two days."""
    from metrics import Period, day_from_text

    return Period(day_from_text(first), day_from_text(until))


def instant(text: str | None) -> datetime | None:
    """A moment written in ISO 8601; local time of this machine where it carries no offset."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a moment; write it as 2026-11-13T06:00:00-07:00") from None


def as_json(content: object) -> str:
    """Plain data as JSON text."""
    import json

    return json.dumps(content, indent=2, ensure_ascii=False, default=str)


def print_frame(frame: polars.DataFrame, format: Format, out: Path | None = None) -> None:
    """A frame in the format asked for, to the screen or into a file."""
    from metrics.export import frame_text, write_workbook

    if format is Format.xlsx:
        if out is None:
            raise typer.BadParameter("xlsx needs a file: add --out FILE.xlsx")
        write_workbook(frame, out)
    elif out is not None:
        out.write_text(frame_text(frame, format.value), encoding="utf-8")
    else:
        typer.echo(frame_text(frame, format.value), nl=False)


def print_paths(paths: list[Path]) -> None:
    """Where reports were written."""
    for path in paths:
        typer.echo(f"Wrote {path}")


def main() -> None:
    """Run a command; an error becomes one line that says what to do, never a traceback."""
    try:
        app()
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:  # the one place where anything unforeseen ends
        from sql.errors import FairlineError, unforeseen

        if isinstance(error, FairlineError):
            typer.echo(f"fairline: {error}", err=True)
            sys.exit(error.exit_code)
        if os.environ.get("FAIRLINE_TRACEBACK"):
            raise
        typer.echo(f"fairline: {unforeseen(error)}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
