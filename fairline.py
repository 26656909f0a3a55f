"""The command line: parses, calls one function of one folder, prints. No logic."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(user_app, name="user")


class Format(StrEnum):
    """How a command prints its answer."""

    table = "table"
    csv = "csv"
    json = "json"
    xlsx = "xlsx"


CENTRE = typer.Option("--centre", envvar="FAIRLINE_CENTRE", help="The centre folder.", show_default="this folder")
CentreOption = Annotated[Path, CENTRE]
FromOption = Annotated[str, typer.Option("--from", metavar="DAY", help="First day, YYYY-MM-DD.")]
ToOption = Annotated[str, typer.Option("--to", metavar="DAY", help="Day at which the period ends (exclusive).")]
SinceOption = Annotated[str | None, typer.Option("--from", metavar="DAY", help="First day; all without it.")]
UntilOption = Annotated[str | None, typer.Option("--to", metavar="DAY", help="Day at which it ends (exclusive).")]
ByOption = Annotated[str, typer.Option("--by", metavar="DIM[,DIM]", help="Dimensions, as interval,queue.")]
WHERE = typer.Option("--where", metavar="DIM=VALUE", help="Only these; repeat for several values.")
WhereOption = Annotated[list[str], WHERE]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print.")]
KeyOption = Annotated[str | None, typer.Option(help="Interval key: arrival, answer, completion, split, event, ...")]
HERE = Path()
# what shells say of a program that Ctrl-C ended
INTERRUPTED = 130


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR")],
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


@app.command()
def inspect(file: Path, centre: CentreOption = HERE, format: FormatOption = Format.table) -> None:
    """Say what a file is, how its columns map and what would be rejected; draft a layout if it is unknown."""
    from etl.inspection import inspect as inspection
    from etl.inspection import kept_words

    found = inspection(file, centre)
    typer.echo(as_json(found.as_dict()) if format is Format.json else found.as_text())
    if words := kept_words(found, file, centre):
        typer.echo(words, err=True)
    raise typer.Exit(0 if found.layout else 1)


@app.command()
def load(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", show_default="the inbox")] = None,
    source: Annotated[str | None, typer.Option(help="Which source or layout the files are.")] = None,
    new_source: Annotated[bool, typer.Option("--new-source", help="The source that is named is a new one.")] = False,
    as_of: Annotated[
        str | None, typer.Option(help="When they were exported (ISO), instead of the file's time.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait while another load runs, instead of exit 75.")] = False,
    full_window: Annotated[
        str | None,
        typer.Option(
            metavar="FIRST:END|all", help="The files hold every row of these days: what they lack is deleted."
        ),
    ] = None,
    centre: CentreOption = HERE,
    format: FormatOption = Format.table,
) -> None:
    """Load exports; the same file twice changes nothing."""
    from etl.ledger import results_text
    from etl.load import load as load_files
    from etl.progress import progress
    from metrics.build import measure_and_check

    # what stands on the desk is its own source, and no other's that is named for the rest of the inbox
    if not paths and source is None:
        hand_desk_over(centre)
    with progress(quiet=format is Format.json) as tell:
        results = load_files(
            centre, paths or [], now=datetime.now(UTC), source=source, as_of=instant(as_of), progress=tell, wait=wait,
            full_window=full_window, new_source=new_source, checks_clock=True,
        )  # fmt: skip
        built = measure_and_check(centre, progress=tell) if any(r.verdict == "accepted" for r in results) else None
    if format is Format.json:
        typer.echo(as_json([result.as_dict() for result in results]))
    else:
        typer.echo("\n".join([results_text(results), *([built.as_text()] if built else [])]))
    raise typer.Exit(1 if any(result.verdict == "rejected" for result in results) else 0)


@app.command()
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
        built = measure_and_check(centre) if any(r.verdict == "accepted" for r in results) else None
        typer.echo("\n".join([results_text(results), *([built.as_text()] if built else [])]))


@app.command()
def check(centre: CentreOption = HERE, format: FormatOption = Format.table) -> None:
    """Check the identities, freshness, unmapped names and the link rate."""
    from metrics.health import health

    with opened(centre) as one:
        found = health(one)
        typer.echo(as_json(found.as_dict()) if format is Format.json else found.as_text())
    raise typer.Exit(0 if found.closes else 1)


@app.command()
def doctor(centre: CentreOption = HERE, format: FormatOption = Format.table) -> None:
    """Look at machine, settings, keys, warehouse, sources, mail and accounts; what is wrong is named with its cure."""
    import reports.checkup
    from dashboards.access.checkup import checkup as of_access
    from etl.checkup import checkup as of_folder
    from metrics.checkup import checkup as of_warehouse
    from sql.findings import findings_text

    found = reports.checkup.checkup_of_machine() + of_folder(centre) + of_warehouse(centre, datetime.now(UTC))
    if (centre / "centre.toml").exists():
        found += reports.checkup.checkup_of_mail(centre) + of_access(centre)
    typer.echo(as_json([one.as_dict() for one in found]) if format is Format.json else findings_text(found))
    raise typer.Exit(1 if any(one.verdict == "wrong" for one in found) else 0)


@app.command()
def sources(centre: CentreOption = HERE, format: FormatOption = Format.table) -> None:
    """List every layout, what it yields and what it cannot."""
    import polars as pl

    from etl.layout import layouts
    from etl.listing import listed

    known = [listed(one) for one in layouts(centre).values()]
    print_frame(pl.DataFrame(known), format)


@app.command()
def template(name: str, centre: CentreOption = HERE) -> None:
    """Write the header and an example row of a plain file; what each column takes goes to standard error."""
    from etl import template as plain

    typer.echo(plain.template(name, centre), nl=False)
    typer.echo(plain.documentation(name, centre), err=True, nl=False)


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
    key: KeyOption = None,
    against: Annotated[str | None, typer.Option(help="previous, last-year, trend, team, goal, or a snapshot.")] = None,
) -> None:
    """Compute metrics for a period, by dimensions."""
    import metrics as m

    with opened(centre, snapshot) as one:
        everyone, during = m.Scope.whole_centre(), period(first, until)
        asked = m.Asked(names(metrics), names(by), during, chosen(where), key, scope=everyone)
        frame = m.compared(one, asked, against) if against else m.measure_asked(one, asked)
        if format is Format.table:
            typer.echo(m.figures_table(one, asked, frame))
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
    limit: Annotated[int | None, typer.Option(help="At most so many rows.", min=1)] = None,
    key: KeyOption = None,
) -> None:
    """List the rows behind a figure; `counted` adds up to its numerator."""
    import metrics as m

    with opened(centre) as one:
        everyone, during = m.Scope.whole_centre(), period(first, until)
        frame = m.rows(one, metric, during=during, where=chosen(where), scope=everyone, limit=limit, key=key)
        print_frame(frame, format, out)


@app.command()
def export(
    table: str,
    first: SinceOption = None,
    until: UntilOption = None,
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
def compare(
    metric: str,
    first: FromOption,
    until: ToOption,
    by: Annotated[str, typer.Option(help="Whom to compare: agent.")] = "agent",
    placebo: Annotated[
        bool, typer.Option("--placebo", help="Also with names shuffled, where no flag can be true.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Flag only what is surely more than half the difference.")
    ] = False,
    groups: Annotated[Path | None, typer.Option(help="csv of agent_id and group, for the audit.")] = None,
    seed: Annotated[int, typer.Option(help="The seed of the shuffles.")] = 311,
    centre: CentreOption = HERE,
    format: FormatOption = Format.table,
) -> None:
    """Compare agents fairly: on the same kinds of contacts, all at once, and only what chance does not explain."""
    import metrics as m
    from metrics.compare import as_json as comparison_json
    from metrics.compare import compare as compared
    from metrics.compare import groups_of, keep, verdict_frame

    with opened(centre) as one:
        found = compared(
            one,
            metric,
            during=period(first, until),
            scope=m.Scope.whole_centre(),
            by=by,
            strict=strict,
            with_placebo=placebo,
            groups=groups_of(groups) if groups else None,
            seed=seed,
        )
        if format is Format.table:
            typer.echo(found.as_text())
        elif format is Format.json:
            typer.echo(comparison_json(found), nl=False)
        else:
            print_frame(verdict_frame(found), format)
        keep(one, found)


@app.command()
def sample(
    first: FromOption,
    until: ToOption,
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
    centre: CentreOption = HERE,
    format: FormatOption = Format.table,
) -> None:
    """The evaluators' work list: seeded, stratified, logged; the same question gives the same list."""
    from dataclasses import replace

    import metrics as m
    from metrics import quality, sampling
    from metrics.compare import drawn_sample

    during = period(first, until)
    if commit:
        typer.echo(f"SHA-256 of the seed for {during.first} to {during.until}: {sampling.commit(centre, during)}")
        return
    with opened(centre) as one:
        draw = drawn_sample(
            one, during=during, scope=m.Scope.whole_centre(), stage=stage, per_month=per_month, seed=seed
        )
        if evaluator is not None:
            draw = replace(draw, contacts=quality.without_conflicts(one, draw.contacts, evaluator))
    if format is Format.json:
        typer.echo(as_json(draw.as_dict()))
        return
    print_frame(draw.contacts, format)
    if format is Format.table:
        typer.echo(draw.summary)


@app.command()
def define(
    metric: Annotated[str, typer.Argument()] = "",
    centre: CentreOption = HERE,
    format: FormatOption = Format.table,
    glossary: Annotated[bool, typer.Option("--glossary", help="All definitions, as markdown.")] = False,
) -> None:
    """Print a metric's definition, exclusions, version and SQL; without a name, list all metrics."""
    import metrics as m

    catalogue = m.catalogue_of(centre)
    if glossary or not metric:
        typer.echo(m.glossary(catalogue)) if glossary else print_frame(m.metric_list(catalogue), format)
        return
    found = m.definition_card(catalogue, metric)
    typer.echo(as_json(found.as_dict()) if format is Format.json else found.as_text())


@app.command()
def calibrate(
    session: Annotated[str | None, typer.Option(help="Which one.", show_default="list the sessions")] = None,
    centre: CentreOption = HERE,
    format: FormatOption = Format.table,
) -> None:
    """Agreement between evaluators in a calibration session, by form and item, and who is strict."""
    import metrics as m
    from metrics import quality

    with opened(centre) as one:
        if session is None:
            known = quality.sessions(one)
            typer.echo(quality.sessions_text(known) if format is Format.table else as_json(known.to_dicts()))
            return
        found = quality.calibration(one, session=session, scope=m.Scope.whole_centre())
        typer.echo(quality.calibration_text(found) if format is Format.table else as_json(found.as_dict()))


@app.command()
def build(
    first: SinceOption = None,
    until: UntilOption = None,
    centre: CentreOption = HERE,
    engine: Annotated[str, typer.Option(metavar="duckdb|spark", help="What computes them.")] = "duckdb",
    spark: Annotated[str | None, typer.Option(metavar="ADDRESS", help="sc://HOST:15002 or spark://HOST:7077.")] = None,
) -> None:
    """Compute the stored measures again from the facts, all or a range of days."""
    from etl.progress import progress
    from metrics.build import rebuild
    from metrics.spark import engine_called

    during, elsewhere = period(first, until) if first and until else None, engine_called(engine, spark)
    with progress() as tell:
        days = rebuild(centre, during=during, progress=tell, elsewhere=elsewhere)
    typer.echo(f"Built the measures of {days} days.")


@app.command()
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
    format: FormatOption = Format.table,
) -> None:
    """Say what agents do with a load, or how many a target needs (Erlang C, or A with patience)."""
    from metrics.staffing import Load, staffed

    found = staffed(Load(calls, aht, interval, patience), agents, target, within, occupancy, shrinkage)
    typer.echo(as_json(found.as_dict()) if format is Format.json else found.as_text())


@app.command()
def deliver(
    log: Annotated[bool, typer.Option("--log", help="Only print what became of earlier runs.")] = False,
    centre: CentreOption = HERE,
    format: FormatOption = Format.table,
) -> None:
    """Mail the reports that centre.toml schedules and that are due; run it from a timer, see docs/deliver.md."""
    import reports
    from metrics.delivery_log import delivery_log

    if log:
        print_frame(delivery_log(centre), format)
        return
    done = reports.deliver(centre, now=datetime.now(UTC), notes_of=partial(desk_notes, centre))
    typer.echo("\n".join(one.words for one in done) or "Nothing is due.")
    raise typer.Exit(1 if any(one.state in ("failed", "late") for one in done) else 0)


@app.command()
def verify_log(
    anchor: Annotated[str, typer.Option(help="What an earlier check printed, kept elsewhere.")] = "",
    centre: CentreOption = HERE,
) -> None:
    """Check that the log of who saw what was not changed: nothing deleted, edited, reordered or cut."""
    from dashboards.access import commands

    found = commands.verified(centre, anchor)
    typer.echo(found.as_text())
    raise typer.Exit(1 if found.faults else 0)


@app.command()
def erase(caller: str, centre: CentreOption = HERE) -> None:
    """Forget a caller: the number, notes and exports that told of it go, totals stay."""
    from etl.erasure import erase as forget

    typer.echo(forget(centre, caller, now=datetime.now(UTC)).as_text())


@app.command()
def retain(
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Go on though no data reach near to today.")
    ] = False,
    centre: CentreOption = HERE,
) -> None:
    """Destroy what is older than retention.toml allows and not under legal hold; totals stay."""
    from etl.retention import retain as destroy

    typer.echo(destroy(centre, now=datetime.now(UTC), clock_is_right=clock_is_right).as_text())


@app.command()
def compact(centre: CentreOption = HERE) -> None:
    """Put the small files of many loads together; no figure and no snapshot changes, and retain does it too."""
    from etl.upkeep import compact as put_together

    typer.echo(put_together(centre, now=datetime.now(UTC)).as_text() or "Everything is in order already.")


@app.command()
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


app.add_typer(report_app, name="report", context_settings={"obj": Surroundings(desk_notes, progress_shown)})


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
