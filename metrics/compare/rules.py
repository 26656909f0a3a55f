"""Which metrics can be compared between people, as data: over which contacts, adjusted for what."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from metrics.catalogue import Catalogue
from metrics.language import _
from sql import WrongUse, names, nearest
from sql.settings_faults import fault_words

HERE = Path(__file__).parent
# what a comparison may adjust for: what the work was and when and where it came, and who judged it
ADJUSTERS = frozenset(
    (
        "request_type channel direction language queue hour hour_band weekday day week month site shift evaluator form"
    ).split()
)
TIMES = ("day", "week", "month")


class Rule(BaseModel):
    """How one metric is compared between agents."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    id: str
    written_title: str = Field(alias="title")
    contacts: str
    value: str
    excluded: dict[str, str] = Field(default_factory=dict)
    scale: Literal["log", "share", "points"]
    shortest: float = 1.0
    better: Literal["higher", "lower"]
    act_on: float = Field(gt=0)
    minimum: int = Field(ge=2)
    counted: str
    written_note: str = Field("", alias="note")
    staged: bool = False
    parameters: dict[str, int] = Field(default_factory=dict)
    adjusters: tuple[str, ...] = Field(min_length=1)

    @property
    def title(self) -> str:
        """What people call it."""
        return _(self.written_title)

    @property
    def note(self) -> str:
        """What else a reader must know."""
        return _(self.written_note)

    @field_validator("contacts")
    @classmethod
    def _is_known(cls, contacts: str) -> str:
        known = [name for name in names("facts") if name.startswith("compared_")]
        if contacts not in known:
            raise ValueError(f"{contacts!r} is no statement of contacts; there are {', '.join(known)}")
        return contacts

    @field_validator("adjusters")
    @classmethod
    def _are_fair(cls, adjusters: tuple[str, ...]) -> tuple[str, ...]:
        for column in (column for term in adjusters for column in columns_of(term)):
            if column not in ADJUSTERS:
                raise ValueError(
                    f"{column!r} cannot be adjusted for: an adjuster is what the agent does not control, "
                    f"one of {', '.join(sorted(ADJUSTERS))}"
                )
        return adjusters

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the adjusters need, each once."""
        return tuple(dict.fromkeys(column for term in self.adjusters for column in columns_of(term)))

    @property
    def cell(self) -> str:
        """The adjuster that is eliminated cell by cell: the one with the finest time."""
        timed = [term for time in TIMES for term in self.adjusters if time in columns_of(term)]
        return timed[0] if timed else self.adjusters[-1]


def columns_of(term: str) -> tuple[str, ...]:
    """The columns of an adjuster.

    >>> columns_of("queue * day")
    ('queue', 'day')
    """
    return tuple(part.strip() for part in term.split("*"))


@cache
def comparisons(folder: Path | None = None) -> dict[str, Rule]:
    """All comparisons by name: those that ship, and the centre's own; raises WrongUse naming file, entry and fault."""
    files = [HERE / "comparisons.toml", *(sorted((folder / "metrics").glob("*.toml")) if folder else [])]
    found: dict[str, Rule] = {}
    for path in files:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        for name, entry in content.get("comparison", {}).items():
            found[name] = _checked(path, name, {**_shipped_entry(found, name), **entry})
    return found


def _shipped_entry(found: dict[str, Rule], name: str) -> dict[str, Any]:
    """What a centre's own entry need not repeat."""
    return found[name].model_dump(exclude={"name"}, by_alias=True) if name in found else {}


def _checked(path: Path, name: str, entry: dict[str, Any]) -> Rule:
    try:
        return Rule(name=name, **entry)
    except ValidationError as error:
        raise WrongUse(f"{path.name}: comparison.{name}: {fault_words(error, Rule)} Correct that entry.") from None


def comparison_of(folder: Path, catalogue: Catalogue, metric: str) -> Rule:
    """The comparison of a metric by its name or id; raises WrongUse with those that there are."""
    known = comparisons(folder)
    wanted = metric.strip()
    for name, one in known.items():
        if wanted.lower() == name or wanted.upper() == one.id.upper():
            return one
    one_of = f"These can be compared: {', '.join(f'{name} ({one.id})' for name, one in known.items())}."
    if wanted.lower() in catalogue.metrics:
        raise WrongUse(f"{wanted} does not say how people can be compared by it. {one_of}")
    raise WrongUse(f"There is no comparison by {metric!r}.{nearest(wanted, known)} {one_of}")
