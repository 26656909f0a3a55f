"""From a report's content to paper: an HTML twin and a PDF/UA-1 file, the same bytes for the same content.

Nothing is ever fetched: style and charts are in the document itself, fonts are the system's. Whatever a name in the
data holds is text and stays text.
"""

from __future__ import annotations

import logging
import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from metrics import charts, text
from metrics.charts import palette
from reports.parts import Chart, Number, Ranges, Table

# what a file's name may hold; the rest of an agent's id is replaced
UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")
CHARTS = {
    "line": charts.line,
    "bars": charts.bars,
    "bars_across": charts.bars_across,
}


@dataclass(frozen=True)
class Document:
    """A report ready to be laid out: template, title, file name without ending, and its content."""

    template: str
    title: str
    stem: str
    author: str
    created_at: datetime
    content: Mapping[str, Any]


class NothingFromOutside(URLFetcher):  # type: ignore[misc]
    """Refuses every address, that of a file included."""

    def fetch(self, url: str, headers: object = None) -> Any:  # noqa: ARG002
        """Refuse."""
        raise PermissionError("A report fetches nothing: put styles and images into the template itself.")


def write(document: Document, out: Path) -> list[Path]:
    """Lay out a report and put its PDF and its HTML twin into a folder, each whole or not at all."""
    html = as_html(document)
    out.mkdir(parents=True, exist_ok=True)
    return [
        _replace(out / f"{document.stem}.pdf", as_pdf(html)),
        _replace(out / f"{document.stem}.html", html.encode()),
    ]


def as_html(document: Document) -> str:
    """The HTML twin: one file that needs no other."""
    return (
        _environment()
        .get_template(document.template)
        .render(
            document.content,
            title=document.title,
            author=document.author,
            created_at=document.created_at.astimezone(UTC).isoformat(timespec="seconds"),
        )
    )


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
        page = HTML(string=html, url_fetcher=NothingFromOutside())
        written = page.write_pdf(font_config=_fonts(), pdf_variant="pdf/ua-1", optimize_images=False)
    finally:
        logger.removeHandler(watch)
    return bytes(written), watch.found


def stem(*parts: str) -> str:
    """A file name without ending that is safe on every system.

    >>> stem("packet", "../A 7", "2026-10")
    'packet-_A_7-2026-10'
    """
    return "-".join(UNSAFE.sub("_", part) for part in parts)


def _replace(path: Path, content: bytes) -> Path:
    """Write beside, then rename: a reader sees the old file or the new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.globals.update(text=text, palette=palette, draw=draw)
    environment.filters["tied"] = tied
    environment.tests["table"] = lambda part: isinstance(part, Table)
    environment.tests["words"] = lambda part: isinstance(part, str) and not isinstance(part, Number)
    return environment


def _printable(value: object) -> object:
    """A template that prints a null would print "None" into a report."""
    if value is None:
        raise ValueError("A template prints a null. Let metrics.text say it in words.")
    return value


def tied(sentence: str) -> str:
    """Numbers tied to their units, so that no line breaks between them."""
    return re.sub(r"(?<=\d) (?=(?:%|days?\b|points\b|of \d))", "\N{NO-BREAK SPACE}", sentence)


def draw(chart: Chart | Ranges, width: float = 700, height: float = 200) -> Markup:
    """A chart as SVG."""
    if isinstance(chart, Ranges):
        return charts.dots_with_intervals(
            chart.sentence, chart.rows, chart.like, axis_title=chart.axis_title, width=width
        )
    if chart.kind == "sparkline":
        only = chart.series[0]
        return charts.sparkline(
            chart.sentence,
            chart.labels,
            only.values,
            only.metric,
            target=chart.target,
            width=width,
            height=height,
        )
    if chart.kind == "bars_and_line":
        return charts.bars_and_line(
            chart.sentence,
            chart.labels,
            chart.series[0],
            chart.series[1],
            x_title=chart.x_title,
            target=chart.target,
            width=width,
            height=height,
        )
    options: dict[str, Any] = {"axis_title": chart.axis_title, "width": width}
    if chart.kind != "bars_across":
        options |= {"x_title": chart.x_title, "target": chart.target, "height": height}
    return CHARTS[chart.kind](chart.sentence, chart.labels, chart.series, **options)
