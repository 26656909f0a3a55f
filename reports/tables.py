"""Every table of a report as a workbook or as csv files: words as printed, and beside them machine units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from metrics import Figure, WrongUse
from metrics.export import frame_text, write_sheets
from metrics.language import _
from metrics.parts import Card, Column, Row, Table, walked
from metrics.written import replaced
from reports.imprint import steady
from reports.pdf import Document

FORMS = ("xlsx", "csv")
UNSAFE_SHEET = re.compile(r"[\[\]:*?/\\']")
LONGEST_SHEET = 31


def write_tables(document: Document, out: Path, form: str) -> list[Path]:
    """Write every table of a report's content; raises WrongUse for another form than xlsx or csv."""
    if form not in FORMS:
        raise WrongUse(f"{form!r} is no form for tables. Choose {' or '.join(FORMS)}.")
    frames = list(frames_of(document.content))
    if form == "xlsx":
        path = out / f"{document.stem}.xlsx"
        write_sheets(_named(frames), path)
        return [path]
    paths = []
    for number, (caption, frame) in enumerate(frames, 1):
        name = re.sub(r"[^A-Za-z0-9]+", "-", caption).strip("-").lower()[:40]
        content = "\N{ZERO WIDTH NO-BREAK SPACE}" + frame_text(frame, "csv")
        paths.append(replaced(out / f"{document.stem}-{number:02}-{name}.csv", content.encode()))
    return paths


def frames_of(content: object) -> Iterator[tuple[str, pl.DataFrame]]:
    """Each table of a report with its caption, and its cards as one."""
    parts = list(walked(content))
    yield from ((part.caption, frame_of(part)) for part in parts if isinstance(part, Table))
    cards = [part for part in parts if isinstance(part, Card)]
    if cards:
        yield _("Figures at a glance"), _of_cards(cards)


def frame_of(table: Table) -> pl.DataFrame:
    """A table with, for each column of figures, the words and value, numerator, denominator and n in machine units."""
    rows = [*table.rows, *([table.total] if table.total else [])]
    columns: dict[str, list[Any]] = {table.heading: [_label(row) for row in rows]}
    if any(row.metric for row in rows):
        columns["metric"] = [row.metric or None for row in rows]
    for place, head in enumerate(table.columns):
        cells = [row.cells[place] for row in rows]
        title = _free(str(head) or _("column {place}").format(place=place + 1), columns)
        columns[title] = [cell.words if isinstance(cell, Figure) else str(cell) for cell in cells]
        if any(isinstance(cell, Figure) for cell in cells):
            columns |= _machine(title, head, cells)
    return pl.DataFrame(columns, schema_overrides={name: pl.String for name in columns if _is_text(columns[name])})


def _machine(title: str, head: Column, cells: list[Any]) -> dict[str, list[Any]]:
    figures = [cell if isinstance(cell, Figure) else None for cell in cells]
    units = {one.metric.unit for one in figures if one}
    unit = units.pop() if len(units) == 1 else _("unit of the metric")
    found: dict[str, list[Any]] = {
        f"{title} [{unit}]": [_steady(one.value) if one else None for one in figures],
        f"{title} [numerator]": [_steady(one.numerator) if one else None for one in figures],
        f"{title} [denominator]": [_steady(one.denominator) if one else None for one in figures],
        f"{title} [n]": [None if one is None else one.n for one in figures],
    }
    question = head.question
    if question is not None and question.metric:
        found[f"{title} [asked by]"] = [question.command] * len(cells)
    kept = {name: values for name, values in found.items() if any(value is not None for value in values)}
    return {name: [float(v) if isinstance(v, int) and "[n]" not in name else v for v in values]
            for name, values in kept.items()}  # fmt: skip


def _of_cards(cards: list[Card]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            _("Figure"): [card.figure.metric.title for card in cards],
            _("As printed"): [card.figure.words for card in cards],
            "value": [_steady(card.figure.value) for card in cards],
            "numerator": [_steady(card.figure.numerator) for card in cards],
            "denominator": [_steady(card.figure.denominator) for card in cards],
            "n": [card.figure.n for card in cards],
            "unit": [card.figure.metric.unit for card in cards],
            _("Target"): [card.target for card in cards],
            _("Change"): [card.change for card in cards],
        },
        schema_overrides=dict.fromkeys(("value", "numerator", "denominator"), pl.Float64),
    )


def _steady(number: float | None) -> float | None:
    return None if number is None else steady(number)


def _label(row: Row) -> str:
    return f"{row.label} ({row.aside})" if row.aside else row.label


def _free(title: str, taken: dict[str, list[Any]]) -> str:
    number, name, used = 2, title, {one.lower() for one in taken}
    # a spreadsheet takes no two heads that differ in capitals only
    while name.lower() in used:
        name, number = f"{title} {number}", number + 1
    return name


def _is_text(values: list[Any]) -> bool:
    return all(value is None or isinstance(value, str) for value in values)


def _named(frames: list[tuple[str, pl.DataFrame]]) -> dict[str, pl.DataFrame]:
    """Sheets by names that a spreadsheet takes: short, without its signs, each once."""
    found: dict[str, pl.DataFrame] = {}
    for number, (caption, frame) in enumerate(frames, 1):
        name = f"{number} {UNSAFE_SHEET.sub(' ', caption)}"[:LONGEST_SHEET].strip()
        found[name] = frame
    return found
