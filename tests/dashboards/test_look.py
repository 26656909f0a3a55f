"""One look: the style sheets of pages and papers take colours, sizes of type and spaces from the tokens alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboards import look
from metrics import tokens, typeface
from metrics.charts import palette
from metrics.charts.contrast import contrast

ROOT = Path(__file__).parents[2]
SHEETS = {
    "dashboards/assets/fairline.css": {*look.VARIABLES},
    "dashboards/assets/desk.css": {*look.VARIABLES},
    "reports/templates/report.css.jinja": {
        *tokens.scales(tokens.ON_PAPER), "ink", "muted", "rule", "accent", "attention", "good",
    },
}  # fmt: skip
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*[;}])|\brgba?\(|\bhsl\(")
SPACED = re.compile(r"(?<![\w-])(?:margin|padding|gap)(?:-\w+)?: ([^;{}]+);")


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_style_sheet_takes_all_from_the_tokens(sheet: str) -> None:
    css = (ROOT / sheet).read_text(encoding="utf-8")
    css = re.sub(r"\{\{.*?\}\}|/\*.*?\*/", "", css, flags=re.DOTALL).partition("@media screen {")[0]
    assert COLOUR.findall(css) == []
    assert set(re.findall(r"var\(--([\w-]+)\)", css)) - SHEETS[sheet] == set()
    # the root's own, on the screen of a paper's twin and on the paper of a page
    sizes = set(re.findall(r"font-size: ([^;]+);", css)) - {"11pt", "9pt"}
    assert {size for size in sizes if not size.startswith("var(--type-")} == set()
    spaces = {one for value in SPACED.findall(css) for one in re.findall(r"-?[\d.]+(?:px|pt)\b", value)}
    assert spaces == set(), "a space is a unit: var(--space-1)"


def test_the_tokens_reach_the_page_by_day_and_by_night() -> None:
    style = look.style_variables()
    day, _, night = style.partition("@media screen and (prefers-color-scheme: dark)")
    for name in tokens.AT_NIGHT:
        assert f"--{name}:{tokens.colour(tokens.BY_DAY[name])};" in day
        assert f"--{name}:{tokens.colour(tokens.AT_NIGHT[name])};" in night
    assert f"--font:{tokens.FONT};" in day


TURNED = re.compile(r"filter: invert\(([\d.]+)\) hue-rotate\(180deg\)")
# the matrix of hue-rotate(180deg) in the CSS filter effects module
HALF_ROUND = ((-0.574, 1.430, 0.144), (0.426, 0.430, 0.144), (0.426, 1.430, -0.856))


def turned(colour: str) -> str:
    """A colour of a chart as the style sheet turns it over by night."""
    found = TURNED.search((ROOT / "dashboards/assets/fairline.css").read_text(encoding="utf-8"))
    assert found is not None
    by = float(found[1])
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    inverted = [part * (1 - by) + (1 - part) * by for part in parts]
    rotated = (sum(weight * part for weight, part in zip(row, inverted, strict=True)) for row in HALF_ROUND)
    return "#" + "".join(f"{round(255 * min(max(part, 0), 1)):02x}" for part in rotated)


NIGHT = tokens.colour(tokens.AT_NIGHT["paper"])


def test_the_paper_of_a_chart_is_that_of_the_page_by_night() -> None:
    assert contrast(turned(palette.PAPER), NIGHT) < 1.02


@pytest.mark.parametrize(
    ("role", "least"),
    [(role, 4.5) for role in ("INK", "MUTED", "ACCENT", "ATTENTION", "GOOD")] + [("BAR", 3.0), ("SECOND_BAR", 3.0)],
)
def test_what_a_chart_says_stands_out_by_night(role: str, least: float) -> None:
    """A checker of pages looks at no picture and heeds no filter."""
    assert contrast(turned(getattr(palette, role)), NIGHT) >= least


def test_letters_are_declared_where_they_are_and_nowhere_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(typeface, "FOLDER", tmp_path)
    assert typeface.declared(lambda face: face.file) == ""
    one = typeface.FACES[0]
    one.path.write_bytes(b"wOF2")
    assert typeface.declared(lambda face: f"/letters/{face.file}") == (
        '@font-face{font-family:"Public Sans";font-weight:400;font-display:swap;'
        'src:url("/letters/public-sans-latin-400-normal.woff2") format("woff2");}'
    )
