"""The command line: parses, calls one function of one folder, prints. No logic."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from dashboards.commands import app as user_app
from reports.commands import Surroundings
from reports.commands import app as report_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import polars

    import reports
    from metrics import Centre, Period

app = typer.Typer(
    name="fairline",
    help="Quality assurance and performance analytics for 311 contact centres.",
    epilog="A first look at a made-up city: fairline demo. What a command takes, with examples: fairline query --help.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
# the commands in the order in which a centre comes to need them
BEGIN, FIGURES, SERVED, KEPT = "Begin", "Figures", "Pages, papers, accounts", "Keep in order"


def command(panel: str, *examples: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A command among those of a panel of the help, with examples of how it is typed."""
    return app.command(rich_help_panel=panel, epilog="\n\n".join(("For example:", *examples)) if examples else None)


class Format(StrEnum):
    """How a command prints rows."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


class Listed(StrEnum):
    """How a command prints rows that nobody takes into a workbook."""

    table = "table"
    csv = "csv"
    json = "json"


class Written(StrEnum):
    """How a command prints what is no table of rows."""

    table = "table"
    json = "json"


class Found(Protocol):
    """What a command found: for people, and as plain data."""

    def as_text(self) -> str: ...  # noqa: D102
    def as_dict(self) -> dict[str, object]: ...  # noqa: D102


class Served(StrEnum):
    """How facts are handed to other programs."""

    csv = "csv"
    parquet = "parquet"


def told_version(is_wanted: bool) -> None:
    """Print the release and end."""
    if is_wanted:
        from importlib.metadata import version

        typer.echo(f"fairline {version('fairline')}")
        raise typer.Exit


VERSION = typer.Option("--version", callback=told_version, is_eager=True, help="Print the release.")


@app.callback()
def about(version: Annotated[bool, VERSION] = False) -> None:
    """Quality assurance and performance analytics for 311 contact centres."""


CENTRE = typer.Option("--centre", envvar="FAIRLINE_CENTRE", help="The centre folder.", show_default="this folder")
CentreOption = Annotated[Path, CENTRE]
FromOption = Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day, YYYY-MM-DD.")]
ToOption = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Day at which it ends (not in it).")]
MonthOption = Annotated[str | None, typer.Option("--month", metavar="YYYY-MM", help="Instead of --from and --to.")]
BY = typer.Option("--by", metavar="DIM[,DIM]", help="Split by these, as day,queue; a metric's own: define METRIC.")
ByOption = Annotated[str, BY]
WHERE = typer.Option("--where", metavar="DIM=VALUE", help="Only these; repeat it for several values.")
WhereOption = Annotated[list[str], WHERE]
FORMAT = typer.Option("--format", help="How to print.", show_default="table, or as --out ends")
FormatOption = Annotated[Format | None, FORMAT]
ListedOption = Annotated[Listed, typer.Option("--format", help="How to print.")]
WrittenOption = Annotated[Written, typer.Option("--format", help="How to print.")]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="File to write, in place of the screen.")]
SNAPSHOT = typer.Option(
    "--as-of", "--snapshot", metavar="SNAPSHOT", help="As an earlier snapshot of the warehouse had it."
)
SnapshotOption = Annotated[int | None, SNAPSHOT]
KEY = typer.Option("--key", help="Count by another moment than the metric's own: arrival, answer, completion, ...")
KeyOption = Annotated[str | None, KEY]
WAIT = typer.Option("--wait", help="Wait while another load runs, instead of exit 75.")
WaitOption = Annotated[bool, WAIT]


def metric_names(incomplete: str) -> list[str]:
    """What completes the last name of a comma-separated list of metrics."""
    from metrics import FairlineError, catalogue_of

    before, comma, begun = incomplete.rpartition(",")
    try:
        known = catalogue_of(Path(os.environ.get("FAIRLINE_CENTRE", "."))).metrics
    except FairlineError:  # the command itself will say what is wrong
        return []
    return [f"{before}{comma}{name}" for name in known if name.startswith(begun)]


def table_names(incomplete: str) -> list[str]:
    """What completes the name of a table that is exported."""
    from metrics.export import served

    return [name for name in served() if name.startswith(incomplete)]


METRIC = typer.Argument(
    metavar="METRIC",
    help="Its name or id: service_level, or M20; `fairline define` lists all.",
    autocompletion=metric_names,
)
MetricArgument = Annotated[str, METRIC]
METRICS = typer.Argument(
    metavar="METRIC[,METRIC]", help="Names or ids; `fairline define` lists all.", autocompletion=metric_names
)
TABLE = typer.Argument(
    metavar="TABLE", help="calls, contact, leg, ...; without one, all are listed.", autocompletion=table_names
)
HERE = Path()
# what shells say of a program that Ctrl-C ended
INTERRUPTED = 130


@command(
    BEGIN,
    'fairline init my-centre --name "My 311" --timezone America/Denver',
)
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make.")],
    name: Annotated[str | None, typer.Option(help="The centre's name.")] = None,
    timezone: Annotated[str | None, typer.Option(help="Its time zone, as America/Denver.")] = None,
    hours: Annotated[str | None, typer.Option(help='When it is open: "mon-fri 08:00-17:00; sat 09:00-13:00".')] = None,
) -> None:
    """Make a centre folder; on a terminal it asks for name, time zone and opening hours where they are not given."""
    from etl.centre import check_is_new, create_centre
    from etl.first_settings import asked, given

    check_is_new(folder)
    now = datetime.now(UTC)
    if sys.stdin.isatty():
        first = asked(question, typer.echo, now=now, name=name, timezone=timezone, hours=hours)
    else:
        first = given(partial(typer.echo, err=True), name=name, timezone=timezone, hours=hours)
    create_centre(folder, name=first.name, timezone=first.timezone, hours=first.hours)
    typer.echo(f"Made {folder}. Put exports into {folder / 'inbox'}, then: fairline load --centre {folder}")
    typer.echo(f"To see first what an export is: fairline inspect EXPORT --centre {folder}")


@command(
    BEGIN,
    "fairline inspect EXPORT --centre my-centre",
)
def inspect(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An export, as it came.")],
    centre: CentreOption = HERE,
    format: WrittenOption = Written.table,
) -> None:
    """Say what a file is, how its columns map and what would be rejected; draft a layout if it is unknown."""
    from etl.inspection import inspect as inspection
    from etl.inspection import kept_words

    found = inspection(file, centre)
    print_found(found, is_json=format is Written.json)
    if words := kept_words(found, file, centre):
        typer.echo(words, err=True)
    raise typer.Exit(0 if found.layout else 1)


PATHS = typer.Argument(metavar="PATH", help="Exports, as they came.", show_default="the inbox")


@command(
    BEGIN,
    "fairline load --centre my-centre",
    "fairline load EXPORT --format json --centre my-centre",
)
def load(
    paths: Annotated[list[Path] | None, PATHS] = None,
    source: Annotated[str | None, typer.Option(help="Which source or layout the files are.")] = None,
    new_source: Annotated[bool, typer.Option("--new-source", help="The source that is named is a new one.")] = False,
    as_of: Annotated[
        str | None, typer.Option(metavar="MOMENT", help="When they were exported (ISO), instead of the file's time.")
    ] = None,
    wait: WaitOption = False,
    full_window: Annotated[
        str | None,
        typer.Option(
            metavar="FIRST:END|all", help="The files hold every row of these days: what they lack is deleted."
        ),
    ] = None,
    centre: CentreOption = HERE,
    format: WrittenOption = Written.table,
) -> None:
    """Load exports; the same file twice changes nothing."""
    from etl.ledger import results_text
    from etl.load import load as load_files
    from etl.progress import progress
    from metrics.build import measure_and_check

    # what stands on the desk is its own source, and no other's that is named for the rest of the inbox
    if not paths and source is None:
        hand_desk_over(centre)
    with progress(quiet=format is Written.json) as tell:
        results = load_files(
            centre, paths or [], now=datetime.now(UTC), source=source, as_of=instant(as_of), progress=tell, wait=wait,
            full_window=full_window, new_source=new_source, checks_clock=True,
        )  # fmt: skip
        is_new = any(result.verdict == "accepted" for result in results)
        built = measure_and_check(centre, progress=tell, wait=wait) if is_new else None
    if format is Written.json:
        typer.echo(as_json([result.as_dict() for result in results]))
    else:
        say("\n".join([results_text(results), *([built.as_text()] if built else [])]))
    raise typer.Exit(1 if any(result.verdict == "rejected" for result in results) else 0)


@command(BEGIN)
def watch(
    every: Annotated[float, typer.Option(metavar="SECONDS", help="Look at least this often.", min=0.1)] = 10.0,
    centre: CentreOption = HERE,
) -> None:
    """Load what arrives in inbox/ once it has stopped growing, and what people enter at the desk; ends with Ctrl-C."""
    from etl.centre import read_settings
    from etl.ledger import results_text
    from etl.load import load as load_files
    from etl.watching import arrivals
    from metrics.build import measure_and_check
    from sql import FairlineError

    def lay_desk() -> None:
        try:
            hand_desk_over(centre)
        except FairlineError as error:  # a desk out of reach keeps no export waiting
            typer.echo(str(error), err=True)

    read_settings(centre)
    typer.echo(f"Watching {centre / 'inbox'}. End with Ctrl-C.")
    for paths in arrivals(centre / "inbox", every=every, lay=lay_desk):
        results = load_files(centre, paths, now=datetime.now(UTC), wait=True, checks_clock=True)
        built = measure_and_check(centre, wait=True) if any(r.verdict == "accepted" for r in results) else None
        typer.echo("\n".join([results_text(results), *([built.as_text()] if built else [])]))


@command(BEGIN)
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where it goes.")] = Path("demo-city"),
    days: Annotated[int, typer.Option(help="Days to simulate.", min=1)] = 91,
    agents: Annotated[int, typer.Option(help="Agents.", min=8)] = 80,
    seed: Annotated[int, typer.Option(help="The same seed gives the same city.")] = 311,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 8311,
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the dashboard at the end.")] = True,
) -> None:
    """A seeded city: simulated, exported, loaded, reported and served."""
    import metrics as m
    import reports
    from etl.demo_city import build as build_city
    from etl.load import load as load_files
    from etl.progress import progress
    from metrics.build import bring_up_to_date

    with progress() as tell:
        if not (folder / "truth.json").exists():
            told = partial(tell, "simulating")
            build_city(folder, days=days, agents=agents, seed=seed, progress=told)
        loaded = load_files(folder, [], now=datetime.now(UTC), progress=tell)
        bring_up_to_date(folder, progress=tell)
    written = sorted((folder / "reports").glob("*.pdf"))
    if written and {one.verdict for one in loaded} == {"unchanged"}:
        typer.echo(f"Nothing has changed; {len(written)} reports stand in {folder / 'reports'}.")
    else:
        with opened(folder) as one:
            print_paths(reports.samples(one, folder / "reports", scope=m.Scope.whole_centre()))
    if serving:
        import dashboards

        dashboards.serve(folder, host=host, port=port, announce=typer.echo, is_demo=True, packet="reports:packet")


@command(BEGIN)
def sources(centre: CentreOption = HERE, format: ListedOption = Listed.table) -> None:
    """List every layout, what it yields and what it cannot."""
    import polars as pl

    from etl.layout import layouts
    from etl.listing import listed
    from metrics.terminal import screen_width

    known = pl.DataFrame([listed(one) for one in layouts(centre).values()])
    if format is Listed.table and screen_width() is not None:
        print_frame(known.select("layout", "system", "yields"), Format.table)
        typer.echo("What each lacks and how it was tested: --format csv", err=True)
    else:
        print_frame(known, Format(format.value))


@command(
    BEGIN,
    "fairline template plain_agents --centre my-centre > roster.csv",
)
def template(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="plain_calls, plain_agents, ...; see `fairline sources`.")
    ],
    centre: CentreOption = HERE,
) -> None:
    """Write the header and an example row of a plain file; what each column takes goes to standard error."""
    from etl import template as plain

    typer.echo(plain.template(name, centre), nl=False)
    typer.echo(plain.documentation(name, centre), err=True, nl=False)


@command(
    FIGURES,
    "fairline query service_level,abandon_rate --by queue --month 2026-11",
    "fairline query legs_handled --by agent --from 2026-11-02 --to 2026-11-09",
    "fairline query abandon_rate --by day --month 2026-11 --out november.xlsx",
)
def query(
    metrics: Annotated[str, METRICS],
    first: FromOption = None,
    until: ToOption = None,
    month: MonthOption = None,
    by: ByOption = "",
    where: WhereOption = [],  # noqa: B006
    against: Annotated[str | None, typer.Option(help="previous, last-year, trend, team, goal, or a snapshot.")] = None,
    snapshot: SnapshotOption = None,
    key: KeyOption = None,
    format: FormatOption = None,
    out: OutOption = None,
    centre: CentreOption = HERE,
) -> None:
    """Compute metrics for a period, by dimensions."""
    import metrics as m
    from metrics.terminal import screen_width

    during, form = asked_period(first, until, month), form_of(format, out)
    with opened(centre, snapshot) as one:
        asked = m.Asked(names(metrics), names(by), during, chosen(where), key, scope=m.Scope.whole_centre())
        frame = m.compared(one, asked, against) if against else m.measure_asked(one, asked)
        if form is Format.table:
            print_text(m.figures_table(one, asked, frame, screen_width(out)) + "\n", out)
        else:
            print_frame(frame, form, out)


@command(
    FIGURES,
    "fairline rows abandon_rate --month 2026-11 --where queue=water --out rows.csv",
)
def rows(
    metric: MetricArgument,
    first: FromOption = None,
    until: ToOption = None,
    month: MonthOption = None,
    where: WhereOption = [],  # noqa: B006
    limit: Annotated[int | None, typer.Option(help="At most so many rows.", min=1)] = None,
    snapshot: SnapshotOption = None,
    key: KeyOption = None,
    format: FormatOption = None,
    out: OutOption = None,
    centre: CentreOption = HERE,
) -> None:
    """List the rows behind a figure; `counted` adds up to its numerator, `in_base` to its denominator."""
    import metrics as m

    during, form = asked_period(first, until, month), form_of(format, out)
    with opened(centre, snapshot) as one:
        everyone = m.Scope.whole_centre()
        frame = m.rows(one, metric, during=during, where=chosen(where), scope=everyone, limit=limit, key=key)
        print_frame(frame, form, out)


@command(
    FIGURES,
    "fairline export calls --month 2026-11 --out calls.parquet",
)
def export(
    table: Annotated[str, TABLE] = "",
    first: FromOption = None,
    until: ToOption = None,
    month: MonthOption = None,
    snapshot: SnapshotOption = None,
    format: Annotated[
        Served | None, typer.Option("--format", help="How to write.", show_default="csv, or as --out ends")
    ] = None,
    out: OutOption = None,
    centre: CentreOption = HERE,
) -> None:
    """Export a fact as it is served, with UTC and local times; all of it where no period is given."""
    from metrics.export import export as write
    from metrics.export import served

    if not table:
        import polars as pl

        print_frame(pl.DataFrame({"table": served().keys(), "holds": served().values()}), Format.table)
        return
    form = served_form(format, out)
    with opened(centre, snapshot) as one:
        during = named_period(first, until, month)
        write(one, table, during=during, form=form.value, out=out or sys.stdout.buffer)


@command(
    FIGURES,
    "fairline compare average_handle_time --from 2026-08-01 --to 2026-11-01",
)
def compare(
    metric: MetricArgument,
    first: FromOption = None,
    until: ToOption = None,
    month: MonthOption = None,
    by: Annotated[str, typer.Option(help="Whom to compare: agent.")] = "agent",
    placebo: Annotated[
        bool, typer.Option("--placebo", help="Also with names shuffled, where no flag can be true.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Flag only what is surely more than half the difference.")
    ] = False,
    groups: Annotated[Path | None, typer.Option(help="csv of agent_id and group, for the audit.")] = None,
    seed: Annotated[int, typer.Option(help="The seed of the shuffles.")] = 311,
    format: FormatOption = None,
    out: OutOption = None,
    centre: CentreOption = HERE,
) -> None:
    """Compare agents fairly: on the same kinds of contacts, all at once, and only what chance does not explain."""
    import metrics as m
    from metrics.compare import as_json as comparison_json
    from metrics.compare import compare as compared
    from metrics.compare import groups_of, keep, verdict_frame
    from metrics.terminal import folded, screen_width

    during, form = asked_period(first, until, month), form_of(format, out)
    with opened(centre) as one:
        found = compared(
            one,
            metric,
            during=during,
            scope=m.Scope.whole_centre(),
            by=by,
            strict=strict,
            with_placebo=placebo,
            groups=groups_of(groups) if groups else None,
            seed=seed,
        )
        if form is Format.table:
            print_text(folded(found.as_text(), screen_width(out)) + "\n", out)
        elif form is Format.json:
            print_text(comparison_json(found), out)
        else:
            print_frame(verdict_frame(found), form, out)
        keep(one, found)


@command(
    FIGURES,
    "fairline sample --month 2026-11 --commit",
    "fairline sample --month 2026-11 --out worklist.xlsx",
)
def sample(
    first: FromOption = None,
    until: ToOption = None,
    month: MonthOption = None,
    stage: Annotated[str, typer.Option(help="routine: everybody; follow_up: those on the watch list.")] = "routine",
    per_month: Annotated[
        int | None, typer.Option(help="Contacts per agent and month.", show_default="10, follow-up 30")
    ] = None,
    seed: Annotated[str | None, typer.Option(help="A seed, instead of the committed one.")] = None,
    commit: Annotated[
        bool, typer.Option("--commit", help="Choose the period's seed now and print its SHA-256.")
    ] = False,
    evaluator: Annotated[
        str | None,
        typer.Option(help="Print what this evaluator may score: no own contacts, none against a form's rule."),
    ] = None,
    format: FormatOption = None,
    out: OutOption = None,
    centre: CentreOption = HERE,
) -> None:
    """The evaluators' work list: seeded, stratified, logged; the same question gives the same list."""
    from dataclasses import replace

    import metrics as m
    from metrics import quality, sampling
    from metrics.compare import drawn_sample

    during, form = asked_period(first, until, month), form_of(format, out)
    if commit:
        typer.echo(f"SHA-256 of the seed for {during.first} to {during.until}: {sampling.commit(centre, during)}")
        return
    with opened(centre) as one:
        draw = drawn_sample(
            one, during=during, scope=m.Scope.whole_centre(), stage=stage, per_month=per_month, seed=seed
        )
        if evaluator is not None:
            draw = replace(draw, contacts=quality.without_conflicts(one, draw.contacts, evaluator))
    if form is Format.json:
        print_text(as_json(draw.as_dict()) + "\n", out)
        return
    print_frame(draw.contacts, form, out)
    if form is Format.table:
        typer.echo(draw.summary)


@command(
    FIGURES,
    "fairline define service_level",
)
def define(
    metric: Annotated[str, METRIC] = "",
    centre: CentreOption = HERE,
    format: ListedOption = Listed.table,
    glossary: Annotated[bool, typer.Option("--glossary", help="All definitions, as markdown.")] = False,
) -> None:
    """Print a metric's definition, exclusions, version and SQL; without a name, list all metrics."""
    import metrics as m
    from metrics.terminal import screen_width

    catalogue = m.catalogue_of(centre)
    if glossary:
        typer.echo(m.glossary(catalogue))
        return
    if not metric:
        is_brief = format is Listed.table and screen_width() is not None
        print_frame(m.metric_list(catalogue, is_brief=is_brief), Format(format.value))
        return
    found = m.definition_card(catalogue, metric)
    if format is Listed.csv:
        raise typer.BadParameter("one definition is no table; choose --format json, or table")
    print_found(found, is_json=format is Listed.json)


@command(FIGURES)
def calibrate(
    session: Annotated[str | None, typer.Option(help="Which one.", show_default="list the sessions")] = None,
    centre: CentreOption = HERE,
    format: WrittenOption = Written.table,
) -> None:
    """Agreement between evaluators in a calibration session, by form and item, and who is strict."""
    import metrics as m
    from metrics import quality
    from metrics.terminal import screen_width

    with opened(centre) as one:
        if session is None:
            known = quality.sessions(one)
            typer.echo(quality.sessions_text(known) if format is Written.table else as_json(known.to_dicts()))
            return
        found = quality.calibration(one, session=session, scope=m.Scope.whole_centre())
        wide = screen_width()
        typer.echo(quality.calibration_text(found, wide) if format is Written.table else as_json(found.as_dict()))


@command(
    FIGURES,
    "fairline staff --calls 120 --aht 240 --target 80/20",
    "fairline staff --calls 120 --aht 240 --agents 18 --patience 180",
)
def staff(
    calls: Annotated[float, typer.Option(help="Calls in the interval.")],
    aht: Annotated[float, typer.Option(help="Handle time, seconds.")],
    interval: Annotated[float, typer.Option(help="The interval, seconds.")] = 1800,
    agents: Annotated[int | None, typer.Option(help="What so many agents do.")] = None,
    target: Annotated[str | None, typer.Option(metavar="80/20", help="The fewest who reach a target.")] = None,
    within: Annotated[float, typer.Option(help="Seconds that count as in time, with --agents.")] = 20,
    patience: Annotated[float | None, typer.Option(help="Callers' mean patience, seconds: Erlang A.")] = None,
    occupancy: Annotated[float, typer.Option(help="Highest occupancy wanted, with --target.")] = 1.0,
    shrinkage: Annotated[float, typer.Option(help="Part of paid time in which nobody answers.")] = 0.0,
    format: WrittenOption = Written.table,
) -> None:
    """Say what agents do with a load, or how many a target needs (Erlang C, or A with patience)."""
    from metrics.staffing import Load, staffed

    found = staffed(Load(calls, aht, interval, patience), agents, target, within, occupancy, shrinkage)
    print_found(found, is_json=format is Written.json)


@command(SERVED)
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.")] = 8311,
    centre: CentreOption = HERE,
) -> None:
    """Serve the dashboard."""
    import dashboards
    from etl.centre import read_settings

    read_settings(centre)  # a folder that is no centre is told at once, not by an empty page
    dashboards.serve(centre, host=host, port=port, announce=typer.echo, packet="reports:packet")


@command(SERVED)
def deliver(
    log: Annotated[bool, typer.Option("--log", help="Only print what became of earlier runs.")] = False,
    centre: CentreOption = HERE,
    format: ListedOption = Listed.table,
) -> None:
    """Mail the reports that centre.toml schedules and that are due; run it from a timer, see docs/deliver.md."""
    import reports
    from metrics.delivery_log import delivery_log

    if log:
        print_frame(delivery_log(centre), Format(format.value))
        return
    done = reports.deliver(centre, now=datetime.now(UTC), notes_of=partial(desk_notes, centre))
    typer.echo("\n".join(one.words for one in done) or "Nothing is due.")
    raise typer.Exit(1 if any(one.state in ("failed", "late") for one in done) else 0)


@command(KEPT)
def check(centre: CentreOption = HERE, format: WrittenOption = Written.table) -> None:
    """Check the identities, freshness, unmapped names and the link rate."""
    from metrics.health import health

    with opened(centre) as one:
        found = health(one)
        print_found(found, is_json=format is Written.json)
    raise typer.Exit(0 if found.closes else 1)


@command(KEPT)
def doctor(centre: CentreOption = HERE, format: WrittenOption = Written.table) -> None:
    """Look at machine, settings, keys, warehouse, sources, mail and accounts; what is wrong is named with its cure."""
    import reports.checkup
    from dashboards.access.checkup import checkup as of_access
    from etl.checkup import checkup as of_folder
    from metrics.checkup import checkup as of_warehouse
    from sql.findings import findings_text

    found = reports.checkup.checkup_of_machine() + of_folder(centre) + of_warehouse(centre, datetime.now(UTC))
    if (centre / "centre.toml").exists():
        found += reports.checkup.checkup_of_mail(centre) + of_access(centre)
    if format is Written.json:
        typer.echo(as_json([one.as_dict() for one in found]))
    else:
        say(findings_text(found))
    raise typer.Exit(1 if any(one.verdict == "wrong" for one in found) else 0)


@command(
    KEPT,
    "fairline build --month 2026-11",
)
def build(
    first: FromOption = None,
    until: ToOption = None,
    month: MonthOption = None,
    centre: CentreOption = HERE,
    engine: Annotated[str, typer.Option(metavar="duckdb|spark", help="What computes them.")] = "duckdb",
    wait: WaitOption = False,
    spark: Annotated[str | None, typer.Option(metavar="ADDRESS", help="sc://HOST:15002 or spark://HOST:7077.")] = None,
) -> None:
    """Compute the stored measures again from the facts, all or a range of days."""
    from etl.progress import progress
    from metrics.build import rebuild
    from metrics.spark import engine_called

    during, elsewhere = named_period(first, until, month), engine_called(engine, spark)
    with progress() as tell:
        days = rebuild(centre, during=during, progress=tell, elsewhere=elsewhere, wait=wait)
    typer.echo(f"Built the measures of {days} days.")


@command(KEPT)
def verify_log(
    anchor: Annotated[str, typer.Option(help="What an earlier check printed, kept elsewhere.")] = "",
    centre: CentreOption = HERE,
) -> None:
    """Check that the log of who saw what was not changed: nothing deleted, edited, reordered or cut."""
    from dashboards.access import commands

    found = commands.verified(centre, anchor)
    typer.echo(found.as_text())
    raise typer.Exit(1 if found.faults else 0)


@command(
    KEPT,
    "fairline erase +13035550199 --centre my-centre",
)
def erase(
    caller: Annotated[str, typer.Argument(metavar="NUMBER", help="The caller's number, as +13035550199.")],
    wait: WaitOption = False,
    centre: CentreOption = HERE,
) -> None:
    """Forget a caller: the number, notes and exports that told of it go, totals stay."""
    from etl.erasure import erase as forget

    typer.echo(forget(centre, caller, now=datetime.now(UTC), wait=wait).as_text())


@command(KEPT)
def retain(
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Go on though no data reach near to today.")
    ] = False,
    wait: WaitOption = False,
    centre: CentreOption = HERE,
) -> None:
    """Destroy what is older than retention.toml allows and not under legal hold; totals stay."""
    from etl.retention import retain as destroy

    typer.echo(destroy(centre, now=datetime.now(UTC), wait=wait, clock_is_right=clock_is_right).as_text())


@command(KEPT)
def compact(wait: WaitOption = False, centre: CentreOption = HERE) -> None:
    """Put the small files of many loads together; no figure and no snapshot changes, and retain does it too."""
    from etl.upkeep import compact as put_together

    typer.echo(put_together(centre, now=datetime.now(UTC), wait=wait).as_text() or "Everything is in order already.")


def question(words: str, otherwise: str) -> str:
    """An answer from whoever sits at the terminal."""
    return str(typer.prompt(words, default=otherwise, show_default=bool(otherwise)))


def opened(folder: Path, snapshot: int | None = None) -> Centre:
    """The centre, open for reading."""
    from metrics import open_centre

    return open_centre(folder, snapshot)


def has_desk(folder: Path) -> bool:
    """Whether people enter anything for a centre: at a desk in its folder, or at one elsewhere by its address."""
    return (folder / "desk").is_dir() or "FAIRLINE_DESK" in os.environ


def hand_desk_over(folder: Path) -> None:
    """Lay what stands on the desk into the inbox, if there is a desk."""
    if has_desk(folder):
        from dashboards.desk import hand_over, open_store

        hand_over(open_store(folder), folder / "inbox")


def desk_notes(folder: Path, agents: Sequence[str]) -> reports.Notes:
    """What supervisors wrote at the desk about these agents."""
    import reports

    if not has_desk(folder):
        return {}
    from dashboards.desk import notes_of, open_store

    store = open_store(folder)
    return reports.notes(row for agent in agents for row in notes_of(store, agent))


@contextmanager
def progress_shown() -> Iterator[Callable[[str, int, int], None]]:
    """How far long work has come, see `etl.progress`."""
    from etl.progress import progress

    with progress() as tell:
        yield tell


app.add_typer(
    report_app,
    name="report",
    rich_help_panel=SERVED,
    context_settings={"obj": Surroundings(desk_notes, progress_shown)},
)
app.add_typer(user_app, name="user", rich_help_panel=SERVED)


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


def asked_period(first: str | None, until: str | None, month: str | None) -> Period:
    """The period that a question names, see `Period.asked`."""
    from metrics import Period

    return Period.asked(first, until, month)


def named_period(first: str | None, until: str | None, month: str | None) -> Period | None:
    """The period that is named, if one is."""
    return asked_period(first, until, month) if first or until or month else None


def form_of(format: Format | None, out: Path | None) -> Format:
    """The format asked for, else the one that the file's name ends with; raises a usage error where they differ."""
    suffix = out.suffix.lower().lstrip(".") if out else ""
    named = {"csv": Format.csv, "json": Format.json, "xlsx": Format.xlsx}.get(suffix)
    if format is None:
        return named or Format.table
    if format is Format.xlsx and out is None:
        raise typer.BadParameter("xlsx needs a file: add --out FILE.xlsx")
    if (named or Format.xlsx in (format, named)) and named is not format:
        raise typer.BadParameter(f"--format {format.value} and --out {out} do not go together; leave --format out")
    return format


def served_form(format: Served | None, out: Path | None) -> Served:
    """As `form_of`, of facts; what no screen shows needs a file or a pipe."""
    form = format or (Served.parquet if out and out.suffix.lower() == ".parquet" else Served.csv)
    if form is Served.parquet and out is None and sys.stdout.isatty():
        raise typer.BadParameter("parquet is nothing to read on a screen: add --out FILE.parquet")
    return form


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
    from metrics.terminal import screen_width

    if format is Format.xlsx and out is not None:
        write_workbook(frame, out)
    else:
        print_text(frame_text(frame, format.value, screen_width(out)), out)


def print_text(text: str, out: Path | None = None) -> None:
    """A text to the screen, or into a file."""
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")


def print_found(found: Found, *, is_json: bool) -> None:
    """What was found, as JSON or for people."""
    if is_json:
        typer.echo(as_json(found.as_dict()))
    else:
        say(found.as_text())


def say(text: str) -> None:
    """Print text for people; on a terminal its lines are broken at words."""
    from metrics.terminal import folded, screen_width

    typer.echo(folded(text, screen_width()))


def print_paths(paths: list[Path]) -> None:
    """Where reports were written."""
    for path in paths:
        typer.echo(f"Wrote {path}")


def in_one_line(error: typer.TyperException) -> str:
    """What a wrong use of the command line was, and where the right one stands."""
    words = " ".join(str(getattr(error, "format_message", lambda: error)()).split()).rstrip(".")
    context = getattr(error, "ctx", None)
    return f"{words}. {context.command_path if context else 'fairline'} --help says what is expected."


def main() -> None:
    """Run a command; an error becomes one line that says what to do, never a traceback."""
    try:
        sys.exit(app(standalone_mode=False) or 0)
    except BrokenPipeError:
        sys.exit(0)
    except (KeyboardInterrupt, typer.Abort):
        sys.exit(INTERRUPTED)
    except typer.TyperException as error:
        typer.echo(f"fairline: {in_one_line(error)}", err=True)
        sys.exit(2)
    except Exception as error:  # the one place where anything unforeseen ends
        from sql.errors import FairlineError, is_interrupted, unforeseen

        if isinstance(error, FairlineError):
            typer.echo(f"fairline: {error}", err=True)
            sys.exit(error.exit_code)
        if is_interrupted(error):
            sys.exit(INTERRUPTED)
        if os.environ.get("FAIRLINE_TRACEBACK"):
            raise
        typer.echo(f"fairline: {unforeseen(error)}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
