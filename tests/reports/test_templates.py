"""What a city may change of its papers, and what it is told when a change cannot be used."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path
from types import SimpleNamespace

import page
import pytest

import metrics as m
from metrics.charts import palette
from reports.pdf import as_html, as_pdf
from reports.templating import brand_of, rendered, templates_digest
from tests.reports.conftest import Paper

# a picture of one pixel
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SHEET = "daily/sheet.html.jinja"


def changed(folder: Path, **files: str | bytes) -> Path:
    """A centre folder with some templates of its own; `__` stands for a slash, the ending is given by its dot."""
    templates_digest.cache_clear()
    for name, content in files.items():
        path = folder / "templates" / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def html_of(paper: Paper, folder: Path) -> str:
    document = paper.made.document
    return as_html(type(document)(**{**vars(document), "folder": folder}))


def test_a_block_the_logo_the_colours_and_the_words_of_a_city(papers: dict[str, Paper], tmp_path: Path) -> None:
    paper = papers["daily sheet of a team"]
    folder = changed(
        tmp_path,
        daily__sheet_dot_html_dot_jinja='{% extends "fairline/daily/sheet.html.jinja" %}{% block subtitle %}Our words{% endblock %}',
        brand_dot_toml='logo = "logo.png"\n[colours]\naccent = "#6b1d5e"\n[words]\n"Agents, by name" = "Colleagues"\n',
        logo_dot_png=PIXEL,
    )
    html = html_of(paper, folder)
    assert '<p class="subtitle">Our words</p>' in html
    assert "Colleagues" in html
    assert "Agents, by name" not in html
    assert '<img class="logo" src="data:image/png;base64,' in html
    assert palette.ACCENT not in html
    assert "#6b1d5e" in html.partition("<svg")[2]
    assert page.validate_pdf_bytes(as_pdf(html), profile="ua1").is_compliant


WRONG = [
    # the template, and what is said: template, line and variable
    ("{{ sheet.weather }}", r"templates/daily/sheet.html.jinja, line 2: .*has no attribute 'weather'"),
    ("{{ wether }}", r"templates/daily/sheet.html.jinja, line 2: 'wether' is undefined"),
    ("{% if %}", r"templates/daily/sheet.html.jinja, line 2: Expected an expression"),
    ("{{ sheet.team }}", r"templates/daily/sheet.html.jinja, line 2: it prints a null"),
    ('{% include "no.jinja" %}', r"There is no template 'no.jinja'"),
]


@pytest.mark.parametrize(("line", "told"), WRONG)
def test_a_wrong_template_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    folder = changed(tmp_path, daily__sheet_dot_html_dot_jinja=f"<p>\n{line}\n</p>")
    with pytest.raises(m.WrongUse, match=told):
        rendered(SHEET, {"sheet": SimpleNamespace(team=None)}, folder)


BRANDS = [
    ('[colours]\naccent = "#9db7c9"', "stands out from white by 2.1 to 1 only"),
    ('[colours]\naccent = "blue"', "write a colour as #1a5a8a"),
    ("[colours]\nbackground = '#000000'", "It takes logo, .colours. and .words."),
    ("logo = 3", "logo"),
    ("logo =", "cannot be read"),
]


@pytest.mark.parametrize(("content", "told"), BRANDS)
def test_a_wrong_brand_is_told(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(m.WrongUse, match=told):
        brand_of(changed(tmp_path, brand_dot_toml=content))


@pytest.mark.parametrize("logo", ["../centre.toml", "/etc/hostname", "missing.png", "brand.toml"])
def test_a_logo_is_a_picture_in_the_folder_of_templates(tmp_path: Path, logo: str) -> None:
    folder = changed(tmp_path, brand_dot_toml=f'logo = "{logo}"', daily__sheet_dot_html_dot_jinja="{{ logo }}")
    with pytest.raises(m.WrongUse, match=r"is no picture in templates/"):
        rendered(SHEET, {}, folder)


def test_another_template_makes_another_report(tmp_path: Path) -> None:
    before = templates_digest(changed(tmp_path))
    after = templates_digest(changed(tmp_path, brand_dot_toml='[words]\nA = "B"\n'))
    assert before != after
    shutil.rmtree(tmp_path / "templates")
    assert templates_digest(changed(tmp_path)) == before
