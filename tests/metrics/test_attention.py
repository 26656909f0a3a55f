"""What needs attention: every sentence is a figure and its rows, the worst comes first, and silence is heard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

import metrics as m
from metrics import Asker, Freshness, Period
from metrics.attention import doubt_rules, findings, rules
from metrics.doubts import doubts, late_sources, silences
from tests.metrics.town import EVERYONE, at, call, calls, town

DAY = date(2026, 11, 10)
DURING = Period.day(DAY)
WEEKS = [DAY - timedelta(days=7 * week) for week in range(5)]


@pytest.fixture
def asker(city: m.Centre) -> Asker:
    return Asker(city, EVERYONE)


def test_every_rule_names_what_the_catalogue_knows(city: m.Centre) -> None:
    for rule in rules().values():
        fact = Asker(city, EVERYONE).fact(rule.metric)
        assert not rule.by or rule.by in fact.dimensions
        assert rule.until
        assert rule.says
        assert bool(rule.set_by) is bool(rule.otherwise)


@pytest.mark.parametrize("on", [DAY, DAY - timedelta(days=1)])
def test_every_sentence_leads_to_as_many_rows_as_it_counts(asker: Asker, on: date) -> None:
    found = findings(asker, Period.day(on), most=None)
    assert found
    for one in found:
        where = {one.rule.by: [one.value]} if one.value else {}
        asked = m.measure(asker.centre, [one.rule.metric], during=Period.day(on), where=where, scope=EVERYONE)
        if one.rule.gathers or one.figure.metric.is_distribution:
            continue
        behind = m.rows(asker.centre, one.rule.metric, during=Period.day(on), where=where, scope=EVERYONE)
        assert one.figure.numerator == asked["numerator"][0]
        scale = one.figure.metric.scales[0]
        assert behind["counted"].sum() == pytest.approx((one.figure.numerator or 0) * scale)
        assert (
            one.figure.words in one.sentence
            or m.text.count(one.figure.numerator) in one.sentence
            or "One " in one.sentence
        )


def test_the_worst_come_first_and_no_rule_drowns_another(asker: Asker) -> None:
    found = findings(asker, DURING, most=None)
    severities = [one.rule.severity for one in found]
    assert severities == sorted(severities, reverse=True)
    for severity in set(severities):
        places: dict[str, int] = {}
        order = []
        for one in found:
            if one.rule.severity == severity:
                places[one.rule.metric + one.rule.by] = places.get(one.rule.metric + one.rule.by, -1) + 1
                order.append(places[one.rule.metric + one.rule.by])
        assert order == sorted(order)
    assert len(findings(asker, DURING)) <= 10


def hours(days: list[date], *, quiet: tuple[int, ...] = (), last: int = 18) -> dict[str, Any]:
    """Six calls in every half hour from eight, on each of the days; none in the quiet hours of the last day."""
    started = [
        at(f"{day}T{hour:02}:{minute + number:02}")
        for day in days
        for hour in range(8, last if day == DAY else 18)
        for minute in (0, 30)
        for number in range(6)
        if not (day == DAY and hour in quiet)
    ]
    return calls(*(call(number, moment) for number, moment in enumerate(started, start=1)))


SILENCES = [
    ("an hour in the middle", {"quiet": (12,)}, ["12:00 to 13:00"]),
    ("two hours apart", {"quiet": (9, 14)}, ["09:00 to 10:00", "14:00 to 15:00"]),
    ("the last half hours", {"last": 17}, ["17:00 to 18:00"]),
    ("a day that is not over", {"last": 11}, []),
    ("none", {}, []),
]


@pytest.mark.parametrize(("given", "expected"), [one[1:] for one in SILENCES], ids=[one[0] for one in SILENCES])
def test_an_interval_without_a_contact_is_told_where_every_week_had_some(
    given: dict[str, Any], expected: list[str]
) -> None:
    with town(**hours(WEEKS, **given)) as centre:
        assert [one.words for one in silences(Asker(centre, EVERYONE), DURING)] == expected


def test_silence_says_nothing_where_too_few_weeks_are_known() -> None:
    with town(**hours(WEEKS[:3], quiet=(12,))) as centre:
        assert silences(Asker(centre, EVERYONE), DURING) == []


@pytest.fixture
def quiet_town() -> Iterator[Asker]:
    with town(**hours(WEEKS, quiet=(12,))) as centre:
        yield Asker(centre, EVERYONE)


def source(about: str, reached: str, asker: Asker) -> Freshness:
    moment = datetime.fromisoformat(reached).replace(tzinfo=asker.centre.timezone)
    return Freshness(source=about, about=about, data_to=moment, loaded_at=moment, good=1, quarantined=0)


def test_doubts_come_most_severe_first_each_with_what_ends_it(quiet_town: Asker) -> None:
    sources = [
        source("phone", f"{DAY}T18:00", quiet_town),
        source("cases", f"{DAY - timedelta(days=1)}T09:00", quiet_town),
    ]
    told = doubts(quiet_town, DURING, open_identities=2, sources=sources)
    assert [one.sentence for one in told] == [
        "2 identities do not close: the figures do not add up",
        "No contact at all from 12:00 to 13:00, where 12 are usual: a file may be missing",
        "Cases: nothing has arrived since 9 Nov 2026, 09:00",
    ]
    assert all(one.rule.until for one in told)


def test_a_source_is_late_only_by_more_than_its_hours(quiet_town: Asker) -> None:
    phone = source("phone", f"{DAY}T18:00", quiet_town)
    hours_behind = doubt_rules()["late_source"].hours
    for behind, expected in ((hours_behind - 1, []), (hours_behind + 1, ["cases"])):
        reached = datetime.combine(DAY, datetime.min.time()) + timedelta(hours=18 - behind)
        late = late_sources(quiet_town, DURING, [phone, source("cases", reached.isoformat(), quiet_town)])
        assert [about for about, _ in late] == expected


def test_who_comes_for_the_third_time_counts_once_with_all_rows() -> None:
    again: dict[str, Any] = {"caller_key": "k1", "request_type": "Missed trash"}
    given = [
        call(1, at("2026-11-05T09:00"), **again),
        call(2, at("2026-11-09T09:00"), answered=False, wait=60, **again),
        call(3, at("2026-11-10T09:00"), **again),
        call(4, at("2026-11-10T15:00"), **again),
        call(5, at("2026-11-10T10:00"), caller_key="k1", request_type="Pothole"),
        call(6, at("2026-11-01T10:00"), caller_key="k2", request_type="Missed trash"),
        call(7, at("2026-11-09T10:00"), caller_key="k2", request_type="Missed trash"),
        call(8, at("2026-11-10T10:00"), caller_key="k2", request_type="Missed trash"),
        call(9, at("2026-11-10T11:00"), request_type="Missed trash"),
    ]
    with town(**calls(*given)) as centre:
        frame = m.measure(centre, ["insistent_callers"], by=["request_type"], during=DURING, scope=EVERYONE)
        assert frame.select("request_type", "value").rows() == [("Missed trash", 1.0)]
        behind = m.rows(centre, "insistent_callers", during=DURING, scope=EVERYONE)
        assert behind["counted"].sum() == 1
        assert behind["times"].to_list() == [3]
