"""The two looks: by day and by night every text stands out from whatever it may stand on."""

from __future__ import annotations

import pytest

from dashboards import look
from metrics.charts.contrast import contrast

TEXTS = ("ink", "muted", "accent", "attention", "good")
LOOKS = {"day": look.VARIABLES, "night": {**look.VARIABLES, **look.AT_NIGHT}}


@pytest.mark.parametrize("name", LOOKS)
@pytest.mark.parametrize("ground", ["paper", "tint"])
def test_texts_stand_out(name: str, ground: str) -> None:
    found = {text: contrast(LOOKS[name][text], LOOKS[name][ground]) for text in TEXTS}
    assert {text: ratio for text, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("name", LOOKS)
def test_numbers_stand_out_on_every_shade(name: str) -> None:
    shades = [value for variable, value in LOOKS[name].items() if variable.startswith("shade-")]
    assert len(shades) == 6
    assert min(contrast(LOOKS[name]["ink"], shade) for shade in shades) >= 4.5


@pytest.mark.parametrize("name", LOOKS)
def test_buttons_can_be_read(name: str) -> None:
    assert contrast(LOOKS[name]["paper"], LOOKS[name]["accent"]) >= 4.5


def test_what_is_light_by_day_is_dark_by_night() -> None:
    missing = {name for name, value in look.VARIABLES.items() if value.startswith("#")} - {*look.AT_NIGHT, "bar"}
    assert missing == set()
    assert "prefers-color-scheme: dark" in look.style_variables()
