"""Read nested JSON as rows: objects in a list, one a line or end to end, and the lists within them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from etl.layout import Layout, Nesting
from etl.text_rows import TextRows, tables_of
from sql import FileRejected

SAMPLE_CHARACTERS = 1 << 22
SAMPLE_OBJECTS = 50
ENCODING = "utf-8-sig"
DECODER = json.JSONDecoder()


def nested_rows(path: Path, layout: Layout) -> TextRows:
    """The rows of a nested layout, in the order of its columns; a row's line is that of its object, counted from 1."""
    nesting = layout.nesting or Nesting()
    spellings = [[layout.spelled(name), *column.aliases] for name, column in layout.columns.items()]
    records = (
        (number, [_first(context, names) for names in spellings])
        for number, item in enumerate(_objects(path, nesting.lists), start=1)
        for context in _contexts(item, nesting.rows)
    )
    return TextRows(list(layout.spellings), ENCODING, None, tables_of(records))


def nested_header(path: Path, lists: Sequence[str]) -> list[str]:
    """The paths of everything in the first objects: `Queue`, `Queue.Name`, `participants[].purpose`."""
    found: dict[str, None] = {}
    for item in _sample(path, lists):
        found |= dict.fromkeys(_paths(item, ""))
    return list(found)


def _objects(path: Path, lists: Sequence[str]) -> Iterator[dict[str, Any]]:
    try:
        text = path.read_text(encoding=ENCODING)
        yield from _unwrapped(_values(text), lists)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        place = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else f"byte {error.start}"
        message = f"The file is not whole JSON: it breaks off or is damaged at {place}. Export it again."
        raise FileRejected("damaged_json", message) from None
    except RecursionError:
        raise FileRejected("damaged_json", "The file nests JSON deeper than any export does. Check it.") from None


def _values(text: str) -> Iterator[Any]:
    """Every JSON value of a text in which several may follow each other, with or without line breaks between."""
    position = 0
    while (position := _next(text, position)) < len(text):
        value, position = DECODER.raw_decode(text, position)
        yield value


def _next(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\r\n":
        position += 1
    return position


def _unwrapped(values: Iterator[Any], lists: Sequence[str]) -> Iterator[dict[str, Any]]:
    for value in values:
        if isinstance(value, dict):
            wrapped = next((value[name] for name in lists if isinstance(value.get(name), list)), [value])
        else:
            wrapped = value if isinstance(value, list) else [value]
        for item in wrapped:
            if not isinstance(item, dict):
                raise FileRejected("not_a_list", "Expected JSON objects, each of them a record.")
            yield item


def _sample(path: Path, lists: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The first objects, without reading a long file twice where its first part will do."""
    with path.open("r", encoding=ENCODING, errors="replace") as file:
        text = file.read(SAMPLE_CHARACTERS)
    found = list(_unwrapped(_readable(text), lists))
    if not found and len(text) == SAMPLE_CHARACTERS:
        found = [item for item, _ in zip(_objects(path, lists), range(SAMPLE_OBJECTS), strict=False)]
    yield from found[:SAMPLE_OBJECTS]


def _readable(text: str) -> Iterator[Any]:
    """What can be read of a text that may break off: values end to end, or the items of a list."""
    position = _next(text, 0)
    in_list = text[position : position + 1] == "["
    position += in_list
    for _ in range(SAMPLE_OBJECTS):
        position = _next(text, position)
        if in_list and text[position : position + 1] == ",":
            position = _next(text, position + 1)
        try:
            value, position = DECODER.raw_decode(text, position)
        except (json.JSONDecodeError, RecursionError):
            return
        yield value


def _paths(value: Any, prefix: str) -> Iterator[str]:
    if prefix:
        yield prefix
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, f"{prefix}.{key}" if prefix else key)
    elif isinstance(value, list):
        for inner in value[:SAMPLE_OBJECTS]:
            for key, innermost in inner.items() if isinstance(inner, dict) else ():
                yield from _paths(innermost, f"{prefix}[].{key}")


Context = dict[str, Any]


def _contexts(item: dict[str, Any], rows: str) -> Iterator[Context]:
    """The object and, for each innermost item of `rows`, the items on the way; an empty list still gives a row."""
    contexts: list[Context] = [{"": item}]
    prefix = ""
    for step in rows.split("[].") if rows else ():
        step = step.removesuffix("[]")
        outer = prefix
        prefix = f"{prefix}.{step}[]" if prefix else f"{step}[]"
        contexts = [
            {**context, prefix: inner}
            for context in contexts
            for inner in (_list_at(context.get(outer), step) or [None])
        ]
    yield from contexts


def _list_at(value: Any, dotted: str) -> list[Any]:
    found = _at(value, dotted)
    return found if isinstance(found, list) else []


def _at(value: Any, dotted: str) -> Any:
    for key in dotted.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _first(context: Context, names: Sequence[str]) -> str:
    """The text under the first of a column's spellings that is there."""
    for name in names:
        prefix = max((known for known in context if known and name.startswith(f"{known}.")), key=len, default="")
        found = _at(context[prefix], name[len(prefix) + 1 :] if prefix else name)
        if found is not None:
            return found if isinstance(found, str) else json.dumps(found, separators=(",", ":"))
    return ""
