"""Tables of pages: what is taken away is what is shown, nothing becomes a formula, and nobody is ranked."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from dash import html
from python_calamine import CalamineWorkbook

import metrics as m
from dashboards.cards import Card, Course, card
from dashboards.live import LiveCentre
from dashboards.tables import FEWEST_TO_FILTER, Cell, Row, listing, table
from dashboards.taken import frame_of, table_file
from metrics import Figure, WrongUse
from metrics.cards import card as paper_card
from metrics.catalogue import shipped
from metrics.parts import Chart
from tests.dashboards.conftest import Client
from tests.dashboards.shown_text import elements_of, text_of
from tests.dashboards.test_pages import DAY, DURING, EVERYONE, shown

LEVEL = shipped().metric("service_level")


def sorters(part: Any) -> list[str]:
    """The heads by which a table can be sorted."""
    return [text_of(one) for one in elements_of(part) if "sorts" in one.classes]


def made(rows: int = 2, *, of_people: bool = False) -> html.Div:
    cells = [
        Row(f"Name {number}", ("Day A", Cell(Figure(LEVEL, number / 10, number, 10, 10), "/x")))
        for number in range(rows)
    ]
    return table("Made up", "Agent", ("Team", "Service level"), cells, of_people=of_people)  # type: ignore[return-value]


def test_a_table_of_people_is_ordered_by_words_alone() -> None:
    assert sorters(made()) == ["Agent", "Team", "Service level"]
    assert sorters(made(of_people=True)) == ["Agent", "Team"]


@pytest.mark.parametrize(("path", "part"), [("/", "Agents"), ("/team", "Everybody, by name")])
def test_pages_rank_nobody(live: LiveCentre, path: str, part: str) -> None:
    _, content = shown(live, path, f"?day={DAY}&span=day")
    found = next(one for one in elements_of(content) if one.tag == "table" and part in text_of(one))
    assert set(sorters(found)) == {"Agent", "Team"}


def test_a_long_table_is_narrowed_and_a_short_one_is_not() -> None:
    narrowed = [
        any("narrows" in one.classes for one in elements_of(made(rows)))
        for rows in (FEWEST_TO_FILTER - 1, FEWEST_TO_FILTER)
    ]
    assert narrowed == [False, True]


def test_a_file_holds_numbers_as_they_are_and_their_n() -> None:
    frame = frame_of(made())
    assert frame.rows() == [("Name 0", "Day A", 0.0, 10), ("Name 1", "Day A", 0.1, 10)]
    assert frame.columns == ["Agent", "Team", "Service level", "Service level, n"]


@pytest.mark.parametrize(
    ("cell", "written"), [("=1+1", "'=1+1"), ("@x", "'@x"), ("-3", "-3"), ("\u2212 4", "\u2212 4"), ("plain", "plain")]
)
def test_no_cell_of_a_file_becomes_a_formula(cell: str, written: str) -> None:
    taken = table_file([listing("Words", ["A", "B"], [["x", cell]])], "words", "csv")
    assert pl.read_csv(taken.content, infer_schema=False)["B"].to_list() == [written]


def test_an_unknown_table_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(WrongUse, match="made-up"):
        table_file([made()], "made-down", "csv")


def test_two_columns_of_one_name_are_both_kept() -> None:
    frame = frame_of(listing("Twice", ["A", "B", "B"], [["x", 1, 2]], numbers=2))
    assert frame.rows() == [("x", 1.0, 2.0)]


def test_a_table_is_taken_away_as_it_is_shown(client: Client, city: m.Centre, tmp_path: Any) -> None:
    by_queue = m.measure(city, ["service_level"], by=["queue"], during=DURING, scope=EVERYONE)
    address = f"/table.{{}}?page=/&table=queues&day={DAY}"
    csv = pl.read_csv(client("manager").get(address.format("csv")).data)
    assert sorted(csv["Service level"]) == pytest.approx(sorted(by_queue["value"]))
    assert csv["Service level, n"].sum() == by_queue["n"].sum()
    (tmp_path / "table.xlsx").write_bytes(client("manager").get(address.format("xlsx")).data)
    sheet = CalamineWorkbook.from_path(str(tmp_path / "table.xlsx")).get_sheet_by_index(0).to_python()
    assert len(sheet) == csv.height + 1
    assert client("manager").get("/table.exe").status_code == 404
    assert client("manager").get("/table.csv?page=/&table=nothing").status_code == 400


def test_every_table_of_every_page_leads_to_its_file(live: LiveCentre) -> None:
    for path in ("/", "/queues", "/requests", "/month", "/data", "/staffing", "/definitions", "/team"):
        _, content = shown(live, path, f"?day={DAY}&span=week")
        tables = [one for one in elements_of(content) if one.tag == "table" and "heat" not in one.classes]
        links = [one.attributes.get("href", "") for one in elements_of(content) if "takes" in one.classes]
        assert tables, path
        assert len(links) == 2 * len(tables), path
        assert all(f"page={path.replace('/', '%2F')}" in href and f"day={DAY}" in href for href in links)


FLOOR = LEVEL.floor
FEW = [
    # metric, numerator, denominator, n, and whether it is too few to tell
    (LEVEL, FLOOR - 1, FLOOR - 1, FLOOR - 1, True),
    (LEVEL, 0, 1, 1, True),
    (LEVEL, FLOOR / 2, FLOOR, FLOOR, False),
    # a count is what it is
    (shipped().metric("contacts_offered"), 3, None, 3, False),
]


@pytest.mark.parametrize(("metric", "above", "below", "n", "expected"), FEW)
def test_a_share_of_few_is_judged_nowhere(metric: m.Metric, above: float, below: float, n: int, expected: bool) -> None:
    figure = Figure(metric, above / (below or 1), above, below, n)
    row = Row("One", (Cell(figure, "/x", aside="target 80 % or more, not met"),))
    told = text_of(table("Made up", "What", ("Value",), [row]))
    assert ("too few to tell" in told, "not met" in told) == (expected, not expected)
    target = m.Target(goal=0.8, within_seconds=None, better="higher")
    on_a_card = text_of(card(Card(figure, m.Usual(figure, "the day before"), target, Course([], []), "", "/x")))
    assert ("too few to tell" in on_a_card, "target" in on_a_card) == (expected, not expected)
    on_paper = paper_card(figure, before=figure, compared_with="", target=target, course=Chart("sparkline", "", (), ()))
    assert ("too few" in on_paper.target, on_paper.met is None) == (expected, expected)


def test_a_table_without_rows_says_so() -> None:
    assert "Nothing is on record here." in text_of(listing("Disputes", ["Agent", "Item"], []))
