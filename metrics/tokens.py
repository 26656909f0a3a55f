"""The tokens of everything that is seen: grades of colour, sizes of type, units of space, one family of letters.

They are those of the U.S. Web Design System, which city staff know from other public services. A colour is a family
and a grade from 0 (white) to 100 (black): of any two colours, grades 50 apart differ by 4.5 to 1 or more (WCAG AA for
text), grades 70 apart by 7 to 1 (AAA). Pages, charts and papers take their roles from here, and a test computes the
contrast of each pair that is read.
"""

from __future__ import annotations

from collections.abc import Mapping

# enough between a text and its ground, between large words or shapes and theirs, and for the text most read
AA, AA_LARGE, AAA = 50, 40, 70

GRADES: Mapping[str, Mapping[int, str]] = {
    "white": {0: "#ffffff"},
    "gray-cool": {
        4: "#f1f3f6", 5: "#edeff0", 10: "#dfe1e2", 20: "#c6cace", 30: "#a9aeb1", 40: "#8d9297",
        50: "#71767a", 60: "#565c65", 70: "#3d4551", 80: "#2d2e2f", 90: "#1c1d1f",
    },
    "blue": {
        5: "#eff6fb", 10: "#d9e8f6", 20: "#aacdec", 30: "#73b3e7", 40: "#4f97d1",
        50: "#2378c3", 60: "#2c608a", 70: "#274863", 80: "#1f303e", 90: "#11181d",
    },
    # 65 and 75 lie halfway between their neighbours: a heat map by night needs five steps of one hue
    "blue-vivid": {30: "#58b4ff", 60: "#005ea2", 65: "#06538d", 70: "#0b4778", 75: "#0e3b63", 80: "#112f4e"},
    "orange-warm": {5: "#faeee5", 30: "#f3966d", 60: "#914734", 80: "#3d2925"},
    "orange-warm-vivid": {60: "#a72f10"},
    "mint-cool": {5: "#e0f7f6", 30: "#6fbab3", 60: "#376462"},
    "mint-cool-vivid": {30: "#1dc2ae", 60: "#0f6460"},
}  # fmt: skip

Token = tuple[str, int]
BY_DAY: Mapping[str, Token] = {
    "paper": ("white", 0),
    "tint": ("gray-cool", 4),
    "rule": ("gray-cool", 20),
    "ink": ("gray-cool", 90),
    "muted": ("gray-cool", 60),
    "accent": ("blue-vivid", 60),
    "attention": ("orange-warm-vivid", 60),
    "good": ("mint-cool-vivid", 60),
    "bar": ("blue", 40),
    "second-bar": ("gray-cool", 50),
    # steps of a heat map on which the ink still reads
    "shade-1": ("blue", 5),
    "shade-2": ("blue", 10),
    "shade-3": ("blue", 20),
    "shade-4": ("blue", 30),
    "shade-5": ("blue", 40),
}
# the same roles for those whose system asks for dark; charts are turned by the style sheet
AT_NIGHT: Mapping[str, Token] = {
    "paper": ("gray-cool", 90),
    "tint": ("gray-cool", 80),
    "rule": ("gray-cool", 70),
    "ink": ("gray-cool", 5),
    "muted": ("gray-cool", 30),
    "accent": ("blue-vivid", 30),
    "attention": ("orange-warm", 30),
    "good": ("mint-cool-vivid", 30),
    "shade-1": ("blue-vivid", 80),
    "shade-2": ("blue-vivid", 75),
    "shade-3": ("blue-vivid", 70),
    "shade-4": ("blue-vivid", 65),
    "shade-5": ("blue-vivid", 60),
}
# what is read on what: every pair is held to AA, and the ink on its paper to AAA
TEXTS = ("ink", "muted", "accent", "attention", "good")
GROUNDS = ("paper", "tint")
SHADES = ("shade-1", "shade-2", "shade-3", "shade-4", "shade-5")

# the scale of type by its steps, in pixels at 16 to the root's size: as rem, so that a reader's own size is heeded
TYPE: Mapping[int, int] = {2: 13, 3: 14, 4: 15, 5: 16, 8: 20, 10: 24, 11: 28, 13: 36}
# the four sizes of a page with the title's on a narrow screen, and those of a paper, whose root is 8.75 points
ON_SCREEN = {"small": 2, "body": 5, "heading": 8, "large": 10, "title": 11}
ON_PAPER = {"small": 3, "table": 4, "body": 5, "heading": 8, "section": 10, "title": 13}
# units of space: multiples of eight pixels, and their quarters and halves for what belongs together
SPACE: Mapping[str, int] = {
    "hair": 2, "05": 4, "1": 8, "105": 12, "2": 16, "205": 20, "3": 24, "4": 32, "5": 40, "6": 48, "8": 64,
}  # fmt: skip
ROOT = 16

# the last are there on every machine; what the first lacks (arrows, check marks, other scripts) comes from the next
FAMILIES = ("Public Sans", "Public Sans Ext", "Inter", "Noto Sans", "DejaVu Sans")
FONT = ", ".join(f"'{name}'" if " " in name else name for name in FAMILIES) + ", sans-serif"


def colour(token: Token) -> str:
    """The colour of a family and grade.

    >>> colour(("blue-vivid", 60))
    '#005ea2'
    """
    family, grade = token
    return GRADES[family][grade]


def colours(roles: Mapping[str, Token]) -> dict[str, str]:
    """The colour of every role."""
    return {role: colour(token) for role, token in roles.items()}


def scales(sizes: Mapping[str, int]) -> dict[str, str]:
    """The sizes of type of a medium and the units of space, as custom properties' names and lengths.

    >>> scales({"body": 5})["type-body"], scales({})["space-2"]
    ('1rem', '1rem')
    """
    return {
        **{f"type-{name}": f"{TYPE[step] / ROOT:g}rem" for name, step in sizes.items()},
        **{f"space-{name}": f"{pixels / ROOT:g}rem" for name, pixels in SPACE.items()},
    }


def declared(properties: Mapping[str, str]) -> str:
    """Custom properties as a style sheet declares them.

    >>> declared({"ink": "#1c1d1f"})
    '--ink:#1c1d1f;'
    """
    return "".join(f"--{name}:{value};" for name, value in properties.items())
