"""`fairline doctor` on centres that somebody broke: each fault is found, named, and told with its cure."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

import etl.checkup
import metrics.checkup
import reports.checkup
from dashboards.access import checkup as access_checkup
from dashboards.access.commands import add
from etl.centre import caller_secret
from fairline import app
from sql import Warehouse, engine
from sql.findings import Finding
from tests.conftest import NOW

PASSWORD = "a long way from any dictionary"


Look = Callable[[Path, datetime], list[Finding]]
PARTS: dict[str, Look] = {
    "system libraries, fonts": lambda folder, now: reports.checkup.checkup_of_machine(),
    "settings, layouts, forms, disk, caller key": lambda folder, now: etl.checkup.checkup(folder),
    "extensions, definitions, catalogue, snapshot, clock, zone, inbox, source": metrics.checkup.checkup,
    "mail": lambda folder, now: reports.checkup.checkup_of_mail(folder),
    "web address, web key, accounts": lambda folder, now: access_checkup.checkup(folder),
}


@pytest.fixture
def folder(empty_centre: Path) -> Path:
    """A centre with a key and an empty warehouse, to be broken."""
    caller_secret(empty_centre)
    return empty_centre


@pytest.fixture
def whole(loaded_city: Path, tmp_path: Path) -> Path:
    """The small city, to be broken."""
    return Path(shutil.copytree(loaded_city, tmp_path / "city", ignore=shutil.ignore_patterns("landed", "reports")))


def finding(folder: Path, subject: str, now: datetime = NOW) -> Finding:
    """What is found about one subject."""
    kind = "source" if subject.startswith("source ") else subject
    (part,) = (look for subjects, look in PARTS.items() if kind in subjects.split(", "))
    return next(one for one in part(folder, now) if one.subject == subject)


def write(name: str, text: str, mode: int = 0o600) -> Callable[[Path], None]:
    """Put a file into the centre folder."""

    def done(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
        (folder / name).chmod(mode)

    return done


def settings(old: str, new: str) -> Callable[[Path], None]:
    """Change a piece of centre.toml; nothing in place of nothing adds at the end."""

    def done(folder: Path) -> None:
        path = folder / "centre.toml"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new) if old else f"{text}\n{new}")

    return done


def accounts(role: str, **more: str) -> Callable[[Path], None]:
    """Add an account."""
    return lambda folder: add(folder, "sam", role, ask=lambda: PASSWORD, **more)


def both(*steps: Callable[[Path], None]) -> Callable[[Path], None]:
    """One thing after another."""

    def done(folder: Path) -> None:
        for step in steps:
            step(folder)

    return done


def forget_a_column(folder: Path) -> None:
    with Warehouse.open(folder / "warehouse", read_only=False) as warehouse:
        warehouse.execute("alter table lake.centre drop column short_abandon_ms")


def let_a_source_stop(folder: Path) -> None:
    """Calls came each day for a week, and then no more."""
    with Warehouse.open(folder / "warehouse", read_only=False) as warehouse, warehouse.transaction():
        for days in range(5, 12):
            warehouse.execute(
                "insert into lake.load_file (load_id, source_id, file_name, loaded_at, verdict, good, quarantined) "
                "values ($day, 'dialler', 'calls.csv', $at, 'accepted', 1, 0)",
                {"day": 1000 - days, "at": (NOW - timedelta(days=days)).replace(tzinfo=None)},
            )


MAIL = '[mail]\nhost = "smtp.example.org"\nfrom = "f@example.org"\n'
USER = 'user = "f"\npassword_file = "secrets/mail"\n'
DELIVERY = '[[delivery]]\nname = "m"\nreport = "monthly"\nevery = "month"\nto = [{ address = "m@example.org", role = "manager" }]\n'
DRAFT = 'name = "ours"\ntimezone = "?"\n[columns.wait_seconds]\ntype = "duration"\nunit = "?"\n'
LATER = timedelta(hours=3)

BROKEN: list[tuple[str, Callable[[Path], object], str, str, str, str]] = [
    # what somebody did, how, what is found about what: verdict, a piece of what was seen, a piece of the cure
    ("no settings", lambda folder: (folder / "centre.toml").unlink(), "settings", "wrong", "no centre.toml", "fairline init"),
    ("a zone that is none", settings("America/Denver", "America/Dever"), "settings", "wrong", "did you mean America/Denver", "Correct that line"),
    ("a draft half answered", write("layouts/ours.toml", DRAFT), "layouts", "warning", "1 of 1", "timezone, columns.wait_seconds.unit"),
    ("a layout that is no TOML", write("layouts/ours.toml", "name = "), "layouts", "wrong", "ours.toml", ""),
    ("a form that is none", write("forms/ours.toml", 'form = "x"'), "forms", "wrong", "ours.toml", ""),
    ("a metric without a source", write("metrics/ours.toml", '[metric.x]\nid = "X1"\n'), "definitions", "wrong", "ours.toml", ""),
    ("a key that others read", lambda folder: (folder / "secrets/caller.key").chmod(0o644), "caller key", "wrong", "mode 0644", "chmod 600"),
    ("a key that is lost", lambda folder: (folder / "secrets/caller.key").unlink(), "caller key", "wrong", "new ones", "backup"),
    ("a key that is cut", write("secrets/caller.key", "abc"), "caller key", "wrong", "holds no key", "backup"),
    ("no warehouse yet", lambda folder: shutil.rmtree(folder / "warehouse"), "catalogue", "warning", "nothing was loaded", "fairline load"),
    ("a catalogue that is none", write("warehouse/catalogue.sqlite", "no database at all, by far"), "catalogue", "wrong", "damaged", "backup"),
    ("an earlier Fairline's", forget_a_column, "catalogue", "wrong", "earlier Fairline", "fairline load"),
    ("a source that stopped", let_a_source_stop, "source dialler", "warning", "nothing came for 5 days", "dialler still exports"),
    ("deliveries without mail", settings("", DELIVERY), "mail", "wrong", "host", "docs/deliver.md"),
    ("a password that is not there", settings("", MAIL + USER + DELIVERY), "mail", "wrong", "password_file", "secrets/mail"),
    ("a password that others read", both(settings("", MAIL + USER + DELIVERY), write("secrets/mail", "x", 0o644)), "mail", "wrong", "others may read", "chmod 600"),
    ("a web that is not encrypted", write("access.toml", '[web]\npublic_url = "http://f.example.gov"'), "web address", "wrong", "not encrypted", "https"),
    ("settings of the web with a slip", write("access.toml", "[web]\npublic = 1"), "web address", "wrong", "access.toml", ""),
    ("a provider without its secret", write("access.toml", '[oidc]\nissuer = "https://i.example"\nclient_id = "f"'), "web address", "wrong", "client secret", ""),
    ("a secret that others read", both(accounts("manager"), lambda folder: (folder / "secrets/web.key").chmod(0o640)), "web key", "wrong", "mode 0640", "chmod 600"),
    ("nobody who may sign in", lambda folder: None, "accounts", "warning", "nobody can sign in", "fairline user add"),
    ("somebody who will see nothing", accounts("supervisor"), "accounts", "warning", "sam will see nothing", "--role ROLE --person"),
    ("somebody whom no roster knows", accounts("supervisor", person="S-99"), "accounts", "warning", "S-99 (sam)", "team_member"),
    ("a desk that is none", write("desk/desk.sqlite", "no database at all, by far" * 99), "accounts", "wrong", "cannot be read", "backup"),
]  # fmt: skip


@pytest.mark.parametrize("case", BROKEN, ids=[row[0] for row in BROKEN])
def test_what_was_broken_is_named_with_its_cure(
    folder: Path, case: tuple[str, Callable[[Path], object], str, str, str, str]
) -> None:
    _, broken, subject, verdict, seen, cure = case
    broken(folder)
    found = finding(folder, subject)
    assert found.verdict == verdict, found
    assert seen in found.seen, found
    assert cure in found.cure, found


MACHINES: list[tuple[str, object, str, object, str, str, str, str]] = [
    ("no Pango", reports.checkup, "LIBRARIES", {"Pango": ("libnothing.so.9",)}, "system libraries", "wrong", "no PDF", "apt-get install"),
    ("a font that is lacking", reports.checkup, "FONTS", ("Inter", "No Such Font"), "fonts", "warning", "No Such Font", "fonts-inter"),
    ("extensions of another version", engine, "VERSION", "0.0.1", "extensions", "wrong", "ducklake and sqlite_scanner", "locked requirements"),
    ("a disk that is full", etl.checkup, "free_bytes", lambda _: 1 << 20, "disk", "wrong", "0.0 GB free", "fairline retain"),
]  # fmt: skip


@pytest.mark.parametrize("case", MACHINES, ids=[row[0] for row in MACHINES])
def test_what_a_machine_lacks_is_named_with_its_cure(
    loaded_city: Path,
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[str, object, str, object, str, str, str, str],
) -> None:
    _, home, name, value, subject, verdict, seen, cure = case
    monkeypatch.setattr(home, name, value)
    found = finding(loaded_city, subject)
    assert found.verdict == verdict, found
    assert seen in found.seen, found
    assert cure in found.cure, found


def test_a_clock_that_is_behind_the_last_load_is_wrong(loaded_city: Path) -> None:
    assert finding(loaded_city, "clock", NOW - timedelta(days=1)).verdict == "wrong"
    assert finding(loaded_city, "clock").verdict == "ok"


def test_a_file_that_nobody_takes_is_told(folder: Path) -> None:
    let_a_source_stop(folder)
    (folder / "inbox" / "late.csv").write_text("x")
    came = datetime.fromtimestamp((folder / "inbox" / "late.csv").stat().st_ctime, UTC)
    with Warehouse.open(folder / "warehouse", read_only=False) as warehouse:
        warehouse.execute("update lake.load_file set loaded_at = $at", {"at": (came - LATER).replace(tzinfo=None)})
    assert finding(folder, "inbox", came).verdict == "ok", "it may be on its way into the warehouse"
    found = finding(folder, "inbox", came + LATER)
    assert (found.verdict, "late.csv" in found.seen, "fairline load" in found.cure) == ("warning", True, True)


def test_a_whole_centre_has_nothing_wrong_until_a_file_is_lost(whole: Path) -> None:
    add(whole, "ann", "administrator", ask=lambda: PASSWORD)
    verdicts = {one.subject: one.verdict for look in PARTS.values() for one in look(whole, NOW)}
    assert set(verdicts.values()) == {"ok"}, verdicts
    assert {"system libraries", "catalogue", "zone", "source plain_calls", "mail", "accounts"} <= set(verdicts)
    min((whole / "warehouse" / "data").rglob("*.parquet")).unlink()
    found = finding(whole, "catalogue")
    assert (found.verdict, "1 data file of" in found.seen, "backup" in found.cure) == ("wrong", True, True)


def test_looking_changes_nothing(empty_centre: Path) -> None:
    def there() -> list[Path]:
        # where an engine may spill, and leaves nothing, is no change
        return sorted(path for path in empty_centre.rglob("*") if "scratch" not in path.parts or path.is_file())

    before = there()
    for look in PARTS.values():
        look(empty_centre, NOW)
    assert there() == before


def test_the_command_ends_with_1_where_something_is_wrong(folder: Path) -> None:
    key = folder / "secrets" / "caller.key"
    key.chmod(0o644)
    done = CliRunner().invoke(app, ["doctor", "--centre", str(folder), "--format", "json"])
    found = {one["subject"]: one for one in json.loads(done.stdout)}
    assert (done.exit_code, found["caller key"]["verdict"]) == (1, "wrong")
    told = CliRunner().invoke(app, ["doctor", "--centre", str(folder)])
    assert f"-> chmod 600 {key}" in told.output
    key.chmod(0o600)
    assert CliRunner().invoke(app, ["doctor", "--centre", str(folder)]).exit_code == 0
