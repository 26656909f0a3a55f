"""Servers that tests start for themselves, on loopback and on ports that are free: Postgres, and object storage."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
BUCKET = "lake"


@dataclass(frozen=True)
class Postgres:
    """A running server."""

    binaries: Path
    port: int
    numbers: Iterator[int]
    control: Callable[[str], None]

    def database(self, like: str = "template1") -> str:
        """The address of a new database, empty or a copy of the one at an address."""
        name = f"d{next(self.numbers)}"
        self.run(f"create database {name} template {like.rpartition('/')[2]}", "postgres")
        return f"postgresql://fairline:a-password@127.0.0.1:{self.port}/{name}"

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.control("-m immediate stop")

    def start(self) -> None:
        """Have it run again after that; it mends itself first."""
        self.control("-w start")

    def run(self, statement: str, database: str) -> str:
        """What a statement answers, as psql prints it."""
        told = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "fairline", "-qAtc", statement, database]
        return subprocess.run(
            [self.binaries / "psql", *told], check=True, capture_output=True, text=True
        ).stdout.strip()


def binaries() -> Path | None:
    """Where Debian keeps Postgres's programs, or wherever the path leads; none where they are not installed."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = str(versions[-1]) if versions else shutil.which("initdb")
    return Path(found).parent if found else None


@contextmanager
def postgres() -> Iterator[Postgres]:
    """A server that does not care for a power cut; not as root, which it refuses, and so not in pytest's own folders."""
    programs = binaries()
    assert programs is not None
    user = "postgres" if os.geteuid() == 0 else getpass.getuser()
    port = free_port()

    def run(*command: str) -> None:
        subprocess.run([programs / command[0], *command[1:]], check=True, stdout=subprocess.DEVNULL, user=user, cwd="/")

    with TemporaryDirectory(prefix="fairline-postgres-") as folder:
        shutil.chown(folder, user)
        data = f"{folder}/data"
        run("initdb", "-D", data, "-U", "fairline", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"

        def control(what: str) -> None:
            run("pg_ctl", "-D", data, "-l", f"{folder}/log", "-o", options, *what.split())

        control("-w start")
        try:
            yield Postgres(programs, port, count(1), control)
        finally:
            control("-m immediate stop")


@contextmanager
def object_storage() -> Iterator[dict[str, str]]:
    """A bucket on moto's server; gives the variables by which every tool finds it."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        endpoint = f"http://127.0.0.1:{server.get_host_and_port()[1]}"
        urlopen(Request(f"{endpoint}/{BUCKET}", method="PUT")).close()
        yield {**KEYS, "AWS_ENDPOINT_URL": endpoint}
    finally:
        server.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
