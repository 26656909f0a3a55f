"""A day's sheet keeps to two pages however busy the day was, says how much more there is, and loses no total."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import metrics as m
from metrics.language import speaking
from metrics.parts import Row, Table
from reports import day_room
from reports.daily_sheet import DailySheet, daily_content
from reports.day_room import first_page, second_page
from reports.pdf import Document, as_html, as_pdf
from tests.reports.conftest import EVERYONE, LAST_DAY
from tests.reports.pdf_pages import pages_of

SENTENCE = "Streets: 74.9 % of requests due were closed on time (296 of 395), target 85 % or more. Until it is reached."


@pytest.fixture(scope="module")
def sheets(loaded_city: Path) -> dict[str, DailySheet]:
    """The sheet of the small city in each language."""
    found = {}
    with m.open_centre(loaded_city) as centre:
        for code in ("en", "es"):
            with speaking(code):
                found[code] = daily_content(centre, LAST_DAY, team=None, scope=EVERYONE)
    return found


def longer(table: Table | None, number: int, word: str) -> Table:
    """A table with so many lines, the later ones with the larger counts."""
    assert table is not None
    first = table.rows[0]
    rows = []
    for place in range(number):
        count, *rest = first.cells
        assert isinstance(count, m.Figure)
        rows.append(Row(f"{word} {place}", (replace(count, value=float(place), n=place), *rest), first.aside))
    return replace(table, rows=tuple(rows))


@pytest.mark.parametrize("code", ["en", "es"])
@pytest.mark.parametrize(
    ("findings", "queues", "departments", "people"),
    [(40, 24, 24, 30), (3, 24, 5, 9), (12, 4, 40, 16), (0, 4, 5, 30)],
)
def test_a_busy_day_has_two_pages(
    sheets: dict[str, DailySheet], code: str, findings: int, queues: int, departments: int, people: int
) -> None:
    sheet = sheets[code]
    with speaking(code):
        tables = second_page(
            longer(sheet.queues, queues, "Queue"),
            longer(sheet.departments, departments, "Department"),
            (lambda: replace(sheet.agents, rows=(sheet.agents.rows * 4)[:people]), lambda: sheet.agents),
        )
        listed = first_page([SENTENCE] * findings, most=10, besides=sheet.summary, cards=len(sheet.cards))
        busy = replace(sheet, attention=listed, queues=tables[0], departments=tables[1], agents=tables[2])
        document = Document("daily/sheet.html.jinja", "Sheet", "sheet", "Riverbend", sheet.imprint.loaded_at,
            {"sheet": busy, "hash": "0" * 64})  # fmt: skip
        assert pages_of(as_pdf(as_html(document))) == 2


def test_what_is_cut_is_told_and_stays_in_the_total(sheets: dict[str, DailySheet]) -> None:
    sheet = sheets["en"]
    queues = longer(sheet.queues, 24, "Queue")
    cut, fewer, people = second_page(queues, longer(sheet.departments, 24, "Department"), (lambda: sheet.agents,))
    assert cut is not None
    assert fewer is not None
    shown = len(cut.rows)
    assert day_room.LEAST_ROWS <= shown < 24
    # the busiest stay, in the order that they had
    assert [row.label for row in cut.rows] == [f"Queue {place}" for place in range(24 - shown, 24)]
    assert cut.note.startswith(f"The {shown} of 24 queues with the most contacts; the others are in the total")
    assert cut.total == queues.total
    assert f"The {len(fewer.rows)} of 24 departments" in fewer.note
    assert people == sheet.agents


@pytest.mark.parametrize(
    ("number", "shown", "more"), [(0, 0, None), (4, 4, None), (40, 10, "… and 30 more: see the page Day.")]
)
def test_findings_beyond_the_page_are_counted(number: int, shown: int, more: str | None) -> None:
    found = first_page(["Short."] * number, most=10, besides=("One sentence.",), cards=6)
    assert [one for one in found if one == "Short."] == ["Short."] * shown
    assert (found[-1] if more else None) == more


def test_a_day_that_fits_is_left_as_it_is(sheets: dict[str, DailySheet]) -> None:
    sheet = sheets["en"]
    assert second_page(sheet.queues, sheet.departments, (lambda: sheet.agents,)) == (
        sheet.queues, sheet.departments, sheet.agents,
    )  # fmt: skip
