"""A layout says, as data, how one export format reads: how to know it, and each column's type, unit and zone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from etl.readers import reader
from sql import WrongUse, names, nearest
from sql.conversion import (
    MILLISECONDS,
    WRITTEN,
    Conversion,
    calendar_date,
    clock_time,
    code,
    decimal_number,
    duration,
    epoch,
    flag,
    free_text,
    identifier,
    instant,
    phone,
    plain_text,
    whole_number,
)
from sql.settings_faults import fault_words

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
    "epoch",
    "date",
    "clock",
    "code",
    "flag",
]


class Column(BaseModel):
    """One column of an export; its name in the layout is the name that staging statements use.

    `leading` keeps only so many characters, where the rest of an id says nothing. `clock` names the layout's column in
    which the time of day stands, where this one has the day alone: both are read as one text with a blank between.
    """

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
    leading: int | None = None
    clock: str | None = None
    formats: tuple[str, ...] = ()
    offset: Literal["none", "optional", "required", "hours"] = "none"
    timezone: str | None = None
    future: bool = False
    codes: dict[str, str] = Field(default_factory=dict)
    ignore_case: bool = False
    true: tuple[str, ...] = ("1", "true", "t", "y", "yes")
    false: tuple[str, ...] = ("0", "false", "f", "n", "no")

    @model_validator(mode="after")
    def _says_its_unit_and_formats(self) -> Column:
        if self.type == "duration" and self.unit not in (*MILLISECONDS, *WRITTEN):
            raise ValueError(f"a duration names its unit, one of {', '.join((*MILLISECONDS, *WRITTEN))}")
        if self.type == "epoch" and self.unit not in ("s", "ms"):
            raise ValueError("an epoch names its unit, s or ms")
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
            "epoch": lambda: epoch(text, unit=self.unit or "s", latest=None if self.future else latest),
            "date": lambda: calendar_date(text, formats=self.formats),
            "clock": lambda: clock_time(text),
            "code": lambda: code(text, codes=self.codes, ignore_case=self.ignore_case),
            "flag": lambda: flag(text, true=self.true, false=self.false),
        }
        return makers[self.type]()


class Signature(BaseModel):
    """How a delimited file without a header is known: the number of fields of its lines, and what stands in some."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fields: tuple[int, ...]
    patterns: dict[str, str]

    @field_validator("patterns")
    @classmethod
    def _are_expressions(cls, patterns: dict[str, str]) -> dict[str, str]:
        for pattern in patterns.values():
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is not a regular expression: {error}") from None
        return patterns


class Nesting(BaseModel):
    """How nested JSON becomes rows.

    `lists` are names under which the objects may be wrapped; `rows` is the path of the inner lists whose items are the
    rows, as `participants[].sessions[]`. A column's source is a path from the object, as `Queue.Name` or
    `participants[].sessions[].sessionId`; what is a list or an object there is kept as JSON text.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    lists: tuple[str, ...] = ()
    rows: str = ""


class Others(BaseModel):
    """A column that keeps what the layout does not name, as a list of key, text and value: the questions of a survey.

    `labels` says what the header lines hold: one line of names, ids with their texts beneath, or questions with their
    choices beneath.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str
    labels: Literal["names", "ids_and_texts", "questions_and_choices"] = "names"


class Spells(BaseModel):
    """Rows that are spells of something: two of the same thing may not overlap."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: tuple[str, ...]
    start: str
    end: str


class Layout(BaseModel):
    """One export format: recognised by the header names that it requires, by its signature, or by its reader.

    `rules` are expressions that every row must satisfy, `derived` are columns computed from the typed ones. A layout
    that `extends` a shipped one says only what differs: a site's own column names, codes or zone.
    """

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
    system: str | None = None
    reader: str | None = None
    signature: Signature | None = None
    nesting: Nesting | None = None
    others: Others | None = None
    # the lines above the rows, and which of them may name the columns: a title can stand above the header
    header_lines: int = 1
    names_in: tuple[int, ...] = (1,)
    formats: tuple[Literal["delimited", "json", "workbook", "xml"], ...] = ("delimited",)
    delimiters: tuple[str, ...] = (",",)
    encodings: tuple[str, ...] = ("utf-8",)
    quotes: bool = True
    timezone: str = "centre"
    moment: str | None = None
    precision: Literal["exact", "zone_set", "date_only"] = "exact"
    key: tuple[str, ...] = ()
    rules: dict[str, str] = Field(default_factory=dict)
    derived: dict[str, str] = Field(default_factory=dict)
    spells: Spells | None = None
    # that each export holds all rows there are, or all of the days on which it has a row: what it lacks was deleted
    full_window: Literal["all", "days"] | None = None
    columns: dict[str, Column]

    @property
    def staging_folder(self) -> str:
        """The folder of `sql/staging` that turns typed rows into facts; several layouts may share one."""
        return self.staging or self.name

    @field_validator("reader")
    @classmethod
    def _reader_exists(cls, name: str | None) -> str | None:
        if name is not None:
            reader(name)
        return name

    @model_validator(mode="after")
    def _names_columns(self) -> Layout:
        unknown = set(self.signature.patterns if self.signature else ()) - set(self.columns)
        if unknown:
            raise ValueError(f"the signature names columns that the layout has not: {', '.join(sorted(unknown))}")
        clocks = {column.clock for column in self.columns.values() if column.clock} - set(self.columns)
        if clocks:
            raise ValueError(f"clock names columns that the layout has not: {', '.join(sorted(clocks))}")
        return self

    @property
    def source_id(self) -> str:
        """The source that its files belong to where nobody names one; the layouts of one system share it."""
        return self.system or self.name

    @property
    def spellings(self) -> tuple[str, ...]:
        """The columns as the export prints them, in the order in which the layout lists them."""
        return tuple(self.spelled(name) for name in self.columns)

    @property
    def known_names(self) -> dict[str, tuple[str, ...]]:
        """Each column's known header names, folded; several columns may read the same one."""
        return {
            name: tuple(folded(spelling) for spelling in (column.source or name, *column.aliases))
            for name, column in self.columns.items()
        }

    @property
    def header(self) -> set[str]:
        """Every known header name, folded."""
        return {spelling for names in self.known_names.values() for spelling in names}

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
        layout = Layout.model_validate(_extended(tomllib.loads(path.read_text(encoding="utf-8"))))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        raise WrongUse(
            f"The layout file {path.name} cannot be used: {fault_words(error, Layout)} Correct that line."
        ) from None
    if not names(f"staging/{layout.staging_folder}"):
        message = f"no statements turn rows of {layout.staging_folder!r} into facts"
        raise WrongUse(
            f"The layout file {path.name} cannot be used: {message}; let staging name a layout that has some."
        )
    return layout


def _extended(content: dict[str, Any]) -> dict[str, Any]:
    """A layout's content with what it takes over from the shipped layout that it extends."""
    wanted = content.pop("extends", None)
    if wanted is None:
        return content
    shipped = {path.stem: path for path in SHIPPED.glob("*.toml")}
    if wanted not in shipped:
        raise WrongUse(f"A layout extends {wanted!r}, which does not exist.{nearest(str(wanted), shipped)}")
    original = tomllib.loads(shipped[wanted].read_text(encoding="utf-8"))
    # the same system under other column names: its rows become the same facts, under the same keys
    original = {"staging": wanted, "system": wanted, **original}
    columns = {**original["columns"]}
    for name, column in content.pop("columns", {}).items():
        columns[name] = {**columns.get(name, {}), **column}
    return {**original, **content, "columns": columns}


def is_draft(path: Path) -> bool:
    """Whether a layout file still asks something: a draft knows no file until each "?" is answered."""
    return '"?"' in path.read_text(encoding="utf-8")


@cache
def shipped_layouts() -> dict[str, Layout]:
    """The layouts that come with Fairline, by name."""
    return {layout.name: layout for layout in map(read_layout, sorted(SHIPPED.glob("*.toml")))}


def layouts(centre_folder: Path | None = None) -> dict[str, Layout]:
    """All layouts that a centre knows: the shipped ones, and its own, which win."""
    own = sorted((centre_folder / "layouts").glob("*.toml")) if centre_folder else []
    own = [path for path in own if not is_draft(path)]
    return {**shipped_layouts(), **{layout.name: layout for layout in map(read_layout, own)}}
