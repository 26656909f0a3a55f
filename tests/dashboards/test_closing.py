"""Beside on-time closing: the curve is that of the very rows, its points are the percentiles, and every figure opens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from statsmodels.duration.survfunc import SurvfuncRight  # type: ignore[import-untyped, unused-ignore]

import metrics as m
from dashboards import closing, waits
from dashboards.live import LiveCentre
from dashboards.view import View
from metrics import Asker, text
from metrics.curve import Curve, curve, on_grid
from tests.dashboards.shown_text import links_of, text_of
from tests.dashboards.test_pages import DAY, EVERYONE
from tests.metrics.town import at, days, town

VIEW = View(DAY, span="4weeks")


@pytest.fixture
def found(city: m.Centre) -> Curve:
    return curve(Asker(city, EVERYONE), closing.TIMED, VIEW.period, {})


def test_the_curve_is_that_of_another_library(city: m.Centre, found: Curve) -> None:
    rows = m.rows(city, closing.TIMED, during=VIEW.period, scope=EVERYONE)
    other = SurvfuncRight(rows["counted"].to_numpy() / 86_400_000, rows["is_complete"].to_numpy().astype(int))
    theirs = dict(zip(other.surv_times.tolist(), (1 - other.surv_prob).tolist(), strict=True))
    assert found.n == rows.height
    assert found.open == rows.height - rows["is_complete"].sum() > 0
    for time, share in zip(found.times, found.shares, strict=True):
        assert share == pytest.approx(theirs[time], abs=1e-9)


@pytest.mark.parametrize(
    ("name", "share"), [("time_to_close_p50", 0.5), ("time_to_close_p80", 0.8), ("time_to_close_p90", 0.9)]
)
def test_its_points_are_the_percentiles(city: m.Centre, found: Curve, name: str, share: float) -> None:
    assert found.reaches(share) == pytest.approx(
        m.measure(city, [name], during=VIEW.period, scope=EVERYONE)["value"][0]
    )


def test_a_request_that_is_open_holds_the_curve_down() -> None:
    opened = at("2026-11-02T09:00")
    cases = []
    for number, closed in enumerate((1, 2, None, None), start=1):
        ended = opened + timedelta(days=closed) if closed else None
        status = "closed" if closed else "open"
        cases.append(
            {"case_id": number, "number": f"n{number}", "kind": "request", "department": "Streets", "status": status,
             "created_at": opened, "first_closed_at": ended, "closed_at": ended}
        )  # fmt: skip
    with town(service_case=cases) as centre:
        found = curve(Asker(centre, EVERYONE), closing.TIMED, days("2026-11-02"), {})
    assert (found.n, found.open) == (4, 2)
    assert (found.times, found.shares) == ((1.0, 2.0), (0.25, 0.5))
    assert (found.reaches(0.5), found.reaches(0.9)) == (2.0, None)
    assert on_grid(found)[1][-1] == 0.5


def test_the_page_says_the_curve_and_opens_every_figure(live: LiveCentre, city: m.Centre, found: Curve) -> None:
    shown = closing.beside(live.answers(EVERYONE), VIEW)
    told = text_of(shown)
    half = found.reaches(0.5)
    assert half is not None
    assert f"closed within {text.days(half)}" in told
    values = m.measure(city, list(closing.BESIDE), during=VIEW.period, scope=EVERYONE)
    led = {words for words, href in links_of(shown) if href.startswith("/figure")}
    for row in values.iter_rows(named=True):
        if row["value"] is not None:
            assert text.value(city.catalogue.metric(row["metric"]), row["value"]) in led


def test_waits_are_ranges_and_each_point_is_its_figure(live: LiveCentre, city: m.Centre) -> None:
    shown = waits.later(live.answers(EVERYONE), View(DAY, span="week"))
    led = {
        (words, href.partition("metric=")[2].partition("&")[0]) for words, href in links_of(shown) if "metric=" in href
    }
    during = View(DAY, span="week").period
    values = m.measure(city, list(waits.POINTS), by=["queue"], during=during, scope=EVERYONE)
    assert values.height
    for row in values.filter(values["queue"].is_not_null()).iter_rows(named=True):
        if row["value"] is not None:
            assert (text.value(city.catalogue.metric(row["metric"]), row["value"]), row["metric"]) in led
    assert text.duration(values.filter(metric="wait_p90")["value"].max()) in text_of(shown)  # type: ignore[arg-type]
    assert "Peak hours are not set." in text_of(shown)
