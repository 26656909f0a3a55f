"""Evaluation forms: the three shipped ones and a centre's own, checked and kept in the warehouse by version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any

from etl.forms.form import HERE, FormSetting, ItemSetting, methods, read_form
from sql import Warehouse, WrongUse, statement
from sql.conversion import quoted
from sql.touched_days import touch_evaluations

__all__ = ["FormSetting", "form_files", "keep_forms", "methods", "own_files", "read_form", "ready_forms"]

SOURCE = "forms"


def ready_forms() -> dict[str, Path]:
    """The files of the forms that come with Fairline, by name: counter-311, phone-311, written-311."""
    shipped = [path for path in sorted(HERE.glob("*.toml")) if path.name != "methods.toml"]
    return {path.stem.replace("_", "-"): path for path in shipped}


def form_files(folder: Path) -> list[Path]:
    """The form files of a centre: those that come with Fairline, then its own."""
    return [*ready_forms().values(), *own_files(folder)]


def own_files(folder: Path) -> list[Path]:
    """The form files that a centre wrote itself."""
    return sorted((folder / "forms").glob("*.toml"))


def keep_forms(warehouse: Warehouse, folder: Path) -> dict[str, str]:
    """Keep the forms' new versions; inside a transaction. Says, by file name, which files were refused and why.

    A version that any evaluation was made with never changes: its file is refused and what is kept stays.
    """
    kept = {(form, version): digest for form, version, digest in warehouse.fetch("facts/kept_form")}
    refused: dict[str, str] = {}
    offered: dict[tuple[str, str], str] = {}
    new: list[tuple[FormSetting, str, str]] = []
    for path in form_files(folder):
        try:
            form = read_form(path)
            name = (form.form, form.version)
            digest = digest_of(form)
            _check_offered(path, name, offered)
            if kept.get(name, digest) != digest:
                _check_unused(path, name, warehouse)
        except WrongUse as fault:
            refused[path.name] = str(fault)
            continue
        offered[name] = path.name
        if kept.get(name) != digest:
            new.append((form, digest, path.name))
    if new:
        _keep(warehouse, new)
    return refused


def digest_of(form: FormSetting) -> str:
    """What tells two contents of a form apart; comments and the order of keys do not matter."""
    return hashlib.sha256(form.model_dump_json(by_alias=True).encode()).hexdigest()


def _check_offered(path: Path, name: tuple[str, str], offered: dict[tuple[str, str], str]) -> None:
    form, version = name
    if name in offered:
        message = f"{path.name}: version {version} of form {form} is in {offered[name]} already."
        raise WrongUse(f"{message} Give this one another version.")


def _check_unused(path: Path, name: tuple[str, str], warehouse: Warehouse) -> None:
    form, version = name
    used = warehouse.fetch("facts/form_use", {"form": form, "version": version})[0][0]
    if used:
        message = (
            f"{path.name}: version {version} of form {form} was changed after {used} evaluations were made with it."
        )
        raise WrongUse(f"{message} Undo the change, or give it a new version; those evaluations keep the old one.")


def _keep(warehouse: Warehouse, new: list[tuple[FormSetting, str, str]]) -> None:
    for form, _, _ in new:
        for name in ("facts/forget_form", "facts/forget_form_items"):
            warehouse.execute(statement(name), {"form": form.form, "version": form.version})
    warehouse.append_rows("form", [_form_row(*one) for one in new])
    warehouse.append_rows("form_item", [row for form, digest, _ in new for row in _item_rows(form, digest)])
    # evaluations may have come before their form
    touch_evaluations(warehouse, f"form_id in ({', '.join(quoted(form.form) for form, _, _ in new)})")


def _form_row(form: FormSetting, digest: str, file_name: str) -> tuple[Any, ...]:
    """A form as a row of `form`, in the order of its columns."""
    rules = form.rules()
    bands = json.dumps([{"name": band.name, "from": band.start} for band in form.band])
    return (
        form.form, form.version, form.title, ",".join(form.channels), form.valid_from, form.own_team,
        form.scoring.method, rules.inside, rules.across, rules.na, rules.blank, rules.critical,
        rules.from_least, rules.pass_at, bands, digest, file_name,
    )  # fmt: skip


def _item_rows(form: FormSetting, digest: str) -> Iterator[tuple[Any, ...]]:
    """The items as rows of `form_item`, in the order of its columns."""
    since = datetime.combine(form.valid_from, time())
    for position, (section, item) in enumerate(form.items(), start=1):
        yield (
            form.form, form.version, item.id, item.key or item.id, section.id, section.weight, item.text, item.type,
            item.most_points, item.weight if item.is_scored else 0.0, item.critical, item.autofail != "none",
            _options(item), position, section.title or section.id, item.is_scored, item.na, item.autofail, item.least,
            item.passing_points, _condition(item), item.guidance or None,
            SOURCE, f"{form.form}/{form.version}/{item.id}", 0, position, since, None, "exact",
            int(digest[:15], 16) + position, None,
        )  # fmt: skip


def _options(item: ItemSetting) -> str | None:
    return json.dumps([option.model_dump() for option in item.options]) if item.options else None


def _condition(item: ItemSetting) -> str | None:
    return None if item.shown_if is None else json.dumps({"item": item.shown_if.item, "is": list(item.shown_if.is_)})
