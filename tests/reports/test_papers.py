"""Papers that anybody can read and make again: PDF/UA-1, one set of figures, the same bytes, nothing fetched."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import page
import pytest
from python_calamine import CalamineWorkbook

import metrics as m
from metrics.answers import Sentence
from metrics.charts import palette
from metrics.charts.contrast import contrast
from metrics.charts.heat import shade
from metrics.language import speaking
from metrics.parts import Card, Section, Table, walked
from reports.imprint import plain
from reports.issue import issue
from reports.pdf import _sheet, as_html, as_pdf
from tests.reports.conftest import EVERYONE, PAPERS, Paper
from tests.reports.pdf_pages import pages_of

Papers = dict[str, Paper]


def faults(pdf: bytes) -> set[str]:
    """The rules of PDF/UA-1 that a document breaks."""
    return {fault.rule_id for fault in page.validate_pdf_bytes(pdf, profile="ua1").failures}


# ---- PDF/UA-1 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAPERS)
def test_every_paper_meets_pdf_ua(papers: Papers, name: str) -> None:
    report = page.validate_pdf(papers[name].pdf, profile="ua1")
    assert [(fault.rule_id, fault.message) for fault in report.failures] == []
    assert report.is_compliant


@pytest.mark.parametrize("name", ["daily sheet", "packet", "quality report"])
def test_a_paper_in_spanish_meets_pdf_ua(city: m.Centre, name: str) -> None:
    with speaking("es"):
        made = PAPERS[name](city)
    html = as_html(made.document)
    assert '<html lang="es">' in html
    assert faults(as_pdf(html)) == set()


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
    html = papers["daily sheet of a team"].twin.read_text("utf-8")
    broken, times = re.subn(pattern, instead, html)
    assert times
    assert rule in faults(as_pdf(broken))


# ---- one set of figures, one set of bytes --------------------------------------------------------------------------


def figures_in(content: object) -> list[m.Figure]:
    """Every figure that a report holds in its tables and cards."""
    found: list[m.Figure] = []
    for part in walked(content):
        if isinstance(part, Card):
            found.append(part.figure)
        elif isinstance(part, Table):
            rows = [*part.rows, *([part.total] if part.total else [])]
            found += [cell for row in rows for cell in row.cells if isinstance(cell, m.Figure)]
    return found


@pytest.mark.parametrize("name", PAPERS)
def test_the_twin_prints_every_figure(papers: Papers, name: str) -> None:
    printed = unescape(papers[name].twin.read_text("utf-8")).replace("\N{NO-BREAK SPACE}", " ")
    found = figures_in(papers[name].content)
    # a team's sheet holds no figures of departments
    assert len(found) > (14 if name == "daily sheet of a team" else 20)
    assert [figure.words for figure in found if figure.words not in printed] == []


@pytest.mark.parametrize("name", PAPERS)
def test_the_workbook_and_the_frozen_copy_hold_every_figure(papers: Papers, name: str) -> None:
    paper = papers[name]
    book = CalamineWorkbook.from_path(paper.workbook)
    cells = [cell for sheet in book.sheet_names for row in book.get_sheet_by_name(sheet).to_python() for cell in row]
    # numbers leave with twelve digits, since the order of adding changes the last ones
    numbers = {f"{cell:.12g}" for cell in cells if isinstance(cell, int | float)}
    found = figures_in(paper.content)
    missing = [one for one in found if one.value is not None and f"{one.value:.12g}" not in numbers]
    assert missing == []
    assert {one.words for one in found} <= set(map(str, cells))
    frozen = json.loads(paper.pdf.with_suffix(".json").read_text("utf-8"))
    assert [(one["metric"], one["value"], one["n"]) for one in frozen["figures"]] == [
        (one.metric.name, plain(one.value), one.n) for one in found
    ]


@pytest.mark.parametrize("name", ["monthly report", "quality report"])
def test_every_table_says_what_a_query_answers(papers: Papers, city: m.Centre, name: str) -> None:
    tables = [part for part in walked(papers[name].content) if isinstance(part, Table)]
    asked: dict[tuple[Any, ...], list[tuple[str, Any, m.Figure]]] = {}
    for table in tables:
        for place, head in enumerate(table.columns):
            if (question := head.question) is None:
                continue
            for row in table.rows:
                cell = row.cells[place]
                if isinstance(cell, m.Figure):
                    metric = question.metric or row.metric
                    by = table.by if row.key else ""
                    where = question.where
                    asked.setdefault((by, question.during, where), []).append((metric, row.key, cell))
    assert sum(map(len, asked.values())) > 40
    for (by, during, where), cells in asked.items():
        names = sorted({metric for metric, _, _ in cells})
        dimensions = [by] if by else []
        frame = m.measure(city, names, by=dimensions, during=during, where=dict(where), scope=EVERYONE)
        answers = {
            (row["metric"], tuple(row[one] for one in dimensions)): (row["value"], row["numerator"], row["n"])
            for row in frame.iter_rows(named=True)
        }
        for metric, key, cell in cells:
            found = answers.get((metric, key), (None, None, 0))
            assert (cell.value or None, cell.numerator or None, cell.n) == (
                found[0] or None,
                found[1] or None,
                found[2],
            )


def sentences_of(content: Any) -> list[Sentence]:
    parts = [part for section in content.sections for part in section.parts]
    return [one for one in (*content.summary, *parts) if isinstance(one, Sentence)]


@pytest.mark.parametrize(("name", "least"), [("monthly report", 10), ("quality report", 1)])
def test_every_number_in_a_sentence_is_that_of_a_query(papers: Papers, city: m.Centre, name: str, least: int) -> None:
    found = sentences_of(papers[name].content)
    assert len(found) >= least
    for sentence in found:
        left = str(sentence)
        for claim in sentence.claims:
            question, figure = claim.question, claim.figure
            frame = m.measure(
                city, [question.metric], by=[question.by] if question.by else [], during=question.during,
                where=dict(question.where), scope=EVERYONE,
            )  # fmt: skip
            rows = [
                row for row in frame.iter_rows(named=True) if not question.key or row[question.by] == question.key[0]
            ]
            assert [(row["value"], row["n"]) for row in rows] == [(figure.value, figure.n)]
            assert figure.words in left or m.text.number_of(figure.n, "contact") in left
        said = [one for claim in sentence.claims for one in (claim.figure.parts, claim.basis, claim.words, claim.n)]
        for words in sorted([*said, *sentence.besides], key=len, reverse=True):
            left = left.replace(words, " ") if words else left
        assert re.findall(r"(?<!9)\d(?!11)", left.replace("911", "")) == []


@pytest.mark.parametrize("name", ["daily sheet of a team", "packet"])
def test_the_pdf_is_made_of_the_twin_and_of_nothing_else(papers: Papers, name: str) -> None:
    assert as_pdf(papers[name].twin.read_text("utf-8")) == papers[name].pdf.read_bytes()


@pytest.mark.parametrize("name", ["daily sheet of a team", "packet"])
@pytest.mark.parametrize(
    ("ours", "instead"),
    [('<meta charset="utf-8"/>', '<meta charset="utf-8">'), ("<body>", "<body><!-- footnote -->")],
    ids=["no XML", "with notes"],
)
def test_a_template_of_a_city_is_laid_out_the_same_however_it_is_read(
    papers: Papers, name: str, ours: str, instead: str
) -> None:
    html = papers[name].twin.read_text("utf-8")
    assert ours in html
    assert as_pdf(html.replace(ours, instead)) == papers[name].pdf.read_bytes()


def test_the_same_data_gives_the_same_bytes(papers: Papers, city: m.Centre, tmp_path: Path) -> None:
    paper = papers["daily sheet of a team"]
    again = issue(PAPERS["daily sheet of a team"](city), tmp_path, "xlsx")
    before = [paper.pdf, paper.twin, paper.workbook]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in before]
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in paper.pdf.parent.iterdir()}
    frozen = paper.pdf.with_suffix(".json")
    assert (tmp_path / frozen.name).read_bytes() == frozen.read_bytes()


def test_the_month_is_a_report_of_many_pages_on_every_subject(papers: Papers) -> None:
    content = papers["monthly report"].content
    titles = {section.title for section in content.sections}
    assert {
        "The year on a page", "Demand", "Access", "What became of contacts", "Handling", "Staffing against load",
        "Service requests", "Kept dates", "Open requests and their age", "Quality", "Satisfaction", "Notable days",
        "The data behind this report", "What changed in the definitions",
    } <= titles  # fmt: skip
    assert all(isinstance(section, Section) and section.parts for section in content.sections)
    assert pages_of(papers["monthly report"].pdf.read_bytes()) in range(15, 27)


# ---- nothing is fetched --------------------------------------------------------------------------------------------

FETCHED = [
    ("a file", '<img alt="a" src="file:///etc/hostname"/>'),
    ("a picture of the web", '<img alt="a" src="http://localhost:9/a.png"/>'),
    ("a style sheet", '<link rel="stylesheet" href="file:///etc/hostname"/>'),
    ("an import in a style", "<style>@import url(file:///etc/hostname);</style>"),
    ("a background", '<p style="background: url(http://localhost:9/a.png)">a</p>'),
    ("an object", '<object data="file:///etc/hostname">a</object>'),
]


@pytest.mark.parametrize("kind", ["DOCTYPE", "doctype"], ids=["XML", "HTML"])
@pytest.mark.parametrize("markup", [row[1] for row in FETCHED], ids=[row[0] for row in FETCHED])
def test_whatever_asks_for_something_outside_is_refused(
    caplog: pytest.LogCaptureFixture, markup: str, kind: str
) -> None:
    # a style sheet is read but once
    _sheet.cache_clear()
    as_pdf(f'<!{kind} html><html lang="en"><head><title>a</title></head><body><h1>a</h1>{markup}</body></html>')
    assert "A report fetches nothing" in caplog.text


@pytest.mark.parametrize("name", PAPERS)
def test_no_paper_names_anything_outside(papers: Papers, name: str) -> None:
    html = papers[name].twin.read_text("utf-8")
    assert (
        re.findall(
            r"<(?:script|link|img|iframe|object|embed)\b|@import|url\((?!#|\"data:font/woff2;)|\b(?:src|href)=\"(?!#)",
            html,
        )
        == []
    )


# ---- contrast ------------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("part", [number / 40 for number in range(41)])
def test_words_in_a_shaded_cell_can_be_read(part: float) -> None:
    depth = shade(part, 0, 1)
    mixed = [round(255 * (1 - depth) + int(palette.ACCENT[at : at + 2], 16) * depth) for at in (1, 3, 5)]
    cell = "#" + "".join(f"{one:02x}" for one in mixed)
    assert contrast(cell, palette.INK if depth < 0.45 else "#ffffff") >= 4.5


def test_lines_differ_in_more_than_colour() -> None:
    marks = {(stroke.dash, stroke.mark) for stroke in palette.STROKES}
    assert len(marks) == len(palette.STROKES)
    assert all(contrast(stroke.colour) >= 3 for stroke in palette.STROKES)


def test_templates_take_their_colours_from_the_palette(papers: Papers) -> None:
    known = {value.lower() for value in vars(palette).values() if isinstance(value, str) and value.startswith("#")}
    for paper in papers.values():
        html = paper.twin.read_text("utf-8")
        used = {colour.lower() for colour in re.findall(r"(?<![&\w])#[0-9a-fA-F]{6}\b", html)}
        assert used <= known | {"#ffffff"}
