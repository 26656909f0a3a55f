"""The published forms of the service level on ICMI's worked example, and the variants that cities and systems use."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from metrics import Centre
from tests.metrics.town import at, call, calls, days, town, value

DAY = days("2026-11-03")
START = at("2026-11-03T09:00")


@cache
def icmi() -> Centre:
    """Answered 1,000, of which 860 within 20 s; abandoned 60: 10 within 5 s, 10 more within 20 s, 40 later."""
    waits = [
        *[(15, True)] * 859,
        (20, True),
        *[(90, True)] * 140,
        *[(4, False)] * 10,
        *[(18, False)] * 10,
        *[(70, False)] * 40,
    ]
    target = {"metric": "service_level", "within_seconds": 20}
    made = [call(number, START, wait=wait, answered=answered) for number, (wait, answered) in enumerate(waits)]
    return town({"target": [target]}, **calls(*made))


FORMS = [
    ("service_level_sl1", 83.02),
    ("service_level_sl2", 86.00),
    ("service_level_sl3", 81.13),
    ("service_level_sl4", 82.69),
    ("service_level_sl5", 82.08),
    ("service_level_sl6", 81.90),
    ("service_level", 81.90),
    # no flow-outs in the example
    ("service_level_sl7", 81.13),
    ("service_level_connect", 83.02),
    # the one that was answered at the very limit
    ("service_level_below", 100 * 859 / 1050),
]


@pytest.mark.parametrize(("form", "published"), FORMS)
def test_icmis_worked_example(form: str, published: float) -> None:
    found = value(icmi(), form, DAY)
    assert found is not None
    assert 100 * found == pytest.approx(published, abs=0.005)


def test_each_form_has_a_label_of_its_own() -> None:
    catalogue = icmi().catalogue
    forms = [catalogue.metric(name) for name, _ in FORMS]
    assert len({form.title for form in forms}) == len(forms)
    assert set(catalogue.metric("service_level").variants) >= {
        name for name, _ in FORMS if name.startswith("service_level_")
    }


def test_portlands_answered_takes_abandons_off_twice() -> None:
    assert value(icmi(), "contacts_answered", DAY) == 1000
    assert value(icmi(), "contacts_answered_portland", DAY) == 940


def test_missed_calls_count_in_opening_hours_only() -> None:
    settings = {
        "target": [{"metric": "service_level", "within_seconds": 20}],
        "calendar": [{"id": "hall", "open": {"mon-fri": "08:00-17:00"}, "queues": ["*"]}],
    }
    rung: dict[str, Any] = {"offered_at": at("2026-11-03T16:59:30")}
    made = [
        call(1, at("2026-11-03T16:59:00"), wait=10),
        call(2, at("2026-11-03T16:59:20"), wait=15, answered=False, **rung),  # missed within 20 s
        call(3, at("2026-11-03T16:59:20"), wait=60, answered=False, **rung),  # missed later
        call(4, at("2026-11-03T16:59:20"), wait=60, answered=False),  # nobody's telephone rang
        call(5, at("2026-11-03T17:00:00"), wait=10),  # the closing instant is closed
        call(6, at("2026-11-07T12:00:00"), wait=10),  # Saturday
    ]
    centre = town(settings, **calls(*made))
    assert value(centre, "service_level_sl8", days("2026-11-03", 7)) == pytest.approx(2 / 3)
