"""What a browser gets of a page: its elements, what they say, and where its links lead."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from dash._utils import to_json

from dashboards.drawn import NAMES, WITHOUT_END, drawn


@dataclass
class Element:
    """An element of a page by its tag, its attributes by their names in HTML, and what stands in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


class _Reader(HTMLParser):
    """Reads HTML whose every element ends where it was begun."""

    def __init__(self, root: Element) -> None:
        super().__init__()
        self.open = [root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(one)
        if tag not in WITHOUT_END:
            self.open.append(one)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def sent(components: Any) -> Element:
    """A page as it is sent, what was drawn as text read again."""
    root = Element("main")
    _add(root, json.loads(to_json(drawn(components))))  # type: ignore[no-untyped-call]
    return root


def _add(within: Element, part: Any) -> None:
    if isinstance(part, list):
        for one in part:
            _add(within, one)
    elif isinstance(part, dict):
        props = part["props"]
        is_drawn = part["type"] == "Drawn"
        said = props["attributes"] if is_drawn else props
        words = {NAMES.get(name, name.lower()): _said(value) for name, value in said.items() if name != "children"}
        own = Element(props["tag"] if is_drawn else part["type"].lower(), words)
        within.inside.append(own)
        if is_drawn:
            reader = _Reader(own)
            reader.feed(props["html"])
            reader.close()
            assert reader.open == [own]
        else:
            _add(own, props.get("children"))
    elif part is not None:
        within.inside.append(str(part))


def _said(value: Any) -> str:
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


def elements_of(components: Any) -> Iterator[Element]:
    """Every element of a page or within one, in order."""
    for one in components.inside if isinstance(components, Element) else sent(components).inside:
        if isinstance(one, Element):
            yield one
            yield from elements_of(one)


def texts_of(part: Element | str) -> Iterator[str]:
    """Every piece of text of an element, in order."""
    if isinstance(part, str):
        yield part
    else:
        for one in part.inside:
            yield from texts_of(one)


def text_of(components: Any) -> str:
    """All text of a page or an element, in order."""
    return " ".join(texts_of(components if isinstance(components, Element) else sent(components)))


def links_of(components: Any) -> list[tuple[str, str]]:
    """Every link's text and address."""
    return [(text_of(one), one.attributes["href"]) for one in elements_of(components) if one.attributes.get("href")]
