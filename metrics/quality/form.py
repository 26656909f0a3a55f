"""Evaluation forms as the warehouse keeps them: every version, with its items and the rules of its score."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from metrics.centre import Centre
from sql import WrongUse, nearest


@dataclass(frozen=True)
class Option:
    """One answer of a choice; null points where the item is not scored."""

    value: str
    title: str
    points: float | None


@dataclass(frozen=True)
class Item:
    """One question: its scale (`least` to `most` points, passed from `passing`), weight, and what a failure does."""

    id: str
    text: str
    section: str = ""
    type: str = "yes_no"
    weight: float = 1.0
    least: float = 0.0
    most: float | None = 1.0
    passing: float | None = None
    critical_class: str = "none"
    autofail: str = "none"
    is_scored: bool = True
    may_not_apply: bool = True
    options: tuple[Option, ...] = ()
    shown_by: str | None = None
    shown_for: tuple[str, ...] = ()
    key: str = ""
    guidance: str = ""


@dataclass(frozen=True)
class Section:
    """Items that belong together."""

    id: str
    title: str
    weight: float | None = None


@dataclass(frozen=True)
class Rules:
    """How answers become a score; `etl/forms/methods.toml` says what each word means."""

    method: str = "fairline"
    inside: str = "weight"
    across: str = "items"
    na: str = "leave"
    blank: str = "incomplete"
    critical: str = "marked"
    from_least: bool = False
    pass_at: float | None = None


@dataclass(frozen=True)
class Form:
    """One version of a form."""

    id: str
    version: str
    title: str
    items: tuple[Item, ...]
    sections: tuple[Section, ...] = (Section("", ""),)
    rules: Rules = Rules()
    channels: tuple[str, ...] = ()
    bands: tuple[tuple[float, str], ...] = ()
    may_score_own_team: bool = True
    valid_from: date = date.min

    def item(self, name: str) -> Item:
        """An item by its id; raises WrongUse with the nearest known one."""
        for item in self.items:
            if item.id == name:
                return item
        known = nearest(name, [item.id for item in self.items])
        raise WrongUse(f"Form {self.id}, version {self.version}, has no item {name!r}.{known}")

    def band(self, score: float | None) -> str | None:
        """The name of the band in which a score (a share of 1) lies; null without bands or score."""
        names = [name for start, name in self.bands if score is not None and 100 * score >= start - 1e-9]
        return names[-1] if names else None


def forms(centre: Centre) -> list[Form]:
    """All versions of all forms."""
    items: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in centre.named("quality/form_item").iter_rows(named=True):
        items.setdefault((row["form_id"], row["form_version"]), []).append(row)
    return [
        _form(row, items[row["form_id"], row["form_version"]])
        for row in centre.named("quality/form").iter_rows(named=True)
    ]


def form(centre: Centre, name: str, version: str) -> Form:
    """One version of a form; raises WrongUse with the nearest known one."""
    known = {(one.id, one.version): one for one in forms(centre)}
    if (name, version) in known:
        return known[name, version]
    near = nearest(f"{name} {version}", [" ".join(pair) for pair in known])
    raise WrongUse(f"There is no version {version!r} of a form {name!r}.{near} Put its file into forms/ and load.")


def forms_for(known: Iterable[Form], channel: str | None, *, on: date) -> list[Form]:
    """The forms that a contact of a channel is evaluated with on a day, each in its newest version in force.

    Those made for the channel come first; forms that name no channel are for all.
    """
    fitting = (one for one in newest(known, on=on) if not one.channels or channel in one.channels)
    return sorted(fitting, key=lambda one: (not one.channels, one.title))


def newest(known: Iterable[Form], *, on: date) -> list[Form]:
    """Each form in the newest version that is in force on a day."""
    in_force = {one.id: one for one in sorted(known, key=_age) if one.valid_from <= on}
    return sorted(in_force.values(), key=lambda one: one.title)


def _age(form: Form) -> tuple[date, list[tuple[int, str]]]:
    """How old a version is: by its first day, then by its number, of which 10 comes after 9."""
    parts = re.findall(r"\d+|\D+", form.version)
    return form.valid_from, [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def _form(row: dict[str, Any], items: list[dict[str, Any]]) -> Form:
    sections = {
        item["section"]: Section(item["section"], item["section_title"], item["section_weight"]) for item in items
    }
    return Form(
        id=row["form_id"],
        version=row["form_version"],
        title=row["title"],
        items=tuple(_item(item) for item in items),
        sections=tuple(sections.values()),
        rules=Rules(**{name: row[name] for name in Rules.__dataclass_fields__}),
        channels=tuple(filter(None, row["channels"].split(","))),
        bands=tuple((band["from"], band["name"]) for band in json.loads(row["bands"])),
        may_score_own_team=row["own_team"] == "allowed",
        valid_from=row["valid_from"],
    )


def _item(row: dict[str, Any]) -> Item:
    condition: dict[str, Any] = json.loads(row["shown_if"] or "{}")
    same = ("text", "section", "type", "weight", "least", "most", "critical_class", "autofail", "is_scored")
    return Item(
        id=row["item_id"],
        key=row["item_key"],
        passing=row["passing_points"],
        may_not_apply=row["may_not_apply"],
        guidance=row["guidance"],
        options=tuple(Option(**option) for option in json.loads(row["options"])),
        shown_by=condition.get("item"),
        shown_for=tuple(condition.get("is", ())),
        **{name: row[name] for name in same},
    )
