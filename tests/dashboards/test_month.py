"""The month's page says what the monthly report says: the same sentences, and the same figures in the same tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import metrics as m
from dashboards.live import LiveCentre
from dashboards.pages import month
from dashboards.parts_shown import opens
from dashboards.view import View
from metrics.month import PARTS
from metrics.month.figures import MonthFigures
from metrics.parts import Question, Row, Table
from reports.monthly_report import MonthlyReport, monthly_content
from tests.dashboards.shown_text import links_of
from tests.dashboards.test_pages import EVERYONE, page, shown

NOVEMBER = m.Period.month(2026, 11)
LAST = "2026-11-13"


@pytest.fixture(scope="module")
def report(loaded_city: object) -> MonthlyReport:
    with m.open_centre(loaded_city) as centre:  # type: ignore[arg-type]
        return monthly_content(centre, NOVEMBER.first, scope=EVERYONE)


def test_the_summary_is_the_reports(live: LiveCentre, report: MonthlyReport) -> None:
    told = page(live, "/month", day=LAST)
    assert report.summary
    assert [sentence for sentence in (*report.summary, *report.caveats) if str(sentence) not in told] == []
    assert [card.figure.words for card in report.cards if card.figure.words not in told] == []


def test_every_sentence_and_table_of_the_report_stands_under_a_subject(live: LiveCentre, report: MonthlyReport) -> None:
    told = {show: page(live, "/month", day=LAST, show=show) for show in month.SUBJECTS if show}
    assert len(told) == len(PARTS)
    together = " ".join(told.values())
    sections = [part for section in report.sections for part in section.parts]
    assert [part for part in sections if isinstance(part, str) and part not in together] == []
    for one in (part for part in sections if isinstance(part, Table)):
        assert one.caption in together
        words = [cell.words for row in one.rows for cell in row.cells if isinstance(cell, m.Figure)]
        assert [word for word in words if word not in together] == []


def test_only_who_sees_the_whole_centre_opens_the_month() -> None:
    from dashboards.access import roles

    assert {role.sees for role in roles().values() if "/month" in role.pages} == {"all"}


def test_an_unknown_subject_is_answered_with_those_that_there_are(live: LiveCentre) -> None:
    assert "service-requests" in page(live, "/month", day=LAST, show="nothing")


VIEW = View(date(2026, 11, 13), span="month", show="access")
QUESTIONS = [
    (Question("service_level", "queue", NOVEMBER), Row("", (), key=("water",)), "queue=water"),
    (Question("service_level", "day", NOVEMBER), Row("", (), key=(date(2026, 11, 3),)), "day=2026-11-03&span=day"),
    (Question("service_level", "", NOVEMBER), Row("", ()), "day=2026-11-30&span=month"),
    (Question("", "", NOVEMBER), Row("", (), metric="abandon_rate"), "metric=abandon_rate"),
    (
        Question("service_level", "", m.Period(date(2026, 8, 15), date(2026, 12, 1))),
        Row("", ()),
        "span=dates&since=2026-08-15",
    ),
    # what no view can show opens nothing
    (Question("service_level", "hour", NOVEMBER), Row("", (), key=(9,)), ""),
    (Question("service_level", "", NOVEMBER, where=(("day_type", ("weekday",)),)), Row("", ()), ""),
]


@pytest.mark.parametrize(("question", "row", "part"), QUESTIONS)
def test_a_figure_opens_what_was_asked(question: Question, row: Row, part: str) -> None:
    found = opens(VIEW, question, row)
    assert part in found
    assert (found == "") is (part == "")
    assert "show=" not in found


def test_the_figures_of_a_tables_rows_open(live: LiveCentre) -> None:
    _, content = shown(live, "/month", f"?day={LAST}&show=access")
    links = [href for _, href in links_of(content) if "metric=service_level&queue=water" in href]
    assert links
    assert all("span=month" in href for href in links)


def test_figures_that_open_say_the_same_there(live: LiveCentre, city: m.Centre) -> None:
    figures = MonthFigures.of(city, NOVEMBER.first, scope=EVERYONE)
    value = figures.ask(("contacts_offered",), "queue").figure("contacts_offered", "water").words
    link = opens(replace(VIEW), Question("contacts_offered", "queue", NOVEMBER), Row("", (), key=("water",)))
    query = dict(pair.split("=") for pair in link.partition("?")[2].split("&"))
    assert f" {value} " in page(live, "/figure", **query)
