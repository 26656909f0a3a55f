"""Parts of a page as the text of their HTML, which a browser draws in one go: a table of any length is one component.

Dash builds every component by itself, and a browser takes a millisecond or two for each; a table of eighty people has
a thousand. So only what a library draws or a callback names stays with Dash. All else is sent as text, in which every
word and every value is escaped; `assets/drawn.js` puts it in its place and follows its links from page to page.
"""

from __future__ import annotations

import re
from copy import copy
from typing import Any

from dash import dcc
from dash.development.base_component import Component
from markupsafe import escape

HTML = "dash.html"
# what Dash counts among its own parts though a browser has it too
ELEMENTS: dict[type[Any], str] = {dcc.Link: "a", dcc.Input: "input", dcc.Textarea: "textarea"}
WITHOUT_END = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# what has nothing within, or what somebody types
ALONE = WITHOUT_END | {"textarea"}
# a browser leaves out the first line of these where it is empty
KEEPS_LINES = {"pre", "textarea"}
NAMES = {"className": "class", "htmlFor": "for"}
# what is said to Dash and not to a browser
UNSAID = {"children", "key", "available_properties", "available_wildcard_properties"}
LEADING = {"href", "src", "action"}
# addresses of this site, and pictures that came with the page; whatever else would have to be foreseen, as a script is
SAFE_ADDRESS = re.compile(r"(/(?![/\\\s])|#|\?|https?://|data:image/)")


class Drawn(Component):
    """An element that a browser draws from text: its tag, its attributes by Dash's names, and the HTML within."""

    _namespace = "dashboards"
    _type = "Drawn"
    _children_props = []  # noqa: RUF012  (as Dash reads it)
    tag: str
    attributes: dict[str, Any]
    html: str

    def __init__(self, tag: str, attributes: dict[str, Any], html: str) -> None:
        self._prop_names = ["tag", "attributes", "html"]
        self._valid_wildcard_attributes = []
        super().__init__(tag=tag, attributes=attributes, html=html)  # type: ignore[no-untyped-call]


def drawn(part: Any) -> Any:
    """Parts of a page with all that Dash need not hold as text."""
    if isinstance(part, list | tuple):
        return [drawn(one) for one in part]
    if not isinstance(part, Component) or isinstance(part, Drawn):
        return part
    if _is_held(part) or _tag(part) in ALONE:
        held = copy(part)
        if hasattr(held, "children"):
            held.children = drawn(held.children)
        return held
    return Drawn(tag=_tag(part), attributes=_said(part), html=_inside(part))


def html_of(part: Any) -> str:
    """A part of a page as the text of its HTML.

    >>> from dash import dcc, html
    >>> html_of(html.Td([dcc.Link("<b>", href="/agent?agent=A&day=1"), None], className="words", **{"data-n": 3}))
    '<td class="words" data-n="3"><a href="/agent?agent=A&amp;day=1" data-within="">&lt;b&gt;</a></td>'
    """
    if isinstance(part, str):
        return str(escape(part))
    if isinstance(part, list | tuple):
        return "".join(map(html_of, part))
    if part is None or isinstance(part, bool):
        return ""
    if not isinstance(part, Component):
        return str(escape(str(part)))
    tag = _tag(part)
    words = "".join(_attribute(name, value) for name, value in _said(part).items())
    return f"<{tag}{words}>" if tag in WITHOUT_END else f"<{tag}{words}>{_inside(part)}</{tag}>"


def _is_held(part: Any) -> bool:
    """Whether Dash must hold a part: itself or for what stands in it."""
    if isinstance(part, list | tuple):
        return any(map(_is_held, part))
    if not isinstance(part, Component):
        return False
    return not _tag(part) or isinstance(getattr(part, "id", None), dict) or _is_held(getattr(part, "children", None))


def _tag(part: Component) -> str:
    """The element that a component is; none where only Dash knows what it is."""
    kind = type(part)
    return ELEMENTS.get(kind) or (kind.__name__.lower() if kind.__module__.startswith(HTML) else "")


def _inside(part: Component) -> str:
    tag = _tag(part)
    inside = html_of(getattr(part, "value" if tag == "textarea" else "children", None))
    return f"\n{inside}" if tag in KEEPS_LINES and inside.startswith("\n") else inside


def _said(part: Component) -> dict[str, Any]:
    """The attributes of an element by Dash's names, without those that say nothing or lead where they should not."""
    said = {name: value for name, value in sorted(vars(part).items()) if _is_said(part, name, value)}
    # by this the script of pages knows a link that leads to another of them
    return {**said, "data-within": ""} if type(part) is dcc.Link else said


def _is_said(part: Component, name: str, value: Any) -> bool:
    if name.startswith("_") or name in UNSAID or value is None or (name == "className" and not value):
        return False
    if name in LEADING:
        return SAFE_ADDRESS.match(value) is not None
    return name != "value" or type(part) is not dcc.Textarea


def _attribute(name: str, value: Any) -> str:
    own = name if "-" in name else NAMES.get(name, name.lower())
    if isinstance(value, bool) and "-" not in name:
        return f" {own}" if value else ""
    said = str(value).lower() if isinstance(value, bool) else str(value)
    return f' {own}="{escape(said)}"'
