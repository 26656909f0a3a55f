"""A part of a period is marked as such and never compared with a whole one; courses begin with the data."""

from __future__ import annotations

import pytest

import metrics as m
from metrics.reach import coverage
from tests.reports.conftest import ALL_DAYS, EVERYONE, Paper

CONTACTS = [
    # the period, whether the small city's contacts (31 October to 13 November) cover it, what is said of it
    (ALL_DAYS, True, ""),
    (m.Period.month(2026, 11), False, "Contacts are on record for 1 November 2026 to 13 November 2026 only."),
    (m.Period.month(2026, 10), False, "Contacts are on record for Saturday 31 October 2026 only."),
    (m.Period.month(2026, 9), False, "No contacts of September 2026 are on record."),
]


@pytest.mark.parametrize(("during", "is_whole", "words"), CONTACTS)
def test_what_the_data_hold_of_a_period(city: m.Centre, during: m.Period, is_whole: bool, words: str) -> None:
    found = coverage(m.Asker(city, EVERYONE), "contact", during)
    assert (found.is_whole, found.words) == (is_whole, words)


def test_part_of_a_month_is_compared_with_nothing(papers: dict[str, Paper]) -> None:
    report = papers["monthly report"].content
    assert any("so not compared with October 2026" in caveat for caveat in report.caveats)
    assert {card.change for card in report.cards} == {"no comparison"}
    assert "against" not in " ".join(report.summary)
    assert all(len(card.course.labels) <= 13 for card in report.cards)


def test_a_packets_course_begins_and_ends_with_the_data(papers: dict[str, Paper]) -> None:
    packet = papers["packet"].content
    assert packet.parts.labels == ("26 Oct", "2 Nov", "9 Nov")
