"""Papers that anybody can read and make again: PDF/UA-1, one set of figures, the same bytes, nothing fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from html import unescape
from pathlib import Path

import page
import pytest

import metrics as m
from metrics.charts import palette
from reports.pdf import as_pdf
from tests.reports.conftest import PAPERS

Papers = dict[str, tuple[Path, Path]]


def faults(pdf: bytes) -> set[str]:
    """The rules of PDF/UA-1 that a document breaks."""
    return {fault.rule_id for fault in page.validate_pdf_bytes(pdf, profile="ua1").failures}


# ---- PDF/UA-1 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_meets_pdf_ua(papers: Papers, name: str) -> None:
    report = page.validate_pdf(papers[name][0], profile="ua1")
    assert [(fault.rule_id, fault.message) for fault in report.failures] == []
    assert report.is_compliant


BROKEN = [
    # what is taken out of a good sheet, by what, and the rule that must notice
    ("its language", '<html lang="en">', "<html>", "PDFUA1-LANGUAGE-TAG-001"),
    ("its title", r"<title>Daily[^<]*</title>", "", "PDFUA1-METADATA-TITLE-001"),
    ("a chart's words", r"(<svg[^>]*>)\s*<title>[^<]*</title>", r"\1", "PDFUA1-FIGURE-ALTERNATIVE-TEXT-001"),
    ("the order of headings", r"<h2>(.*?)</h2>", r"<h4>\1</h4>", "PDFUA1-HEADING-NESTING-001"),
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("pattern", "instead", "rule"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_the_check_notices_what_is_missing(papers: Papers, pattern: str, instead: str, rule: str) -> None:
    html = papers["daily sheet"][1].read_text("utf-8")
    broken, times = re.subn(pattern, instead, html)
    assert times
    assert rule in faults(as_pdf(broken))


# ---- one set of figures, one set of bytes --------------------------------------------------------------------------


def figures_in(content: object) -> Iterator[m.Figure]:
    """Every figure that a report holds, wherever it stands."""
    if isinstance(content, m.Figure):
        yield content
    elif isinstance(content, m.Metric):
        return
    elif is_dataclass(content):
        for one in fields(content):
            yield from figures_in(getattr(content, one.name))
    elif isinstance(content, tuple | list):
        for part in content:
            yield from figures_in(part)


@pytest.mark.parametrize("name", PAPERS)
def test_the_twin_prints_every_figure(papers: Papers, city: m.Centre, name: str) -> None:
    printed = unescape(papers[name][1].read_text("utf-8")).replace("\N{NO-BREAK SPACE}", " ")
    found = list(figures_in(PAPERS[name].content(city)))
    assert len(found) > 20
    assert [figure.words for figure in found if figure.words not in printed] == []


@pytest.mark.parametrize("name", PAPERS)
def test_the_pdf_is_made_of_the_twin_and_of_nothing_else(papers: Papers, name: str) -> None:
    pdf, twin = papers[name]
    assert as_pdf(twin.read_text("utf-8")) == pdf.read_bytes()


@pytest.mark.parametrize("name", ["daily sheet", "packet"])
def test_the_same_data_gives_the_same_bytes(papers: Papers, city: m.Centre, tmp_path: Path, name: str) -> None:
    again = PAPERS[name].write(city, tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in papers[name]]
    assert [path.name for path in again] == [path.name for path in papers[name]]
    assert sorted(tmp_path.iterdir()) == sorted(again)


# ---- nothing is fetched --------------------------------------------------------------------------------------------

FETCHED = [
    ("a file", '<img alt="a" src="file:///etc/hostname">'),
    ("a picture of the web", '<img alt="a" src="http://localhost:9/a.png">'),
    ("a style sheet", '<link rel="stylesheet" href="file:///etc/hostname">'),
    ("an import in a style", "<style>@import url(file:///etc/hostname);</style>"),
    ("a background", '<p style="background: url(http://localhost:9/a.png)">a</p>'),
    ("an object", '<object data="file:///etc/hostname">a</object>'),
]


@pytest.mark.parametrize("markup", [row[1] for row in FETCHED], ids=[row[0] for row in FETCHED])
def test_whatever_asks_for_something_outside_is_refused(caplog: pytest.LogCaptureFixture, markup: str) -> None:
    as_pdf(f'<!doctype html><html lang="en"><head><title>a</title></head><body><h1>a</h1>{markup}</body></html>')
    assert "A report fetches nothing" in caplog.text


@pytest.mark.parametrize("name", PAPERS)
def test_no_paper_names_anything_outside(papers: Papers, name: str) -> None:
    html = papers[name][1].read_text("utf-8")
    assert (
        re.findall(r"<(?:script|link|img|iframe|object|embed)\b|@import|url\((?!#)|\b(?:src|href)=\"(?!#)", html) == []
    )


# ---- contrast ------------------------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.1."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str = "#ffffff") -> float:
    """How much two colours differ, 1 to 21."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_published() -> None:
    assert contrast("#000000") == pytest.approx(21)
    assert contrast("#777777") == pytest.approx(4.48, abs=0.005)  # the grey that WCAG's notes give as just too light


COLOURS = [
    *[(name, 4.5) for name in ("INK", "MUTED", "ACCENT", "ATTENTION", "GOOD")],
    *[(name, 3.0) for name in ("BAR", "SECOND_BAR")],
]


@pytest.mark.parametrize(("name", "least"), COLOURS)
def test_every_colour_stands_out_from_the_paper(name: str, least: float) -> None:
    assert contrast(getattr(palette, name)) >= least


def test_lines_differ_in_more_than_colour() -> None:
    marks = {(stroke.dash, stroke.mark) for stroke in palette.STROKES}
    assert len(marks) == len(palette.STROKES)
    assert all(contrast(stroke.colour) >= 3 for stroke in palette.STROKES)


def test_templates_take_their_colours_from_the_palette(papers: Papers) -> None:
    known = {value.lower() for value in vars(palette).values() if isinstance(value, str) and value.startswith("#")}
    for _, twin in papers.values():
        used = {colour.lower() for colour in re.findall(r"(?<![&\w])#[0-9a-fA-F]{6}\b", twin.read_text("utf-8"))}
        assert used <= known | {"#ffffff"}
