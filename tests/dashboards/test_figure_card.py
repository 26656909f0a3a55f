"""The card of a figure: every number of its formula and every exclusion is itself a figure, by whichever key is chosen."""

from __future__ import annotations

import pytest

import metrics as m
from dashboards.live import LiveCentre
from dashboards.pages import contacts, figure
from dashboards.view import View
from metrics import Asker, text
from metrics.catalogue import signed_names
from metrics.exclusions import counted_by, exclusions
from metrics.formula import filled
from tests.dashboards.shown_text import links_of, text_of
from tests.dashboards.test_pages import DAY, DURING, EVERYONE


@pytest.mark.parametrize("name", ["service_level", "abandon_rate", "average_handle_time", "occupancy", "staffed_time"])
def test_the_formula_is_filled_with_numbers_that_make_the_figure(live: LiveCentre, city: m.Centre, name: str) -> None:
    metric = city.catalogue.metric(name)
    parts = m.terms(city, metric, during=DURING, scope=EVERYONE)
    row = m.measure(city, [name], during=DURING, scope=EVERYONE).row(0, named=True)
    for formula, expected in ((metric.numerator, row["numerator"]), (metric.denominator, row["denominator"])):
        if formula:
            total = sum(sign * parts[part] for sign, part in signed_names(formula))
            assert total == pytest.approx(expected)
    assert filled(metric, parts) in text_of(figure.page(live.answers(EVERYONE), View(DAY, metric=name)))


def test_what_is_left_out_has_its_number_which_opens(live: LiveCentre, city: m.Centre) -> None:
    metric = city.catalogue.metric("abandon_rate")
    short = m.measure(city, ["short_abandons"], during=DURING, scope=EVERYONE)["value"][0]
    found = {one.words: one.number for one in exclusions(Asker(city, EVERYONE), metric, DURING, {})}
    assert found["short abandons"] == short
    links = links_of(figure.page(live.answers(EVERYONE), View(DAY, metric="abandon_rate")))
    assert any(words == text.count(short) and "metric=short_abandons" in href for words, href in links)


def test_a_count_that_cannot_be_narrowed_alike_is_not_shown(city: m.Centre) -> None:
    metric = city.catalogue.metric("first_contact_resolution")
    found = exclusions(Asker(city, EVERYONE), metric, DURING, {"standing": ["judged"]})
    assert all(one.number is None for one in found if one.words == "contacts sent to 911")


def test_every_entry_names_a_figure_and_something_that_is_left_out(city: m.Centre) -> None:
    left_out = {words for one in city.catalogue.metrics.values() for words in one.excludes}
    assert set(counted_by()) <= left_out
    assert set(counted_by().values()) <= set(city.catalogue.metrics)


def test_the_chosen_key_is_what_is_counted_by(live: LiveCentre, city: m.Centre) -> None:
    metric = next(one for one in city.catalogue.metrics.values() if one.keys and one.unit == "count")
    key = next(one for one in metric.keys if one != metric.key)
    by_key = m.measure(city, [metric.name], during=DURING, scope=EVERYONE, key=key).row(0, named=True)
    view = View(DAY, metric=metric.name, key=key)
    told = text_of(figure.page(live.answers(EVERYONE), view))
    assert f" {text.count(by_key['value'])} " in f" {told} "
    rows = text_of(contacts.page(live.answers(EVERYONE), view))
    assert f": {text.number_of(round(by_key['value']), 'row')}" in rows


def test_variants_say_their_values(live: LiveCentre, city: m.Centre) -> None:
    metric = city.catalogue.metric("service_level")
    values = m.measure(city, metric.variants, during=DURING, scope=EVERYONE)
    told = text_of(figure.page(live.answers(EVERYONE), View(DAY, metric="service_level")))
    for row in values.iter_rows(named=True):
        variant = city.catalogue.metric(row["metric"])
        if row["value"] is not None:
            assert f"{variant.title}: {text.value(variant, row['value'])}" in told


def test_a_form_that_knows_no_agent_is_named_without_a_value(live: LiveCentre, city: m.Centre) -> None:
    view = View(DAY, (("agent", "A1005"),), metric="average_handle_time")
    told = text_of(figure.page(live.answers(EVERYONE), view))
    other = city.catalogue.metric("average_handle_time_contact")
    assert other.name in city.catalogue.metric("average_handle_time").variants
    assert other.title in told
    assert f"{other.title}:" not in told
