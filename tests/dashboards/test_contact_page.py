"""A contact's page: its strips are its legs, its cases have their dates, others of the same case lead on."""

from __future__ import annotations

from datetime import timedelta

import pytest

import metrics as m
from dashboards.live import LiveCentre
from dashboards.pages import contact
from dashboards.view import View
from metrics import Story, contact_strip, quality
from tests.dashboards.shown_text import links_of, text_of
from tests.dashboards.test_pages import DAY, EVERYONE


@pytest.fixture
def chased(city: m.Centre) -> Story:
    """A contact whose request somebody asked about again."""
    links = city.table("contact_case")
    again = links.filter(links["case_number"].is_duplicated()).sort("case_number", "contact_id")
    return m.contact(city, int(again["contact_id"][0]), scope=EVERYONE)


def test_the_minutes_are_those_of_the_legs(chased: Story) -> None:
    rows = contact_strip.minutes(chased)
    lasted: dict[str, float] = {}
    for one in (one for row in rows.values() for one in row):
        lasted[one.kind] = lasted.get(one.kind, 0) + (one.until.timestamp() - one.first.timestamp()) * 1000
    for kind, column in (("waiting", "wait_ms"), ("hold", "hold_ms"), ("acw", "acw_ms")):
        assert lasted.get(kind, 0) == pytest.approx(sum(leg[column] or 0 for leg in chased.legs))


CASES = [
    ("closed in time", [("created", 0), ("closed", 2)], 3, [("open", 2.0)]),
    ("closed late", [("created", 0), ("closed", 5)], 3, [("open", 3.0), ("late", 2.0)]),
    (
        "re-opened",
        [("created", 0), ("closed", 1), ("reopened", 2), ("closed", 4)],
        3,
        [("open", 1.0), ("open", 1.0), ("late", 1.0)],
    ),
    ("still open", [("created", 0)], 3, [("open", 3.0), ("late", 7.0)]),
    ("without a date", [("created", 0)], None, [("open", 10.0)]),
]


@pytest.mark.parametrize(("events", "due", "expected"), [one[1:] for one in CASES], ids=[one[0] for one in CASES])
def test_a_case_is_open_within_its_date_and_past_it(
    chased: Story, events: list[tuple[str, int]], due: int | None, expected: list[tuple[str, float]]
) -> None:
    begins = chased.contact["entered_at"]
    rows = [
        {
            "number": "R1",
            "event": what,
            "happened_at": begins + timedelta(days=days),
            "due_at": None if due is None else begins + timedelta(days=due),
            "promised_at": None,
        }
        for what, days in events
    ]
    story = Story(chased.contact, [], rows, [], [], [])
    found = contact_strip.days(story, begins + timedelta(days=10))["R1"]
    assert [(one.kind, (one.until - one.first) / timedelta(days=1)) for one in found] == expected


def test_the_page_tells_dates_other_contacts_and_what_was_derived(live: LiveCentre, chased: Story) -> None:
    view = View(DAY, contact=str(chased.contact["contact_id"]))
    shown = contact.page(live.answers(EVERYONE), view)
    told = text_of(shown)
    others = {one["contact_id"] for one in chased.links} - {chased.contact["contact_id"]}
    led = [href for _, href in links_of(shown)]
    assert others
    assert all(any(f"contact={other}" in href for href in led) for other in others)
    number = chased.links[0]["case_number"]
    assert f"Request {number} opened" in told
    assert f"Due: request {number}" in told
    assert f"Request {number} belongs to it" in told
    assert contact_strip.in_short(contact_strip.minutes(chased)) in told


def test_a_review_stands_beside_with_what_was_not_passed(live: LiveCentre, city: m.Centre) -> None:
    said = quality.answers(city, during=m.Period.month(2026, 11), scope=EVERYONE).filter("failed", "is_applicable")
    row = said.row(0, named=True)
    told = text_of(contact.page(live.answers(EVERYONE), View(DAY, contact=str(row["contact_id"]))))
    assert f"✗ {row['text'] or row['item']}" in told
    assert str(row["form"]) in told
