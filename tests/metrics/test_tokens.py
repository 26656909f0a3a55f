"""The tokens: what a grade promises holds for every pair, and whatever is read stands out, by day and by night."""

from __future__ import annotations

from itertools import combinations

import pytest

from metrics import tokens
from metrics.charts.contrast import contrast

LOOKS = {"day": tokens.BY_DAY, "night": {**tokens.BY_DAY, **tokens.AT_NIGHT}}
# every pair of which the first is read on the second, and how many grades lie between them at least
READ = [
    *((text, ground, tokens.AA) for text in tokens.TEXTS for ground in tokens.GROUNDS),
    *(("ink", shade, tokens.AA) for shade in tokens.SHADES),
    *(("ink", ground, tokens.AAA) for ground in tokens.GROUNDS),
    # words on a button, and on the answer that was chosen
    ("paper", "accent", tokens.AA),
]
ALL = [(family, grade) for family, grades in tokens.GRADES.items() for grade in grades]
PROMISED = {tokens.AA_LARGE: 3.0, tokens.AA: 4.5, tokens.AAA: 7.0}


@pytest.mark.parametrize(("apart", "least"), PROMISED.items())
def test_grades_that_lie_apart_differ_as_promised(apart: int, least: float) -> None:
    pairs = [(one, other) for one, other in combinations(ALL, 2) if abs(one[1] - other[1]) >= apart]
    low = {pair: found for pair in pairs if (found := contrast(*map(tokens.colour, pair))) < least}
    assert len(pairs) > 50
    assert low == {}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(("text", "ground", "apart"), READ, ids=lambda one: str(one))
def test_what_is_read_stands_out(look: str, text: str, ground: str, apart: int) -> None:
    over, under = LOOKS[look][text], LOOKS[look][ground]
    assert abs(over[1] - under[1]) >= apart
    assert contrast(tokens.colour(over), tokens.colour(under)) >= PROMISED[apart]


def seen(colour: str, matrix: tuple[tuple[float, float, float], ...]) -> tuple[float, ...]:
    """A colour as those see it who lack one kind of cone, in linear light."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return tuple(sum(weight * part for weight, part in zip(row, linear, strict=True)) for row in matrix)


# Machado, Oliveira and Fernandes (2009), severity 1
DEFICIENCIES = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
}


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("look", LOOKS)
def test_attention_and_good_differ_for_those_who_do_not_tell_red_from_green(look: str, deficiency: str) -> None:
    matrix = DEFICIENCIES[deficiency]
    attention, good = (seen(tokens.colour(LOOKS[look][role]), matrix) for role in ("attention", "good"))
    # one leans to yellow, the other to blue
    assert attention[2] < min(attention[:2])
    assert good[2] > 0.8 * max(good[:2])


def test_space_is_a_rhythm_of_eight_pixels() -> None:
    assert all(pixels % 8 == 0 or pixels in (2, 4, 12, 20) for pixels in tokens.SPACE.values())
    assert list(tokens.TYPE.values()) == sorted(tokens.TYPE.values())


def test_what_is_light_by_day_is_dark_by_night() -> None:
    assert set(tokens.BY_DAY) - set(tokens.AT_NIGHT) == {"bar", "second-bar"}
