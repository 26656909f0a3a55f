"""A layout says, as data, how one export format reads: how to know it, and each column's type, unit and zone."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sql import WrongUse
from sql.conversion import (
    MILLISECONDS,
    Conversion,
    calendar_date,
    clock_time,
    code,
    decimal_number,
    duration,
    flag,
    free_text,
    identifier,
    instant,
    phone,
    plain_text,
    whole_number,
)

SHIPPED = Path(__file__).parent / "sources"
ColumnType = Literal[
    "id",
    "text",
    "free_text",
    "phone",
    "whole",
    "decimal",
    "duration",
    "timestamp",
    "date",
    "clock",
    "code",
    "flag",
]


class Column(BaseModel):
    """One column of an export; its name in the layout is the name that staging statements use."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: ColumnType
    source: str | None = None
    constant: str | None = None
    aliases: tuple[str, ...] = ()
    required: bool = False
    nullable: bool = True
    nulls: tuple[str, ...] = ("",)
    unit: str | None = None
    decimals: bool = False
    least: float = 0
    most: float = 1e15
    longest: int = 2_000
    formats: tuple[str, ...] = ()
    offset: Literal["none", "optional", "required"] = "none"
    timezone: str | None = None
    future: bool = False
    codes: dict[str, str] = Field(default_factory=dict)
    ignore_case: bool = False
    true: tuple[str, ...] = ("1", "true", "t", "y", "yes")
    false: tuple[str, ...] = ("0", "false", "f", "n", "no")

    @model_validator(mode="after")
    def _says_its_unit_and_formats(self) -> Column:
        if self.type == "duration" and self.unit not in MILLISECONDS:
            raise ValueError(f"a duration names its unit, one of {', '.join(MILLISECONDS)}")
        if self.type in ("timestamp", "date") and not self.formats:
            raise ValueError("a timestamp or date lists its formats")
        if self.type == "code" and not self.codes:
            raise ValueError("a code lists its words")
        return self

    def conversion(self, text: str, *, zone: str, latest: str) -> Conversion:
        """The strict conversion of an SQL text expression; `latest` bounds instants that cannot lie ahead."""
        makers: dict[ColumnType, Callable[[], Conversion]] = {
            "id": lambda: identifier(text, longest=self.longest),
            "text": lambda: plain_text(text, longest=self.longest),
            "free_text": lambda: free_text(text, longest=max(self.longest, 200_000)),
            "phone": lambda: phone(text),
            "whole": lambda: whole_number(text, least=int(self.least), most=int(self.most)),
            "decimal": lambda: decimal_number(text, least=self.least, most=self.most),
            "duration": lambda: duration(text, unit=self.unit or "s", most=int(self.most), decimals=self.decimals),
            "timestamp": lambda: instant(
                text,
                formats=self.formats,
                zone=self.timezone or zone,
                offset=self.offset,
                latest=None if self.future else latest,
            ),
            "date": lambda: calendar_date(text, formats=self.formats),
            "clock": lambda: clock_time(text),
            "code": lambda: code(text, codes=self.codes, ignore_case=self.ignore_case),
            "flag": lambda: flag(text, true=self.true, false=self.false),
        }
        return makers[self.type]()


class Spells(BaseModel):
    """Rows that are spells of something: two of the same thing may not overlap."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: tuple[str, ...]
    start: str
    end: str


class Layout(BaseModel):
    """One export format: recognised by the header names that it requires."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    title: str
    vendor: str
    product: str
    kind: Literal["acd", "crm", "qa", "wfm", "survey", "public"]
    evidence: str
    yields: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    staging: str | None = None
    formats: tuple[Literal["delimited", "json", "workbook"], ...] = ("delimited",)
    delimiters: tuple[str, ...] = (",",)
    encodings: tuple[str, ...] = ("utf-8",)
    quotes: bool = True
    timezone: str = "centre"
    moment: str | None = None
    precision: Literal["exact", "zone_set", "date_only"] = "exact"
    key: tuple[str, ...] = ()
    rules: dict[str, str] = Field(default_factory=dict)
    spells: Spells | None = None
    columns: dict[str, Column]

    @property
    def staging_folder(self) -> str:
        """The folder of `sql/staging` that turns typed rows into facts; several layouts may share one."""
        return self.staging or self.name

    @property
    def header(self) -> dict[str, str]:
        """Every known header name, folded, to the column that it fills."""
        found: dict[str, str] = {}
        for name, column in self.columns.items():
            for spelling in (column.source or name, *column.aliases):
                found[folded(spelling)] = name
        return found

    @property
    def required(self) -> tuple[str, ...]:
        """The columns without which a file is not this layout."""
        return tuple(name for name, column in self.columns.items() if column.required)

    def spelled(self, name: str) -> str:
        """A column's name as the export prints it."""
        return self.columns[name].source or name


def folded(header: str) -> str:
    """A header name without case, padding and inner runs of blanks, as headers are compared."""
    return " ".join(header.replace("\u00a0", " ").strip().strip('"').lower().split())


def read_layout(path: Path) -> Layout:
    """Read and check one layout file; raises WrongUse with the file's name and the first fault."""
    try:
        return Layout.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise WrongUse(f"The layout file {path.name} cannot be used: {first_fault(error)}") from None


def is_draft(path: Path) -> bool:
    """Whether a layout file still asks something: a draft knows no file until each "?" is answered."""
    return '"?"' in path.read_text(encoding="utf-8")


def first_fault(error: Exception) -> str:
    """The first fault of a settings file, with the place where it stands."""
    if isinstance(error, ValidationError):
        fault = error.errors()[0]
        place = ".".join(str(part) for part in fault["loc"])
        return f"{place}: {fault['msg']}" if place else str(fault["msg"])
    return str(error)


@cache
def shipped_layouts() -> dict[str, Layout]:
    """The layouts that come with Fairline, by name."""
    return {layout.name: layout for layout in map(read_layout, sorted(SHIPPED.glob("*.toml")))}


def layouts(centre_folder: Path | None = None) -> dict[str, Layout]:
    """All layouts that a centre knows: the shipped ones, and its own, which win."""
    own = sorted((centre_folder / "layouts").glob("*.toml")) if centre_folder else []
    own = [path for path in own if not is_draft(path)]
    return {**shipped_layouts(), **{layout.name: layout for layout in map(read_layout, own)}}
