"""An evaluation form as its file says it: sections, items, scales and rules, checked before anyone uses it."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sql import WrongUse, nearest

HERE = Path(__file__).parent
MOST_FAULTS = 5
TOLERANCE = 1e-6

ItemType = Literal["yes_no", "scale", "choice", "number", "text"]
CriticalClass = Literal["none", "customer", "business", "compliance"]
Autofail = Literal["none", "section", "form"]
Inside = Literal["weight", "even", "points"]
Across = Literal["items", "weight", "points"]
NotApplicable = Literal["leave", "spread"]
Blank = Literal["incomplete", "leave", "zero"]
Critical = Literal["none", "separate", "fail", "marked", "zero_form", "zero_section", "zero_below_half"]


class Strict(BaseModel):
    """A table of a form file; a key that it does not know is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Method(Strict):
    """A named way to make a score of answers; `methods.toml` says what each rule means."""

    title: str
    inside: Inside
    across: Across
    na: NotApplicable
    blank: Blank
    critical: Critical
    from_least: bool = False
    total: float | None = None
    pass_at: float | None = Field(default=None, ge=0, le=100)


class Scoring(Strict):
    """The method that a form names, and the rules of it that the form changes."""

    method: str = "fairline"
    na: NotApplicable | None = None
    blank: Blank | None = None
    critical: Critical | None = None
    pass_at: float | None = Field(default=None, ge=0, le=100)


class Option(Strict):
    """One answer of a choice, with what it is worth."""

    value: str
    title: str = ""
    points: float | None = Field(default=None, ge=0, le=1000)


class Condition(Strict):
    """An item is shown only where an earlier one was answered with one of these values."""

    item: str
    is_: tuple[str, ...] = Field(alias="is", min_length=1)


class ItemSetting(Strict):
    """One question of a form."""

    id: str = Field(min_length=1, max_length=100)
    text: str = Field(min_length=1)
    type: ItemType = "yes_no"
    weight: float = Field(default=0, ge=0, le=1000)
    scored: bool = True
    na: bool = False
    critical: CriticalClass = "none"
    autofail: Autofail = "none"
    least: float = Field(default=0, ge=0, le=1000)
    most: float | None = Field(default=None, gt=0, le=1000)
    passes: float | None = Field(default=None, ge=0, le=1000)
    options: tuple[Option, ...] = ()
    shown_if: Condition | None = None
    key: str | None = None
    guidance: str = ""

    @property
    def is_scored(self) -> bool:
        """Whether it counts; text never does."""
        return self.scored and self.type != "text"

    @property
    def most_points(self) -> float | None:
        """The points of the best answer."""
        if self.most is not None:
            return self.most
        if self.type == "choice":
            return max((option.points for option in self.options if option.points is not None), default=None)
        return 1.0 if self.type == "yes_no" else None

    @property
    def passing_points(self) -> float | None:
        """The points from which it is passed: yes, or what the form says."""
        return self.most_points if self.type == "yes_no" and self.passes is None else self.passes


class SectionSetting(Strict):
    """Items that belong together, with a weight of their own where the method uses it."""

    id: str = Field(min_length=1, max_length=100)
    title: str = ""
    weight: float | None = Field(default=None, ge=0, le=1000)
    item: tuple[ItemSetting, ...] = Field(min_length=1)


class Band(Strict):
    """A name for scores from a number of per cent on."""

    name: str
    start: float = Field(alias="from", ge=0, le=100)


class FormSetting(Strict):
    """One version of a form. A version that was used never changes; a change is a new version."""

    form: str = Field(min_length=1, max_length=100)
    version: str = Field(min_length=1, max_length=100)
    title: str = Field(min_length=1)
    channels: tuple[str, ...] = ()
    valid_from: date = Field(default=date(1900, 1, 1), alias="from")
    own_team: Literal["allowed", "refused"] = "allowed"
    scoring: Scoring = Scoring()
    band: tuple[Band, ...] = ()
    section: tuple[SectionSetting, ...] = Field(min_length=1)

    def items(self) -> Iterator[tuple[SectionSetting, ItemSetting]]:
        """Every item with its section, in the order of the form."""
        for section in self.section:
            for item in section.item:
                yield section, item

    def rules(self) -> Method:
        """The method, with what the form changes in it."""
        changes = {name: getattr(self.scoring, name) for name in ("na", "blank", "critical", "pass_at")}
        changed = {name: value for name, value in changes.items() if value is not None}
        return methods()[self.scoring.method].model_copy(update=changed)


@cache
def methods() -> dict[str, Method]:
    """The named scoring methods."""
    entries = tomllib.loads((HERE / "methods.toml").read_text(encoding="utf-8"))
    return {name: Method(**entry) for name, entry in entries.items()}


def read_form(path: Path) -> FormSetting:
    """Read and check one form file; raises WrongUse that names the lines, the items and the nearest known names."""
    text = path.read_text(encoding="utf-8")
    try:
        form = FormSetting.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise WrongUse(f"{path.name} cannot be read: {error}. Correct that line.") from None
    except ValidationError as error:
        found = [_shape_fault(text, fault) for fault in error.errors()]
    else:
        found = [f"{_line(text, place)}{fault}" for place, fault in faults(form)]
    if found:
        more = f" ({len(found) - MOST_FAULTS} more)" if len(found) > MOST_FAULTS else ""
        raise WrongUse(f"{path.name} cannot be used. {' '.join(found[:MOST_FAULTS])}{more}")
    return form


Place = tuple[int | str, ...]


def _shape_fault(text: str, fault: Any) -> str:
    """What is wrong with a value or a key, where it stands, and the key that may have been meant."""
    place: Place = tuple(fault["loc"])
    key = str(place[-1]) if place else ""
    within = ".".join(str(part) for part in place if not isinstance(part, int))
    if fault["type"] == "extra_forbidden":
        return f"{_line(text, place)}{within} is not known.{nearest(key, _keys(place))}"
    if fault["type"] == "missing":
        return f"{_line(text, place)}{within} is missing. Add it."
    return f"{_line(text, place)}{within}: {fault['input']!r} came. {fault['msg']}."


def _keys(place: Place) -> list[str]:
    """The keys that may stand where an unknown one was found."""
    parts = [part for part in place[:-1] if isinstance(part, str)]
    kinds: dict[str, type[BaseModel]] = {
        "": FormSetting,
        "section": SectionSetting,
        "item": ItemSetting,
        "options": Option,
        "shown_if": Condition,
        "band": Band,
        "scoring": Scoring,
    }
    fields = kinds[parts[-1] if parts else ""].model_fields
    return [field.alias or name for name, field in fields.items()]


def _line(text: str, place: Place) -> str:
    """The line of a section or item in the file, as "line 12: "; empty where the file writes it in another way."""
    numbers = [part for part in place if isinstance(part, int)]
    if place[:1] != ("section",) or not numbers:
        return ""
    header = re.compile(r"\s*\[\[\s*section\s*(\.\s*item\s*)?\]\]")
    section, item = -1, -1
    wanted = numbers[1] if len(numbers) > 1 and "item" in place else -1
    for number, line in enumerate(text.splitlines(), start=1):
        match = header.match(line)
        if match is None:
            continue
        section, item = (section, item + 1) if match.group(1) else (section + 1, -1)
        if (section, item) == (numbers[0], wanted):
            return f"line {number}: "
    return ""


def faults(form: FormSetting) -> Iterator[tuple[Place, str]]:
    """What keeps a well-formed file from being a form, each with the place it belongs to."""
    if form.scoring.method not in methods():
        known = nearest(form.scoring.method, methods())
        yield ("scoring",), f"There is no scoring method {form.scoring.method!r}.{known} Known: {', '.join(methods())}."
        return
    yield from _repeated(form)
    seen: dict[str, ItemSetting] = {}
    for s, section in enumerate(form.section):
        for i, item in enumerate(section.item):
            for fault in _item_faults(item, seen):
                yield ("section", s, "item", i), f"Item {item.id}: {fault}"
            seen[item.id] = item
    yield from _weight_faults(form)
    starts = [band.start for band in form.band]
    if starts and (starts != sorted(set(starts)) or starts[0] != 0):
        yield ("band",), "Bands begin at 0 and each begins higher than the one before it."


def _repeated(form: FormSetting) -> Iterator[tuple[Place, str]]:
    for kind, names in (
        ("item", [item.id for _, item in form.items()]),
        ("section", [section.id for section in form.section]),
    ):
        for name, times in Counter(names).items():
            if times > 1:
                yield (), f"The {kind} {name!r} is there {times} times. Give each its own id."


def _item_faults(item: ItemSetting, before: dict[str, ItemSetting]) -> Iterator[str]:
    if item.type == "choice" and len(item.options) < 2:
        yield "a choice has two options or more."
    if item.type != "choice" and item.options:
        yield f"only a choice has options, and its type is {item.type}."
    if item.type == "scale" and item.most is None:
        yield "a scale says its `most` (and its `least`, else 0)."
    if item.is_scored:
        yield from _scored_faults(item)
    elif item.weight or item.critical != "none" or item.autofail != "none":
        yield "it is not scored, so it has no weight, no critical class and no autofail."
    if item.shown_if is not None:
        yield from _condition_faults(item.shown_if, before)


def _scored_faults(item: ItemSetting) -> Iterator[str]:
    most = item.most_points
    if most is None or most <= item.least:
        yield f"the best answer is worth {most}, more than {item.least:g} was expected. Say its `most`, or its points."
        return
    if item.type == "choice" and any(option.points is None for option in item.options):
        yield "every option of a scored choice says its points."
    if item.type == "choice" and any((option.points or 0) > most for option in item.options):
        yield f"an option is worth more than `most`, {most:g}."
    if item.passing_points is None:
        yield "say from how many points it is passed: `passes`."
    elif not item.least < item.passing_points <= most:
        scale = f"{item.least:g} to {most:g}"
        yield f"it is passed from {item.passing_points:g} points, which is outside its scale ({scale})."


def _condition_faults(condition: Condition, before: dict[str, ItemSetting]) -> Iterator[str]:
    asked = before.get(condition.item)
    if asked is None:
        yield f"it is shown by {condition.item!r}, which is no item above it.{nearest(condition.item, before)}"
        return
    possible = {"yes_no": ["yes", "no"], "choice": [option.value for option in asked.options]}.get(asked.type)
    for value in condition.is_:
        if possible is not None and value not in possible:
            known = f"{nearest(value, possible)} It has: {', '.join(possible)}."
            yield f"{asked.id} is never answered with {value!r}.{known}"


def _weight_faults(form: FormSetting) -> Iterator[tuple[Place, str]]:
    """Weights that do not add up to what the method wants."""
    rules = form.rules()
    scored = [item for _, item in form.items() if item.is_scored]
    if not scored:
        yield (), "No item is scored. Give at least one item a weight."
        return
    if rules.across == "items" and rules.inside == "weight":
        yield from _total((), "item weights", sum(item.weight for item in scored), rules.total)
        return
    if rules.across == "items":
        return
    for s, section in enumerate(form.section):
        if section.weight is None and any(item.is_scored for item in section.item):
            message = f"Section {section.id} has no weight; {form.scoring.method} weighs sections."
            yield ("section", s), message
        if rules.inside == "weight" and any(item.is_scored for item in section.item):
            inner = sum(item.weight for item in section.item if item.is_scored)
            yield from _total(("section", s), f"item weights of section {section.id}", inner, rules.total)
    yield from _total((), "section weights", sum(section.weight or 0 for section in form.section), rules.total)


def _total(place: Place, what: str, came: float, expected: float | None) -> Iterator[tuple[Place, str]]:
    if expected is not None and abs(came - expected) > TOLERANCE:
        yield place, f"The {what} add up to {came:g}; {expected:g} was expected. Change them so that they do."
    elif came <= 0:
        yield place, f"The {what} add up to {came:g}. Give at least one a weight."
