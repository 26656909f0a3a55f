"""What a component says, as text, and where its links lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dash.development.base_component import Component


def parts_of(component: Any) -> Iterator[Any]:
    """A component and everything inside it."""
    yield component
    children = getattr(component, "children", None) if isinstance(component, Component) else component
    if isinstance(children, list | tuple):
        for child in children:
            yield from parts_of(child)
    elif isinstance(component, Component) and children is not None:
        yield from parts_of(children)


def text_of(components: Any) -> str:
    """All text of a page, in order."""
    return " ".join(str(part) for part in parts_of(components) if isinstance(part, str | int | float))


def links_of(components: Any) -> list[tuple[str, str]]:
    """Every link's text and address."""
    found: Iterable[Any] = (part for part in parts_of(components) if getattr(part, "href", None))
    return [(text_of(part.children), part.href) for part in found]
