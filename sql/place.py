"""Where a centre's warehouse stands: in its own folder, or where several machines share it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from duckdb import DuckDBPyConnection

from sql.errors import WrongUse

ADDRESS = "FAIRLINE_WAREHOUSE"
EXAMPLE = "postgresql://fairline@db.example.gov/fairline?data=s3://bucket/fairline"
SCHEMES = ("postgresql", "postgres")
OBJECTS = "s3://"
# as the tools of every vendor of object storage call them
STORAGE = {
    "key_id": ("AWS_ACCESS_KEY_ID",),
    "secret": ("AWS_SECRET_ACCESS_KEY",),
    "session_token": ("AWS_SESSION_TOKEN",),
    "region": ("AWS_REGION", "AWS_DEFAULT_REGION"),
}
ENDPOINT = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")


@dataclass(frozen=True)
class Place:
    """The catalogue and the data files of one warehouse; `shown` names it without its password."""

    folder: Path
    data: str
    shown: str
    address: str | None = field(default=None, repr=False)

    @property
    def is_shared(self) -> bool:
        """Whether other machines may write to it too."""
        return self.address is not None

    @property
    def catalogue(self) -> Path:
        """The catalogue's file, where it is not shared."""
        return self.folder / "catalogue.sqlite"

    @property
    def scratch(self) -> Path:
        """Where this machine may keep what it needs for a while."""
        return self.folder / "scratch"

    @property
    def attached(self) -> str:
        """What the engine attaches."""
        return f"ducklake:postgres:{self.address}" if self.is_shared else f"ducklake:sqlite:{self.catalogue}"

    @property
    def extensions(self) -> tuple[str, ...]:
        """What the engine must have learnt for it."""
        own = "postgres_scanner" if self.is_shared else "sqlite_scanner"
        return ("ducklake", own, *(("httpfs",) if self.data.startswith(OBJECTS) else ()))

    @property
    def readable(self) -> tuple[str, str]:
        """All that a process which only answers questions may reach."""
        return f"{self.data.rstrip('/')}/", f"{self.scratch}/"

    def without_password(self, text: str) -> str:
        """A text of the engine's, which may name the address."""
        return text if self.address is None else text.replace(self.address, self.shown)


def place_of(folder: Path) -> Place:
    """Where the warehouse of a centre stands; `folder` is the one that this machine keeps for it.

    FAIRLINE_WAREHOUSE (or the file that FAIRLINE_WAREHOUSE_FILE names, since it may hold a password) names a catalogue
    in Postgres and, as `data`, a folder or s3:// for the files. Raises WrongUse for an address that is none.
    """
    folder = folder.resolve()
    address = _address()
    if address is None:
        return Place(folder, str(folder / "data"), str(folder / "catalogue.sqlite"))
    parts = urlsplit(address)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    data = options.pop("data", str(folder / "data"))
    if parts.scheme not in SCHEMES or not parts.path.strip("/"):
        raise WrongUse(f"{ADDRESS} has to name a database of Postgres, with its name, as {EXAMPLE}")
    if not data.startswith(OBJECTS) and not Path(data).is_absolute():
        raise WrongUse(f"{ADDRESS} keeps its files in {data!r}; a whole path or {OBJECTS}BUCKET/NAME is expected")
    # an address without a limit would wait for minutes on a machine that is down
    options.setdefault("connect_timeout", "10")
    plain = parts._replace(query=urlencode(options))
    return Place(folder, data, _shown(plain), urlunsplit(plain))


def _address() -> str | None:
    file = os.environ.get(f"{ADDRESS}_FILE")
    return Path(file).read_text(encoding="utf-8").strip() if file else os.environ.get(ADDRESS) or None


def _shown(parts: SplitResult) -> str:
    port = f":{parts.port}" if parts.port else ""
    return f"postgresql://{parts.hostname or 'localhost'}{port}{parts.path}"


def know_storage(connection: DuckDBPyConnection, place: Place) -> None:
    """Tell the engine how to reach the object storage, from the variables that every tool of it reads."""
    if not place.data.startswith(OBJECTS):
        return
    told = {name: value for name, names in STORAGE.items() if (value := _first(names)) is not None}
    if endpoint := _first(ENDPOINT):
        url = urlsplit(endpoint)
        told |= {"endpoint": url.netloc, "url_style": "path", "use_ssl": str(url.scheme != "http").lower()}
    connection.execute(f"create secret storage (type s3, {_listed({'scope': place.data, **told})})")


def _first(names: tuple[str, ...]) -> str | None:
    return next((value for name in names if (value := os.environ.get(name))), None)


def _listed(values: Mapping[str, str]) -> str:
    return ", ".join("{} '{}'".format(name, value.replace("'", "''")) for name, value in values.items())
