"""Read XML as rows: each child of the root is a row, each of its elements a column."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from etl.text_rows import TextRows, fields_table
from sql import FileRejected


def xml_rows(path: Path) -> TextRows:
    """The children of the root element as rows; a row's line is its ordinal number from 1.

    An empty element means nothing; elements within elements are kept as JSON text. Raises FileRejected for a damaged
    file, and for one that brings definitions of its own (which no export needs and bombs are made of).
    """
    records = list(_records(path))
    header = list(dict.fromkeys(name for record in records for name in record))
    rows = [(number, [record.get(name, "") for name in header]) for number, record in enumerate(records, start=1)]
    return TextRows(header, None, None, iter([fields_table(rows)] if rows else []))


def _records(path: Path) -> Iterator[dict[str, str]]:
    _refuse_definitions(path)
    depth = 0
    try:
        for event, element in ElementTree.iterparse(path, events=("start", "end")):
            depth += 1 if event == "start" else -1
            if event == "end" and depth == 1:
                yield {_name(child): _text(child) for child in element}
                element.clear()
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        place = f"line {error.position[0]}" if isinstance(error, ElementTree.ParseError) else "its declaration"
        message = f"The file is not whole XML: it breaks off or is damaged at {place}. Export it again."
        raise FileRejected("damaged_xml", message) from None


def _refuse_definitions(path: Path) -> None:
    before = b""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            # UTF-16 puts a zero byte beside each letter
            if any(mark in (before + chunk).replace(b"\0", b"") for mark in (b"<!DOCTYPE", b"<!ENTITY")):
                message = "The file brings a document type of its own, which no export does. It was not read."
                raise FileRejected("xml_definitions", message)
            before = chunk[-32:]


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: ElementTree.Element) -> str:
    if len(element):
        return json.dumps(_nested(element), separators=(",", ":"))
    return (element.text or "").strip()


def _nested(element: ElementTree.Element) -> Any:
    if not len(element):
        return (element.text or "").strip()
    inner = [(_name(child), _nested(child)) for child in element]
    names = [name for name, _ in inner]
    return dict(inner) if len(set(names)) == len(names) else [{name: value} for name, value in inner]
