"""What a workbook hides from a reader of values: formulas never computed, error cells, merged cells, hidden rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

from sql import FileRejected

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
CELL = re.compile(r"([A-Z]+)([0-9]+)")


@dataclass
class Sheet:
    """A visible sheet; `faults` has, by row, the columns (from 0) and reasons of the cells that have no value."""

    name: str
    hidden_sheets: tuple[str, ...]
    faults: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)

    def refuse_what_hides_rows(self) -> None:
        """Raise FileRejected where rows are hidden or cells are merged below the header."""
        if self.hidden_rows:
            message = f"{len(self.hidden_rows)} rows of the sheet {self.name} are hidden, the first is row "
            message += f"{self.hidden_rows[0]}. Show or delete them, so that it is certain what is meant."
            raise FileRejected("hidden_rows", message)
        if self.merged:
            message = f"The cells {self.merged[0]} of the sheet {self.name} are merged, so it is not certain which row "
            raise FileRejected("merged_cells", message + "their value belongs to. Part them and fill each row.")

    def row_faults(self, header: list[str], *, header_row: int) -> dict[int, str]:
        """The first fault of each row, as column:reason."""
        return {
            row: f"{header[column] if column < len(header) else ''}:{reason}"
            for row, faults in self.faults.items()
            for column, reason in [min(faults)]
            if row > header_row
        }


def visible_sheets(path: Path) -> list[Sheet]:
    """The sheets that a person sees, in order, with what their values do not tell.

    Raises KeyError, BadZipFile or ParseError where the file is not a whole workbook.
    """
    with ZipFile(path) as archive:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        targets = {link.get("Id"): link.get("Target", "") for link in links}
        listed = [(one.get("name", ""), one.get("state", "visible"), targets[one.get(RELATION)]) for one in _all(book)]
        hidden = tuple(name for name, state, _ in listed if state != "visible")
        sheets = []
        for name, state, target in listed:
            if state == "visible" and "worksheets" in target:
                sheets.append(Sheet(name, hidden))
                part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
                with archive.open(part) as content:
                    _examine(sheets[-1], ElementTree.iterparse(content))
    if not sheets:
        raise FileRejected("no_sheet", "The workbook has no visible sheet with rows. Show the sheet and save it again.")
    return sheets


def _all(book: ElementTree.Element) -> Iterator[ElementTree.Element]:
    return book.iter(f"{MAIN}sheet")


def _examine(sheet: Sheet, parts: Iterator[tuple[str, ElementTree.Element]]) -> None:
    for _, element in parts:
        if element.tag == f"{MAIN}c":
            reason = _fault(element)
            if reason:
                row, column = place(element.get("r", "A1"))
                sheet.faults.setdefault(row, []).append((column, reason))
        elif element.tag == f"{MAIN}row":
            if element.get("hidden") in ("1", "true") and len(element):
                sheet.hidden_rows.append(int(element.get("r", "0")))
            element.clear()
        elif element.tag == f"{MAIN}mergeCell":
            area = element.get("ref", "A1")
            if place(area)[0] > 1:
                sheet.merged.append(area)


def _fault(cell: ElementTree.Element) -> str:
    if cell.get("t") == "e":
        return "spreadsheet_error"
    value = cell.find(f"{MAIN}v")
    is_empty = value is None or not value.text
    return "formula_without_value" if is_empty and cell.find(f"{MAIN}f") is not None else ""


def place(reference: str) -> tuple[int, int]:
    """Row (from 1) and column (from 0) of a cell.

    >>> place("AB12")
    (12, 27)
    """
    match = CELL.match(reference)
    letters, number = match.groups() if match else ("A", "1")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(number), column - 1
