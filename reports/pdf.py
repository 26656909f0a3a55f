"""From a report's content to paper: an HTML twin and a PDF/UA-1 file, the same bytes for the same content.

Nothing is ever fetched: style and charts are in the document itself, letters are Fairline's own or the system's.
Whatever a name in the data holds is text and stays text.
"""

from __future__ import annotations

import gc
import logging
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from metrics import typeface
from metrics.language import speaking, tag
from metrics.written import replaced
from reports.templating import rendered

LETTERS = ('<style class="letters">', "</style>")
LETTERED = re.compile("{}.*?{}".format(*LETTERS), re.DOTALL)
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
VARIABLE = re.compile(r"(--[\w-]+)\s*:\s*([^;}]+)")
USED = re.compile(r"var\((--[\w-]+)\)")
# what a file's name may hold; the rest of an agent's id is replaced
UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Document:
    """A report ready to be laid out: template, title, file name without ending, content, and whose templates."""

    template: str
    title: str
    stem: str
    author: str
    created_at: datetime
    content: Mapping[str, Any]
    folder: Path | None = None
    incomplete: tuple[str, ...] = ()
    # it may be laid out by a process that was never told what is spoken
    language: str = field(default_factory=tag)


class NothingFromOutside(URLFetcher):  # type: ignore[misc]
    """Refuses every address, that of a file included; what stands in the document itself is not outside."""

    def fetch(self, url: str, headers: object = None) -> Any:
        """Refuse, unless the address holds the thing itself."""
        if url.startswith("data:"):
            return super().fetch(url, headers)
        raise PermissionError("A report fetches nothing: put styles and images into the template itself.")


class Parsed(HTML):  # type: ignore[misc]
    """A document that is well-formed XML, as ours are: to read it so takes a fortieth of the time."""

    def __init__(self, root: ElementTree.Element) -> None:
        self.base_url = None
        self.url_fetcher = NothingFromOutside()
        self.media_type = "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = self.wrapper_element.etree_element

    def _ua_stylesheets(self, forms: bool = False) -> list[CSS]:  # noqa: ARG002 (papers have no fields to fill in)
        return [_own_sheet()]


def write(document: Document, out: Path) -> list[Path]:
    """Lay out a report and put its PDF and its HTML twin into a folder, each whole or not at all."""
    html = as_html(document)
    out.mkdir(parents=True, exist_ok=True)
    return [
        replaced(out / f"{document.stem}.pdf", as_pdf(html)),
        replaced(out / f"{document.stem}.html", lettered(html).encode()),
    ]


def lettered(html: str) -> str:
    """A twin for the screen with the letters in it, as its PDF has them: 40 KB, where this machine has any."""
    rules = typeface.declared(typeface.in_itself, typeface.needed(html))
    return html.replace("</head>", f"{LETTERS[0]}{rules}{LETTERS[1]}</head>", 1) if rules else html


def without_letters(html: str) -> str:
    """The twin as it is laid out and kept."""
    return LETTERED.sub("", html, count=1)


def as_html(document: Document) -> str:
    """The HTML twin: one file that needs no other."""
    content = {
        **document.content,
        "title": document.title,
        "author": document.author,
        "incomplete": document.incomplete,
        "created_at": document.created_at.astimezone(UTC).isoformat(timespec="seconds"),
        "language": document.language,
    }
    with speaking(document.language):
        return rendered(document.template, content, document.folder)


class MissingGlyphs(logging.Handler):
    """Collects the characters that no font of this machine has, as the renderer tells its log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: set[str] = set()
        self.thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        """Take note of a character."""
        is_ours = record.thread == self.thread and str(record.msg).startswith(".notdef glyph")
        if is_ours and isinstance(record.args, tuple):
            self.found.add(str(record.args[0]))


def as_pdf(html: str) -> bytes:
    """The same as PDF/UA-1, which allows no character without a shape: what no font has becomes a stand-in."""
    html = without_letters(html)
    for stand_in in ("\N{REPLACEMENT CHARACTER}", "?"):
        written, missing = _rendered(html)
        if not missing:
            break
        html = html.translate(dict.fromkeys(map(ord, missing), stand_in))
    else:
        written, _ = _rendered(html)
    return written


def _rendered(html: str) -> tuple[bytes, set[str]]:
    """The PDF, and the characters that it could not show."""
    watch = MissingGlyphs()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(watch)
    try:
        style = STYLE.search(html)
        with sparing_the_collector():
            page = _parsed(STYLE.sub("", html, count=1), has_notes="footnote" in html)
            written = page.write_pdf(
                stylesheets=[_letters(), *([_sheet(style.group(1))] if style else [])],
                font_config=_fonts(),
                pdf_variant="pdf/ua-1",
                optimize_images=False,
            )
    finally:
        logger.removeHandler(watch)
    return bytes(written), watch.found


def _parsed(html: str, *, has_notes: bool) -> HTML:
    """A document read; a city's template need not be well-formed XML, and may have notes."""
    if not has_notes:
        with suppress(ElementTree.ParseError):
            return Parsed(ElementTree.fromstring(html))
    return HTML(string=html, url_fetcher=NothingFromOutside())


def stem(*parts: str) -> str:
    """A file name without ending that is safe on every system; one of a paper that is not English says in what it is.

    >>> stem("packet", "../A 7", "2026-10")
    'packet-_A_7-2026-10'
    """
    return "-".join(UNSAFE.sub("_", part) for part in (*parts, *([tag()] if tag() != "en" else [])))


@contextmanager
def sparing_the_collector() -> Iterator[None]:
    """A layout makes millions of objects that live until its end: looking through them often only takes time."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


@lru_cache(4)
def _sheet(style: str) -> CSS:
    """A style sheet, read once for all the papers that have it."""
    return CSS(string=settled(style), font_config=_fonts(), url_fetcher=NothingFromOutside())


def settled(style: str) -> str:
    """A style sheet with its variables filled in: the renderer would work each one out again for every element.

    >>> settled(":root { --ink: #111; --rule: var(--ink) } p { color: var(--rule); margin: var(--unknown) }")
    ':root { --ink: #111; --rule: #111 } p { color: #111; margin: var(--unknown) }'
    """
    given = VARIABLE.findall(style)
    # one that is set anew for some elements is left to the renderer
    once = {name: value.strip() for name, value in given if sum(name == other for other, _ in given) == 1}
    # a value may name another variable, and that one another
    for _ in range(3):
        style = USED.sub(lambda used: once.get(used[1], used[0]), style)
    return style


@cache
def _own_sheet() -> CSS:
    """The renderer's own style sheet without its rules on notes, which it works out for every element of a paper."""
    own = (files("weasyprint") / "css" / "html5_ua.css").read_text("utf-8")
    rules = (line for line in own.splitlines() if not (line.startswith("::") and "note" in line))
    return CSS(string="\n".join(rules), font_config=_fonts(), url_fetcher=NothingFromOutside())


@cache
def _letters() -> CSS:
    """The letters that Fairline carries, in the sheet itself; where it carries none, the system's are used."""
    return CSS(string=typeface.declared(typeface.in_itself), font_config=_fonts(), url_fetcher=NothingFromOutside())


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()
